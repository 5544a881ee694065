//go:build !unix

package wsrt

import (
	"net"
	"syscall"
)

// rawConn returns nil: there are no non-blocking reads and writes here.
func rawConn(net.Conn) syscall.RawConn { return nil }

func (w *wire) readSome(p []byte) (int, error) { return w.Conn.Read(p) }

// writeSome leaves all of p to writeBehind.
func (w *wire) writeSome([]byte) (int, error) { return 0, nil }
