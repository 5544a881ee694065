package sched

import (
	"container/heap"
	"math"
	"sync/atomic"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A timerHeap holds the sleeping coroutines and the Timers, what is due first on
// top. One Go timer serves them all, so that they come in the order in which they
// are due, whatever the Go scheduler does.
type timerHeap struct {
	s      *Scheduler
	queue  dueQueue
	start  time.Time
	order  int64
	timer  *time.Timer
	armed  int64 // what the timer is set for, 0: not set
	event  Event
	posted atomic.Bool // the event waits to be delivered
}

func (t *timerHeap) init(s *Scheduler) {
	t.s = s
	t.start = time.Now()
	t.event.Target = t
}

// now is the time since the start, at least 1.
func (t *timerHeap) now() int64 { return int64(time.Since(t.start)) + 1 }

// fire runs on the Go timer's goroutine.
func (t *timerHeap) fire() {
	if t.posted.CompareAndSwap(false, true) {
		t.s.Post(&t.event)
	}
}

// A due is what happens at a time: its target is delivered to then.
type due struct {
	target Target
	when   int64
	order  int64 // of things that are due at the same time
	index  int   // in the queue; -1 where it is not queued
}

// add has d happen at the time when.
func (t *timerHeap) add(d *due, when int64) {
	t.order++
	d.when, d.order = when, t.order
	heap.Push(&t.queue, d)
	t.arm()
}

// arm sets the Go timer for what is due first.
func (t *timerHeap) arm() {
	if len(t.queue) == 0 || t.armed == t.queue[0].when {
		return
	}
	t.armed = t.queue[0].when
	d := time.Duration(t.armed - t.now())
	if t.timer == nil {
		t.timer = time.AfterFunc(d, t.fire)
	} else {
		t.timer.Reset(d)
	}
}

// Deliver has all that is due happen.
func (t *timerHeap) Deliver(th *rt.Thread) {
	t.posted.Store(false)
	t.armed = 0
	now := t.now()
	for len(t.queue) > 0 && t.queue[0].when <= now && !t.s.ended {
		d := heap.Pop(&t.queue).(*due)
		t.s.watchdog.step()
		d.target.Deliver(th)
	}
	t.arm()
}

// maxSleep is the longest sleep in seconds: what a Go duration can hold.
const maxSleep = math.MaxInt64 / 4 / float64(time.Second)

// duration returns so many seconds, 0 for what is negative or not a number.
func duration(seconds float64) time.Duration {
	if seconds > 0 {
		return time.Duration(math.Ceil(min(seconds, maxSleep) * float64(time.Second)))
	}
	return 0
}

// Sleep suspends the running coroutine for some seconds. In the main chunk it
// blocks the program.
func (s *Scheduler) Sleep(th *rt.Thread, seconds float64) {
	d := duration(seconds)
	if !th.InTask() {
		s.st.Flush()
		time.Sleep(d)
		return
	}
	r := s.runner(th, "sleep")
	if d == 0 {
		s.Post(&r.wake)
	} else {
		s.timers.add(&r.due, s.timers.now()+int64(d))
	}
	Waiter{r}.Wait(th)
}

// A Timer calls a function after some time, once or again and again, each time in
// a new coroutine.
type Timer struct {
	due
	s     *Scheduler
	f     rt.Value
	every time.Duration // 0: once
}

// After returns a Timer that calls f once, after some seconds.
func (s *Scheduler) After(seconds float64, f rt.Value) *Timer {
	return s.startTimer(duration(seconds), 0, f)
}

// Every returns a Timer that calls f every so many seconds, more than 0. What it
// could not do in time because others ran is left out, not made up for.
func (s *Scheduler) Every(seconds float64, f rt.Value) *Timer {
	d := duration(seconds)
	return s.startTimer(d, d, f)
}

func (s *Scheduler) startTimer(first, every time.Duration, f rt.Value) *Timer {
	t := &Timer{s: s, f: f, every: every}
	t.target = t
	s.timers.add(&t.due, s.timers.now()+int64(first))
	return t
}

// Deliver calls the function.
func (t *Timer) Deliver(th *rt.Thread) {
	if t.every > 0 {
		late := t.s.timers.now() - t.when
		t.s.timers.add(&t.due, t.when+int64(t.every)*(1+late/int64(t.every)))
	}
	t.s.Start(th, t.f)
}

// Cancel stops the timer, and reports whether it would have called its function
// again.
func (t *Timer) Cancel() bool {
	if t.index < 0 {
		return false
	}
	heap.Remove(&t.s.timers.queue, t.index)
	return true
}

// A dueQueue is a heap of what is due, for container/heap.
type dueQueue []*due

func (q dueQueue) Len() int { return len(q) }
func (q dueQueue) Less(i, j int) bool {
	if q[i].when != q[j].when {
		return q[i].when < q[j].when
	}
	return q[i].order < q[j].order
}
func (q dueQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push adds a due.
func (q *dueQueue) Push(x any) {
	d := x.(*due)
	d.index = len(*q)
	*q = append(*q, d)
}

// Pop removes the last one.
func (q *dueQueue) Pop() any {
	old := *q
	i := len(old) - 1
	d := old[i]
	d.index = -1
	old[i] = nil
	*q = old[:i]
	return d
}
