package sched

import (
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A slot is something to flush and a reader, both of which count.
type slot struct{ flushed, replaced chan struct{} }

func newSlot() *slot {
	return &slot{make(chan struct{}, 10), make(chan struct{}, 10)}
}

func (s *slot) Clean()   {}
func (s *slot) Flush()   { s.flushed <- struct{}{} }
func (s *slot) Replace() { s.replaced <- struct{}{} }

// While a handler computes, what was queued before and in it is flushed, and
// the reader whose goroutine runs it is replaced, once; a reader whose handlers
// are short is not.
func TestRelay(t *testing.T) {
	p := newProgram(t)
	quick, slow := newSlot(), newSlot()
	p.run(t, func(*rt.Thread) {
		p.s.Hold()
		deliver := func(by Reader, f func(th *rt.Thread)) bool {
			var chain Chain
			chain.Add(&newNote(f).Event)
			return p.s.PostFor(&chain, by)
		}
		go func() {
			for p.s.word.Load() != nil { // until run has begun
				time.Sleep(time.Millisecond)
			}
			for range 100 {
				if deliver(quick, func(*rt.Thread) {}) {
					t.Error("a reader was replaced after a short handler")
				}
				time.Sleep(2 * relayTick)
			}
			if !deliver(slow, func(*rt.Thread) {
				for range 2 {
					p.s.MarkDirty(slow)
					compute(t, slow.flushed)
				}
				compute(t, slow.replaced)
				p.s.Release()
			}) {
				t.Error("the reader does not learn that it was replaced")
			}
		}()
	})
	if len(quick.replaced)+len(slow.replaced)+len(slow.flushed) != 0 {
		t.Error("replaced or flushed once too often")
	}
}

// compute computes until something happens.
func compute(t *testing.T, happens chan struct{}) {
	for start := time.Now(); time.Since(start) < 20*time.Second; {
		select {
		case <-happens:
			return
		default:
		}
	}
	t.Error("nothing happens while a handler computes")
}
