package wsrt

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
)

// An acceptor hands out connections as wires. When no file descriptors are
// left, it turns surplus clients away at once, where net/http would leave them
// hanging unanswered: it keeps a descriptor in reserve, gives it up to accept
// the client, closes that, and takes the reserve back.
type acceptor struct {
	net.Listener
	reserve *os.File
	refused *atomic.Int64 // clients turned away
}

func newAcceptor(ln net.Listener, refused *atomic.Int64) *acceptor {
	a := &acceptor{Listener: ln, refused: refused}
	a.takeReserve()
	return a
}

func (a *acceptor) takeReserve() {
	if f, err := os.Open(os.DevNull); err == nil {
		a.reserve = f
	}
}

// Accept waits for a client.
func (a *acceptor) Accept() (net.Conn, error) {
	for {
		nc, err := a.Listener.Accept()
		if err == nil {
			return newWire(nc), nil
		}
		if a.reserve == nil || !outOfFiles(err) {
			return nil, err
		}
		a.reserve.Close()
		a.reserve = nil
		nc, err = a.Listener.Accept()
		if err == nil {
			nc.Close()
			a.refused.Add(1)
		}
		a.takeReserve()
		if err != nil {
			return nil, err
		}
	}
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
