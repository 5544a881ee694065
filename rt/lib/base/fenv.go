package base

import (
	"slices"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Lua 5.1 gives every function an environment of its own, which setfenv
// replaces. Here that is the variable _ENV. A function that replaces its own
// environment, or asks for it, is given such a variable when it is compiled, and
// passes it on as one more argument (compiler/resolve/fenv.go). Of other functions
// it is the upvalue _ENV, where that can be reached: a function that was loaded at
// run time gets an _ENV that it shares with nobody, and hands it on to the functions
// that it makes from then on; in a compiled one it is a variable only if something
// in its chunk assigns to it.

// getfenv is getfenv ([f]) of Lua 5.1: the environment of a function, or of the
// one at a level of the stack; of nil, as of nothing, that of the caller.
func getfenv(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.IsNil() {
		a0 = rt.Number(1)
	}
	if n > 1 && a0.IsNumber() && a0.F == 1 && !a1.IsNil() {
		return a1, 1
	}
	f := functionAt(th, "getfenv", n, a0)
	if _, env := environment(f); env != nil {
		return **env, 1
	}
	if v := variable(f); v != nil {
		return *v, 1
	}
	return th.State.LoadEnv(), 1
}

// setfenv is setfenv (f, table) of Lua 5.1. With the old environment for a third
// argument it returns the table, which the caller takes for its environment.
func setfenv(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckTable(th, "setfenv", 2, n, a1)
	f := functionAt(th, "setfenv", n, a0)
	loaded, env := environment(f)
	v := variable(f)
	switch {
	case env != nil:
		*env = &a1
	case loaded || n > 2:
	case a0.IsNumber() && a0.F == 0:
		th.State.SetLoadEnv(a1)
	case v != nil:
		*v = a1
	default:
		th.Errorf("setfenv cannot change compiled functions from outside: write setfenv(1, env) in them, or load the chunk with an environment")
	}
	if n > 2 {
		return a1, 1
	}
	return f, 1
}

// variable returns the upvalue _ENV of a compiled function, nil if it has none that
// can be reached.
func variable(f rt.Value) *rt.Value {
	if !f.IsFunction() || f.Function().Closure() != nil {
		return nil
	}
	for i := 0; ; i++ {
		switch name, v := f.Function().Upvalue(i); name {
		case "":
			return nil
		case "_ENV":
			return v
		}
	}
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
