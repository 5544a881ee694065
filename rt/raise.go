package rt

// The errors of statements error(...).
//
// A Go panic costs a third of a microsecond, and a look at the stack for the
// position as much again. Where the innermost protected call is pcall, nobody
// asks for the stack; emitted code knows the position, and its function can
// return. So such an error is a pending tail call of a function that panics:
//
//	error("x")      if th.Raise(ck.g[g_error], "a.lua:3: ", 1, k_x.Value(), rt.Value{}) {
//	                    return rt.Value{}, -1
//	                }
//
// PCall takes it as it is. Whoever else finds it, say the function that has called
// this one, finishes the call, and so panics. For xpcall, the message handler is
// called before that, in error, where the stack is as it wants to see it.

// raised is the number of arguments of a pending tail call that is an error.
const raised = -1

// ErrorProto is the Proto of the library function error, by which Raise knows it.
var ErrorProto = Proto{Name: "error"}

// Raise runs the statement error(a0, a1), with n arguments, at the position where.
// f is what the program calls error. Raise reports whether the running function
// has to return a pending tail call; the others of f's ways of not returning are
// panics.
func (th *Thread) Raise(f Value, where string, n int, a0, a1 Value) bool {
	if !f.IsFunction() || f.Function().Proto != &ErrorProto || !th.canReturnError() {
		th.PlainCall(f, "global 'error'", n, a0, a1, Value{})
		return false
	}
	level := 1.0
	if a1.P != nil {
		if level = a1.F; !a1.IsNumber() || level != 0 && level != 1 && level != 2 {
			th.PlainCall(f, "global 'error'", n, a0, a1, Value{})
			return false
		}
	}
	if level > 0 {
		if s, ok := ToString(a0); !ok {
		} else if level == 1 {
			a0 = NewString(where + s)
		} else {
			a0 = th.Located(2, s)
		}
	}
	if !th.inPCall {
		f.Function().Fn(th, 2, a0, Number(0), Value{})
		return true
	}
	th.requestThrow(a0)
	return true
}

// canReturnError reports whether an error can be a pending tail call.
func (th *Thread) canReturnError() bool {
	return (th.inPCall || th.handler.P != nil) && !th.State.Instrumented
}

// requestThrow makes the error v the pending tail call.
func (th *Thread) requestThrow(v Value) {
	th.tailFn, th.tailN = throwArg, raised
	th.Args[0] = v
}

// ReturnError raises v as a Lua error, or returns what a Fn has to return
// to raise it.
func (th *Thread) ReturnError(v Value) (Value, int) {
	if !th.canReturnError() {
		Throw(th, v)
	}
	if th.inPCall {
		th.requestThrow(v)
		return Value{}, -1
	}
	v = th.handle(th.handler, &Error{Value: v})
	th.tailFn, th.tailN = throwHandled, raised
	th.Args[0] = v
	return Value{}, -1
}

// RaiseSpread is Raise with the n results of a call as arguments.
func (th *Thread) RaiseSpread(f Value, where string, first Value, n int) bool {
	if n > 2 {
		th.SpreadCall(f, "global 'error'", nil, first, n)
		return false
	}
	return th.Raise(f, where, n, first, th.nth(first, 1, n))
}

// throwHandled raises its argument, which comes from a message handler.
func throwHandled(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
	panic(&Error{Value: a0, isUnhandled: true})
}

// throwArg raises its argument.
func throwArg(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
	panic(&Error{Value: a0})
}
