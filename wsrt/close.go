package wsrt

import (
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// How a connection ends:
//
//	the peer closes             onClose answers; the reader gets a CloseError
//	the script closes           close; the reader gets the peer's answer, or
//	                            an error when closeWait is over
//	the program ends            as if the script closed, with 1001
//	the peer breaks the rules   the library (1002, 1009) or finish (1007, 1009)
//	                            sends a close frame
//	the network fails, or the   the reader gets an error
//	peer is silent
//
// In each case the reader stops and calls finish. A close frame that is not the
// script's own waits until the script has had the messages before it: what the
// script answers to them, without suspending first, precedes the frame.

// Close sends a close frame, by default with code 1000. The end of the
// connection is delivered when the peer has answered, or after some seconds.
func (c *Conn) Close(th *rt.Thread, code, reason rt.Value) {
	number, text := websocket.CloseNormalClosure, ""
	if !code.IsNil() {
		number = rt.CheckInt(th, "close", 1, 1, code)
		if !validCloseCode(number) {
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
	c.frame(websocket.CloseMessage, string(websocket.FormatCloseMessage(code, reason)))
	return true
}

// onClose answers the peer's close frame; on the reader's goroutine.
func (c *Conn) onClose(code int, _ string) error {
	c.settle()
	c.sendClose(code, "")
	return nil
}

// onLibraryClose is called before the library sends a close frame; on the
// reader's goroutine.
func (c *Conn) onLibraryClose() {
	c.settle()
	c.closeSent.Store(true)
}

// settle delivers the messages read so far, and waits until the script has had
// them; on the reader's goroutine. It does not wait longer than for the peer's
// part of a close handshake.
func (c *Conn) settle() {
	if c.closeSent.Load() {
		return
	}
	had := make(chan struct{})
	e := &event{}
	e.set(func(*rt.Thread) { close(had) })
	c.unread.Add(c.nPending)
	c.nPending = 0
	c.pending.Add(&e.Event)
	c.s.PostChain(&c.pending)
	timer := time.NewTimer(c.options.closeWait)
	defer timer.Stop()
	select {
	case <-had:
	case <-timer.C:
	}
}

// onPing answers a ping, unless the peer does not read answers; on the reader's
// goroutine.
func (c *Conn) onPing(data string) error {
	c.wire.mu.Lock()
	isRead := c.wire.queued <= outHigh
	c.wire.mu.Unlock()
	if isRead && !c.closeSent.Load() {
		c.frame(websocket.PongMessage, data)
	}
	return nil
}

// lingerTime is how long a connection is kept for the peer to close it too.
const lingerTime = 2 * time.Second

// finish brings the connection to its end, after its reader has failed with
// err; on the reader's goroutine.
func (c *Conn) finish(err error) {
	c.keepAlive.Stop()
	if v, ok := err.(*violation); ok {
		c.settle()
		c.sendClose(v.code, v.reason)
	}
	c.closeSent.Store(true)
	if half, ok := c.top().(interface{ CloseWrite() error }); ok {
		half.CloseWrite() // TLS: its own end of the stream
	}
	c.wire.Flush()
	c.unread.Add(c.nPending)
	c.nPending = 0
	c.pending.Add(&c.end.Event)
	c.s.PostChain(&c.pending)
	c.wire.linger(lingerTime)
	close(c.done)
	if t := c.closeTimer.Load(); t != nil {
		t.Stop() // it holds the connection
	}
	c.coromega.tidier.changed()
}

// checkAlive sends pings and ends a connection whose peer gives no sign of
// life. It runs on a timer's goroutine.
func (c *Conn) checkAlive() {
	o := c.options
	select {
	case <-c.done:
		return
	default:
	}
	w := c.wire
	w.mu.Lock()
	if w.waiting && (w.paused || !c.hasRoom()) { // nobody reads: the peer may have sent anything
		w.seen.Store(clock())
	}
	w.mu.Unlock()
	now := clock()
	dead := w.seen.Load() + int64(o.pongTimeout)
	if now >= dead {
		w.fail(errPeerSilent)
		return
	}
	if now >= c.pinged+int64(o.pingEvery) {
		c.pinged = now
		c.frame(websocket.PingMessage, "")
		w.Flush()
	}
	c.keepAlive.Reset(time.Duration(min(dead, c.pinged+int64(o.pingEvery)) - now))
}

// connSource is a connection as the scheduler closes it.
type connSource struct{ c *Conn }

// Shutdown begins the close handshake with code 1001.
func (s connSource) Shutdown(*rt.Thread, string) { s.Close() }

// Halt tells the script nothing.
func (s connSource) Halt(*rt.Thread, string) {}

// Close begins the close handshake with code 1001.
func (s connSource) Close() { s.c.close(websocket.CloseGoingAway, "") }

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
