package rt

import (
	"fmt"
	"strings"
	"testing"
)

// values lists the n results of a call.
func values(th *Thread, first Value, n int) string {
	var list []string
	for _, v := range th.Results(first, n) {
		list = append(list, v.String())
	}
	return strings.Join(list, " ")
}

// numberList returns the values from, from+1, ... to.
func numberList(from, to int) (vs []Value) {
	for i := from; i <= to; i++ {
		vs = append(vs, Number(float64(i)))
	}
	return vs
}

func list(from, to int) string {
	return strings.Trim(fmt.Sprint(numberList(from, to)), "[]")
}

// echo returns its arguments.
func echo(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
	return th.ReturnSlice(th.AllArgs(n, a0, a1, a2))
}

// luaEcho is echo as a Lua function, which tail calls do not call at once.
var luaEcho = NewFunction(&Proto{Chunk: "test"}, echo)

func TestArgumentsAndResults(t *testing.T) {
	th := NewState(nil, nil).Main
	for n := range 200 {
		want := list(1, n)
		first, k := CallSlice(th, luaEcho, numberList(1, n))
		if got := values(th, first, k); got != want {
			t.Fatalf("%d arguments: %s", n, got)
		}
		first, k = CallSlice(th, luaEcho, numberList(1, n))
		if first, k = th.Prepend(Number(0), first, k); values(th, first, k) != list(0, n) {
			t.Fatalf("Prepend to %d results: %s", n, values(th, first, k))
		}
		shift := NewGoFunction("shift", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
			n, x0, x1, x2 := th.Shift(n, a1, a2)
			return echo(th, n, x0, x1, x2)
		})
		first, k = CallSlice(th, shift, numberList(1, n))
		if got := values(th, first, k); got != list(2, n) {
			t.Fatalf("Shift of %d arguments: %s", n, got)
		}
		for fixed := range 6 {
			varargs := NewGoFunction("varargs", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
				return th.ReturnSlice(th.Varargs(n, fixed, a0, a1, a2))
			})
			first, k = CallSlice(th, varargs, numberList(1, n))
			if got := values(th, first, k); got != list(fixed+1, n) {
				t.Fatalf("varargs after %d of %d: %s", fixed, n, got)
			}
			first, k = CallSlice(th, luaEcho, numberList(fixed+1, n))
			first, k = th.SpreadCall(luaEcho, "", numberList(1, fixed), first, k)
			if got := values(th, first, k); got != list(1, max(fixed, n)) {
				t.Fatalf("SpreadCall %d of %d: %s", fixed, n, got)
			}
			for tails := range maxTails + 2 {
				th.tails = tails
				first, k = th.SpreadTail(luaEcho, "", numberList(1, fixed), first, 0)
				if (k == -1) != (tails >= maxTails) {
					t.Fatalf("with %d tail calls in progress the next one gives %d results", tails, k)
				}
				if th.tails = 0; k == -1 {
					first, k = th.FinishTail()
				}
				if got := values(th, first, k); got != list(1, fixed) {
					t.Fatalf("SpreadTail %d: %s", fixed, got)
				}
			}
			first, k = CallSlice(th, luaEcho, numberList(fixed+1, n))
			first, k = th.ReturnSpread(numberList(1, fixed), first, k)
			if got := values(th, first, k); got != list(1, max(fixed, n)) {
				t.Fatalf("ReturnSpread %d of %d: %s", fixed, n, got)
			}
		}
		tab := NewArray(numberList(1, 3)...)
		first, k = CallSlice(th, luaEcho, numberList(4, n))
		tab.AppendResults(th, first, k)
		if tab.Len() != max(3, n) || tab.GetInt(tab.Len()) != Number(float64(max(3, n))) {
			t.Fatalf("constructor with %d results: length %d", n, tab.Len())
		}
	}
	if v := th.Arg(2, 2, True(), True(), True()); !v.IsNil() {
		t.Error("an argument beyond the last is not nil")
	}
}

func TestCallMetamethod(t *testing.T) {
	th := NewState(nil, nil).Main
	callable := withMeta(MetaCall, luaEcho)
	for n := range 8 {
		first, k := CallSlice(th, callable.Value(), numberList(1, n))
		if k != n+1 || first != callable.Value() || n > 0 && th.Results(first, k)[k-1] != Number(float64(n)) {
			t.Errorf("__call with %d arguments: %s", n, values(th, first, k))
		}
		th.RequestTail(callable.Value(), "", n, Number(1), Number(2), Number(3))
		if first, k = th.FinishTail(); k != n+1 {
			t.Errorf("tail call of __call with %d arguments: %s", n, values(th, first, k))
		}
	}
	wantError(t, th, "attempt to call a nil value (global 'f')", func() { Value{}.Callee(th, "global 'f'") })
	wantError(t, th, "attempt to call a table value", func() { Call(th, NewTable().Value(), 0, Value{}, Value{}, Value{}) })
	twice := withMeta(MetaCall, callable.Value())
	wantError(t, th, "attempt to call a table value (local 'x')", func() { twice.Value().Callee(th, "local 'x'") })
}

func TestTailCallsTakeNoStack(t *testing.T) {
	th := NewState(nil, nil).Main
	var loop Value
	rounds := 0
	loop = NewFunction(&Proto{Chunk: "test"}, func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		rounds++
		if a0.F == 0 {
			return th.Return(Number(1), Number(2))
		}
		return th.TailCall(loop, "", 1, Number(a0.F-1), Value{}, Value{})
	})
	first, n := Call(th, loop, 1, Number(1_000_000), Value{}, Value{})
	if values(th, first, n) != "1 2" || rounds != 1_000_001 || th.Depth != 0 {
		t.Errorf("%s after %d rounds, depth %d", values(th, first, n), rounds, th.Depth)
	}
}

func TestStackOverflow(t *testing.T) {
	th := NewState(nil, nil).Main
	var f Value
	deepest := 0
	f = NewFunction(&Proto{Chunk: "test"}, func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		if th.Depth++; th.Depth > MaxDepth {
			th.Overflow()
		}
		deepest = max(deepest, th.Depth)
		v, _ := f.Callee(th, "")(th, 0, Value{}, Value{}, Value{})
		th.Depth--
		return v, 1
	})
	for range 3 {
		_, _, err := PCall(th, f, 0, Value{}, Value{}, Value{})
		if err == nil || err.Error() != "stack overflow" || deepest != MaxDepth || th.Depth != 0 {
			t.Fatalf("error %v at depth %d, now %d", err, deepest, th.Depth)
		}
		handler := NewGoFunction("handler", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
			v, _ := Call(th, luaEcho, 1, a0, Value{}, Value{})
			return NewString("handled " + v.String()), 1
		})
		_, _, err = XPCall(th, f, handler, 0, Value{}, Value{}, Value{})
		if err == nil || err.Error() != "handled stack overflow" {
			t.Fatalf("error %v", err)
		}
		_, _, err = XPCall(th, f, f, 0, Value{}, Value{}, Value{})
		if err == nil || err.Error() != "error in error handling" {
			t.Fatalf("error %v", err)
		}
	}
	// Through metamethods, iterators and protected calls.
	var o *Table
	o = withMeta(MetaIndex, goFn(func(a0, _, _ Value) Value { return Index(th, o.Value(), Number(1), "") }))
	wantError(t, th, "stack overflow", func() { Index(th, o.Value(), Number(1), "") })
	var p Value
	p = NewGoFunction("p", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		if _, _, err := PCall(th, p, 0, Value{}, Value{}, Value{}); err != nil {
			panic(err)
		}
		return Value{}, 0
	})
	wantError(t, th, "stack overflow", func() { Call(th, p, 0, Value{}, Value{}, Value{}) })
	if th.Depth != 0 {
		t.Errorf("depth %d after overflows", th.Depth)
	}
}

func TestIterators(t *testing.T) {
	th := NewState(nil, nil).Main
	count := NewFunction(&Proto{Chunk: "test"}, func(th *Thread, n int, s, ctl, a2 Value) (Value, int) {
		if ctl.F == s.F {
			return Value{}, 0
		}
		return th.TailCall(luaEcho, "", 3, Number(ctl.F+1), Number(10*ctl.F), Number(7))
	})
	var got []string
	for it := Iterate(th, count, Number(3), Number(0)); it.Next(th); {
		got = append(got, it.K.String()+"="+it.V.String())
	}
	for it := Iterate(th, InextFunction(), NewArray(numberList(5, 6)...).Value(), Number(0)); it.Next(th); {
		got = append(got, it.K.String()+"="+it.V.String())
	}
	it := Iterate(th, count, Number(1), Number(0))
	for n, ok := it.NextN(th); ok; n, ok = it.NextN(th) {
		got = append(got, fmt.Sprint(n, th.Ret[2]))
	}
	if s := strings.Join(got, " "); s != "1=0 2=10 3=20 1=5 2=6 3 7" {
		t.Error(s)
	}
	tab := NewArray(numberList(1, 3)...).Value()
	it = Iterate(th, NextFunction(), tab, Number(2))
	if !it.Next(th) || it.K != Number(3) || it.Next(th) {
		t.Error("a traversal that starts in the middle is wrong")
	}
	wantError(t, th, "attempt to call a nil value", func() { Iterate(th, Value{}, Value{}, Value{}) })
	wantError(t, th, "invalid key to 'next'", func() {
		it := Iterate(th, NextFunction(), tab, Number(9))
		it.Next(th)
	})
	first, n := Call(th, NextFunction(), 2, tab, Number(3), Value{})
	if n != 1 || !first.IsNil() {
		t.Errorf("next at the end: %s", values(th, first, n))
	}
}

func TestErrors(t *testing.T) {
	th := NewState(nil, nil).Main
	for _, test := range []struct {
		want string
		f    func()
	}{
		{"a 1 b 2.5 \"c\" %", func() { th.Errorf("a %d b %v %q %%", 1, 2.5, "c") }},
		{"bad argument #2 to 'insert' (number expected, got no value)", func() { CheckNumber(th, "insert", 2, 1, Value{}) }},
		{"bad argument #1 to 'rep' (string expected, got table)", func() { CheckString(th, "rep", 1, 1, NewTable().Value()) }},
		{"bad argument #1 to 'f' (table expected, got nil)", func() { CheckTable(th, "f", 1, 1, Value{}) }},
		{"bad argument #1 to 'f' (value expected)", func() { CheckAny(th, "f", 1, 0, Value{}) }},
		{"bad argument #1 to 'f' (function expected, got boolean)", func() { CheckFunction(th, "f", 1, 1, True()) }},
		{"bad argument #3 to 'f' (number expected, got string)", func() { OptInt(th, "f", 3, 3, NewString("x"), 1) }},
		{"(error object is a table value)", func() { Throw(th, NewTable().Value()) }},
		{"12", func() { Throw(th, Number(12)) }},
		{"internal error: runtime error: index out of range [3] with length 0", func() { _ = []int{}[len("abc")] }},
		{"internal error: oops", func() { panic("oops") }},
	} {
		wantError(t, th, test.want, test.f)
	}
	if CheckNumber(th, "f", 1, 1, NewString(" 0x10 ")) != 16 || CheckString(th, "f", 1, 1, Number(10)) != "10" ||
		OptInt(th, "f", 1, 0, Value{}, 5) != 5 || CheckInt(th, "f", 1, 1, Number(3.7)) != 3 || OptString(th, "f", 1, 1, Value{}, "d") != "d" {
		t.Error("arguments are converted wrongly")
	}
	_, _, err := XPCall(th, NewGoFunction("f", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		th.Errorf("%s", a0)
		return Value{}, 0
	}), goFn(func(e, _, _ Value) Value { return NewString("<" + e.String() + ">") }), 1, NewString("msg"), Value{}, Value{})
	if err == nil || err.Error() != "<msg>" {
		t.Errorf("xpcall: %v", err)
	}
	defer func() {
		if r := recover(); r != killed {
			t.Errorf("a protected call stops the panic that kills a coroutine: %v", r)
		}
	}()
	PCall(th, goFn(func(_, _, _ Value) Value { panic(killed) }), 0, Value{}, Value{}, Value{})
}
