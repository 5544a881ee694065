package wsrt

import (
	"sync"
	"sync/atomic"
)

// A backlog is the large messages of a program that have been read, and that
// the script has not had yet. While they are too many, connections whose
// messages are large are not read: on many processors readers are faster than
// the one script, and what they would pile up leaves the cache, and makes the
// heap grow. With 1,000 connections of 64 KiB messages that was 60 MB.
type backlog struct {
	bytes   atomic.Int64
	mu      sync.Mutex
	waiting []waiting // the first in line first
}

// A waiting connection is listed once, also if it has been woken for another
// reason and waits again.
type waiting struct {
	wire *wire
	size int // of its messages
}

const (
	// largeSize is what makes a message a large one.
	largeSize = 32 << 10
	// backlogMax is how many bytes are too many.
	backlogMax = 4 << 20
)

// read notes that a message has been read.
func (b *backlog) read(size int) {
	if size >= largeSize {
		b.bytes.Add(int64(size))
	}
}

// delivered notes that the script gets a message, and lets as many connections
// go on as there is room for; all, when nothing is left that could let them go
// on later.
func (b *backlog) delivered(size int) {
	if size < largeSize {
		return
	}
	left := b.bytes.Add(-int64(size))
	if left > backlogMax/2 {
		return
	}
	b.mu.Lock()
	n := 0
	for room := backlogMax - left; n < len(b.waiting) && (left == 0 || room > 0); n++ {
		room -= int64(b.waiting[n].size)
		b.waiting[n].wire.listed = false
	}
	if n > 0 {
		go wakeReaders(b.waiting[:n:n])
	}
	if b.waiting = b.waiting[n:]; len(b.waiting) == 0 {
		b.waiting = nil
	}
	b.mu.Unlock()
}

func wakeReaders(list []waiting) {
	for _, w := range list {
		w.wire.room()
	}
}

// mustWait reports whether there are too many bytes: then w, which does not
// read, will be told when there are fewer; on the reader's goroutine.
func (b *backlog) mustWait(w *wire) bool {
	if b.bytes.Load() <= backlogMax {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bytes.Load() <= backlogMax {
		return false
	}
	if !w.listed {
		w.listed = true
		b.waiting = append(b.waiting, waiting{w, w.conn.lastSize})
	}
	return true
}
