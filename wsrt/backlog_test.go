package wsrt

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// While the script has no time, large messages of many peers wait in their
// sockets; none is lost, and none overtakes another.
func TestBacklog(t *testing.T) {
	const peers, messages, size = 60, 12, 64 << 10
	p := newProgram(t)
	p.c.options.pingEvery = time.Hour // who does not read cannot answer
	var addr string
	var conns []*Conn
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			conns = append(conns, conn)
			echo(th, conn)
		})
	})
	text := func(i, j int) string {
		head := fmt.Sprintf("%d %d ", i, j)
		return head + strings.Repeat("x", size-len(head))
	}
	var all []*websocket.Conn
	for i := range peers { // from the second large message on they count
		ws := peer(t, addr)
		write(t, ws, text(i, 0))
		if got := read(ws); got != text(i, 0) {
			t.Fatalf("got %.60q", got)
		}
		all = append(all, ws)
	}

	b := &p.c.backlog
	waiting := func() int {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.waiting)
	}
	release := make(chan struct{})
	e := &event{}
	e.set(func(*rt.Thread) { <-release })
	go p.c.s.Post(&e.Event)
	var done sync.WaitGroup
	for i, ws := range all {
		done.Go(func() {
			for j := range messages {
				write(t, ws, text(i, j+1))
			}
		})
		done.Go(func() {
			for j := range messages {
				if got := read(ws); got != text(i, j+1) {
					t.Errorf("peer %d, message %d: got %.60q", i, j+1, got)
					return
				}
			}
		})
	}
	eventually(t, "the connections to wait", func() bool {
		finished := 0
		for _, conn := range conns {
			if conn.unread.Load() == messages {
				finished++
			}
		}
		return waiting() > 0 && waiting()+finished >= peers
	})
	// Each reader may have been in a message when the last one fitted.
	if n := b.bytes.Load(); n <= backlogMax || n > backlogMax+peers*size {
		t.Errorf("%d bytes wait for the script, want %d and little more", n, backlogMax)
	}
	close(release)
	done.Wait()
	eventually(t, "the end of the backlog", func() bool { return waiting() == 0 && b.bytes.Load() == 0 })
	p.halt()
}

// Connections that wait for the backlog end with the program.
func TestBacklogAtTheEnd(t *testing.T) {
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	ws := peer(t, addr)
	large := strings.Repeat("x", largeSize)
	write(t, ws, large)
	if got := read(ws); got != large {
		t.Fatalf("got %.60q", got)
	}
	b := &p.c.backlog
	b.bytes.Add(backlogMax + 1)
	write(t, ws, large)
	eventually(t, "the connection to wait", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.waiting) > 0
	})
	p.halt()
}
