package rt

import (
	"strings"
	"testing"
)

func init() {
	RegisterChunk("pos/test.lua", "test.lua",
		&Proto{Chunk: "test.lua", Line: 0, EndLine: 100},
		&Proto{Chunk: "test.lua", Name: "outer", Line: 10, EndLine: 20},
		&Proto{Chunk: "test.lua", Name: "inner", Line: 30, EndLine: 32},
		&Proto{Chunk: "test.lua", Line: 40, EndLine: 50})
	RegisterCalls("pos/test.lua", "30 31\n0 55 local other\n")
}

// libError is a library function that raises an error, libWhere one that
// returns where it was called at level a0.
var (
	libError = NewGoFunction("error", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		th.Errorf("%s", a0)
		return Value{}, 0
	})
	libWhere = NewGoFunction("where", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return NewString(th.Where(int(a0.F))), 1
	})
	libCall = NewGoFunction("call", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return Call(th, a0, 1, a1, Value{}, Value{})
	})
	libTrace = NewGoFunction("traceback", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return NewString("msg\n" + th.Traceback(int(a0.F))), 1
	})
)

func TestPositions(t *testing.T) {
	th := NewState(nil, nil).Main
	for range 2 { // the second round finds everything in the cache
		for _, test := range []struct {
			want string
			f    func(th *Thread)
		}{
			{"test.lua:31: attempt to perform arithmetic on a nil value (local 'x')", luaArith},
			{"test.lua:11: from lua", luaError},
			{"from call", luaErrorInGo},
			{"attempt to call a nil value", func(th *Thread) { Call(th, Value{}, 0, Value{}, Value{}, Value{}) }},
			{"test.lua:31: internal error: runtime error: integer divide by zero", luaPanic},
		} {
			wantError(t, th, test.want, func() { test.f(th) })
		}
		for level, want := range []string{"", "test.lua:31: ", "test.lua:12: ", "", "", ""} {
			if level == 0 {
				continue
			}
			if got := luaWhere(th, level).String(); got != want {
				t.Errorf("level %d is at %q, want %q", level, got, want)
			}
		}
	}
}

func TestTraceback(t *testing.T) {
	th := NewState(nil, nil).Main
	const want = "msg\nstack traceback:" +
		"\n\t[C]: in function 'call'" +
		"\n\ttest.lua:41: in function <test.lua:40>" +
		"\n\ttest.lua:31: in function 'other'" +
		"\n\ttest.lua:55: in main chunk"
	if got := luaTrace(th, 1).String(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := luaTrace(th, 0).String(); !strings.Contains(got, "traceback:\n\t[C]: in ?\n\t[C]: in function 'call'\n") {
		t.Errorf("got %s", got)
	}
	err := ProtectTrace(th, func() { luaError(th) })
	if err == nil || err.Traceback != "stack traceback:\n\t[C]: in function 'error'\n\ttest.lua:11: in function <test.lua:10>" {
		t.Errorf("traceback of the error: %v", err.Traceback)
	}
	deep := luaDeep(th, 100).String()
	if n := strings.Count(deep, "\n"); n != tracebackHead+tracebackTail+1 || !strings.Contains(deep, "'outer'\n\t...\n\ttest") {
		t.Errorf("a deep traceback has %d lines: %s", n, deep)
	}
	_, _, err = XPCall(th, libError, NewGoFunction("handler", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return NewString(a0.String() + "\n" + th.Traceback(1)), 1
	}), 1, NewString("oops"), Value{}, Value{})
	if err == nil || err.Error() != "oops\nstack traceback:\n\t[C]: in ?" {
		t.Errorf("traceback in a handler: %v", err)
	}
}

func TestPackageOf(t *testing.T) {
	for function, want := range map[string]string{
		"main.main": "main", "main.init.0": "main", "a.b/c/d.(*T).m": "a.b/c/d", "a/b.f.func1.2": "a/b", "x": "x",
	} {
		if got := packageOf(function); got != want {
			t.Errorf("package of %s is %s, want %s", function, got, want)
		}
	}
}

var zero int

// The functions below stand for emitted code.

//line pos/test.lua:30
func luaArith(th *Thread) {
	Add(th, Value{}, Number(1), "local 'x'|")
}

//line pos/test.lua:10
func luaError(th *Thread) {
	libError.Function().Fn(th, 1, NewString("from lua"), Value{}, Value{})
}

//line pos/test.lua:10
func luaErrorInGo(th *Thread) {
	libCall.Function().Fn(th, 2, libError, NewString("from call"), Value{})
}

//line pos/test.lua:30
func luaPanic(th *Thread) {
	zero = 1 / zero
}

//line pos/test.lua:10
func luaWhere(th *Thread, level int) Value {
	_ = 0
	return inner(th, level)
}

//line pos/test.lua:30
func inner(th *Thread, level int) Value {
	v, _ := libWhere.Function().Fn(th, 1, Number(float64(level)), Value{}, Value{})
	return v
}

//line pos/test.lua:55
func luaTrace(th *Thread, level int) Value { return traceInner(th, level) }

//line pos/test.lua:30
func traceInner(th *Thread, level int) Value {
	v, _ := traceAnonymous(th, level)
	return v
}

//line pos/test.lua:40
func traceAnonymous(th *Thread, level int) (Value, int) {
	return libCall.Function().Fn(th, 2, libTrace, Number(float64(level)), Value{})
}

//line pos/test.lua:10
func luaDeep(th *Thread, n int) Value {
	if n == 0 {
		v, _ := libTrace.Function().Fn(th, 1, Number(1), Value{}, Value{})
		return v
	}
	return luaDeep(th, n-1)
}

func TestShortName(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"", ""}, {"main.lua", "main.lua"},
		{strings.Repeat("a", 59), strings.Repeat("a", 59)},
		{"x" + strings.Repeat("a", 59), "..." + strings.Repeat("a", 56)},
	} {
		if got := ShortName(c.name); got != c.want {
			t.Errorf("ShortName(%q) = %q, not %q", c.name, got, c.want)
		}
	}
}
