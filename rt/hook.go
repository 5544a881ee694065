package rt

import "runtime"

// A Hook is a function that a debugger wants called while a thread of an
// instrumented program runs.
type Hook struct {
	Fn                 Value
	Call, Return, Line bool
	// Count asks for a call after so many steps: each statement is one, and
	// each round of a loop.
	Count int

	left int
	// args and ret take the places of the thread's while the hook runs, which
	// happens where those are in use.
	args, ret []Value
}

// NewHook returns a hook that calls fn for the events that mask names: c for
// calls, r for returns, l for lines.
func NewHook(fn Value, mask string, count int) *Hook {
	h := &Hook{Fn: fn, Count: max(count, 0), left: count}
	for _, c := range mask {
		switch c {
		case 'c':
			h.Call = true
		case 'r':
			h.Return = true
		case 'l':
			h.Line = true
		}
	}
	h.args, h.ret = make([]Value, minValues), make([]Value, minValues)
	return h
}

// SetHook sets the hook of co for th, the running thread; nil removes it.
func (th *Thread) SetHook(co *Coroutine, h *Hook) {
	co.hook = h
	if co == th.Coroutine() {
		th.hook = h
	} else if co.thread != noThread {
		co.thread.hook = h
	}
}

// Hook returns the hook of co, or nil.
func (co *Coroutine) Hook() *Hook { return co.hook }

// At says that the instrumented function comes to a line. Where it stays on one,
// that is a step.
func (fr *Activation) At(line int) {
	if fr.Thread.hook == nil {
		fr.Line, fr.jumped = line, false
	} else {
		fr.hookAt(line)
	}
}

func (fr *Activation) hookAt(line int) {
	th := fr.Thread
	isNew := fr.jumped || line != fr.Line
	fr.Line, fr.jumped = line, false
	if th.inHook {
		return
	}
	if h := th.hook; h.Count > 0 {
		if h.left--; h.left <= 0 {
			h.left = h.Count
			th.runHook(h, "count", 0)
		}
	}
	if h := th.hook; isNew && h != nil && h.Line {
		th.runHook(h, "line", line)
	}
}

// Jump says that the instrumented function jumps back, as at the end of a loop:
// the next line is new.
func (fr *Activation) Jump() { fr.jumped = true }

// Start says that the function has its arguments.
func (fr *Activation) Start() {
	th := fr.Thread
	h := th.hook
	if h == nil || !h.Call || th.inHook {
		return
	}
	event := "call"
	if isTailCall(th.State) {
		event = "tail call"
	}
	th.runHook(h, event, 0)
}

// isTailCall reports whether the function that calls Start was called by a tail
// call.
func isTailCall(st *State) bool {
	var pcs [12]uintptr
	n := runtime.Callers(3, pcs[:])
	inside := true // of the function
	for _, pc := range pcs[:n] {
		p := st.lookup(pc)
		switch {
		case p.name == instrumentName || p.name == evaluatorName:
			if !inside {
				return false
			}
			inside = false
		case p.via == viaTail:
			return true
		case p.known && !inside:
			return false
		}
	}
	return false
}

// Leave ends the call, which returns k results; with -1, a tail call, it ends
// without a return.
func (fr *Activation) Leave(k int) {
	th := fr.Thread
	if h := th.hook; h != nil && h.Return && k >= 0 && !th.inHook {
		th.runHook(h, "return", 0)
	}
	fr.forget()
}

// runHook calls a hook; line is 0 if the event has none.
func (th *Thread) runHook(h *Hook, event string, line int) {
	args, ret := th.Args, th.Ret
	th.Args, th.Ret, th.inHook = h.args, h.ret, true
	defer func() {
		h.args, h.ret = th.Args, th.Ret
		th.Args, th.Ret, th.inHook = args, ret, false
	}()
	arg := Value{}
	if line > 0 {
		arg = Number(float64(line))
	}
	Call(th, h.Fn, 2, NewString(event), arg, Value{})
}
