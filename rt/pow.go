package rt

import (
	"math"
	"sync/atomic"
)

// The power of numbers, as C's pow: b log(a) and its exponential, from tables and
// short series, with the leading terms in twice the precision. The result is off
// by 0.501 units in the last place at most. math.Pow, which rounds at every step,
// disagrees with the C library's in the last digit of every other x^0.25, and in many
// digits where b is large.

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

func (x pair) plus(y pair) pair {
	s := sum(x.hi, y.hi)
	return fastSum(s.hi, s.lo+(x.lo+y.lo))
}

func (x pair) times(y pair) pair {
	p := product(x.hi, y.hi)
	return fastSum(p.hi, p.lo+(float64(x.hi*y.lo)+float64(x.lo*y.hi)))
}

func (x pair) over(d float64) pair {
	q := x.hi / d
	return fastSum(q, (math.FMA(-q, d, x.hi)+x.lo)/d)
}

// ln2 is the natural logarithm of 2, ln2Step that of the step between the
// entries of powTables.exp.
var (
	ln2     = pair{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}
	ln2Step = pair{ln2.hi / powSteps, ln2.lo / powSteps}
)

const (
	powSteps     = 128
	fractionBits = 52 // of a float64
)

// powTables are what pow looks up. The 7 leading bits of a number's fraction tell
// its entry of log.
type powTables struct {
	log [powSteps]struct {
		inverse float64 // of about the middle of the entry's range
		log     pair    // of 1/inverse
	}
	exp [powSteps]pair // 2^(i/powSteps)
}

// upperHalf is the entry of log from which on numbers are halved, so that the
// logarithm of one just below a power of 2 is a small number, and exact as such.
const upperHalf = 53

var powTable atomic.Pointer[powTables]

// makePowTables fills powTable, in 60 us.
func makePowTables() *powTables {
	t := &powTables{}
	for i := range t.log {
		middle := 1 + (float64(i)+0.5)/powSteps
		if i >= upperHalf {
			middle /= 2
		}
		inverse := float64(float32(1 / middle))
		if i == 0 || i == powSteps-1 {
			inverse = 1
		}
		t.log[i].inverse = inverse
		// log(1/x) = -2 (z + z^3/3 + z^5/5 + ...), where z = (x-1)/(x+1).
		z := pair{inverse - 1, 0}.over(inverse + 1)
		z.hi, z.lo = -2*z.hi, -2*z.lo
		square := z.times(z)
		square.hi, square.lo = square.hi/4, square.lo/4
		for n := 1; n < 48; n += 2 {
			t.log[i].log = t.log[i].log.plus(z.over(float64(n)))
			z = z.times(square)
		}
	}
	// 2^(1/128) = e^s = 1 + s + s^2/2 + ...
	step, term := pair{1, 0}, pair{1, 0}
	for n := 1; n < 16; n++ {
		term = term.times(ln2Step).over(float64(n))
		step = step.plus(term)
	}
	power := pair{1, 0}
	for i := range t.exp {
		t.exp[i] = power
		power = power.times(step)
	}
	powTable.Store(t)
	return t
}

// powPositive returns a ^ b, where a is positive and both are finite.
func powPositive(a, b float64) float64 {
	t := powTable.Load()
	if t == nil {
		t = makePowTables()
	}
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

// logarithm returns log(a), where a is positive and finite.
func (t *powTables) logarithm(a float64) pair {
	exponent := 0
	if a < 0x1p-1022 {
		a *= 0x1p54
		exponent = -54
	}
	bits := math.Float64bits(a)
	exponent += int(bits>>fractionBits) - 1023
	m := math.Float64frombits(bits&(1<<fractionBits-1) | 1023<<fractionBits)
	i := bits >> (fractionBits - 7) % powSteps
	if i >= upperHalf {
		m /= 2
		exponent++
	}
	entry := &t.log[i]
	// a = 2^exponent (1 + r) / inverse
	p := product(m, entry.inverse)
	r := fastSum(p.hi-1, p.lo)
	// log(1 + r) = r - r^2/2 + r^3/3 - ...
	square := product(r.hi, r.hi)
	square2 := float64(square.hi * square.hi)
	rest := 1.0/3 - float64(r.hi*(1.0/4)) + float64(square.hi*(1.0/5-float64(r.hi*(1.0/6)))) +
		float64(square2*(1.0/7-float64(r.hi*(1.0/8))+float64(square.hi*(1.0/9-float64(r.hi*(1.0/10))))))
	s := fastSum(r.hi, -square.hi/2)
	s = fastSum(s.hi, s.lo+(r.lo-float64(r.hi*r.lo)-square.lo/2+float64(float64(r.hi*square.hi)*rest)))
	s = entry.log.plus(s)
	if exponent == 0 {
		return s
	}
	return ln2.times(pair{float64(exponent), 0}).plus(s)
}

// exponential returns e^x, where the result is a number or just about none.
func (t *powTables) exponential(x pair) float64 {
	n := math.RoundToEven(x.hi * (powSteps / math.Ln2))
	// e^x = 2^(n/powSteps) e^r; the product is exact
	r := fastSum(math.FMA(-n, ln2Step.hi, x.hi), x.lo-float64(n*ln2Step.lo))
	rest := r.lo + float64(r.hi*r.hi)*(0.5+float64(r.hi*(1.0/6+float64(r.hi*(1.0/24+float64(r.hi*(1.0/120+float64(r.hi*(1.0/720)))))))))
	k := int(n)
	power := t.exp[uint(k)%powSteps]
	p := product(power.hi, r.hi)
	s := fastSum(power.hi, p.hi)
	result := s.hi + (s.lo + (p.lo + float64(power.hi*rest) + power.lo + float64(power.lo*r.hi)))
	if k >>= 7; -1022 < k && k < 1023 {
		return result * math.Float64frombits(uint64(k+1023)<<fractionBits)
	}
	return math.Ldexp(result, k)
}
