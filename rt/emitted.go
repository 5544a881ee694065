package rt

import (
	"math"
	"runtime"
	"unsafe"
)

// What only emitted code calls: small functions that Go inlines there, so
// that emitted code needs no package unsafe.

// Get returns the field that the cache is for, or nil when o is not a table
// of the cached shape (or the field is nil): then Field decides.
func (c *FieldCache) Get(o Value) Value {
	if o.P != nil && (*header)(o.P).word == unsafe.Pointer(c.Shape) {
		return *(*Value)(unsafe.Add((*Table)(o.P).Slots, c.Off))
	}
	return Value{}
}

// Put stores x in the field that the cache is for and reports whether o is a
// table of the cached shape; if not, SetField does it.
func (c *FieldCache) Put(o, x Value) bool {
	if o.P != nil && (*header)(o.P).word == unsafe.Pointer(c.Shape) {
		*(*Value)(unsafe.Add((*Table)(o.P).Slots, c.Off)) = x
		return true
	}
	return false
}

// Get returns the method that the cache is for, or nil when o or the holder
// has changed its shape: then Method decides.
func (c *MethodCache) Get(o Value) Value {
	if o.P != nil && (*header)(o.P).word == unsafe.Pointer(c.Shape) && c.Holder.Shape == c.HolderShape {
		return *(*Value)(unsafe.Add(c.Holder.Slots, c.Off))
	}
	return Value{}
}

// Nth returns element i of vs, or nil beyond its end.
func Nth(vs []Value, i int) Value {
	if i < len(vs) {
		return vs[i]
	}
	return Value{}
}

// Param returns argument i, counted from 0 and at least 3, of nargs.
func (th *Thread) Param(i, nargs int) Value {
	if i < nargs {
		return th.Args[i]
	}
	return Value{}
}

// Result returns result i, counted from 0 and at least 1, of the n results of
// the last call.
func (th *Thread) Result(i, n int) Value {
	if i < n {
		return th.Ret[i]
	}
	return Value{}
}

// CallVarargs calls f with the values of fixed and rest.
func (th *Thread) CallVarargs(f Value, name string, fixed, rest []Value) (Value, int) {
	n, a0, a1, a2 := th.spreadVarargs(fixed, rest)
	r, k := f.Callee(th, name)(th, n, a0, a1, a2)
	if k < 0 {
		r, k = th.FinishTail()
	}
	return r, k
}

// TailVarargs is CallVarargs as a tail call.
func (th *Thread) TailVarargs(f Value, name string, fixed, rest []Value) (Value, int) {
	n, a0, a1, a2 := th.spreadVarargs(fixed, rest)
	return th.TailCall(f, name, n, a0, a1, a2)
}

// ReturnValues returns the values of fixed and rest from a function.
func (th *Thread) ReturnValues(fixed, rest []Value) (Value, int) {
	if len(fixed) == 0 {
		return th.ReturnSlice(rest)
	}
	n := len(fixed) + len(rest)
	th.GrowRet(n)
	copyValues(th.Ret[len(fixed):], rest)
	copyValues(th.Ret, fixed)
	return fixed[0], n
}

// KeepAlive marks the end of the scope of a variable that holds v.
func KeepAlive(v Value) { runtime.KeepAlive(v.P) }

// maxReserveLoop bounds what ReserveLoop believes a loop: 2^24 elements.
const maxReserveLoop = 1 << 24

// ReserveLoop makes room for a loop that is about to store the elements from from
// up to limit of v, if that is a table and the loop long enough to bother.
func ReserveLoop(v Value, from, limit int) {
	if limit < 8 || limit > maxReserveLoop || !v.IsTable() {
		return
	}
	if t := v.Table(); t.NA == 0 && t.Hash == nil && int(t.CA) < limit && t.Shape.meta == nil {
		zero := t.Zero
		if from == 0 {
			zero = 1
		}
		t.moveArray(limit, zero)
	}
}

// SetList stores vs in elements i, i+1, ... of a table under construction.
func (t *Table) SetList(i int, vs ...Value) {
	t.Reserve(i + len(vs) - 1)
	for j, v := range vs {
		t.SetInt(i+j, v)
	}
}

// VarargBuffer is the number of varargs that are in the function's own frame.
const VarargBuffer = 6

// minVarargs is the least length of a stack of varargs.
const minVarargs = 128

// DropVarargs ends the use of n varargs from VarargsIn.
func (th *Thread) DropVarargs(n int) {
	if n > VarargBuffer {
		th.varargTop -= n
	}
}

// VarargsIn is Varargs with room for a few of them in buf. More are on a stack, for
// DropVarargs to take away, and keep their values until another function has some.
func (th *Thread) VarargsIn(buf []Value, n, fixed int, a0, a1, a2 Value) []Value {
	if k := n - fixed; k > len(buf) {
		top := th.varargTop + k
		if top > len(th.varargs) {
			th.varargs = make([]Value, max(2*top, minVarargs)) // functions in progress keep the old one
		}
		vs := th.varargs[th.varargTop:top:top]
		th.varargTop = top
		th.fillVarargs(vs, n, fixed, a0, a1, a2)
		return vs
	}
	if n <= fixed {
		return nil
	}
	i := 0
	switch fixed {
	case 0:
		buf[0], i = a0, 1
		fallthrough
	case 1:
		if i < n-fixed {
			buf[i] = a1
			i++
		}
		fallthrough
	case 2:
		if i < n-fixed {
			buf[i] = a2
			i++
		}
	}
	if n > 3 {
		copyValues(buf[i:], th.Args[max(3, fixed):n])
	}
	return buf[:n-fixed]
}

// SelectProto is the Proto of the library function select, by which Select
// knows it.
var SelectProto = Proto{Name: "select"}

// Select returns the first result of f(k, varargs...), where f is what the
// program calls select: usually that function, and then there is no call.
func Select(th *Thread, f, k Value, varargs []Value) Value {
	if f.IsFunction() && f.Function().Proto == &SelectProto {
		if k.IsNumber() && k.F >= 1 {
			if k.F > float64(len(varargs)) {
				return Value{}
			}
			return varargs[int(k.F)-1]
		}
		if k.IsString() && k.Str().s == "#" {
			return Number(float64(len(varargs)))
		}
	}
	v, _ := th.CallVarargs(f, "global 'select'", []Value{k}, varargs)
	return v
}

// Inf returns positive infinity for sign 1 and negative for -1.
func Inf(sign int) float64 { return math.Inf(sign) }

// NaN returns a number that is not one.
func NaN() float64 { return math.NaN() }

// NegativeZero returns -0.
func NegativeZero() float64 { return math.Copysign(0, -1) }

// DivNumbers returns a / b where Go would reject the division of constants.
func DivNumbers(a, b float64) float64 { return a / b }

// ForStart returns the first value of a numeric for statement in floating
// point. As in C Lua the step is subtracted first and added again, which
// rounding can show.
func ForStart(start, step float64) float64 { return start - step + step }

// InRange reports whether a numeric for statement that has come to i goes on
// (reference manual, section 3.3.5).
func InRange(i, limit, step float64) bool {
	if step > 0 {
		return i <= limit
	}
	return limit <= i
}

// EqualShort reports whether v is the string s, which has less than two bytes:
// there is but one object of those.
func EqualShort(v Value, s *String) bool { return v.P == unsafe.Pointer(s) }

// EqualString reports whether v is the string s.
func EqualString(v Value, s *String) bool {
	return v.P == unsafe.Pointer(s) || v.P != nil && (*header)(v.P).kind == KindString && (*String)(v.P).s == s.s
}
