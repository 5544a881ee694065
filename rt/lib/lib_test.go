package lib_test

import (
	"math"
	"os"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

func TestRegister(t *testing.T) {
	st := rt.NewState(nil, nil)
	f := func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) { return rt.Number(7), 1 }
	table := lib.Register(st, "some", []lib.Entry{{Name: "f", Fn: f}})
	if g := st.Globals.GetString("some"); !rt.RawEqual(g, table.Value()) || !rt.RawEqual(st.Loaded.GetString("some"), g) {
		t.Error("the table is not registered")
	}
	if v, n := rt.CallValues(st.Main, table.GetString("f")); v.F != 7 || n != 1 {
		t.Errorf("f gives %v, %d", v, n)
	}
}

func TestInt(t *testing.T) {
	st := rt.NewState(nil, nil)
	for f, want := range map[float64]int{1: 1, -1.9: -1, 2.5: 2, math.Inf(1): math.MinInt, math.Inf(-1): math.MinInt, 1e300: math.MinInt, 1 << 62: 1 << 62} {
		if got := lib.Int(st.Main, "f", 1, 1, rt.Number(f)); got != want {
			t.Errorf("Int(%v) = %d, want %d", f, got, want)
		}
	}
	if got := lib.Int(st.Main, "f", 1, 1, rt.NewString(" 0x10 ")); got != 16 {
		t.Errorf("a string gives %d", got)
	}
	if got := lib.OptInt(st.Main, "f", 1, 0, rt.Value{}, 5); got != 5 {
		t.Errorf("no argument gives %d", got)
	}
}

func TestFailure(t *testing.T) {
	st := rt.NewState(nil, nil)
	_, err := os.Open("/nonexistent/x")
	v, n := lib.Failure(st.Main, "name", err)
	if !v.IsNil() || n != 3 || st.Main.Ret[1].String() != "name: No such file or directory" || st.Main.Ret[2].F != 2 {
		t.Errorf("Failure gives %v, %v, %v", v, st.Main.Ret[1], st.Main.Ret[2])
	}
	if text, _ := lib.Describe(os.ErrClosed); text != "Bad file descriptor" {
		t.Errorf("Describe gives %q", text)
	}
}
