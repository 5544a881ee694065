package wsrt

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/luago-lang/luago/rt"
)

// Sending that never waits: to one connection, to many, to all that have
// subscribed to a topic. Where too much is queued already, because the peer reads
// slowly, a connection is left out; the others notice nothing of it.
//
// A message for many is framed once, and compressed once for those that have
// agreed on that; clients mask what they send, each with a key of its own.

// Queued returns how many bytes wait for the peer to read them.
func (c *Conn) Queued(*rt.Thread) int {
	c.wire.mu.Lock()
	defer c.wire.mu.Unlock()
	return c.wire.queued
}

// TrySend sends a text message where SendMessage would not wait, and reports
// whether it did, and why not.
func (c *Conn) TrySend(_ *rt.Thread, message string) (bool, rt.Value) {
	m := &outgoing{text: message, kind: opText, dropOver: outMax}
	why := m.problem(c.options.maxMessage)
	if why == "" {
		why = c.take(m)
	}
	if why != "" {
		return false, rt.NewString(why)
	}
	return true, rt.Value{}
}

// An outgoing message is one for any number of connections.
type outgoing struct {
	text     string
	kind     int // opText or opBinary
	dropOver int // bytes queued beyond which a connection is left out

	plain, deflated []byte // frames of servers; nil until one is needed
}

// problem says why nobody can be sent the message.
func (m *outgoing) problem(limit int) string {
	switch {
	case len(m.text) > limit:
		return tooLarge(m.text, limit)
	case m.kind == opText && !utf8.ValidString(m.text):
		return notUTF8
	}
	return ""
}

// frame returns the frame for a server's connection.
func (m *outgoing) frame(c *Conn) []byte {
	if !c.compresses(m.text) {
		if m.plain == nil {
			m.plain = appendFrame(nil, m.kind, m.text, false)
		}
		return m.plain
	}
	if m.deflated == nil {
		text, kind := m.text, m.kind
		if small, isSmall := c.coromega.deflater.deflate(text); isSmall {
			text, kind = small, kind|compressed
		}
		m.deflated = appendFrame(nil, kind, text, false)
	}
	return m.deflated
}

// take queues the message unless that would have to wait; called with the
// baton. It says why it did not.
func (c *Conn) take(m *outgoing) string {
	if why := c.cannotSend(); why != "" {
		return why
	}
	if len(c.senders) > 0 || c.Queued(nil) > m.dropOver {
		return "too much is queued"
	}
	var mark bool
	var err error
	if c.client {
		mark, err = c.frameMessage(m.kind, m.text)
	} else {
		mark, err = c.queueFrame(m.frame(c))
	}
	if err != nil {
		return "connection closed: " + err.Error()
	}
	c.sent(len(m.text), mark)
	return ""
}

// Broadcast sends a message to the connections that are keys or values of a
// table, and returns how many took it.
func (c *Coromega) Broadcast(th *rt.Thread, conns *rt.Table, message string, opts rt.Value) int {
	m := newOutgoing(th, "broadcast", message, opts)
	if why := m.problem(c.options.maxMessage); why != "" {
		th.Errorf("broadcast: %s", why)
	}
	var list []*Conn
	for k, v, _ := conns.Next(rt.Value{}); !k.IsNil(); k, v, _ = conns.Next(k) {
		conn, ok := rt.HostOfAny(k).(*Conn)
		if !ok {
			if conn, ok = rt.HostOfAny(v).(*Conn); !ok {
				th.Errorf("broadcast: a table of connections expected, found %s", rt.TypeName(v))
			}
		}
		list = append(list, conn)
	}
	return sendAll(m, list)
}

// sendAll returns how many connections take a message.
func sendAll(m *outgoing, list []*Conn) int {
	n := 0
	for _, conn := range list {
		if conn.take(m) == "" {
			n++
		}
	}
	return n
}

// broadcastOptions are the options of broadcast and publish, by name.
var broadcastOptions = map[string]func(m *outgoing, v rt.Value) (expected string){
	"drop_over": func(m *outgoing, v rt.Value) string { return readCount(&m.dropOver, v) },
	"binary": func(m *outgoing, v rt.Value) string {
		isBinary := false
		if expected := readSwitch(&isBinary, v); expected != "" {
			return expected
		}
		if isBinary {
			m.kind = opBinary
		}
		return ""
	},
}

// newOutgoing returns a message with the options of a table or nil.
func newOutgoing(th *rt.Thread, call, message string, opts rt.Value) *outgoing {
	m := &outgoing{text: message, kind: opText, dropOver: outMax}
	readOptionTable(th, call, m, opts, broadcastOptions)
	return m
}

// Topics. A connection leaves all of its topics when it ends.

// topics are the connections that have subscribed to each topic.
type topics map[string]map[*Conn]struct{}

// Subscribe has the connection get what is published under a topic.
func (c *Conn) Subscribe(_ *rt.Thread, topic string) {
	if c.over {
		return
	}
	all := c.coromega.topics
	if all[topic] == nil {
		all[topic] = map[*Conn]struct{}{}
	}
	all[topic][c] = struct{}{}
	if !slices.Contains(c.topics, topic) {
		c.topics = append(c.topics, strings.Clone(topic))
	}
}

// Unsubscribe takes Subscribe back, and reports whether there was anything to
// take back.
func (c *Conn) Unsubscribe(_ *rt.Thread, topic string) bool {
	i := slices.Index(c.topics, topic)
	if i < 0 {
		return false
	}
	c.topics = slices.Delete(c.topics, i, i+1)
	c.coromega.topics.remove(topic, c)
	return true
}

// leaveTopics ends all that Subscribe has begun.
func (c *Conn) leaveTopics() {
	for _, topic := range c.topics {
		c.coromega.topics.remove(topic, c)
	}
	c.topics = nil
}

func (t topics) remove(topic string, c *Conn) {
	delete(t[topic], c)
	if len(t[topic]) == 0 {
		delete(t, topic)
	}
}

// Publish sends a message to the connections that have subscribed to a topic,
// and returns how many took it.
func (c *Coromega) Publish(th *rt.Thread, topic, message string, opts rt.Value) int {
	m := newOutgoing(th, "publish", message, opts)
	if why := m.problem(c.options.maxMessage); why != "" {
		th.Errorf("publish: %s", why)
	}
	return sendAll(m, slices.Collect(maps.Keys(c.topics[topic])))
}
