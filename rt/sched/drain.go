package sched

import "sync"

// batch is how many events a drainer delivers before it hands the baton on, and
// batchBytes how much output these may have queued: what is flushed soon is
// still in the processor's cache.
const (
	batch      = 256
	batchBytes = 256 << 10
)

// Queued notes that the running coroutine has queued n bytes of output.
func (s *Scheduler) Queued(n int) { s.queued += n }

// isBatchFull reports whether the drainer has done its share.
func (s *Scheduler) isBatchFull() bool { return s.delivered >= batch || s.queued >= batchBytes }

var flushLists = sync.Pool{New: func() any { return new([]Flusher) }}

// drain delivers events until there are none. It is called with the baton and
// returns without it. It reports whether by, the reader on whose goroutine it
// runs (or nil), has been replaced.
//
// When much output is queued, it lets go of the baton while it flushes: who
// posts next takes over, and else it goes on itself. So of large messages there
// are never many between the read that has brought them and the write that
// takes them away. A goroutine that went on in the meantime would often be one
// that nobody runs yet.
func (s *Scheduler) drain(by Reader) (replaced bool) {
	list := flushLists.Get().(*[]Flusher)
	s.delivered, s.queued = 0, 0
	s.watchdog.watch()
	s.relay.begin(by)
	for !s.ended {
		if s.more() {
			r := s.take()
			r.enter(nil)
			if s.more() && !s.isBatchFull() {
				continue
			}
		}
		if s.relay.end(list, by) {
			by, replaced = nil, true
		}
		if !s.st.Stdout.IsEmpty() {
			s.st.Flush()
		}
		if s.more() {
			if s.delivered >= batch && !replaced {
				go s.drain(nil)
				break
			}
			s.open()
			flushAll(list)
			if s.word.CompareAndSwap(open, busy) {
				if s.queued = 0; replaced {
					s.delivered = 0
				}
				s.relay.begin(by)
				continue
			}
			break // somebody has taken over
		}
		if s.running && s.isOver() {
			flushAll(list)
			s.end(s.endStatus())
			break
		}
		if s.word.CompareAndSwap(busy, nil) {
			break
		}
		s.relay.begin(by)
	}
	flushAll(list)
	flushLists.Put(list)
	return replaced
}
