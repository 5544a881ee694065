package rt

import (
	"math"
	"strings"

	"github.com/luago-lang/luago/rt/number"
)

// Arithmetic where emitted code did not find two numbers. In all of it, names
// describes the two operands for messages, joined by a bar: "local 'x'|".

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

// PowNumbers returns a ^ b, as C's pow.
func PowNumbers(a, b float64) float64 {
	switch b {
	case 2:
		return a * a
	case 0.5:
		if a >= 0 {
			return math.Sqrt(a) + 0 // pow(-0, 0.5) is 0
		}
	case 1:
		return a
	}
	return pow(a, b)
}

// pow is C's pow. The powers of the integral part of b are multiplied out in
// twice the precision, for math.Pow, which rounds at every step, may be off in
// the last digits there, and in many digits where b is large.
func pow(a, b float64) float64 {
	if a == 0 || math.IsInf(a, 0) || a != a || !(math.Abs(b) < 1<<50) {
		return math.Pow(a, b)
	}
	whole, rest := math.Modf(b)
	if rest != 0 && (a < 0 || whole == 0) {
		return math.Pow(a, b)
	}
	factor := 1.0
	if rest != 0 {
		factor = math.Exp(rest * math.Log(a))
	}
	fraction, exp := math.Frexp(a)
	n := int(math.Abs(b))
	// The result is (hi + lo) * 2^e, hi being kept near 1.
	hi, lo, e := 1.0, 0.0, 0
	xhi, xlo, xe := fraction, 0.0, exp
	for {
		if n&1 != 0 {
			hi, lo, e = mulPair(hi, lo, e, xhi, xlo, xe)
		}
		if n >>= 1; n == 0 {
			break
		}
		xhi, xlo, xe = mulPair(xhi, xlo, xe, xhi, xlo, xe)
	}
	if b < 0 {
		// 1/(hi+lo), with one step of correction.
		q := 1 / hi
		r := math.FMA(-q, hi, 1) - float64(q*lo)
		return math.Ldexp((q+float64(q*r))*factor, -e)
	}
	return math.Ldexp((hi+lo)*factor, e)
}

// mulPair multiplies two numbers of the form (hi + lo) * 2^e.
func mulPair(ahi, alo float64, ae int, bhi, blo float64, be int) (hi, lo float64, e int) {
	p := ahi * bhi
	rest := math.FMA(ahi, bhi, -p) + (float64(ahi*blo) + float64(alo*bhi))
	hi = p + rest
	lo = rest - (hi - p)
	e = ae + be
	if h := math.Abs(hi); h < 0.5 {
		hi, lo, e = hi*2, lo*2, e-1
	}
	return hi, lo, e
}

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
