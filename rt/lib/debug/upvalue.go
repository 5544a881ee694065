package debug

import (
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Upvalues can be reached in functions that were loaded at run time, and in those
// of compiled programs that mention any of these functions by name.

// upvalue returns the upvalue that two arguments of a function name, an empty
// name if there is no such upvalue. i is the number of the first one.
func upvalue(th *rt.Thread, name string, i, n int, f, index rt.Value) (string, *rt.Value) {
	k := lib.Int(th, name, i+1, n, index)
	return rt.CheckFunction(th, name, i, n, f).Upvalue(k - 1)
}

// getupvalue is debug.getupvalue (f, up).
func getupvalue(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name, v := upvalue(th, "getupvalue", 1, n, a0, a1)
	switch {
	case name == "":
		return rt.Value{}, 0
	case v != nil:
		th.Ret[1] = *v
	default:
		th.Ret[1] = th.State.Globals.Value()
	}
	return rt.NewString(name), 2
}

// setupvalue is debug.setupvalue (f, up, value).
func setupvalue(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "setupvalue", 3, n, a2)
	name, v := upvalue(th, "setupvalue", 1, n, a0, a1)
	switch {
	case name == "":
		return rt.Value{}, 0
	case v != nil:
		*v = a2
	case !rt.RawEqual(a2, th.State.Globals.Value()):
		th.Errorf("debug.setupvalue cannot change the _ENV of compiled functions")
	}
	return rt.NewString(name), 1
}

// ids holds the values that stand for upvalues in one State, by variable. They
// are not collected before the State is: upvalueid is rare.
type ids map[*rt.Value]rt.Value

// An upvalueID marks such a value: C Lua has light userdata there.
type upvalueID struct{}

// key is where the ids are in the Registry.
type key struct{}

// noUpvalue raises the error of function name about argument i, which is no
// upvalue of f.
func noUpvalue(th *rt.Thread, name string, i int, f rt.Value) {
	if fn := f.Function(); !fn.IsGo() && fn.Closure() == nil && fn.Proto.Upvalues == nil {
		th.Errorf("debug.%s is not supported in compiled programs that do not mention it", name)
	}
	th.ArgError(name, i, "invalid upvalue index")
}

// upvalueid is debug.upvalueid (f, n).
func upvalueid(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name, v := upvalue(th, "upvalueid", 1, n, a0, a1)
	if name == "" {
		noUpvalue(th, "upvalueid", 2, a0)
	}
	all, _ := th.State.Registry[key{}].(ids)
	if all == nil {
		all = ids{}
		th.State.Registry[key{}] = all
	}
	id, ok := all[v]
	if !ok {
		id = rt.NewUserdata(upvalueID{}, nil).Value()
		all[v] = id
	}
	return id, 1
}

// upvaluejoin is debug.upvaluejoin (f1, n1, f2, n2). Compiled functions cannot
// change which variables they use.
func upvaluejoin(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if name, _ := upvalue(th, "upvaluejoin", 1, n, a0, a1); name == "" {
		noUpvalue(th, "upvaluejoin", 2, a0)
	}
	name, from := upvalue(th, "upvaluejoin", 3, n, a2, th.Arg(3, n, a0, a1, a2))
	if name == "" {
		noUpvalue(th, "upvaluejoin", 4, a2)
	}
	to := a0.Function().Closure()
	if to == nil {
		th.Errorf("debug.upvaluejoin cannot change compiled functions")
	}
	if from == nil {
		globals := th.State.Globals.Value()
		from = &globals
	}
	to.Upvalues[lib.Int(th, "upvaluejoin", 2, n, a1)-1] = from
	return rt.Value{}, 0
}
