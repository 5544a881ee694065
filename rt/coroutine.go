package rt

// Coroutines.
//
// A coroutine runs on a goroutine of its own, and resume and yield switch
// between goroutines directly, with iter.Pull: 64 ns for a pair, against 358 ns
// with two channels. Blocking inside a coroutine (network, sleep) works as
// anywhere in Go, and yield crosses pcall, metamethods, iterators and sort
// comparators, because each coroutine has a whole Go stack.
//
//	Value --> Coroutine --> leash --> Thread <-- goroutine
//	          (handle)      (cleanup)   |  |
//	             ^                      |  +--> State
//	             +--- while running ----+
//
// Goroutines are reused, each with its Thread: creating one costs 370 ns,
// taking one from the State's pool next to nothing. A Coroutine has one from
// its first resume to its end.
//
// A coroutine that nothing can resume any more must go, or generators that
// are left half-way would pile up. A goroutine's stack is a root for the
// collector, so nothing reachable from it may lead to what tells that it is
// wanted: that is the leash. Whoever holds the Coroutine holds the leash; when
// the leash has become unreachable, its cleanup puts the thread into the grave,
// from where the State takes it for its next coroutine, or a timer ends it.
// Either way its frames are unwound by a panic with killed, which protected
// calls pass on. The cleanup belongs to the leash and not to the handle because
// registering one costs 160 ns: so it is paid once per goroutine. Since the
// collector's pace does not go by stacks, take forces a collection when there
// are very many goroutines: a million abandoned coroutines need 38 MB, where
// 2.6 GB were needed without, but 5 us each, mostly to scan their stacks.
//
// Limits: a coroutine that keeps its own handle in a local variable (from
// coroutine.running) holds on to itself, and two suspended ones that hold each
// other's handles do so together. Neither is collected before the process
// ends.
//
// Values travel through the Thread and through the arrays that all threads of
// a State share, so that a resume allocates nothing.

import (
	"iter"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// A Coroutine is a Lua coroutine as scripts see it: a value of type "thread".
type Coroutine struct {
	kind   Kind
	status coStatus
	thread *Thread // the header word: never nil; noThread before the first resume and after the end
	leash  *leash  // nil before the first resume and after the end
	body   Value   // until the first resume
	trace  *trace  // where the error came from that ended it
	hook   *Hook   // see Thread.SetHook
}

type coStatus uint8

const (
	coNew       coStatus = iota
	coSuspended          // has a thread
	coRunning            // or waiting for one that it has resumed
	coDead
)

// noThread keeps the header word of a Coroutine without thread from being nil.
var noThread = &Thread{}

// maxNest is how deeply resumes may be nested: as C Lua allows them in the main
// chunk, without other C calls between them.
const maxNest = 197

// switchWeight is what a resume adds to the depth: the least stack of a goroutine.
// The depth of a coroutine begins with that of the one that has started it, for
// all stacks together must not grow too large.
const switchWeight = 8

// A leash ties a coroutine's thread, and with it its goroutine, to the
// Coroutine it runs, or to the pool. The goroutine must not reference it.
type leash struct{ th *Thread }

// A worker is what the thread of a plain coroutine has for its goroutine,
// which runs one coroutine after the other.
type worker struct {
	next  func() (struct{}, bool)
	yield func(struct{}) bool // nil in all other threads
	// from is the thread that resumed the coroutine last.
	from *Thread
	// n, v0, v1 and v2 are what crosses: the arguments of a resume, as for
	// an Fn, or the results of a yield, of which those from the second on are
	// in Ret. Two values of n are special.
	n          int
	v0, v1, v2 Value

	stop  func()
	body  Value
	err   *Error
	trace *trace  // see askTrace
	ended int32   // number of results
	event coEvent // how the coroutine ended
}

// The values of worker.n that are no number of values.
const (
	coEnded  = -1 // on the way out: the coroutine has ended, see worker.event
	askTrace = -2 // on the way in: note where the coroutine is, and switch back
	askEnd   = -3 // on the way in: unwind
)

type coEvent uint8

const (
	coNone coEvent = iota
	coReturned
	coFailed
	coKilled
)

// NewCoroutine returns a new coroutine that will run f.
func NewCoroutine(f Value) *Coroutine {
	return &Coroutine{kind: KindThread, status: coNew, thread: noThread, body: f}
}

// Value returns co as a Value.
func (co *Coroutine) Value() Value { return Value{P: unsafe.Pointer(co)} }

// Coroutine returns v's coroutine; v must be of type "thread".
func (v Value) Coroutine() *Coroutine { return (*Coroutine)(v.P) }

// IsCoroutine reports whether v is of type "thread".
func (v Value) IsCoroutine() bool { return v.P != nil && (*header)(v.P).kind == KindThread }

// CheckCoroutine returns argument i of function name, which must be a
// coroutine; n is the number of actual arguments.
func CheckCoroutine(th *Thread, name string, i, n int, v Value) *Coroutine {
	if !v.IsCoroutine() {
		th.ArgError(name, i, "coroutine expected")
	}
	return v.Coroutine()
}

// Value returns the thread as scripts see it.
func (th *Thread) Value() Value { return th.Coroutine().Value() }

// Coroutine returns the handle of the running thread th.
func (th *Thread) Coroutine() *Coroutine {
	if th.self == nil { // main thread, or a task: plain coroutines have one while they run
		th.self = &Coroutine{kind: KindThread, status: coRunning, thread: th}
	}
	return th.self
}

// IsMain reports whether th is the main thread of its State.
func (th *Thread) IsMain() bool { return th == th.State.Main }

// IsYieldable reports whether th is a coroutine that may yield.
func (th *Thread) IsYieldable() bool { return th.co.yield != nil }

// Status returns the status of co as coroutine.status, called by th, does.
func (co *Coroutine) Status(th *Thread) *String {
	switch co.status {
	case coNew, coSuspended:
		return statusSuspended
	case coDead:
		return statusDead
	}
	switch {
	case co == th.self:
		return statusRunning
	case co.thread.suspended:
		return statusSuspended
	}
	return statusNormal
}

// What Status returns: a scheduler asks after each resume.
var (
	statusSuspended = Const("suspended")
	statusRunning   = Const("running")
	statusNormal    = Const("normal")
	statusDead      = Const("dead")
)

// Resume continues co with the given arguments (as for an Fn) until it yields
// or ends, and returns the values that it yields or returns (as an Fn does),
// or the error that ended it.
//
// Every Go frame between the Lua code and the switch costs 8 ns, because the
// processor mispredicts its return on the other goroutine's stack. So Resume,
// ResumeFn and the functions that Wrap makes each call next themselves.
func (co *Coroutine) Resume(th *Thread, n int, a0, a1, a2 Value) (Value, int, *Error) {
	to := co.thread
	if co.status == coSuspended && n <= 1 {
		to.arrive(co, th, n, a0)
	} else if err := co.enter(th, n, a0, a1, a2); err != nil {
		return Value{}, 0, err
	} else {
		to = co.thread
	}
	to.co.next()
	if n = to.co.n; uint(n) > 1 {
		return co.leave(th, to)
	}
	to.self, co.status = nil, coSuspended
	return to.co.v0, n, nil
}

// arrive takes up to one argument of a resume by from.
func (th *Thread) arrive(co *Coroutine, from *Thread, n int, a0 Value) {
	th.co.n, th.co.v0 = n, a0
	th.co.from = from
	th.self, co.status = co, coRunning
}

// enter prepares the switch to co.thread, or says why co cannot be resumed.
func (co *Coroutine) enter(th *Thread, n int, a0, a1, a2 Value) *Error {
	if co.status != coSuspended {
		if err := co.start(th); err != nil {
			return err
		}
	}
	to := co.thread
	if n > 1 {
		to.co.v1, to.co.v2 = a1, a2
		if n > 3 && &to.Args[0] != &th.Args[0] {
			to.GrowArgs(n)
			copy(to.Args[3:n], th.Args[3:n])
		}
	}
	to.arrive(co, th, n, a0)
	return nil
}

// leave takes what co, whose thread is to, has yielded or returned.
func (co *Coroutine) leave(th, to *Thread) (Value, int, *Error) {
	n := to.co.n
	if n < 0 {
		return co.end(th)
	}
	to.self = nil
	co.status = coSuspended
	if n > 1 && &to.Ret[0] != &th.Ret[0] {
		th.GrowRet(n)
		copy(th.Ret[1:n], to.Ret[1:n])
	}
	return to.co.v0, n, nil
}

// ResumeFn is coroutine.resume.
func ResumeFn(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
	co := CheckCoroutine(th, "resume", 1, n, a0)
	m, b0, b1, b2 := th.Shift(n, a1, a2)
	err := co.enter(th, m, b0, b1, b2)
	if err == nil {
		to := co.thread
		to.co.next()
		var first Value
		if first, m, err = co.leave(th, to); err == nil {
			return th.Prepend(True(), first, m)
		}
	}
	th.Ret[1] = err.Value
	return False(), 2
}

// noRoom reports whether th is so deep in calls that a coroutine could not begin.
func (th *Thread) noRoom() bool { return th.Depth+switchWeight+callWeight > MaxDepth }

// start gives co, which has not started, a thread; or it says why it cannot be
// resumed.
func (co *Coroutine) start(th *Thread) *Error {
	switch {
	case co.status == coDead:
		return textError("cannot resume dead coroutine")
	case co.status == coRunning:
		return textError("cannot resume non-suspended coroutine")
	case th.nest >= maxNest || th.noRoom():
		return textError("C stack overflow")
	}
	co.leash = th.State.coroutines.take(th.State)
	co.thread = co.leash.th
	co.thread.nest, co.thread.tasks = th.nest+1, th.tasks
	co.thread.Depth, co.thread.overflown = th.Depth+switchWeight, th.overflown
	co.thread.hook, co.thread.inHook = co.hook, false
	co.thread.co.body, co.body = co.body, Value{}
	return nil
}

// end takes the thread of co, which has ended, back.
func (co *Coroutine) end(th *Thread) (Value, int, *Error) {
	from := co.thread
	w := &from.co
	from.self = nil
	co.status = coDead
	co.thread = noThread
	if w.event == coKilled {
		// The task that this is nested in is being stopped.
		panic(killed)
	}
	n, first, err := int(w.ended), w.v0, w.err
	if n > 1 && &from.Ret[0] != &th.Ret[0] {
		th.GrowRet(n)
		copy(th.Ret[1:n], from.Ret[1:n])
	}
	co.trace = w.trace
	th.State.coroutines.give(co.leash)
	co.leash = nil
	return first, n, err
}

// Yield suspends the coroutine th. The values given (as arguments of an Fn)
// are what the resume returns; the arguments of the next resume are the
// result (as an Fn's).
func (th *Thread) Yield(n int, a0, a1, a2 Value) (Value, int) {
	w := &th.co
	if w.yield == nil {
		panic(textError("attempt to yield from outside a coroutine"))
	}
	if n > 1 {
		th.pass(n, a1, a2)
	}
	w.n, w.v0 = n, a0
	if !w.yield(struct{}{}) {
		panic(killed)
	}
	if n = w.n; uint(n) > 1 {
		if n == 2 { // what a generic for passes
			th.Ret[1] = w.v1
			return w.v0, 2
		}
		if n < 0 {
			w.answer(th)
		}
		if n = w.n; n > 1 {
			th.pass(n, w.v1, w.v2)
		}
	}
	return w.v0, n
}

// pass makes results of arguments: those after the first of n.
func (th *Thread) pass(n int, a1, a2 Value) {
	th.GrowRet(n)
	th.Ret[1] = a1
	if n > 2 {
		th.Ret[2] = a2
		copy(th.Ret[3:n], th.Args[min(3, n):n])
	}
}

// answer does what it is asked until the coroutine is resumed.
func (w *worker) answer(th *Thread) {
	for w.n < 0 {
		if w.n == askEnd {
			panic(killed)
		}
		t := th.trace(1) // from Yield on, which scripts call
		w.trace = &t
		if !w.yield(struct{}{}) {
			panic(killed)
		}
	}
}

// loop is what the goroutine of a plain coroutine runs.
func (th *Thread) loop(yield func(struct{}) bool) {
	th.co.yield = yield
	for {
		th.runBody()
		gone := th.co.event == coKilled && th.co.n != askEnd
		th.co.n = coEnded
		if gone || !yield(struct{}{}) {
			return
		}
	}
}

// runBody runs one coroutine from its start to its end.
func (th *Thread) runBody() {
	w := &th.co
	w.event = coNone
	defer func() {
		if w.event == coNone { // the body has not returned
			w.failed(th, recover())
		}
	}()
	body := w.body
	w.body = Value{}
	var n int
	w.v0, n = Call(th, body, w.n, w.v0, w.v1, w.v2)
	w.ended = int32(n)
	w.event = coReturned
}

// failed notes the panic r that has ended the coroutine; its frames are still
// on the stack.
func (w *worker) failed(th *Thread, r any) {
	if r == killed || r == nil { // nil: runtime.Goexit, which ends this goroutine and its resumer's
		w.event = coKilled
		return
	}
	w.event = coFailed
	w.ended, w.v0 = 0, Value{}
	w.err = th.caught(r)
	t := th.trace(2)
	t.end()
	w.trace = &t
}

// A coroutinePool holds the idle goroutines of a State, with their threads.
type coroutinePool struct {
	idle  []*leash
	grave *grave
	bury  func(*Thread) // grave.add
	limit int           // of grave.alive, before collect is called
}

// A grave receives abandoned threads from the garbage collector. The State
// ends and reuses them; those it has no use for are ended after graveTime.
type grave struct {
	alive   atomic.Int32 // goroutines
	waiting atomic.Int32 // len(threads)
	mu      sync.Mutex
	threads []*Thread
}

// graveTime is how long an abandoned thread waits to be reused.
const graveTime = 100 * time.Millisecond

const (
	maxIdle  = 256  // idle goroutines that a State keeps
	minAlive = 8192 // goroutines that cause no garbage collection
)

// take returns a thread that is as new, with a goroutine.
func (p *coroutinePool) take(st *State) *leash {
	if i := len(p.idle) - 1; i >= 0 {
		l := p.idle[i]
		p.idle[i] = nil
		p.idle = p.idle[:i]
		l.th.State = st
		l.th.Args, l.th.Ret = st.Main.Args, st.Main.Ret
		return l
	}
	if p.grave == nil {
		p.grave, p.limit = &grave{}, minAlive
		p.bury = p.grave.add
	}
	th := p.grave.dig()
	if th == nil && int(p.grave.alive.Load()) >= p.limit {
		p.collect()
		th = p.grave.dig()
	}
	if th != nil {
		th.co.n = askEnd
		th.co.next()
		th.co.clear()
		th.unwind(mark{})
		return p.newLeash(th)
	}
	th = newThread(st)
	th.co.next, th.co.stop = iter.Pull(th.loop)
	p.grave.alive.Add(1)
	return p.newLeash(th)
}

func (p *coroutinePool) newLeash(th *Thread) *leash {
	l := &leash{th}
	runtime.AddCleanup(l, p.bury, th)
	return l
}

// add takes a thread whose leash has become unreachable.
func (g *grave) add(th *Thread) {
	if th.co.stop == nil { // give has ended it
		return
	}
	if th.State == nil { // idle: its State is garbage
		g.end(th)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.threads) == 0 {
		time.AfterFunc(graveTime, g.clear)
	}
	g.threads = append(g.threads, th)
	g.waiting.Add(1)
}

func (g *grave) end(th *Thread) {
	g.alive.Add(-1)
	th.co.stop()
}

// clear ends the threads that wait.
func (g *grave) clear() {
	for th := g.dig(); th != nil; th = g.dig() {
		g.end(th)
	}
}

// dig returns an abandoned thread, or nil.
func (g *grave) dig() *Thread {
	if g.waiting.Load() == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	i := len(g.threads) - 1
	if i < 0 {
		return nil
	}
	th := g.threads[i]
	g.threads[i] = nil
	g.threads = g.threads[:i]
	g.waiting.Add(-1)
	return th
}

// collect has abandoned coroutines found when there are very many goroutines.
// The collector's own pace goes by the heap and not by stacks, so that a
// program that leaves generators half-way would fill gigabytes before it
// starts.
func (p *coroutinePool) collect() {
	runtime.GC()
	// The cleanups follow now.
	counts := []metrics.Sample{{Name: "/gc/cleanups/queued:cleanups"}, {Name: "/gc/cleanups/executed:cleanups"}, {Name: "/memory/classes/heap/objects:bytes"}}
	for range 1000 {
		metrics.Read(counts)
		if counts[1].Value.Uint64() >= counts[0].Value.Uint64() {
			break
		}
		time.Sleep(50 * time.Microsecond)
	}
	const size = 4096 // of a suspended coroutine, about
	p.limit = max(minAlive, 2*int(p.grave.alive.Load()-p.grave.waiting.Load()), int(counts[2].Value.Uint64()/size))
}

// give takes back a thread whose coroutine has ended. An idle goroutine must
// not keep the State.
func (p *coroutinePool) give(l *leash) {
	th := l.th
	w := &th.co
	w.clear()
	if len(p.idle) >= maxIdle {
		p.grave.end(th)
		th.co.stop = nil // the cleanup of l is still to come
		return
	}
	th.unwind(mark{})
	th.State, th.Args, th.Ret = nil, nil, nil
	p.idle = append(p.idle, l)
}

// clear drops what the coroutine that has ended has left.
func (w *worker) clear() {
	w.v0, w.v1, w.v2, w.err, w.trace, w.from = Value{}, Value{}, Value{}, nil, nil, nil
}

// textError returns an error without position.
func textError(msg string) *Error { return &Error{Value: NewString(msg)} }

// Wrap returns a function that resumes a new coroutine, which runs f, each
// time it is called, and that passes errors on.
func Wrap(f Value) Value {
	co := NewCoroutine(f)
	resume := func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		to := co.thread
		var err *Error
		if co.status == coSuspended && n <= 3 {
			if n > 1 {
				to.co.v1, to.co.v2 = a1, a2
			}
			to.arrive(co, th, n, a0)
		} else if err = co.enter(th, n, a0, a1, a2); err == nil {
			to = co.thread
		}
		if err == nil {
			to.co.next()
			if n = to.co.n; uint(n) <= 1 {
				to.self, co.status = nil, coSuspended
				return to.co.v0, n
			}
			if a0, n, err = co.leave(th, to); err == nil {
				return a0, n
			}
		}
		panic(co.pass(th, err))
	}
	wrapOnce.Do(func() { registerGo(wrapProto.Name, resume) })
	return NewFunction(wrapProto, resume)
}

// maxPassed is how many coroutines an error that passes through them remembers.
const maxPassed = 16

// pass returns err, which has ended co, as the function of Wrap raises it.
func (co *Coroutine) pass(th *Thread, err *Error) *Error {
	passed := err.passed
	if co.trace != nil && len(passed) < maxPassed {
		passed = append(passed, co.trace)
	}
	if err.Value.IsString() {
		err = &Error{Value: NewString(th.Where(1) + err.Value.Str().String())}
	}
	err.passed = passed
	return err
}

// All functions that Wrap makes share a Proto; their code is made known to
// tracebacks once.
var (
	wrapProto = &Proto{Name: "wrap"}
	wrapOnce  sync.Once
)

// Traceback returns the traceback of co from a level on, for th, which is not co
// itself: where co is suspended, or where the error came from that ended it.
func (co *Coroutine) Traceback(th *Thread, level int) string {
	return th.State.traceback(co.stack(th), level)
}

// stack is Thread.stack for a coroutine that th, another one, asks about.
func (co *Coroutine) stack(th *Thread) []position {
	t := co.trace
	if co.status == coSuspended {
		w := &co.thread.co
		n := w.n
		w.n = askTrace
		w.next()
		w.n = n
		t, w.trace = w.trace, nil
	}
	if t == nil {
		return nil
	}
	return t.calls(th.State)
}
