package math

import (
	"fmt"
	"math"
	"math/rand"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

// accurate are functions with how many units in the last place they may be from
// the C library's, which is itself off by more than one in the last two and by the
// rounding of two logarithms in log(x, b).
var accurate = []struct {
	fn   string
	args int
	ulps uint64
}{
	{"acos", 1, 1}, {"asin", 1, 1}, {"atan", 1, 1}, {"atan2", 2, 1}, {"cos", 1, 1}, {"cosh", 1, 1}, {"deg", 1, 0}, {"exp", 1, 1},
	{"fmod", 2, 0}, {"log", 1, 1}, {"log", 2, 2}, {"log10", 1, 1}, {"pow", 2, 1}, {"rad", 1, 0}, {"sin", 1, 1}, {"sqrt", 1, 0}, {"tan", 1, 1},
	{"sinh", 1, 2}, {"tanh", 1, 3},
}

// TestAccuracy compares with the reference over random bits: of all numbers, of
// subnormal ones, of those with moderate exponents, and near 1.
func TestAccuracy(t *testing.T) {
	path, err := exec.LookPath("lua5.2")
	if err != nil {
		t.Skip("lua5.2 is not installed")
	}
	r := rand.New(rand.NewSource(52))
	number := func(kind int) float64 {
		sign := float64(1 - 2*r.Intn(2))
		switch kind % 4 {
		case 0:
			f := math.Float64frombits(r.Uint64())
			if f-f != 0 {
				return sign
			}
			return f
		case 1:
			return sign * math.Float64frombits(uint64(r.Int63n(1<<52)))
		case 2:
			return sign * math.Ldexp(0.5+r.Float64()/2, r.Intn(20)-10)
		}
		return sign * (1 + math.Ldexp(r.Float64()-0.5, -r.Intn(50)))
	}
	st := libtest.NewState(Open)
	var script strings.Builder
	script.WriteString("local function p(...) print(string.format('%.17g', (...))) end\n")
	var calls []string
	var results []float64
	var limits []uint64
	for _, a := range accurate {
		fn := libtest.Function(st, "math."+a.fn)
		fmt.Fprintf(&script, "do local f = math.%s\n", a.fn)
		for i := range 2000 {
			x, y := number(i), number(i/4)
			text := fmt.Sprintf("%.17g", x)
			args := []rt.Value{rt.Number(x), {}}
			if a.args == 2 {
				text += fmt.Sprintf(", %.17g", y)
				args[1] = rt.Number(y)
			}
			v, _ := rt.Call(st.Main, fn, a.args, args[0], args[1], rt.Value{})
			calls, results, limits = append(calls, a.fn+"("+text+")"), append(results, v.F), append(limits, a.ulps)
			fmt.Fprintf(&script, "p(f(%s))\n", text)
			if i%200 == 199 {
				script.WriteString("end do local f = math." + a.fn + "\n")
			}
		}
		script.WriteString("end\n")
	}
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.CombinedOutput()
	lines := strings.Fields(string(out))
	if err != nil || len(lines) != len(calls) {
		t.Fatalf("lua5.2: %v, %d results for %d calls: %.300s", err, len(lines), len(calls), out)
	}
	for i, line := range lines {
		want, err := strconv.ParseFloat(strings.TrimPrefix(line, "-nan"), 64)
		if strings.HasSuffix(line, "nan") {
			want, err = math.NaN(), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		if !within(results[i], want, limits[i]) {
			t.Errorf("%s = %.17g, lua5.2 has %.17g", calls[i], results[i], want)
		}
	}
}

// within reports whether at most n numbers lie from a to b.
func within(a, b float64, n uint64) bool {
	if a != a || b != b {
		return a != a && b != b
	}
	if a == b {
		return true
	}
	x, y := math.Float64bits(a), math.Float64bits(b)
	return a < 0 == (b < 0) && max(x, y)-min(x, y) <= n
}
