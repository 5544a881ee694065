package wsrt

import (
	"net"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A program goes on as long as one of these can make something happen: it must
// be there after an event that leaves nothing else. (TestIdleEnd has what does
// not count.)
func TestStaysAlive(t *testing.T) {
	mute, err := net.Listen("tcp", "127.0.0.1:0") // never answers
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	for name, f := range map[string]func(p *program, th *rt.Thread, conn *Conn){
		"a timer":            func(p *program, th *rt.Thread, _ *Conn) { p.c.Sleep(th, 1000) },
		"a waiting receiver": func(_ *program, th *rt.Thread, conn *Conn) { conn.ReceiveMessage(th) },
		"a handler":          func(_ *program, th *rt.Thread, conn *Conn) { conn.WhenNewMsg(th, fn(func(*rt.Thread, rt.Value) {})) },
		"a listener":         func(p *program, th *rt.Thread, _ *Conn) { p.serve(th, echo) },
		"a connection to make": func(p *program, th *rt.Thread, _ *Conn) {
			p.c.ConnectToWebsocket(th, "ws://"+mute.Addr().String(), rt.Value{}, rt.Value{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := newProgram(t)
			var addr string
			server.start(func(th *rt.Thread) { _, addr = server.serve(th, func(*rt.Thread, *Conn) {}) })
			p := newProgram(t)
			p.start(func(th *rt.Thread) {
				p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
					conn := p.connect(th, addr)
					p.note("connected")
					f(p, th, conn)
				}))
			})
			p.await(1)
			for range 3 { // the program would end after the first
				p.do(func(*rt.Thread) {})
			}
			p.halt()
			server.halt()
		})
	}
}

// What operators are told is so by default.
func TestDefaultOptions(t *testing.T) {
	for _, name := range []string{"MAX_MESSAGE", "MAX_CONNS", "ORIGINS", "COMPRESSION", "PING", "PONG_TIMEOUT", "CONNECT_TIMEOUT"} {
		t.Setenv("LUAGO_WS_"+name, "")
	}
	o := readOptions(func(text string) { t.Error(text) })
	if o.maxMessage != 16<<20 || o.maxConns != 0 || o.origins != nil || o.compression ||
		o.pingEvery != 30*time.Second || o.pongTimeout != time.Minute || o.connectWait != 45*time.Second {
		t.Errorf("%+v", o)
	}
	t.Setenv("LUAGO_WS_CONNECT_TIMEOUT", "0.25")
	t.Setenv("LUAGO_WS_PONG_TIMEOUT", "5")
	o = readOptions(func(text string) { t.Error(text) })
	if o.connectWait != time.Second/4 || o.pongTimeout != 5*time.Second {
		t.Errorf("%+v", o)
	}
}
