package wsrt

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// Peers that stall, vanish or attack. What they do to the protocol is in
// protocol_test.go, to file descriptors in child_test.go.

// A peer that vanishes while it is sent to is given up, though nothing is read
// from it then; the sender learns why.
func TestVanishedReader(t *testing.T) {
	p := newProgram(t)
	p.c.options.pingEvery, p.c.options.pongTimeout = 50*time.Millisecond, 2*time.Second
	var addr string
	var conn *Conn
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, c *Conn) {
			conn = c
			conn.WhenNewMsg(th, fn(func(_ *rt.Thread, msg rt.Value) {
				if msg.IsNil() {
					p.note("handler nil")
				}
			}))
			text := strings.Repeat("x", 100<<10)
			for {
				if err := conn.SendMessage(th, text); !err.IsNil() {
					p.note("%s", str(err))
					return
				}
			}
		})
	})
	nc, _ := rawPeer(t, addr)
	p.eventually("the socket is full, and not read", func() bool {
		if conn == nil {
			return false
		}
		io.WriteString(nc, raw(0x81, "x"))
		conn.wire.mu.Lock()
		defer conn.wire.mu.Unlock()
		return conn.wire.waiting && conn.wire.behind
	})
	p.await(2)
	if got := p.notes(); !strings.HasPrefix(got, "connection closed") || !strings.HasSuffix(got, "\nhandler nil") {
		t.Error(got)
	}
	p.halt()
}

// A peer that is slow, but reads, is alive.
func TestSlowReaderIsAlive(t *testing.T) {
	p := newProgram(t)
	var addr string
	var conn *Conn
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, c *Conn) {
			conn = c
			text := strings.Repeat("x", 100<<10)
			for conn.SendMessage(th, text).IsNil() {
			}
		})
	})
	nc, r := rawPeer(t, addr)
	p.eventually("the sender is suspended, the socket full", func() bool {
		if conn == nil || len(conn.senders) == 0 {
			return false
		}
		conn.wire.mu.Lock()
		defer conn.wire.mu.Unlock()
		return conn.wire.behind
	})
	seen := conn.wire.seen.Load()
	go io.Copy(io.Discard, r)
	eventually(t, "the peer is seen", func() bool { return conn.wire.seen.Load() > seen })
	nc.Close()
	p.halt()
}

// A reset in the middle of a frame ends that connection alone.
func TestReset(t *testing.T) {
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				p.note("%s", str(msg))
				if !msg.IsNil() {
					conn.SendMessage(th, str(msg))
				}
			}))
		})
	})
	other := peer(t, addr)
	nc, _ := rawPeer(t, addr)
	io.WriteString(nc, raw(0x81, "whole")+raw(0x81, "half of this is missing")[:12])
	p.await(1)
	nc.(*net.TCPConn).SetLinger(0)
	nc.Close()
	p.await(2)
	talk(t, other, "other")
	p.want("whole", "nil", "other")
	p.halt()
}

// Clients that send their request a byte at a time are closed when their time
// is over, and others are served meanwhile.
func TestSlowLoris(t *testing.T) {
	p := newProgram(t)
	p.c.options.headerWait = 300 * time.Millisecond
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	closed := make(chan error)
	for range 20 {
		nc := rawDial(t, addr)
		go func() {
			go func() {
				for err := error(nil); err == nil; time.Sleep(5 * time.Millisecond) {
					_, err = io.WriteString(nc, "G")
				}
			}()
			_, err := io.Copy(io.Discard, nc)
			closed <- err
		}()
	}
	p.c.options.headerWait = patience
	for range 20 {
		if err, ok := (<-closed).(net.Error); ok && err.Timeout() {
			t.Error("a client that sends a byte at a time is still there")
		}
	}
	talk(t, peer(t, addr), "served")
	p.halt()
}

// A message that says that it has 64 MiB is refused at once, before its bytes
// come.
func TestHugeMessage(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		conn.WhenNewMsg(th, p.noteAll("handler"))
	}, func(p *program, ws *websocket.Conn) {
		head := binary.BigEndian.AppendUint64([]byte{0x81, 0x80 | 127}, 64<<20)
		ws.NetConn().Write(append(head, 1, 2, 3, 4))
		if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
			t.Error(err)
		}
		p.await(1)
		p.want("handler nil")
	})
}

// While the script takes no message, a connection has some 256 on their way,
// and then is not read; nothing is lost.
func TestUnread(t *testing.T) {
	const n = 50_000
	p := newProgram(t)
	var addr string
	var conn *Conn
	got := 0
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, c *Conn) {
			conn = c
			conn.WhenNewMsg(th, fn(func(_ *rt.Thread, msg rt.Value) {
				if !msg.IsNil() {
					if str(msg) != fmt.Sprint(got) {
						t.Errorf("message %s, want %d", str(msg), got)
					}
					got++
				}
			}))
		})
	})
	nc, _ := rawPeer(t, addr)
	p.eventually("the connection", func() bool { return conn != nil })
	p.do(func(*rt.Thread) {
		go func() {
			var b strings.Builder
			for i := range n {
				b.WriteString(raw(0x81, fmt.Sprint(i)))
			}
			io.WriteString(nc, b.String())
		}()
		eventually(t, "the socket is not read", func() bool {
			conn.wire.mu.Lock()
			defer conn.wire.mu.Unlock()
			return conn.wire.waiting
		})
		// What one read brings is all on its way.
		if unread := int(conn.unread.Load()); unread < maxUnread || unread > maxUnread+readAhead/7 {
			t.Errorf("%d messages on their way", unread)
		}
	})
	p.eventually("all messages", func() bool { return got == n })
	p.halt()
}

// While a coroutine does not let go of the baton, others wait, and nothing
// breaks: clients still connect, and have their answers afterwards.
func TestBusyHandler(t *testing.T) {
	p := newProgram(t)
	var addr string
	release := make(chan struct{})
	busy := make(chan struct{})
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if str(msg) == "busy" {
					close(busy)
					<-release
				}
				if !msg.IsNil() {
					conn.SendMessage(th, str(msg))
				}
			}))
		})
	})
	first := peer(t, addr)
	write(t, first, "busy")
	<-busy
	var others []*websocket.Conn
	for i := range 10 {
		ws := peer(t, addr)
		write(t, ws, fmt.Sprint(i))
		others = append(others, ws)
	}
	close(release)
	if got := read(first); got != "busy" {
		t.Error(got)
	}
	for i, ws := range others {
		if got := read(ws); got != fmt.Sprint(i) {
			t.Errorf("client %d got %s", i, got)
		}
	}
	p.halt()
}

// A server whose answer does not end does not fill the memory.
func TestEndlessAnswer(t *testing.T) {
	sent := make(chan int64, 1)
	addr := rawServer(t, func(nc net.Conn) {
		io.WriteString(nc, "HTTP/1.1 101 Switching Protocols\r\n")
		n, _ := io.Copy(nc, io.LimitReader(repeat("X-More: and more of it\r\n"), 64<<20))
		sent <- n
	})
	if got := connects(t, addr, patience); got != errLongAnswer.Error() {
		t.Error(got)
	}
	if n := <-sent; n == 64<<20 {
		t.Error("all of the answer was taken")
	}
}
