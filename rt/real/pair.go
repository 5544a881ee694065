package real

import "math"

// A pair is the sum of two numbers, the second of which is within the rounding
// error of the first.
type pair struct{ hi, lo float64 }

// fastSum returns a + b, where a is the larger one, or 0.
func fastSum(a, b float64) pair {
	s := a + b
	return pair{s, b - (s - a)}
}

// sum returns a + b.
func sum(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

// product returns a * b.
func product(a, b float64) pair {
	p := a * b
	return pair{p, math.FMA(a, b, -p)}
}

// plus returns x + y.
func (x pair) plus(y pair) pair {
	s := sum(x.hi, y.hi)
	return fastSum(s.hi, s.lo+(x.lo+y.lo))
}

// times returns x * y.
func (x pair) times(y pair) pair {
	p := product(x.hi, y.hi)
	return fastSum(p.hi, p.lo+(float64(x.hi*y.lo)+float64(x.lo*y.hi)))
}

// over returns x / d.
func (x pair) over(d float64) pair {
	q := x.hi / d
	return fastSum(q, (math.FMA(-q, d, x.hi)+x.lo)/d)
}

// quotient returns x / y.
func quotient(x, y pair) pair {
	q := x.hi / y.hi
	return fastSum(q, (math.FMA(-q, y.hi, x.hi)+x.lo-float64(q*y.lo))/y.hi)
}

// root returns the square root of x, which is not negative.
func root(x pair) pair {
	s := math.Sqrt(x.hi)
	if s == 0 {
		return pair{}
	}
	return fastSum(s, (math.FMA(-s, s, x.hi)+x.lo)/(2*s))
}

// negative returns -x.
func (x pair) negative() pair { return pair{-x.hi, -x.lo} }

// value returns x as a number.
func (x pair) value() float64 { return x.hi + x.lo }
