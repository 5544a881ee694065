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

// batch is how many events a drainer delivers before it hands the baton on.
const batch = 256

var flushLists = sync.Pool{New: func() any { return new([]Flusher) }}

// drain delivers events until there are none. It is called with the baton and
// returns without it.
func (s *Scheduler) drain() {
	list := flushLists.Get().(*[]Flusher)
	s.delivered = 0
	s.watchdog.watch()
	for !s.ended {
		if s.more() {
			r := s.take()
			r.enter(nil)
			if s.more() && s.delivered < batch {
				continue
			}
		}
		for i, f := range s.dirty {
			f.Clean()
			*list = append(*list, f)
			s.dirty[i] = nil
		}
		s.dirty = s.dirty[:0]
		if s.st.Stdout.Buffered() > 0 {
			s.st.Flush()
		}
		if s.more() {
			go s.drain()
			break
		}
		if s.running && s.isOver() {
			s.end(s.status)
			break
		}
		if s.word.CompareAndSwap(busy, nil) {
			break
		}
	}
	for i, f := range *list {
		f.Flush()
		(*list)[i] = nil
	}
	*list = (*list)[:0]
	flushLists.Put(list)
}
