package rt

import "unsafe"

// Functions of package rt/eval, which runs chunks loaded at run time. Their
// upvalues can be reached.

// An EvalProto is what Proto says of evaluated functions only.
type EvalProto struct {
	// Source is the chunk's name as it was given to load.
	Source string
	// Upvalues are the names of the upvalues.
	Upvalues []string
}

// NewEvalProto completes p, the Proto of an evaluated function.
func NewEvalProto(p *Proto, source string, upvalues []string) {
	p.Eval = &EvalProto{source, upvalues}
	p.chunk = &chunk{name: p.Chunk, display: p.Chunk, protos: []*Proto{p}}
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
