package rt

import "testing"

// TestVarargsIn compares the buffered varargs with the allocated ones.
func TestVarargsIn(t *testing.T) {
	th := NewState(nil, nil).Main
	for n := 0; n <= 12; n++ {
		for fixed := 0; fixed <= 5; fixed++ {
			var args [3]Value
			for i := range n {
				if i < 3 {
					args[i] = Number(float64(i))
				} else {
					th.Args[i] = Number(float64(i))
				}
			}
			var buf [VarargBuffer]Value
			want := th.Varargs(n, fixed, args[0], args[1], args[2])
			got := th.VarargsIn(buf[:], n, fixed, args[0], args[1], args[2])
			if len(got) != len(want) {
				t.Fatalf("%d arguments, %d fixed: %d varargs, want %d", n, fixed, len(got), len(want))
			}
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("%d arguments, %d fixed: vararg %d is %v, want %v", n, fixed, i, got[i], want[i])
				}
			}
		}
	}
}

// TestSelect checks that Select gives what the library's select gives.
func TestSelect(t *testing.T) {
	th := NewState(nil, nil).Main
	fallback := Number(-1)
	f := NewFunction(&SelectProto, func(*Thread, int, Value, Value, Value) (Value, int) { return fallback, 1 })
	varargs := []Value{Number(10), Number(20)}
	for _, c := range []struct {
		k    Value
		want Value
	}{
		{Number(1), Number(10)}, {Number(2), Number(20)}, {Number(3), Value{}}, {Number(1.5), Number(10)},
		{NewString("#"), Number(2)}, {Number(-1), fallback}, {NewString("1"), fallback}, {Value{}, fallback},
	} {
		if got := Select(th, f, c.k, varargs); got != c.want {
			t.Errorf("select(%v, 10, 20) is %v, want %v", c.k, got, c.want)
		}
	}
}

// TestVarargStack nests functions with many varargs, with and without an error.
func TestVarargStack(t *testing.T) {
	th := NewState(nil, nil).Main
	var buf [VarargBuffer]Value
	take := func(n int, x float64) []Value {
		for i := range n {
			th.GrowArgs(n)
			th.Args[i] = Number(x + float64(i))
		}
		return th.VarargsIn(buf[:], n, 0, th.Args[0], th.Args[1], th.Args[2])
	}
	check := func(vs []Value, x float64) {
		t.Helper()
		for i, v := range vs {
			if v != Number(x+float64(i)) {
				t.Fatalf("value %d is %v", i, v)
			}
		}
	}
	few, outer := take(VarargBuffer, 1), take(100, 1000)
	inner := take(1000, 2000) // does not fit any more
	check(outer, 1000)
	check(inner, 2000)
	m := th.mark()
	take(50, 3000)
	take(5000, 4000)
	th.unwind(m)
	last := take(60, 5000)
	check(few, 1)
	check(outer, 1000)
	check(inner, 2000)
	check(last, 5000)
	for _, vs := range [][]Value{last, inner, outer, few} {
		th.DropVarargs(len(vs))
	}
	if th.varargTop != 0 {
		t.Errorf("%d values are left", th.varargTop)
	}
}
