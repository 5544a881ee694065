package debug

import (
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Local variables and hooks, which need an instrumented program.

// needRecords raises an error if the program does not record so much of its calls,
// for the function name.
func needRecords(th *rt.Thread, what rt.Records, name string) {
	if th.State.Records < what {
		th.Errorf("debug.%s needs a program that names it, or is built with -debug", name)
	}
}

// threadArg takes the optional first argument of the function: the thread that it
// is about, and how many arguments that is.
func threadArg(th *rt.Thread, a0 rt.Value) (co *rt.Coroutine, shift int) {
	if a0.IsCoroutine() {
		return a0.Coroutine(), 1
	}
	return th.Coroutine(), 0
}

// variable returns variable k of the call at a level of co. argument is the number
// of that of the function name.
func variable(th *rt.Thread, co *rt.Coroutine, name string, argument int, level rt.Value, n, k int) (string, *rt.Value) {
	fr, ok := frame(th, co, lib.Int(th, name, argument, n, level))
	if !ok {
		th.ArgError(name, argument, "level out of range")
	}
	needRecords(th, rt.RecordVariables, name)
	if fr.Activation == nil {
		return "", nil
	}
	return fr.Activation.Variable(k)
}

// getlocal is debug.getlocal ([thread,] f, local).
func getlocal(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	co, shift := threadArg(th, a0)
	f, k := th.Arg(shift, n, a0, a1, a2), lib.Int(th, "getlocal", 2+shift, n, th.Arg(1+shift, n, a0, a1, a2))
	if f.IsFunction() {
		params := f.Function().Proto.ParamNames
		if f.Function().Proto.Params > 0 && params == nil {
			needRecords(th, rt.RecordVariables, "getlocal")
		}
		if k < 1 || k > len(params) {
			return rt.Value{}, 1
		}
		return rt.NewString(params[k-1]), 1
	}
	name, v := variable(th, co, "getlocal", 1+shift, f, n, k)
	if name == "" {
		return rt.Value{}, 1
	}
	th.Ret[1] = *v
	return rt.NewString(name), 2
}

// setlocal is debug.setlocal ([thread,] level, local, value).
func setlocal(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	co, shift := threadArg(th, a0)
	k := lib.Int(th, "setlocal", 2+shift, n, th.Arg(1+shift, n, a0, a1, a2))
	x := th.Arg(2+shift, n, a0, a1, a2)
	rt.CheckAny(th, "setlocal", 3+shift, n, x)
	name, v := variable(th, co, "setlocal", 1+shift, th.Arg(shift, n, a0, a1, a2), n, k)
	if name == "" {
		return rt.Value{}, 1
	}
	*v = x
	return rt.NewString(name), 1
}

// gethook is debug.gethook ([thread]).
func gethook(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	co, _ := threadArg(th, a0)
	h := co.Hook()
	if h == nil {
		th.Ret[1] = rt.NewString("")
		th.Ret[2] = rt.Number(0)
		return rt.Value{}, 3
	}
	mask := ""
	if h.Call {
		mask += "c"
	}
	if h.Return {
		mask += "r"
	}
	if h.Line {
		mask += "l"
	}
	th.Ret[1] = rt.NewString(mask)
	th.Ret[2] = rt.Number(float64(h.Count))
	return h.Fn, 3
}

// sethook is debug.sethook ([thread,] hook, mask [, count]).
func sethook(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	co, shift := threadArg(th, a0)
	fn := th.Arg(shift, n, a0, a1, a2)
	if fn.IsNil() {
		th.SetHook(co, nil)
		return rt.Value{}, 0
	}
	mask := rt.CheckString(th, "sethook", 2+shift, n, th.Arg(1+shift, n, a0, a1, a2))
	rt.CheckFunction(th, "sethook", 1+shift, n, fn)
	count := lib.OptInt(th, "sethook", 3+shift, n, th.Arg(2+shift, n, a0, a1, a2), 0)
	needRecords(th, rt.RecordLines, "sethook")
	h := rt.NewHook(fn, mask, count)
	if !h.Call && !h.Return && !h.Line && h.Count == 0 {
		h = nil
	}
	th.SetHook(co, h)
	return rt.Value{}, 0
}
