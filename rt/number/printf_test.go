package number

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

func TestParseSpec(t *testing.T) {
	s, next, problem := ParseSpec("%-+ #012.34dx", 1)
	want := Spec{Verb: 'd', Minus: true, Plus: true, Space: true, Alt: true, Zero: true, Width: 12, Prec: 34}
	if s != want || next != 12 || problem != "" {
		t.Errorf("ParseSpec = %+v, %d, %q", s, next, problem)
	}
	for format, want := range map[string]string{
		"%------d": "invalid format (repeated flags)", "%123d": "invalid format (width or precision too long)",
		"%.123d": "invalid format (width or precision too long)", "%5.1f": "", "%.f": "", "%": "", "%0012d": "",
	} {
		if _, _, problem := ParseSpec(format, 1); problem != want {
			t.Errorf("ParseSpec(%q): %q, want %q", format, problem, want)
		}
	}
	if s, _, _ := ParseSpec("%.d", 1); s.Prec != 0 || s.Plain() {
		t.Errorf("a lone point is precision 0, got %+v", s)
	}
	if s, _, _ := ParseSpec("%d", 1); !s.Plain() {
		t.Errorf("%%d is not plain: %+v", s)
	}
}

func TestPrintfFixed(t *testing.T) {
	cases := []struct {
		format string
		f      float64
		want   string
	}{
		{"%5.1f", 3.14159, "  3.1"}, {"%-8.3e|", 12345.678, "1.235e+04"}, {"%g", 1e20, "1e+20"}, {"%#g", 1, "1.00000"},
		{"%a", 1.5, "0x1.8p+0"}, {"%A", 255, "0X1.FEP+7"}, {"%.0a", 1.5, "0x2p+0"}, {"%+.2f", 2, "+2.00"}, {"%08.2f", -3.5, "-0003.50"},
		{"%#.0f", 3, "3."}, {"%#.0e", 3, "3.e+00"}, {"%a", 0, "0x0p+0"}, {"%a", 5e-324, "0x0.0000000000001p-1022"},
		{"%G", 1e-10, "1E-10"},
	}
	for _, c := range cases {
		spec, _, _ := ParseSpec(c.format, 1)
		if got := string(AppendSpec(nil, spec, c.f)); got != c.want {
			t.Errorf("%s of %v = %q, want %q", c.format, c.f, got, c.want)
		}
	}
}

// randomSpec returns a conversion with random flags, width and precision.
func randomSpec(r *rand.Rand, verbs string) string {
	var b strings.Builder
	b.WriteByte('%')
	for _, flag := range "-+ #0" {
		if r.Intn(4) == 0 {
			b.WriteRune(flag)
		}
	}
	if r.Intn(2) == 0 {
		fmt.Fprint(&b, 1+r.Intn(30))
	}
	if r.Intn(2) == 0 {
		fmt.Fprintf(&b, ".%d", r.Intn(25))
	}
	b.WriteByte(verbs[r.Intn(len(verbs))])
	return b.String()
}

func TestPrintfAgainstReference(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	var program strings.Builder
	program.WriteString("local p, f = print, string.format\n")
	var formats []string
	var fs []float64
	for i := 0; i < 30000; i++ {
		f := randomFloat(r)
		format := randomSpec(r, "aAeEfgG")
		if i%2 == 0 {
			format = randomSpec(r, "diouxX")
			f = float64(r.Int63()>>r.Intn(63)) * float64(r.Intn(2)*2-1)
			if strings.ContainsAny(format, "ouxX") {
				f = max(f, -f)
			}
			if r.Intn(5) == 0 {
				f = 0
			}
		}
		if f > 1e40 && strings.HasSuffix(format, "f") {
			f = 1e40
		}
		formats, fs = append(formats, format), append(fs, f)
		fmt.Fprintf(&program, "p(f(%q, %s))\n", format, hexFloat(f))
	}
	for i, line := range luaLines(t, program.String()) {
		spec, _, problem := ParseSpec(formats[i], 1)
		if problem != "" {
			t.Fatalf("%s: %s", formats[i], problem)
		}
		var got string
		switch spec.Verb {
		case 'd', 'i':
			got = string(AppendSigned(nil, spec, int64(fs[i])))
		case 'o', 'u', 'x', 'X':
			got = string(AppendUnsigned(nil, spec, uint64(fs[i])))
		default:
			got = string(AppendSpec(nil, spec, fs[i]))
		}
		if got != line {
			t.Errorf("%s of %v = %q, reference %q", formats[i], fs[i], got, line)
		}
	}
}

func TestAppendText(t *testing.T) {
	for format, want := range map[string]string{"%s": "hello", "%8s": "   hello", "%-8s": "hello   ", "%.2s": "he", "%5.1s": "    h"} {
		spec, _, _ := ParseSpec(format, 1)
		if got := string(AppendText(nil, spec, "hello")); got != want {
			t.Errorf("%s = %q, want %q", format, got, want)
		}
	}
}
