package wsrt

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A program is a script in the form of Go closures, run to its end.
type program struct {
	*testing.T
	st     *rt.State
	c      *Coromega
	out    bytes.Buffer
	mu     sync.Mutex
	log    []string
	status chan int
	ended  bool
}

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{T: t, st: rt.NewState(nil, nil), status: make(chan int, 1)}
	p.st.Stdout = rt.NewOutput(&p.out)
	p.c = of(p.st)
	p.c.s.OnExit(func(status int) {
		p.st.Close()
		p.status <- status
	})
	return p
}

// note adds a line to the program's log.
func (p *program) note(format string, args ...any) {
	p.mu.Lock()
	p.log = append(p.log, fmt.Sprintf(format, args...))
	p.mu.Unlock()
}

func (p *program) notes() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.log, "\n")
}

// start runs main as the main chunk, and then coromega:run().
func (p *program) start(main func(th *rt.Thread)) {
	ready := make(chan struct{})
	go func() {
		defer func() {
			select {
			case <-ready:
			default:
				close(ready)
			}
		}()
		main(p.st.Main)
		close(ready)
		p.c.Run(p.st.Main)
	}()
	<-ready
}

// wait waits for the end and returns the exit status.
func (p *program) wait() int {
	p.Helper()
	select {
	case status := <-p.status:
		p.ended = true
		return status
	case <-time.After(patience):
		buf := make([]byte, 1<<20)
		p.Fatalf("the program does not end\n%s\n%s", p.notes(), buf[:runtime.Stack(buf, true)])
	}
	return 0
}

// patience is how long a test waits for what has to happen, on a machine that
// does other things too.
const patience = time.Minute

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for start := time.Now(); !holds(); time.Sleep(time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatalf("never: %s", what)
		}
	}
}

// eventually waits until a condition holds that takes the baton to look at.
func (p *program) eventually(what string, holds func() bool) {
	p.Helper()
	eventually(p.T, what, func() (ok bool) {
		p.do(func(*rt.Thread) { ok = holds() })
		return ok
	})
}

// await waits until the log has n lines.
func (p *program) await(n int) {
	p.Helper()
	eventually(p.T, fmt.Sprintf("%d lines in the log", n), func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.log) >= n
	})
}

// run is start and wait; the status must be 0.
func (p *program) run(main func(th *rt.Thread)) {
	p.Helper()
	p.start(main)
	if status := p.wait(); status != 0 {
		p.Errorf("exit status %d", status)
	}
}

// want compares the log.
func (p *program) want(lines ...string) {
	p.Helper()
	if got, want := p.notes(), strings.Join(lines, "\n"); got != want {
		p.Errorf("got\n\t%s\nwant\n\t%s", strings.ReplaceAll(got, "\n", "\n\t"), strings.ReplaceAll(want, "\n", "\n\t"))
	}
}

// halt ends the program from outside.
func (p *program) halt() {
	e := &event{}
	e.set(p.c.Halt)
	go p.c.s.Post(&e.Event)
	p.wait()
}

// do runs f in a coroutine of the program, from outside, to its end.
func (p *program) do(f func(th *rt.Thread)) {
	done := make(chan struct{})
	e := &event{}
	e.set(func(th *rt.Thread) { defer close(done); f(th) })
	go p.c.s.Post(&e.Event)
	select {
	case <-done:
	case <-time.After(patience):
		p.Fatal("timeout")
	}
}

// fn makes a Lua function of one argument.
func fn(f func(th *rt.Thread, v rt.Value)) rt.Value {
	return rt.NewGoFunction("f", func(th *rt.Thread, _ int, v, _, _ rt.Value) (rt.Value, int) {
		f(th, v)
		return rt.Value{}, 0
	})
}

// onConn makes a function for when_new_conn.
func onConn(f func(th *rt.Thread, conn *Conn)) rt.Value {
	return fn(func(th *rt.Thread, v rt.Value) { f(th, ConnOf(v)) })
}

// str is a message as tests print it.
func str(v rt.Value) string {
	if v.IsNil() {
		return "nil"
	}
	return v.Str().String()
}

// serve creates a server on a free port.
func (p *program) serve(th *rt.Thread, f func(th *rt.Thread, conn *Conn)) (*Listener, string) {
	l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, rt.Value{}))
	l.WhenNewConn(th, onConn(f))
	return l, fmt.Sprintf("ws://127.0.0.1:%d", l.Port(th))
}

// connect connects to addr.
func (p *program) connect(th *rt.Thread, addr string) *Conn {
	v, msg := p.c.ConnectToWebsocket(th, addr, rt.Value{}, rt.Value{})
	if v.IsNil() {
		p.Errorf("connect_to_websocket(%s): %s", addr, str(msg))
		runtime.Goexit()
	}
	return ConnOf(v)
}
