package sched

// Stats is what a Scheduler knows of itself.
type Stats struct {
	// Coroutines is how many coroutines run or wait for something.
	Coroutines int
	// Timers is how many of them, and of other things, wait for a time.
	Timers int
	// Errors is how many errors have escaped a coroutine.
	Errors int
}

// Stats returns the figures of now; with the baton.
func (s *Scheduler) Stats() Stats {
	return Stats{Coroutines: s.runners - len(s.idle), Timers: len(s.timers.queue), Errors: s.errors}
}

// EachSource calls f for all sources, in no order; with the baton.
func (s *Scheduler) EachSource(f func(src Source)) {
	for src := range s.sources {
		f(src)
	}
}
