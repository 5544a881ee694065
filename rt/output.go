package rt

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Output is the buffer in front of standard output. What print and io.write put
// there leaves within flushAfter, also when the program goes on to compute for
// hours, and without a system call for each line:
//
//	the writer                       the timer's goroutine
//	copies its bytes behind n        marks the timer as idle
//	publishes the new n              takes the published n
//	arms the timer if it is idle     writes what has come since the last time
//
// Each looks at the other's mark after it has set its own, so one of them sees
// the last line. The writer takes the mutex only where the buffer is full or
// flushed, and publishing is the only atomic store of a print.
//
// There is one writer at a time: whoever runs Lua code of the State.
type Output struct {
	buf       []byte
	n         int // bytes in buf
	buffering Buffering

	published atomic.Int64  // n, as far as the timer's goroutine may know
	state     atomic.Uint32 // of the timer
	timer     *time.Timer

	mutex sync.Mutex // guards what follows, and buf[:published]
	w     io.Writer
	sent  int // bytes of buf that w has got
	err   error
}

// flushAfter is how long the first byte in the buffer waits.
const flushAfter = 5 * time.Millisecond

// The states of the timer.
const (
	timerIdle uint32 = iota
	timerArmed
	outputFailed // nothing is written any more
)

// A Buffering says when output leaves; of C's setvbuf but for the first.
type Buffering uint8

const (
	BufferSoon Buffering = iota // shortly after it was written
	BufferFull                  // when the buffer is full, but lines of print shortly after
	BufferLine                  // with the line
	BufferNone                  // at once
)

// NewOutput returns a buffer in front of w.
func NewOutput(w io.Writer) *Output { return &Output{w: w, buf: make([]byte, 1<<16)} }

// SetBuffering says when output leaves from now on.
func (o *Output) SetBuffering(b Buffering) {
	o.buffering = b
	if b == BufferNone {
		o.Flush()
	}
}

// AppendString puts s into the buffer. After the last part of what belongs
// together follows EndWrite or EndLine.
func (o *Output) AppendString(s string) error {
	if len(s) > len(o.buf)-o.n {
		return o.appendLarge([]byte(s))
	}
	o.n += copy(o.buf[o.n:], s)
	return nil
}

// AppendByte puts c into the buffer.
func (o *Output) AppendByte(c byte) {
	if o.n == len(o.buf) {
		o.Flush()
	}
	o.buf[o.n] = c
	o.n++
}

// AppendBytes puts b into the buffer.
func (o *Output) AppendBytes(b []byte) error {
	if len(b) > len(o.buf)-o.n {
		return o.appendLarge(b)
	}
	o.n += copy(o.buf[o.n:], b)
	return nil
}

// Available returns an empty slice of the free part of the buffer: what is
// appended to it costs no copy in AppendBytes.
func (o *Output) Available() []byte { return o.buf[o.n:o.n] }

// appendLarge puts b, for which there is no room, into the emptied buffer, or
// writes it where it is larger than that.
func (o *Output) appendLarge(b []byte) error {
	if err := o.Flush(); err != nil {
		return err
	}
	if len(b) <= len(o.buf) {
		o.n = copy(o.buf, b)
		return nil
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.write(b)
	return o.err
}

// IsByLine reports whether EndWrite has to know of line feeds.
func (o *Output) IsByLine() bool { return o.buffering == BufferLine }

// EndWrite ends a write. line says whether there was a line feed in it, where
// IsByLine asks for that.
func (o *Output) EndWrite(line bool) error {
	switch {
	case o.buffering == BufferSoon:
		return o.publish()
	case o.buffering == BufferNone, o.buffering == BufferLine && line:
		return o.Flush()
	}
	return nil
}

// EndLine ends a line of print, which leaves soon in any case.
func (o *Output) EndLine() error {
	if o.buffering >= BufferLine {
		return o.Flush()
	}
	return o.publish()
}

// publish lets the timer's goroutine have what is in the buffer.
func (o *Output) publish() error {
	o.published.Store(int64(o.n))
	if o.state.Load() == timerArmed {
		return nil
	}
	return o.arm()
}

// arm sets the timer, which is idle.
func (o *Output) arm() error {
	if o.state.Load() == outputFailed {
		return o.Flush()
	}
	o.state.Store(timerArmed)
	if o.timer == nil {
		o.timer = time.AfterFunc(flushAfter, o.tick)
	} else {
		o.timer.Reset(flushAfter)
	}
	return nil
}

// tick writes what has been published, on the timer's goroutine.
func (o *Output) tick() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.state.CompareAndSwap(timerArmed, timerIdle)
	n := int(o.published.Load())
	o.write(o.buf[o.sent:n])
	o.sent = n
}

// write writes b, with the mutex.
func (o *Output) write(b []byte) {
	if len(b) == 0 || o.err != nil {
		return
	}
	if _, o.err = o.w.Write(b); o.err != nil {
		o.state.Store(outputFailed)
	}
}

// Flush writes what is in the buffer. An error stays: nothing is written after
// it.
func (o *Output) Flush() error {
	if o.n == 0 && o.state.Load() != outputFailed {
		return nil
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.write(o.buf[o.sent:o.n])
	o.n, o.sent = 0, 0
	o.published.Store(0)
	return o.err
}

// IsEmpty reports whether the buffer is empty for certain: what the timer has
// had written counts until the next Flush.
func (o *Output) IsEmpty() bool { return o.n == 0 }
