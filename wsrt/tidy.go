package wsrt

import (
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

// A tidier gives memory back when many connections have come or gone, or many
// bytes of large messages, and then no more do. With GOGC=400 the garbage of 10,000 handshakes would otherwise
// stay until the program has made five times as much: 12.2 KB for each idle
// connection instead of 8.9.
//
// It waits until the program is quiet: a busy one would take the memory again at
// once, and pay for it. An echo server with 10,000 connections used 1.4 times the
// processor time in the two seconds after that.
type tidier struct {
	changes   atomic.Int32 // connections that have come or gone since the last time
	bytes     atomic.Int64 // of large messages that have been read, or given up
	waits     atomic.Int32 // looks since they were many, at which the program was busy
	timer     *time.Timer
	allocated atomic.Uint64 // bytes, by the program so far, at the last look
}

const (
	// tidyAfter is how many changes make it worth while.
	tidyAfter = 1000
	// tidyQuiet is how long nobody must have come or gone, nor much have been
	// allocated.
	tidyQuiet = time.Second
	// tidyBusy is how many bytes are much.
	tidyBusy = 1 << 20
	// tidyBytes is how many bytes of large messages make it worth while, and
	// tidyLarge how many make a message one of these.
	tidyBytes = 16 << 20
	tidyLarge = 1 << 20
	// tidyWaits is at how many looks a busy program is left alone that has had
	// many bytes.
	tidyWaits = 2
)

func (t *tidier) init() {
	t.timer = time.AfterFunc(time.Hour, t.tidy)
	t.timer.Stop()
}

// changed notes that a connection has come or gone.
func (t *tidier) changed() {
	if t.changes.Add(1) >= tidyAfter {
		t.timer.Reset(tidyQuiet)
	}
}

// gone notes that n bytes of a message are garbage, or soon will be.
func (t *tidier) gone(n int) {
	if n < tidyLarge {
		return
	}
	if sum := t.bytes.Add(int64(n)); sum >= tidyBytes && sum-int64(n) < tidyBytes {
		t.timer.Reset(tidyQuiet)
	}
}

func (t *tidier) tidy() {
	allocated := allocatedBytes()
	busy := allocated-t.allocated.Swap(allocated) > tidyBusy
	if busy && (t.bytes.Load() < tidyBytes || t.waits.Add(1) <= tidyWaits) {
		t.timer.Reset(tidyQuiet)
		return
	}
	t.changes.Store(0)
	t.bytes.Store(0)
	t.waits.Store(0)
	debug.FreeOSMemory()
}

// allocatedBytes returns how much memory the program has allocated so far.
func allocatedBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
