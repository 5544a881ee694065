package rt

import (
	"iter"
	"testing"
)

// The resume of a coroutine that yields, beside the bare switch.
func BenchmarkResumeYield(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		next, stop := iter.Pull(func(yield func(struct{}) bool) {
			for yield(struct{}{}) {
			}
		})
		for b.Loop() {
			next()
		}
		stop()
	})
	b.Run("coroutine", func(b *testing.B) {
		st := NewState(nil, nil)
		co := NewCoroutine(NewGoFunction("", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
			for {
				th.Yield(1, a0, Value{}, Value{})
			}
		}))
		for b.Loop() {
			co.Resume(st.Main, 1, Number(1), Value{}, Value{})
		}
	})
}

// A coroutine from creation to its end, which it reaches after one yield.
func BenchmarkCreate(b *testing.B) {
	st := NewState(nil, nil)
	f := NewGoFunction("", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return th.Yield(0, Value{}, Value{}, Value{})
	})
	b.ReportAllocs()
	for b.Loop() {
		co := NewCoroutine(f)
		co.Resume(st.Main, 0, Value{}, Value{}, Value{})
		co.Resume(st.Main, 0, Value{}, Value{}, Value{})
	}
}

// A coroutine that is left suspended.
func BenchmarkAbandon(b *testing.B) {
	st := NewState(nil, nil)
	f := NewGoFunction("", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return th.Yield(0, Value{}, Value{}, Value{})
	})
	b.ReportAllocs()
	for b.Loop() {
		NewCoroutine(f).Resume(st.Main, 0, Value{}, Value{}, Value{})
	}
}
