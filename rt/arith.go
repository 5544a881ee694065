package rt

import (
	"math"
	"strings"

	"github.com/luago-lang/luago/rt/number"
	"github.com/luago-lang/luago/rt/real"
)

// Arithmetic where emitted code did not find two numbers. In all of it, names
// describes the two operands for messages, joined by a bar: "local 'x'|".

// PowNumbers returns a ^ b.
func PowNumbers(a, b float64) float64 { return real.Pow(a, b) }

// Add returns a + b.
func Add(th *Thread, a, b Value, names string) Value {
	if a.IsNumber() && b.IsNumber() {
		return Number(a.F + b.F)
	}
	if x, y, ok := toNumbers(a, b); ok {
		return Number(x + y)
	}
	return arithMeta(th, evAdd, a, b, names)
}

// Sub returns a - b.
func Sub(th *Thread, a, b Value, names string) Value {
	if a.IsNumber() && b.IsNumber() {
		return Number(a.F - b.F)
	}
	if x, y, ok := toNumbers(a, b); ok {
		return Number(x - y)
	}
	return arithMeta(th, evSub, a, b, names)
}

// Mul returns a * b.
func Mul(th *Thread, a, b Value, names string) Value {
	if a.IsNumber() && b.IsNumber() {
		return Number(a.F * b.F)
	}
	if x, y, ok := toNumbers(a, b); ok {
		return Number(x * y)
	}
	return arithMeta(th, evMul, a, b, names)
}

// Div returns a / b.
func Div(th *Thread, a, b Value, names string) Value {
	if a.IsNumber() && b.IsNumber() {
		return Number(a.F / b.F)
	}
	if x, y, ok := toNumbers(a, b); ok {
		return Number(x / y)
	}
	return arithMeta(th, evDiv, a, b, names)
}

// Mod returns a % b.
func Mod(th *Thread, a, b Value, names string) Value {
	if x, y, ok := toNumbers(a, b); ok {
		return Number(ModNumbers(x, y))
	}
	return arithMeta(th, evMod, a, b, names)
}

// Pow returns a ^ b.
func Pow(th *Thread, a, b Value, names string) Value {
	if x, y, ok := toNumbers(a, b); ok {
		return Number(PowNumbers(x, y))
	}
	return arithMeta(th, evPow, a, b, names)
}

// Neg returns -a.
func Neg(th *Thread, a Value, name string) Value {
	if x, ok := ToNumber(a); ok {
		return Number(-x)
	}
	return arithMeta(th, evUnm, a, a, name+"|"+name)
}

// Len returns #a.
func Len(th *Thread, a Value, name string) Value {
	if a.IsTable() && a.Table().Shape.meta == nil {
		return Number(float64(a.Table().NA))
	}
	if a.IsString() {
		return Number(float64(len(a.Str().s)))
	}
	if h := th.State.handler(a, evLen); h.P != nil {
		r, _ := Call(th, h, 2, a, a, Value{})
		return r
	}
	if !a.IsTable() {
		th.typeError("get length of", a, name)
	}
	return Number(float64(a.Table().Len()))
}

func toNumbers(a, b Value) (x, y float64, ok bool) {
	if x, ok = ToNumber(a); ok {
		y, ok = ToNumber(b)
	}
	return x, y, ok
}

// arithMeta performs an operation on operands that are not both numbers, nor
// strings that look like numbers.
func arithMeta(th *Thread, e event, a, b Value, names string) Value {
	h := th.State.handler(a, e)
	if h.P == nil {
		h = th.State.handler(b, e)
	}
	if h.P != nil {
		r, _ := Call(th, h, 2, a, b, Value{})
		return r
	}
	first, second, _ := strings.Cut(names, "|")
	if _, ok := ToNumber(a); ok {
		a, first = b, second
	}
	th.typeError("perform arithmetic on", a, first)
	return Value{}
}

// ModNumbers returns a % b as Lua 5.2 defines it: a - floor(a/b)*b.
func ModNumbers(a, b float64) float64 { return a - float64(math.Floor(a/b)*b) }

// ToNumber returns v as a number: numbers, and strings that look like one.
func ToNumber(v Value) (float64, bool) {
	if v.IsNumber() {
		return v.F, true
	}
	if v.IsString() {
		return number.Parse(v.Str().s)
	}
	return 0, false
}

// ToInt returns v as an integer: numbers, and strings that look like one, are
// truncated as C libraries of Lua do.
func ToInt(v Value) (int, bool) {
	f, ok := ToNumber(v)
	if !ok {
		return 0, false
	}
	return toInt(f), true
}

// toInt truncates f; what an int does not hold becomes the nearest one, NaN 0.
func toInt(f float64) int {
	switch {
	case f != f:
		return 0
	case f >= 1<<63:
		return math.MaxInt
	case f <= -1<<63:
		return math.MinInt
	}
	return int(f)
}

// ForNumber returns v, a part of a numeric for statement, as a number; what
// says which: "initial value", "limit" or "step".
func ForNumber(th *Thread, v Value, what string) float64 {
	f, ok := ToNumber(v)
	if !ok {
		th.raise("'for' ", what, " must be a number")
	}
	return f
}

// ForLimit returns the limit f of a numeric for statement over integers as an
// integer: rounded towards the start, and clamped to 2^53 either way. With a
// NaN the loop does not run.
func ForLimit(f float64, step int) int {
	const most = 1 << 53
	switch {
	case f != f:
		if step > 0 {
			return math.MinInt
		}
		return math.MaxInt
	case f >= most:
		return most
	case f <= -most:
		return -most
	case step > 0:
		return int(math.Floor(f))
	}
	return int(math.Ceil(f))
}
