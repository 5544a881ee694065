package rt

// MaxDepth is the weight of calls in progress at which "stack overflow" is
// raised. A unit stands for up to 2.5 KB of Go stack: functions with larger
// frames weigh more, so that Go's own limit, which is fatal and bites at
// 512 MB, is never met.
const MaxDepth = 190_000

// callWeight is what a call from Go code into Lua adds to the depth, for the
// frames of that Go code: 5,900 of them may be nested, where C Lua allows 200. With
// more, a program that adds to a message at each level would take time and memory in
// the square of their number.
const callWeight = 32

// ValueShift says how much arguments weigh that a call keeps: 1<<ValueShift of
// them as much as a unit. So there are up to 1.5 million of them; C Lua's stack
// has a million slots.
const ValueShift = 3

// weigh returns what a call from Go code into Lua with n arguments adds to the
// depth.
func weigh(n int) int { return callWeight + n>>ValueShift }

// Overflow raises "stack overflow" for a Lua function that has just been called,
// at the line of the call.
func (th *Thread) Overflow() { panic(th.overflow(2)) }

// overflow returns the error "stack overflow", with the position of level. It is
// for the caller of its caller.
func (th *Thread) overflow(level int) *Error {
	if th.overflown {
		return &Error{Value: NewString(failedHandler), isUnhandled: true}
	}
	var buf [128]byte
	return &Error{Value: NewBytes(append(th.appendWhere(buf[:0], level, 4), "stack overflow"...)), isOverflow: true}
}

// Call calls any value with n arguments: the first three given here, the
// others in th.Args[3:n]. It is for Go code; results are as of a Fn, but
// never a pending tail call.
func Call(th *Thread, f Value, n int, a0, a1, a2 Value) (Value, int) {
	th.Depth += weigh(n)
	if th.Depth > MaxDepth {
		panic(th.overflow(0))
	}
	r, k := f.Callee(th, "")(th, n, a0, a1, a2)
	if k < 0 {
		r, k = th.FinishTail()
	}
	th.Depth -= weigh(n)
	return r, k
}

// startCall is Call, but the result may be a pending tail call, with the depth
// that it needs.
func startCall(th *Thread, f Value, n int, a0, a1, a2 Value) (Value, int) {
	th.Depth += weigh(n)
	if th.Depth > MaxDepth {
		panic(th.overflow(0))
	}
	r, k := f.Callee(th, "")(th, n, a0, a1, a2)
	if k >= 0 {
		th.Depth -= weigh(n)
	}
	return r, k
}

// CallValues is Call with all arguments given here.
func CallValues(th *Thread, f Value, args ...Value) (Value, int) { return CallSlice(th, f, args) }

// CallSlice is Call with the arguments args.
func CallSlice(th *Thread, f Value, args []Value) (Value, int) {
	a0, a1, a2 := th.setArgs(args)
	return Call(th, f, len(args), a0, a1, a2)
}

// setArgs returns the first three of args and puts the others in th.Args.
func (th *Thread) setArgs(args []Value) (a0, a1, a2 Value) {
	switch len(args) {
	case 0:
	case 1:
		a0 = args[0]
	case 2:
		a0, a1 = args[0], args[1]
	default:
		a0, a1, a2 = args[0], args[1], args[2]
		if len(args) > 3 {
			th.GrowArgs(len(args))
			copy(th.Args[3:], args[3:])
		}
	}
	return a0, a1, a2
}

// calleeSlow is the rest of Callee, for what is no function. A __call that is
// itself no function does not count (reference manual, section 2.4).
func calleeSlow(th *Thread, v Value, name string) Fn {
	h := th.State.handler(v, evCall)
	if !h.IsFunction() {
		th.callError(v, name)
	}
	fn := h.Function().Fn
	return func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		if n >= 3 {
			th.GrowArgs(n + 1)
			copy(th.Args[4:n+1], th.Args[3:n])
			th.Args[3] = a2
		}
		return fn(th, n+1, v, a0, a1)
	}
}

// maxTails is how many tail calls of a thread may be ordinary calls. Processors
// predict the returns from no more than 16 calls or so.
const maxTails = 7

// TailCall calls f, described by name, in place of the running function: the
// function returns TailCall's results. The arguments are as for Call.
//
// A tail call needs no stack in Lua. To Go it is an ordinary call, as long as
// not too many of them are in progress; then it is a request, which unwinds
// them all and runs in FinishTail. So 18 million tail calls in turn take 0.13 s
// instead of 0.20. Positions and tracebacks leave the calling function out,
// which is no longer there in Lua: see walker.
//
//go:noinline
func (th *Thread) TailCall(f Value, name string, n int, a0, a1, a2 Value) (Value, int) {
	fn := f.Callee(th, name)
	if th.tails < maxTails && !th.State.Instrumented {
		th.tails++
		r, k := fn(th, n, a0, a1, a2)
		th.tails--
		return r, k
	}
	return th.RequestTail(f, name, n, a0, a1, a2)
}

// RequestTail is TailCall without the ordinary call. Functions written in Go
// are called at once, for the position of their errors is the running function.
func (th *Thread) RequestTail(f Value, name string, n int, a0, a1, a2 Value) (Value, int) {
	if f.IsFunction() {
		if f := f.Function(); f.IsGo() {
			return f.Fn(th, n, a0, a1, a2)
		}
	}
	th.tailFn, th.tailN = f.Callee(th, name), n
	th.Args[0], th.Args[1], th.Args[2] = a0, a1, a2
	return Value{}, -1
}

// FinishTail runs the pending tail call, and those that follow from it.
func (th *Thread) FinishTail() (Value, int) {
	for {
		r, k := th.tailFn(th, th.tailN, th.Args[0], th.Args[1], th.Args[2])
		if k >= 0 {
			return r, k
		}
	}
}

// PlainCall calls f, described by name, and finishes a tail call that it asks
// for. It is what emitted code does itself where speed matters: Go's compiler
// takes time in the square of the number of calls of function values in a
// function.
func (th *Thread) PlainCall(f Value, name string, n int, a0, a1, a2 Value) (Value, int) {
	r, k := f.Callee(th, name)(th, n, a0, a1, a2)
	if k < 0 {
		r, k = th.FinishTail()
	}
	return r, k
}

// SpreadCall calls f, described by name, with the values of fixed and then all
// n results of a call, of which first is one and the others are in th.Ret.
func (th *Thread) SpreadCall(f Value, name string, fixed []Value, first Value, n int) (Value, int) {
	total, a0, a1, a2 := th.spread(fixed, first, n)
	return th.PlainCall(f, name, total, a0, a1, a2)
}

// SpreadTail is SpreadCall as a tail call.
func (th *Thread) SpreadTail(f Value, name string, fixed []Value, first Value, n int) (Value, int) {
	total, a0, a1, a2 := th.spread(fixed, first, n)
	return th.TailCall(f, name, total, a0, a1, a2)
}

// spread arranges the values of fixed and n results as arguments.
func (th *Thread) spread(fixed []Value, first Value, n int) (total int, a0, a1, a2 Value) {
	total = len(fixed) + n
	if total > 3 {
		th.GrowArgs(total)
		args := th.Args[:total]
		copyValues(args, fixed)
		if n > 0 {
			args[len(fixed)] = first
			copyValues(args[len(fixed)+1:], th.Ret[1:n])
		}
		return total, args[0], args[1], args[2]
	}
	switch len(fixed) {
	case 0:
		return total, th.nth(first, 0, n), th.nth(first, 1, n), th.nth(first, 2, n)
	case 1:
		return total, fixed[0], th.nth(first, 0, n), th.nth(first, 1, n)
	case 2:
		return total, fixed[0], fixed[1], th.nth(first, 0, n)
	}
	return total, fixed[0], fixed[1], fixed[2]
}

// nth returns result i, counted from 0, of the n results of a call, of which
// first is one.
func (th *Thread) nth(first Value, i, n int) Value {
	switch {
	case i >= n:
		return Value{}
	case i == 0:
		return first
	}
	return th.Ret[i]
}

// spreadVarargs arranges the values of fixed and rest as arguments.
func (th *Thread) spreadVarargs(fixed, rest []Value) (total int, a0, a1, a2 Value) {
	total = len(fixed) + len(rest)
	if total > 3 {
		th.GrowArgs(total)
		args := th.Args[:total]
		copyValues(args, fixed)
		copyValues(args[len(fixed):], rest)
		return total, args[0], args[1], args[2]
	}
	switch len(fixed) {
	case 0:
		return total, Nth(rest, 0), Nth(rest, 1), Nth(rest, 2)
	case 1:
		return total, fixed[0], Nth(rest, 0), Nth(rest, 1)
	case 2:
		return total, fixed[0], fixed[1], Nth(rest, 0)
	}
	return total, fixed[0], fixed[1], fixed[2]
}

// copyValues copies src to dst, which do not overlap. For a few values that is
// faster than copy, which calls the garbage collector's write barrier.
func copyValues(dst, src []Value) {
	if len(src) > 8 {
		copy(dst, src)
		return
	}
	dst = dst[:len(src)]
	for i := len(src) - 1; i >= 0; i-- {
		dst[i] = src[i]
	}
}

// ReturnSpread returns the values of fixed and then all n results of a call
// from a function.
func (th *Thread) ReturnSpread(fixed []Value, first Value, n int) (Value, int) {
	if len(fixed) == 0 {
		return first, n
	}
	total := len(fixed) + n
	th.GrowRet(total)
	if n > 0 {
		copy(th.Ret[len(fixed)+1:total], th.Ret[1:n])
		th.Ret[len(fixed)] = first
	}
	copy(th.Ret[1:], fixed[1:])
	return fixed[0], total
}

// Return returns vs from a Fn.
func (th *Thread) Return(vs ...Value) (Value, int) { return th.ReturnSlice(vs) }

// ReturnSlice returns the values of vs from a Fn.
func (th *Thread) ReturnSlice(vs []Value) (Value, int) {
	if len(vs) == 0 {
		return Value{}, 0
	}
	th.GrowRet(len(vs))
	copyValues(th.Ret[1:], vs[1:])
	return vs[0], len(vs)
}

// Results returns the n results of a call, of which first is one, as a new
// slice.
func (th *Thread) Results(first Value, n int) []Value {
	if n <= 0 {
		return nil
	}
	vs := make([]Value, n)
	vs[0] = first
	copy(vs[1:], th.Ret[1:n])
	return vs
}

// Prepend returns v and the n results of a call, of which first is one, from a
// Fn.
func (th *Thread) Prepend(v, first Value, n int) (Value, int) {
	if n > 0 {
		th.GrowRet(n + 1)
		copy(th.Ret[2:n+1], th.Ret[1:n])
		th.Ret[1] = first
	}
	return v, n + 1
}

// Shift drops the first of n arguments: it returns the arguments of a call
// with the others.
func (th *Thread) Shift(n int, a1, a2 Value) (int, Value, Value, Value) {
	if n <= 3 {
		return max(n-1, 0), a1, a2, Value{}
	}
	a3 := th.Args[3]
	copy(th.Args[3:n-1], th.Args[4:n])
	return n - 1, a1, a2, a3
}

// AllArgs returns the n arguments of a Fn as a new slice.
func (th *Thread) AllArgs(n int, a0, a1, a2 Value) []Value { return th.Varargs(n, 0, a0, a1, a2) }

// Arg returns argument i, counted from 0, of the n arguments of a Fn, nil
// beyond the last.
func (th *Thread) Arg(i, n int, a0, a1, a2 Value) Value {
	switch {
	case i >= n:
		return Value{}
	case i == 0:
		return a0
	case i == 1:
		return a1
	case i == 2:
		return a2
	}
	return th.Args[i]
}

// Varargs returns the arguments after the first fixed ones of n as a new
// slice, nil if there are none.
func (th *Thread) Varargs(n, fixed int, a0, a1, a2 Value) []Value {
	if n <= fixed {
		return nil
	}
	vs := make([]Value, n-fixed)
	th.fillVarargs(vs, n, fixed, a0, a1, a2)
	return vs
}

// fillVarargs stores in vs the arguments after the first fixed ones of n.
func (th *Thread) fillVarargs(vs []Value, n, fixed int, a0, a1, a2 Value) {
	three := [3]Value{a0, a1, a2}
	if fixed < 3 {
		copyValues(vs, three[fixed:min(n, 3)])
	}
	if n > 3 {
		copyValues(vs[max(0, 3-fixed):], th.Args[max(3, fixed):n])
	}
}

// AppendResults stores the n results of a call, of which first is one, in the
// elements after the last: the end of the constructor {..., f()}.
func (t *Table) AppendResults(th *Thread, first Value, n int) {
	t.AppendAt(th, int(t.NA)+1, first, n)
}

// AppendAt stores the n results of a call, of which first is one, in elements
// i, i+1, ...
func (t *Table) AppendAt(th *Thread, i int, first Value, n int) {
	if n <= 0 {
		return
	}
	t.Reserve(i + n - 1)
	t.SetInt(i, first)
	for j := 1; j < n; j++ {
		t.SetInt(i+j, th.Ret[j])
	}
}
