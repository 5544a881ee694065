package rt

import "iter"

// A Task is a goroutine with a Lua thread that Go code drives: what a
// scheduler runs its coroutines on. In contrast to a plain coroutine it can be
// suspended from anywhere below it: Thread.Suspend, called by a plain
// coroutine that the task has resumed, suspends the whole chain, and the next
// Enter goes on there.
//
//	driver --Enter--> task --Resume--> coroutine --Resume--> coroutine
//	   ^                                                         |
//	   +-------------------------- Suspend ---------------------+
//	   +------------------------- next Enter ------------------->+
//
// This costs one switch each way however long the chain is, because the task's
// switch works from any goroutine: the innermost one parks in the place where
// the task's own would.
//
// All methods but Thread are for whoever holds the State (see rt/sched).
type Task struct {
	// Owner belongs to the scheduler.
	Owner any

	th    *Thread
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
	done  bool
}

// NewTask returns an idle task of st. Each Enter of the idle task runs body,
// on the task's goroutine; body must not panic with Lua errors.
func NewTask(st *State, body func(t *Task)) *Task {
	t := &Task{th: newThread(st)}
	t.th.task = t
	t.next, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		t.yield = yield
		defer func() {
			if r := recover(); r != nil && r != killed {
				panic(r)
			}
		}()
		for {
			body(t)
			t.done = true
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return t
}

// Thread returns the task's thread.
func (t *Task) Thread() *Thread { return t.th }

// Enter starts the idle task, or continues the suspended one, nested in th
// (nil where no Lua code runs). It returns when the task has come to the end
// of its body, or has been suspended, and reports whether it is idle again.
func (t *Task) Enter(th *Thread) (idle bool) {
	t.th.tasks = 0
	if th != nil {
		t.th.tasks = th.tasks + 1
		if !t.th.suspended {
			t.th.Depth, t.th.overflown = th.Depth+switchWeight, th.overflown
		}
	}
	t.done, t.th.suspended = false, false
	t.next()
	return t.done
}

// Renew makes the thread as new, for another coroutine that the body of t is
// about to run: the one that ran is dead.
func (t *Task) Renew() {
	th := t.th
	th.unwind(mark{})
	if th.self != nil {
		th.self.status, th.self.thread = coDead, noThread
		th.self = nil
	}
}

// Stop ends the goroutine of an idle or suspended task for good. In a
// suspended one, frames are unwound as for an abandoned coroutine.
func (t *Task) Stop() { t.stop() }

// Task returns the task that th, the running thread, runs in, or nil.
func (th *Thread) Task() *Task {
	for th.task == nil && th.co.from != nil {
		th = th.co.from
	}
	return th.task
}

// InTask reports whether th, the running thread, runs in a task: whether it
// may suspend.
func (th *Thread) InTask() bool { return th.Task() != nil }

// Suspend suspends the task that th, the running thread, belongs to, until the
// task is entered again.
func (th *Thread) Suspend() {
	t := th.Task()
	t.th.suspended = true
	if !t.yield(struct{}{}) {
		panic(killed)
	}
}

// maxTasks is how deeply tasks may be nested.
const maxTasks = 10_000

// TooDeep reports whether th is nested in so many others that a task cannot be
// entered from it.
func (th *Thread) TooDeep() bool {
	return th.tasks >= maxTasks || th.noRoom()
}
