package real

import (
	"math"
	"sync/atomic"
)

// ln2 is the natural logarithm of 2, ln2Step that of the step between the
// entries of explogTables.exp.
var (
	ln2     = pair{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}
	ln2Step = pair{ln2.hi / powSteps, ln2.lo / powSteps}
)

const (
	powSteps     = 128
	fractionBits = 52 // of a float64
)

// explogTables are what exponentials and logarithms look up. The 7 leading bits of a number's fraction tell
// its entry of log.
type explogTables struct {
	log [powSteps]struct {
		inverse float64 // of about the middle of the entry's range
		log     pair    // of 1/inverse
	}
	exp [powSteps]pair // 2^(i/powSteps)
}

// upperHalf is the entry of log from which on numbers are halved, so that the
// logarithm of one just below a power of 2 is a small number, and exact as such.
const upperHalf = 53

var explogTable atomic.Pointer[explogTables]

// makeTables fills explogTable, in 60 us.
func makeTables() *explogTables {
	t := &explogTables{}
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
	explogTable.Store(t)
	return t
}

// tables returns explogTable's.
func tables() *explogTables {
	if t := explogTable.Load(); t != nil {
		return t
	}
	return makeTables()
}

// The logarithms of e and of 2 with base 10. The leading part of the latter has
// zeros at its end: its product with an exponent is exact.
const (
	log10E      = 0x1.bcb7b1526e50ep-2
	log10Of2    = 0x1.34413509f6p-2
	log10Of2Low = 0x1.9fef311f12b36p-42
)

// Exp returns e^x.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 710:
		return math.Inf(1)
	case x < -746:
		return 0
	}
	return tables().exponential(pair{x, 0})
}

// Log returns the natural logarithm of x.
func Log(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log(x)
	}
	return tables().logarithm(x).value()
}

// Log10 returns the logarithm of x with base 10. It is computed from that of x's
// fraction, as in C libraries, and rounded as often: a better result would differ by
// two units from theirs.
func Log10(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log10(x)
	}
	fraction, exponent := math.Frexp(x)
	if exponent > 0 {
		fraction, exponent = 2*fraction, exponent-1
	}
	e := float64(exponent)
	return float64(float64(e*log10Of2Low)+float64(log10E*Log(fraction))) + float64(e*log10Of2)
}

// The hyperbolic functions are computed as in C libraries, and rounded as often:
// better results would differ by two units from theirs.

const (
	// large is the number from which on e^-x is nothing beside e^x.
	large = 22
	// smallest is the number up to which the first term of a series says all.
	smallest = 0x1p-28
	// maxExp is the largest number whose exponential is one.
	maxExp = 0x1.62e42fefa39efp+9
)

// half returns e^x / 2, which may be a number where e^x is none.
func half(x float64) float64 {
	if x <= maxExp {
		return Exp(x) / 2
	}
	e := Exp(x / 2)
	return e / 2 * e
}

// Cosh returns the hyperbolic cosine of x.
func Cosh(x float64) float64 {
	switch x = math.Abs(x); {
	case x != x:
		return x
	case x < math.Ln2/2:
		e := math.Expm1(x)
		return 1 + float64(e*e)/(2*(1+e))
	case x > large:
		return half(x)
	}
	e := Exp(x)
	return e/2 + 0.5/e
}

// Sinh returns the hyperbolic sine of x.
func Sinh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case !(a > smallest):
		return x
	case a > large:
		return math.Copysign(half(a), x)
	}
	e := math.Expm1(a)
	if a < 1 {
		return math.Copysign(2*e-float64(e*e)/(e+1), x) / 2
	}
	return math.Copysign(e+e/(e+1), x) / 2
}

// Tanh returns the hyperbolic tangent of x.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case !(a > 0x1p-55):
		return x
	case a > large:
		return math.Copysign(1, x)
	case a >= 1:
		return math.Copysign(1-2/(math.Expm1(2*a)+2), x)
	}
	e := math.Expm1(-2 * a)
	return math.Copysign(-e/(e+2), x)
}

// logarithm returns log(a), where a is positive and finite.
func (t *explogTables) logarithm(a float64) pair {
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
func (t *explogTables) exponential(x pair) float64 {
	p, k := t.scaledExponential(x)
	result := p.value()
	if -1022 < k && k < 1023 {
		return result * math.Float64frombits(uint64(k+1023)<<fractionBits)
	}
	return math.Ldexp(result, k)
}

// scaledExponential returns p and k such that e^x = p 2^k.
func (t *explogTables) scaledExponential(x pair) (p pair, k int) {
	n := math.RoundToEven(x.hi * (powSteps / math.Ln2))
	// e^x = 2^(n/powSteps) e^r; the product is exact
	r := fastSum(math.FMA(-n, ln2Step.hi, x.hi), x.lo-float64(n*ln2Step.lo))
	rest := r.lo + float64(r.hi*r.hi)*(0.5+float64(r.hi*(1.0/6+float64(r.hi*(1.0/24+float64(r.hi*(1.0/120+float64(r.hi*(1.0/720)))))))))
	k = int(n)
	power := t.exp[uint(k)%powSteps]
	p = product(power.hi, r.hi)
	s := fastSum(power.hi, p.hi)
	p = fastSum(s.hi, s.lo+(p.lo+float64(power.hi*rest)+power.lo+float64(power.lo*r.hi)))
	return p, k >> 7
}
