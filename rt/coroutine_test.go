package rt

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// fn returns a function value that takes and returns slices.
func fn(f func(th *Thread, args []Value) []Value) Value {
	return NewGoFunction("test", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return th.ReturnSlice(f(th, th.AllArgs(n, a0, a1, a2)))
	})
}

// yield is coroutine.yield over slices.
func yield(th *Thread, args ...Value) []Value {
	a0, a1, a2 := th.setArgs(args)
	first, n := th.Yield(len(args), a0, a1, a2)
	return th.Results(first, n)
}

// resume is Resume over slices.
func resume(th *Thread, co *Coroutine, args ...Value) ([]Value, *Error) {
	a0, a1, a2 := th.setArgs(args)
	first, n, err := co.Resume(th, len(args), a0, a1, a2)
	return th.Results(first, n), err
}

func numbers(from, n int) []Value {
	vs := make([]Value, n)
	for i := range vs {
		vs[i] = Number(float64(from + i))
	}
	return vs
}

func text(vs []Value) string {
	var b strings.Builder
	for _, v := range vs {
		fmt.Fprintf(&b, "%s ", v.String())
	}
	return b.String()
}

// Any number of values crosses, both ways, at the start, at yields and at the
// end.
func TestCoroutineValues(t *testing.T) {
	st := NewState(nil, nil)
	for _, n := range []int{0, 1, 2, 3, 4, 5, 63, 64, 65, 300} {
		co := NewCoroutine(fn(func(th *Thread, args []Value) []Value {
			if got, want := text(args), text(numbers(1, n)); got != want {
				t.Errorf("%d arguments: %s, want %s", n, got, want)
			}
			back := yield(th, numbers(100, n)...)
			if got, want := text(back), text(numbers(200, n)); got != want {
				t.Errorf("%d values of yield: %s, want %s", n, got, want)
			}
			return numbers(300, n)
		}))
		for i, in := range []int{1, 200} {
			got, err := resume(st.Main, co, numbers(in, n)...)
			if want := text(numbers(100+200*i, n)); err != nil || text(got) != want {
				t.Errorf("%d values of resume: %s, %v, want %s", n, text(got), err, want)
			}
		}
		if s := co.Status(st.Main).String(); s != "dead" {
			t.Errorf("status %s after the end", s)
		}
	}
}

func TestCoroutineStatus(t *testing.T) {
	st := NewState(nil, nil)
	var outer, inner *Coroutine
	var seen []string
	inner = NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
		seen = append(seen, outer.Status(th).String(), inner.Status(th).String())
		if _, err := resume(th, outer); err == nil || err.Error() != "cannot resume non-suspended coroutine" {
			t.Errorf("resume of a normal coroutine: %v", err)
		}
		if _, err := resume(th, inner); err == nil || err.Error() != "cannot resume non-suspended coroutine" {
			t.Errorf("resume of itself: %v", err)
		}
		if _, err := resume(th, st.Main.Coroutine()); err == nil || err.Error() != "cannot resume non-suspended coroutine" {
			t.Errorf("resume of the main thread: %v", err)
		}
		if th.Coroutine() != inner || th.IsMain() || !th.IsYieldable() {
			t.Error("the running thread is not inner")
		}
		return nil
	}))
	outer = NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
		resume(th, inner)
		return yield(th)
	}))
	seen = append(seen, outer.Status(st.Main).String())
	resume(st.Main, outer)
	seen = append(seen, outer.Status(st.Main).String())
	resume(st.Main, outer)
	seen = append(seen, outer.Status(st.Main).String(), st.Main.Coroutine().Status(st.Main).String())
	if got, want := fmt.Sprint(seen), "[suspended normal running suspended dead running]"; got != want {
		t.Errorf("statuses %s, want %s", got, want)
	}
	if _, err := resume(st.Main, outer); err == nil || err.Error() != "cannot resume dead coroutine" {
		t.Errorf("resume of a dead coroutine: %v", err)
	}
	err := Protect(st.Main, func() { st.Main.Yield(0, Value{}, Value{}, Value{}) })
	if err == nil || err.Error() != "attempt to yield from outside a coroutine" {
		t.Errorf("yield outside: %v", err)
	}
}

// An error ends the coroutine and arrives as a value, whatever it is; wrap
// raises it again. Depth is as before.
func TestCoroutineErrors(t *testing.T) {
	st := NewState(nil, nil)
	obj := NewTable().Value()
	co := NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
		yield(th)
		Throw(th, obj)
		return nil
	}))
	resume(st.Main, co)
	if _, err := resume(st.Main, co); err == nil || err.Value != obj {
		t.Errorf("error %v, want the table", err)
	}
	if !strings.Contains(co.Traceback(st.Main, 0), "stack traceback:\n\t[C]: in ?") {
		t.Errorf("traceback of a failed coroutine: %s", co.Traceback(st.Main, 0))
	}
	co = NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
		var a []int
		_ = a[len(th.Args)]
		return nil
	}))
	if _, err := resume(st.Main, co); err == nil || !strings.Contains(err.Error(), "internal error: ") {
		t.Errorf("Go panic: %v", err)
	}
	_, _, err := PCall(st.Main, Wrap(fn(func(th *Thread, _ []Value) []Value { Throw(th, obj); return nil })), 0, Value{}, Value{}, Value{})
	if err == nil || err.Value != obj {
		t.Errorf("error through wrap %v, want the table", err)
	}
	if st.Main.Depth != 0 {
		t.Errorf("depth %d at the end", st.Main.Depth)
	}
	depth := 0
	var deep func(th *Thread, _ []Value) []Value
	deep = func(th *Thread, _ []Value) []Value {
		depth++
		_, err := resume(th, NewCoroutine(fn(deep)))
		if err != nil {
			return []Value{err.Value}
		}
		return nil
	}
	resume(st.Main, NewCoroutine(fn(deep)))
	if depth != maxNest {
		t.Errorf("%d nested coroutines, want %d", depth, maxNest)
	}
}

func TestCoroutineResumeFn(t *testing.T) {
	st := NewState(nil, nil)
	co := NewCoroutine(fn(func(th *Thread, args []Value) []Value {
		args = yield(th, args...)
		Throw(th, args[0])
		return nil
	})).Value()
	r, n := CallValues(st.Main, NewGoFunction("resume", ResumeFn), append([]Value{co}, numbers(1, 5)...)...)
	if got := text(st.Main.Results(r, n)); got != "true 1 2 3 4 5 " {
		t.Errorf("resume returns %s", got)
	}
	r, n = CallValues(st.Main, NewGoFunction("resume", ResumeFn), co, Number(7))
	if got := text(st.Main.Results(r, n)); got != "false 7 " {
		t.Errorf("failing resume returns %s", got)
	}
}

// A yield crosses protected calls, and killing the coroutine passes them.
func TestCoroutineYieldAcrossPCall(t *testing.T) {
	st := NewState(nil, nil)
	co := NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
		err := Protect(th, func() {
			yield(th, Number(1))
			Throw(th, Number(2))
		})
		return []Value{err.Value}
	}))
	a, _ := resume(st.Main, co)
	b, _ := resume(st.Main, co)
	if text(a)+text(b) != "1 2 " {
		t.Errorf("got %s then %s", text(a), text(b))
	}
}

// settle waits until at most n goroutines are left.
func settle(t *testing.T, n int) {
	t.Helper()
	for range 200 {
		runtime.GC()
		if runtime.NumGoroutine() <= n {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%d goroutines, want %d", runtime.NumGoroutine(), n)
}

// Coroutines that nothing can resume go away, wherever they are suspended.
func TestCoroutineAbandoned(t *testing.T) {
	before := runtime.NumGoroutine()
	st := NewState(nil, nil)
	survived := 0
	for range 2000 {
		co := NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
			Protect(th, func() {
				w := NewCoroutine(fn(func(th *Thread, _ []Value) []Value { return yield(th) }))
				resume(th, w)
				th.Coroutine()
				yield(th)
				survived++
			})
			survived++
			return nil
		}))
		resume(st.Main, co)
	}
	settle(t, before)
	if survived != 0 {
		t.Errorf("%d abandoned coroutines went on", survived)
	}
	runtime.KeepAlive(st)
}

// Idle goroutines go away with their State.
func TestCoroutinePool(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		st := NewState(nil, nil)
		var all []*Coroutine
		for range 2 * maxIdle {
			co := NewCoroutine(fn(func(th *Thread, _ []Value) []Value { return yield(th) }))
			resume(st.Main, co)
			all = append(all, co)
		}
		for _, co := range all {
			resume(st.Main, co)
		}
		if n := runtime.NumGoroutine() - before; n > maxIdle {
			t.Errorf("%d idle goroutines", n)
		}
	}()
	settle(t, before)
}

func TestCoroutineTraceback(t *testing.T) {
	st := NewState(nil, nil)
	co := NewCoroutine(fn(func(th *Thread, args []Value) []Value { return yield(th, yield(th)...) }))
	resume(st.Main, co)
	want := "stack traceback:\n\t[C]: in ?"
	for range 2 {
		if got := co.Traceback(st.Main, 0); got != want {
			t.Errorf("traceback %q, want %q", got, want)
		}
	}
	if got, _ := resume(st.Main, co, Number(5)); text(got) != "5 " {
		t.Errorf("values after a traceback: %s", text(got))
	}
}

// A task suspends and continues with a chain of coroutines inside it.
func TestTaskSuspend(t *testing.T) {
	st := NewState(nil, nil)
	var log []string
	add := func(s string) { log = append(log, s) }
	task := NewTask(st, func(task *Task) {
		th := task.Thread()
		inner := NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
			add("inner")
			if !th.InTask() || th.Task() != task {
				t.Error("not in the task")
			}
			th.Suspend()
			add("inner on")
			yield(th)
			add("inner end")
			return nil
		}))
		outer := NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
			resume(th, inner)
			add("outer")
			resume(th, inner)
			return nil
		}))
		resume(th, outer)
		add("task")
		th.Suspend()
		add("end")
	})
	for !task.Enter(nil) {
		add("driver")
	}
	want := "inner,driver,inner on,outer,inner end,task,driver,end"
	if got := strings.Join(log, ","); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if st.Main.InTask() {
		t.Error("the main thread is in a task")
	}
	task.Stop()
}

// Stopping a task unwinds the chain of coroutines inside it.
func TestTaskStop(t *testing.T) {
	before := runtime.NumGoroutine()
	st := NewState(nil, nil)
	task := NewTask(st, func(task *Task) {
		resume(task.Thread(), NewCoroutine(fn(func(th *Thread, _ []Value) []Value {
			Protect(th, func() { th.Suspend() })
			t.Error("went on after Stop")
			return nil
		})))
		t.Error("went on after Stop")
	})
	if task.Enter(nil) {
		t.Error("the task has ended")
	}
	task.Stop()
	settle(t, before)
	runtime.KeepAlive(st)
}

// TestAbandonedAreReused checks that each collection serves thousands of new
// coroutines.
func TestAbandonedAreReused(t *testing.T) {
	st := NewState(nil, nil)
	f := NewGoFunction("", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return th.Yield(0, Value{}, Value{}, Value{})
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 5 * minAlive {
		NewCoroutine(f).Resume(st.Main, 0, Value{}, Value{}, Value{})
	}
	runtime.ReadMemStats(&after)
	if n := after.NumForcedGC - before.NumForcedGC; n > 15 {
		t.Errorf("%d collections for %d coroutines", n, 5*minAlive)
	}
}
