//go:build unix

package wsrt

import (
	"io"
	"net"
	"syscall"
)

// rawConn returns the socket of nc, or nil if it has none.
func rawConn(nc net.Conn) syscall.RawConn {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// readSome waits for something to read, and reads up to limit bytes into the
// read-ahead buffer.
func (w *wire) readSome(limit int) ([]byte, error) {
	if w.raw == nil {
		return w.readBlocking(limit)
	}
	if w.readFn == nil {
		w.readFn = w.tryRead
	}
	w.readMax = limit
	if err := w.raw.Read(w.readFn); err != nil {
		return nil, err
	}
	switch {
	case w.readN > 0:
		return w.aheadBuf[:w.readN], nil
	case w.readErr == nil:
		return nil, io.EOF
	}
	return nil, w.readErr
}

// tryRead reads into a fresh read-ahead buffer, and reports whether it is done:
// if not, there is nothing to read yet, and it keeps no buffer meanwhile.
func (w *wire) tryRead(fd uintptr) bool {
	buf := aheadPool.Get().(*[readAhead]byte)
	for {
		w.readN, w.readErr = syscall.Read(int(fd), buf[:w.readMax])
		if w.readErr != syscall.EINTR {
			break
		}
	}
	if w.readN > 0 {
		w.aheadBuf = buf
		return true
	}
	aheadPool.Put(buf)
	return w.readErr != syscall.EAGAIN
}

// holdsInput reports whether something has come that has not been read.
func (w *wire) holdsInput() bool {
	if w.raw == nil {
		return false
	}
	n := 0
	_ = w.raw.Control(func(fd uintptr) { // an error: it is closed
		var b [1]byte
		n, _, _ = syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return n > 0
}

// writeSome writes what the socket takes at once.
func (w *wire) writeSome(p []byte) (int, error) {
	if w.raw == nil {
		return 0, nil
	}
	if w.writeFn == nil {
		w.writeFn = w.tryWrite
	}
	w.writeBuf, w.writeErr = p, nil
	err := w.raw.Write(w.writeFn)
	n := len(p) - len(w.writeBuf)
	w.writeBuf = nil
	if err == nil {
		err = w.writeErr
	}
	return n, err
}

// tryWrite writes what the socket takes, and reports that it is done.
func (w *wire) tryWrite(fd uintptr) bool {
	for len(w.writeBuf) > 0 {
		n, err := syscall.Write(int(fd), w.writeBuf)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			if err != syscall.EAGAIN {
				w.writeErr = err
			}
			break
		}
		w.writeBuf = w.writeBuf[n:]
	}
	return true
}
