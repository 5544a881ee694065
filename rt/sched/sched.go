// Package sched runs the coroutines of a coromega program: events from the
// network, timers and other coroutines, one at a time, in the order in which
// they arrived.
//
// Input: events, posted from any goroutine. Output: Lua functions called and
// coroutines resumed. The package must not know what an event is about.
//
// # The baton
//
// At any moment at most one goroutine runs Lua code of a State: it holds the
// baton. The baton and the queue of events are one atomic word:
//
//	nil      nobody holds the baton
//	open     nobody does, but events wait; who has left them will be back
//	busy     somebody does, and nothing new has come
//	else     somebody does; a chain of new events, the newest first
//
// Post pushes onto the chain. If the word was nil or open, the poster has taken
// the baton and delivers the events itself, its own first (this is called flat
// combining); otherwise the holder will, and the poster goes back to its
// socket. So there is no scheduler goroutine and nothing to wake up: where
// little happens, the goroutine that has read a message runs its handler, as
// in a server written in Go by hand (1.0 wake-ups per message, against 3.0
// with a scheduler and a writer goroutine per connection).
//
// A holder delivers some 256 events, then starts a goroutine that goes on
// with the baton, and returns to its own connection. Before it lets go of the
// baton it notes which connections have something to write (MarkDirty), and
// flushes them afterwards. Where Lua code runs for longer than a millisecond,
// the relay does both in its stead. Under load the baton is handed over again and again
// and never becomes free: nothing may wait for that.
//
// # Coroutines
//
// Events are delivered by a loop that runs inside a coroutine from a pool (a
// runner). A handler that does not suspend therefore costs no switch at all.
// One that suspends takes its runner with it, and the holder takes the next
// one; when it is resumed and has come to its end, its runner does not go on
// with the loop, but returns to whoever resumed it.
//
//	holder --> runner 1: event, event, handler suspends
//	       <--
//	       --> runner 2: event, "resume runner 1" --> rest of the handler
//	                                              <--
//	                     event, event, queue empty
//	       <--
//	lets go
//
// Measured against nine other designs as an echo server (docs/rationale.md):
// a scheduler goroutine with a channel costs 40 % more CPU at 1,000 connections
// with 16 messages in flight, one goroutine per handler costs six times as
// much where coroutines wait in receive_message, a mutex as baton has four
// times the latency.
package sched

import (
	"os"
	"sync/atomic"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A Target is what an event is for. Deliver is called with the baton, on a
// coroutine of its own: it may call one Lua function on th, with
// Scheduler.Call and as the last thing it does, and that may suspend. Errors may
// escape from it.
type Target interface {
	Deliver(th *rt.Thread)
}

// An Event is something that has happened. Sources embed it in what they
// post; it may be posted again once it has been delivered.
type Event struct {
	Target Target
	next   *Event
}

// A Chain collects events that are posted together.
type Chain struct {
	newest, oldest *Event
}

// Add adds e as the newest event.
func (c *Chain) Add(e *Event) {
	e.next = c.newest
	c.newest = e
	if c.oldest == nil {
		c.oldest = e
	}
}

// IsEmpty reports whether the chain has no events.
func (c *Chain) IsEmpty() bool { return c.newest == nil }

// In the word, busy means that the baton is held and nothing new has come, open
// that it is free although events wait, in the holder's lists: see drain.
var busy, open = new(Event), new(Event)

// A Scheduler is the one scheduler of a State. Methods other than Post and
// PostChain are for the holder of the baton: Lua code, and what it calls.
type Scheduler struct {
	// LastWords is how long the end of the program waits for output that is
	// still queued, and for close handshakes.
	LastWords time.Duration
	// Grace is how long the end of the program may take after a signal.
	Grace time.Duration

	word atomic.Pointer[Event]
	_    [56]byte // what follows is written by the holder only

	st           *rt.State
	local        *Event // events taken from the word, the oldest first
	later        *Event // events that come after those, the newest first
	delivered    int    // events, since the drainer took the baton
	queued       int    // bytes of output since then, see Queued
	relay        relay
	idle         []*runner
	runners      int // made and not stopped, idle or not
	errors       int // that have escaped a coroutine
	repeats      repeats
	lastFailed   bool           // the coroutine that ended last has failed
	holds        int            // see Hold
	sources      map[Source]int // by age
	sourceSerial int
	timers       timerHeap
	watchdog     watchdog
	running      bool // Run has been called
	watching     bool // signals are watched
	ending       bool // a signal has come, see Shutdown
	closing      int  // coroutines started since
	status       int  // exit status at the end
	ended        bool // the program is over: nothing runs any more
	done         chan struct{}
	exit         func(status int) // replaced by tests
	fatal        bool             // LUAGO_ON_ERROR=exit
	signalled    Event
	signal       os.Signal
}

type key struct{}

// For returns the scheduler of st. The caller's State must be at rest or run
// on the calling goroutine, which has the baton from then on.
func For(st *rt.State) *Scheduler {
	if s, ok := st.Registry[key{}].(*Scheduler); ok {
		return s
	}
	s := &Scheduler{
		LastWords: lastWords,
		Grace:     grace,

		st:      st,
		sources: map[Source]int{},
		repeats: repeats{},
		done:    make(chan struct{}),
		exit:    st.Exit,
		fatal:   os.Getenv("LUAGO_ON_ERROR") == "exit",
	}
	s.signalled.Target = (*signalTarget)(s)
	s.timers.init(s)
	s.watchdog.init(s)
	s.word.Store(busy)
	st.Registry[key{}] = s
	st.AtExit(s.quiesce)
	st.AtReturn(s.notRun)
	return s
}

// State returns the State that s is the scheduler of.
func (s *Scheduler) State() *rt.State { return s.st }

// Post queues an event, from any goroutine. If the baton is free, it delivers
// this event and those that come in the meantime before it returns.
func (s *Scheduler) Post(e *Event) { s.post(e, e, nil) }

// PostChain posts all events of c, and empties it.
func (s *Scheduler) PostChain(c *Chain) { s.PostFor(c, nil) }

// PostFor is PostChain for a reader, who has to go on reading: if Lua code
// that this goroutine runs takes long, by is replaced, and the result true. The
// caller must leave everything to who has taken its place, then.
func (s *Scheduler) PostFor(c *Chain, by Reader) (replaced bool) {
	newest, oldest := c.newest, c.oldest
	*c = Chain{}
	return s.post(newest, oldest, by)
}

func (s *Scheduler) post(newest, oldest *Event, by Reader) (replaced bool) {
	taken := false
	for {
		old := s.word.Load()
		if old == open {
			taken = s.word.CompareAndSwap(open, busy)
			continue
		}
		oldest.next = old
		if s.word.CompareAndSwap(old, newest) {
			if old == nil || taken {
				return s.drain(by)
			}
			return false
		}
	}
}

// open lets go of the baton although events wait.
func (s *Scheduler) open() {
	for !s.word.CompareAndSwap(busy, open) {
		newest := s.word.Swap(busy)
		oldest := newest
		for oldest.next != nil && oldest.next != busy {
			oldest = oldest.next
		}
		oldest.next = s.later
		s.later = newest
	}
}

// PostNext queues an event to be delivered before all others. Only the holder
// of the baton may call it.
func (s *Scheduler) PostNext(e *Event) {
	e.next = s.local
	s.local = e
}

// pop takes the oldest event, or nil.
func (s *Scheduler) pop() *Event {
	e := s.local
	if e == nil {
		top := s.later
		s.later = nil
		if top == nil {
			if s.word.Load() == busy {
				return nil
			}
			top = s.word.Swap(busy)
		}
		// Everything that has come, turned round.
		for top != nil && top != busy {
			next := top.next
			top.next = e
			e, top = top, next
		}
		if e == nil {
			return nil
		}
	}
	s.local = e.next
	e.next = nil
	return e
}

// more reports whether events wait.
func (s *Scheduler) more() bool { return s.local != nil || s.later != nil || s.word.Load() != busy }
