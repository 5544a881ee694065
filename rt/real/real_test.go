package real

import (
	"math"
	"math/rand/v2"
	"testing"
)

// ulps returns how many numbers lie from a to b, many if one is NaN and the other
// not, or their signs differ.
func ulps(a, b float64) uint64 {
	x, y := math.Float64bits(a), math.Float64bits(b)
	switch {
	case a != a && b != b, a == b:
		return 0
	case a != a, b != b, a < 0 != (b < 0):
		return math.MaxUint64
	}
	return max(x, y) - min(x, y)
}

// Values of the C library (glibc's), where package math is furthest from it.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		name    string
		f       func(float64) float64
		x, want float64
	}{
		{"log", Log, 5e-324, -744.44007192138122}, {"log", Log, 2.2250738585072009e-308, -708.39641853226408},
		{"log", Log, 1e-310, -713.80137882815416}, {"log", Log, 1 + 0x1p-52, 2.2204460492503128e-16}, {"log", Log, math.MaxFloat64, 709.78271289338397},
		{"log10", Log10, 5e-324, -323.30621534311581}, {"log10", Log10, 1e-310, -310}, {"log10", Log10, 1000, 3}, {"log10", Log10, 1e300, 300},
		{"exp", Exp, 709.7, 1.6549840276802644e+308}, {"exp", Exp, 709.78271289338397, 1.7976931348622732e+308}, {"exp", Exp, 709.79, math.Inf(1)},
		{"exp", Exp, -745.1, 5e-324}, {"exp", Exp, -745.2, 0}, {"exp", Exp, -708.5, 2.006132305331306e-308}, {"exp", Exp, 1, math.E},
		{"cosh", Cosh, 710, 1.1169973830808557e+308}, {"cosh", Cosh, -710.4758, 1.797585143589559e+308}, {"cosh", Cosh, 711, math.Inf(1)},
		{"sinh", Sinh, 710, 1.1169973830808557e+308}, {"sinh", Sinh, -710, -1.1169973830808557e+308}, {"sinh", Sinh, 1e-310, 1e-310},
		{"tanh", Tanh, 25, 1}, {"tanh", Tanh, -1e-300, -1e-300},
		{"sin", Sin, math.Pi, 1.2246467991473532e-16}, {"sin", Sin, 1e22, -0.8522008497671888}, {"sin", Sin, math.MaxFloat64, 0.0049619547891840619},
		{"sin", Sin, 51.836278784231588, 1}, {"cos", Cos, 51.836278784231588, 2.4431037919288229e-16}, {"cos", Cos, 1e22, 0.52321478539513899},
		{"cos", Cos, 6381956970095103 * 0x1p797, -4.6871659242546277e-19}, // nearer to an odd multiple of pi/2 than any other number
		{"tan", Tan, 51.836278784231588, 4093153976117008}, {"tan", Tan, 8.3800986377170787e-08, 8.3800986377170986e-08},
		{"acos", Acos, 0.99999999999999978, 2.1073424255447017e-08}, {"acos", Acos, -0.99999999999999978, 3.1415926325163688},
		{"acos", Acos, 1, 0}, {"acos", Acos, -1, math.Pi}, {"acos", Acos, 0, math.Pi / 2},
		{"asin", Asin, 0.99999999231633852, 1.5706723617877802}, {"asin", Asin, 1, math.Pi / 2}, {"asin", Asin, 1e-300, 1e-300},
		{"atan", Atan, 1, math.Pi / 4}, {"atan", Atan, -1e300, -math.Pi / 2}, {"atan", Atan, math.Inf(1), math.Pi / 2},
	} {
		if got := c.f(c.x); ulps(got, c.want) > 0 {
			t.Errorf("%s(%v) = %v, not %v", c.name, c.x, got, c.want)
		}
	}
	for _, c := range []struct{ y, x, want float64 }{
		{-1.4276331206244123e-46, -2.9743355184780712e+293, -math.Pi}, {1e-200, 1e200, 0}, {1, 1, math.Pi / 4}, {-1, -1, -3 * math.Pi / 4},
		{1e300, -1e-300, math.Pi / 2}, {5e-324, 5e-324, math.Pi / 4}, {math.MaxFloat64, math.MaxFloat64, math.Pi / 4}, {math.Copysign(0, -1), -1, -math.Pi}, {3e-310, 1, 3e-310},
	} {
		if got := Atan2(c.y, c.x); ulps(got, c.want) > 0 {
			t.Errorf("atan2(%v, %v) = %v, not %v", c.y, c.x, got, c.want)
		}
	}
	for _, f := range []func(float64) float64{Sin, Cos, Tan, Log, Log10, Exp, Cosh, Sinh, Tanh, Asin, Acos, Atan} {
		if got := f(math.NaN()); got == got {
			t.Errorf("a function of NaN is %v", got)
		}
	}
	for _, f := range []func(float64) float64{Sin, Tan, Sinh, Tanh, Asin, Atan} {
		if got := f(math.Copysign(0, -1)); got != 0 || !math.Signbit(got) {
			t.Errorf("a function of -0 is %v", got)
		}
	}
}

// Where package math is good, it agrees within its own error.
func TestAgainstPackageMath(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		x := math.Ldexp(0.5+r.Float64()/2, r.IntN(12)-6)
		if r.IntN(2) == 0 {
			x = -x
		}
		in := math.Mod(x, 0.9)
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"exp", Exp(x), math.Exp(x)}, {"log", Log(math.Abs(x)), math.Log(math.Abs(x))}, {"log10", Log10(math.Abs(x)), math.Log10(math.Abs(x))},
			{"cosh", Cosh(x), math.Cosh(x)}, {"sinh", Sinh(x), math.Sinh(x)}, {"tanh", Tanh(x), math.Tanh(x)},
			{"sin", Sin(in), math.Sin(in)}, {"cos", Cos(in), math.Cos(in)}, {"tan", Tan(in), math.Tan(in)},
			{"asin", Asin(in), math.Asin(in)}, {"acos", Acos(in), math.Acos(in)}, {"atan", Atan(x), math.Atan(x)},
			{"atan2", Atan2(x, in), math.Atan2(x, in)},
		} {
			if ulps(c.got, c.want) > 6 {
				t.Fatalf("%s(%v) = %v, package math has %v", c.name, x, c.got, c.want)
			}
		}
	}
}

// Sine and cosine of angles of all sizes are those of one angle.
func TestHugeAngles(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		x := math.Float64frombits(r.Uint64()&^(1<<62) | uint64(r.IntN(2))<<62)
		if x-x != 0 {
			continue
		}
		sin, cos := Sin(x), Cos(x)
		if one := sin*sin + cos*cos; math.Abs(one-1) > 4e-16 {
			t.Fatalf("sin^2 + cos^2 of %v = %v", x, one)
		}
		if ulps(Tan(x), sin/cos) > 4 {
			t.Fatalf("tan(%v) = %v, sin/cos %v", x, Tan(x), sin/cos)
		}
		if twice := Sin(2 * x); math.Abs(2*x) < math.MaxFloat64 && math.Abs(twice-2*sin*cos) > 4e-16 {
			t.Fatalf("sin(2 * %v) = %v, 2 sin cos %v", x, twice, 2*sin*cos)
		}
	}
}

var sink float64

func BenchmarkSin(b *testing.B) {
	for i := range b.N {
		sink += Sin(float64(i&1023) * 0.01)
	}
}

func BenchmarkSinOfPackageMath(b *testing.B) {
	for i := range b.N {
		sink += math.Sin(float64(i&1023) * 0.01)
	}
}

func BenchmarkExp(b *testing.B) {
	for i := range b.N {
		sink += Exp(float64(i&1023) * 0.01)
	}
}

func BenchmarkExpOfPackageMath(b *testing.B) {
	for i := range b.N {
		sink += math.Exp(float64(i&1023) * 0.01)
	}
}

func BenchmarkLog(b *testing.B) {
	for i := range b.N {
		sink += Log(float64(i&1023) + 0.01)
	}
}

func BenchmarkLogOfPackageMath(b *testing.B) {
	for i := range b.N {
		sink += math.Log(float64(i&1023) + 0.01)
	}
}

func BenchmarkAtan2(b *testing.B) {
	for i := range b.N {
		sink += Atan2(float64(i&1023)+0.01, 300)
	}
}

func BenchmarkAtan2OfPackageMath(b *testing.B) {
	for i := range b.N {
		sink += math.Atan2(float64(i&1023)+0.01, 300)
	}
}
