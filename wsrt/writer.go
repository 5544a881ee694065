package wsrt

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"unicode/utf8"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/jsonvalue"
)

// SendMessage sends a text message and returns nil, or why it was not sent.
func (c *Conn) SendMessage(th *rt.Thread, message string) rt.Value {
	inCoroutine(th, "send_message")
	if err := c.send(th, "send_message", message); err != "" {
		return rt.NewString(err)
	}
	return rt.Value{}
}

// Send sends a value as JSON and returns nil, or why it was not sent.
func (c *Conn) Send(th *rt.Thread, message rt.Value) rt.Value {
	inCoroutine(th, "send")
	text, err := jsonvalue.Encode(message)
	if err != nil {
		return rt.NewString(err.Error())
	}
	if err := c.send(th, "send", text); err != "" {
		return rt.NewString(err)
	}
	return rt.Value{}
}

// send queues a text message. While the output is full it suspends the running
// coroutine; coroutines go on in the order of their calls.
func (c *Conn) send(th *rt.Thread, call, message string) string {
	if why := c.cannotSend(); why != "" {
		return why
	}
	if limit := c.options.maxMessage; len(message) > limit {
		return tooLarge(message, limit)
	}
	if !utf8.ValidString(message) {
		return notUTF8
	}
	if len(c.senders) > 0 || c.isFull() {
		c.senders = append(c.senders, c.s.Waiter(th, call))
		c.s.Hold()
		if c.crowded.Load() {
			c.watchSenders()
		}
		c.wantRoom(th)
		c.senders[len(c.senders)-1].Wait(th)
		if why := c.cannotSend(); why != "" {
			return why
		}
	}
	mark, err := c.frameMessage(opText, message)
	if err != nil {
		return "connection closed: " + err.Error()
	}
	c.sent(len(message), mark)
	return ""
}

// Why a message is not sent.
const notUTF8 = "message is not valid UTF-8"

func tooLarge(message string, limit int) string {
	return fmt.Sprintf("message too large: %d bytes, at most %d", len(message), limit)
}

// sent notes that a message of n bytes has been queued, and sees to it that it
// leaves where mark says that nobody else will.
func (c *Conn) sent(n int, mark bool) {
	c.coromega.counters.messagesOut++
	c.coromega.counters.bytesOut += n
	c.s.Queued(n)
	if mark {
		c.s.MarkDirty(c.wire)
	}
}

// frameMessage queues a message, compressed where that has been agreed on and
// saves something; called with the baton. It reports what frame does.
func (c *Conn) frameMessage(kind int, message string) (mark bool, err error) {
	if c.compresses(message) {
		small := false
		if message, small = c.coromega.deflater.deflate(message); small {
			kind |= compressed
		}
	}
	return c.frame(kind, message)
}

// compresses reports whether a message may be compressed, as far as the peer is
// concerned.
func (c *Conn) compresses(message string) bool { return c.deflate && len(message) <= 1<<c.window }

// cannotSend says why nothing can be sent any more.
func (c *Conn) cannotSend() string {
	if c.closed == "" && c.closeSent.Load() {
		return "connection closed"
	}
	return c.closed
}

func (c *Conn) isFull() bool {
	c.wire.mu.Lock()
	defer c.wire.mu.Unlock()
	return c.wire.queued > outMax && c.wire.err == nil
}

// wantRoom has wakeSenders called when the output has been written, or cannot
// be.
func (c *Conn) wantRoom(th *rt.Thread) {
	if c.roomPending {
		return
	}
	c.roomPending = true
	w := c.wire
	w.mu.Lock()
	now := w.queued <= outLow || w.err != nil
	w.wantRoom = !now
	mark := w.mark()
	w.mu.Unlock()
	if mark {
		c.s.MarkDirty(w)
	}
	if now {
		c.s.Post(&c.roomEvent.Event)
	}
}

// wakeSenders lets coroutines that wait in send go on while there is room.
func (c *Conn) wakeSenders(th *rt.Thread) {
	c.roomPending = false
	for len(c.senders) > 0 && (c.closed != "" || !c.isFull()) {
		w := c.senders[0]
		c.senders = c.senders[1:]
		c.s.Release()
		w.Wake(th)
	}
	if len(c.senders) == 0 {
		c.senders = nil
		c.update()
		return
	}
	c.wantRoom(th)
}

var framePool = sync.Pool{New: func() any { return new([]byte) }}

// frame queues a frame; kind may have the bit compressed. It reports whether the
// caller must mark the wire for a flush: the reader will not flush, and nobody
// has marked it.
func (c *Conn) frame(kind int, payload string) (mark bool, err error) {
	w := c.wire
	if c.layer != nil {
		buf := framePool.Get().(*[]byte)
		*buf = appendFrame((*buf)[:0], kind, payload, c.client)
		mark, err = c.queueFrame(*buf)
		if cap(*buf) > outLarge {
			*buf = nil
		}
		framePool.Put(buf)
		return mark, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return false, w.err
	}
	size := len(w.out)
	w.out = appendFrame(growOut(w.out, maxHeader+len(payload)), kind, payload, c.client)
	w.queued += len(w.out) - size
	return w.mark(), nil
}

// queueFrame is frame for one that has been made.
func (c *Conn) queueFrame(frame []byte) (mark bool, err error) {
	w := c.wire
	if c.layer != nil {
		_, err = c.layer.Write(frame)
	} else {
		_, err = w.Write(frame)
	}
	w.mu.Lock()
	mark = w.mark()
	w.mu.Unlock()
	return mark, err
}

// appendFrame appends a whole message, or a control frame (RFC 6455, section
// 5.2).
func appendFrame(b []byte, kind int, payload string, mask bool) []byte {
	b = append(b, finalBit|byte(kind))
	at := len(b)
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = append(b, 126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, 127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if !mask {
		return append(b, payload...)
	}
	b[at] |= maskBit
	key := rand.Uint32()
	b = binary.LittleEndian.AppendUint32(b, key)
	at = len(b)
	b = append(b, payload...)
	maskBytes(b[at:], key)
	return b
}

// maskBytes applies a mask, the first byte of which is the lowest of key.
func maskBytes(b []byte, key uint32) {
	for wide := uint64(key)<<32 | uint64(key); len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^wide)
	}
	for i := range b {
		b[i] ^= byte(key >> (8 * (i & 3)))
	}
}
