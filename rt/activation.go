package rt

import (
	"runtime"
	"unsafe"
)

// Activations are records of calls in progress, for what the Go stack cannot
// tell. Two kinds of code need them.
//
// Evaluated functions (package rt/eval) have no program counters of their own,
// so their activations hold the current line, and also their variables.
//
// Instrumented programs are those that use hooks, or look at the local variables
// of running functions (see compiler/emit/instrument.go). Theirs hold the line,
// the function value, and the names and addresses of the variables in scope;
// library functions have activations there, too.
//
// Each Thread has a chain of them, and each such call is also one call of a Go
// function with known code: that of the evaluator, or one made by instrument.
// Whoever walks the Go stack takes the next activation of the chain wherever it
// meets one:
//
//	Go stack (innermost first)           Thread.Active
//	rt.Index, closures of rt/eval
//	evaluator's function          <-->   chunk "b", line 7
//	emitted code: a.lua:12
//	evaluator's function          <-->   chunk "b", line 3
//	rt.PCall, rt.Main ...                nil

// An Activation is a call of an evaluated or instrumented function, in progress
// or kept for the next one.
type Activation struct {
	// Prev is the activation that this one is nested in, Next the one that a
	// nested call uses.
	Prev, Next *Activation
	Thread     *Thread
	Closure    *Closure // nil for instrumented functions
	// Line is the line being executed. Evaluated code sets it before it does
	// anything that can fail or call.
	Line int

	// Slots are the local variables that no inner function captures, Cells
	// those that one does, Upvalues the captured ones of outer functions.
	Slots    []Value
	Cells    []*Value
	Upvalues []*Value
	Varargs  []Value

	// First and Count are the results of the call, as of a Fn.
	First Value
	Count int

	// What only instrumented programs have.
	function  *Function  // nil for evaluated functions
	variables []Variable // in scope
	pending   []*Value   // operands that are evaluated
	arguments []Value    // of a library function
	jumped    bool       // the next line counts as new, even if it is the same
}

// NewActivation makes the activation for the next nested call of th, where
// Active.Next has none.
func (th *Thread) NewActivation() *Activation {
	if th.Active == nil {
		if th.firstActive == nil {
			th.firstActive = &Activation{Thread: th}
		}
		return th.firstActive
	}
	fr := &Activation{Thread: th, Prev: th.Active}
	th.Active.Next = fr
	return fr
}

// A mark is what a thread counts of the calls in progress; the zero mark is that
// of a thread which runs nothing.
type mark struct {
	depth, tails int
	varargTop    int
	active       *Activation
	inPCall      bool
	handler      Value
	handlers     int32
	overflown    bool
}

// mark returns what th counts now.
func (th *Thread) mark() mark {
	return mark{th.Depth, th.tails, th.varargTop, th.Active, th.inPCall, th.handler, th.handlers, th.overflown}
}

// unwind makes th as it was when it had the mark m, after an error. Abandoned
// activations must not keep what they refer to.
func (th *Thread) unwind(m mark) {
	th.Depth, th.tails, th.inPCall = m.depth, m.tails, m.inPCall
	th.varargTop = m.varargTop
	th.handler, th.handlers, th.overflown = m.handler, m.handlers, m.overflown
	for f := th.Active; f != m.active && f != nil; f = f.Prev {
		clear(f.Slots)
		clear(f.Cells)
		f.Closure, f.Upvalues, f.Varargs, f.First, f.Count = nil, nil, nil, Value{}, 0
		f.forget()
	}
	th.Active = m.active
}

// position describes the call.
func (fr *Activation) position() position {
	if f := fr.function; f != nil {
		return position{
			chunk: f.Proto.chunk, proto: f.Proto, line: fr.Line,
			name: f.Proto.Name, function: f, known: true, active: fr,
		}
	}
	p := fr.Closure.Proto
	return position{chunk: p.chunk, proto: p, line: fr.Line, known: true, active: fr}
}

// Function returns the function that is called.
func (fr *Activation) Function() Value {
	if fr.function != nil {
		return fr.function.Value()
	}
	return fr.Closure.Value()
}

// The names of the Go functions that activations belong to, among the names of
// Go functions that scripts can call.
const (
	evaluatorName  = "\x00evaluator"
	instrumentName = "\x00instrument"
)

// RegisterEvaluator says that each call of a Fn with the code of fn is a call
// of an evaluated function.
func RegisterEvaluator(fn Fn) { registerEntry(evaluatorName, fn) }

// instrumentEntry is where the code of instrumented functions begins.
var instrumentEntry = registerEntry(instrumentName, instrument(nil, nil))

func registerEntry(name string, fn Fn) uintptr {
	entry := **(**uintptr)(unsafe.Pointer(&fn))
	goFunctionMutex.Lock()
	defer goFunctionMutex.Unlock()
	goFunctions[runtime.FuncForPC(entry).Entry()] = name
	return entry
}
