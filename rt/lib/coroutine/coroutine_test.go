package coroutine

import (
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

func of(fn string, args ...any) libtest.Call { return libtest.Of("coroutine."+fn, args...) }

func TestAgainstReference(t *testing.T) {
	libtest.Compare(t, Open, []libtest.Call{
		of("create"), of("create", 1), of("resume"), of("resume", 1), of("status"), of("status", 1), of("wrap"), of("wrap", "x"), of("yield"), of("yield", 1), of("running"),
	})
}

func TestResumeAndYield(t *testing.T) {
	st := libtest.NewState(Open)
	th := st.Main
	yield := libtest.Function(st, "coroutine.yield")
	body := rt.NewGoFunction("body", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		if v, _ := rt.CallValues(th, libtest.Function(st, "coroutine.isyieldable")); !v.Truthy() {
			t.Error("not yieldable in a coroutine")
		}
		if _, n := rt.CallValues(th, libtest.Function(st, "coroutine.running")); n != 2 || th.Ret[1].Truthy() {
			t.Error("running says that it is the main one")
		}
		first, count := rt.CallValues(th, yield, a0, rt.Number(2), rt.Number(3), rt.Number(4))
		return th.ReturnSlice(append(th.Results(first, count), rt.NewString("end")))
	})
	call := func(fn string, args ...rt.Value) []rt.Value {
		first, n := rt.CallValues(th, libtest.Function(st, "coroutine."+fn), args...)
		return th.Results(first, n)
	}
	co := call("create", body)[0]
	if s := call("status", co)[0].String(); s != "suspended" {
		t.Errorf("status %s", s)
	}
	if rs := call("resume", co, rt.Number(1)); len(rs) != 5 || !rs[0].IsTrue() || rs[1].F != 1 || rs[4].F != 4 {
		t.Errorf("resume: %v", rs)
	}
	if rs := call("resume", co, rt.NewString("a"), rt.NewString("b")); len(rs) != 4 || rs[1].String() != "a" || rs[3].String() != "end" {
		t.Errorf("resume: %v", rs)
	}
	if s := call("status", co)[0].String(); s != "dead" {
		t.Errorf("status %s", s)
	}
	if rs := call("resume", co); rs[0].Truthy() || rs[1].String() != "cannot resume dead coroutine" {
		t.Errorf("resume of a dead one: %v", rs)
	}
	wrapped := call("wrap", body)[0]
	if v, n := rt.CallValues(th, wrapped, rt.Number(9)); v.F != 9 || n != 4 {
		t.Errorf("wrap: %v, %d results", v, n)
	}
	if v := call("isyieldable")[0]; v.Truthy() {
		t.Error("the main thread is yieldable")
	}
}
