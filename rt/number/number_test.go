package number

import (
	"bytes"
	"math"
	"math/rand"
	"os/exec"
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	cases := []struct {
		f    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "-0"}, {1, "1"}, {-42, "-42"}, {0.1, "0.1"}, {1.5, "1.5"},
		{99999999999999, "99999999999999"}, {-99999999999999, "-99999999999999"}, {1e14, "1e+14"}, {-1e14, "-1e+14"},
		{1e15, "1e+15"}, {123456789012345, "1.2345678901234e+14"}, {123456789012355, "1.2345678901236e+14"},
		{99999999999999.4, "99999999999999"}, {99999999999999.5, "1e+14"}, {1e100, "1e+100"}, {1e-5, "1e-05"},
		{0.0001, "0.0001"}, {1.0 / 3, "0.33333333333333"}, {2.0 / 3, "0.66666666666667"}, {5e-324, "4.9406564584125e-324"},
		{math.MaxFloat64, "1.7976931348623e+308"}, {1 << 53, "9.007199254741e+15"},
		{math.Inf(1), "inf"}, {math.Inf(-1), "-inf"}, {math.NaN(), "nan"}, {math.Copysign(math.NaN(), -1), "-nan"},
	}
	for _, c := range cases {
		if got := Format(c.f); got != c.want {
			t.Errorf("Format(%v) = %q, want %q", c.f, got, c.want)
		}
		if got := string(Append([]byte("x"), c.f)); got != "x"+c.want {
			t.Errorf("Append(%v) = %q, want %q", c.f, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	cases := []struct {
		s    string
		want float64
	}{
		{"0", 0}, {"10", 10}, {" 10 ", 10}, {"\t\n\v\f\r -1.5e1\v", -15}, {".5", 0.5}, {"5.", 5}, {"+1", 1},
		{"0x10", 16}, {"-0XfF", -255}, {"0x.8", 0.5}, {"0xA.", 10}, {"0x1p4", 16}, {"0x.8p-1", 0.25}, {"1e400", math.Inf(1)},
		{"-1e400", math.Inf(-1)}, {"1e-400", 0}, {"0xffffffffffffffffff", 4722366482869645213695}, {"1E+2", 100},
		{"12345678901234567890", 12345678901234567890}, {"0e5", 0}, {"007", 7}, {"0x1P+2", 4},
	}
	for _, c := range cases {
		if got, ok := Parse(c.s); !ok || got != c.want {
			t.Errorf("Parse(%q) = %v, %v, want %v", c.s, got, ok, c.want)
		}
	}
	if f, ok := Parse("-0"); !ok || !math.Signbit(f) {
		t.Errorf("Parse(-0) = %v, %v", f, ok)
	}
	for _, s := range []string{"", " ", "x", "1 2", "0x", "0xg", "0x.", "0xp1", "0x1p", "1e", "1e+", ".", "-", "- 1", "+-1", "inf",
		"nan", "infinity", "1_000", "0x1_0", "0b1", "0o7", "1\x00", "--1", "0x1.8.1", "1.2.3", "e5", ".e1", "0x1pz"} {
		if f, ok := Parse(s); ok {
			t.Errorf("Parse(%q) = %v, want failure", s, f)
		}
	}
}

func TestParseBase(t *testing.T) {
	cases := []struct {
		s    string
		base int
		want float64
		ok   bool
	}{
		{"10", 2, 2, true}, {" -7fFF ", 16, -32767, true}, {"zz", 36, 35*36 + 35, true}, {"8", 8, 0, false}, {"", 10, 0, false},
		{"1.5", 10, 0, false}, {"+11", 3, 4, true}, {"0x10", 16, 0, false}, {"0x10", 36, 1 + 0 + 33*1296 + 36 - 1, true}, {"-", 10, 0, false},
	}
	for _, c := range cases {
		got, ok := ParseBase(c.s, c.base)
		if ok != c.ok || got != c.want {
			t.Errorf("ParseBase(%q, %d) = %v, %v, want %v, %v", c.s, c.base, got, ok, c.want, c.ok)
		}
	}
}

// luaLines runs a Lua program under the reference interpreter.
func luaLines(t *testing.T, program string) []string {
	t.Helper()
	path, err := exec.LookPath("lua5.2")
	if err != nil {
		t.Skip("lua5.2 is not installed")
	}
	var errOut bytes.Buffer
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader(program)
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("lua5.2: %v\n%s", err, errOut.String())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// randomFloat returns numbers of all sizes, with many near the borders of the
// notations.
func randomFloat(r *rand.Rand) float64 {
	switch r.Intn(6) {
	case 0:
		return math.Float64frombits(r.Uint64())
	case 1:
		return float64(r.Intn(2000001)-1000000) / float64([]int{1, 2, 8, 10, 100, 1000}[r.Intn(6)])
	case 2:
		return math.Pow10(r.Intn(40)-20) * (1 + r.Float64()*1e-14)
	case 3:
		return float64(r.Int63() >> r.Intn(60))
	case 4:
		return 1e14 + float64(r.Intn(2001)-1000)/4
	}
	return r.NormFloat64()
}

// hexFloat writes f so that both languages read it exactly.
func hexFloat(f float64) string {
	switch {
	case f != f && math.Signbit(f):
		return "(0/0)"
	case f != f:
		return "(-(0/0))"
	case math.IsInf(f, 1):
		return "(1/0)"
	case math.IsInf(f, -1):
		return "(-1/0)"
	}
	return string(AppendSpec(nil, Spec{Verb: 'a', Prec: -1}, f))
}

func TestFormatAgainstReference(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var program strings.Builder
	program.WriteString("local p = print\n")
	var fs []float64
	for i := 0; i < 20000; i++ {
		f := randomFloat(r)
		fs = append(fs, f)
		program.WriteString("p(" + hexFloat(f) + ")\n")
	}
	for i, line := range luaLines(t, program.String()) {
		if got := Format(fs[i]); got != line {
			t.Errorf("Format(%v) = %q, reference %q", fs[i], got, line)
		}
		if f, ok := Parse(line); fs[i]-fs[i] == 0 && (!ok || Format(f) != line) {
			t.Errorf("Parse(%q) = %v, %v", line, f, ok)
		}
	}
}

func TestParseAgainstReference(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	const alphabet = "0011259aAfFxXeEpP..+-- \t_nzi"
	var program strings.Builder
	program.WriteString("local function p(s) local n = tonumber(s) if n then print(string.format('%a', n)) else print('nil') end end\n")
	var ss []string
	for i := 0; i < 20000; i++ {
		b := make([]byte, 1+r.Intn(7))
		for j := range b {
			b[j] = alphabet[r.Intn(len(alphabet))]
		}
		s := string(b)
		if r.Intn(3) == 0 {
			s = "0x" + s
		}
		ss = append(ss, s)
		program.WriteString("p'" + strings.ReplaceAll(s, "\t", "\\t") + "'\n")
	}
	for i, line := range luaLines(t, program.String()) {
		got := "nil"
		if f, ok := Parse(ss[i]); ok {
			got = string(AppendSpec(nil, Spec{Verb: 'a', Prec: -1}, f))
		}
		if got != line {
			t.Errorf("Parse(%q) = %s, reference %s", ss[i], got, line)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name string
		f    float64
	}{{"integral", 123456}, {"fraction", 1234.5678}, {"third", 1.0 / 3}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var buf [32]byte
			for i := 0; i < b.N; i++ {
				Append(buf[:0], c.f)
			}
		})
	}
}
