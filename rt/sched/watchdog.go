package sched

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A watchdog says on standard error when a coroutine keeps the baton for long,
// so that all others wait, and which line of the script it is at.
//
// It is a timer that looks at a counter of the events that were delivered. It
// runs while the baton is held, and once more after that, then it rests until
// somebody takes the baton again: a program that waits has no timer. What it
// costs otherwise is a store for each event.
//
//	drain:  take the baton          check:  baton free: armed = false, and
//	        armed or set the timer          look again; else compare, set the timer
type watchdog struct {
	s     *Scheduler
	limit time.Duration // 0: off
	timer *time.Timer
	armed atomic.Bool
	steps atomic.Uint64 // events delivered; only the holder of the baton counts

	// What check has seen last, and when first.
	seen  uint64
	since time.Time
	told  bool
}

const (
	defaultWatchdog = 5 * time.Second
	// looks is how often the timer looks while the limit passes.
	looks = 4
	// noStep is no value of steps.
	noStep = ^uint64(0)
)

func (d *watchdog) init(s *Scheduler) {
	d.s, d.seen = s, noStep
	d.limit = defaultWatchdog
	text := os.Getenv("LUAGO_WATCHDOG")
	if text == "" {
		return
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds >= 0 && seconds < maxSleep) {
		s.Warn("bad_option", fmt.Sprintf("LUAGO_WATCHDOG: '%s' is no number of seconds: %v is used", text, defaultWatchdog.Seconds()))
		return
	}
	d.limit = time.Duration(seconds * float64(time.Second))
}

// step counts an event; with the baton.
func (d *watchdog) step() { d.steps.Store(d.steps.Load() + 1) }

// watch sets the timer unless it is set; with the baton.
func (d *watchdog) watch() {
	if d.armed.Load() || d.limit == 0 || !d.s.running || !d.armed.CompareAndSwap(false, true) {
		return
	}
	if d.timer == nil {
		d.timer = time.AfterFunc(d.limit/looks, d.check)
	} else {
		d.timer.Reset(d.limit / looks)
	}
}

// check runs on the timer's goroutine.
func (d *watchdog) check() {
	select {
	case <-d.s.done:
		return
	default:
	}
	if d.s.word.Load() == nil {
		d.seen = noStep
		d.armed.Store(false)
		if d.s.word.Load() == nil || !d.armed.CompareAndSwap(false, true) {
			return
		}
	}
	if n := d.steps.Load(); n != d.seen {
		d.seen, d.since, d.told = n, time.Now(), false
	} else if !d.told && time.Since(d.since) >= d.limit {
		d.told = true
		at := holderPosition()
		if d.steps.Load() == n {
			Log("busy", "a coroutine has not suspended itself for so long: all others wait", "seconds", d.limit.Seconds(), "at", at)
		}
	}
	d.timer.Reset(d.limit / looks)
}

// holderPosition returns the line of a script at which the holder of the baton
// is. It is the one goroutine that runs Lua code and is in no switch to another:
// that is what Go calls the state "coroutine". The goroutine of the main chunk
// waits in Run.
func holderPosition() string {
	buf := make([]byte, 1<<20)
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < 1<<28 {
		buf = make([]byte, 4*len(buf))
		n = runtime.Stack(buf, true)
	}
	for _, stack := range strings.Split(string(buf[:n]), "\n\n") {
		header, calls, _ := strings.Cut(stack, "\n")
		if strings.Contains(header, "[coroutine") || strings.Contains(calls, ".(*Scheduler).Run(") {
			continue
		}
		if at := rt.ScriptPosition(calls); at != "" {
			return at
		}
	}
	return "?"
}
