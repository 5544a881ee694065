package real

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// A power with exponent n/d is off by 0.502 units in the last place at most: its
// bounds to the d, computed exactly, lie about a to the n.
func TestPow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, e := range []struct{ n, d int }{
		{3, 1}, {4, 1}, {5, 1}, {10, 1}, {17, 1}, {-1, 1}, {-2, 1}, {-3, 1}, {-10, 1},
		{1, 2}, {3, 2}, {-1, 2}, {-3, 2}, {1, 4}, {3, 4}, {-7, 4}, {1, 8}, {25, 8},
	} {
		for i := range 3000 {
			var a float64
			switch i % 3 {
			case 0:
				a = math.Ldexp(1+r.Float64(), r.IntN(60)-30)
			case 1:
				a = 1 + (r.Float64()-0.5)/float64(int(1)<<r.IntN(52))
			case 2:
				a = float64(1<<53 - i)
			}
			x := Pow(a, float64(e.n)/float64(e.d))
			half := (math.Nextafter(x, math.Inf(1)) - x) * 0.502
			low := exactPower(new(big.Float).Sub(exact(x), exact(half)), e.d)
			high := exactPower(new(big.Float).Add(exact(x), exact(half)), e.d)
			want := exactPower(exact(a), max(e.n, -e.n))
			if e.n < 0 {
				want = new(big.Float).SetPrec(precision).Quo(exact(1), want)
			}
			if low.Cmp(want) > 0 || want.Cmp(high) > 0 {
				t.Errorf("%v ^ %d/%d = %v is off", a, e.n, e.d, x)
			}
		}
	}
}

// Powers that are numbers are exact, and so are the ends of the range.
func TestPowExact(t *testing.T) {
	for _, c := range []struct{ a, b, want float64 }{
		{10, 15, 1e15}, {10, 22, 1e22}, {3, 33, 5559060566555523}, {7, 18, 1628413597910449},
		{2, -1074, 5e-324}, {2, -1075, 0}, {2, 1023, 0x1p1023}, {2, 1024, math.Inf(1)},
		{-2, 3, -8}, {-2, 4, 16}, {-2, 5, -32}, {-2, -1073, -0x1p-1073}, {-10, 309, math.Inf(-1)},
		{5e-324, 0.125, 0x1.ae89f995ad3adp-135}, {0x1p-1060, 0.25, 0x1p-265}, {0x1p-400, 3, 0}, {0x1p341, 3, 0x1p1023}, {0x1p-340, 3, 0x1p-1020},
		{1, 1e300, 1}, {-1, 1e300, 1}, {-1, 1<<53 - 1, -1}, {0.5, 1e300, 0}, {2, 1e300, math.Inf(1)}, {2, -1e300, 0},
		{1 + 0x1p-52, 1 << 52, math.E * (1 - 0x1p-53)}, {4, 0.5, 2}, {27, 1.0 / 3, 3}, {0, -1, math.Inf(1)}, {0, 0, 1}, {5, 0, 1},
	} {
		if got := Pow(c.a, c.b); got != c.want {
			t.Errorf("%v ^ %v = %v, not %v", c.a, c.b, got, c.want)
		}
	}
	for _, c := range [][2]float64{{-8, 1.0 / 3}, {-1, 0.5}, {math.NaN(), 2}, {2, math.NaN()}} {
		if got := Pow(c[0], c[1]); !math.IsNaN(got) {
			t.Errorf("%v ^ %v = %v, not NaN", c[0], c[1], got)
		}
	}
}

// precision holds the products of TestPow.
const precision = 2000

func exact(f float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(f) }

func exactPower(x *big.Float, n int) *big.Float {
	p := exact(1)
	for range n {
		p.Mul(p, x)
	}
	return p
}
