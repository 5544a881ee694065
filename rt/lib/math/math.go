// Package math is Lua's mathematical library.
package math

import (
	"math"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/real"
)

// Open installs the library into st.
func Open(st *rt.State) {
	r := newRandom(1)
	t := lib.Register(st, "math", []lib.Entry{
		{Name: "abs", Fn: abs},
		{Name: "acos", Fn: acos},
		{Name: "asin", Fn: asin},
		{Name: "atan", Fn: atan},
		{Name: "atan2", Fn: atan2},
		{Name: "ceil", Fn: ceil},
		{Name: "cos", Fn: cos},
		{Name: "cosh", Fn: cosh},
		{Name: "deg", Fn: deg},
		{Name: "exp", Fn: exp},
		{Name: "floor", Fn: floor},
		{Name: "fmod", Fn: fmod},
		{Name: "frexp", Fn: frexp},
		{Name: "ldexp", Fn: ldexp},
		{Name: "log", Fn: log},
		{Name: "log10", Fn: log10},
		{Name: "max", Fn: maximum},
		{Name: "min", Fn: minimum},
		{Name: "modf", Fn: modf},
		{Name: "pow", Fn: pow},
		{Name: "rad", Fn: rad},
		{Name: "random", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return r.random(th, n, a0, a1, a2)
		}},
		{Name: "randomseed", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return r.randomseed(th, n, a0, a1, a2)
		}},
		{Name: "sin", Fn: sin},
		{Name: "sinh", Fn: sinh},
		{Name: "sqrt", Fn: sqrt},
		{Name: "tan", Fn: tan},
		{Name: "tanh", Fn: tanh},
	})
	t.SetString("huge", rt.Number(math.Inf(1)))
	t.SetString("pi", rt.Number(math.Pi))
}

// abs is math.abs (x).
func abs(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(math.Abs(lib.Float(th, "abs", 1, n, a0))), 1
}

// acos is math.acos (x).
func acos(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Acos(lib.Float(th, "acos", 1, n, a0))), 1
}

// asin is math.asin (x).
func asin(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Asin(lib.Float(th, "asin", 1, n, a0))), 1
}

// atan is math.atan (x).
func atan(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Atan(lib.Float(th, "atan", 1, n, a0))), 1
}

// atan2 is math.atan2 (y, x).
func atan2(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	y := lib.Float(th, "atan2", 1, n, a0)
	return rt.Number(real.Atan2(y, lib.Float(th, "atan2", 2, n, a1))), 1
}

// ceil is math.ceil (x).
func ceil(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(math.Ceil(lib.Float(th, "ceil", 1, n, a0))), 1
}

// cos is math.cos (x).
func cos(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Cos(lib.Float(th, "cos", 1, n, a0))), 1
}

// cosh is math.cosh (x).
func cosh(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Cosh(lib.Float(th, "cosh", 1, n, a0))), 1
}

// deg is math.deg (x).
func deg(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(lib.Float(th, "deg", 1, n, a0) / (math.Pi / 180)), 1
}

// exp is math.exp (x).
func exp(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Exp(lib.Float(th, "exp", 1, n, a0))), 1
}

// floor is math.floor (x).
func floor(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(math.Floor(lib.Float(th, "floor", 1, n, a0))), 1
}

// fmod is math.fmod (x, y).
func fmod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	x, y := lib.Float(th, "fmod", 1, n, a0), lib.Float(th, "fmod", 2, n, a1)
	if i, k := int64(x), int64(y); float64(i) == x && float64(k) == y && k != 0 && i > 0 {
		return rt.Number(float64(i % k)), 1
	}
	f := math.Mod(x, y)
	if f != f && x == x && y == y { // C's invalid operation has the sign set
		f = math.Copysign(f, -1)
	}
	return rt.Number(f), 1
}

// frexp is math.frexp (x).
func frexp(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f, e := math.Frexp(lib.Float(th, "frexp", 1, n, a0))
	th.Ret[1] = rt.Number(float64(e))
	return rt.Number(f), 2
}

// ldexp is math.ldexp (m, e).
func ldexp(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	m := lib.Float(th, "ldexp", 1, n, a0)
	return rt.Number(math.Ldexp(m, lib.Int(th, "ldexp", 2, n, a1))), 1
}

// log is math.log (x [, base]).
func log(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	x := lib.Float(th, "log", 1, n, a0)
	if a1.IsNil() {
		return rt.Number(naturalLog(x)), 1
	}
	base := lib.Float(th, "log", 2, n, a1)
	if base == 10 {
		return rt.Number(real.Log10(x)), 1
	}
	return rt.Number(naturalLog(x) / naturalLog(base)), 1
}

// naturalLog returns the natural logarithm of x; the sign of a NaN that comes
// from a negative x is that of the C library.
func naturalLog(x float64) float64 {
	f := real.Log(x)
	if x < 0 {
		f = math.Copysign(f, -1)
	}
	return f
}

// log10 is math.log10 (x) of Lua 5.1.
func log10(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Log10(lib.Float(th, "log10", 1, n, a0))), 1
}

// maximum is math.max (x, ...).
func maximum(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	m := lib.Float(th, "max", 1, n, a0)
	for i := 1; i < n; i++ {
		if f := lib.Float(th, "max", i+1, n, th.Arg(i, n, a0, a1, a2)); f > m {
			m = f
		}
	}
	return rt.Number(m), 1
}

// minimum is math.min (x, ...).
func minimum(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	m := lib.Float(th, "min", 1, n, a0)
	for i := 1; i < n; i++ {
		if f := lib.Float(th, "min", i+1, n, th.Arg(i, n, a0, a1, a2)); f < m {
			m = f
		}
	}
	return rt.Number(m), 1
}

// modf is math.modf (x).
func modf(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	x := lib.Float(th, "modf", 1, n, a0)
	whole := math.Trunc(x)
	fraction := x - whole
	if math.IsInf(x, 0) {
		fraction = 0
	}
	th.Ret[1] = rt.Number(math.Copysign(fraction, x))
	return rt.Number(whole), 2
}

// pow is math.pow (x, y) of Lua 5.1.
func pow(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	x := lib.Float(th, "pow", 1, n, a0)
	return rt.Number(real.Pow(x, lib.Float(th, "pow", 2, n, a1))), 1
}

// rad is math.rad (x).
func rad(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(lib.Float(th, "rad", 1, n, a0) * (math.Pi / 180)), 1
}

// sin is math.sin (x).
func sin(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Sin(lib.Float(th, "sin", 1, n, a0))), 1
}

// sinh is math.sinh (x).
func sinh(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Sinh(lib.Float(th, "sinh", 1, n, a0))), 1
}

// sqrt is math.sqrt (x).
func sqrt(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	x := lib.Float(th, "sqrt", 1, n, a0)
	f := math.Sqrt(x)
	if x < 0 { // C's invalid operation has the sign set
		f = math.Copysign(f, -1)
	}
	return rt.Number(f), 1
}

// tan is math.tan (x).
func tan(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Tan(lib.Float(th, "tan", 1, n, a0))), 1
}

// tanh is math.tanh (x).
func tanh(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(real.Tanh(lib.Float(th, "tanh", 1, n, a0))), 1
}
