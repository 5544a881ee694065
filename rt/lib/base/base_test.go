package base

import (
	"bytes"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

type list = libtest.List

func of(fn string, args ...any) libtest.Call { return libtest.Of(fn, args...) }

func TestAgainstReference(t *testing.T) {
	libtest.Compare(t, Open, []libtest.Call{
		of("assert"), of("assert", false), of("assert", nil, "m"), of("assert", false, list{}), of("assert", 1, 2, 3, 4, 5), of("assert", true),
		of("error"), of("error", "x"), of("error", "x", 0), of("error", 12), of("error", "x", "y"),
		of("getmetatable"), of("getmetatable", list{}), of("getmetatable", 1), of("setmetatable", 1, list{}), of("setmetatable", list{}), of("setmetatable", list{}, 1), of("setmetatable", list{}, nil),
		of("ipairs"), of("ipairs", 1), of("pairs"), of("pairs", nil), of("next", list{}), of("next", list{1, 2}), of("next", list{1, 2}, 2), of("next"), of("next", list{}, "x"),
		of("rawequal", 1), of("rawequal", 1, 1), of("rawequal", "a", "a"), of("rawequal", list{}, list{}), of("rawget", list{5}, 1), of("rawget", list{}), of("rawget", 1, 1), of("rawlen", "abc"), of("rawlen", list{1, 2}), of("rawlen", 5), of("rawlen"),
		of("rawset", list{}, 1, 2), of("rawset", list{}, 1), of("rawset", 1, 2, 3),
		of("select", 0), of("select", "#"), of("select", "#", 1, nil, nil), of("select", 1, 1, 2, 3), of("select", 2, 1, 2, 3, 4, 5, 6), of("select", -1, 1, 2, 3), of("select", -2, 1, 2, 3, 4, 5), of("select", -4, 1, 2, 3), of("select", 9, 1), of("select"), of("select", 3, 1, 2, 3, 4), of("select", 4, 1, 2, 3, 4, 5),
		of("tonumber"), of("tonumber", "10"), of("tonumber", " 0x1p4 "), of("tonumber", "1e"), of("tonumber", nil), of("tonumber", list{}), of("tonumber", "z", 36), of("tonumber", "8", 8), of("tonumber", "7", 8), of("tonumber", 10, 16), of("tonumber", "10", 99), of("tonumber", "-ff", 16), of("tonumber", list{}, 10), of("tonumber", "10", nil),
		of("tostring"), of("tostring", nil), of("tostring", true), of("tostring", 1e15), of("tostring", "x"), of("type"), of("type", nil), of("type", 1), of("type", "x"), of("type", list{}),
		of("unpack", list{1, 2, 3}), of("unpack", nil), of("pcall"), of("pcall", 1), of("pcall", nil, 2), of("xpcall"), of("xpcall", 1), of("collectgarbage", "foo"), of("collectgarbage", "isrunning"), of("collectgarbage", "setpause", 100), of("collectgarbage"),
		of("loadfile", "/nonexistent"), of("dofile", "/nonexistent"), of("load", "return 1", "x", "b"),
	})
}

// print calls print and returns what it wrote.
func printed(st *rt.State, args ...rt.Value) string {
	var out bytes.Buffer
	st.Stdout = rt.NewOutput(&out)
	rt.CallValues(st.Main, libtest.Function(st, "print"), args...)
	st.Flush()
	return out.String()
}

func TestPrint(t *testing.T) {
	st := libtest.NewState(Open)
	if got := printed(st, rt.NewString("a"), rt.Number(1.5), rt.Value{}, rt.True(), rt.Value{}); got != "a\t1.5\tnil\ttrue\tnil\n" {
		t.Errorf("print wrote %q", got)
	}
	if got := printed(st); got != "\n" {
		t.Errorf("print wrote %q", got)
	}
	meta, object := rt.NewTable(), rt.NewTable()
	meta.SetString("__tostring", rt.NewGoFunction("f", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		return rt.NewString("object"), 1
	}))
	object.SetMetatable(meta)
	if got := printed(st, object.Value(), object.Value(), rt.Number(3), rt.Number(4), object.Value()); got != "object\tobject\t3\t4\tobject\n" {
		t.Errorf("print wrote %q", got)
	}
	st.Globals.SetString("tostring", rt.NewGoFunction("f", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		return rt.NewString("<" + a0.String() + ">"), 1
	}))
	if got := printed(st, rt.Number(1), rt.NewString("x")); got != "<1>\t<x>\n" {
		t.Errorf("print with another tostring wrote %q", got)
	}
}

func TestPCall(t *testing.T) {
	st := libtest.NewState(Open)
	th := st.Main
	f := rt.NewGoFunction("f", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		return th.ReturnSlice(th.AllArgs(n, a0, a1, a2))
	})
	five := []rt.Value{rt.Number(1), rt.Number(2), rt.Number(3), rt.Number(4), rt.Number(5)}
	first, n := rt.CallValues(th, libtest.Function(st, "pcall"), append([]rt.Value{f}, five...)...)
	if rs := th.Results(first, n); n != 6 || !rs[0].IsTrue() || rs[1].F != 1 || rs[5].F != 5 {
		t.Errorf("pcall: %v", rs)
	}
	handler := rt.NewGoFunction("h", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		return rt.NewString("handled " + a0.String()), 1
	})
	first, n = rt.CallValues(th, libtest.Function(st, "xpcall"), append([]rt.Value{f, handler}, five...)...)
	if rs := th.Results(first, n); n != 6 || rs[5].F != 5 {
		t.Errorf("xpcall: %v", rs)
	}
	first, n = rt.CallValues(th, libtest.Function(st, "xpcall"), libtest.Function(st, "error"), handler, rt.NewString("m"), rt.Number(0))
	if rs := th.Results(first, n); n != 2 || rs[0].Truthy() || rs[1].String() != "handled m" {
		t.Errorf("xpcall: %v", rs)
	}
}

func TestProtectedMetatable(t *testing.T) {
	st := libtest.NewState(Open)
	meta, object := rt.NewTable(), rt.NewTable()
	meta.SetString("__metatable", rt.NewString("locked"))
	object.SetMetatable(meta)
	if v, _ := rt.CallValues(st.Main, libtest.Function(st, "getmetatable"), object.Value()); v.String() != "locked" {
		t.Errorf("getmetatable = %v", v)
	}
	_, _, err := rt.PCall(st.Main, libtest.Function(st, "setmetatable"), 2, object.Value(), rt.Value{}, rt.Value{})
	if err == nil || err.Error() != "cannot change a protected metatable" {
		t.Errorf("setmetatable: %v", err)
	}
}

func TestLoad(t *testing.T) {
	st := libtest.NewState(Open)
	th := st.Main
	load := libtest.Function(st, "load")
	if v, n := rt.CallValues(th, load, rt.NewString("return 1")); !v.IsNil() || n != 2 || !strings.Contains(th.Ret[1].String(), "without the evaluator") {
		t.Errorf("load without evaluator: %v %v", v, th.Ret[1])
	}
	defer func() { rt.Load = nil }()
	rt.Load = func(st *rt.State, text, name string, env rt.Value) (rt.Value, string) {
		if text == "bad" {
			return rt.Value{}, "syntax error in " + name
		}
		return rt.NewGoFunction("chunk", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return rt.NewString(name + " " + text), 1
		}), ""
	}
	pieces := []string{"re", "turn", ""}
	reader := rt.NewGoFunction("reader", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		p := pieces[0]
		pieces = pieces[1:]
		return rt.NewString(p), 1
	})
	chunk, _ := rt.CallValues(th, load, reader)
	if v, _ := rt.CallValues(th, chunk); v.String() != "=(load) return" {
		t.Errorf("chunk: %v", v)
	}
	if v, _ := rt.CallValues(th, load, rt.NewString("bad"), rt.NewString("=x")); !v.IsNil() || th.Ret[1].String() != "syntax error in =x" {
		t.Errorf("load of a bad chunk: %v %v", v, th.Ret[1])
	}
}

func TestCollect(t *testing.T) {
	st := libtest.NewState(Open)
	collect := libtest.Function(st, "collectgarbage")
	kib, n := rt.CallValues(st.Main, collect, rt.NewString("count"))
	if n != 2 || kib.F <= 0 {
		t.Errorf("count: %v, %d results", kib, n)
	}
	rt.CallValues(st.Main, collect, rt.NewString("stop"))
	if v, _ := rt.CallValues(st.Main, collect, rt.NewString("isrunning")); v.Truthy() {
		t.Error("running after stop")
	}
}
