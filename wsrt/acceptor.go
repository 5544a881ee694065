package wsrt

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/luago-lang/luago/rt/sched"
)

// An acceptor hands out connections as wires. When no file descriptors are
// left, it makes room for the next client where it can, and turns that away at
// once where it cannot; net/http would leave clients hanging unanswered.
//
//   - Room is made by closing the oldest connection that has been in its
//     handshake for handshakeGrace: so whoever opens connections and says nothing
//     cannot keep out those who do.
//   - To turn a client away it keeps a descriptor in reserve: gives it up, accepts
//     the client, closes that, and takes the reserve back.
type acceptor struct {
	net.Listener
	reserve *os.File
	refused *atomic.Int64 // clients turned away
	warned  time.Time

	mu         sync.Mutex
	handshakes handshake // of the connections that are in one: a ring, the oldest first
}

// A handshake is a connection that has not become a WebSocket yet.
type handshake struct {
	nc            net.Conn
	acceptor      *acceptor
	start         int64
	before, after *handshake // nil: not in the ring
}

const (
	handshakeGrace = time.Second
	// warnEvery is how often a lack of descriptors is worth a line.
	warnEvery = time.Minute
	// acceptPause is how long to wait where not even the reserve helps.
	acceptPause = 10 * time.Millisecond
)

func newAcceptor(ln net.Listener, refused *atomic.Int64) *acceptor {
	a := &acceptor{Listener: ln, refused: refused}
	ring := &a.handshakes
	ring.before, ring.after = ring, ring
	a.takeReserve()
	return a
}

func (a *acceptor) takeReserve() {
	if a.reserve == nil {
		if f, err := os.Open(os.DevNull); err == nil {
			a.reserve = f
		}
	}
}

// Accept waits for a client.
func (a *acceptor) Accept() (net.Conn, error) {
	for {
		nc, err := a.Listener.Accept()
		if err == nil {
			w := newWire(nc)
			w.handshake = a.enter(nc)
			return w, nil
		}
		if !outOfFiles(err) {
			return nil, err
		}
		a.warn(err)
		if a.evict() {
			continue
		}
		if a.takeReserve(); a.reserve == nil {
			time.Sleep(acceptPause)
			continue
		}
		a.reserve.Close()
		a.reserve = nil
		if nc, err = a.Listener.Accept(); err == nil {
			nc.Close()
			a.refused.Add(1)
		}
		a.takeReserve()
		if err != nil && !outOfFiles(err) {
			return nil, err
		}
	}
}

func (a *acceptor) warn(err error) {
	if a.warned.IsZero() || time.Since(a.warned) >= warnEvery {
		a.warned = time.Now()
		sched.Log("out_of_files", err.Error()+": clients are turned away", "listener", a.Addr())
	}
}

// enter notes that nc is in its handshake.
func (a *acceptor) enter(nc net.Conn) *handshake {
	a.mu.Lock()
	defer a.mu.Unlock()
	ring := &a.handshakes
	h := &handshake{nc: nc, acceptor: a, start: clock(), before: ring.before, after: ring}
	h.before.after, ring.before = h, h
	return h
}

// leave notes that the handshake is over.
func (h *handshake) leave() {
	h.acceptor.mu.Lock()
	defer h.acceptor.mu.Unlock()
	if h.before != nil {
		h.before.after, h.after.before = h.after, h.before
		h.before, h.after = nil, nil
	}
}

// evict closes the oldest connection in its handshake, unless that is young,
// and reports whether it did.
func (a *acceptor) evict() bool {
	a.mu.Lock()
	oldest := a.handshakes.after
	a.mu.Unlock()
	if oldest == &a.handshakes || clock()-oldest.start < int64(handshakeGrace) {
		return false
	}
	oldest.leave()
	oldest.nc.Close()
	a.refused.Add(1)
	return true
}

// Close stops listening.
func (a *acceptor) Close() error {
	err := a.Listener.Close()
	if a.reserve != nil {
		a.reserve.Close()
	}
	return err
}

func outOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
