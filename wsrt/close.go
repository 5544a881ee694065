package wsrt

import (
	"encoding/binary"
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// How a connection ends:
//
//	the peer closes             finish answers
//	the script closes           close; the reader gets the peer's answer, or
//	                            an error when closeWait is over
//	the program ends            as if the script closed, with 1001
//	the peer breaks the rules   finish sends a close frame: 1002, 1007, 1009
//	the network fails, or the   the reader gets an error
//	peer is silent
//
// In each case the reader stops and calls finish. A close frame that is not the
// script's own waits until the script has had the messages before it: what the
// script answers to them, without suspending first, precedes the frame.

// Close sends a close frame, by default with code 1000. The end of the
// connection is delivered when the peer has answered, or after some seconds.
func (c *Conn) Close(th *rt.Thread, code, reason rt.Value) {
	number, text := closeNormal, ""
	if !code.IsNil() {
		number = rt.CheckInt(th, "close", 1, 1, code)
		if float64(number) != rt.CheckNumber(th, "close", 1, 1, code) || !validCloseCode(number) {
			th.ArgError("close", 1, "not a close code that may be sent")
		}
	}
	if !reason.IsNil() {
		if text = rt.CheckString(th, "close", 2, 2, reason); len(text) > maxReason {
			th.ArgError("close", 2, "reason longer than 123 bytes")
		}
	}
	c.close(number, text)
}

// maxReason is how long a close frame's reason may be.
const maxReason = 123

// validCloseCode reports whether an application may send the code
// (RFC 6455, section 7.4).
func validCloseCode(code int) bool {
	switch {
	case code >= 3000 && code <= 4999:
		return true
	case code == 1004 || code == 1005 || code == 1006:
		return false
	}
	return code >= 1000 && code <= 1014
}

// close begins the close handshake, unless it has begun; called with the
// baton.
func (c *Conn) close(code int, reason string) {
	if c.closed == "" {
		c.closed = "connection closed"
	}
	if c.sendClose(code, reason) {
		c.closeTimer.Store(time.AfterFunc(c.options.closeWait, func() {
			select {
			case <-c.done:
			default:
				c.wire.fail(errWire)
			}
		}))
	}
	c.wire.Flush()
}

// sendClose sends a close frame, unless one has been sent, and reports whether
// it did.
func (c *Conn) sendClose(code int, reason string) bool {
	if c.closeSent.Swap(true) {
		return false
	}
	payload := ""
	if code != closeNone {
		payload = string(binary.BigEndian.AppendUint16(nil, uint16(code))) + reason
	}
	c.frame(opClose, payload)
	return true
}

// settle delivers the messages read so far, and waits until the script has had
// them; on the reader's goroutine. It does not wait longer than for the peer's
// part of a close handshake, nor when the program ends.
func (c *Conn) settle() {
	if c.closeSent.Load() {
		return
	}
	had := make(chan struct{})
	e := &event{}
	e.set(func(*rt.Thread) { close(had) })
	c.unread.Add(c.nPending)
	c.nPending, c.pendingBytes = 0, 0
	c.pending.Add(&e.Event)
	chain := c.pending
	c.pending = sched.Chain{}
	w := c.wire
	w.mu.Lock()
	w.parked = true // others flush
	w.hurry = make(chan struct{})
	hurry := w.hurry
	w.mu.Unlock()
	w.Flush()
	go c.s.PostChain(&chain) // it may have to run Lua code
	timer := time.NewTimer(c.options.closeWait)
	defer timer.Stop()
	select {
	case <-had:
	case <-hurry:
	case <-timer.C:
	}
	w.mu.Lock()
	w.hurry = nil
	w.mu.Unlock()
	w.unpark()
}

// onPing answers a ping, unless the peer does not read answers; on the reader's
// goroutine.
func (c *Conn) onPing(data string) {
	c.wire.mu.Lock()
	isRead := c.wire.queued <= outHigh
	c.wire.mu.Unlock()
	if isRead && !c.closeSent.Load() {
		c.frame(opPong, data)
	}
}

// lingerTime is how long a connection is kept for the peer to close it too.
const lingerTime = 2 * time.Second

// finish brings the connection to its end, after its reader has failed with
// err; on the reader's goroutine.
func (c *Conn) finish(err error) {
	c.keepAlive.Stop()
	c.wire.release()
	c.coromega.tidier.gone(cap(c.in.mem))
	c.in = input{}
	switch e := err.(type) {
	case *violation:
		c.settle()
		c.sendClose(e.code, e.reason)
	case *farewell:
		c.settle()
		c.sendClose(e.code, "")
	}
	c.closeSent.Store(true)
	if half, ok := c.layer.(interface{ CloseWrite() error }); ok {
		half.CloseWrite() // TLS: its own end of the stream
	}
	c.wire.Flush()
	c.pending.Add(&c.end.Event)
	c.finished = true
	if !c.post() {
		c.linger()
	}
}

// linger waits for the peer to close; on the reader's goroutine, which is gone
// then.
func (c *Conn) linger() {
	c.wire.linger(lingerTime)
	close(c.done)
	if t := c.closeTimer.Load(); t != nil {
		t.Stop() // it holds the connection
	}
	c.coromega.tidier.changed()
	if c.gone != nil {
		c.gone()
	}
}

const (
	// lateSlack is how late the timer of a connection may be without the
	// program having been stopped, or the machine too busy, in the meantime.
	lateSlack = 250 * time.Millisecond
	// askAgain is how long a peer has for an answer after that.
	askAgain = 5 * time.Second
)

// checkAlive sends pings, and ends a connection whose peer gives no sign of
// life. It runs on a timer's goroutine. That the peer has been silent it says
// only if its socket holds nothing, unless that is not read because the peer
// does not read; and a timer that is late says nothing of the peer: that is
// asked once more first.
func (c *Conn) checkAlive() {
	o := c.options
	select {
	case <-c.done:
		return
	default:
	}
	w := c.wire
	now := clock()
	w.mu.Lock()
	if w.waiting && (w.paused || !c.hasRoom()) { // nobody reads: the peer may have sent anything
		w.seen.Store(now)
	}
	isBlocked := w.waiting && w.queued > outHigh
	w.mu.Unlock()
	if now >= w.seen.Load()+int64(o.pongTimeout) {
		switch {
		case !isBlocked && w.holdsInput():
			w.seen.Store(now)
		case now-c.due > int64(lateSlack):
			w.seen.Store(now - int64(o.pongTimeout-min(o.pongTimeout, askAgain)))
			c.pinged = 0
		default:
			w.fail(errPeerSilent)
			return
		}
	}
	if c.pinged == 0 || now >= c.pinged+int64(o.pingEvery) {
		c.pinged = now
		c.frame(opPing, "")
		w.Flush()
	}
	c.due = min(w.seen.Load()+int64(o.pongTimeout), c.pinged+int64(o.pingEvery))
	c.keepAlive.Reset(time.Duration(c.due - now))
}

// connSource is a connection as the scheduler closes it.
type connSource struct{ c *Conn }

// Shutdown begins the close handshake with code 1001.
func (s connSource) Shutdown(*rt.Thread, string) { s.Close() }

// Halt tells the script nothing.
func (s connSource) Halt(*rt.Thread, string) {}

// Close begins the close handshake with code 1001.
func (s connSource) Close() {
	s.c.close(closeGoingAway, "")
	w := s.c.wire
	w.mu.Lock()
	if w.hurry != nil {
		close(w.hurry)
		w.hurry = nil
	}
	w.mu.Unlock()
}

// Wait waits until the close handshake is over. If the program ends on the
// reader's goroutine, that cannot do its part.
func (s connSource) Wait(deadline time.Time) {
	w := s.c.wire
	w.mu.Lock()
	parked := w.parked
	w.mu.Unlock()
	if !parked {
		w.linger(time.Until(deadline))
		return
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case <-s.c.done:
	case <-timer.C:
		w.fail(errWire)
	}
}
