package wsrt

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A wire is the network connection below a WebSocket, or below its TLS. During
// the handshake it passes everything on. Afterwards it makes batches of both
// directions:
//
//   - Output is only appended, which never blocks. It leaves the machine when
//     the reader is about to read again (all answers to what came with one read
//     leave with one write), or, if the reader is parked in a read, when whoever
//     appended asks for it with Flush.
//   - Up to 16 KB are read at once, into a buffer from a pool, which is kept only
//     as long as there is something in it: an idle connection has none.
//
// Who may flush for whom is decided under mu, which also guards the output:
// otherwise a reply could be appended just after the reader has looked, and
// stay.
//
//	reader                          who appends
//	out empty: parked = true        parked: mark for a flush, unless marked
//	out not empty: flush, repeat    not parked: the reader will see it
//
// Reading stops while too much is queued either way: see room.
type wire struct {
	net.Conn
	raw  syscall.RawConn // nil: no non-blocking writes
	conn *Conn           // nil during the handshake

	// During the handshake:
	handshake *handshake // of a client's connection; mu
	budget    int        // how many bytes may still come, if limited is set
	limited   bool
	asked     chan struct{} // of a client's: closed when something has been written, or the end has come
	askOnce   sync.Once
	dry       bool // nothing comes

	// The reader's.
	ahead    []byte // read, not yet taken by TLS
	aheadBuf *[readAhead]byte
	readFn   func(fd uintptr) bool
	readMax  int
	readN    int
	readErr  error
	large    bool         // the last message was large: no read-ahead
	seen     atomic.Int64 // when the peer was last seen to read or write

	// The flusher's, while writing is set.
	writeFn  func(fd uintptr) bool
	writeBuf []byte
	writeErr error

	mu       sync.Mutex
	roomCond sync.Cond     // mu
	out      []byte        // queued; from outBuf's pool
	queued   int           // bytes, with those being written
	parked   bool          // the reader will not flush
	marked   bool          // somebody will
	waiting  bool          // the reader waits for room
	paused   bool          // for its pace, see pause
	writing  bool          // a Flush is in its write
	behind   bool          // a goroutine writes what the socket did not take
	wantRoom bool          // a sender waits, see Conn.roomEvent
	closing  bool          // close when the output has been written
	err      error         // the first error of a write
	hurry    chan struct{} // closed when the reader must not wait for the script any more

	listed bool // in the backlog's list; guarded by that
}

const (
	readAhead = 16 << 10
	// outMax is how much output may be queued before a sender has to wait,
	// outHigh how much before the reader stops where a handler may answer, and
	// before pings are not answered, outLow where senders go on.
	outMax  = 1 << 20
	outHigh = 256 << 10
	outLow  = 256 << 10
	// behindPart is how much is written at once to a peer that is slow, so that
	// it is seen to be alive.
	behindPart = 64 << 10
)

var aheadPool = sync.Pool{New: func() any { return new([readAhead]byte) }}

var errWire = errors.New("connection closed")

func newWire(nc net.Conn) *wire {
	w := &wire{Conn: nc, raw: rawConn(nc)}
	w.roomCond.L = &w.mu
	return w
}

// SetWriteDeadline sets no deadline after the handshake: writes do not block.
// TLS calls it when it ends.
func (w *wire) SetWriteDeadline(t time.Time) error {
	if w.conn != nil {
		return nil
	}
	return w.Conn.SetWriteDeadline(t)
}

// Read is called during the handshake, and by TLS, on the reader's goroutine.
func (w *wire) Read(p []byte) (int, error) {
	if w.conn == nil {
		return w.readHandshake(p)
	}
	if len(w.ahead) == 0 {
		w.release()
		if err := w.park(); err != nil {
			return 0, err
		}
		var err error
		w.ahead, err = w.readSome(readAhead)
		if w.unpark(); len(w.ahead) == 0 {
			return 0, err
		}
	}
	n := copy(p, w.ahead)
	if w.ahead = w.ahead[n:]; len(w.ahead) == 0 {
		w.release()
	}
	return n, nil
}

// unpark is the end of park: the peer has been seen.
func (w *wire) unpark() {
	w.seen.Store(clock())
	w.mu.Lock()
	w.parked = false
	w.mu.Unlock()
}

// mark reports whether whoever has appended to the output must have it flushed,
// and notes that it will; mu is held.
func (w *wire) mark() bool {
	if !w.parked || w.marked {
		return false
	}
	w.marked = true
	return true
}

// maxAnswer is how long a server's answer to a handshake may be, with its TLS
// certificates.
const maxAnswer = 128 << 10

var errLongAnswer = errors.New("the server's answer is too long")

// readHandshake reads for the handshake.
func (w *wire) readHandshake(p []byte) (int, error) {
	if w.dry {
		return 0, io.EOF
	}
	if !w.limited {
		return w.Conn.Read(p)
	}
	if w.budget <= 0 {
		return 0, errLongAnswer
	}
	<-w.asked // net/http has no good word for an answer that comes before the question
	n, err := w.Conn.Read(p[:min(len(p), w.budget)])
	w.budget -= n
	return n, err
}

// connected notes that the handshake is over: w belongs to conn.
func (w *wire) connected(conn *Conn) {
	w.conn = conn
	w.seen.Store(clock())
	w.leaveHandshake()
}

func (w *wire) leaveHandshake() {
	w.mu.Lock()
	h := w.handshake
	w.handshake = nil
	w.mu.Unlock()
	if h != nil {
		h.leave()
	}
}

// Close closes the connection, in the place of the library: its handshake has
// failed.
func (w *wire) Close() error {
	w.leaveHandshake()
	w.ask()
	return w.Conn.Close()
}

// ask lets a client's wire read the answer.
func (w *wire) ask() {
	if w.asked != nil {
		w.askOnce.Do(func() { close(w.asked) })
	}
}

// readBlocking is readSome where the socket cannot be asked whether there is
// something to read: it keeps a buffer while it waits.
func (w *wire) readBlocking(limit int) ([]byte, error) {
	if w.aheadBuf == nil {
		w.aheadBuf = aheadPool.Get().(*[readAhead]byte)
	}
	n, err := w.Conn.Read(w.aheadBuf[:limit])
	if n > 0 {
		return w.aheadBuf[:n], nil
	}
	return nil, err
}

// release gives the read-ahead buffer back.
func (w *wire) release() {
	if w.aheadBuf != nil {
		aheadPool.Put(w.aheadBuf)
		w.aheadBuf = nil
	}
}

// park flushes, waits until there is room for more messages, and leaves the
// flushing to others. Messages that a handler takes, which may answer each,
// have no room while much is queued. Where a coroutine receives them, that may
// be what the peer waits for; they are limited by what is kept.
func (w *wire) park() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		switch {
		case w.err != nil:
			return w.err
		case len(w.out) > 0 && !w.writing && !w.behind:
			w.flushLocked()
		case !(w.queued > outHigh && w.conn.answers.Load()) && w.conn.hasRoom() && !(w.large && w.conn.coromega.backlog.mustWait(w)):
			w.parked = true
			return nil
		default:
			w.parked, w.waiting = true, true
			w.roomCond.Wait()
			w.parked, w.waiting = false, false
		}
	}
}

// room wakes the reader if it waits for room.
func (w *wire) room() {
	w.mu.Lock()
	if w.waiting {
		w.roomCond.Broadcast()
	}
	w.mu.Unlock()
}

// Write appends what TLS writes to the output.
func (w *wire) Write(p []byte) (int, error) {
	if w.conn == nil {
		n, err := w.Conn.Write(p)
		w.ask()
		return n, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, w.err
	}
	w.out = appendOut(w.out, p)
	w.queued += len(p)
	return len(p), nil
}

// Clean notes that a flush is about to follow.
func (w *wire) Clean() {
	w.mu.Lock()
	w.marked = false
	w.mu.Unlock()
}

// Flush writes what the socket takes at once, and leaves the rest to a
// goroutine. It does nothing while somebody else writes.
func (w *wire) Flush() {
	w.mu.Lock()
	if w.err == nil && len(w.out) > 0 && !w.writing && !w.behind {
		w.flushLocked()
	}
	w.mu.Unlock()
}

// flushLocked writes until the output is empty or the socket full. Called, and
// returns, with mu, but lets go of it during the writes.
func (w *wire) flushLocked() {
	for len(w.out) > 0 && w.err == nil {
		buf := w.out
		w.out = nil
		w.writing = true
		w.mu.Unlock()
		n, err := w.writeSome(buf)
		w.mu.Lock()
		w.writing = false
		w.written(n, err)
		if err == nil && n < len(buf) {
			w.behind = true
			go w.writeBehind(buf, n)
			return
		}
		freeOut(buf)
	}
	w.idleLocked()
}

// writeBehind writes buf from n on, and all that is queued meanwhile.
func (w *wire) writeBehind(buf []byte, n int) {
	for {
		m, err := w.Conn.Write(buf[n:min(len(buf), n+behindPart)])
		if n += m; m > 0 { // the socket was full: the peer has read something
			w.seen.Store(clock())
		}
		w.mu.Lock()
		w.written(m, err)
		if n < len(buf) && w.err == nil {
			w.mu.Unlock()
			continue
		}
		freeOut(buf)
		if buf, n = w.out, 0; len(buf) == 0 || w.err != nil {
			w.behind = false
			w.idleLocked()
			w.mu.Unlock()
			return
		}
		w.out = nil
		w.mu.Unlock()
	}
}

// written notes the outcome of a write; mu is held.
func (w *wire) written(n int, err error) {
	w.queued -= n
	if err != nil && w.err == nil {
		w.failLocked(err)
	}
	if w.waiting && w.queued <= outHigh {
		w.roomCond.Broadcast()
	}
	if w.wantRoom && (w.queued <= outLow || w.err != nil) {
		w.wantRoom = false
		go w.conn.postRoom()
	}
}

// idleLocked closes the sending side once everything has been written.
func (w *wire) idleLocked() {
	if w.closing && len(w.out) == 0 && !w.writing && !w.behind && w.err == nil {
		w.closing = false
		w.roomCond.Broadcast()
		if half, ok := w.Conn.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
	}
}

// fail closes the connection at once: the reader and all writers get err.
func (w *wire) fail(err error) {
	w.mu.Lock()
	if w.err == nil {
		w.failLocked(err)
	}
	w.mu.Unlock()
}

func (w *wire) failLocked(err error) {
	w.err = err
	w.queued, w.out = 0, nil
	w.Conn.Close()
	w.roomCond.Broadcast()
	if w.wantRoom {
		w.wantRoom = false
		go w.conn.postRoom()
	}
}

// linger ends the connection in order, after the last message: what is queued is written, then it waits for the peer to
// close, so that no data is lost to a reset; all that until limit is over.
func (w *wire) linger(limit time.Duration) {
	timer := time.AfterFunc(limit, func() { w.fail(errWire) })
	w.mu.Lock()
	w.parked, w.closing = true, true
	if !w.writing && !w.behind {
		w.flushLocked()
	}
	w.mu.Unlock()
	buf := aheadPool.Get().(*[readAhead]byte)
	for err := error(nil); err == nil; {
		_, err = w.Conn.Read(buf[:])
	}
	aheadPool.Put(buf)
	w.mu.Lock()
	for w.err == nil && w.closing { // the peer has closed its side only: it may still read
		w.roomCond.Wait()
	}
	w.mu.Unlock()
	timer.Stop()
	w.fail(errWire)
}

// start is where clock counts from.
var start = time.Now()

// clock returns the time in nanoseconds since the program began.
func clock() int64 { return int64(time.Since(start)) }
