package wsrt

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// captureStderr returns what f writes to standard error.
func captureStderr(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stderr
	os.Stderr = w
	text := make(chan string)
	go func() {
		b, _ := io.ReadAll(r)
		text <- string(b)
	}()
	defer func() { os.Stderr = old }()
	f()
	w.Close()
	return <-text
}

// peer connects a foreign client.
func peer(t *testing.T, addr string) *websocket.Conn {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return ws
}

// read returns the next message of a foreign peer, or how it ended.
func read(ws *websocket.Conn) string {
	ws.SetReadDeadline(time.Now().Add(patience))
	_, b, err := ws.ReadMessage()
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// write sends a text message.
func write(t *testing.T, ws *websocket.Conn, text string) {
	t.Helper()
	if err := ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Error(err)
	}
}

// echo is a handler.
func echo(th *rt.Thread, conn *Conn) {
	conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
		if !msg.IsNil() {
			conn.SendMessage(th, str(msg))
		}
	}))
}

// A client that connects before run waits, and its messages with it.
func TestConnectBeforeRun(t *testing.T) {
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		_, addr := p.serve(th, func(th *rt.Thread, conn *Conn) {
			p.note("%s", str(conn.ReceiveMessage(th)))
			p.note("%s", str(conn.ReceiveMessage(th)))
			p.c.Halt(th)
		})
		ws := peer(t, addr)
		write(t, ws, "1")
		write(t, ws, "2")
		time.Sleep(20 * time.Millisecond)
		p.note("run")
	})
	p.want("run", "1", "2")
}

// A connection that comes before when_new_conn is called waits for that.
func TestWhenNewConnLater(t *testing.T) {
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, rt.Value{}))
		ws := peer(t, fmt.Sprintf("ws://127.0.0.1:%d/any/path?q", l.Port(th)))
		write(t, ws, "hello")
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			p.c.Sleep(th, 0.02)
			l.WhenNewConn(th, onConn(func(th *rt.Thread, conn *Conn) {
				p.note("%s", str(conn.ReceiveMessage(th)))
				p.c.Halt(th)
			}))
			p.note("set")
		}))
	})
	p.want("set", "hello")
}

func TestPortArgument(t *testing.T) {
	p := newProgram(t)
	for _, port := range []float64{-1, 65536, 1.5, math.NaN(), math.Inf(1)} {
		err := rt.Protect(p.st.Main, func() { p.c.CreateWebsocketServer(p.st.Main, "127.0.0.1", port, rt.Value{}) })
		if err == nil || !strings.Contains(err.Error(), "bad argument #2 to 'create_websocket_server' (port ") {
			t.Errorf("port %v: %v", port, err)
		}
	}
}

// A failed bind is what when_dead hears of; without when_dead it ends the
// program.
func TestFailedBind(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := float64(taken.Addr().(*net.TCPAddr).Port)
	want := fmt.Sprintf("listen tcp 127.0.0.1:%v: bind: address already in use", port)

	p := newProgram(t)
	p.start(func(th *rt.Thread) {
		l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", port, rt.Value{}))
		l.WhenDead(th, fn(func(th *rt.Thread, reason rt.Value) {
			p.c.Sleep(th, 0.001)
			p.note("%s", str(reason))
		}))
		p.note("main")
	})
	if status := p.wait(); status != 1 {
		t.Errorf("exit status %d after when_dead", status)
	}
	p.want("main", want)

	p = newProgram(t)
	text := captureStderr(t, func() {
		p.start(func(th *rt.Thread) { p.c.CreateWebsocketServer(th, "127.0.0.1", port, rt.Value{}) })
		if status := p.wait(); status != 1 {
			t.Errorf("exit status %d", status)
		}
	})
	if !strings.Contains(text, want) {
		t.Errorf("standard error: %s", text)
	}
}

// Requests that are no WebSocket handshake get 426 and a short text.
func TestUpgradeRequired(t *testing.T) {
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	r, err := http.Get("http" + strings.TrimPrefix(addr, "ws") + "/x")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(r.Body)
	r.Body.Close()
	if r.StatusCode != 426 || r.Header.Get("Upgrade") != "websocket" || string(body) != "this is a WebSocket server\n" {
		t.Errorf("%s %v %q", r.Status, r.Header, body)
	}
	p.halt()
}

// Handshakes that RFC 6455, 4.2.1, does not allow are refused.
func TestBadHandshakes(t *testing.T) {
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	const good = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	for _, tt := range []struct {
		from, to string
		status   int
	}{
		{"", "", 101},
		{"HTTP/1.1", "HTTP/1.0", 400},
		{"GET", "POST", 405},
		{"Version: 13", "Version: 8", 400},
		{"Sec-WebSocket-Version: 13\r\n", "", 400},
		{"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=", 400},
		{"dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=", 400},
	} {
		nc := rawDial(t, addr)
		io.WriteString(nc, strings.Replace(good, tt.from, tt.to, 1))
		r, err := http.ReadResponse(bufio.NewReader(nc), nil)
		if err != nil || r.StatusCode != tt.status {
			t.Errorf("%q for %q: %v, %v, want status %d", tt.to, tt.from, r, err, tt.status)
		}
	}
	p.halt()
}

// Clients that connect before run wait, and none is lost.
func TestManyBeforeRun(t *testing.T) {
	const n = 300
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		came := 0
		_, addr := p.serve(th, func(th *rt.Thread, conn *Conn) {
			p.note("%s", str(conn.ReceiveMessage(th)))
			if came++; came == n {
				p.c.Halt(th)
			}
		})
		for range n {
			write(t, peer(t, addr), "x")
		}
		p.note("run")
	})
	if got := p.notes(); got != "run"+strings.Repeat("\nx", n) {
		t.Errorf("%d clients came:\n%s", strings.Count(got, "x"), got)
	}
}

// The function of when_new_conn runs to its first suspension before a message
// of the connection is delivered: its handler sees all of them.
func TestNewConnFirst(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		p.note("begin")
		time.Sleep(20 * time.Millisecond) // they have come long since
		conn.WhenNewMsg(th, p.noteAll("handler"))
		p.note("set")
	}, func(p *program, ws *websocket.Conn) {
		write(t, ws, "1")
		write(t, ws, "2")
		p.await(4)
		p.want("begin", "set", "handler 1", "handler 2")
	})
}

// An error of accept ends the listener, and when_dead hears of it, once.
func TestAcceptError(t *testing.T) {
	p := newProgram(t)
	var l *Listener
	p.start(func(th *rt.Thread) {
		p.c.s.Hold()
		l = p.c.newListener(endOptions{options: p.c.options})
		l.WhenDead(th, fn(func(_ *rt.Thread, reason rt.Value) { p.note("%s", str(reason)) }))
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Error(err)
			return
		}
		l.open(ln)
		ln.Close()
	})
	p.await(1)
	l.end("twice")
	p.do(func(*rt.Thread) {})
	p.halt()
	if got := p.notes(); strings.Contains(got, "\n") || !strings.Contains(got, "use of closed network connection") {
		t.Error(got)
	}
}

// halt closes connections and listeners, and no callback runs after it.
func TestHalt(t *testing.T) {
	p := newProgram(t)
	p.c.s.LastWords = patience
	p.start(func(th *rt.Thread) {
		l, addr := p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				conn.SendMessage(th, "last words")
				p.c.Halt(th)
			}))
			p.c.Sleep(th, 60)
			p.note("never")
		})
		l.WhenDead(th, fn(func(th *rt.Thread, reason rt.Value) {
			p.note("dead: %s", str(reason))
			p.c.Sleep(th, 0.001)
			p.note("never")
		}))
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			p.c.Sleep(th, 0.02)
			ws := peer(t, addr)
			write(t, ws, "1")
			write(t, ws, "2")
			go func() { p.note("peer: %s, %s", read(ws), read(ws)) }()
			p.c.Sleep(th, 1000)
		}))
	})
	p.wait()
	eventually(t, "the peer has heard of the end", func() bool { return strings.Contains(p.notes(), "peer:") })
	time.Sleep(10 * time.Millisecond)
	if got := p.notes(); !strings.Contains(got, "dead: halt") || strings.Contains(got, "never") ||
		!strings.Contains(got, "peer: last words, websocket: close 1001 (going away)") {
		t.Error(got)
	}
}

// A client that never finishes its request does not stay.
func TestSlowHandshake(t *testing.T) {
	p := newProgram(t)
	p.c.options.headerWait = 50 * time.Millisecond
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	nc := rawDial(t, addr)
	fmt.Fprintf(nc, "GET / HTTP/1.1\r\nHost: x\r\n")
	if line, err := bufio.NewReader(nc).ReadString('\n'); err == nil && !strings.Contains(line, "408") || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %q, %v", line, err)
	}
	p.halt()
}
