//go:build unix

package wsrt

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/luago-lang/luago/rt"
)

// A signal ends the program in order.
func TestSignal(t *testing.T) {
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) {
		l, a := p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				p.c.Sleep(th, 0.01) // runs on while the program ends
				p.note("%s", str(msg))
			}))
		})
		addr = a
		l.WhenDead(th, fn(func(_ *rt.Thread, reason rt.Value) { p.note("dead: %s", str(reason)) }))
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) { p.c.Sleep(th, 1000) }))
	})
	ws := peer(t, addr)
	write(t, ws, "hello")
	p.await(1)
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	if got := read(ws); got != "websocket: close 1001 (going away)" {
		t.Errorf("the peer got %s", got)
	}
	if status := p.wait(); status != 143 {
		t.Errorf("exit status %d", status)
	}
	p.want("hello", "dead: signal: terminated", "nil")
}

// When file descriptors run out, surplus clients are turned away and service
// goes on.
func TestOutOfFiles(t *testing.T) {
	mine, theirs := net.Pipe()
	last, _ := net.Pipe()
	ln := &scarce{results: []any{syscall.EMFILE, mine, last}}
	var refused atomic.Int64
	a := newAcceptor(ln, &refused)
	var nc net.Conn
	var err error
	if text := captureStderr(t, func() { nc, err = a.Accept() }); !strings.HasPrefix(text, "luago: level=warn event=out_of_files listener=127.0.0.1:1042 ") {
		t.Errorf("standard error: %s", text)
	}
	if err != nil || nc.(*wire).Conn != last {
		t.Errorf("accepted %v, %v", nc, err)
	}
	if _, err := theirs.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the surplus client got %v", err)
	}
	if n := refused.Load(); n != 1 {
		t.Errorf("%d clients counted", n)
	}
	if a.reserve == nil {
		t.Error("no descriptor in reserve")
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// A scarce listener gives what its list says.
type scarce struct {
	net.Listener
	results []any
}

func (s *scarce) Accept() (net.Conn, error) {
	r := s.results[0]
	s.results = s.results[1:]
	switch r := r.(type) {
	case net.Conn:
		return r, nil
	case error:
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", r)}
	}
	return nil, errors.New("end")
}

func (s *scarce) Close() error { return nil }

func (s *scarce) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1042} }
