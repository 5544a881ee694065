package sched

import (
	"sync"
	"time"
)

// A Flusher is a connection with something to write.
type Flusher interface {
	// Clean is called when a flush is about to follow: from now on the Flusher
	// must be marked again to be flushed again. It may be called from any
	// goroutine, and must not mark anything.
	Clean()
	// Flush is called without the baton, from any goroutine. It must not
	// block.
	Flush()
}

// A Reader is who posts events and has something else to do afterwards, which
// it does not while it delivers events itself: see PostFor.
type Reader interface {
	// Replace has another goroutine do what the poster would do after PostFor.
	Replace()
}

// A relay sees to it that a coroutine that runs for long holds up nothing but
// the Lua code of others: what has been queued leaves all the same, and the
// reader whose goroutine delivers the events is replaced by another goroutine.
//
// It is a timer that looks, every relayTick, whether the holder of the baton is
// where it was at the last look, with output that has not been flushed, or on
// a reader's goroutine. It is set while there is any of these, and rests
// otherwise: so a program that waits has none, and a busy one has a thousand
// looks a second, against some hundred thousand messages.
type relay struct {
	mu     sync.Mutex
	dirty  []Flusher
	reader Reader // that delivers events, and has not been replaced
	turn   uint64 // counts what a look must leave alone, for it has just begun
	seen   uint64 // turn at the last look
	timer  *time.Timer
	armed  bool
}

// relayTick is how often a relay looks: what is older than that is flushed, so
// that nothing waits longer than twice this.
const relayTick = 500 * time.Microsecond

// MarkDirty has f flushed soon, outside the baton. f sees to it that it is
// marked once only until Clean.
func (s *Scheduler) MarkDirty(f Flusher) {
	r := &s.relay
	r.mu.Lock()
	if len(r.dirty) == 0 {
		r.turn++
	}
	r.dirty = append(r.dirty, f)
	r.arm()
	r.mu.Unlock()
}

// arm sets the timer unless it is set; mu is held.
func (r *relay) arm() {
	if r.armed {
		return
	}
	r.armed = true
	if r.timer == nil {
		r.timer = time.AfterFunc(relayTick, r.look)
	} else {
		r.timer.Reset(relayTick)
	}
}

// begin notes that events are about to be delivered on the goroutine of by.
func (r *relay) begin(by Reader) {
	if by == nil {
		return
	}
	r.mu.Lock()
	r.turn++
	r.reader = by
	r.arm()
	r.mu.Unlock()
}

// end moves what is to be flushed to list, and reports whether the reader has
// been replaced since begin; with the baton.
func (r *relay) end(list *[]Flusher, by Reader) (replaced bool) {
	r.mu.Lock()
	for i, f := range r.dirty {
		f.Clean()
		*list = append(*list, f)
		r.dirty[i] = nil
	}
	r.dirty = r.dirty[:0]
	replaced = by != nil && r.reader == nil
	r.reader = nil
	r.mu.Unlock()
	return replaced
}

// look runs on the timer's goroutine.
func (r *relay) look() {
	var list []Flusher
	var reader Reader
	r.mu.Lock()
	if r.turn == r.seen {
		list, r.dirty = r.dirty, nil
		for _, f := range list {
			f.Clean()
		}
		reader, r.reader = r.reader, nil
	}
	r.seen = r.turn
	if r.armed = r.reader != nil || len(r.dirty) > 0; r.armed {
		r.timer.Reset(relayTick)
	}
	r.mu.Unlock()
	flushAll(&list)
	if reader != nil {
		reader.Replace()
	}
}

// stop says that the program ends on the goroutine that has the baton: its
// reader is not to be replaced any more.
func (r *relay) stop() {
	r.mu.Lock()
	r.reader = nil
	r.mu.Unlock()
}

// flushAll flushes what is in the list, and empties it.
func flushAll(list *[]Flusher) {
	for i, f := range *list {
		f.Flush()
		(*list)[i] = nil
	}
	*list = (*list)[:0]
}
