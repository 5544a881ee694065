// Package json is the host module json: package jsonvalue under the names of
// its surface file.
package json

import (
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/jsonvalue"
	"github.com/luago-lang/luago/rt/lib"
)

// Open makes the module known to require.
func Open(st *rt.State) {
	st.Preload.SetString("json", rt.NewGoFunction("json", load))
}

// load returns the module's table.
func load(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.NewTable()
	lib.Add(t, []lib.Entry{
		{Name: "decode", Fn: decode},
		{Name: "encode", Fn: encode},
		{Name: "loose_encode", Fn: looseEncode},
	})
	return t.Value(), 1
}

// decode is json.decode (text).
func decode(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	v, err := jsonvalue.Decode(lib.Text(th, "decode", 1, n, a0), rt.Value{})
	if err != nil {
		return failure(th, err)
	}
	return v, 1
}

// encode is json.encode (value).
func encode(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s, err := jsonvalue.Encode(a0)
	if err != nil {
		return failure(th, err)
	}
	return rt.NewString(s), 1
}

// looseEncode is json.loose_encode (value).
func looseEncode(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.NewString(jsonvalue.LooseEncode(a0)), 1
}

// failure returns nil and the message of err.
func failure(th *rt.Thread, err error) (rt.Value, int) {
	th.Ret[1] = rt.NewString(err.Error())
	return rt.Value{}, 2
}
