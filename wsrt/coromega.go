// Package wsrt is the host API of coromega scripts: coroutines, timers, and
// WebSocket servers and clients.
//
// Input: calls of the methods that surface.lua declares, from emitted code
// directly or through the adapters in surface_gen.go; and the network. Output:
// events for rt/sched, which calls the script's functions. The package must
// not know how events are scheduled, nor anything of Lua libraries.
//
//	coromega.go  the object itself          listener.go  the server
//	print.go     its print                  client.go    connect_to_websocket
//	options.go   what the environment sets  origin.go    which pages may connect
//	endoptions.go      what a script sets instead, for one server or client
//	request.go   what a script knows of an HTTP request
//	asked.go     when_handshake, when_request
//	certificate.go     TLS of servers       crowd.go     limits of clients
//	socket.go    where a server listens: TCP, Unix sockets, inherited ones
//	timer.go     now, after, every
//	conn.go      a connection: what the script sees, and its end
//	mailbox.go   messages on their way to the script   (with the baton)
//	handshake.go       the opening handshake, of either side
//	reader.go    messages from the network             (without)
//	frames.go    frames, of which they are made
//	backlog.go   those of them that are large
//	pace.go      those of them that come too fast
//	writer.go    messages to the network
//	broadcast.go      those that do not wait; topics
//	deflate.go   compression
//	tidy.go      memory, after many connections
//	stats.go     figures for operators
//	wire.go      the net.Conn below: batches, back-pressure
package wsrt

import (
	"sync/atomic"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A Coromega is the coromega object of a State.
type Coromega struct {
	s        *sched.Scheduler
	table    *rt.Table
	conn     *rt.Class
	listener *rt.Class
	timer    *rt.Class
	options  options
	clients  atomic.Int32 // of all servers
	counters counters
	backlog  backlog
	deflater deflater
	tidier   tidier

	topics       topics
	headers      *rt.Table // metatable of the headers of requests
	certificates certificates
	notified     string // the last state that the system's manager was told of
}

type key struct{}

// Open makes require("coromega") work in st.
func Open(st *rt.State) {
	st.RegisterHost("coromega", rt.NewGoFunction("coromega", func(*rt.Thread, int, rt.Value, rt.Value, rt.Value) (rt.Value, int) {
		module := rt.NewTable()
		for name, fn := range moduleFunctions {
			module.SetString(name, rt.NewGoFunction(name, fn))
		}
		return module.Value(), 1
	}))
}

// From returns the coromega object of th's State.
func From(th *rt.Thread, omega rt.Value) rt.Value { return of(th.State).Value() }

func of(st *rt.State) *Coromega {
	if c, ok := st.Registry[key{}].(*Coromega); ok {
		return c
	}
	s := sched.For(st)
	c := &Coromega{
		s:        s,
		conn:     rt.NewClass(st, "WebSocketConn", connMethods),
		listener: rt.NewClass(st, "Listener", listenerMethods),
		timer:    rt.NewClass(st, "Timer", timerMethods),
		topics:   topics{},
		headers:  headerMeta(),
		options:  readOptions(func(text string) { s.Warn("bad_option", text) }),
	}
	c.table = rt.NewHost(rt.NewClass(st, "Coromega", coromegaMethods), c)
	c.tidier.init()
	st.Registry[key{}] = c
	st.Others = coromegaOthers
	c.openStats()
	return c
}

// CoromegaOf returns the coromega object that v is, or nil.
func CoromegaOf(v rt.Value) *Coromega {
	c, _ := rt.HostOf(v).(*Coromega)
	return c
}

// Value returns c as the script sees it.
func (c *Coromega) Value() rt.Value { return c.table.Value() }

// StartNew runs f in a new coroutine, until it suspends or ends.
func (c *Coromega) StartNew(th *rt.Thread, f rt.Value) { c.s.Start(th, f) }

// Sleep suspends the running coroutine for some seconds.
func (c *Coromega) Sleep(th *rt.Thread, seconds float64) { c.s.Sleep(th, seconds) }

// Pause suspends the running coroutine until it is resumed with the function
// that GetResume returned, and returns the arguments of that call.
func (c *Coromega) Pause(th *rt.Thread) (rt.Value, int) { return th.ReturnSlice(c.s.Pause(th)) }

// GetResume returns a function that resumes the running coroutine when it is
// paused.
func (c *Coromega) GetResume(th *rt.Thread) rt.Value { return c.s.ResumeFunction(th) }

// Run delivers events until the program ends. It does not return.
func (c *Coromega) Run(th *rt.Thread) {
	if !th.InTask() {
		c.notify("READY=1")
	}
	c.s.Run(th)
}

// notify tells the system's manager of a state, once.
func (c *Coromega) notify(state string) {
	if c.notified == state {
		return
	}
	c.notified = state
	if err := notify(state); err != nil {
		c.s.Warn("no_notify", err.Error())
	}
}

// Halt ends the program. It does not return.
func (c *Coromega) Halt(th *rt.Thread) { c.s.Halt(th) }
