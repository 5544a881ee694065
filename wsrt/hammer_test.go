package wsrt

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// echoes runs conns foreign clients that each send messages messages at once
// and check that all come back in order.
func echoes(t *testing.T, addr string, conns, messages int) {
	t.Helper()
	var all sync.WaitGroup
	for i := range conns {
		ws := peer(t, addr)
		all.Go(func() {
			for j := range messages {
				if err := ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, "%d %d", i, j)); err != nil {
					t.Error(err)
					return
				}
			}
		})
		all.Go(func() {
			for j := range messages {
				if got, want := read(ws), fmt.Sprintf("%d %d", i, j); got != want {
					t.Errorf("got %q, want %q", got, want)
					return
				}
			}
			ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
		})
	}
	all.Wait()
}

// Many clients at once, served in each of the ways that a script can.
func TestHammer(t *testing.T) {
	const conns, messages = 40, 500
	for _, tt := range []struct {
		name  string
		serve func(p *program, th *rt.Thread, conn *Conn)
	}{
		{"when_new_msg", func(p *program, th *rt.Thread, conn *Conn) { echo(th, conn) }},
		{"receive_message", func(p *program, th *rt.Thread, conn *Conn) {
			for {
				msg := conn.ReceiveMessage(th)
				if msg.IsNil() {
					return
				}
				conn.SendMessage(th, str(msg))
			}
		}},
		{"chain of coroutines", func(p *program, th *rt.Thread, conn *Conn) {
			// Each handler waits for the one before.
			var last rt.Value
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if msg.IsNil() {
					return
				}
				resume := last
				last = p.c.GetResume(th)
				if !resume.IsNil() { // the timer may have been first
					rt.Protect(th, func() { rt.CallValues(th, resume, msg) })
				}
				v, _ := p.c.Pause(th)
				conn.SendMessage(th, str(msg))
				if str(v) == str(msg) {
					t.Error("resumed with its own message")
				}
			}))
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
				for range 400 { // the last message of all waits
					p.c.Sleep(th, 0.05)
					if !last.IsNil() {
						rt.Protect(th, func() { rt.CallValues(th, last, rt.NewString("timer")) })
					}
				}
			}))
		}},
		{"sleeping before", func(p *program, th *rt.Thread, conn *Conn) {
			p.c.Sleep(th, 0.002)
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if !msg.IsNil() {
					p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) { conn.SendMessage(th, str(msg)) }))
					p.c.Sleep(th, 0)
				}
			}))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProgram(t)
			var addr string
			p.start(func(th *rt.Thread) {
				_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) { tt.serve(p, th, conn) })
			})
			n := messages
			if tt.name == "sleeping before" {
				n = 200 // what is kept until then
			}
			echoes(t, addr, conns, n)
			p.halt()
		})
	}
}

// A broadcast reaches everybody, whether their readers are parked or not.
func TestBroadcast(t *testing.T) {
	const conns, rounds = 100, 20
	p := newProgram(t)
	var addr string
	all := map[*Conn]bool{}
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			all[conn] = true
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if msg.IsNil() {
					delete(all, conn)
					return
				}
				for c := range all {
					c.SendMessage(th, str(msg))
				}
			}))
			conn.SendMessage(th, "ready")
		})
	})
	var peers []*websocket.Conn
	for range conns {
		ws := peer(t, addr)
		if got := read(ws); got != "ready" {
			t.Fatal(got)
		}
		peers = append(peers, ws)
	}
	var done sync.WaitGroup
	for i, ws := range peers {
		done.Go(func() {
			for j := range rounds {
				if i == j {
					write(t, ws, fmt.Sprint(j))
				}
				if got := read(ws); len(got) > 2 {
					t.Errorf("round %d: %s", j, got)
					return
				}
			}
		})
	}
	done.Wait()
	for _, ws := range peers {
		ws.Close()
	}
	p.halt()
}
