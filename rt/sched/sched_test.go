package sched

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

// A program is a script in the form of Go closures, run to its end.
type program struct {
	st     *rt.State
	s      *Scheduler
	mu     sync.Mutex
	log    []string
	status chan int
}

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{st: rt.NewState(nil, nil), status: make(chan int, 1)}
	p.s = For(p.st)
	p.s.OnExit(func(status int) {
		p.st.Close()
		p.status <- status
	})
	return p
}

func (p *program) note(format string, args ...any) {
	p.mu.Lock()
	p.log = append(p.log, fmt.Sprintf(format, args...))
	p.mu.Unlock()
}

// run runs main as the main chunk and returns the exit status and what was
// noted.
func (p *program) run(t *testing.T, main func(th *rt.Thread)) (int, string) {
	t.Helper()
	go func() {
		main(p.st.Main)
		p.s.Run(p.st.Main)
	}()
	select {
	case status := <-p.status:
		return status, strings.Join(p.log, " ")
	case <-time.After(time.Minute):
		buf := make([]byte, 1<<20)
		t.Fatalf("the program does not end; %v\n%s", p.log, buf[:runtime.Stack(buf, true)])
	}
	panic("unreachable")
}

// fn makes a Lua function.
func fn(f func(th *rt.Thread)) rt.Value {
	return rt.NewGoFunction("f", func(th *rt.Thread, _ int, _, _, _ rt.Value) (rt.Value, int) {
		f(th)
		return rt.Value{}, 0
	})
}

// start_new runs its function at once, until it suspends, and nests.
func TestStartOrder(t *testing.T) {
	p := newProgram(t)
	status, log := p.run(t, func(th *rt.Thread) {
		p.note("a")
		p.s.Start(th, fn(func(th *rt.Thread) {
			p.note("b")
			p.s.Start(th, fn(func(th *rt.Thread) {
				p.note("c")
				p.s.Sleep(th, 0.01)
				p.note("f")
			}))
			p.note("d")
			p.s.Sleep(th, 0.02)
			p.note("g")
		}))
		p.note("e")
	})
	if status != 0 || log != "a b c d e f g" {
		t.Errorf("status %d, %s", status, log)
	}
}

// Sleepers wake in the order in which they are due; equal ones in the order in
// which they fell asleep.
func TestSleepOrder(t *testing.T) {
	p := newProgram(t)
	var due []int64 // of each sleeper, in the order in which they wake
	woken := 0
	_, log := p.run(t, func(th *rt.Thread) {
		// Where this goroutine stands still for a while, another order is right.
		start := p.s.timers.now()
		for i, seconds := range []float64{0.02, 0.01, 0.02, 0, 0.005, -1, 0.01, math.NaN()} {
			p.s.Start(th, fn(func(th *rt.Thread) {
				start := time.Now()
				p.s.Sleep(th, seconds)
				woken++
				if !(seconds > 0) {
					p.note("%d", i)
					return
				}
				due = append(due, th.Task().Owner.(*runner).due.when)
				if d := time.Since(start).Seconds(); d < seconds {
					t.Errorf("slept %g of %g s", d, seconds)
				}
			}))
		}
		for i := range 3 {
			p.s.Start(th, fn(func(th *rt.Thread) {
				r := p.s.runner(th, "sleep")
				p.s.timers.add(&r.due, start+20_000_000)
				Waiter{r}.Wait(th)
				p.note("equal%d", i)
			}))
		}
	})
	if woken != 8 || !slices.IsSorted(due) || log != "3 5 7 equal0 equal1 equal2" {
		t.Errorf("%d woke, due at %v; %s", woken, due, log)
	}
}

// sleep in the main chunk blocks the program.
func TestSleepMain(t *testing.T) {
	p := newProgram(t)
	_, log := p.run(t, func(th *rt.Thread) {
		p.s.Start(th, fn(func(th *rt.Thread) {
			p.s.Sleep(th, 0.001)
			p.note("woken")
		}))
		p.s.Sleep(th, 0.02)
		p.note("main")
	})
	if log != "main woken" {
		t.Error(log)
	}
}

// pause returns what the function of get_resume was called with; the call runs
// the coroutine until it suspends again.
func TestPause(t *testing.T) {
	p := newProgram(t)
	status, log := p.run(t, func(th *rt.Thread) {
		var resume rt.Value
		call := func(th *rt.Thread, args ...rt.Value) {
			if err := rt.Protect(th, func() { rt.CallValues(th, resume, args...) }); err != nil {
				p.note("(%s)", err)
			}
		}
		p.s.Start(th, fn(func(th *rt.Thread) {
			resume = p.s.ResumeFunction(th)
			call(th)
			p.note("%d", len(p.s.Pause(th)))
			call(th)
			p.s.Sleep(th, 0.01)
			p.note("%g", p.s.Pause(th)[1].F)
		}))
		p.note("main")
		call(th, rt.Value{}, rt.Value{}, rt.Value{}, rt.Value{})
		p.note("again")
		call(th)
		p.s.Start(th, fn(func(th *rt.Thread) {
			p.s.Sleep(th, 0.02)
			call(th, rt.Value{}, rt.Number(7))
			call(th)
		}))
		if err := rt.Protect(th, func() { p.s.Pause(th) }); err == nil || !strings.Contains(err.Error(), "pause: only inside a coroutine") {
			t.Errorf("pause in the main chunk: %v", err)
		}
	})
	misuse := "(cannot resume a coroutine that is not paused)"
	want := misuse + " main 4 " + misuse + " again " + misuse + " 7 (cannot resume dead coroutine)"
	if status != 0 || log != want {
		t.Errorf("status %d\n got %s\nwant %s", status, log, want)
	}
}

// A suspending call inside a plain coroutine suspends the whole chain.
func TestSuspendInsideCoroutine(t *testing.T) {
	p := newProgram(t)
	status, log := p.run(t, func(th *rt.Thread) {
		p.s.Start(th, fn(func(th *rt.Thread) {
			w := rt.Wrap(fn(func(th *rt.Thread) {
				p.s.Sleep(th, 0.005)
				p.note("inner")
				th.Yield(0, rt.Value{}, rt.Value{}, rt.Value{})
				p.s.Sleep(th, 0.005)
				p.note("inner2")
			}))
			rt.CallValues(th, w)
			p.note("outer")
			rt.CallValues(th, w)
			p.note("end")
		}))
		p.note("main")
	})
	if status != 0 || log != "main inner outer inner2 end" {
		t.Errorf("status %d: %s", status, log)
	}
}

// After Run an error ends its coroutine alone; before, the program.
func TestErrors(t *testing.T) {
	p := newProgram(t)
	status, log := p.run(t, func(th *rt.Thread) {
		for range 3 {
			p.s.Start(th, fn(func(th *rt.Thread) {
				p.s.Sleep(th, 0.001)
				rt.Throw(th, rt.NewString("expected by the test"))
			}))
		}
		p.s.Start(th, fn(func(th *rt.Thread) {
			p.s.Sleep(th, 0.005)
			p.note("goes on")
		}))
	})
	if status != 0 || log != "goes on" {
		t.Errorf("status %d: %s", status, log)
	}

	p = newProgram(t)
	status, log = p.run(t, func(th *rt.Thread) {
		p.s.Start(th, fn(func(th *rt.Thread) { rt.Throw(th, rt.NewString("expected by the test")) }))
		p.note("main")
	})
	if status != 1 || log != "" {
		t.Errorf("status %d: %s", status, log)
	}

	p = newProgram(t)
	p.s.fatal = true
	status, _ = p.run(t, func(th *rt.Thread) {
		p.s.Start(th, fn(func(th *rt.Thread) {
			p.s.Sleep(th, 0.001)
			rt.Throw(th, rt.NewString("expected by the test"))
		}))
		p.s.Start(th, fn(func(th *rt.Thread) { p.s.Sleep(th, 60) }))
	})
	if status != 1 {
		t.Errorf("status %d with LUAGO_ON_ERROR=exit", status)
	}
}

// halt ends everything, wherever it is called.
func TestHalt(t *testing.T) {
	for _, before := range []bool{true, false} {
		p := newProgram(t)
		status, _ := p.run(t, func(th *rt.Thread) {
			p.s.Start(th, fn(func(th *rt.Thread) {
				p.s.Sleep(th, 60)
				p.note("never")
			}))
			p.s.Start(th, fn(func(th *rt.Thread) {
				p.s.Sleep(th, 0)
				p.note("next")
				p.s.Sleep(th, 0)
				p.note("never")
			}))
			p.s.Start(th, fn(func(th *rt.Thread) {
				if !before {
					p.s.Sleep(th, 0)
				}
				p.note("halt")
				p.s.Halt(th)
				p.note("never")
			}))
		})
		time.Sleep(5 * time.Millisecond) // for what must not happen
		p.mu.Lock()
		log := strings.Join(p.log, " ")
		p.mu.Unlock()
		want := "next halt"
		if before {
			want = "halt"
		}
		if status != 0 || log != want {
			t.Errorf("status %d: %s", status, log)
		}
	}
}

// A note is an event that calls a function.
type note struct {
	Event
	f func(th *rt.Thread)
}

func newNote(f func(th *rt.Thread)) *note {
	n := &note{f: f}
	n.Target = n
	return n
}

func (n *note) Deliver(th *rt.Thread) { n.f(th) }

// Events of many goroutines are all delivered, one at a time, in the order of
// each goroutine, whether their handlers suspend or not.
func TestHammer(t *testing.T) {
	const sources, events = 16, 2000
	p := newProgram(t)
	seen := make([]int, sources)
	running, total, slept := 0, 0, 0
	p.s.Hold()
	status, _ := p.run(t, func(th *rt.Thread) {
		for i := range sources {
			go func() {
				var c Chain
				for j := range events {
					c.Add(&newNote(func(th *rt.Thread) {
						if seen[i] != j {
							t.Errorf("event %d of source %d after %d", j, i, seen[i])
						}
						seen[i]++
						running++
						if running != 1 {
							t.Error("two events at once")
						}
						running--
						if total++; total == sources*events {
							p.s.Release()
						}
						switch j % 7 {
						case 3:
							p.s.Sleep(th, 0.0001*float64(j%5))
							slept++
						case 5:
							p.s.Start(th, fn(func(th *rt.Thread) {
								p.s.Sleep(th, 0)
								slept++
							}))
							if j%500 == 5 {
								rt.Throw(th, rt.NewString("expected by the test"))
							}
						}
					}).Event)
					if j%9 == 8 || j == events-1 {
						p.s.PostChain(&c)
					}
				}
			}()
		}
	})
	want := 0
	for j := range events {
		if j%7 == 3 || j%7 == 5 {
			want += sources
		}
	}
	if status != 0 || total != sources*events || slept != want {
		t.Errorf("status %d, %d events, %d sleepers, want %d and %d", status, total, slept, sources*events, want)
	}
	if len(p.s.idle) > maxIdle {
		t.Errorf("%d idle runners", len(p.s.idle))
	}
}

// Every coroutine has a handle of its own, though goroutines are reused.
func TestHandles(t *testing.T) {
	p := newProgram(t)
	var handles []*rt.Coroutine
	p.run(t, func(th *rt.Thread) {
		f := fn(func(th *rt.Thread) {
			co := th.Coroutine()
			p.s.Sleep(th, 0)
			if th.Coroutine() != co {
				t.Error("another handle after sleep")
			}
			handles = append(handles, co)
		})
		for range 3 {
			p.s.Start(th, f)
		}
		p.s.Start(th, fn(func(th *rt.Thread) {
			p.s.Sleep(th, 0.01)
			p.s.Start(th, f)
			p.s.Sleep(th, 0.01)
			for i, a := range handles {
				if s := a.Status(th).String(); s != "dead" {
					t.Errorf("status %s at the end", s)
				}
				for _, b := range handles[:i] {
					if a == b {
						t.Error("two coroutines, one handle")
					}
				}
			}
		}))
	})
	if len(handles) != 4 {
		t.Errorf("%d handles", len(handles))
	}
}

// The watchdog speaks once for each event that takes too long, and rests when
// nobody has the baton. (The corpus has it name lines of scripts.)
func TestWatchdog(t *testing.T) {
	old := os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = w
	defer func() { os.Stderr = old }()
	lines := bufio.NewReader(r)
	p := newProgram(t)
	p.s.watchdog.limit = time.Second / 2
	status, _ := p.run(t, func(th *rt.Thread) {
		for range 2 {
			p.s.Start(th, fn(func(th *rt.Thread) {
				p.s.Sleep(th, 0)
				line, err := lines.ReadString('\n') // holds the baton until it speaks
				if line != `luago: level=warn event=busy seconds=0.5 at=? text="a coroutine has not suspended itself for so long: all others wait"`+"\n" {
					t.Errorf("%q, %v", line, err)
				}
				p.s.Sleep(th, 0)
			}))
		}
		p.s.Start(th, fn(func(th *rt.Thread) {
			go func() {
				for p.s.watchdog.armed.Load() {
					time.Sleep(time.Millisecond)
				}
				p.s.Post(&newNote(func(*rt.Thread) { p.s.Release() }).Event)
			}()
			p.s.Hold()
		}))
	})
	w.Close()
	if rest, _ := io.ReadAll(lines); status != 0 || len(rest) > 0 {
		t.Errorf("status %d, and %s", status, rest)
	}
}

// Warnings are one line each, whatever is in them.
func TestLog(t *testing.T) {
	for value, want := range map[string]string{"a.b:1": "a.b:1", "": `""`, "a b": `"a b"`, "a=b": `"a=b"`, "a\nb": `"a\nb"`, `"`: `"\""`} {
		if got := quoted(value); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

// What an event costs that does not suspend, and one that does.
func BenchmarkPost(b *testing.B) {
	st := rt.NewState(nil, nil)
	s := For(st)
	s.running = true
	s.Hold()
	s.drain(nil)
	b.Run("plain", func(b *testing.B) {
		e := newNote(func(*rt.Thread) {})
		for b.Loop() {
			s.Post(&e.Event)
		}
	})
	b.Run("start", func(b *testing.B) {
		f := fn(func(*rt.Thread) {})
		e := newNote(func(th *rt.Thread) { s.Start(th, f) })
		for b.Loop() {
			s.Post(&e.Event)
		}
	})
}

// A program in which nothing can happen any more ends with 1 if the coroutine
// that ended last has failed.
func TestEndStatus(t *testing.T) {
	fail := func(th *rt.Thread) { rt.Throw(th, rt.NewString("failed on purpose")) }
	later := func(p *program, seconds float64, f func(th *rt.Thread)) func(th *rt.Thread) {
		return func(th *rt.Thread) {
			p.s.Sleep(th, seconds)
			f(th)
		}
	}
	end := func(*rt.Thread) {}
	for _, tt := range []struct {
		name  string
		want  int
		start func(p *program, th *rt.Thread)
	}{
		{"all end well", 0, func(p *program, th *rt.Thread) { p.s.Start(th, fn(later(p, 0, end))) }},
		{"the only one fails", 1, func(p *program, th *rt.Thread) { p.s.Start(th, fn(later(p, 0, fail))) }},
		{"the last one fails", 1, func(p *program, th *rt.Thread) {
			p.s.Start(th, fn(later(p, 0, end)))
			p.s.Start(th, fn(later(p, 0.02, fail)))
		}},
		{"one fails before the last one ends", 0, func(p *program, th *rt.Thread) {
			p.s.Start(th, fn(later(p, 0, fail)))
			p.s.Start(th, fn(later(p, 0.02, end)))
		}},
		{"a handler ends well", 0, func(p *program, th *rt.Thread) {
			p.s.Start(th, fn(later(p, 0, fail)))
			p.s.Hold()
			p.s.Start(th, fn(later(p, 0.02, func(th *rt.Thread) {
				p.s.Release()
				fail(th)
			})))
			e := &callEvent{s: p.s, f: fn(later(p, 0.05, end))}
			e.Target = e
			p.s.Hold()
			go func() {
				time.Sleep(30 * time.Millisecond)
				p.s.Post(&e.Event)
			}()
		}},
		{"a handler that counts as failed", 1, func(p *program, th *rt.Thread) {
			e := &callEvent{s: p.s, f: fn(later(p, 0.01, end)), failed: true}
			e.Target = e
			p.s.Hold()
			p.s.Post(&e.Event)
		}},
		{"what the script never hears of", 1, func(p *program, th *rt.Thread) {
			p.s.Fail("on purpose", false)
		}},
	} {
		p := newProgram(t)
		if status, _ := p.run(t, func(th *rt.Thread) { tt.start(p, th) }); status != tt.want {
			t.Errorf("%s: status %d, want %d", tt.name, status, tt.want)
		}
	}
}

// A callEvent calls a function, for which the program was held.
type callEvent struct {
	Event
	s      *Scheduler
	f      rt.Value
	failed bool
}

func (e *callEvent) Deliver(th *rt.Thread) {
	e.s.Release()
	e.s.Call(th, e.f, 0, rt.Value{}, rt.Value{}, rt.Value{})
	if e.failed {
		e.s.Failed(th)
	}
}
