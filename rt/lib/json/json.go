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
	st.RegisterHost("json", rt.NewGoFunction("json", load))
}

// load returns the module's table.
func load(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.NewTable()
	lib.Add(t, []lib.Entry{
		{Name: "array", Fn: array},
		{Name: "decode", Fn: decode},
		{Name: "encode", Fn: encode},
		{Name: "loose_encode", Fn: looseEncode},
		{Name: "object", Fn: object},
	})
	t.SetString("null", jsonvalue.Null(th.State))
	return t.Value(), 1
}

// array is json.array ([t]).
func array(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return mark(th, "array", rt.JSONArray, n, a0)
}

// object is json.object ([t]).
func object(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return mark(th, "object", rt.JSONObject, n, a0)
}

// mark gives the table v a form, or a new one if v is nil.
func mark(th *rt.Thread, name string, form rt.JSONForm, n int, v rt.Value) (rt.Value, int) {
	if v.IsNil() {
		v = rt.NewTable().Value()
	} else if rt.CheckTable(th, name, 1, n, v); rt.HostOfAny(v) != nil {
		th.ArgError(name, 1, "host objects cannot be JSON")
	}
	v.Table().SetJSONForm(form)
	return v, 1
}

// decode is json.decode (text [, null]). A second argument that is not json.null
// means nothing: scripts pass on more results than they think.
func decode(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	null := rt.Value{}
	if n > 1 && jsonvalue.IsNull(a1) {
		null = a1
	}
	v, err := jsonvalue.Decode(lib.Text(th, "decode", 1, n, a0), null)
	if err != nil {
		return failure(th, err)
	}
	return v, 1
}

// encode is json.encode (value).
func encode(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "encode", 1, n, a0)
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
