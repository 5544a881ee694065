package base

import (
	"slices"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Lua 5.1 gives every function an environment of its own, which setfenv
// replaces. Here that is the upvalue _ENV of functions that were loaded at run
// time: such a function gets an _ENV that it shares with nobody, and hands it on
// to the functions that it makes from then on. The globals of compiled functions
// are fixed when they are compiled.

// getfenv is getfenv ([f]) of Lua 5.1: the environment of a function, or of the
// one at a level of the stack.
func getfenv(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if n == 0 {
		a0 = rt.Number(1)
	}
	if _, env := environment(functionAt(th, "getfenv", n, a0)); env != nil {
		return **env, 1
	}
	return th.State.Globals.Value(), 1
}

// setfenv is setfenv (f, table) of Lua 5.1.
func setfenv(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckTable(th, "setfenv", 2, n, a1)
	f := functionAt(th, "setfenv", n, a0)
	loaded, env := environment(f)
	if !loaded {
		th.Errorf("setfenv cannot change compiled functions: load the chunk with an environment instead")
	}
	if env != nil {
		*env = &a1
	}
	return f, 1
}

// functionAt returns the function that argument 1 of the function name is, or
// the one at that level of the stack: nil if it is not known there, or the level
// is 0, which stands for the program.
func functionAt(th *rt.Thread, name string, n int, v rt.Value) rt.Value {
	if v.IsFunction() {
		return v
	}
	if _, ok := rt.ToNumber(v); !ok {
		th.TypeError(name, 1, n, v, "number")
	}
	level := lib.Int(th, name, 1, n, v)
	if level < 0 {
		th.ArgError(name, 1, "level must be non-negative")
	}
	frame, ok := th.Frame(level)
	if !ok {
		th.ArgError(name, 1, "invalid level")
	}
	if level == 0 {
		return rt.Value{}
	}
	return frame.Function()
}

// environment reports whether f was loaded at run time, and returns the place of
// its _ENV, nil if it mentions no global.
func environment(f rt.Value) (loaded bool, env **rt.Value) {
	if !f.IsFunction() || f.Function().Closure() == nil {
		return false, nil
	}
	c := f.Function().Closure()
	if i := slices.Index(c.Proto.Eval.Upvalues, "_ENV"); i >= 0 {
		return true, &c.Upvalues[i]
	}
	return true, nil
}
