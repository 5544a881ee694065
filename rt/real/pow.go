package real

import "math"

// The power of numbers, as C's pow: b log(a) and its exponential, from tables and
// short series, with the leading terms in twice the precision. The result is off
// by 0.501 units in the last place at most. math.Pow, which rounds at every step,
// disagrees with the C library's in the last digit of every other x^0.25, and in many
// digits where b is large.

// Pow returns a ^ b, as C's pow.
func Pow(a, b float64) float64 {
	switch b {
	case 2:
		return a * a
	case 0.5:
		if a >= 0 {
			return math.Sqrt(a) + 0 // pow(-0, 0.5) is 0
		}
	case 1:
		return a
	case -1:
		return 1 / a
	case 3:
		square := product(a, a)
		cube := product(square.hi, a)
		if c := cube.hi + (cube.lo + float64(square.lo*a)); math.Abs(c) > 0x1p-900 && c-c == 0 {
			return c
		}
	}
	return pow(a, b)
}

func pow(a, b float64) float64 {
	switch {
	case a-a != 0 || b-b != 0 || a == 0: // infinity, NaN
		return math.Pow(a, b)
	case a > 0:
		return powPositive(a, b)
	case b != math.Trunc(b):
		return math.NaN()
	case math.Mod(b, 2) != 0:
		return -powPositive(-a, b)
	}
	return powPositive(-a, b)
}

// powPositive returns a ^ b, where a is positive and both are finite.
func powPositive(a, b float64) float64 {
	t := tables()
	l := t.logarithm(a)
	e := product(b, l.hi)
	switch {
	case e.hi > 710:
		return math.Inf(1)
	case e.hi < -746:
		return 0
	}
	return t.exponential(pair{e.hi, e.lo + float64(b*l.lo)})
}
