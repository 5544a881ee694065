package sched

import "github.com/luago-lang/luago/rt"

// A runner is a goroutine that runs coroutines of the program: it delivers
// events, or runs one function for Start.
type runner struct {
	s    *Scheduler
	task *rt.Task
	th   *rt.Thread

	// What to run: f with args, or the loop over the events if f is nil.
	f    rt.Value
	args []rt.Value

	serial  int  // counts the coroutines that it has run
	away    bool // it has been suspended: whoever resumed it delivers the events
	paused  bool // in Pause
	closing bool // its coroutine was started while the program ends
	called  bool // what it runs is a coroutine of the script
	failed  bool // and that has failed
	values  []rt.Value
	wake    Event  // resumes it
	due     due    // the end of its sleep
	loop    func() // r.deliver, bound once
	call    func() // r.callF
}

// maxIdle is how many idle runners a Scheduler keeps.
const maxIdle = 64

// take returns an idle runner.
func (s *Scheduler) take() *runner {
	if i := len(s.idle) - 1; i >= 0 {
		r := s.idle[i]
		s.idle[i] = nil
		s.idle = s.idle[:i]
		return r
	}
	r := &runner{s: s}
	s.runners++
	r.loop, r.call = r.deliver, r.callF
	r.wake.Target, r.due.target = r, r
	r.task = rt.NewTask(s.st, func(*rt.Task) { r.run() })
	r.task.Owner = r
	r.th = r.task.Thread()
	return r
}

// enter starts or continues r, nested in th (nil where no Lua code runs),
// until it suspends or has nothing more to run.
func (r *runner) enter(th *rt.Thread) {
	if !r.task.Enter(th) {
		return
	}
	if len(r.s.idle) >= maxIdle || r.s.ended {
		r.s.runners--
		r.task.Stop()
		return
	}
	r.s.idle = append(r.s.idle, r)
}

// run is the body of the runner's task.
func (r *runner) run() {
	r.away = false
	if !r.f.IsNil() {
		r.called = true
		if err := rt.ProtectTrace(r.th, r.call); err != nil {
			r.failed = true
			r.s.report(err)
		}
		r.finish()
		return
	}
	for {
		err := rt.ProtectTrace(r.th, r.loop)
		if err == nil {
			return
		}
		r.called, r.failed = true, true
		r.s.report(err)
		r.finish()
		if r.away {
			return
		}
	}
}

// deliver delivers events, until there are none, or the drainer's share is
// done, or the runner has been suspended in one.
func (r *runner) deliver() {
	s := r.s
	for !s.isBatchFull() && !s.ended {
		e := s.pop()
		if e == nil {
			return
		}
		s.delivered++
		s.watchdog.step()
		r.begin()
		e.Target.Deliver(r.th)
		r.finish()
		if r.away {
			return
		}
	}
}

func (r *runner) callF() {
	f, args := r.f, r.args
	r.f, r.args = rt.Value{}, nil
	rt.CallSlice(r.th, f, args)
}

// begin notes that a coroutine starts while the program ends.
func (r *runner) begin() {
	if r.s.ending {
		r.closing = true
		r.s.closing++
	}
}

// finish makes the runner ready for the next coroutine.
func (r *runner) finish() {
	r.serial++
	r.task.Renew()
	if r.closing {
		r.closing = false
		r.s.closing--
	}
	if r.called {
		r.s.lastFailed = r.failed
		r.called, r.failed = false, false
	}
}

// Call is rt.Call for a Target, which has got th from its Deliver: a coroutine of
// the script begins.
func (s *Scheduler) Call(th *rt.Thread, f rt.Value, n int, a0, a1, a2 rt.Value) (first rt.Value, count int) {
	th.Task().Owner.(*runner).called = true
	return rt.Call(th, f, n, a0, a1, a2)
}

// Failed notes after Call that the coroutine counts as one that has failed.
func (s *Scheduler) Failed(th *rt.Thread) { th.Task().Owner.(*runner).failed = true }

// Start runs f in a new coroutine, until it suspends or ends.
func (s *Scheduler) Start(th *rt.Thread, f rt.Value, args ...rt.Value) {
	if th.TooDeep() {
		th.Errorf("stack overflow")
	}
	s.watchSignals()
	r := s.take()
	r.f, r.args = f, args
	r.begin()
	r.enter(th)
}

// A Waiter is a coroutine that has suspended itself, or is about to.
type Waiter struct{ r *runner }

// Waiter returns the coroutine that th runs in. In the main chunk, where
// nothing can be suspended, it raises an error that names the call.
func (s *Scheduler) Waiter(th *rt.Thread, call string) Waiter {
	return Waiter{s.runner(th, call)}
}

func (s *Scheduler) runner(th *rt.Thread, call string) *runner {
	t := th.Task()
	if t == nil {
		th.Errorf("%s: only inside a coroutine (see start_new)", call)
	}
	return t.Owner.(*runner)
}

// Wait suspends the coroutine, in which th runs, until Wake.
func (w Waiter) Wait(th *rt.Thread) {
	w.r.away = true
	th.Suspend()
}

// Wake resumes the coroutine, which waits, nested in th. It returns when that
// suspends again or ends.
func (w Waiter) Wake(th *rt.Thread) { w.r.enter(th) }

// Deliver resumes r: the target of its event wake.
func (r *runner) Deliver(th *rt.Thread) { r.enter(th) }

// Pause suspends the running coroutine until a function that ResumeFunction
// gave it is called. It returns the arguments of that call.
func (s *Scheduler) Pause(th *rt.Thread) []rt.Value {
	r := s.runner(th, "pause")
	r.paused = true
	Waiter{r}.Wait(th)
	values := r.values
	r.values = nil
	return values
}

// ResumeFunction returns a function that resumes the running coroutine when it
// is paused.
func (s *Scheduler) ResumeFunction(th *rt.Thread) rt.Value {
	r := s.runner(th, "get_resume")
	serial := r.serial
	return rt.NewGoFunction("resume", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		switch {
		case r.serial != serial:
			th.Errorf("cannot resume dead coroutine")
		case !r.paused:
			th.Errorf("cannot resume a coroutine that is not paused")
		case th.TooDeep():
			th.Errorf("stack overflow")
		}
		r.paused = false
		r.values = th.AllArgs(n, a0, a1, a2)
		r.enter(th)
		return rt.Value{}, 0
	})
}
