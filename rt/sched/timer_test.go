package sched

import (
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// Timers call their functions in coroutines, in the order in which they are due,
// among sleeping coroutines; what is cancelled does not come; a program with
// timers goes on.
func TestTimers(t *testing.T) {
	p := newProgram(t)
	status, log := p.run(t, func(th *rt.Thread) {
		p.s.After(0.02, fn(func(th *rt.Thread) {
			p.note("second")
			p.s.Sleep(th, 0.02) // it is a coroutine
			p.note("fourth")
		}))
		p.s.After(0, fn(func(th *rt.Thread) { p.note("first") }))
		p.s.Start(th, fn(func(th *rt.Thread) {
			p.s.Sleep(th, 0.03)
			p.note("third")
		}))
		never := p.s.After(0.01, fn(func(th *rt.Thread) { p.note("never") }))
		if !never.Cancel() || never.Cancel() {
			t.Error("Cancel does not report what it did")
		}
		var done *Timer
		done = p.s.After(0.005, fn(func(th *rt.Thread) {
			if done.Cancel() {
				t.Error("a timer that has come is cancelled")
			}
		}))
	})
	if status != 0 || log != "first second third fourth" {
		t.Errorf("status %d: %s", status, log)
	}
}

// Every comes again and again, and is not made up for when it could not be; an error
// ends that call alone.
func TestEvery(t *testing.T) {
	const period = 20 * time.Millisecond
	p := newProgram(t)
	var calls []time.Duration
	p.run(t, func(th *rt.Thread) {
		start := time.Now()
		var every *Timer
		every = p.s.Every(period.Seconds(), fn(func(th *rt.Thread) {
			calls = append(calls, time.Since(start))
			switch len(calls) {
			case 1:
				time.Sleep(5 * period) // holds the baton
			case 2:
				th.Errorf("an error")
			case 4:
				if !every.Cancel() {
					t.Error("Cancel in the function itself reports that nothing was to come")
				}
			}
		}))
	})
	if len(calls) != 4 {
		t.Fatalf("%d calls: %v", len(calls), calls)
	}
	for i, least := range []time.Duration{1, 6, 7, 8} {
		if calls[i] < least*period {
			t.Errorf("call %d after %v, want %v or more", i, calls[i], least*period)
		}
	}
}
