package wsrt

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// The long forms of some faults, for make soak.

// soakOnly skips a test that takes long.
func soakOnly(t *testing.T) {
	if os.Getenv("LUAGO_SOAK") != "1" {
		t.Skip("takes long: LUAGO_SOAK=1, as make soak sets it")
	}
}

// A message of ten million fragments is one message.
func TestSoakFragments(t *testing.T) {
	soakOnly(t)
	const n = 10_000_000
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) { p.note("%d", len(str(conn.ReceiveMessage(th)))) })
	})
	nc, _ := rawPeer(t, addr)
	w := bufio.NewWriterSize(nc, 1<<16)
	w.WriteString(raw(1, "x"))
	middle := raw(0, "y")
	for range n - 2 {
		w.WriteString(middle)
	}
	w.WriteString(raw(0x80, "z"))
	w.Flush()
	p.await(1)
	p.want(fmt.Sprint(n))
	nc.Close()
	p.halt()
}

// A message of 64 MiB, where the limit allows it, comes back whole.
func TestSoakHugeMessage(t *testing.T) {
	soakOnly(t)
	p := newProgram(t)
	p.c.options.maxMessage = 64 << 20
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	ws := peer(t, addr)
	text := strings.Repeat("0123456789abcdef", 4<<20)
	for range 5 {
		go ws.WriteMessage(websocket.TextMessage, []byte(text))
		if got := read(ws); got != text {
			t.Fatalf("%d bytes come back as %d: %.60s", len(text), len(got), got)
		}
	}
	p.halt()
}

// A flood of 256 MiB of pings from a peer that reads every pong.
func TestSoakPings(t *testing.T) {
	soakOnly(t)
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	nc, r := rawPeer(t, addr)
	one := raw(0x89, strings.Repeat("p", 125))
	const total = 2_000_000
	go io.Copy(nc, io.LimitReader(repeat(one), int64(total*len(one))))
	if n, err := io.CopyN(io.Discard, r, total*127); err != nil {
		t.Errorf("%d bytes of pongs: %v", n, err)
	}
	nc.Close()
	p.halt()
}
