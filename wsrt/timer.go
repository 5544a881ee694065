package wsrt

import (
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A Timer is what after and every return.
type Timer struct{ t *sched.Timer }

// Now returns the time in seconds since 1970 began.
func (c *Coromega) Now(*rt.Thread) float64 {
	return float64(time.Now().UnixMicro()) / 1e6 // what a double holds
}

// After calls f in a new coroutine, after some seconds.
func (c *Coromega) After(_ *rt.Thread, seconds float64, f rt.Value) rt.Value {
	return rt.NewHost(c.timer, &Timer{c.s.After(seconds, f)}).Value()
}

// Every calls f every so many seconds, each time in a new coroutine.
func (c *Coromega) Every(th *rt.Thread, seconds float64, f rt.Value) rt.Value {
	if !(seconds > 0) {
		th.ArgError("every", 1, "seconds must be more than 0")
	}
	return rt.NewHost(c.timer, &Timer{c.s.Every(seconds, f)}).Value()
}

// TimerOf returns the timer that v is, or nil.
func TimerOf(v rt.Value) *Timer {
	t, _ := rt.HostOf(v).(*Timer)
	return t
}

// Cancel stops the timer, and reports whether it would have called its function
// again.
func (t *Timer) Cancel(*rt.Thread) bool { return t.t.Cancel() }
