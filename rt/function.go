package rt

import "unsafe"

// Fn is the one signature of everything callable.
//
// n is the number of actual arguments; the first three arrive in a0 to a2
// (nil where missing), the others in th.Args[3:n], from where the callee takes
// them before it calls anything. The result is the first value and their
// number; the others are in th.Ret[1:count]. With a count of 0 the first value
// is nil. A count of -1 is a pending tail call, which th.FinishTail completes.
type Fn = func(th *Thread, n int, a0, a1, a2 Value) (Value, int)

// A Proto is what all closures made by one function expression share.
type Proto struct {
	Name    string // for messages; "" for anonymous functions
	GoName  string // of the compiled function, with its method's; "" where that tells nothing
	Chunk   string // name of the script, "" for Go functions
	Line    int    // of the word function; 0 for a main chunk
	EndLine int
	Params  int // named parameters
	Index   int // in its chunk, in source order, where the program can dump it
	Vararg  bool
	Eval    *EvalProto // of evaluated functions, see activation.go

	// Upvalues are the names of the upvalues of compiled functions, if they
	// can be reached: then they are made by NewOpenFunction.
	Upvalues []string

	// ParamNames are the names of the parameters, Lines the lines with code, both
	// nil if that is not known.
	ParamNames []string
	Lines      []int

	chunk   *chunk // of a Lua function
	own     bool   // it is a copy for one function
	carried []*ephemeron
}

// A Function is a Lua function value.
type Function struct {
	kind    Kind
	builtin Builtin
	Fn      Fn
	Proto   *Proto
}

// NewFunction returns a new closure of p.
func NewFunction(p *Proto, fn Fn) Value {
	return Value{P: unsafe.Pointer(&Function{kind: KindFunction, Fn: fn, Proto: p})}
}

// An openFunction is a compiled function whose upvalues can be reached.
type openFunction struct {
	Function
	upvalue func(i int) *Value
}

// NewOpenFunction is NewFunction for a function whose upvalues the debug library
// can reach: upvalue returns the address of one, counted from 0, nil for _ENV.
func NewOpenFunction(p *Proto, fn Fn, upvalue func(i int) *Value) Value {
	f := &openFunction{Function{kind: KindFunction, Fn: fn, Proto: p}, upvalue}
	return f.Value()
}

// Upvalue returns name and address of upvalue i, counted from 0, an empty name
// if there is none that can be reached. The address is nil for the _ENV of
// compiled functions, which is the table of globals.
func (f *Function) Upvalue(i int) (name string, v *Value) {
	if cl := f.Closure(); cl != nil {
		if uint(i) < uint(len(cl.Upvalues)) {
			return f.Proto.Eval.Upvalues[i], cl.Upvalues[i]
		}
		return "", nil
	}
	if uint(i) >= uint(len(f.Proto.Upvalues)) {
		return "", nil
	}
	if upvalue := (*openFunction)(unsafe.Pointer(f)).upvalue; upvalue != nil {
		v = upvalue(i)
	}
	return f.Proto.Upvalues[i], v
}

// instrumented reports whether f keeps activations, as functions of instrumented
// programs do.
func (f *Function) instrumented() bool {
	return **(**uintptr)(unsafe.Pointer(&f.Fn)) == instrumentEntry
}

// Value returns f as a Value.
func (f *Function) Value() Value { return Value{P: unsafe.Pointer(f)} }

// IsGo reports whether f is implemented in Go.
func (f *Function) IsGo() bool { return f.Proto.Chunk == "" && f.Proto.Eval == nil }
