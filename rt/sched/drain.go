package sched

import "sync"

// A Flusher is a connection with something to write.
type Flusher interface {
	// Clean is called with the baton: from now on the Flusher must be marked
	// again to be flushed again.
	Clean()
	// Flush is called without the baton. It must not block.
	Flush()
}

// MarkDirty has f flushed soon, outside the baton. f sees to it that it is
// marked once only until Clean.
func (s *Scheduler) MarkDirty(f Flusher) { s.dirty = append(s.dirty, f) }

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
// returns without it.
//
// When much output is queued, it lets go of the baton while it flushes: who
// posts next takes over, and else it goes on itself. So of large messages there
// are never many between the read that has brought them and the write that
// takes them away. A goroutine that went on in the meantime would often be one
// that nobody runs yet.
func (s *Scheduler) drain() {
	list := flushLists.Get().(*[]Flusher)
	s.delivered, s.queued = 0, 0
	s.watchdog.watch()
	for !s.ended {
		if s.more() {
			r := s.take()
			r.enter(nil)
			if s.more() && !s.isBatchFull() {
				continue
			}
		}
		for i, f := range s.dirty {
			f.Clean()
			*list = append(*list, f)
			s.dirty[i] = nil
		}
		s.dirty = s.dirty[:0]
		if !s.st.Stdout.IsEmpty() {
			s.st.Flush()
		}
		if s.more() {
			if s.delivered >= batch {
				go s.drain()
				break
			}
			s.open()
			flushAll(list)
			if s.word.CompareAndSwap(open, busy) {
				s.queued = 0
				continue
			}
			break // somebody has taken over
		}
		if s.running && s.isOver() {
			s.end(s.endStatus())
			break
		}
		if s.word.CompareAndSwap(busy, nil) {
			break
		}
	}
	flushAll(list)
	flushLists.Put(list)
}

// flushAll flushes what is in the list, and empties it.
func flushAll(list *[]Flusher) {
	for i, f := range *list {
		f.Flush()
		(*list)[i] = nil
	}
	*list = (*list)[:0]
}
