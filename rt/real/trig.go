package real

import (
	"math"
	"math/bits"
	"sync/atomic"
)

// Sines and cosines, and their inverses. An angle is reduced to a quarter turn and a
// rest within half of one, exactly (reduce). Sine and cosine of the rest come from
// those of the nearest multiple of 1/64, in a table, and short series for the small
// angle that is left; arc sine and cosine, by the arc tangent of a quotient, in the same
// way from arc tangents of multiples of 1/64. A sine takes twice the time of package
// math's.

var (
	pi     = pair{0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53}
	halfPi = pair{0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54}
)

// trigSteps is the number of steps in 1 of the tables.
const trigSteps = 64

// trigTables are what these functions look up.
type trigTables struct {
	sin, cos [trigSteps]pair     // of i/trigSteps; more than half of pi/2
	atan     [trigSteps + 1]pair // of i/trigSteps
}

var trigTable atomic.Pointer[trigTables]

func trig() *trigTables {
	if t := trigTable.Load(); t != nil {
		return t
	}
	t := &trigTables{}
	for i := range t.sin {
		// sin x = x - x^3/3! + ..., cos x = 1 - x^2/2! + ...
		x, term := float64(i)/trigSteps, pair{1, 0}
		sign := 1.0
		for n := range 32 {
			if n > 0 {
				term = term.times(pair{x, 0}).over(float64(n))
			}
			signed := pair{sign * term.hi, sign * term.lo}
			if n%2 == 0 {
				t.cos[i] = t.cos[i].plus(signed)
			} else {
				t.sin[i] = t.sin[i].plus(signed)
				sign = -sign
			}
		}
	}
	for i := range trigSteps {
		// The difference of two arc tangents is that of a small quotient.
		x := pair{trigSteps, 0}.over(float64(trigSteps*trigSteps + i*(i+1)))
		square := x.times(x)
		sum, term := pair{}, x
		for n := 1; n < 24; n += 4 {
			sum = sum.plus(term.over(float64(n)))
			term = term.times(square)
			sum = sum.plus(term.over(float64(n + 2)).negative())
			term = term.times(square)
		}
		t.atan[i+1] = t.atan[i].plus(sum)
	}
	trigTable.Store(t)
	return t
}

// twoOverPi are the binary digits of 2/pi, after as many zeros as a word has.
var twoOverPi = [...]uint64{
	0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0,
	0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
	0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
	0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
	0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7,
	0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea,
	0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
}

// The leading digits of pi/2, whose product with a number of quarter turns up to
// maxTurns is exact, and the next ones.
const (
	halfPi1 = 0x1.921fb54400000p+0
	halfPi2 = 0x1.0b4611a626331p-34
	halfPi3 = 0x1.1701b839a2520p-88

	maxTurns = 1 << 20
)

// reduce returns q and r, at most pi/4, such that |x| - r is q quarter turns and any
// number of whole ones; x is finite.
func reduce(x float64) (q int, r pair) {
	x = math.Abs(x)
	if x <= math.Pi/4 {
		return 0, pair{x, 0}
	}
	if x > maxTurns {
		return reduceLarge(x)
	}
	n := float64(int64(x*(2/math.Pi) + 0.5))
	p := product(n, halfPi2)
	r = sum(x-n*halfPi1, -p.hi)
	r = sum(r.hi, r.lo-(p.lo+n*halfPi3))
	if math.Abs(r.hi) < 0x1p-30 {
		return reduceLarge(x) // too few digits are left
	}
	return int(n) & 3, r
}

// reduceLarge is reduce for x > pi/4.
//
// The quotient of x and pi/2 is a product of integers, of which those binary digits
// of 2/pi are left out that give whole turns, and those that can no longer matter
// (the method of Payne and Hanek):
//
//	x = m 2^e      window: 256 digits of 2/pi from number e-1 on
//	m * window  =  | whole turns | q: 2 bits | fraction: 254 bits |
func reduceLarge(x float64) (q int, r pair) {
	b := math.Float64bits(x)
	m := b&(1<<fractionBits-1) | 1<<fractionBits
	e := int(b>>fractionBits) - 1023 - fractionBits
	first := e - 2 + 64 // index of the window's first digit
	word, shift := first/64, uint(first%64)
	var w [4]uint64
	for i := range w {
		w[i] = twoOverPi[word+i]<<shift | twoOverPi[word+i+1]>>(64-shift)
	}
	var carry uint64
	for i := 3; i >= 0; i-- {
		hi, lo := bits.Mul64(m, w[i])
		var c uint64
		w[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	q = int(w[0] >> 62)
	w[0] &= 1<<62 - 1
	negative := w[0]>>61 != 0 // nearer to the next quarter
	if negative {
		q++
		borrow := uint64(0)
		for i := 3; i >= 0; i-- {
			w[i], borrow = bits.Sub64(0, w[i], borrow)
		}
		w[0] &= 1<<62 - 1
	}
	// The leading 106 bits of the fraction, as a pair.
	scale := 2 // of bit 63 of w[0], as a negative power of 2: it is worth 2
	for w[0] == 0 {
		w[0], w[1], w[2], w[3] = w[1], w[2], w[3], 0
		scale -= 64
	}
	n := uint(bits.LeadingZeros64(w[0]))
	high := w[0]<<n | w[1]>>(64-n)
	low := w[1]<<n | w[2]>>(64-n)
	unit := math.Ldexp(1, scale-int(n)-64)
	f := fastSum(float64(high>>11)*0x1p11*unit, (float64(high&(1<<11-1))+float64(low>>11)*0x1p-53)*unit)
	if r = f.times(halfPi); negative {
		r = r.negative()
	}
	return q & 3, r
}

// sinCos returns sine and cosine of r, at most pi/4.
func (t *trigTables) sinCos(r pair) (sin, cos pair) {
	negative := r.hi < 0
	if negative {
		r = r.negative()
	}
	i := int(r.hi*trigSteps + 0.5)
	s, c := t.sin[i], t.cos[i]
	d := sum(r.hi-float64(i)/trigSteps, r.lo)
	z := d.hi * d.hi
	sinRest := d.hi * z * (-1.0/6 + z*(1.0/120-z*(1.0/5040))) // sin d - d
	cosRest := z * (-1.0/2 + z*(1.0/24-z*(1.0/720)))          // cos d - 1
	p := product(c.hi, d.hi)
	sin = sum(s.hi, p.hi)
	sin = fastSum(sin.hi, sin.lo+(p.lo+c.hi*d.lo+c.lo*d.hi+s.lo+(s.hi*cosRest+c.hi*sinRest)))
	p = product(s.hi, d.hi)
	cos = sum(c.hi, -p.hi)
	cos = fastSum(cos.hi, cos.lo+(c.lo-p.lo-s.hi*d.lo-s.lo*d.hi+(c.hi*cosRest-s.hi*sinRest)))
	if negative {
		sin = sin.negative()
	}
	return sin, cos
}

// invalid returns what C's functions have for x, infinity or NaN, which is no angle:
// an invalid operation has the sign set.
func invalid(x float64) float64 {
	if x != x {
		return x
	}
	return math.Copysign(math.NaN(), -1)
}

// Sin returns the sine of x.
func Sin(x float64) float64 {
	if x-x != 0 {
		return invalid(x)
	}
	if math.Abs(x) < smallest {
		return x
	}
	q, r := reduce(x)
	sin, cos := trig().sinCos(r)
	if q&1 != 0 {
		sin = cos
	}
	if q&2 != 0 != (x < 0) {
		return -sin.value()
	}
	return sin.value()
}

// Cos returns the cosine of x.
func Cos(x float64) float64 {
	if x-x != 0 {
		return invalid(x)
	}
	q, r := reduce(x)
	sin, cos := trig().sinCos(r)
	if q&1 != 0 {
		cos = sin.negative()
	}
	if q&2 != 0 {
		return -cos.value()
	}
	return cos.value()
}

// Tan returns the tangent of x.
func Tan(x float64) float64 {
	if x-x != 0 {
		return invalid(x)
	}
	if math.Abs(x) < smallest {
		return x
	}
	q, r := reduce(x)
	sin, cos := trig().sinCos(r)
	if q&1 != 0 {
		sin, cos = cos.negative(), sin
	}
	f := quotient(sin, cos).value()
	if x < 0 {
		return -f
	}
	return f
}

// arc returns the arc tangent of y/x, where 0 <= y and 0 < x.
func (t *trigTables) arc(y, x pair) pair {
	if y.hi > x.hi {
		return halfPi.plus(t.arc(x, y).negative())
	}
	i := int(y.hi/x.hi*trigSteps + 0.5)
	c := float64(i) / trigSteps
	// atan(y/x) = atan c + atan((y - c x) / (x + c y))
	p := product(c, x.hi)
	n := sum(y.hi, -p.hi)
	n = sum(n.hi, n.lo+(y.lo-p.lo-c*x.lo))
	p = product(c, y.hi)
	m := sum(x.hi, p.hi)
	m = fastSum(m.hi, m.lo+(x.lo+p.lo+c*y.lo))
	d := quotient(n, m)
	z := d.hi * d.hi
	rest := d.hi * z * (-1.0/3 + z*(1.0/5-z*(1.0/7-z*(1.0/9))))
	a := t.atan[i]
	s := sum(a.hi, d.hi)
	return fastSum(s.hi, s.lo+(a.lo+d.lo+rest))
}

// Atan returns the arc tangent of x. Package math's is good.
func Atan(x float64) float64 { return math.Atan(x) }

// Atan2 returns the arc tangent of y/x, in the quadrant of the point (x, y). Package
// math's is good, unless y/x is no number.
func Atan2(y, x float64) float64 {
	switch q := math.Abs(y / x); {
	case x != x || y != y:
		return y + x
	case x-x != 0 || y-y != 0 || x == 0 || y == 0:
		return math.Atan2(y, x)
	case q > 0x1p64:
		return math.Copysign(math.Pi/2, y)
	case q < 0x1p-64 && x < 0:
		return math.Copysign(math.Pi, y)
	case q < 0x1p-64:
		return y / x
	}
	return math.Atan2(y, x)
}

// other returns the other side of a right triangle with x and the longest side 1.
func other(x float64) pair {
	return root(sum(1, x).times(sum(1, -x)))
}

// Asin returns the arc sine of x.
func Asin(x float64) float64 {
	a := math.Abs(x)
	switch {
	case !(a > smallest):
		return x
	case a >= 1:
		return math.Asin(x)
	}
	return math.Copysign(trig().arc(pair{a, 0}, other(a)).value(), x)
}

// Acos returns the arc cosine of x.
func Acos(x float64) float64 {
	a := math.Abs(x)
	if !(a < 1) || a == 0 {
		return math.Acos(x)
	}
	angle := trig().arc(other(a), pair{a, 0})
	if x < 0 {
		angle = pi.plus(angle.negative())
	}
	return angle.value()
}
