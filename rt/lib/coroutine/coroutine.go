// Package coroutine is Lua's coroutine library: the names for what package rt
// does.
package coroutine

import (
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Open installs the library into st. resume and yield are the runtime's own
// functions: a Go frame more would cost 8 ns each time.
func Open(st *rt.State) {
	lib.Register(st, "coroutine", []lib.Entry{
		{Name: "create", Fn: create},
		{Name: "isyieldable", Fn: isyieldable},
		{Name: "resume", Fn: rt.ResumeFn},
		{Name: "running", Fn: running},
		{Name: "status", Fn: status},
		{Name: "wrap", Fn: wrap},
		{Name: "yield", Fn: (*rt.Thread).Yield},
	})
}

// create is coroutine.create (f).
func create(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckFunction(th, "create", 1, n, a0)
	return rt.NewCoroutine(a0).Value(), 1
}

// isyieldable is coroutine.isyieldable () of Lua 5.3.
func isyieldable(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Bool(th.IsYieldable()), 1
}

// running is coroutine.running ().
func running(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	th.Ret[1] = rt.Bool(th.IsMain())
	return th.Value(), 2
}

// status is coroutine.status (co).
func status(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.CheckCoroutine(th, "status", 1, n, a0).Status(th).Value(), 1
}

// wrap is coroutine.wrap (f).
func wrap(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckFunction(th, "wrap", 1, n, a0)
	return rt.Wrap(a0), 1
}
