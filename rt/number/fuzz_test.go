package number

import (
	"math"
	"strings"
	"testing"
)

// FuzzParse reads any text as a number: no panic, and what is one survives
// being printed. Fourteen digits are a fixpoint, hexadecimal digits are exact.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"0", "-0", "1e14", "123456789012345678", "0x1p-1074", "0x.8", " 5 ", "1e400", "5e-324", "0x" + strings.Repeat("f", 300), "1e", ".", "0x1p99999999999", "nan", "inf",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := Parse(s)
		if !ok {
			return
		}
		if v != v {
			t.Fatalf("Parse(%q) is NaN", s)
		}
		if spaced, ok := Parse("\t " + s + "\n"); !ok || spaced != v {
			t.Errorf("Parse(%q) is %v, with blanks around it %v, %v", s, v, spaced, ok)
		}
		checkPrinted(t, v)
	})
}

// FuzzFormat prints any number.
func FuzzFormat(f *testing.F) {
	for _, seed := range []float64{0, math.Copysign(0, -1), 1, 0.1, 1e14, 99999999999999.5, 1e15, 1 << 53, math.MaxFloat64, 5e-324, math.Inf(-1), math.NaN()} {
		f.Add(math.Float64bits(seed))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		checkPrinted(t, math.Float64frombits(bits))
	})
}

// checkPrinted prints v in several ways and reads it again.
func checkPrinted(t *testing.T, v float64) {
	t.Helper()
	text := Format(v)
	if math.IsInf(v, 0) || v != v {
		if _, ok := Parse(text); ok {
			t.Errorf("Parse(%q) is a number", text)
		}
		return
	}
	if again, ok := Parse(text); !ok || Format(again) != text && !math.IsInf(again, 0) {
		t.Errorf("%x prints as %s, which reads as %x, %v", v, text, again, ok)
	}
	for _, spec := range []Spec{{Verb: 'a', Prec: -1}, {Verb: 'g', Prec: 17}, {Verb: 'e', Prec: 16}} {
		exact := string(AppendSpec(nil, spec, v))
		if again, ok := Parse(exact); !ok || math.Float64bits(again) != math.Float64bits(v) {
			t.Errorf("%x prints as %s with %%.%d%c, which reads as %x, %v", v, exact, spec.Prec, spec.Verb, again, ok)
		}
	}
}

// FuzzSpec applies any specification of string.format to any number and text:
// no panic, a length that width and precision explain, and no letter but those
// that a number or the text may have.
func FuzzSpec(f *testing.F) {
	for _, seed := range []string{"5.2f", "-+ #010d", "#.0x", "99.99g", "a", "s", "-10.3s", "0", "", "%", "123d", "+i", "#o", ".0d"} {
		f.Add(seed, math.Float64bits(-12.5), "text")
	}
	f.Fuzz(func(t *testing.T, format string, bits uint64, text string) {
		spec, next, problem := ParseSpec(format, 0)
		if next < 0 || next > len(format) {
			t.Fatalf("%q ends at %d", format, next)
		}
		if problem != "" || spec.Verb == 0 {
			return
		}
		if spec.Width > 99 || spec.Prec > 99 {
			t.Fatalf("%q: width %d, precision %d", format, spec.Width, spec.Prec)
		}
		v := math.Float64frombits(bits)
		var got []byte
		most := max(spec.Width, spec.Prec+320)
		switch spec.Verb {
		case 'd', 'i':
			got = AppendSigned(nil, spec, int64(bits))
		case 'o', 'u', 'x', 'X':
			got = AppendUnsigned(nil, spec, bits)
		case 'a', 'A', 'e', 'E', 'f', 'g', 'G':
			got = AppendSpec(nil, spec, v)
		case 's':
			got = AppendText(nil, spec, text)
			most = max(spec.Width, len(text))
			if !strings.Contains(string(got), text[:min(len(text), max(spec.Prec, 0))]) {
				t.Errorf("%q of %q is %q", format, text, got)
			}
		default:
			return
		}
		if len(got) < spec.Width || len(got) > most {
			t.Errorf("%q of %v has %d bytes: %q", format, v, len(got), got)
		}
	})
}
