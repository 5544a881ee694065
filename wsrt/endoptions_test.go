package wsrt

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

func list(items ...string) rt.Value {
	t := rt.NewTable()
	for i, s := range items {
		t.SetInt(i+1, rt.NewString(s))
	}
	return t.Value()
}

// Every option is taken where it is sound, and is an error that names it where
// it is not.
func TestEndOptions(t *testing.T) {
	p := newProgram(t)
	for _, tt := range []struct {
		name string
		v    rt.Value
		want string // of the error; "" for none
	}{
		{"protocols", list("chat", "v2.chat"), ""},
		{"protocols", rt.NewString("chat"), ""},
		{"protocols", list("two words"), "names without blanks"},
		{"protocols", rt.True(), "a list of strings expected, got boolean"},
		{"origins", list("https://a.example", "same"), ""},
		{"origins", rt.NewString("a.example"), "origins, such as https://example.com, expected, got 'a.example'"},
		{"max_conns", rt.Number(1), ""},
		{"max_conns", rt.Number(0), "a positive integer expected, got '0'"},
		{"max_conns", rt.Number(1.5), "a positive integer"},
		{"max_conns_per_address", rt.NewString("1"), "a positive integer"},
		{"max_message", rt.Number(1 << 40), "a positive integer"},
		{"max_body", rt.Number(5), ""},
		{"messages_per_second", rt.Number(0.5), ""},
		{"messages_per_second", rt.Number(-1), "a positive number"},
		{"burst", rt.Number(10), ""},
		{"ping", rt.Number(0.1), ""},
		{"pong_timeout", rt.NewTable().Value(), "a positive number of seconds expected, got table"},
		{"compression", rt.False(), ""},
		{"compression", rt.Number(1), "true or false"},
		{"cert", rt.NewString("c"), "cert and key belong together"},
		{"key", rt.Number(1), "a file's name"},
		{"pings", rt.Number(1), "unknown option 'pings'; there are burst, cert"},
	} {
		opts := rt.NewTable()
		opts.SetString(tt.name, tt.v)
		err := rt.Protect(p.st.Main, func() { readEndOptions(p.st.Main, "call", p.c.options, opts.Value(), serverOptions) })
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), "call: ") || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

// The options of a server are its own: others keep what the environment says.
func TestServerOptions(t *testing.T) {
	p := newProgram(t)
	opts := rt.NewTable()
	opts.SetString("max_message", rt.Number(10))
	opts.SetString("ping", rt.Number(0.01))
	opts.SetString("origins", rt.NewString("https://good.example"))
	var small, other string
	p.start(func(th *rt.Thread) {
		l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, opts.Value()))
		l.WhenNewConn(th, onConn(echo))
		small = fmt.Sprintf("ws://127.0.0.1:%d", l.Port(th))
		_, other = p.serve(th, echo)
	})
	for _, tt := range []struct {
		addr, text, want string
	}{
		{small, "1234567890", "1234567890"},
		{small, "12345678901", "websocket: close 1009"},
		{other, "12345678901", "12345678901"},
	} {
		ws := peer(t, tt.addr)
		pinged := make(chan bool, 100)
		ws.SetPingHandler(func(string) error { pinged <- true; return nil })
		write(t, ws, tt.text)
		if got := read(ws); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
		if tt.addr == small && tt.want == tt.text {
			go read(ws)
			select {
			case <-pinged:
			case <-time.After(patience):
				t.Error("no ping")
			}
		}
	}
	evil := http.Header{"Origin": {"https://evil.example"}}
	if _, _, got := shake(t, small, evil); !strings.HasPrefix(got, "403") {
		t.Errorf("a foreign origin: %s", got)
	}
	if _, _, got := shake(t, other, evil); got != "101 " {
		t.Errorf("a foreign origin at the other server: %s", got)
	}
	p.halt()
}

// Subprotocols: the first of the server's that the client has offered.
func TestSubprotocols(t *testing.T) {
	for _, tt := range []struct{ server, client, want string }{
		{"chat v2.chat", "v2.chat chat", "chat"},
		{"chat v2.chat", "v2.chat", "v2.chat"},
		{"chat", "other", "nil"},
		{"", "chat", "nil"},
		{"chat", "", "nil"},
	} {
		p := newProgram(t)
		p.run(func(th *rt.Thread) {
			opts := func(text string) rt.Value {
				o := rt.NewTable()
				o.SetString("protocols", list(strings.Fields(text)...))
				return o.Value()
			}
			l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, opts(tt.server)))
			l.WhenNewConn(th, onConn(func(th *rt.Thread, conn *Conn) {
				p.note("server %s", str(conn.Protocol(th)))
				conn.SendMessage(th, "noted")
			}))
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
				v, msg := p.c.ConnectToWebsocket(th, fmt.Sprintf("ws://127.0.0.1:%d", l.Port(th)), rt.Value{}, opts(tt.client))
				if v.IsNil() {
					t.Error(str(msg))
				} else {
					ConnOf(v).ReceiveMessage(th)
					p.note("client %s", str(ConnOf(v).Protocol(th)))
				}
				p.c.Halt(th)
			}))
		})
		p.want("server "+tt.want, "client "+tt.want)
	}
}
