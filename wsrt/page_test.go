package wsrt

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// The combined program of the API page, with a free port and shorter sleeps.
func TestPageProgram(t *testing.T) {
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		l, addr := p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if msg.IsNil() {
					return
				}
				p.note("websocket server received (not intercepted): %s", str(msg))
				conn.SendMessage(th, "server echo: "+str(msg))
			}))
			conn.SendMessage(th, "server hello")
			p.note("websocket server received (first message): %s", str(conn.ReceiveMessage(th)))
		})
		l.WhenDead(th, fn(func(_ *rt.Thread, reason rt.Value) { p.note("dead: %s", str(reason)) }))
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			// sleep is long enough for everything that is on its way: until the
			// log has n lines.
			sleep := func(n int) {
				for p.c.Sleep(th, 0.001); strings.Count(p.notes(), "\n")+1 < n; p.c.Sleep(th, 0.001) {
				}
			}
			sleep(0)
			conn := p.connect(th, addr)
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				p.note("websocket client received (not intercepted): %s", str(msg))
			}))
			conn.SendMessage(th, "client hello")
			p.note("websocket client received (first message): %s", str(conn.ReceiveMessage(th)))
			conn.SendMessage(th, "client hello 1")
			sleep(4)
			conn.SendMessage(th, "client hello 2")
			sleep(6)
			conn.SendMessage(th, "client hello 3")
			p.note("websocket client received: %s", str(conn.ReceiveMessage(th)))
			sleep(8)
			conn.SendMessage(th, "client hello 4")
			p.note("websocket client received: %s", str(conn.ReceiveMessage(th)))
			p.c.Halt(th)
		}))
	})
	if len(p.log) > 2 && p.log[0] > p.log[1] {
		p.log[0], p.log[1] = p.log[1], p.log[0] // the order of these two is free
	}
	p.want(
		"websocket client received (first message): server hello",
		"websocket server received (first message): client hello",
		"websocket server received (not intercepted): client hello 1",
		"websocket client received (not intercepted): server echo: client hello 1",
		"websocket server received (not intercepted): client hello 2",
		"websocket client received (not intercepted): server echo: client hello 2",
		"websocket server received (not intercepted): client hello 3",
		"websocket client received: server echo: client hello 3",
		"websocket server received (not intercepted): client hello 4",
		"websocket client received: server echo: client hello 4",
		"dead: halt",
	)
}

// Nothing of a connection is left after its end.
func TestNoLeak(t *testing.T) {
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if !msg.IsNil() {
					conn.SendMessage(th, str(msg))
				}
			}))
		})
	})
	wave := func() {
		p.do(func(th *rt.Thread) {
			for range 50 {
				conn := p.connect(th, addr)
				conn.SendMessage(th, "x")
				if got := str(conn.ReceiveMessage(th)); got != "x" {
					t.Errorf("got %q", got)
				}
				conn.Close(th, rt.Value{}, rt.Value{})
				if v := conn.ReceiveMessage(th); !v.IsNil() {
					t.Errorf("got %s after close", str(v))
				}
			}
		})
	}
	wave()
	before := settled()
	wave()
	eventually(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before+2 })
	p.eventually("the listener is the only source", func() bool { return p.c.s.Sources() == 1 })
	p.halt()
}

// settled returns the number of goroutines when that no longer changes.
func settled() int {
	n, same := runtime.NumGoroutine(), 0
	for range 5000 {
		time.Sleep(2 * time.Millisecond)
		if m := runtime.NumGoroutine(); m != n {
			n, same = m, 0
		} else if same++; same == 50 {
			break
		}
	}
	return n
}
