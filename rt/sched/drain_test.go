package sched

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A parcel is an event of a sender's that queues output.
type parcel struct {
	Event
	post   *post
	sender int
	number int
	bytes  int
}

// A post is what parcels are delivered to: a Flusher that sees whether all
// goes as it must.
type post struct {
	*testing.T
	s       *Scheduler
	holders atomic.Int32
	next    []int // number of each sender's next parcel
	left    int
	dirty   atomic.Bool
	queued  atomic.Int32 // parcels that wait for a flush
	flushed atomic.Int32 // flushes
}

func (p *parcel) Deliver(*rt.Thread) {
	o := p.post
	if o.holders.Add(1) != 1 {
		o.Error("two hold the baton")
	}
	if p.number != o.next[p.sender] {
		o.Errorf("parcel %d of sender %d instead of %d", p.number, p.sender, o.next[p.sender])
	}
	o.next[p.sender]++
	o.queued.Add(1)
	if !o.dirty.Swap(true) {
		o.s.MarkDirty(o)
	}
	o.s.Queued(p.bytes)
	if o.s.queued >= 2*batchBytes {
		o.Errorf("%d bytes are queued before a flush", o.s.queued)
	}
	if o.left--; o.left == 0 {
		o.s.Release()
	}
	o.holders.Add(-1)
}

// Clean is called before Flush, Flush without the baton.
func (o *post) Clean() { o.dirty.Store(false) }

func (o *post) Flush() {
	o.queued.Store(0)
	o.flushed.Add(1)
}

// Many senders at once, with little output for each event and with much: each
// event is delivered once, in its sender's order, whoever takes the baton over.
func TestTakingOver(t *testing.T) {
	const senders, parcels = 8, 3000
	for _, bytes := range []int{0, 100, batchBytes / 3, batchBytes} {
		p := newProgram(t)
		o := &post{T: t, s: p.s, next: make([]int, senders), left: senders * parcels}
		var all sync.WaitGroup
		status, _ := p.run(t, func(*rt.Thread) {
			p.s.Hold()
			for i := range senders {
				all.Go(func() {
					var chain Chain
					for j := range parcels {
						e := &parcel{post: o, sender: i, number: j, bytes: bytes}
						e.Target = e
						if chain.Add(&e.Event); j%(i+1) == 0 || j == parcels-1 {
							p.s.PostChain(&chain)
						}
					}
				})
			}
		})
		all.Wait()
		for start := time.Now(); o.queued.Load() != 0 && time.Since(start) < 20*time.Second; { // a holder may be about to
			time.Sleep(time.Millisecond)
		}
		if status != 0 || o.left != 0 || o.queued.Load() != 0 {
			t.Errorf("%d bytes each: status %d, %d not delivered, %d not flushed", bytes, status, o.left, o.queued.Load())
		}
		if least := int32(senders * parcels * bytes / batchBytes / 2); o.flushed.Load() < least {
			t.Errorf("%d bytes each: %d flushes, want %d or more", bytes, o.flushed.Load(), least)
		}
	}
}
