package wsrt

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// A busyServer is a server whose handler computes when it gets "busy", until
// the test lets it go on.
type busyServer struct {
	*program
	addr          string
	busy, release chan struct{}
}

func newBusyServer(t *testing.T, adjust func(o *options)) *busyServer {
	b := &busyServer{program: newProgram(t), busy: make(chan struct{}), release: make(chan struct{})}
	adjust(&b.c.options)
	b.start(func(th *rt.Thread) {
		_, b.addr = b.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if msg.IsNil() {
					return
				}
				b.note("%s", str(msg))
				conn.SendMessage(th, "begin "+str(msg))
				if str(msg) == "busy" {
					b.busy <- struct{}{}
					<-b.release
				}
				conn.SendMessage(th, "end "+str(msg))
			}))
		})
	})
	return b
}

// What has been sent leaves while the handler that has sent it computes, as do
// the answers to others in the same batch; and pings are answered.
func TestFlushedWhileBusy(t *testing.T) {
	b := newBusyServer(t, func(*options) {})
	others := []*websocket.Conn{peer(t, b.addr), peer(t, b.addr), peer(t, b.addr)}
	ws := peer(t, b.addr)
	pongs := make(chan string, 1)
	ws.SetPongHandler(func(data string) error { pongs <- data; return nil })
	write(t, ws, "busy")
	<-b.busy
	if got := read(ws); got != "begin busy" {
		t.Error(got)
	}
	// These wait for the handler, and are then answered in one batch, in which
	// a second handler computes.
	for i, other := range others {
		write(t, other, fmt.Sprint(i))
		write(t, other, "busy")
	}
	if err := ws.WriteControl(websocket.PingMessage, []byte("are you there"), time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	go ws.ReadMessage()
	select {
	case <-pongs:
	case <-time.After(patience):
		t.Fatal("a ping is not answered while a handler computes")
	}
	b.release <- struct{}{}
	for range others {
		<-b.busy
		b.release <- struct{}{}
	}
	for i, other := range others {
		for _, want := range []string{fmt.Sprint("begin ", i), fmt.Sprint("end ", i), "begin busy", "end busy"} {
			if got := read(other); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
	b.halt()
}

// No peer is given up while a handler computes: not its own, whose reader ran
// it, nor another one, whose reader ran the handler of the first.
func TestAliveWhileBusy(t *testing.T) {
	b := newBusyServer(t, func(o *options) { o.pingEvery, o.pongTimeout = 50*time.Millisecond, 400*time.Millisecond })
	var all []*websocket.Conn
	ends := make(chan error, 10)
	for range 5 {
		ws := peer(t, b.addr)
		all = append(all, ws)
		go func() { // answers pings
			for {
				if _, _, err := ws.ReadMessage(); err != nil {
					ends <- err
					return
				}
			}
		}()
	}
	for _, ws := range all[:3] {
		write(t, ws, "busy")
	}
	for range 3 {
		<-b.busy
		time.Sleep(time.Second)
		b.release <- struct{}{}
	}
	select {
	case err := <-ends:
		t.Errorf("a peer is given up: %v", err)
	default:
	}
	b.halt()
}

// Events are delivered in the order in which they have arrived, also on the
// connection whose reader runs a handler in the meantime.
func TestOrderWhileBusy(t *testing.T) {
	b := newBusyServer(t, func(*options) {})
	all := []*websocket.Conn{peer(t, b.addr), peer(t, b.addr), peer(t, b.addr)}
	want := []string{"busy"}
	write(t, all[0], "busy")
	<-b.busy
	for round := range 2 {
		for i, ws := range all {
			text := fmt.Sprint(round, " of ", i)
			write(t, ws, text)
			want = append(want, text)
			time.Sleep(100 * time.Millisecond)
		}
	}
	b.release <- struct{}{}
	b.await(len(want))
	if got := strings.Split(b.notes(), "\n"); !slices.Equal(got, want) {
		t.Errorf("delivered %q, want %q", got, want)
	}
	b.halt()
}
