package wsrt

import (
	"errors"
	"sync"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A message is a message from the network on its way to the script.
type message struct {
	sched.Event
	conn   *Conn
	text   rt.Value
	isText bool
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
	// headSize is how much is read at once behind a large message: the next one
	// may be as large, and is then read where it stays.
	headSize = 256
	// layerSize is how much is read at once through TLS.
	layerSize = 2 << 10
)

var errPeerSilent = errors.New("no sign of life")

// add adds a message to those that are posted together.
func (c *Conn) add(text rt.Value, isText bool) {
	m := messagePool.Get().(*message)
	m.conn, m.text, m.isText = c, text, isText
	c.pending.Add(&m.Event)
	c.nPending++
	size := text.Str().Len()
	c.pendingBytes += size
	c.coromega.backlog.read(size)
	if c.pace != nil {
		c.keepPace()
	}
}

// read reads messages until the connection ends, and brings it to its end.
// Where Lua code that it runs itself, in post, takes long, another goroutine
// goes on instead.
func (c *Conn) read() {
	for {
		err := c.parse()
		if err == nil {
			if c.post() {
				return
			}
			switch {
			case c.pauseUntil > 0:
				err = c.wire.pause(c.pauseUntil)
				c.pauseUntil = 0
			case len(c.in.rest) == 0:
				err = c.fill()
			}
		}
		if err != nil {
			c.finish(err)
			return
		}
	}
}

// post posts the messages read so far. It reports whether this goroutine has
// been replaced, and must leave the connection alone.
func (c *Conn) post() (replaced bool) {
	if c.pending.IsEmpty() {
		return false
	}
	c.unread.Add(c.nPending)
	c.nPending, c.pendingBytes = 0, 0
	return c.s.PostFor(&c.pending, c)
}

// Replace has another goroutine go on for the one that is in post.
func (c *Conn) Replace() {
	if c.finished {
		go c.linger()
	} else {
		go c.read()
	}
}

// fill waits for more. It gives the read-ahead buffer back first: an idle
// connection has none.
func (c *Conn) fill() error {
	w := c.wire
	if c.layer != nil {
		if c.in.isDirect() {
			return c.readDirect(c.layer)
		}
		if c.layerBuf == nil {
			c.layerBuf = make([]byte, layerSize)
		}
		n, err := c.layer.Read(c.layerBuf)
		if c.in.rest = c.layerBuf[:n]; n > 0 {
			return nil
		}
		return err
	}
	w.release()
	if err := w.park(); err != nil {
		return err
	}
	var err error
	if c.in.isDirect() {
		err = c.readDirect(w.Conn)
	} else {
		limit := readAhead
		if w.large && !c.in.inFrame {
			limit = headSize
		}
		c.in.rest, err = w.readSome(limit)
	}
	w.unpark()
	return err
}

// hasRoom reports whether the script takes more messages.
func (c *Conn) hasRoom() bool { return c.unread.Load() < maxUnread && !c.crowded.Load() }

// postRoom tells the senders that there is room in the output.
func (c *Conn) postRoom() { c.s.Post(&c.roomEvent.Event) }
