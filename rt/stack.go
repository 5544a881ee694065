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
func (w *walker) next(pc uintptr) *position {
	p := w.th.State.lookup(pc)
	if p.name == evaluatorName {
		fr := w.active
		if fr == nil {
			return &noPosition
		}
		w.active = fr.Prev
		at := fr.position()
		p = &at
	}
	if w.tails.hides(p) {
		return &noPosition
	}
	return p
}

var noPosition position // of which nothing is known

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
	c := callList{st: st, noted: t.active}
	for _, pc := range t.pcs {
		c.add(pc)
	}
	return c.calls
}

// allCalls is enough for top to return all calls.
const allCalls = 1 << 30

// top returns the innermost known calls of th, the innermost first: all of them, or
// n at least; how the last of n was called may not be known. skip is as for
// runtime.Callers. A look at the top of a stack costs the same whatever lies below,
// and Go some 40 ns for each of its frames.
func (th *Thread) top(skip, n int) []position {
	c := callList{st: th.State, active: th.Active}
	if th.State.Instrumented {
		n++ // the last one may be replaced
	}
	var few [16]uintptr
	pcs := few[:min(2+2*n, len(few))]
	for {
		k := runtime.Callers(skip+1, pcs)
		for _, pc := range pcs[:k] {
			if c.add(pc); len(c.calls) >= n {
				return c.calls
			}
		}
		if k < len(pcs) {
			return c.calls
		}
		skip += k
		pcs = make([]uintptr, 4*len(few)+2*len(pcs)) // walking the stack from its top is what costs
	}
}

// A callList becomes the known calls of a stack, innermost first, as it is given the
// return addresses one by one. The last of calls may still change.
type callList struct {
	st     *State
	calls  []position
	tails  tailWalker
	active *Activation // next
	noted  []position  // where active is nil: the next ones, already taken down
}

// add takes the next return address.
func (c *callList) add(pc uintptr) {
	p := c.st.lookup(pc)
	if p.name == evaluatorName || p.name == instrumentName {
		active, ok := c.nextActive()
		if !ok {
			return
		}
		if last := len(c.calls) - 1; p.name == instrumentName && last >= 0 && !c.calls[last].isActive {
			c.calls = c.calls[:last] // the body
		}
		p = active
	}
	switch hidden := c.tails.hides(p); {
	case hidden:
		if len(c.calls) > 0 {
			c.calls[len(c.calls)-1].isTail = true
		}
	case p.known:
		if c.calls == nil {
			c.calls = make([]position, 0, 4)
		}
		c.calls = append(c.calls, *p)
	case p.via == viaReplaced:
	case p.via == viaTail && len(c.calls) > 0:
		c.calls[len(c.calls)-1].isTail = true
	case p.via != "" && len(c.calls) > 0:
		c.calls[len(c.calls)-1].via = p.via
	}
}

// nextActive returns the position of the next activation.
func (c *callList) nextActive() (*position, bool) {
	var p position
	switch {
	case c.active != nil:
		p, c.active = c.active.position(), c.active.Prev
	case len(c.noted) > 0:
		p, c.noted = c.noted[0], c.noted[1:]
	default:
		return nil, false
	}
	p.isActive = true
	return &p, true
}
