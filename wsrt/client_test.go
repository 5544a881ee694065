package wsrt

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// connects runs connect_to_websocket in a coroutine and returns what it says
// when it fails.
func connects(t *testing.T, addr string, wait time.Duration) string {
	t.Helper()
	p := newProgram(t)
	p.c.options.connectWait = wait
	p.run(func(th *rt.Thread) {
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			conn, msg := p.c.ConnectToWebsocket(th, addr, rt.Value{}, rt.Value{})
			if !conn.IsNil() {
				p.note("connected")
				return
			}
			p.note("%s", str(msg))
		}))
	})
	return p.notes()
}

// What connect_to_websocket returns when it cannot connect.
func TestConnectErrors(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "ws://" + free.Addr().String()
	free.Close()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	garbage := rawServer(t, func(nc net.Conn) { fmt.Fprint(nc, "hello there\r\n\r\n") })
	dripping := rawServer(t, func(nc net.Conn) {
		for _, err := io.WriteString(nc, "HTTP/1.1 101 Switching Protocols\r\nX-Drip: "); err == nil; _, err = io.WriteString(nc, "x") {
			time.Sleep(20 * time.Millisecond)
		}
	})
	answered := func(headers string) string {
		return rawServer(t, func(nc net.Conn) { rawAccept(t, nc, headers) })
	}
	answer := func(status int) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/other", status)
		}))
		t.Cleanup(s.Close)
		return "ws" + strings.TrimPrefix(s.URL, "http")
	}
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = quietLog
	secure.StartTLS()
	defer secure.Close()
	for _, tt := range []struct{ addr, want string }{
		{refused, "connection refused"},
		{"ws://name.invalid", "name.invalid"},
		{"ws://" + mute.Addr().String(), "timeout"},
		{"wss://" + mute.Addr().String(), "timeout"},
		{dripping, "timeout"},
		{garbage, "malformed HTTP"},
		{answered("Sec-WebSocket-Protocol: chat\r\n"), "the server chose a subprotocol that was not asked for: chat"},
		{answered("Sec-WebSocket-Accept: x\r\n"), "the server's answer is no WebSocket handshake"},
		{answer(302), "the server answered with HTTP status 302 Found"},
		{answer(401), "the server answered with HTTP status 401 Unauthorized"},
		{answer(500), "the server answered with HTTP status 500 Internal Server Error"},
		{"wss" + strings.TrimPrefix(secure.URL, "https"), "certificate"},
		{"http://127.0.0.1", "malformed URL"},
		{"ws://", "malformed URL"},
		{"ws://a b", "malformed URL"},
		{"ws://user@127.0.0.1", "malformed URL"},
		{"", "malformed URL"},
		{"ws://127.0.0.1:99999", "invalid port"},
	} {
		wait := patience
		if tt.want == "timeout" {
			wait = 200 * time.Millisecond
		}
		if got := connects(t, tt.addr, wait); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want something with %q", tt.addr, got, tt.want)
		}
	}
}

// wss works, in both directions, with large messages too.
func TestSecure(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		for {
			kind, b, err := ws.ReadMessage()
			if err != nil {
				ws.Close()
				return
			}
			ws.WriteMessage(kind, b)
		}
	}))
	server.StartTLS()
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	tlsConfig = &tls.Config{RootCAs: pool}
	defer func() { tlsConfig = nil }()

	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			conn := p.connect(th, "wss"+strings.TrimPrefix(server.URL, "https")+"/path?query")
			for _, n := range []int{0, 5, 125, 126, 70000, 3 << 20} {
				text := strings.Repeat("é", n/2)
				if err := conn.SendMessage(th, text); !err.IsNil() {
					t.Error(str(err))
				}
				if got := str(conn.ReceiveMessage(th)); got != text {
					t.Errorf("%d bytes came back as %d", len(text), len(got))
				}
			}
			conn.Close(th, rt.Value{}, rt.Value{})
			p.note("%s", str(conn.ReceiveMessage(th)))
		}))
	})
	p.want("nil")
}

// Headers: strings, numbers, lists of those; anything else is an error.
func TestHeaders(t *testing.T) {
	got := make(chan http.Header, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header
		w.WriteHeader(403)
	}))
	defer server.Close()
	addr := "ws" + strings.TrimPrefix(server.URL, "http")
	list := func(vs ...rt.Value) rt.Value { return rt.NewArray(vs...).Value() }
	s := rt.NewString

	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			h := rt.NewTable()
			object := rt.NewTable()
			object.SetString("a", s("x"))
			keyed := rt.NewTable()
			keyed.SetString("h", object.Value())
			if err := rt.Protect(th, func() { p.c.ConnectToWebsocket(th, addr, keyed.Value(), rt.Value{}) }); err == nil || !strings.Contains(err.Error(), "header 'h': a list of strings or numbers expected") {
				t.Errorf("a table that is no list: %v", err)
			}
			h.SetString("header1", list(s("a"), rt.Number(2), s("c")))
			h.SetString("header2", list(s("some headers")))
			h.SetString("header3", s("header3,some values"))
			h.SetString("number", rt.Number(2.5))
			h.SetString("Sec-WebSocket-Protocol", s("chat"))
			p.c.ConnectToWebsocket(th, addr, h.Value(), rt.Value{})
			for _, tt := range []struct {
				name string
				v    rt.Value
			}{
				{"good", rt.True()}, {"good", list(list())}, {"good", list(s("a"), rt.Value{}, s("b"))}, {"good", fn(nil)},
				{"good", s("a\r\nInjected: b")}, {"bad name", s("x")}, {"", s("x")}, {"upgrade", s("x")},
				{"Connection", s("x")}, {"Content-Length", s("1")}, {"Transfer-Encoding", s("chunked")}, {"sec-websocket-key", s("x")}, {"Sec-WebSocket-Extensions", s("x")},
			} {
				h := rt.NewTable()
				h.SetString(tt.name, tt.v)
				err := rt.Protect(th, func() { p.c.ConnectToWebsocket(th, addr, h.Value(), rt.Value{}) })
				if err == nil || !strings.Contains(err.Error(), "header") || !strings.Contains(err.Error(), "'"+tt.name+"'") {
					t.Errorf("header %s: %v", tt.name, err)
				}
			}
		}))
	})
	h := <-got
	for name, want := range map[string][]string{
		"Header1": {"a", "2", "c"}, "Header2": {"some headers"}, "Header3": {"header3,some values"},
		"Number": {"2.5"}, "Sec-Websocket-Protocol": {"chat"},
	} {
		if !slices.Equal(h[name], want) {
			t.Errorf("%s: %q, want %q", name, h[name], want)
		}
	}
}

// No message of a new connection is delivered before the coroutine that opened
// it has come to its next suspension.
func TestConnectOrder(t *testing.T) {
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		_, addr := p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.SendMessage(th, "1")
			conn.SendMessage(th, "2")
			conn.Close(th, rt.Value{}, rt.Value{})
		})
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			conn := p.connect(th, addr)
			time.Sleep(20 * time.Millisecond)
			p.note("connected")
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				p.note("%s", str(msg))
				if msg.IsNil() {
					p.c.Halt(th)
				}
			}))
			time.Sleep(20 * time.Millisecond)
			p.note("set")
		}))
	})
	p.want("connected", "set", "1", "2", "nil")
}

// Calls that only a coroutine may make say so.
func TestOutsideCoroutine(t *testing.T) {
	p := newProgram(t)
	th := p.st.Main
	conn := &Conn{coromega: p.c, s: p.c.s}
	for name, call := range map[string]func(){
		"connect_to_websocket": func() { p.c.ConnectToWebsocket(th, "ws://x", rt.Value{}, rt.Value{}) },
		"send_message":         func() { conn.SendMessage(th, "") },
		"send":                 func() { conn.Send(th, rt.Value{}) },
		"receive_message":      func() { conn.ReceiveMessage(th) },
		"when_new_msg":         func() { conn.WhenNewMsg(th, rt.Value{}) },
		"pause":                func() { p.c.Pause(th) },
		"get_resume":           func() { p.c.GetResume(th) },
	} {
		if err := rt.Protect(th, call); err == nil || !strings.Contains(err.Error(), name+": only inside a coroutine") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The program ends by itself when nothing can happen any more: an open
// connection without handler and receiver does not count, queued output does.
func TestIdleEnd(t *testing.T) {
	const n = 200
	got := make(chan int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		time.Sleep(50 * time.Millisecond)
		count := 0
		for ; ; count++ {
			if _, _, err := ws.ReadMessage(); err != nil {
				if !websocket.IsCloseError(err, websocket.CloseGoingAway) {
					t.Errorf("the server got %v", err)
				}
				break
			}
		}
		ws.Close()
		got <- count
	}))
	defer server.Close()
	p := newProgram(t)
	p.c.s.LastWords = patience
	p.run(func(th *rt.Thread) {
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			conn := p.connect(th, "ws"+strings.TrimPrefix(server.URL, "http"))
			for range n {
				conn.SendMessage(th, strings.Repeat("x", 4000))
			}
		}))
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			p.c.GetResume(th)
			p.c.Pause(th) // for ever
		}))
	})
	if count := <-got; count != n {
		t.Errorf("%d messages arrived, %d sent", count, n)
	}
}

func TestPrint(t *testing.T) {
	p := newProgram(t)
	object := rt.NewTable()
	object.SetString("a", rt.Number(1))
	p.c.Print(p.st.Main, []rt.Value{rt.NewString("x"), rt.Number(3), rt.Number(1.23456), rt.Number(-0.5), object.Value(),
		rt.NewArray(rt.Number(1), rt.NewString("y")).Value(), rt.True(), rt.Value{}, rt.Number(1e15), rt.Value{}})
	p.c.Print(p.st.Main, nil)
	p.st.Flush()
	if got, want := p.out.String(), "x 3 1.235 -0.500 {\"a\":1} [1,\"y\"] true nil 1e+15 nil\n\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// require("coromega").from gives one object.
func TestFrom(t *testing.T) {
	st := rt.NewState(nil, nil)
	Open(st)
	loader := st.Preload.GetString("coromega")
	module, _ := rt.CallValues(st.Main, loader)
	from := module.Table().GetString("from")
	a, _ := rt.CallValues(st.Main, from, rt.NewTable().Value())
	b, _ := rt.CallValues(st.Main, from)
	if a != b || CoromegaOf(a) == nil || CoromegaOf(a) != of(st) {
		t.Errorf("%v, %v", a, b)
	}
}
