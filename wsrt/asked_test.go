package wsrt

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// returning makes a Lua function that gets one table and returns several
// values.
func returning(f func(th *rt.Thread, t *rt.Table) []rt.Value) rt.Value {
	return rt.NewGoFunction("f", func(th *rt.Thread, _ int, v, _, _ rt.Value) (rt.Value, int) {
		return th.ReturnSlice(f(th, v.Table()))
	})
}

// dict makes a table of strings, names and values in turn.
func dict(pairs ...string) rt.Value {
	t := rt.NewTable()
	for i := 0; i < len(pairs); i += 2 {
		t.SetString(pairs[i], rt.NewString(pairs[i+1]))
	}
	return t.Value()
}

// shake tries a handshake: it returns the connection, or nil, and the answer as
// "status text".
func shake(t *testing.T, addr string, header http.Header) (*websocket.Conn, *http.Response, string) {
	t.Helper()
	ws, response, err := websocket.DefaultDialer.Dial(addr, header)
	if response == nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	if err == nil {
		t.Cleanup(func() { ws.Close() })
	}
	return ws, response, fmt.Sprintf("%d %s", response.StatusCode, body)
}

// What when_handshake returns decides, also after a suspension; an error is a
// 500, and one that does not answer in time a 503.
func TestWhenHandshake(t *testing.T) {
	p := newProgram(t)
	p.c.options.answerWait = 200 * time.Millisecond
	var addr string
	said := captureStderr(t, func() {
		p.start(func(th *rt.Thread) {
			var l *Listener
			l, addr = p.serve(th, echo)
			l.WhenHandshake(th, returning(func(th *rt.Thread, req *rt.Table) []rt.Value {
				switch query := req.GetString("query").Table(); str(query.GetString("want")) {
				case "go on":
					p.c.Sleep(th, 0.01)
					return []rt.Value{rt.True()}
				case "headers":
					t := rt.NewTable()
					t.SetString("headers", dict("X-Room", "7"))
					t.SetString("protocol", rt.NewString("b"))
					return []rt.Value{rt.True(), t.Value()}
				case "refuse":
					return []rt.Value{rt.False(), rt.Number(401), rt.NewString("who are you?")}
				case "late":
					p.c.Sleep(th, 0.4)
				case "wrong":
					return []rt.Value{rt.True(), dict("protocol", "never offered")}
				}
				return nil
			}))
		})
		for _, tt := range []struct{ query, want string }{
			{"want=go+on", "101 "},
			{"want=headers", "101 "},
			{"want=refuse", "401 who are you?"},
			{"want=nothing", "403 Forbidden"},
			{"want=late", "503 the program did not answer in time"},
			{"want=wrong", "500 Internal Server Error"},
		} {
			ws, response, got := shake(t, addr+"?"+tt.query, http.Header{"Sec-Websocket-Protocol": {"a, b"}})
			if got != tt.want {
				t.Errorf("%s: %q, want %q", tt.query, got, tt.want)
			}
			if tt.query == "want=headers" && (response.Header.Get("X-Room") != "7" || ws.Subprotocol() != "b") {
				t.Errorf("headers %v, subprotocol %q", response.Header, ws.Subprotocol())
			}
			if ws != nil {
				if write(t, ws, "x"); read(ws) != "x" {
					t.Errorf("%s: no echo", tt.query)
				}
			}
		}
		p.halt()
	})
	if !strings.Contains(said, "protocol 'never offered' was not offered") {
		t.Errorf("standard error: %q", said)
	}
	if got := p.c.counters.refusedScript.Load(); got != 4 {
		t.Errorf("%d refused by the script, want 4", got)
	}
	if n := p.c.clients.Load(); n != 0 {
		t.Errorf("%d clients are counted when all are gone", n)
	}
}

// What when_request returns is the answer to what is no handshake.
func TestWhenRequest(t *testing.T) {
	p := newProgram(t)
	p.c.options.maxBody = 100
	var addr string
	said := captureStderr(t, func() {
		p.start(func(th *rt.Thread) {
			var l *Listener
			l, addr = p.serve(th, echo)
			addr = strings.Replace(addr, "ws://", "http://", 1)
			l.WhenRequest(th, returning(func(th *rt.Thread, req *rt.Table) []rt.Value {
				switch path := str(req.GetString("path")); path {
				case "/healthz":
					return []rt.Value{rt.Number(200), rt.NewString("ok\n")}
				case "/page":
					return []rt.Value{rt.Number(200), rt.NewString("<p>"), dict("Content-Type", "text/html", "X-A", "b")}
				case "/hook":
					p.c.Sleep(th, 0.01)
					return []rt.Value{rt.Number(201), dict("method", str(req.GetString("method")), "body", str(req.GetString("body")))}
				case "/empty":
					return []rt.Value{rt.Number(204)}
				case "/status":
					return []rt.Value{rt.Number(99)}
				case "/length":
					return []rt.Value{rt.Number(200), rt.NewString("x"), dict("Content-Length", "7")}
				}
				return nil
			}))
		})
		for _, tt := range []struct{ method, path, body, want, kind string }{
			{"GET", "/healthz", "", "200 ok\n", "text/plain; charset=utf-8"},
			{"HEAD", "/healthz", "", "200 ", "text/plain; charset=utf-8"},
			{"GET", "/page", "", "200 <p>", "text/html"},
			{"POST", "/hook", "data", `201 {"body":"data","method":"POST"}`, "application/json"},
			{"POST", "/hook", strings.Repeat("x", 101), "413 the request is too large", "text/plain; charset=utf-8"},
			{"GET", "/empty", "", "204 ", "text/plain; charset=utf-8"},
			{"GET", "/nothing", "", "404 Not Found", "text/plain; charset=utf-8"},
			{"GET", "/status", "", "500 Internal Server Error", "text/plain; charset=utf-8"},
			{"GET", "/length", "", "500 Internal Server Error", "text/plain; charset=utf-8"},
		} {
			request, err := http.NewRequest(tt.method, addr+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Errorf("%s %s: %v", tt.method, tt.path, err)
				continue
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			got := fmt.Sprintf("%d %s", response.StatusCode, body)
			if kind := response.Header.Get("Content-Type"); err != nil || got != tt.want || kind != tt.kind {
				t.Errorf("%s %s: %q %s (%v), want %q %s", tt.method, tt.path, got, kind, err, tt.want, tt.kind)
			}
		}
		p.halt()
	})
	for _, want := range []string{"a status from 200 to 599 expected, got '99'", "header 'Content-Length' belongs to"} {
		if !strings.Contains(said, want) {
			t.Errorf("standard error lacks %q: %q", want, said)
		}
	}
}
