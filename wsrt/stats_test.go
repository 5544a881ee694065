package wsrt

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// scrape returns what is served at a path.
func scrape(t *testing.T, addr, path, host string) (int, string) {
	t.Helper()
	request, err := http.NewRequest("GET", "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	body, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(body)
}

func TestStats(t *testing.T) {
	t.Setenv("LUAGO_WS_MAX_CONNS", "2")
	t.Setenv("LUAGO_WS_ORIGINS", "same")
	p := newProgram(t)
	var addr, stats string
	p.start(func(th *rt.Thread) {
		at, err := p.c.serveStats(":0")
		if err != nil {
			t.Error(err)
			return
		}
		stats = at.String()
		_, addr = p.serve(th, echo)
	})
	if !strings.HasPrefix(stats, "127.0.0.1:") {
		t.Errorf("stats at %s", stats)
	}
	ws, other := peer(t, addr), peer(t, addr)
	for i := range 10 {
		write(t, ws, fmt.Sprint(i, "abc"))
		read(ws)
	}
	p.do(func(th *rt.Thread) {
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) { p.c.Sleep(th, 100) }))
	})
	if r, err := http.Get("http" + strings.TrimPrefix(addr, "ws")); err != nil || r.StatusCode != 426 {
		t.Error(r, err)
	}
	header := http.Header{"Origin": {"https://evil.example"}, "Upgrade": {"websocket"}, "Connection": {"Upgrade"}}
	for _, origin := range []string{"https://evil.example", ""} {
		header.Set("Origin", origin)
		if origin == "" {
			header.Del("Origin")
		}
		request, _ := http.NewRequest("GET", "http"+strings.TrimPrefix(addr, "ws"), nil)
		request.Header = header
		r, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
	}
	// What was read is counted at once, what is on its way settles.
	var text, missing string
	wants := []string{
		"# TYPE luago_connections gauge",
		`luago_connections{side="server"} 2`,
		`luago_connections{side="client"} 0`,
		`luago_connections_total{side="server"} 2`,
		`luago_connections_total{side="client"} 0`,
		`luago_messages_total{direction="in"} 10`,
		`luago_messages_total{direction="out"} 10`,
		`luago_message_bytes_total{direction="in"} 40`,
		`luago_message_bytes_total{direction="out"} 40`,
		"luago_queued_messages 0",
		"luago_queued_bytes 0",
		"luago_errors_total 0",
		"luago_timers 1",
		`luago_refused_total{reason="origin"} 1`,
		`luago_refused_total{reason="full"} 1`,
		`luago_refused_total{reason="files"} 0`,
		"luago_coroutines 2", // one sleeps, one reads the figures
	}
	for start := time.Now(); time.Since(start) < patience; time.Sleep(time.Millisecond) {
		_, text = scrape(t, stats, "/metrics", "localhost")
		i := slices.IndexFunc(wants, func(want string) bool { return !strings.Contains(text, "\n"+want+"\n") })
		if i < 0 {
			missing = ""
			break
		}
		missing = wants[i]
	}
	if missing != "" {
		t.Errorf("no %s in\n%s", missing, text)
	}
	if n := value(t, text, "luago_baton_wait_seconds"); n <= 0 {
		t.Errorf("baton wait %v s", n)
	}
	if status, text := scrape(t, stats, "/debug/pprof/goroutine?debug=1", stats); status != 200 || !strings.Contains(text, "goroutine profile") {
		t.Errorf("pprof: %d %.100s", status, text)
	}
	for _, host := range []string{"evil.example", "evil.example:80", "10.0.0.1"} {
		if status, _ := scrape(t, stats, "/metrics", host); status != 403 {
			t.Errorf("host %s: status %d", host, status)
		}
	}
	other.Close()
	p.halt()
	if _, err := http.Get("http://" + stats + "/metrics"); err == nil {
		t.Error("served after the end")
	}
}

// value returns a figure.
func value(t *testing.T, text, name string) float64 {
	t.Helper()
	_, after, _ := strings.Cut(text, "\n"+name+" ")
	line, _, _ := strings.Cut(after, "\n")
	f, err := strconv.ParseFloat(line, 64)
	if err != nil {
		t.Errorf("%s: %v in\n%s", name, err, text)
	}
	return f
}

// A handler that holds the baton is seen from outside.
func TestStatsWhileBusy(t *testing.T) {
	p := newProgram(t)
	var stats string
	p.start(func(th *rt.Thread) {
		at, err := p.c.serveStats("localhost:0")
		if err != nil {
			t.Error(err)
			return
		}
		stats = at.String()
		p.serve(th, echo)
	})
	held, release := make(chan struct{}), make(chan struct{})
	e := &event{}
	e.set(func(*rt.Thread) { close(held); <-release })
	go p.c.s.Post(&e.Event)
	<-held
	_, text := scrape(t, stats, "/metrics", stats)
	if n := value(t, text, "luago_baton_wait_seconds"); n < batonPatience.Seconds() {
		t.Errorf("baton wait %v s", n)
	}
	if strings.Contains(text, "luago_connections") || !strings.Contains(text, "luago_goroutines") {
		t.Error(text)
	}
	close(release)
	p.halt()
}

// Nothing is served that is not asked for, and nothing beyond loopback.
func TestStatsAddress(t *testing.T) {
	for _, addr := range []string{"8080", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0", ":none"} {
		t.Setenv("LUAGO_STATS", addr)
		text := captureStderr(t, func() {
			p := newProgram(t)
			p.run(func(*rt.Thread) {})
		})
		if !strings.Contains(text, `luago: level=warn event=no_stats text="LUAGO_STATS: `) {
			t.Errorf("%s: %q", addr, text)
		}
	}
	t.Setenv("LUAGO_STATS", "")
	if text := captureStderr(t, func() { newProgram(t).run(func(*rt.Thread) {}) }); text != "" {
		t.Error(text)
	}
}
