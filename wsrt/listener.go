package wsrt

import (
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
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

// CreateWebsocketServer returns a server that listens on host and port.
func (c *Coromega) CreateWebsocketServer(th *rt.Thread, host string, port float64) rt.Value {
	if !(port >= 0 && port <= 65535 && port == math.Trunc(port)) {
		th.ArgError("create_websocket_server", 2, "port must be an integer from 0 to 65535")
	}
	l := c.newListener()
	ln, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if err != nil {
		l.failed = th.Where(1) + err.Error()
		l.end(err.Error())
		return l.Value()
	}
	l.port = ln.Addr().(*net.TCPAddr).Port
	l.open(ln)
	return l.Value()
}

// newListener returns a listener that is not bound yet.
func (c *Coromega) newListener() *Listener {
	l := &Listener{coromega: c, s: c.s, early: !c.s.Running()}
	l.table = rt.NewHost(c.listener, l)
	l.s.Hold()
	l.s.AddSource(listenerSource{l})
	return l
}

// open serves the clients of ln.
func (l *Listener) open(ln net.Listener) {
	l.server = &http.Server{
		Handler:           http.HandlerFunc(l.serve),
		ReadHeaderTimeout: l.coromega.options.headerWait,
		WriteTimeout:      l.coromega.options.headerWait,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	l.server.SetKeepAlivesEnabled(false)
	go func() { l.end(l.server.Serve(newAcceptor(ln, &l.coromega.counters.refusedFiles)).Error()) }()
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
		rt.Call(th, l.onDead, 1, rt.NewString(l.reason), rt.Value{}, rt.Value{})
	case l.failed != "":
		l.s.Fail(l.failed, l.early)
	}
}

// listenerSource is a listener as the scheduler closes it.
type listenerSource struct{ l *Listener }

// Shutdown stops listening.
func (s listenerSource) Shutdown(_ *rt.Thread, reason string) { s.l.end(reason) }

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

var upgrader = websocket.Upgrader{
	ReadBufferSize:    256, // the wire reads ahead
	WriteBufferPool:   &sync.Pool{},
	CheckOrigin:       func(*http.Request) bool { return true },
	EnableCompression: true, // where chooseDeflate has left an offer
}

// serve answers a request, on a goroutine of net/http's.
func (l *Listener) serve(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Sec-WebSocket-Version", "13")
		http.Error(w, "this is a WebSocket server", http.StatusUpgradeRequired)
		return
	}
	c := l.coromega
	if !c.options.origins.allows(r) {
		c.counters.refusedOrigin.Add(1)
		http.Error(w, "this origin may not connect", http.StatusForbidden)
		return
	}
	if !c.admit() {
		c.counters.refusedFull.Add(1)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
		return
	}
	deflate := chooseDeflate(r, c.options.compression)
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		c.clients.Add(-1)
		return
	}
	conn := c.newConn(ws, ws.NetConn().(*wire), false)
	conn.listener, conn.deflate = l, deflate
	// A goroutine of its own, for that of net/http holds its buffers.
	go func() {
		defer c.clients.Add(-1)
		e := &event{}
		e.set(func(th *rt.Thread) {
			conn.open()
			l.arrived(th, conn)
		})
		l.s.Post(&e.Event)
		conn.read()
	}()
}

// admit counts a client, unless there are as many as may be.
func (c *Coromega) admit() bool {
	n := c.clients.Add(1)
	if limit := c.options.maxConns; limit > 0 && int(n) > limit {
		c.clients.Add(-1)
		return false
	}
	return true
}

// arrived gives a new connection to the script.
func (l *Listener) arrived(th *rt.Thread, conn *Conn) {
	if !l.onConn.IsNil() {
		rt.Call(th, l.onConn, 1, conn.Value(), rt.Value{}, rt.Value{})
		return
	}
	if len(l.waiting) >= maxWaiting {
		conn.close(websocket.CloseTryAgainLater, "")
		return
	}
	l.waiting = append(l.waiting, conn)
}
