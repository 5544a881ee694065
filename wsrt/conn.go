package wsrt

import (
	"io"
	"sync/atomic"
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A Conn is a connection, of either side.
//
// Its life: the goroutine that has made it becomes its reader. The reader
// posts messages and, at last, the end, then waits a little for the peer to
// close, and is gone. Where it has to run Lua code for long, another goroutine
// becomes the reader: see Replace. The script's end of the connection (mailbox, senders)
// belongs to the holder of the baton.
type Conn struct {
	coromega *Coromega
	s        *sched.Scheduler
	table    *rt.Table
	wire     *wire
	layer    io.ReadWriter // TLS above the wire, or nil
	client   bool
	deflate  bool      // permessage-deflate has been agreed on
	window   uint8     // and that messages are compressed in a window of so many bits
	protocol string    // the subprotocol that has been agreed on, or ""
	listener *Listener // that it came through, or nil
	request  request   // of the handshake, if it came through a listener
	options  *options
	pace     *pace // nil: any

	mailbox
	senders     []sched.Waiter // wait for room in the output
	roomEvent   event
	roomPending bool
	closed      string // why nothing can be sent any more
	topics      []string

	// The reader's.
	in           input
	layerBuf     []byte
	pending      sched.Chain // messages that are not posted yet
	nPending     int32
	pendingBytes int
	lastSize     int   // of the last large message
	pauseUntil   int64 // for its pace; 0: not
	finished     bool  // its end has been posted

	unread     atomic.Int32 // messages posted, not delivered
	crowded    atomic.Bool  // too many handlers are alive: see mailbox
	answers    atomic.Bool  // only a handler takes messages: see wire.park
	closeSent  atomic.Bool
	closeTimer atomic.Pointer[time.Timer] // after the script's close
	end        event
	keepAlive  *time.Timer
	pinged     int64         // when the last ping was sent, by clock
	due        int64         // when keepAlive is
	gone       func()        // called then, nil: nothing
	done       chan struct{} // closed when the reader is gone
}

// An event calls a function with the baton. Its zero value must be given one
// before it is posted.
type event struct {
	sched.Event
	do func(th *rt.Thread)
}

func (e *event) set(do func(th *rt.Thread)) {
	e.do = do
	e.Target = e
}

// Deliver calls the function.
func (e *event) Deliver(th *rt.Thread) { e.do(th) }

// newConn returns the connection of a handshake that has succeeded. Nothing is
// read before read is called.
func (c *Coromega) newConn(w *wire, layer io.ReadWriter, client bool, o *options) *Conn {
	conn := &Conn{coromega: c, s: c.s, wire: w, layer: layer, client: client, options: o, pace: newPace(o), done: make(chan struct{})}
	w.connected(conn)
	conn.roomEvent.set(conn.wakeSenders)
	conn.pump.set(conn.pumpOne)
	conn.end.set(conn.ended)
	c.tidier.changed()
	conn.due = clock() + int64(o.pingEvery)
	conn.keepAlive = time.AfterFunc(o.pingEvery, conn.checkAlive)
	return conn
}

// open gives the connection to the script; called with the baton.
func (c *Conn) open() rt.Value {
	if c.client {
		c.coromega.counters.clients++
	} else {
		c.coromega.counters.servers++
	}
	c.s.AddSource(connSource{c})
	c.table = rt.NewHost(c.coromega.conn, c)
	return c.table.Value()
}

// ConnOf returns the connection that v is, or nil.
func ConnOf(v rt.Value) *Conn {
	c, _ := rt.HostOf(v).(*Conn)
	return c
}

// Value returns c as the script sees it.
func (c *Conn) Value() rt.Value { return c.table.Value() }

// Request returns what is known of the request that the connection began with:
// a table, nil at the side of the client.
func (c *Conn) Request(*rt.Thread) rt.Value {
	if c.client {
		return rt.Value{}
	}
	return c.request.table(c.coromega.headers).Value()
}

// Protocol returns the subprotocol that has been agreed on, or nil.
func (c *Conn) Protocol(*rt.Thread) rt.Value {
	if c.protocol == "" {
		return rt.Value{}
	}
	return rt.NewString(c.protocol)
}

// inCoroutine raises an error outside a coroutine.
func inCoroutine(th *rt.Thread, call string) {
	if !th.InTask() {
		th.Errorf("%s: only inside a coroutine (see start_new)", call)
	}
}
