package wsrt

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// LUAGO_STATS=:PORT serves figures for operators, as Prometheus reads them, at
// /metrics, and Go's profiles at /debug/pprof/. On loopback only: both tell much
// about the program, and a profile takes time.
//
// Figures are counted with the baton, in plain integers, whether anybody asks
// for them or not: that costs an addition for each message. A request posts an
// event that reads them all, so they belong together; how long the event waits
// is a figure itself, the baton wait. Where a handler does not let go of the
// baton, the answer says so after batonPatience, and has the figures that need
// none.

// counters are counted with the baton; refused by other goroutines.
type counters struct {
	messagesIn, messagesOut int
	bytesIn, bytesOut       int
	servers, clients        int // connections so far
	refusedOrigin           atomic.Int64
	refusedFull             atomic.Int64
	refusedFiles            atomic.Int64
	refusedAddress          atomic.Int64
	refusedScript           atomic.Int64
	paced                   atomic.Int64 // waits for a connection's pace
}

const (
	batonPatience = 2 * time.Second
	statsTimeout  = 5 * time.Second // for a request
)

// serveStats serves figures on the address, which is of the form ":port", until
// the program ends. It returns where, or what is wrong.
func (c *Coromega) serveStats(addr string) (net.Addr, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if !isLoopback(host) {
		return nil, fmt.Errorf("%s is not on loopback", addr)
	}
	ln, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Write([]byte(c.figures()))
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	server := &http.Server{
		ReadHeaderTimeout: statsTimeout,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// A web page may have a name of its own mean 127.0.0.1.
			host, _, err := net.SplitHostPort(r.Host)
			if err != nil {
				host = r.Host
			}
			if !isLoopback(host) {
				http.Error(w, "on loopback only", http.StatusForbidden)
				return
			}
			mux.ServeHTTP(w, r)
		}),
	}
	go server.Serve(ln)
	c.s.State().AtExit(func() { server.Close() })
	return ln.Addr(), nil
}

// openStats does what LUAGO_STATS says.
func (c *Coromega) openStats() {
	if addr := os.Getenv("LUAGO_STATS"); addr != "" {
		if _, err := c.serveStats(addr); err != nil {
			c.s.Warn("no_stats", "LUAGO_STATS: "+err.Error())
		}
	}
}

// isLoopback reports whether a host is this one, under a name that nobody else
// can give.
func isLoopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// figures returns all figures in Prometheus's text format.
func (c *Coromega) figures() string {
	text := make(chan string, 1)
	start := time.Now()
	e := &event{}
	e.set(func(*rt.Thread) { text <- c.scriptFigures() })
	go c.s.Post(&e.Event) // the poster may find itself delivering others' events
	timer := time.NewTimer(batonPatience)
	defer timer.Stop()
	var b strings.Builder
	select {
	case figures := <-text:
		b.WriteString(figures)
	case <-timer.C:
	}
	figure(&b, "baton_wait_seconds", "gauge", "How long an event waited until it was delivered.", "", time.Since(start).Seconds())
	samples := []metrics.Sample{{Name: "/sched/goroutines:goroutines"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(samples)
	figure(&b, "goroutines", "gauge", "Goroutines.", "", samples[0].Value.Uint64())
	figure(&b, "heap_bytes", "gauge", "Memory that objects take.", "", samples[1].Value.Uint64())
	figure(&b, "refused_total", "counter", "Clients turned away.", `{reason="origin"}`, c.counters.refusedOrigin.Load(),
		`{reason="full"}`, c.counters.refusedFull.Load(), `{reason="files"}`, c.counters.refusedFiles.Load(),
		`{reason="address"}`, c.counters.refusedAddress.Load(), `{reason="script"}`, c.counters.refusedScript.Load())
	figure(&b, "paced_total", "counter", "Times that a connection was not read because it sends too fast.", "", c.counters.paced.Load())
	return b.String()
}

// scriptFigures returns those that need the baton.
func (c *Coromega) scriptFigures() string {
	servers, clients, messages, bytes := 0, 0, 0, 0
	c.s.EachSource(func(src sched.Source) {
		s, ok := src.(connSource)
		if !ok {
			return
		}
		if s.c.client {
			clients++
		} else {
			servers++
		}
		messages += int(s.c.unread.Load()) + len(s.c.kept)
		s.c.wire.mu.Lock()
		bytes += s.c.wire.queued
		s.c.wire.mu.Unlock()
	})
	n, st := &c.counters, c.s.Stats()
	var b strings.Builder
	figure(&b, "connections", "gauge", "WebSocket connections.", `{side="server"}`, servers, `{side="client"}`, clients)
	figure(&b, "connections_total", "counter", "WebSocket connections so far.", `{side="server"}`, n.servers, `{side="client"}`, n.clients)
	figure(&b, "messages_total", "counter", "Messages.", `{direction="in"}`, n.messagesIn, `{direction="out"}`, n.messagesOut)
	figure(&b, "message_bytes_total", "counter", "Bytes of messages.", `{direction="in"}`, n.bytesIn, `{direction="out"}`, n.bytesOut)
	figure(&b, "queued_messages", "gauge", "Messages that have come and wait for the script.", "", messages)
	figure(&b, "queued_bytes", "gauge", "Output that waits for the peers.", "", bytes)
	figure(&b, "coroutines", "gauge", "Coroutines that run or wait.", "", st.Coroutines)
	figure(&b, "timers", "gauge", "Timers.", "", st.Timers)
	figure(&b, "errors_total", "counter", "Errors that escaped a coroutine.", "", st.Errors)
	return b.String()
}

// figure writes a figure: labels and values in turn.
func figure(b *strings.Builder, name, kind, help string, values ...any) {
	fmt.Fprintf(b, "# HELP luago_%s %s\n# TYPE luago_%s %s\n", name, help, name, kind)
	for i := 0; i < len(values); i += 2 {
		fmt.Fprintf(b, "luago_%s%s %v\n", name, values[i], values[i+1])
	}
}
