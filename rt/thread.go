package rt

// A Thread is one Lua thread of execution: the main one, or a coroutine.
//
// Its exported fields belong to the calling convention (see Fn): emitted code
// and libraries use them directly.
type Thread struct {
	// State is the Lua state that the thread belongs to; never nil.
	State *State
	// Depth is the weight of the calls in progress; beyond MaxDepth a callee
	// calls Overflow.
	Depth int
	// Args carries arguments from the fourth on, Ret results from the second
	// on. Both have at least 64 elements; GrowArgs and GrowRet make room for
	// more. Their contents last only from a call to the entry of the callee,
	// and from a return to the caller's next statement: so all threads of a
	// State share the arrays.
	Args, Ret []Value

	// varargs is a stack of the varargs of emitted functions that hold more than
	// VarargBuffer, in use up to varargTop; see VarargsIn.
	varargs   []Value
	varargTop int

	tailFn Fn  // the pending tail call's function
	tailN  int // and number of arguments
	tails  int // tail calls in progress that TailCall made as ordinary calls

	// inPCall reports whether the innermost protected call is that of pcall,
	// which looks at no stack: see Raise.
	inPCall bool
	// handler is the message handler of the innermost protected call, where that is
	// one of xpcall; it counts where inPCall is false.
	handler Value

	handlers  int32 // message handlers that run, one on top of the other
	overflown bool  // one of them handles a stack overflow

	// Active is the innermost call that keeps an activation (see activation.go).
	Active      *Activation
	firstActive *Activation

	hook   *Hook // of a debugger
	inHook bool  // it is running

	co        worker     // of a plain coroutine, see coroutine.go
	self      *Coroutine // the handle, while the thread runs
	task      *Task      // whose own thread it is, see task.go
	nest      int32      // resumes in progress around the thread, within its task
	tasks     int32      // tasks in progress around the thread
	suspended bool       // a task's thread: it has called Suspend
}

// minValues is the least length of Thread.Args and Thread.Ret.
const minValues = 64

// newThread returns a thread of st that runs nothing yet.
func newThread(st *State) *Thread {
	th := &Thread{State: st}
	if m := st.Main; m != nil {
		th.Args, th.Ret = m.Args, m.Ret
	} else {
		th.Args, th.Ret = make([]Value, minValues), make([]Value, minValues)
	}
	return th
}

// GrowArgs makes room for n arguments in th.Args, keeping what it holds.
func (th *Thread) GrowArgs(n int) {
	if n > len(th.Args) {
		th.Args = append(th.Args, make([]Value, n+n/4-len(th.Args))...)
	}
}

// GrowRet makes room for n results in th.Ret, keeping what it holds.
func (th *Thread) GrowRet(n int) {
	if n > len(th.Ret) {
		th.Ret = append(th.Ret, make([]Value, n+n/4-len(th.Ret))...)
	}
}
