package rt

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"
)

// Finalizers: the metamethod __gc.
//
// An object is marked when setmetatable gives it a metatable with a __gc field,
// as in C Lua. Marking sets one of Go's finalizers, which brings the dead object
// back and queues it; the Lua code runs on the thread of the State, where that
//
//	calls collectgarbage("collect"), or "step" at the end of a cycle
//	marks another object
//	ends a round of a loop, in programs whose text has a "__gc"
//	ends
//
// Go finalizes no object that refers to itself, directly or around a cycle: such
// objects are finalized when the program ends.

// finalizers is what a State keeps for that. Go's finalizers refer to it, and not
// to the State, which they would keep alive.
type finalizers struct {
	marked map[int]weak.Pointer[header] // by order of marking; for the State's thread
	last   int

	running bool // a finalizer is: others wait, unless it collects
	nest    int  // finalizers in progress

	pending atomic.Bool // queue is not empty
	mu      sync.Mutex
	arrived sync.Cond
	queue   map[int]Value // dead objects
}

func newFinalizers() *finalizers {
	f := &finalizers{marked: map[int]weak.Pointer[header]{}, queue: map[int]Value{}}
	f.arrived.L = &f.mu
	return f
}

// bury queues the dead object v.
func (f *finalizers) bury(order int, v Value) {
	f.mu.Lock()
	f.queue[order] = v
	f.pending.Store(true)
	f.mu.Unlock()
	f.arrived.Broadcast()
}

// SetFinalizer marks v, which has just got a metatable, if that has a __gc field.
func (th *Thread) SetFinalizer(v Value) {
	m := th.State.metaOf(v)
	if m == nil || m.Shape.info.absent&(1<<evGC) != 0 || m.handler(evGC).P == nil || v.setFinalize(true) {
		return
	}
	f := th.State.finalizers
	f.last++
	order := f.last
	f.marked[order] = weak.Make((*header)(v.P))
	if v.IsTable() {
		runtime.SetFinalizer(v.Table(), func(t *Table) { f.bury(order, t.Value()) })
	} else {
		runtime.SetFinalizer(v.Userdata(), func(u *Userdata) { f.bury(order, u.Value()) })
	}
	th.Finalize()
}

// setFinalize notes whether v is marked, and returns what was noted before.
func (v Value) setFinalize(on bool) bool {
	if !v.IsTable() {
		u := v.Userdata()
		was := u.finalize
		u.finalize = on
		return was
	}
	t := v.Table()
	was := t.flags&tabFinalize != 0
	t.flags &^= tabFinalize
	if on {
		t.flags |= tabFinalize
	}
	return was
}

// Finalize runs the finalizers of objects found dead, the last one marked first.
// An error in one of them is raised here; the others stay queued.
func (th *Thread) Finalize() {
	if f := th.State.finalizers; f.pending.Load() && !f.running {
		f.run(th)
	}
}

func (f *finalizers) run(th *Thread) {
	for {
		v, ok := f.take()
		if !ok {
			return
		}
		if err := th.finalize(v); err != nil {
			if !err.isUnhandled {
				err = finalizerError(finalizerMessage(err))
			}
			panic(err)
		}
	}
}

// finalizerError returns the error that one in a finalizer becomes, as in C Lua
// without a message handler.
func finalizerError(msg string) *Error {
	return &Error{Value: NewString("error in __gc metamethod (" + msg + ")"), isUnhandled: true}
}

func finalizerMessage(err *Error) string {
	if s, ok := ToString(err.Value); ok {
		return s
	}
	return "no message"
}

// take removes the object that was marked last from the queue.
func (f *finalizers) take() (Value, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	order := 0
	for o := range f.queue {
		order = max(order, o)
	}
	v, ok := f.queue[order]
	delete(f.queue, order)
	delete(f.marked, order)
	f.pending.Store(len(f.queue) > 0)
	return v, ok
}

// finalize calls v's finalizer, with the results of a call in progress kept.
func (th *Thread) finalize(v Value) (err *Error) {
	v.setFinalize(false)
	revive(v)
	h := th.State.Metamethod(v, MetaGC)
	if !h.IsFunction() {
		return nil
	}
	f := th.State.finalizers
	was := f.running
	f.running = true
	f.nest++
	defer func() {
		f.running = was
		f.nest--
	}()
	if f.nest > maxNest {
		return textError("C stack overflow")
	}
	ret := slices.Clone(th.Ret)
	args := slices.Clone(th.Args)
	_, _, err = PCall(th, h, 1, v, Value{}, Value{})
	copy(th.Ret, ret)
	copy(th.Args, args)
	return err
}

// Collect runs a whole cycle of the garbage collector, and then the finalizers
// of the objects that it has found dead.
func (th *Thread) Collect() {
	clear(th.Args)
	clear(th.Ret)
	clear(th.varargs[th.varargTop:])
	th.State.eachMetaCache((*MetaCache).release)
	runtime.GC()
	th.State.eachMetaCache((*MetaCache).restore)
	f := th.State.finalizers
	f.await()
	f.run(th)
}

// await waits for the dead objects that are still on their way to the queue:
// for those already there are only nil pointers.
func (f *finalizers) await() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for order, object := range f.marked {
		for object.Value() == nil && f.queue[order].P == nil {
			f.arrived.Wait()
		}
	}
}

// FinalizeAll runs the finalizers of all marked objects, for the end of the
// program. Errors in them are ignored.
func (st *State) FinalizeAll() {
	f := st.finalizers
	f.await()
	for _, order := range slices.Backward(slices.SortedFunc(maps.Keys(f.marked), cmp.Compare)) {
		f.mu.Lock()
		v, ok := f.queue[order]
		delete(f.queue, order)
		f.mu.Unlock()
		if !ok {
			v = Value{P: unsafe.Pointer(f.marked[order].Value())}
		}
		delete(f.marked, order)
		if v.P != nil {
			st.Main.finalize(v)
		}
	}
}
