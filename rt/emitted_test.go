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
