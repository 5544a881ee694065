package debug

import (
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

func of(fn string, args ...any) libtest.Call { return libtest.Of("debug."+fn, args...) }

func TestAgainstReference(t *testing.T) {
	libtest.Compare(t, Open, []libtest.Call{
		of("getinfo", "x"), of("getinfo"), of("getinfo", 1, "X"), of("getinfo", 100), of("getinfo", -1), of("gethook"), of("sethook"), of("getlocal", 100, 1), of("getupvalue"), of("getupvalue", 1, 1), of("setupvalue"), of("upvalueid"), of("upvalueid", 1, 1), of("upvaluejoin"),
		of("getmetatable"), of("getmetatable", 1), of("setmetatable", libtest.List{}), of("setmetatable", libtest.List{}, 1), of("setmetatable", libtest.List{}, nil), of("traceback", libtest.List{}), of("getregistry"),
	})
}

// A luaFunction is a function value as a script would have defined it.
func luaFunction() rt.Value {
	return rt.NewFunction(&rt.Proto{Name: "f", Chunk: "script.lua", Line: 3, EndLine: 7, Params: 2, Vararg: true}, func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		return rt.Value{}, 0
	})
}

func TestGetinfoOfFunctions(t *testing.T) {
	st := libtest.NewState(Open)
	getinfo := libtest.Function(st, "debug.getinfo")
	for _, c := range []struct {
		f    rt.Value
		want string
	}{
		{luaFunction(), "@script.lua script.lua Lua 3 7 -1 2 true"},
		{getinfo, "=[C] [C] C -1 -1 -1 0 true"},
	} {
		v, _ := rt.CallValues(st.Main, getinfo, c.f)
		var parts []string
		for _, key := range []string{"source", "short_src", "what", "linedefined", "lastlinedefined", "currentline", "nparams", "isvararg"} {
			parts = append(parts, v.Table().GetString(key).String())
		}
		if got := strings.Join(parts, " "); got != c.want {
			t.Errorf("getinfo gives %s, want %s", got, c.want)
		}
		if !rt.RawEqual(v.Table().GetString("func"), c.f) {
			t.Error("func is another function")
		}
	}
	v, _ := rt.CallValues(st.Main, getinfo, luaFunction(), rt.NewString("L"))
	if lines := v.Table().GetString("activelines"); !lines.Table().GetInt(5).Truthy() || lines.Table().GetInt(8).Truthy() {
		t.Error("activelines are wrong")
	}
}

func TestUnsupported(t *testing.T) {
	st := libtest.NewState(Open)
	for _, name := range []string{"debug", "upvalueid", "upvaluejoin"} {
		_, _, err := rt.PCall(st.Main, libtest.Function(st, "debug."+name), 2, luaFunction(), rt.Number(1), rt.Value{})
		if err == nil || !strings.Contains(err.Error(), "debug."+name+" is not supported") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, args := range map[string][3]rt.Value{
		"sethook":  {luaFunction(), rt.NewString("l")},
		"getlocal": {luaFunction(), rt.Number(1)},
		"setlocal": {rt.Number(0), rt.Number(1), rt.Number(2)},
	} {
		_, _, err := rt.PCall(st.Main, libtest.Function(st, "debug."+name), 3, args[0], args[1], args[2])
		if err == nil || !strings.Contains(err.Error(), "debug."+name+" needs a program that names it") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMetatablesOfAllKinds(t *testing.T) {
	st := libtest.NewState(Open)
	meta := rt.NewTable()
	set, get := libtest.Function(st, "debug.setmetatable"), libtest.Function(st, "debug.getmetatable")
	for _, v := range []rt.Value{rt.Number(1), rt.True(), luaFunction(), rt.NewTable().Value(), rt.NewUserdata(nil, nil).Value()} {
		rt.CallValues(st.Main, set, v, meta.Value())
		if m, _ := rt.CallValues(st.Main, get, v); !rt.RawEqual(m, meta.Value()) {
			t.Errorf("metatable of a %s: %v", rt.TypeName(v), m)
		}
		rt.CallValues(st.Main, set, v, rt.Value{})
		if m, _ := rt.CallValues(st.Main, get, v); !m.IsNil() {
			t.Errorf("metatable of a %s after removal: %v", rt.TypeName(v), m)
		}
	}
}

func TestTraceback(t *testing.T) {
	st := libtest.NewState(Open)
	traceback := libtest.Function(st, "debug.traceback")
	v, _ := rt.CallValues(st.Main, traceback, rt.NewString("message"), rt.Number(0))
	if got := v.String(); got != "message\nstack traceback:\n\t[C]: in function 'debug.traceback'" {
		t.Errorf("traceback gives %q", got)
	}
	co := rt.NewCoroutine(luaFunction()).Value()
	v, _ = rt.CallValues(st.Main, traceback, co, rt.NewString("message"))
	if got := v.String(); got != "message\nstack traceback:" {
		t.Errorf("traceback of a new coroutine gives %q", got)
	}
}
