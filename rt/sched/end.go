package sched

import (
	"maps"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/luago-lang/luago/rt"
)

// How a program ends:
//
//	nothing can happen any more   end(0), or end(1) if the last coroutine has
//	                              failed
//	the script never calls run    the process ends with the main chunk; a
//	                              warning where somebody waits for something
//	halt                          Halt: sources end, then end(0)
//	SIGINT, SIGTERM               sources end in order, at most Grace long,
//	                              then end(130 or 143); a second signal exits
//	an error that is fatal        report, end(1)
//
// end closes what is left, gives queued output a moment to leave, and exits.

// A Source is something that events come from, and that has to be closed at
// the end of the program: a listener, a connection.
type Source interface {
	// Shutdown begins to end the source in order. It goes on delivering
	// events until it removes itself.
	Shutdown(th *rt.Thread, reason string)
	// Halt tells the script, on th, what it is to hear of the end even when
	// the program calls halt. Close follows.
	Halt(th *rt.Thread, reason string)
	// Close ends the source at once, and Wait, which follows for all sources,
	// waits until what was queued has been written, or until the deadline.
	Close()
	Wait(deadline time.Time)
}

// AddSource registers a source. It does not keep the program alive: see Hold.
func (s *Scheduler) AddSource(src Source) {
	s.watchSignals()
	s.sourceSerial++
	s.sources[src] = s.sourceSerial
}

// RemoveSource unregisters a source that has ended.
func (s *Scheduler) RemoveSource(src Source) { delete(s.sources, src) }

// listSources returns the sources, the oldest first.
func (s *Scheduler) listSources() []Source {
	return slices.SortedFunc(maps.Keys(s.sources), func(a, b Source) int {
		return s.sources[a] - s.sources[b]
	})
}

// Hold says that something may still happen: the program does not end by
// itself before a Release for each Hold.
func (s *Scheduler) Hold() { s.holds++ }

// Release takes back a Hold.
func (s *Scheduler) Release() { s.holds-- }

// The time that the end of a program may take.
const (
	grace     = 5 * time.Second // see Scheduler.Grace
	lastWords = time.Second     // see Scheduler.LastWords
)

// isOver reports whether nothing can happen any more. After a signal timers
// and coroutines that wait for something else do not count.
func (s *Scheduler) isOver() bool {
	if s.ending {
		return len(s.sources) == 0 && s.closing == 0
	}
	return s.holds == 0 && len(s.timers.queue) == 0
}

// Run delivers events until the program ends. It does not return.
func (s *Scheduler) Run(th *rt.Thread) {
	if th.InTask() {
		th.Errorf("run: only in the main chunk, not inside a coroutine")
	}
	s.running = true
	s.watchSignals()
	s.drain(nil)
	<-s.done
	runtime.Goexit()
}

// Halt ends the program with status 0. It does not return.
func (s *Scheduler) Halt(th *rt.Thread) {
	for _, src := range s.listSources() {
		src.Halt(th, "halt")
	}
	s.end(0)
}

// endStatus is the exit status of a program in which nothing can happen any
// more: a coroutine that has failed is not the last word as long as others end
// well after it.
func (s *Scheduler) endStatus() int {
	if s.lastFailed && !s.ending {
		return 1
	}
	return s.status
}

// notRun warns, when the main chunk has returned, of what ends with it although it
// waits for something.
func (s *Scheduler) notRun() {
	if s.running || s.ended || s.isOver() && len(s.sources) == 0 && s.runners == len(s.idle) {
		return
	}
	s.Warn("not_run", "the script has ended without coromega:run(): so have its listeners and coroutines")
}

// report deals with an error that has escaped a coroutine.
func (s *Scheduler) report(err *rt.Error) {
	s.errors++
	isLast := !s.running || s.fatal
	if held, ok := s.repeats.allow(placeOf(err), time.Now()); ok || isLast {
		if held > 0 {
			s.Warn("repeated", "the error below has come so many more times since it was last reported", "count", held)
		}
		s.st.Report(err)
	}
	if isLast {
		s.end(1)
	}
}

// Running reports whether Run has been called.
func (s *Scheduler) Running() bool { return s.running }

// Fail reports an error that belongs to no coroutine, on standard error. If it
// is fatal, it ends the program.
func (s *Scheduler) Fail(msg string, fatal bool) {
	s.st.Flush()
	os.Stderr.WriteString("luago: " + msg + "\n")
	s.lastFailed = true
	if fatal || s.fatal {
		s.end(1)
	}
}

// end ends the program. It does not return: the baton is never free again.
func (s *Scheduler) end(status int) {
	s.ended = true
	s.relay.stop()
	s.exit(status)
	close(s.done)
	runtime.Goexit()
}

// OnExit replaces the end of the process, for tests: f is called with the exit
// status instead, after which the goroutines that ran Lua code end.
func (s *Scheduler) OnExit(f func(status int)) { s.exit = f }

// quiesce closes the sources that are left when the program ends.
func (s *Scheduler) quiesce() {
	s.ended = true
	s.relay.stop()
	sources := s.listSources()
	for _, src := range sources {
		src.Close()
	}
	deadline := time.Now().Add(s.LastWords)
	var all sync.WaitGroup // they may wait for one another: two ends of a connection
	for _, src := range sources {
		all.Go(func() { src.Wait(deadline) })
	}
	all.Wait()
}

// watchSignals has SIGINT and SIGTERM end the program in order, from the first
// coroutine or source on: one that comes before Run waits for that.
func (s *Scheduler) watchSignals() {
	if s.watching {
		return
	}
	s.watching = true
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer signal.Stop(c)
		select {
		case s.signal = <-c:
		case <-s.done:
			return
		}
		go s.Post(&s.signalled)
		timer := time.NewTimer(s.Grace)
		defer timer.Stop()
		select {
		case <-c:
		case <-timer.C:
		case <-s.done:
			return
		}
		os.Exit(signalStatus(s.signal))
	}()
}

func signalStatus(sig os.Signal) int {
	if n, ok := sig.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return 1
}

// A signalTarget is the Scheduler as the target of the first signal.
type signalTarget Scheduler

// Deliver begins to end the program.
func (t *signalTarget) Deliver(th *rt.Thread) {
	(*Scheduler)(t).Shutdown(th, "signal: "+t.signal.String(), signalStatus(t.signal))
}

// Shutdown ends the program in order: it ends when all sources have ended, and
// the coroutines that were started because of that.
func (s *Scheduler) Shutdown(th *rt.Thread, reason string, status int) {
	s.ending = true
	s.status = status
	for _, src := range s.listSources() {
		src.Shutdown(th, reason)
	}
}

// Sources returns the number of sources.
func (s *Scheduler) Sources() int { return len(s.sources) }
