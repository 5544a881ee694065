package wsrt

import (
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// withPeer runs a program with one server and one foreign client: handler is
// the function of when_new_conn, client runs outside.
func withPeer(t *testing.T, handler func(p *program, th *rt.Thread, conn *Conn), client func(p *program, ws *websocket.Conn)) *program {
	t.Helper()
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) { handler(p, th, conn) })
	})
	ws := peer(t, addr)
	client(p, ws)
	ws.Close()
	p.halt()
	return p
}

// noteAll is a handler for when_new_msg that notes everything.
func (p *program) noteAll(name string) rt.Value {
	return fn(func(_ *rt.Thread, msg rt.Value) { p.note("%s %s", name, str(msg)) })
}

// receive_message takes the next message even if it came long before, and the
// handler gets the others. Handlers of one connection start in order.
func TestReceiveFirst(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		p.c.Sleep(th, 0.02)
		conn.WhenNewMsg(th, p.noteAll("handler"))
		conn.SendMessage(th, "hello")
		p.note("received %s", str(conn.ReceiveMessage(th)))
	}, func(p *program, ws *websocket.Conn) {
		for i := range 4 {
			write(t, ws, fmt.Sprint(i))
		}
		p.await(4)
		p.want("received 0", "handler 1", "handler 2", "handler 3")
		if got := read(ws); got != "hello" {
			t.Errorf("the peer got %s", got)
		}
	})
}

// In a loop, receive_message sees every message in order, then nil at once for
// ever.
func TestReceiveLoop(t *testing.T) {
	const n = 2000
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		for i := range n {
			if got := str(conn.ReceiveMessage(th)); got != fmt.Sprint(i) {
				t.Errorf("got %s, want %d", got, i)
				return
			}
		}
		for range 3 {
			p.note("%s", str(conn.ReceiveMessage(th)))
		}
	}, func(p *program, ws *websocket.Conn) {
		for i := range n {
			write(t, ws, fmt.Sprint(i))
		}
		ws.Close()
		p.await(3)
		p.want("nil", "nil", "nil")
	})
}

// Several receivers are served in the order in which they came, one message
// each; all of them get the end, and the handler then does not.
func TestSeveralReceivers(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		conn.WhenNewMsg(th, p.noteAll("handler"))
		for i := range 4 {
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
				p.note("%d %s", i, str(conn.ReceiveMessage(th)))
				if i == 0 {
					p.note("%d %s", i, str(conn.ReceiveMessage(th)))
				}
			}))
		}
	}, func(p *program, ws *websocket.Conn) {
		write(t, ws, "a")
		write(t, ws, "b")
		p.await(2)
		ws.Close()
		p.await(5)
		time.Sleep(5 * time.Millisecond)
		p.want("0 a", "1 b", "2 nil", "3 nil", "0 nil")
	})
}

// The handler gets nil once, after the last message; set again, it replaces.
func TestHandlerEnd(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
			p.note("first %s", str(msg))
			conn.WhenNewMsg(th, p.noteAll("second"))
		}))
	}, func(p *program, ws *websocket.Conn) {
		write(t, ws, "a")
		write(t, ws, "b")
		write(t, ws, "c")
		ws.Close()
		p.await(4)
		time.Sleep(5 * time.Millisecond)
		p.want("first a", "second b", "second c", "second nil")
	})
}

// Messages that arrive while nobody listens are kept, as far as there is room,
// and a handler that is set later gets them and the end, in order; the
// coroutine that sets it runs on first.
func TestKept(t *testing.T) {
	var conn *Conn
	warning := captureStderr(t, func() {
		withPeer(t, func(p *program, th *rt.Thread, c *Conn) { conn = c }, func(p *program, ws *websocket.Conn) {
			const n = 300
			for i := range n {
				write(t, ws, fmt.Sprint(i))
			}
			ws.Close()
			p.eventually("the end of the connection", func() bool { return conn != nil && conn.over })
			p.do(func(th *rt.Thread) {
				conn.WhenNewMsg(th, p.noteAll("got"))
				p.note("set")
				p.note("taken %s", str(conn.ReceiveMessage(th)))
			})
			p.await(2 + maxKept)
			time.Sleep(5 * time.Millisecond)
			want := []string{"set", fmt.Sprintf("taken %d", n-maxKept)}
			for i := n - maxKept + 1; i < n; i++ {
				want = append(want, fmt.Sprintf("got %d", i))
			}
			p.want(append(want, "got nil")...)
		})
	})
	if !regexp.MustCompile(`^luago: level=warn event=messages_dropped peer=127\.0\.0\.1:\d+ kept=256 text="nobody listens[^\n"]*"\n$`).MatchString(warning) {
		t.Errorf("warnings: %q", warning)
	}
}

// What is kept has at most 1 MiB.
func TestKeptBytes(t *testing.T) {
	var conn *Conn
	captureStderr(t, func() {
		withPeer(t, func(p *program, th *rt.Thread, c *Conn) { conn = c }, func(p *program, ws *websocket.Conn) {
			for range 20 {
				write(t, ws, strings.Repeat("x", 100<<10))
			}
			ws.Close()
			p.eventually("the end of the connection", func() bool { return conn != nil && conn.over })
			p.do(func(*rt.Thread) {
				if len(conn.kept) != 10 || conn.keptBytes != 10*100<<10 {
					t.Errorf("%d messages, %d bytes kept", len(conn.kept), conn.keptBytes)
				}
			})
		})
	})
}

// Reading stops while too many handlers are alive, and nothing is lost.
func TestBackPressure(t *testing.T) {
	const n = 20000
	release := make(chan struct{})
	var conn *Conn
	alive, most, total := 0, 0, 0
	withPeer(t, func(p *program, th *rt.Thread, c *Conn) {
		conn = c
		gate := false
		conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
			if msg.IsNil() {
				return
			}
			if got := str(msg); got != fmt.Sprint(total) {
				t.Errorf("message %s, want %d", got, total)
			}
			total++
			alive++
			most = max(most, alive)
			for !gate {
				p.c.Sleep(th, 0.02)
				select {
				case <-release:
					gate = true
				default:
				}
			}
			alive--
		}))
	}, func(p *program, ws *websocket.Conn) {
		go func() {
			for i := range n {
				if ws.WriteMessage(websocket.TextMessage, []byte(fmt.Sprint(i))) != nil {
					return
				}
			}
		}()
		p.eventually("the socket is not read", func() bool { return alive >= maxHandlers && conn.crowded.Load() })
		close(release)
		p.eventually("all messages handled", func() bool { return total == n && alive == 0 })
	})
	// What one read brings is all delivered.
	if total != n || alive != 0 || most > maxHandlers+maxUnread+readAhead/8 || most < maxHandlers {
		t.Errorf("%d messages, %d handlers alive, at most %d", total, alive, most)
	}
}

// Where a coroutine waits in receive_message, any number of handlers may be
// alive: it gets what comes.
func TestCrowdWithReceiver(t *testing.T) {
	const n = maxHandlers + 5000
	var conn *Conn
	started, received := 0, 0
	withPeer(t, func(p *program, th *rt.Thread, c *Conn) {
		conn = c
		conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
			started++
			p.c.GetResume(th)
			p.c.Pause(th)
		}))
	}, func(p *program, ws *websocket.Conn) {
		go func() {
			for range n {
				if ws.WriteMessage(websocket.TextMessage, []byte("x")) != nil {
					return
				}
			}
		}()
		p.eventually("the socket is not read", func() bool {
			conn.wire.mu.Lock()
			defer conn.wire.mu.Unlock()
			return conn.wire.waiting && conn.crowded.Load() && conn.unread.Load() == 0
		})
		p.do(func(th *rt.Thread) {
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
				for !conn.ReceiveMessage(th).IsNil() {
					received++
				}
			}))
		})
		p.eventually("the rest is received", func() bool { return started+received == n })
		if received == 0 || started < maxHandlers {
			t.Errorf("%d handlers, %d received", started, received)
		}
	})
}

// A peer that does not read suspends who sends to it, nobody else; memory
// stays bounded, order is kept, and nothing is lost.
func TestSlowPeer(t *testing.T) {
	const senders, each = 4, 150
	body := strings.Repeat("x", 32<<10)
	var conn *Conn
	ticks, sent := 0, 0
	withPeer(t, func(p *program, th *rt.Thread, c *Conn) {
		conn = c
		for i := range senders {
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
				for j := range each {
					if err := conn.SendMessage(th, fmt.Sprintf("%d %d %s", i, j, body)); !err.IsNil() {
						t.Errorf("send_message: %s", str(err))
					}
					sent++
				}
			}))
		}
		for range 20 {
			p.c.Sleep(th, 0.002)
			ticks++
		}
	}, func(p *program, ws *websocket.Conn) {
		p.eventually("20 ticks, the senders suspended", func() bool { return ticks == 20 && len(conn.senders) >= senders-1 }) // the first may be through
		p.do(func(*rt.Thread) {
			if sent == senders*each {
				t.Errorf("%d messages sent", sent)
			}
			conn.wire.mu.Lock()
			defer conn.wire.mu.Unlock()
			if conn.wire.queued > outMax+64<<10 {
				t.Errorf("%d bytes queued", conn.wire.queued)
			}
		})
		next := [senders]int{}
		for range senders * each {
			var i, j int
			got := read(ws)
			if _, err := fmt.Sscanf(got, "%d %d ", &i, &j); err != nil || j != next[i] {
				t.Fatalf("message %.20s, want number %d", got, next[i])
			}
			next[i]++
		}
	})
}

// When a connection ends, coroutines that wait to send learn why.
func TestSlowPeerGone(t *testing.T) {
	var conn *Conn
	withPeer(t, func(p *program, th *rt.Thread, c *Conn) {
		conn = c
		for {
			if err := conn.SendMessage(th, strings.Repeat("x", 100<<10)); !err.IsNil() {
				p.note("%s", str(err))
				p.note("%s", str(conn.SendMessage(th, "y")))
				return
			}
		}
	}, func(p *program, ws *websocket.Conn) {
		p.eventually("the sender is suspended", func() bool { return conn != nil && len(conn.senders) == 1 })
		ws.NetConn().Close()
		p.await(2)
		if strings.Count("\n"+p.notes(), "\nconnection closed") != 2 {
			t.Error(p.notes())
		}
	})
}

// What send_message and send return when they do not send; that a message is
// too large or no text does not end the connection.
func TestSendErrors(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		conn.options.maxMessage = 1000
		p.note("%s", str(conn.SendMessage(th, strings.Repeat("x", 1001))))
		p.note("%s", str(conn.SendMessage(th, "\xff")))
		p.note("%s", str(conn.Send(th, fn(nil))))
		data := rt.NewTable()
		data.SetString("author", rt.NewString("somebody"))
		data.SetString("age", rt.Number(18))
		p.note("%s", str(conn.Send(th, data.Value())))
		p.note("%s", str(conn.SendMessage(th, "")))
		conn.Close(th, rt.Number(3001), rt.NewString("bye"))
		p.note("%s", str(conn.SendMessage(th, "x")))
	}, func(p *program, ws *websocket.Conn) {
		for _, want := range []string{`{"age":18,"author":"somebody"}`, "", "websocket: close 3001: bye"} {
			if got := read(ws); got != want {
				t.Errorf("the peer got %q, want %q", got, want)
			}
		}
		p.await(6)
		lines := strings.Split(p.notes(), "\n")
		if !strings.Contains(lines[2], "function") {
			t.Errorf("send of a function: %s", lines[2])
		}
		lines[2] = ""
		if got := strings.Join(lines, "|"); got != "message too large: 1001 bytes, at most 1000|message is not valid UTF-8||nil|nil|connection closed" {
			t.Error(got)
		}
	})
}

// Close codes both ways, and the handshake is completed.
func TestClose(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		for _, bad := range []rt.Value{rt.Number(1005), rt.Number(999), rt.Number(2000), rt.Number(5000), rt.Number(1000.5)} {
			if err := rt.Protect(th, func() { conn.Close(th, bad, rt.Value{}) }); err == nil || !strings.Contains(err.Error(), "bad argument #1 to 'close'") {
				t.Errorf("close(%v): %v", bad.F, err)
			}
		}
		if err := rt.Protect(th, func() { conn.Close(th, rt.Value{}, rt.NewString(strings.Repeat("x", 124))) }); err == nil {
			t.Error("a reason of 124 bytes is accepted")
		}
		conn.Close(th, rt.Value{}, rt.Value{})
		conn.Close(th, rt.Number(3000), rt.Value{}) // has no effect
		p.note("%s", str(conn.ReceiveMessage(th)))
	}, func(p *program, ws *websocket.Conn) {
		if got := read(ws); got != "websocket: close 1000 (normal)" {
			t.Errorf("the peer got %s", got)
		}
		p.await(1)
		p.want("nil")
	})

	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		conn.WhenNewMsg(th, p.noteAll("handler"))
	}, func(p *program, ws *websocket.Conn) {
		write(t, ws, "last")
		ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4321, "x"), time.Now().Add(time.Second))
		if got := read(ws); got != "websocket: close 4321" {
			t.Errorf("the peer got %s", got)
		}
		p.await(2)
		p.want("handler last", "handler nil")
	})
}

// A peer that does not answer a close frame does not keep the connection.
func TestCloseUnanswered(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		conn.options.closeWait = 20 * time.Millisecond
		conn.Close(th, rt.Value{}, rt.Value{})
		p.note("%s", str(conn.ReceiveMessage(th)))
	}, func(p *program, ws *websocket.Conn) {
		p.await(1)
		p.want("nil")
	})
}

// A peer that gives no sign of life is given up; pings keep one that answers.
func TestPing(t *testing.T) {
	p := newProgram(t)
	// The lively one may be slow, but not so slow.
	p.c.options.pingEvery, p.c.options.pongTimeout = 20*time.Millisecond, 3*time.Second
	var addr string
	p.start(func(th *rt.Thread) {
		n := 0
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			n++
			conn.WhenNewMsg(th, p.noteAll(fmt.Sprint(n)))
		})
	})
	silent := peer(t, addr)
	p.do(func(th *rt.Thread) { p.c.Sleep(th, 0.01) })
	lively := peer(t, addr)
	var pings atomic.Int32
	lively.SetPingHandler(func(data string) error {
		pings.Add(1)
		return lively.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	go read(lively)
	p.await(1)
	n := pings.Load()
	eventually(t, "four more pings", func() bool { return pings.Load() > n+4 })
	p.want("1 nil")
	silent.Close()
	p.halt()
}

// A ping is answered while the script does nothing with the connection.
func TestPong(t *testing.T) {
	withPeer(t, func(*program, *rt.Thread, *Conn) {}, func(p *program, ws *websocket.Conn) {
		got := make(chan string, 1)
		ws.SetPongHandler(func(data string) error { got <- data; return nil })
		go read(ws)
		ws.WriteControl(websocket.PingMessage, []byte("payload"), time.Now().Add(time.Second))
		select {
		case data := <-got:
			if data != "payload" {
				t.Errorf("pong %q", data)
			}
		case <-time.After(patience):
			t.Error("no pong")
		}
	})
}

// A connection takes fields and is a table key.
func TestConnIsTable(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		v := conn.Value()
		v.Table().SetString("user", rt.NewString("x"))
		names := rt.NewTable()
		names.Set(v, rt.NewString("y"))
		p.note("%s %s", str(v.Table().GetString("user")), str(names.Get(ConnOf(v).Value())))
		method := rt.Index(th, v, rt.NewString("send_message"), "")
		rt.CallValues(th, method, v, rt.NewString("by the table"))
		if err := rt.Protect(th, func() { rt.CallValues(th, method, rt.Number(1), rt.NewString("x")) }); err == nil ||
			!strings.Contains(err.Error(), "calling 'send_message' on bad self") {
			t.Errorf("bad self: %v", err)
		}
	}, func(p *program, ws *websocket.Conn) {
		if got := read(ws); got != "by the table" {
			t.Error(got)
		}
		p.want("x y")
	})
}

// Blocking calls work inside a plain coroutine.
func TestInsideCoroutine(t *testing.T) {
	withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
		next := rt.Wrap(fn(func(th *rt.Thread, _ rt.Value) {
			for {
				th.Yield(1, conn.ReceiveMessage(th), rt.Value{}, rt.Value{})
			}
		}))
		for range 3 {
			v, _ := rt.CallValues(th, next)
			p.note("%s", str(v))
		}
	}, func(p *program, ws *websocket.Conn) {
		write(t, ws, "a")
		time.Sleep(5 * time.Millisecond)
		write(t, ws, "b")
		write(t, ws, "c")
		p.await(3)
		p.want("a", "b", "c")
	})
}

// An error in a handler ends its coroutine alone.
func TestHandlerErrors(t *testing.T) {
	text := captureStderr(t, func() {
		withPeer(t, func(p *program, th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				p.note("%s", str(msg))
				rt.Throw(th, msg)
			}))
		}, func(p *program, ws *websocket.Conn) {
			for i := range 20 {
				write(t, ws, fmt.Sprint("error ", i))
			}
			p.await(20)
		})
	})
	for i := range 10 { // of the others, which come from the same place, one a second is
		if !strings.Contains(text, fmt.Sprintf("luago: error %d\nstack traceback:", i)) {
			t.Errorf("error %d is not reported:\n%s", i, text)
			break
		}
	}
}
