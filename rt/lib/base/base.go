// Package base is Lua's basic library. It knows neither files nor modules,
// and compiles chunks at run time only through rt.Load.
package base

import (
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/jsonvalue"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/number"
)

// Open installs the library into st.
func Open(st *rt.State) {
	l := &library{}
	st.Describe = func(v rt.Value) string { return jsonvalue.Sketch(v, 1000) }
	globals := st.Globals
	lib.Add(globals, []lib.Entry{
		{Name: "assert", Fn: assert},
		{Name: "collectgarbage", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.collector.collectgarbage(th, n, a0, a1, a2)
		}},
		{Name: "dofile", Fn: dofile},
		{Name: "error", Fn: raise},
		{Name: "getfenv", Fn: getfenv},
		{Name: "getmetatable", Fn: getmetatable},
		{Name: "ipairs", Fn: ipairs},
		{Name: "load", Fn: load},
		{Name: "loadfile", Fn: loadfile},
		{Name: "loadstring", Fn: loadstring},
		{Name: "pairs", Fn: pairs},
		{Name: "pcall", Fn: pcall},
		{Name: "print", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.print(th, n, a0, a1, a2)
		}},
		{Name: "rawequal", Fn: rawequal},
		{Name: "rawget", Fn: rawget},
		{Name: "rawlen", Fn: rawlen},
		{Name: "rawset", Fn: rawset},
		{Name: "select", Fn: selectArgs},
		{Name: "setfenv", Fn: setfenv},
		{Name: "setmetatable", Fn: setmetatable},
		{Name: "tonumber", Fn: tonumber},
		{Name: "tostring", Fn: tostring},
		{Name: "type", Fn: typeOf},
		{Name: "unpack", Fn: lib.Unpack},
		{Name: "xpcall", Fn: xpcall},
	})
	globals.GetString("select").Function().Proto = &rt.SelectProto
	globals.GetString("error").Function().Proto = &rt.ErrorProto
	globals.GetString("setmetatable").Function().Proto = &rt.SetmetatableProto
	globals.SetString("next", rt.NextFunction())
	globals.SetString("_G", globals.Value())
	globals.SetString("_VERSION", rt.NewString("Lua 5.2"))
	st.Loaded.SetString("_G", globals.Value())
	l.tostring = globals.GetString("tostring")
	l.collector.init()
}

// library is what the functions of one State keep.
type library struct {
	tostring  rt.Value // the original
	collector collector
}

// assert is assert (v [, message]).
func assert(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.Truthy() {
		if n > 1 {
			th.GrowRet(n)
			th.Ret[1] = a1
			if n > 2 {
				th.Ret[2] = a2
				copy(th.Ret[3:n], th.Args[3:n])
			}
		}
		return a0, n
	}
	th.Errorf("%s", rt.OptString(th, "assert", 2, n, a1, "assertion failed!"))
	return rt.Value{}, 0
}

// raise is error (message [, level]).
func raise(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	level := lib.OptInt(th, "error", 2, n, a1, 1)
	if level > 0 {
		if s, ok := rt.ToString(a0); ok {
			a0 = th.Located(level, s)
		}
	}
	return th.ReturnError(a0)
}

// getmetatable is getmetatable (object).
func getmetatable(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "getmetatable", 1, n, a0)
	if protected := th.State.Metamethod(a0, rt.MetaMetatable); !protected.IsNil() {
		return protected, 1
	}
	if m := th.State.Metatable(a0); m != nil {
		return m.Value(), 1
	}
	return rt.Value{}, 1
}

// setmetatable is setmetatable (table, metatable).
func setmetatable(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "setmetatable", 1, n, a0)
	if n < 2 || !a1.IsNil() && !a1.IsTable() {
		th.ArgError("setmetatable", 2, "nil or table expected")
	}
	if !th.State.Metamethod(a0, rt.MetaMetatable).IsNil() {
		th.Errorf("cannot change a protected metatable")
	}
	if a1.IsNil() {
		t.SetMetatable(nil)
	} else {
		t.SetMetatable(a1.Table())
		th.SetFinalizer(a0)
	}
	return a0, 1
}

// ipairs is ipairs (t).
func ipairs(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if h := th.State.Metamethod(a0, rt.MetaIpairs); !h.IsNil() {
		return threeResults(th, h, a0)
	}
	rt.CheckTable(th, "ipairs", 1, n, a0)
	th.Ret[1] = a0
	th.Ret[2] = rt.Number(0)
	return rt.InextFunction(), 3
}

// pairs is pairs (t).
func pairs(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if h := th.State.Metamethod(a0, rt.MetaPairs); !h.IsNil() {
		return threeResults(th, h, a0)
	}
	rt.CheckTable(th, "pairs", 1, n, a0)
	th.Ret[1] = a0
	th.Ret[2] = rt.Value{}
	return rt.NextFunction(), 3
}

// threeResults calls the metamethod h with v and returns its first three
// results.
func threeResults(th *rt.Thread, h, v rt.Value) (rt.Value, int) {
	first, count := rt.Call(th, h, 1, v, rt.Value{}, rt.Value{})
	for i := max(count, 1); i < 3; i++ {
		th.Ret[i] = rt.Value{}
	}
	return first, 3
}

// rawequal is rawequal (v1, v2).
func rawequal(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "rawequal", 1, n, a0)
	rt.CheckAny(th, "rawequal", 2, n, a1)
	return rt.Bool(rt.RawEqual(a0, a1)), 1
}

// rawget is rawget (table, index).
func rawget(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "rawget", 1, n, a0)
	rt.CheckAny(th, "rawget", 2, n, a1)
	return t.Get(a1), 1
}

// rawlen is rawlen (v).
func rawlen(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	switch {
	case a0.IsTable():
		return rt.Number(float64(a0.Table().Len())), 1
	case a0.IsString():
		return rt.Number(float64(a0.Str().Len())), 1
	}
	th.ArgError("rawlen", 1, "table or string expected")
	return rt.Value{}, 0
}

// rawset is rawset (table, index, value).
func rawset(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "rawset", 1, n, a0)
	rt.CheckAny(th, "rawset", 2, n, a1)
	rt.CheckAny(th, "rawset", 3, n, a2)
	rt.RawSet(th, t, a1, a2)
	return a0, 1
}

// selectArgs is select (index, ...).
func selectArgs(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.IsString() && a0.Str().Len() > 0 && a0.Str().String()[0] == '#' {
		return rt.Number(float64(n - 1)), 1
	}
	i := lib.Int(th, "select", 1, n, a0)
	if i < 0 {
		i = n + i
	} else if i > n {
		i = n
	}
	if i < 1 {
		th.ArgError("select", 1, "index out of range")
	}
	count := n - i
	if count <= 0 {
		return rt.Value{}, 0
	}
	first := th.Arg(i, n, a0, a1, a2)
	if count > 1 {
		th.GrowRet(count)
		k := 1
		for ; k < count && i+k < 3; k++ {
			th.Ret[k] = a2 // argument 2 is the only one of a0..a2 that can follow another
		}
		copy(th.Ret[k:count], th.Args[min(i+k, n):n])
	}
	return first, count
}

// tonumber is tonumber (e [, base]).
func tonumber(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a1.IsNil() {
		if a0.IsNumber() {
			return a0, 1
		}
		if a0.IsString() {
			if f, ok := number.Parse(a0.Str().String()); ok {
				return rt.Number(f), 1
			}
		}
		rt.CheckAny(th, "tonumber", 1, n, a0)
		return rt.Value{}, 1
	}
	s := lib.Text(th, "tonumber", 1, n, a0)
	base := lib.Int(th, "tonumber", 2, n, a1)
	if base < 2 || base > 36 {
		th.ArgError("tonumber", 2, "base out of range")
	}
	if f, ok := number.ParseBase(s, base); ok {
		return rt.Number(f), 1
	}
	return rt.Value{}, 1
}

// tostring is tostring (v).
func tostring(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.IsNumber() {
		var buf [32]byte
		return th.NewBytes(number.Append(buf[:0], a0.F)), 1
	}
	rt.CheckAny(th, "tostring", 1, n, a0)
	if h := th.State.Metamethod(a0, rt.MetaToString); !h.IsNil() {
		v, _ := rt.Call(th, h, 1, a0, rt.Value{}, rt.Value{})
		if v.IsNumber() {
			return rt.NewString(number.Format(v.F)), 1
		}
		return v, 1
	}
	if a0.IsString() {
		return a0, 1
	}
	return rt.NewString(a0.String()), 1
}

// The names of the types.
var typeNames = [...]*rt.String{
	rt.KindNil:      rt.Const("nil"),
	rt.KindBoolean:  rt.Const("boolean"),
	rt.KindNumber:   rt.Const("number"),
	rt.KindString:   rt.Const("string"),
	rt.KindTable:    rt.Const("table"),
	rt.KindFunction: rt.Const("function"),
	rt.KindUserdata: rt.Const("userdata"),
	rt.KindThread:   rt.Const("thread"),
}

// typeOf is type (v).
func typeOf(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if n == 0 {
		rt.CheckAny(th, "type", 1, n, a0)
	}
	return typeNames[a0.Kind()].Value(), 1
}

var nameToString = rt.Const("tostring")

// print is print (...). It writes what the global tostring makes of its
// arguments.
func (l *library) print(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	out := th.State.Stdout
	f := th.State.Globals.GetStr(nameToString)
	own := f.P == l.tostring.P
	var args []rt.Value
	if n > 3 {
		args = th.AllArgs(n, a0, a1, a2) // a tostring may overwrite th.Args
	}
	for i := 0; i < n; i++ {
		var v rt.Value
		if args != nil {
			v = args[i]
		} else {
			v = th.Arg(i, n, a0, a1, a2)
		}
		if i > 0 {
			out.AppendByte('\t')
		}
		switch {
		case !own:
			v, _ = rt.Call(th, f, 1, v, rt.Value{}, rt.Value{})
			s, ok := rt.ToString(v)
			if !ok {
				th.Errorf("'tostring' must return a string to 'print'")
			}
			out.AppendString(s)
		case v.IsString():
			out.AppendString(v.Str().String())
		case v.IsNumber():
			out.AppendBytes(number.Append(out.Available(), v.F))
		default:
			out.AppendString(rt.ToStringMeta(th, v))
		}
	}
	out.AppendByte('\n')
	out.EndLine()
	return rt.Value{}, 0
}

// pcall is pcall (f, ...).
func pcall(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "pcall", 1, n, a0)
	if n <= 2 && a0.IsFunction() && a0.Function().Proto == &rt.ErrorProto && !th.State.Instrumented {
		if th.Ret[1] = a1; a1.IsNumber() { // a message, to which error adds no position, as pcall has none
			th.Ret[1] = rt.NewString(number.Format(a1.F))
		}
		return rt.False(), 2
	}
	m, b0, b1, b2 := th.Shift(n, a1, a2)
	first, count, err := rt.PCall(th, a0, m, b0, b1, b2)
	if err != nil {
		th.Ret[1] = err.Value
		return rt.False(), 2
	}
	return th.Prepend(rt.True(), first, count)
}

// xpcall is xpcall (f, msgh, ...).
func xpcall(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "xpcall", 2, n, a1)
	m, _, b1, b2 := th.Shift(n, a1, a2)
	m, b0, b1, b2 := th.Shift(m, b1, b2)
	first, count, err := rt.XPCall(th, a0, a1, m, b0, b1, b2)
	if err != nil {
		th.Ret[1] = err.Value
		return rt.False(), 2
	}
	return th.Prepend(rt.True(), first, count)
}
