package rt

import (
	"runtime"
	"unsafe"
)

// What package rt/eval, which runs chunks loaded at run time, shares with the
// runtime: a stack of its calls in progress for positions, and functions whose
// upvalues can be reached.
//
// Evaluated code has no program counters of its own. Instead each Thread has
// a chain of EvalFrames, one for each call of an evaluated function that is in
// progress, and each such call is also one call of a Go function that
// RegisterEvaluator knows. Whoever walks the Go stack takes the next frame of
// the chain wherever it meets one:
//
//	Go stack (innermost first)           Thread.Eval
//	rt.Index, closures of rt/eval
//	evaluator's function          <-->   frame: chunk "b", line 7
//	emitted code: a.lua:12
//	evaluator's function          <-->   frame: chunk "b", line 3
//	rt.PCall, rt.Main ...                nil

// An EvalFrame is a call of an evaluated function, in progress or kept for the
// next one.
type EvalFrame struct {
	// Prev is the frame of the call that this one is nested in, Next the one
	// that a nested call uses.
	Prev, Next *EvalFrame
	Thread     *Thread
	Closure    *Closure
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
}

// NewEvalFrame makes the frame for the next nested call of th, where Eval.Next
// has none.
func (th *Thread) NewEvalFrame() *EvalFrame {
	if th.Eval == nil {
		if th.firstEval == nil {
			th.firstEval = &EvalFrame{Thread: th}
		}
		return th.firstEval
	}
	fr := &EvalFrame{Thread: th, Prev: th.Eval}
	th.Eval.Next = fr
	return fr
}

// unwind makes th as it was when depth and fr were its Depth and Eval, after an
// error. Abandoned frames must not keep what they refer to.
func (th *Thread) unwind(depth int, fr *EvalFrame) {
	th.Depth = depth
	for f := th.Eval; f != fr && f != nil; f = f.Prev {
		clear(f.Slots)
		clear(f.Cells)
		f.Closure, f.Upvalues, f.Varargs, f.First, f.Count = nil, nil, nil, Value{}, 0
	}
	th.Eval = fr
}

// An EvalProto is what Proto says of evaluated functions only.
type EvalProto struct {
	// Source is the chunk's name as it was given to load.
	Source string
	// Upvalues are the names of the upvalues.
	Upvalues []string

	chunk *chunk
}

// NewEvalProto completes p, the Proto of an evaluated function.
func NewEvalProto(p *Proto, source string, upvalues []string) {
	p.Eval = &EvalProto{source, upvalues, &chunk{display: p.Chunk, protos: []*Proto{p}}}
}

// A Closure is an evaluated function. Function.Closure returns it.
type Closure struct {
	Function
	// Upvalues are the variables of outer functions, shared with these.
	Upvalues []*Value
}

// NewClosure returns a new evaluated function, for which the caller sets Fn.
func NewClosure(p *Proto, upvalues []*Value) *Closure {
	return &Closure{Function{kind: KindFunction, Proto: p}, upvalues}
}

// Closure returns f as an evaluated function, or nil if it is none.
func (f *Function) Closure() *Closure {
	if f.Proto.Eval == nil {
		return nil
	}
	return (*Closure)(unsafe.Pointer(f))
}

// evaluatorName marks the evaluator's functions among the Go functions.
const evaluatorName = "\x00evaluator"

// RegisterEvaluator says that each call of a Fn with the code of fn is a call
// of an evaluated function.
func RegisterEvaluator(fn Fn) {
	entry := **(**uintptr)(unsafe.Pointer(&fn))
	goFunctionMutex.Lock()
	defer goFunctionMutex.Unlock()
	goFunctions[runtime.FuncForPC(entry).Entry()] = evaluatorName
}

// A walker resolves the return addresses of th's stack, innermost first.
type walker struct {
	th   *Thread
	eval *EvalFrame // next
}

// walk starts with the innermost frame.
func (th *Thread) walk() walker { return walker{th, th.Eval} }

// next returns what is known about the return address pc, the next one out.
func (w *walker) next(pc uintptr) position {
	p := w.th.State.lookup(pc)
	if p.name != evaluatorName {
		return p
	}
	fr := w.eval
	if fr == nil {
		return position{}
	}
	w.eval = fr.Prev
	return fr.position()
}

func (fr *EvalFrame) position() position {
	p := fr.Closure.Proto
	return position{chunk: p.Eval.chunk, proto: p, line: fr.Line, closure: fr.Closure, known: true}
}

// A trace is a stack to be resolved later: return addresses, innermost first,
// and the positions of the evaluated functions among them.
type trace struct {
	pcs  []uintptr
	eval []position
}

// trace returns the stack of th, skip frames up from the caller.
func (th *Thread) trace(skip int) trace {
	pcs := make([]uintptr, 64)
	n := runtime.Callers(skip+2, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 8*len(pcs))
		n = runtime.Callers(skip+2, pcs)
	}
	t := trace{pcs: pcs[:n:n]}
	for fr := th.Eval; fr != nil; fr = fr.Prev {
		t.eval = append(t.eval, fr.position())
	}
	return t
}

// calls returns the known calls of the trace, innermost first.
func (t trace) calls(st *State) []position {
	var stack []position
	eval := t.eval
	for _, pc := range t.pcs {
		p := st.lookup(pc)
		if p.name == evaluatorName {
			if len(eval) == 0 {
				continue
			}
			p, eval = eval[0], eval[1:]
		}
		switch {
		case p.known:
			stack = append(stack, p)
		case p.via == viaTail && len(stack) > 0:
			stack[len(stack)-1].isTail = true
		case p.via != "" && len(stack) > 0:
			stack[len(stack)-1].via = p.via
		}
	}
	return stack
}
