package rt

// A Frame describes a call in progress, for the debug library.
type Frame struct {
	// Name is what the caller calls the function, and NameWhat as what:
	// "global", "local", "upvalue", "method", "field", "metamethod" or "for
	// iterator"; both are empty if that is not known.
	Name, NameWhat string
	// IsTail reports whether the function was called by a tail call.
	IsTail bool
	// Chunk is the script's name, "" for a Go function.
	Chunk string
	// Line is the line being executed.
	Line int
	// Proto is the Lua function, if it is known.
	Proto *Proto
	// Activation is the record of the call, or nil. Only with one are the
	// function itself and its variables known.
	Activation *Activation
}

// Function returns the function that is called, nil if it is not known.
func (f *Frame) Function() Value {
	if f.Activation == nil {
		return Value{}
	}
	return f.Activation.Function()
}

// Frame returns the call in progress at the given level, as for Where, and
// whether there is one.
func (th *Thread) Frame(level int) (Frame, bool) { return th.frame(level, level+2) }

// FrameLine is Frame without what the caller tells: the name, and whether there was
// a tail call.
func (th *Thread) FrameLine(level int) (Frame, bool) { return th.frame(level, level+1) }

// frame looks at the innermost n calls.
func (th *Thread) frame(level, n int) (Frame, bool) {
	if level < 0 || level >= allCalls {
		return Frame{}, false
	}
	stack := th.top(3, n)
	if len(stack) > 0 && stack[0].chunk != nil {
		level-- // the library function itself is not known
	}
	return th.State.frameAt(stack, level)
}

// Frame returns the call at a level of co, which the running thread th is not
// itself: where it is suspended, or where the error came from that ended it.
func (co *Coroutine) Frame(th *Thread, level int) (Frame, bool) {
	return th.State.frameAt(co.stack(th), level)
}

func (st *State) frameAt(stack []position, level int) (Frame, bool) {
	if level < 0 || level >= len(stack) {
		return Frame{}, false
	}
	p := &stack[level]
	f := Frame{IsTail: p.isTail, Line: p.line, Proto: p.proto, Activation: p.active}
	if level+1 < len(stack) {
		f.Name, f.NameWhat = st.calledBy(p, &stack[level+1])
	}
	if p.chunk != nil {
		f.Chunk = p.chunk.name
	}
	return f, true
}
