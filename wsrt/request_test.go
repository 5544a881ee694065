package wsrt

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// What a script sees of a request, in when_new_conn and from the connection.
func TestRequest(t *testing.T) {
	p := newProgram(t)
	p.start(func(th *rt.Thread) {
		l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, rt.Value{}))
		l.WhenNewConn(th, rt.NewGoFunction("f", func(th *rt.Thread, _ int, conn, req, _ rt.Value) (rt.Value, int) {
			for _, t := range []*rt.Table{req.Table(), ConnOf(conn).Request(th).Table()} {
				query, headers := t.GetString("query").Table(), t.GetString("headers")
				agent := rt.Index(th, headers, rt.NewString("User-AGENT"), "")
				p.note("%s %s %s|%s|%s %s %s %v", str(t.GetString("method")), str(t.GetString("path")), str(t.GetString("raw_query")),
					str(query.GetString("name")), str(agent), str(t.GetString("remote")), str(t.GetString("host")), t.GetString("tls").Truthy())
				if port := t.GetString("remote_port"); !port.IsNumber() {
					p.note("no port")
				}
			}
			p.c.Halt(th)
			return rt.Value{}, 0
		}))
		header := http.Header{"User-Agent": {"some peer"}, "Host": {"game.example"}}
		shake(t, fmt.Sprintf("ws://127.0.0.1:%d/a%%20b?name=x%%26y&name=z", l.Port(th)), header)
	})
	p.wait()
	line := "GET /a b name=x%26y&name=z|x&y|some peer 127.0.0.1 game.example false"
	p.want(line, line)
}

// The client's side of a connection has no request.
func TestNoRequest(t *testing.T) {
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		_, addr := p.serve(th, echo)
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			conn := p.connect(th, addr)
			p.note("%s %s", str(conn.Request(th)), str(conn.Protocol(th)))
			p.c.Halt(th)
		}))
	})
	p.want("nil nil")
}

// What stands in X-Forwarded-For counts from the last trusted proxy on.
func TestProxies(t *testing.T) {
	for _, tt := range []struct{ trusted, from, forwarded, proto, want string }{
		{"", "10.0.0.1:5", "1.2.3.4", "https", "10.0.0.1 5 false"},
		{"10.0.0.0/8", "10.0.0.1:5", "1.2.3.4", "https", "1.2.3.4 0 true"},
		{"10.0.0.0/8", "10.0.0.1:5", "6.6.6.6, 1.2.3.4", "", "1.2.3.4 0 false"},
		{"10.0.0.0/8", "10.0.0.1:5", "6.6.6.6, 1.2.3.4, 10.9.9.9", "", "1.2.3.4 0 false"},
		{"10.0.0.0/8", "10.0.0.1:5", "1.2.3.4:99", "", "1.2.3.4 0 false"},
		{"10.0.0.0/8", "10.0.0.1:5", "[2001:db8::1]:99", "", "2001:db8::1 0 false"},
		{"10.0.0.0/8", "10.0.0.1:5", "2001:db8::1", "", "2001:db8::1 0 false"},
		{"10.0.0.0/8", "10.0.0.1:5", "", "", "10.0.0.1 5 false"},
		{"10.0.0.0/8", "10.0.0.1:5", "unknown", "", "10.0.0.1 5 false"},
		{"10.0.0.0/8", "9.9.9.9:5", "1.2.3.4", "https", "9.9.9.9 5 false"},
		{"loopback 8.8.8.8", "[::1]:5", "1.2.3.4,8.8.8.8", "http", "1.2.3.4 0 false"},
		{"loopback", "127.0.0.1:5", "127.0.0.2", "", "127.0.0.2 0 false"},
	} {
		list, bad := readProxies(tt.trusted)
		if bad != "" {
			t.Fatal(bad)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.from
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if tt.proto != "" {
			r.Header.Set("X-Forwarded-Proto", tt.proto)
		}
		q := readRequest(r, list)
		if got := fmt.Sprint(q.remote, " ", q.port, " ", q.tls); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
	if _, bad := readProxies("10.0.0.0/8, proxy.example"); bad == "" {
		t.Error("a name is taken for an address")
	}
}

// Clients beyond a limit are turned away; a place is free again when one goes.
func TestCrowd(t *testing.T) {
	p := newProgram(t)
	options := rt.NewTable()
	options.SetString("max_conns", rt.Number(3))
	options.SetString("max_conns_per_address", rt.Number(2))
	p.c.options.proxies, _ = readProxies("loopback")
	var l *Listener
	p.start(func(th *rt.Thread) {
		l = ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, options.Value()))
		l.WhenNewConn(th, onConn(echo))
	})
	addr := fmt.Sprintf("ws://127.0.0.1:%d", l.port)
	from := func(a string) http.Header { return http.Header{"X-Forwarded-For": {a}} }
	var open []*websocket.Conn
	for i, tt := range []struct{ from, want string }{
		{"1.1.1.1", "101 "}, {"1.1.1.1", "101 "},
		{"1.1.1.1", "429 too many connections from this address\n"},
		{"2.2.2.2", "101 "},
		{"3.3.3.3", "503 too many connections\n"},
	} {
		ws, _, got := shake(t, addr, from(tt.from))
		if got != tt.want {
			t.Errorf("%d: %q, want %q", i, got, tt.want)
		}
		if ws != nil {
			open = append(open, ws)
		}
	}
	open[0].Close()
	eventually(t, "a client is let in once another has gone", func() bool {
		ws, _, got := shake(t, addr, from("1.1.1.1"))
		open = append(open, ws)
		return got == "101 "
	})
	for _, ws := range open {
		if ws != nil {
			ws.Close()
		}
	}
	eventually(t, "nobody is counted any more", func() bool {
		l.crowd.mu.Lock()
		defer l.crowd.mu.Unlock()
		return l.crowd.all == 0 && len(l.crowd.byAddress) == 0
	})
	p.halt()
	if p.c.counters.refusedAddress.Load() != 1 {
		t.Errorf("%d refused by address", p.c.counters.refusedAddress.Load())
	}
}
