package wsrt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// crowded starts a server whose connections are put into a list, and connects n
// peers, of which every second one takes compressed messages.
func crowded(t *testing.T, p *program, n int) (conns []*Conn, peers []*websocket.Conn) {
	t.Helper()
	p.c.options.compression = true
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(_ *rt.Thread, conn *Conn) { conns = append(conns, conn) })
	})
	for i := range n {
		dialer := websocket.Dialer{EnableCompression: i%2 == 1}
		ws, _, err := dialer.Dial(addr, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.Close() })
		peers = append(peers, ws)
		p.eventually("the connection is there", func() bool { return len(conns) == i+1 })
	}
	return conns, peers
}

// A broadcast reaches all but who is behind, and does not wait for those.
func TestBroadcastMethod(t *testing.T) {
	p := newProgram(t)
	conns, peers := crowded(t, p, 4)
	long := strings.Repeat("to all ", 1000)
	p.do(func(th *rt.Thread) {
		// The first one reads nothing: its output piles up in the program, much more
		// than the system may yet take.
		first, anyQueue := rt.NewTable(), rt.NewTable()
		first.SetInt(1, conns[0].Value())
		anyQueue.SetString("drop_over", rt.Number(1<<30))
		for range 24 {
			p.c.Broadcast(th, first, strings.Repeat("x", 1<<20), anyQueue.Value())
		}
		if sent, why := conns[0].TrySend(th, "x"); sent || str(why) != "too much is queued" {
			t.Errorf("try_send: %v, %s", sent, str(why))
		}
		if n := conns[0].Queued(th); n <= outMax {
			t.Errorf("%d bytes queued", n)
		}
		byValue, byKey := rt.NewTable(), rt.NewTable()
		for i, conn := range conns {
			byValue.SetInt(i+1, conn.Value())
			byKey.Set(conn.Value(), rt.True())
		}
		if n := p.c.Broadcast(th, byValue, "short", rt.Value{}); n != 3 {
			t.Errorf("%d took the message, want 3", n)
		}
		if n := p.c.Broadcast(th, byKey, long, rt.Value{}); n != 3 {
			t.Errorf("%d took the long message, want 3", n)
		}
		opts := rt.NewTable()
		opts.SetString("drop_over", rt.Number(1<<30))
		opts.SetString("binary", rt.True())
		if n := p.c.Broadcast(th, byKey, "\xff", opts.Value()); n != 4 {
			t.Errorf("%d took the message with another limit, want 4", n)
		}
		conns[3].close(1000, "")
		if n := p.c.Broadcast(th, byKey, "the last", rt.Value{}); n != 2 {
			t.Errorf("%d took the message after one was closed, want 2", n)
		}
		for _, tt := range []struct {
			call func()
			want string
		}{
			{func() { p.c.Broadcast(th, byKey, "\xff", rt.Value{}) }, "not valid UTF-8"},
			{func() { p.c.Broadcast(th, dict("a", "b").Table(), "x", rt.Value{}) }, "a table of connections expected"},
			{func() { p.c.Broadcast(th, byKey, "x", dict("drop", "1")) }, "unknown option 'drop'; there are binary, drop_over"},
		} {
			if err := rt.Protect(th, tt.call); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		}
	})
	for i, ws := range peers[1:] {
		for _, want := range []string{"short", long, "\xff", "the last"} {
			if i == 2 && want == "the last" {
				want = "websocket: close 1000 (normal)"
			}
			if got := read(ws); got != want {
				t.Errorf("peer %d: %.30q, want %.30q", i+1, got, want)
			}
		}
	}
	for _, ws := range peers {
		ws.Close()
	}
	p.halt()
}

// What is published reaches who has subscribed, until they unsubscribe or end.
func TestTopics(t *testing.T) {
	p := newProgram(t)
	conns, peers := crowded(t, p, 3)
	publish := func(want int, topic, text string) {
		t.Helper()
		p.do(func(th *rt.Thread) {
			if n := p.c.Publish(th, topic, text, rt.Value{}); n != want {
				t.Errorf("%s: %d took it, want %d", text, n, want)
			}
		})
	}
	p.do(func(th *rt.Thread) {
		for _, conn := range conns {
			conn.Subscribe(th, "news")
			conn.Subscribe(th, "news")
		}
		conns[0].Subscribe(th, "sport")
		if conns[1].Unsubscribe(th, "sport") {
			t.Error("Unsubscribe reports a subscription that there was not")
		}
	})
	publish(0, "nothing", "never")
	publish(3, "news", "1")
	publish(1, "sport", "2")
	p.do(func(th *rt.Thread) {
		if !conns[1].Unsubscribe(th, "news") {
			t.Error("Unsubscribe reports no subscription")
		}
	})
	peers[2].Close()
	p.eventually("the third has ended", func() bool { return conns[2].over })
	publish(1, "news", "3")
	p.do(func(th *rt.Thread) {
		conns[2].Subscribe(th, "news") // too late
		if n := len(p.c.topics["news"]); n != 1 {
			t.Errorf("%d have the topic, want 1", n)
		}
		conns[0].Unsubscribe(th, "news")
		conns[0].Unsubscribe(th, "sport")
		if len(p.c.topics) != 0 {
			t.Errorf("topics that nobody has stay: %v", p.c.topics)
		}
		conns[0].SendMessage(th, "end")
		conns[1].SendMessage(th, "end")
	})
	for i, want := range []string{"1 2 3 end", "1 end"} {
		var got []string
		for len(got) == 0 || got[len(got)-1] != "end" {
			got = append(got, read(peers[i]))
		}
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("peer %d got %q, want %s", i, got, want)
		}
	}
	for _, ws := range peers {
		ws.Close()
	}
	p.halt()
}

// A client masks a broadcast like any other message.
func TestBroadcastOfClients(t *testing.T) {
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		_, addr := p.serve(th, echo)
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			conns := rt.NewTable()
			for i := range 3 {
				conns.SetInt(i+1, p.connect(th, addr).Value())
			}
			p.note("%d", p.c.Broadcast(th, conns, "hello", rt.Value{}))
			for i := range 3 {
				p.note("%s", str(ConnOf(conns.GetInt(i+1)).ReceiveMessage(th)))
			}
			p.c.Halt(th)
		}))
	})
	p.want("3", "hello", "hello", "hello")
}
