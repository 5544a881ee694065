package sched

import (
	"container/heap"
	"math"
	"sync/atomic"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A timerHeap holds the sleeping coroutines, the one that is due first on top.
// One Go timer serves them all, so that they wake in the order in which they
// are due, whatever the Go scheduler does.
type timerHeap struct {
	s      *Scheduler
	queue  runnerQueue
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

// add has r woken at the time when.
func (t *timerHeap) add(r *runner, when int64) {
	t.order++
	r.when, r.order = when, t.order
	heap.Push(&t.queue, r)
	t.arm()
}

// arm sets the Go timer for the first sleeper.
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

// Deliver wakes the coroutines that are due.
func (t *timerHeap) Deliver(th *rt.Thread) {
	t.posted.Store(false)
	t.armed = 0
	now := t.now()
	for len(t.queue) > 0 && t.queue[0].when <= now && !t.s.ended {
		r := heap.Pop(&t.queue).(*runner)
		t.s.watchdog.step()
		r.enter(th)
	}
	t.arm()
}

// maxSleep is the longest sleep in seconds: what a Go duration can hold.
const maxSleep = math.MaxInt64 / 4 / float64(time.Second)

// Sleep suspends the running coroutine for some seconds. In the main chunk it
// blocks the program.
func (s *Scheduler) Sleep(th *rt.Thread, seconds float64) {
	d := time.Duration(0)
	if seconds > 0 {
		d = time.Duration(math.Ceil(min(seconds, maxSleep) * float64(time.Second)))
	}
	if !th.InTask() {
		s.st.Flush()
		time.Sleep(d)
		return
	}
	r := s.runner(th, "sleep")
	if d == 0 {
		s.Post(&r.wake)
	} else {
		s.timers.add(r, s.timers.now()+int64(d))
	}
	Waiter{r}.Wait(th)
}

// A runnerQueue is a heap of sleeping runners, for container/heap.
type runnerQueue []*runner

func (q runnerQueue) Len() int { return len(q) }
func (q runnerQueue) Less(i, j int) bool {
	if q[i].when != q[j].when {
		return q[i].when < q[j].when
	}
	return q[i].order < q[j].order
}
func (q runnerQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds a runner.
func (q *runnerQueue) Push(x any) { *q = append(*q, x.(*runner)) }

// Pop removes the last one.
func (q *runnerQueue) Pop() any {
	old := *q
	i := len(old) - 1
	r := old[i]
	old[i] = nil
	*q = old[:i]
	return r
}
