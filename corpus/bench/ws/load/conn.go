package load

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// A conn is a client's connection: a non-blocking socket.
type conn struct {
	fd   int
	in   parser
	pos  int // in the frame that is being written
	owed int // bytes to be written

	// When the messages in flight were sent, a ring.
	sent  []int64
	first int
	count int
}

// patience is how many seconds an answer to the handshake may take.
const patience = 20

const request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" +
	"Upgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// dial opens a connection to a port of the loopback interface and shakes
// hands.
func dial(port int) (fd int, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			unix.Close(fd)
		}
	}()
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: patience}); err != nil {
		return 0, err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return 0, err
	}
	// Reset when closed, so that no port is kept for a minute after a run.
	if err := unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
		return 0, err
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, err
	}
	if _, err := unix.Write(fd, fmt.Appendf(nil, request, port)); err != nil {
		return 0, err
	}
	var answer []byte
	for !bytes.HasSuffix(answer, []byte("\r\n\r\n")) {
		var buf [1024]byte
		n, err := unix.Read(fd, buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return 0, fmt.Errorf("handshake: %v after %q", err, answer)
		}
		answer = append(answer, buf[:n]...)
	}
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 101 ")) {
		return 0, fmt.Errorf("handshake: %q", answer)
	}
	return fd, unix.SetNonblock(fd, true)
}

// dialAll opens n connections, some at a time.
func dialAll(port, n int) ([]*conn, error) {
	const atOnce = 32
	var mu sync.Mutex
	var conns []*conn
	var errs []error
	var wg sync.WaitGroup
	for i := range atOnce {
		wg.Go(func() {
			for j := i; j < n; j += atOnce {
				fd, err := dial(port)
				mu.Lock()
				if err == nil {
					conns = append(conns, &conn{fd: fd})
				} else {
					errs = append(errs, err)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if len(errs) > 0 {
		closeAll(conns)
	}
	return conns, errors.Join(errs...)
}

func closeAll(conns []*conn) {
	for _, c := range conns {
		unix.Close(c.fd)
	}
}
