package wsrt

import (
	"fmt"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

func TestPaceTokens(t *testing.T) {
	const second = int64(time.Second)
	p := &pace{rate: 10, burst: 3, tokens: 3}
	for i, tt := range []struct {
		at   int64
		want time.Duration
	}{
		{0, 0}, {0, 0},
		{0, time.Second / 10},
		{0, 2 * time.Second / 10},
		{second / 10, 2 * time.Second / 10},
		{second / 10, 3 * time.Second / 10},
		{100 * second, 0}, // no more than the burst has come back
		{100 * second, 0},
		{100 * second, time.Second / 10},
	} {
		if got := p.take(tt.at); (got - tt.want).Abs() > time.Microsecond {
			t.Errorf("%d: %v, want %v", i, got, tt.want)
		}
	}
}

// A connection that sends faster than it may is read no faster than that, and
// loses nothing; its own answers, and pings, do not wait for its next message.
// Another connection notices nothing.
func TestPace(t *testing.T) {
	const messages, burst, rate = 30, 5, 50
	opts := rt.NewTable()
	opts.SetString("messages_per_second", rt.Number(rate))
	opts.SetString("burst", rt.Number(burst))
	p := newProgram(t)
	var l *Listener
	p.start(func(th *rt.Thread) {
		l = ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, opts.Value()))
		l.WhenNewConn(th, onConn(echo))
	})
	addr := fmt.Sprintf("ws://127.0.0.1:%d", l.port)
	fast, slow := peer(t, addr), peer(t, addr)
	start := time.Now()
	for i := range messages {
		write(t, fast, fmt.Sprint(i))
	}
	if write(t, slow, "at once"); read(slow) != "at once" {
		t.Error("another connection gets no answer")
	}
	for i := range messages {
		if got := read(fast); got != fmt.Sprint(i) {
			t.Fatalf("message %d: %q", i, got)
		}
	}
	if took, least := time.Since(start), (messages-burst-1)*time.Second/rate; took < least*9/10 {
		t.Errorf("%d messages in %v, want %v or more", messages, took, least)
	}
	if p.c.counters.paced.Load() == 0 {
		t.Error("no wait is counted")
	}
	p.halt()
}

// A connection that waits for its pace is alive, and its end comes through.
func TestPacedIsAlive(t *testing.T) {
	opts := rt.NewTable()
	opts.SetString("messages_per_second", rt.Number(1))
	opts.SetString("burst", rt.Number(1))
	opts.SetString("ping", rt.Number(0.05))
	opts.SetString("pong_timeout", rt.Number(0.3))
	p := newProgram(t)
	var l *Listener
	p.start(func(th *rt.Thread) {
		l = ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, opts.Value()))
		l.WhenNewConn(th, onConn(func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, p.noteAll("got"))
		}))
	})
	ws := peer(t, fmt.Sprintf("ws://127.0.0.1:%d", l.port))
	write(t, ws, "1")
	write(t, ws, "2")
	write(t, ws, "3")
	go read(ws) // answers pings
	p.await(3)
	ws.NetConn().Close()
	p.await(4)
	p.want("got 1", "got 2", "got 3", "got nil")
	p.halt()
}
