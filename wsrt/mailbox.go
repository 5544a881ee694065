package wsrt

import (
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A mailbox is where the messages of a connection meet the script. It belongs
// to the holder of the baton.
//
//	a message goes to        when
//	the first receiver       some coroutine waits in receive_message
//	the handler              when_new_msg has set one
//	kept                     neither
//
// Of what is kept the oldest go when it is too much, but only as long as nobody
// has ever listened, and no coroutine waits to send: it may want the answers
// when it has sent. Otherwise the socket is not read while it is too much.
//
// While something is kept, new messages queue up behind it. A handler that is
// set then gets what is kept by the pump, an event that delivers one message
// at a time and goes before all others: as events, so that the coroutine that
// has set the handler goes on first, to its next suspension.
type mailbox struct {
	handler   rt.Value
	receivers []sched.Waiter
	handed    rt.Value // for the receiver that is being woken
	kept      []rt.Value
	keptBytes int
	warned    bool
	listened  bool // somebody has: nothing is dropped any more
	asked     bool // receive_message has been called
	stuck     bool // a warning that both ends wait for one another was given
	pump      event
	pumping   bool // the pump is queued
	over      bool // no message will come any more
	told      bool // the script has been told so
	held      bool // the program stays alive for this connection
	handlers  int  // coroutines of the handler that are alive
}

const (
	// maxKept and maxKeptBytes are how much is kept while nobody listens.
	maxKept      = 256
	maxKeptBytes = 1 << 20
	// maxUnread is how many messages may be on their way to the script before
	// the reader stops, and maxHandlers how many coroutines of the handler may
	// be alive, if none waits in receive_message.
	maxUnread   = 256
	maxHandlers = 1024
)

// arrived takes a message from the reader; as in sched.Target, calling the
// handler is the last thing that it does.
func (c *Conn) arrived(th *rt.Thread, msg rt.Value) {
	c.coromega.counters.messagesIn++
	c.coromega.counters.bytesIn += msg.Str().Len()
	switch {
	case len(c.kept) > 0:
		c.keep(msg)
	case len(c.receivers) > 0:
		c.handTo(th, msg)
	case !c.handler.IsNil():
		c.handle(th, msg)
	default:
		c.keep(msg)
	}
}

// ended takes the end of the connection from the reader.
func (c *Conn) ended(th *rt.Thread) {
	c.s.RemoveSource(connSource{c})
	c.leaveTopics()
	c.over = true
	if c.closed == "" {
		c.closed = "connection closed"
	}
	c.wakeSenders(th)
	if len(c.kept) == 0 {
		c.tellEnd(th)
	}
}

// tellEnd delivers the end, if anybody listens.
func (c *Conn) tellEnd(th *rt.Thread) {
	if c.told {
		return
	}
	if len(c.receivers) > 0 {
		c.told = true
		waiting := c.receivers
		c.receivers = nil
		c.update()
		for _, w := range waiting {
			c.handed = rt.Value{}
			w.Wake(th)
		}
		return
	}
	if !c.handler.IsNil() {
		c.told = true
		c.update()
		c.handle(th, rt.Value{})
	}
}

// handTo gives a message to the first receiver.
func (c *Conn) handTo(th *rt.Thread, msg rt.Value) {
	w := c.receivers[0]
	copy(c.receivers, c.receivers[1:])
	c.receivers[len(c.receivers)-1] = sched.Waiter{}
	c.receivers = c.receivers[:len(c.receivers)-1]
	c.update()
	c.handed = msg
	w.Wake(th)
}

// handle calls the handler.
func (c *Conn) handle(th *rt.Thread, msg rt.Value) {
	c.handlers++
	if c.handlers == maxHandlers {
		c.update()
	}
	defer c.handled()
	c.s.Call(th, c.handler, 1, msg, rt.Value{}, rt.Value{})
}

func (c *Conn) handled() {
	c.handlers--
	if c.handlers == maxHandlers-1 {
		c.update()
	}
}

// update follows a change of who listens: it keeps the program alive or not,
// and lets the reader go on or not.
func (c *Conn) update() {
	held := !c.told && (!c.handler.IsNil() || len(c.receivers) > 0)
	if held != c.held {
		c.held = held
		if held {
			c.s.Hold()
		} else {
			c.s.Release()
		}
	}
	crowded := c.handlers >= maxHandlers && len(c.receivers) == 0 || c.isKeptFull() && !c.mayDrop()
	if crowded != c.crowded.Load() {
		c.crowded.Store(crowded)
		c.wire.room()
		if crowded && len(c.senders) > 0 {
			c.watchSenders()
		}
	}
}

// isKeptFull reports whether as much is kept as may be.
func (c *Conn) isKeptFull() bool { return len(c.kept) >= maxKept || c.keptBytes >= maxKeptBytes }

// mayDrop reports whether messages that are kept may be dropped.
func (c *Conn) mayDrop() bool { return !c.listened && len(c.senders) == 0 }

// stuckAfter is how long nothing must move on a connection whose ends wait for
// one another, before that is worth a warning.
const stuckAfter = 2 * time.Second

// watchSenders warns, once for each connection, when coroutines wait to send
// for the peer to read, while the peer's messages fill what is kept, so that it
// may wait for the script to receive.
func (c *Conn) watchSenders() {
	first, kept := c.senders[0], len(c.kept)
	e := &event{}
	e.set(func(*rt.Thread) {
		if c.stuck || c.over || len(c.senders) == 0 || c.senders[0] != first || len(c.kept) != kept || !c.crowded.Load() {
			return
		}
		c.stuck = true
		c.s.Warn("stuck", "send_message waits for the peer to read, and the peer's messages wait for receive_message",
			"peer", c.wire.RemoteAddr(), "senders", len(c.senders), "kept", kept)
	})
	time.AfterFunc(stuckAfter, func() { c.s.Post(&e.Event) })
}

// keep keeps a message until somebody listens.
func (c *Conn) keep(msg rt.Value) {
	c.kept = append(c.kept, msg)
	c.keptBytes += msg.Str().Len()
	if !c.mayDrop() {
		if c.isKeptFull() {
			c.update()
		}
		return
	}
	for len(c.kept) > maxKept || c.keptBytes > maxKeptBytes {
		c.takeKept()
		if !c.warned {
			c.warned = true
			c.s.Warn("messages_dropped", "nobody listens: the oldest messages that have come go", "peer", c.wire.RemoteAddr(), "kept", len(c.kept))
		}
	}
}

func (c *Conn) takeKept() rt.Value {
	msg := c.kept[0]
	c.kept[0] = rt.Value{}
	if c.kept = c.kept[1:]; len(c.kept) == 0 {
		c.kept = nil
	}
	c.keptBytes -= msg.Str().Len()
	if c.crowded.Load() {
		c.update()
	}
	return msg
}

// pumpOne delivers the oldest message that is kept, or the end.
func (c *Conn) pumpOne(th *rt.Thread) {
	c.pumping = false
	if len(c.kept) == 0 {
		if c.over {
			c.tellEnd(th)
		}
		return
	}
	if len(c.receivers) == 0 && c.handler.IsNil() {
		return
	}
	msg := c.takeKept()
	if len(c.kept) > 0 || c.over && !c.told {
		c.startPump()
	}
	if len(c.receivers) > 0 {
		c.handTo(th, msg)
	} else {
		c.handle(th, msg)
	}
}

func (c *Conn) startPump() {
	if !c.pumping {
		c.pumping = true
		c.s.PostNext(&c.pump.Event)
	}
}

// WhenNewMsg sets the function that messages are given to.
func (c *Conn) WhenNewMsg(th *rt.Thread, f rt.Value) {
	inCoroutine(th, "when_new_msg")
	c.handler, c.listened = f, true
	c.answers.Store(!c.asked)
	c.update()
	if len(c.kept) > 0 || c.over && !c.told {
		c.startPump()
	}
}

// ReceiveMessage suspends the running coroutine until the next message, and
// returns that, or nil once the connection has ended.
func (c *Conn) ReceiveMessage(th *rt.Thread) rt.Value {
	w := c.s.Waiter(th, "receive_message")
	if !c.asked {
		c.asked, c.listened = true, true
		c.answers.Store(false)
		c.wire.room()
	}
	if len(c.kept) > 0 {
		return c.takeKept()
	}
	if c.over {
		if !c.told {
			c.told = true
			c.update()
		}
		return rt.Value{}
	}
	c.receivers = append(c.receivers, w)
	c.update()
	w.Wait(th)
	msg := c.handed
	c.handed = rt.Value{}
	return msg
}
