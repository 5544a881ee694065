package wsrt

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

func TestOrigins(t *testing.T) {
	for _, tt := range []struct {
		list, origin string
		want         bool
	}{
		{"", "https://evil.example", true},
		{"*", "https://evil.example", true},
		{"same", "", true},
		{"same", "https://game.example:8080", true},
		{"same", "HTTPS://Game.Example:8080", true},
		{"same", "https://game.example", false},
		{"same", "null", false},
		{"same", "https://", false},
		{"https://a.example", "https://a.example", true},
		{"https://a.example", "https://A.example", true},
		{"https://a.example", "http://a.example", false},
		{"https://a.example", "https://a.example:444", false},
		{"https://a.example", "https://a.example.evil", false},
		{"https://a.example", "null", false},
		{"https://a.example, null", "null", true},
		{"https://a.example  http://b.example:81", "http://b.example:81", true},
		{"https://*.a.example", "https://x.a.example", true},
		{"https://*.a.example", "https://x.y.a.example", true},
		{"https://*.a.example", "https://a.example", false},
		{"https://*.a.example", "https://evila.example", false},
		{"https://*.a.example", "http://x.a.example", false},
		{"nonsense", "https://a.example", false},
		{"nonsense", "", true},
		{" , ", "https://a.example", false},
	} {
		list, _ := readOrigins(tt.list)
		r := &http.Request{Host: "game.example:8080", Header: http.Header{}}
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		if got := list.allows(r); got != tt.want {
			t.Errorf("%q allows %q: %v, want %v", tt.list, tt.origin, got, tt.want)
		}
	}
	for _, text := range []string{"nonsense", ",", "a.example", "https://a.example/", "https://*", "https://a.*.example", "https://u@a.example"} {
		if _, bad := readOrigins(text); !strings.Contains(bad, text) {
			t.Errorf("%q: %q", text, bad)
		}
	}
}

// A page of another origin gets 403, and the script hears nothing of it.
func TestForeignOrigin(t *testing.T) {
	t.Setenv("LUAGO_WS_ORIGINS", "https://a.example")
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, func(*rt.Thread, *Conn) { p.note("connection") }) })
	for _, tt := range []struct {
		origin string
		status int
	}{{"https://evil.example", 403}, {"https://a.example", 101}, {"", 101}} {
		header := http.Header{}
		if tt.origin != "" {
			header.Set("Origin", tt.origin)
		}
		ws, r, err := websocket.DefaultDialer.Dial(addr, header)
		if r == nil || r.StatusCode != tt.status {
			t.Errorf("origin %q: %v, %v; want status %d", tt.origin, r, err, tt.status)
		}
		if err == nil {
			ws.Close()
		}
	}
	p.await(2)
	p.want("connection", "connection")
	p.halt()
}

// Surplus clients get 503 at once; those that are there go on, and when one
// leaves, there is room again.
func TestMaxConns(t *testing.T) {
	t.Setenv("LUAGO_WS_MAX_CONNS", "3")
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	var inside []*websocket.Conn
	for range 3 {
		inside = append(inside, peer(t, addr))
	}
	for range 20 {
		start := time.Now()
		_, r, err := websocket.DefaultDialer.Dial(addr, nil)
		if err == nil || r == nil || r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || time.Since(start) > patience {
			t.Fatalf("a surplus client: %v, %v, after %v", r, err, time.Since(start))
		}
	}
	for i, ws := range inside {
		write(t, ws, fmt.Sprint(i))
		if got := read(ws); got != fmt.Sprint(i) {
			t.Errorf("client %d: %s", i, got)
		}
	}
	// What is no handshake takes no room.
	for range 5 {
		if r, err := http.Get("http" + strings.TrimPrefix(addr, "ws")); err != nil || r.StatusCode != 426 {
			t.Errorf("%v, %v", r, err)
		}
	}
	inside[0].Close()
	eventually(t, "there is room after a client has left", func() bool {
		ws, _, err := websocket.DefaultDialer.Dial(addr, nil)
		if err == nil {
			ws.Close()
		}
		return err == nil
	})
	p.halt()
}

// What the variables set, and where they are not set.
func TestOptions(t *testing.T) {
	quiet := func(text string) { t.Error(text) }
	o := readOptions(quiet)
	if o.maxConns != 0 || o.maxMessage != 16<<20 || len(o.origins) != 0 || o.compression ||
		o.pingEvery != 30*time.Second || o.pongTimeout != time.Minute {
		t.Errorf("by default: %+v", o)
	}
	for name, value := range map[string]string{
		"LUAGO_WS_MAX_CONNS": "1e3", "LUAGO_WS_MAX_MESSAGE": "0.5", "LUAGO_WS_ORIGINS": "same,null",
		"LUAGO_WS_COMPRESSION": "1", "LUAGO_WS_PING": "1.5", "LUAGO_WS_PONG_TIMEOUT": "3",
	} {
		t.Setenv(name, value)
	}
	o = readOptions(quiet)
	if o.maxConns != 1000 || o.maxMessage != 1 || len(o.origins) != 2 || !o.compression ||
		o.pingEvery != 1500*time.Millisecond || o.pongTimeout != 3*time.Second {
		t.Errorf("as set: %+v", o)
	}
}

// Variables that cannot be understood are reported.
func TestBadOptions(t *testing.T) {
	t.Setenv("LUAGO_WS_MAX_CONNS", "many")
	t.Setenv("LUAGO_WS_MAX_MESSAGE", "-1")
	t.Setenv("LUAGO_WS_PING", "0.5")
	t.Setenv("LUAGO_WS_ORIGINS", "a.example")
	t.Setenv("LUAGO_WS_COMPRESSION", "yes")
	var o options
	var warnings []string
	o = readOptions(func(text string) { warnings = append(warnings, text) })
	if o.maxConns != 0 || o.maxMessage != 16<<20 || o.pingEvery != time.Second/2 || o.compression {
		t.Errorf("%+v", o)
	}
	text := strings.Join(warnings, "\n")
	if len(warnings) != 4 || !strings.Contains(text, "LUAGO_WS_COMPRESSION: 'yes'") || !strings.Contains(text, "LUAGO_WS_MAX_CONNS: 'many'") ||
		!strings.Contains(text, "LUAGO_WS_MAX_MESSAGE: '-1'") || !strings.Contains(text, "LUAGO_WS_ORIGINS: 'a.example'") {
		t.Error(text)
	}
}
