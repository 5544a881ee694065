package rt

import (
	"runtime"
	"strconv"
	"strings"
)

// An Error is a Lua error on its way to a protected call: the panic value.
type Error struct {
	// Value is the error object.
	Value Value
	// Traceback is the stack at the point of the error, where the protected
	// call asked for it.
	Traceback string

	passed []*trace // the coroutines that it has come through, innermost first

	isOverflow  bool // the stack has overflown
	isUnhandled bool // message handlers are not called
}

// Error returns the message, for Go code that treats e as a Go error.
func (e *Error) Error() string { return errorText(e.Value) }

// errorText describes an error object without running Lua code.
func errorText(v Value) string {
	if s, ok := ToString(v); ok {
		return s
	}
	return "(error object is a " + TypeName(v) + " value)"
}

// killed is the panic value that stops an abandoned coroutine: protected calls
// pass it on.
var killed any = new(struct{ _ byte })

// Throw raises v as a Lua error.
func Throw(th *Thread, v Value) { panic(&Error{Value: v}) }

// Errorf raises a Lua error for the running library function: the message is
// preceded by the position of the Lua function that called it. Of the verbs it
// knows %s, %v, %d and %q.
func (th *Thread) Errorf(format string, args ...any) { panic(th.formatError(format, args)) }

func (th *Thread) formatError(format string, args []any) *Error {
	var buf [128]byte
	return &Error{Value: NewBytes(appendf(th.appendWhere(buf[:0], 1, 4), format, args))}
}

// The functions that raise errors of the language itself are inlined, and
// panic in their caller: unwinding costs some 50 ns for every frame.

// raise raises an error of an operation of the language: the message is
// preceded by the position of the running function, if that is a Lua function.
func (th *Thread) raise(msg ...string) { panic(th.newError(4, msg...)) }

// newError returns an error for raise. skip is how many frames lie between the
// caller of raise and runtime.Callers.
func (th *Thread) newError(skip int, msg ...string) *Error {
	var buf [128]byte
	b := th.appendWhere(buf[:0], 0, skip)
	for _, s := range msg {
		b = append(b, s...)
	}
	return &Error{Value: NewBytes(b)}
}

// typeError raises "attempt to index a nil value (local 'x')".
func (th *Thread) typeError(op string, v Value, name string) {
	panic(th.newTypeError(op, v, name))
}

func (th *Thread) newTypeError(op string, v Value, name string) *Error {
	if name == "" {
		return th.newError(5, "attempt to ", op, " a ", TypeName(v), " value")
	}
	return th.newError(5, "attempt to ", op, " a ", TypeName(v), " value (", name, ")")
}

// callError raises "attempt to call a nil value (method 'x')", and says so if x is
// a method that only the original of the host has.
func (th *Thread) callError(v Value, name string) {
	err := th.newTypeError("call", v, name)
	if method, ok := strings.CutPrefix(name, "method '"); ok && v.P == nil {
		method = strings.TrimSuffix(method, "'")
		if host := th.State.Others[method]; host != "" {
			err.Value = NewString(err.Value.Str().String() + ": " + host + "'s " + method + " is not available in luago")
		}
	}
	panic(err)
}

func (th *Thread) indexError(v Value, name string) { panic(th.newTypeError("index", v, name)) }

// orderError raises the error about the comparison of a and b.
func (th *Thread) orderError(a, b Value) {
	x, y := TypeName(a), TypeName(b)
	if x == y {
		th.raise("attempt to compare two ", x, " values")
	}
	th.raise("attempt to compare ", x, " with ", y)
}

// appendf is as much of fmt.Appendf as messages need, without linking that.
func appendf(b []byte, format string, args []any) []byte {
	for i := 0; i < len(format); i++ {
		c := format[i]
		if c != '%' || i+1 == len(format) {
			b = append(b, c)
			continue
		}
		i++
		if format[i] == '%' {
			b = append(b, '%')
			continue
		}
		if len(args) == 0 {
			b = append(append(b, "%!"...), format[i])
			continue
		}
		b = appendArg(b, format[i], args[0])
		args = args[1:]
	}
	return b
}

func appendArg(b []byte, verb byte, arg any) []byte {
	var s string
	switch x := arg.(type) {
	case string:
		s = x
	case int:
		return strconv.AppendInt(b, int64(x), 10)
	case int64:
		return strconv.AppendInt(b, x, 10)
	case int32:
		return strconv.AppendInt(b, int64(x), 10)
	case uint64:
		return strconv.AppendUint(b, x, 10)
	case byte:
		return strconv.AppendUint(b, uint64(x), 10)
	case float64:
		s, _ = ToString(Number(x))
	case []byte:
		s = string(x)
	case bool:
		return strconv.AppendBool(b, x)
	case error:
		s = x.Error()
	case interface{ String() string }:
		s = x.String()
	default:
		s = "?"
	}
	if verb == 'q' {
		return strconv.AppendQuote(b, s)
	}
	return append(b, s...)
}

// PCall calls f, with the arguments as for Call. If that raises an error, it
// returns it, and th is as before the call. Go panics other than Lua errors
// become Lua errors.
func PCall(th *Thread, f Value, n int, a0, a1, a2 Value) (first Value, count int, err *Error) {
	m := th.mark()
	th.inPCall = true
	ok := false
	defer func() {
		if !ok {
			first, count = Value{}, 0
			err = th.caught(recover())
			th.unwind(m)
		}
	}()
	first, count = startCall(th, f, n, a0, a1, a2)
	if count < 0 {
		if th.tailN == raised {
			ok = true
			th.unwind(m)
			return Value{}, 0, &Error{Value: th.Args[0]}
		}
		first, count = th.FinishTail()
		th.Depth -= weigh(n)
	}
	th.inPCall = m.inPCall
	ok = true
	return first, count, nil
}

// Protect runs f like PCall.
func Protect(th *Thread, f func()) (err *Error) {
	m := th.mark()
	th.inPCall, th.handler = false, Value{}
	ok := false
	defer func() {
		if !ok {
			err = th.caught(recover())
			th.unwind(m)
		}
	}()
	f()
	th.inPCall, th.handler = m.inPCall, m.handler
	ok = true
	return nil
}

// XPCall is PCall with a message handler: where an error is raised, handler is
// called with the error object, before the stack is unwound, and the first of
// its results becomes the error object.
func XPCall(th *Thread, f, handler Value, n int, a0, a1, a2 Value) (first Value, count int, err *Error) {
	m := th.mark()
	th.inPCall, th.handler = false, handler
	ok := false
	defer func() {
		if !ok {
			first, count = Value{}, 0
			if err = th.caught(recover()); err != nil {
				err.Value = th.handle(handler, err)
			}
			th.unwind(m)
		}
	}()
	first, count = startCall(th, f, n, a0, a1, a2)
	if count < 0 {
		if th.tailN == raised {
			ok = true
			th.unwind(m)
			return Value{}, 0, &Error{Value: th.Args[0]}
		}
		first, count = th.FinishTail()
		th.Depth -= weigh(n)
	}
	th.inPCall, th.handler = m.inPCall, m.handler
	ok = true
	return first, count, nil
}

// ProtectTrace is Protect, but an error comes with a traceback of the point
// where it was raised.
func ProtectTrace(th *Thread, f func()) (err *Error) {
	m := th.mark()
	th.inPCall, th.handler = false, Value{}
	ok := false
	defer func() {
		if !ok {
			if err = th.caught(recover()); err != nil && err.Traceback == "" {
				err.Traceback = th.errorTraceback(err)
			}
			th.unwind(m)
		}
	}()
	f()
	th.inPCall, th.handler = m.inPCall, m.handler
	ok = true
	return nil
}

// caught makes a Lua error of what recover returned.
func (th *Thread) caught(r any) *Error {
	switch x := r.(type) {
	case nil:
		return nil // runtime.Goexit is under way
	case *Error:
		return x
	case runtime.Error:
		return &Error{Value: NewString(string(th.appendWhere(nil, 0, 3)) + "internal error: " + x.Error())}
	case error:
		return &Error{Value: NewString("internal error: " + x.Error())}
	case string:
		return &Error{Value: NewString("internal error: " + x)}
	}
	if r == killed {
		panic(r)
	}
	return &Error{Value: NewString("internal error: panic in Go code")}
}

// handlerReserve is how much depth a message handler finds free even after a
// stack overflow.
const handlerReserve = 4_000

// maxHandlers is how many message handlers may run on top of each other. C Lua
// counts them among its C calls, of which it allows 225 then.
const maxHandlers = 220

// failedHandler is the error object of a message handler that fails for good.
const failedHandler = "error in error handling"

// handle calls the message handler for e. As in C Lua, nothing but a function will
// do for it; it is called again for its own errors; and in one that handles a stack
// overflow, a second one is not handled. The caller unwinds th.
func (th *Thread) handle(handler Value, e *Error) Value {
	if e.isUnhandled {
		return e.Value
	}
	if !handler.IsFunction() {
		return NewString(failedHandler)
	}
	for th.handlers < maxHandlers {
		th.handlers++
		if e.isOverflow {
			th.overflown = true
			th.Depth = min(th.Depth, MaxDepth-handlerReserve)
		}
		r, _, err := PCall(th, handler, 1, e.Value, Value{}, Value{})
		if err == nil {
			return r
		}
		if err.isUnhandled {
			return err.Value
		}
		e = err
	}
	return NewString(failedHandler)
}
