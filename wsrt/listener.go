package wsrt

import (
	"crypto/tls"
	"io"
	"log"
	"maps"
	"math"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A Listener is a WebSocket server.
type Listener struct {
	coromega *Coromega
	s        *sched.Scheduler
	table    *rt.Table
	server   *http.Server
	port     int
	early    bool // created before run
	options  endOptions
	cert     *certificate // nil without TLS
	crowd    crowd

	// Asked by goroutines of net/http's; nil while the script has set none.
	onHandshake atomic.Pointer[rt.Value]
	onRequest   atomic.Pointer[rt.Value]

	// With the baton:
	onConn  rt.Value
	onDead  rt.Value
	waiting []*Conn // came while there was no onConn
	failed  string  // why it could not bind

	once   sync.Once
	reason string // why it has ended
	deadEv event
}

// maxWaiting is how many connections may wait for when_new_conn.
const maxWaiting = 1024

// CreateWebsocketServer returns a server that listens on host and port, with
// the options of a table or nil.
func (c *Coromega) CreateWebsocketServer(th *rt.Thread, host string, port float64, opts rt.Value) rt.Value {
	if !(port >= 0 && port <= 65535 && port == math.Trunc(port)) {
		th.ArgError("create_websocket_server", 2, "port must be an integer from 0 to 65535")
	}
	l := c.newListener(readEndOptions(th, "create_websocket_server", c.options, opts, serverOptions))
	ln, err := l.bind(host, int(port))
	if err != nil {
		l.failed = th.Where(1) + err.Error()
		l.end(err.Error())
		return l.Value()
	}
	l.open(ln)
	return l.Value()
}

// bind listens, and reads the certificate.
func (l *Listener) bind(host string, port int) (net.Listener, error) {
	if l.options.cert != "" {
		cert, err := loadCertificate(l.options.cert, l.options.key)
		if err != nil {
			return nil, err
		}
		l.cert = cert
		l.coromega.certificates.add(cert)
	}
	ln, err := listen(host, port, l.options.reusePort)
	if err != nil {
		return nil, err
	}
	if a, ok := ln.Addr().(*net.TCPAddr); ok {
		l.port = a.Port
	}
	return ln, nil
}

// newListener returns a listener that is not bound yet.
func (c *Coromega) newListener(options endOptions) *Listener {
	l := &Listener{coromega: c, s: c.s, early: !c.s.Running(), options: options}
	l.table = rt.NewHost(c.listener, l)
	l.s.Hold()
	l.s.AddSource(listenerSource{l})
	return l
}

// open serves the clients of ln.
func (l *Listener) open(ln net.Listener) {
	l.server = &http.Server{
		Handler:           http.HandlerFunc(l.serve),
		ReadHeaderTimeout: l.options.headerWait,
		WriteTimeout:      l.options.headerWait,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	l.server.SetKeepAlivesEnabled(false)
	ln = newAcceptor(ln, &l.coromega.counters.refusedFiles)
	if l.cert != nil {
		ln = tls.NewListener(ln, l.cert.config())
	}
	go func() { l.end(l.server.Serve(ln).Error()) }()
}

// ListenerOf returns the listener that v is, or nil.
func ListenerOf(v rt.Value) *Listener {
	l, _ := rt.HostOf(v).(*Listener)
	return l
}

// Value returns l as the script sees it.
func (l *Listener) Value() rt.Value { return l.table.Value() }

// Port returns the port that l is bound to.
func (l *Listener) Port(*rt.Thread) int { return l.port }

// WhenNewConn sets the function that new connections are given to.
func (l *Listener) WhenNewConn(th *rt.Thread, f rt.Value) rt.Value {
	l.onConn = f
	for _, conn := range l.waiting {
		e := &event{}
		e.set(func(th *rt.Thread) { l.arrived(th, conn) })
		l.s.Post(&e.Event)
	}
	l.waiting = nil
	return l.Value()
}

// WhenHandshake sets the function that decides which handshakes go on.
func (l *Listener) WhenHandshake(th *rt.Thread, f rt.Value) rt.Value {
	l.onHandshake.Store(&f)
	return l.Value()
}

// WhenRequest sets the function that answers requests that are no upgrades.
func (l *Listener) WhenRequest(th *rt.Thread, f rt.Value) rt.Value {
	l.onRequest.Store(&f)
	return l.Value()
}

// WhenDead sets the function that is told why the listener has ended.
func (l *Listener) WhenDead(th *rt.Thread, f rt.Value) rt.Value {
	l.onDead = f
	return l.Value()
}

// end has the end of the listener delivered; the first reason counts.
func (l *Listener) end(reason string) {
	first := false
	l.once.Do(func() { first, l.reason = true, reason })
	if l.server != nil {
		l.server.Close()
	}
	if first {
		if l.cert != nil {
			l.coromega.certificates.remove(l.cert)
		}
		l.deadEv.set(l.die)
		l.s.Post(&l.deadEv.Event)
	}
}

// die delivers the end.
func (l *Listener) die(th *rt.Thread) {
	l.s.RemoveSource(listenerSource{l})
	l.s.Release()
	switch {
	case !l.onDead.IsNil():
		l.s.Call(th, l.onDead, 1, rt.NewString(l.reason), rt.Value{}, rt.Value{})
		if l.failed != "" {
			l.s.Failed(th)
		}
	case l.failed != "":
		l.s.Fail(l.failed, l.early)
	}
}

// listenerSource is a listener as the scheduler closes it.
type listenerSource struct{ l *Listener }

// Shutdown stops listening.
func (s listenerSource) Shutdown(_ *rt.Thread, reason string) {
	s.l.coromega.notify("STOPPING=1")
	s.l.end(reason)
}

// Halt stops listening and calls the function of when_dead at once.
func (s listenerSource) Halt(th *rt.Thread, reason string) {
	s.l.end(reason)
	if f := s.l.onDead; !f.IsNil() {
		s.l.s.Start(th, f, rt.NewString(s.l.reason))
	}
}

// Close stops listening.
func (s listenerSource) Close() { s.l.end("the program ends") }

// Wait returns: nothing is left.
func (s listenerSource) Wait(time.Time) {}

// serve answers a request, on a goroutine of net/http's.
func (l *Listener) serve(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		if f := l.onRequest.Load(); f != nil {
			l.serveRequest(w, r, *f)
			return
		}
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Sec-WebSocket-Version", "13")
		http.Error(w, "this is a WebSocket server", http.StatusUpgradeRequired)
		return
	}
	c := l.coromega
	if !l.options.origins.allows(r) {
		c.counters.refusedOrigin.Add(1)
		http.Error(w, "this origin may not connect", http.StatusForbidden)
		return
	}
	q := readRequest(r, l.options.proxies)
	if !l.admit(w, q.remote) {
		return
	}
	kept := false
	defer func() {
		if !kept {
			l.leave(q.remote)
		}
	}()
	header := http.Header{}
	offered := websocket.Subprotocols(r)
	protocol := l.chooseProtocol(offered)
	if f := l.onHandshake.Load(); f != nil {
		l.moreTime(w)
		a := l.ask(r, *f, func() rt.Value { return q.table(c.headers).Value() }, l.readHandshakeAnswer(offered))
		if a.status != http.StatusSwitchingProtocols {
			c.counters.refusedScript.Add(1)
			a.write(w)
			return
		}
		maps.Copy(header, a.header)
		if a.protocol != "" {
			protocol = a.protocol
		}
	}
	if protocol != "" {
		header.Set("Sec-WebSocket-Protocol", protocol)
	}
	terms, extensions := chooseDeflate(r.Header, l.options.compression)
	wire, layer, err := upgrade(w, r, header, extensions, l.options.headerWait)
	if err != nil {
		return
	}
	kept = true
	conn := c.newConn(wire, layer, false, &l.options.options)
	conn.listener, conn.request, conn.protocol = l, q, protocol
	conn.deflate, conn.window = terms.agreed, terms.window
	conn.gone = func() { l.leave(q.remote) }
	e := &event{}
	e.set(func(th *rt.Thread) {
		conn.open()
		l.arrived(th, conn)
	})
	conn.pending.Add(&e.Event)
	go conn.read() // that of net/http holds its buffers
}

// chooseProtocol returns the first of the server's subprotocols that the client
// has offered, or "".
func (l *Listener) chooseProtocol(offered []string) string {
	for _, p := range l.options.protocols {
		if slices.Contains(offered, p) {
			return p
		}
	}
	return ""
}

// admit counts a client, unless there are as many as may be: then it tells the
// client so.
func (l *Listener) admit(w http.ResponseWriter, from netip.Addr) bool {
	c := l.coromega
	full, fullAddress := l.crowd.enter(from, l.options.maxHere, l.options.maxPerAddress)
	if fullAddress {
		c.counters.refusedAddress.Add(1)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many connections from this address", http.StatusTooManyRequests)
		return false
	}
	if !full {
		n := c.clients.Add(1)
		if limit := c.options.maxConns; limit == 0 || int(n) <= limit {
			return true
		}
		l.leave(from)
	}
	c.counters.refusedFull.Add(1)
	w.Header().Set("Retry-After", "5")
	http.Error(w, "too many connections", http.StatusServiceUnavailable)
	return false
}

// leave takes back what admit has counted.
func (l *Listener) leave(from netip.Addr) {
	l.coromega.clients.Add(-1)
	l.crowd.leave(from, l.options.maxPerAddress)
}

// arrived gives a new connection to the script, and the request that it came
// with where the function takes that.
func (l *Listener) arrived(th *rt.Thread, conn *Conn) {
	if !l.onConn.IsNil() {
		n, req := 1, rt.Value{}
		if takesMore(l.onConn, 1) {
			n, req = 2, conn.Request(th)
		}
		l.s.Call(th, l.onConn, n, conn.Value(), req, rt.Value{})
		return
	}
	if len(l.waiting) >= maxWaiting {
		conn.close(closeTryAgain, "")
		return
	}
	l.waiting = append(l.waiting, conn)
}

// takesMore reports whether a function may look at more than n arguments.
func takesMore(f rt.Value, n int) bool {
	if !f.IsFunction() {
		return true
	}
	p := f.Function().Proto
	return p.Vararg || p.Params > n || f.Function().IsGo()
}
