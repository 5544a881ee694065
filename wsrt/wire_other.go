//go:build !unix

package wsrt

import (
	"net"
	"syscall"
)

// rawConn returns nil: there are no non-blocking reads and writes here.
func rawConn(net.Conn) syscall.RawConn { return nil }

func (w *wire) readSome(limit int) ([]byte, error) { return w.readBlocking(limit) }

// writeSome leaves all of p to writeBehind.
func (w *wire) writeSome([]byte) (int, error) { return 0, nil }

// holdsInput cannot tell whether something has come that has not been read.
func (w *wire) holdsInput() bool { return false }
