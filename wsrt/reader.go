package wsrt

import (
	"errors"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A message is a message from the network on its way to the script.
type message struct {
	sched.Event
	conn *Conn
	text rt.Value
}

var messagePool = sync.Pool{New: func() any {
	m := &message{}
	m.Target = m
	return m
}}

// Deliver hands the message to the mailbox.
func (m *message) Deliver(th *rt.Thread) {
	c, text := m.conn, m.text
	m.conn, m.text = nil, rt.Value{}
	messagePool.Put(m)
	if c.unread.Add(-1) == maxUnread/2 {
		c.wire.room()
	}
	c.coromega.backlog.delivered(text.Str().Len())
	c.arrived(th, text)
}

const (
	// postAfter and postBytes are how many messages of one read are collected
	// before they are posted.
	postAfter = 64
	postBytes = 64 << 10
	// scratchSize is the size of the buffers that messages are read into.
	scratchSize = 32 << 10
	// headSize is how much of a message is looked at before it is taken for a
	// large one, like the last.
	headSize = 200
	// maxGuess is how much memory a message gets before more has come.
	maxGuess = 1 << 20
)

var scratchPool = sync.Pool{New: func() any { return new([scratchSize]byte) }}

// A violation is an error of the peer's that the library leaves to us, with
// what the close frame says of it.
type violation struct {
	code   int
	reason string
}

// Error returns the reason.
func (v *violation) Error() string { return v.reason }

var (
	errNotUTF8    = &violation{websocket.CloseInvalidFramePayloadData, "invalid UTF-8"}
	errNotDeflate = &violation{websocket.CloseInvalidFramePayloadData, "invalid compressed data"}
	errTooLarge   = &violation{websocket.CloseMessageTooBig, ""} // after inflation
	errPeerSilent = errors.New("no sign of life")
)

// read reads messages until the connection ends, and brings it to its end.
func (c *Conn) read() {
	size := 0
	var err error
	for {
		var text rt.Value
		if text, err = c.readMessage(); err != nil {
			break
		}
		m := messagePool.Get().(*message)
		m.conn, m.text = c, text
		c.pending.Add(&m.Event)
		c.nPending++
		c.coromega.backlog.read(text.Str().Len())
		if size += text.Str().Len(); c.nPending >= postAfter || size >= postBytes {
			c.postMessages()
			size = 0
		}
		if c.pace != nil {
			if err = c.keepPace(); err != nil {
				break
			}
		}
	}
	c.finish(err)
}

// postMessages posts the messages read so far. The wire calls it before it
// waits for more.
func (c *Conn) postMessages() {
	if c.nPending > 0 {
		c.unread.Add(c.nPending)
		c.nPending = 0
		c.s.PostChain(&c.pending)
	}
}

// hasRoom reports whether the script takes more messages.
func (c *Conn) hasRoom() bool { return c.unread.Load() < maxUnread && !c.crowded.Load() }

// postRoom tells the senders that there is room in the output.
func (c *Conn) postRoom() { c.s.Post(&c.roomEvent.Event) }

// readMessage reads one message. Small ones are read into a buffer from a
// pool and copied. Large ones are read where they stay, into memory of the size
// of the last large one: an echo of 64 KiB takes 65 us of processor time, and
// took 88 when the message was copied and the output buffer not from a pool.
//
// The library holds messages to the limit as they are on the wire, so here it
// is what has been inflated that counts.
func (c *Conn) readMessage() (rt.Value, error) {
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return rt.Value{}, err
	}
	scratch := scratchPool.Get().(*[scratchSize]byte)
	defer scratchPool.Put(scratch)
	part := scratch[:]
	if c.wire.large { // as this one may be: what the library has buffered is enough
		part = part[:headSize]
	}
	n, err := readPart(r, part)
	switch {
	case n > c.options.maxMessage:
		return rt.Value{}, errTooLarge
	case err == nil:
		return c.readLarge(r, part, kind == websocket.TextMessage)
	case err != io.EOF:
		return rt.Value{}, inflateError(err)
	}
	c.wire.large = false
	if kind == websocket.TextMessage && !utf8.Valid(part[:n]) {
		return rt.Value{}, errNotUTF8
	}
	return rt.NewBytes(part[:n]), nil
}

// readPart reads until part is full, or the message has come to its end: then
// the error is io.EOF.
func readPart(r io.Reader, part []byte) (n int, err error) {
	for n < len(part) && err == nil {
		var k int
		k, err = r.Read(part[n:])
		n += k
	}
	return n, err
}

// readLarge reads the rest of a message that begins with head.
func (c *Conn) readLarge(r io.Reader, head []byte, isText bool) (rt.Value, error) {
	// Room for one byte more, or the end would not be seen.
	mem := uncleared(min(max(c.lastSize, 2*scratchSize), maxGuess) + 1)
	n := copy(mem, head)
	var err error
	for err == nil {
		if n == len(mem) {
			more := uncleared(2 * n)
			copy(more, mem)
			mem = more
		}
		var k int
		k, err = r.Read(mem[n:])
		if n += k; n > c.options.maxMessage {
			return rt.Value{}, errTooLarge
		}
	}
	if err != io.EOF {
		return rt.Value{}, inflateError(err)
	}
	c.wire.large = n >= largeSize
	c.lastSize = n
	text := unsafe.String(&mem[0], n)
	if len(mem)-n > n/4 {
		text = strings.Clone(text)
	}
	if isText && !utf8.ValidString(text) {
		return rt.Value{}, errNotUTF8
	}
	return rt.NewString(text), nil
}

// uncleared returns n bytes or more of new memory, with anything in them.
func uncleared(n int) []byte {
	var b strings.Builder
	b.Grow(n)
	b.WriteByte(0)
	return unsafe.Slice(unsafe.StringData(b.String()), b.Cap())
}
