package rt

import "runtime"

// The calls in progress, by the Go stack: what the return addresses say (see
// position.go), and the activations among them.

// A walker resolves the return addresses of th's stack, innermost first.
type walker struct {
	th     *Thread
	active *Activation // next
	tails  tailWalker
}

// walk starts with the innermost call.
func (th *Thread) walk() walker { return walker{th: th, active: th.Active} }

// next returns what is known about the return address pc, the next one out.
func (w *walker) next(pc uintptr) position {
	p := w.th.State.lookup(pc)
	if p.name == evaluatorName {
		fr := w.active
		if fr == nil {
			return position{}
		}
		w.active = fr.Prev
		p = fr.position()
	}
	if w.tails.hides(&p) {
		return position{}
	}
	return p
}

// A tailWalker follows positions outwards. It finds the functions that have been
// replaced by a tail call which is an ordinary call to Go: those on a line that
// says so; and, where TailCall has called a Lua function, the next one beyond.
type tailWalker struct {
	isLua    bool // the last known position is of a Lua function
	replaced bool // and the next one has been replaced by it
}

// hides reports whether the function at p has been replaced by a tail call.
func (w *tailWalker) hides(p *position) bool {
	if p.via == viaReplaced {
		if p.known {
			return true
		}
		w.replaced = w.isLua
	}
	if !p.known {
		return false
	}
	hidden := w.replaced
	w.isLua, w.replaced = p.chunk != nil, false
	return hidden
}

// A trace is a stack to be resolved later: return addresses, innermost first,
// and the positions of the activations among them.
type trace struct {
	pcs    []uintptr
	active []position
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
	for fr := th.Active; fr != nil; fr = fr.Prev {
		t.active = append(t.active, fr.position())
	}
	return t
}

// end makes t the trace of a thread whose activations end.
func (t *trace) end() {
	for i := range t.active {
		t.active[i].active = nil
	}
}

// calls returns the known calls of the trace, innermost first.
func (t trace) calls(st *State) []position {
	var stack []position
	var tails tailWalker
	active := t.active
	for _, pc := range t.pcs {
		p := st.lookup(pc)
		if p.name == evaluatorName || p.name == instrumentName {
			if len(active) == 0 {
				continue
			}
			if last := len(stack) - 1; p.name == instrumentName && last >= 0 && !stack[last].isActive {
				stack = stack[:last] // the body
			}
			p, active = active[0], active[1:]
			p.isActive = true
		}
		switch hidden := tails.hides(&p); {
		case hidden:
			if len(stack) > 0 {
				stack[len(stack)-1].isTail = true
			}
		case p.known:
			stack = append(stack, p)
		case p.via == viaReplaced:
		case p.via == viaTail && len(stack) > 0:
			stack[len(stack)-1].isTail = true
		case p.via != "" && len(stack) > 0:
			stack[len(stack)-1].via = p.via
		}
	}
	return stack
}
