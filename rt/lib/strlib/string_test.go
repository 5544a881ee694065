package strlib

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

func of(fn string, args ...any) libtest.Call { return libtest.Of("string."+fn, args...) }

func TestAgainstReference(t *testing.T) {
	calls := []libtest.Call{
		of("byte"), of("byte", "abc"), of("byte", "abc", 0), of("byte", "abc", -1), of("byte", "abc", 2, 9), of("byte", "", 1),
		of("byte", "abc", 1, -1), of("byte", "abc", 10), of("byte", 12, 1), of("byte", strings.Repeat("xy", 60), 1, -1),
		of("char"), of("char", 65), of("char", 72, 105, 33, 0, 255), of("char", 256), of("char", -1), of("char", "x"), of("char", "65", 66),
		of("len"), of("len", "a\x00b"), of("len", 1234.5), of("len", nil),
		of("lower", "Hello \xC4"), of("upper", "Hello \xE4"), of("lower", 12), of("upper", ""), of("lower"), of("upper", true),
		of("rep"), of("rep", "x"), of("rep", "ab", 3), of("rep", "ab", 3, "-"), of("rep", "ab", 1, "-"), of("rep", "", 5, ","), of("rep", "x", -1),
		of("rep", "x", 0), of("rep", "x", "3"), of("rep", "x", 2.7), of("rep", 1, 3, 0), of("rep", "x", 3, nil),
		of("reverse", "abc"), of("reverse", ""), of("reverse", 120), of("reverse"),
		of("sub", "hello", 2), of("sub", "hello", 2, 3), of("sub", "hello", -3), of("sub", "hello", -3, -2), of("sub", "hello", 0), of("sub", "hello", 4, 2),
		of("sub", "hello", -100, 100), of("sub", "hello", 6), of("sub", "hello"), of("sub"), of("sub", "hello", 1.6), of("sub", "hello", 2, math.Inf(1)), of("sub", "hello", -math.Inf(1), 2), of("sub", "hello", 2, 1e15), of("sub", "hello", math.NaN()), of("sub", "hello", 2, nil), of("sub", 12345, 2, 3),
		of("find", "hello", "l"), of("find", "hello", "l", 4), of("find", "hello", "l", 5), of("find", "hello", "xyz"), of("find", "hello", ""), of("find", "hello", "", 6),
		of("find", "hello", "", 7), of("find", "hello", "", -1), of("find", "a.b", ".", 2, true), of("find", "a.b", "%."), of("find", "a+b", "+", 1, true),
		of("find", "a)b", ")"), of("find", "key=val", "(%w+)=(%w+)"), of("find", "abc", "()b()"), of("find", "abc", "[b"), of("find", "abc", "%"), of("find"), of("find", "x"),
		of("find", "abc", "b", "2"), of("find", "aXb", "%u"), of("find", "abc", "b", nil, true),
		of("match", "key=val", "(%w+)=(%w+)"), of("match", "abc", "b"), of("match", "abc", "x"), of("match", "abc", "()"), of("match", "  x  ", "^%s*(.-)%s*$"),
		of("match", "abc", "(a", 1), of("match", "abc", "a", 5), of("match", "abc", "a", -3), of("match", "2024-01-02", "(%d+)-(%d+)-(%d+)"), of("match", "x", "x)"),
		of("gsub", "hello", "l", "L"), of("gsub", "hello", "l", "L", 1), of("gsub", "hello", "l", "L", 0), of("gsub", "hello", "l", "L", -1), of("gsub", "hello", "", "-"),
		of("gsub", "hello", "(l)(l)", "%2%1"), of("gsub", "hello", "l", "%0%0"), of("gsub", "hello", "l", "%%"), of("gsub", "hello", "l", "%1"), of("gsub", "hello", "l", "%2"),
		of("gsub", "hello", "l", "%"), of("gsub", "hello", "l", "%x"), of("gsub", "hello", "^h", "j"), of("gsub", "hello", "x", "y"), of("gsub", "abc", "%w", 1), of("gsub", "abc", "b", true),
		of("gsub", "abc", "b", nil), of("gsub", "abc", "b"), of("gsub", "abc", "(b", "x"), of("gsub", "abc", "%w*", "x"), of("gsub", "a b c", "%s*", "-"), of("gsub", "abc", "()", "%1"),
		of("gsub", 123, "2", "x"), of("gsub", "abc", "%d", libtest.List{}),
		of("gmatch", "x"), of("dump"), of("dump", 1),
		of("format"), of("format", "x"), of("format", "%d"), of("format", "%d", "x"), of("format", "%d", "12"), of("format", "%d", 3.7), of("format", "%d", -3.7), of("format", "%i", 5),
		of("format", "%d", 1e300), of("format", "%d", math.Pow(2, 63)), of("format", "%d", -math.Pow(2, 63)), of("format", "%x", -1), of("format", "%x", -0.5), of("format", "%u", 5e18),
		of("format", "%x", 1e19), of("format", "%x", 1.8e19), of("format", "%x", 1e20), of("format", "%c%c", 65, 0), of("format", "%5c|%-5c|", 65, 66),
		of("format", "%s", nil), of("format", "%s %s", true, 12.5), of("format", "%10s|%-10s|%.2s", "abc", "abc", "abc"), of("format", "%s"), of("format", "%%"), of("format", "%5%", 1),
		of("format", "%y", 1), of("format", "%123d", 1), of("format", "%.123d", 1), of("format", "%------d", 1), of("format", "%q", "a\"b\\c\nd\x00e\x001\r\x7f"),
		of("format", "%q", 12), of("format", "%q"), of("format", "%q", nil), of("format", "%e %E %f %g %G %a %A", 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5), of("format", "%F", 1),
		of("format", "%g", math.Inf(1)), of("format", "%5.1f", math.Inf(-1)), of("format", "%d %d %d %d %d %d %d %d %d %d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), of("format", "%p", 1),
		of("format", "%s", strings.Repeat("x", 300)), of("format", "%.20s|%150s", strings.Repeat("x", 300), "y"), of("format", "%+d % d %05d %-5d|%#x %#o", 1, 2, 3, 4, 5, 6),
	}
	libtest.Compare(t, Open, calls)
}

// randomFormat returns a format with up to three conversions, and arguments.
func randomFormat(r *rand.Rand) (string, []any) {
	var b strings.Builder
	var args []any
	for n := 1 + r.Intn(3); n > 0; n-- {
		b.WriteString([]string{"", "a", "%%", " "}[r.Intn(4)] + "%")
		for _, flag := range "-+ #0" {
			if r.Intn(5) == 0 {
				b.WriteRune(flag)
			}
		}
		if r.Intn(3) == 0 {
			fmt.Fprint(&b, r.Intn(20))
		}
		if r.Intn(3) == 0 {
			fmt.Fprintf(&b, ".%d", r.Intn(20))
		}
		verb := "dioxXueEfgGaAsqc"[r.Intn(16)]
		b.WriteByte(verb)
		switch {
		case strings.IndexByte("oxXu", verb) >= 0:
			args = append(args, float64(r.Int63()>>r.Intn(63)))
		case verb == 'c':
			args = append(args, 32+r.Intn(90))
		case strings.IndexByte("sq", verb) >= 0:
			args = append(args, []any{"text", "", "longer text", 12.25}[r.Intn(4)])
		case strings.IndexByte("di", verb) >= 0:
			args = append(args, float64(r.Int63()>>r.Intn(63))-1e5)
		default:
			args = append(args, r.NormFloat64()*math.Pow10(r.Intn(30)-15))
		}
	}
	return b.String(), args
}

func TestFormatAgainstReference(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	var calls []libtest.Call
	for i := 0; i < 5000; i++ {
		f, args := randomFormat(r)
		if strings.Contains(f, "c") && strings.Contains(f, "0") {
			continue // C does not define %0c
		}
		calls = append(calls, of("format", append([]any{f}, args...)...))
	}
	libtest.Compare(t, Open, calls)
}

func TestGsubAgainstReference(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	subjects := []string{"", "abc", "hello world", "a,b,,c", "  trim  ", "k=v; k2=v2", "((x)y)", "%d%s"}
	patterns := []string{"%w+", "%w*", ".", "", "^%s*", "%s*$", "(%w)(%w)", "()", "%b()", "%f[%w]%w", "[^,]*", "l+", "^", "$", "(%w+)=(%w+)"}
	replacements := []string{"", "x", "%0", "<%1>", "%%", "%0%0"}
	var calls []libtest.Call
	for i := 0; i < 1500; i++ {
		args := []any{subjects[r.Intn(len(subjects))], patterns[r.Intn(len(patterns))], replacements[r.Intn(len(replacements))]}
		if r.Intn(3) == 0 {
			args = append(args, r.Intn(4))
		}
		calls = append(calls, of("gsub", args...))
	}
	libtest.Compare(t, Open, calls)
}

// collect calls the function and returns all its results as text.
func collect(st *rt.State, f rt.Value, args ...rt.Value) string {
	th := st.Main
	text := ""
	first, n := rt.CallSlice(th, f, args)
	for _, v := range th.Results(first, n) {
		text += v.String() + " "
	}
	return text
}

func TestGmatch(t *testing.T) {
	st := libtest.NewState(Open)
	cases := []struct{ s, pattern, want string }{
		{"one two", "%a+", "one two "}, {"a=1,b=2", "(%w)=(%w)", "a 1 b 2 "}, {"abc", "", "    "}, {"^a^b", "^%a", "^a ^b "}, {"abc", "()%w", "1 2 3 "}, {"", "x", ""},
	}
	for _, c := range cases {
		iterator, _ := rt.CallValues(st.Main, libtest.Function(st, "string.gmatch"), rt.NewString(c.s), rt.NewString(c.pattern))
		got := ""
		for i := 0; i < 10; i++ {
			piece := collect(st, iterator)
			if piece == "" {
				break
			}
			got += piece
		}
		if got != c.want {
			t.Errorf("gmatch(%q, %q) gives %q, want %q", c.s, c.pattern, got, c.want)
		}
	}
}

func TestGsubWithFunction(t *testing.T) {
	st := libtest.NewState(Open)
	gsub, gsubAgain := libtest.Function(st, "string.gsub"), libtest.Function(st, "string.gsub")
	f := rt.NewGoFunction("f", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		if n != 2 {
			t.Errorf("%d captures", n)
		}
		// The library is entered again while a match is in use.
		v, _ := rt.CallValues(th, gsubAgain, a1, rt.NewString("%d"), rt.NewString("<%0>"))
		return v, 1
	})
	if got := collect(st, gsub, rt.NewString("a1 b2 c"), rt.NewString("(%a)(%d)"), f); got != "<1> <2> c 2 " {
		t.Errorf("gsub = %q", got)
	}
	table := rt.NewTable()
	table.SetString("x", rt.NewString("y"))
	table.SetString("z", rt.False())
	if got := collect(st, gsub, rt.NewString("x z w"), rt.NewString("%w"), table.Value()); got != "y z w 3 " {
		t.Errorf("gsub = %q", got)
	}
	wrong := rt.NewGoFunction("wrong", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) { return a0, -0 + 1 })
	if got := collect(st, gsub, rt.NewString("ab"), rt.NewString("a"), wrong); got != "ab 1 " {
		t.Errorf("gsub = %q", got)
	}
}

func TestAllocations(t *testing.T) {
	st := libtest.NewState(Open)
	long := rt.NewString(strings.Repeat("some text ", 10))
	n := rt.Number
	cases := []struct {
		fn   string
		args [3]rt.Value
		want float64
	}{
		{"byte", [3]rt.Value{long, n(3)}, 0}, {"char", [3]rt.Value{n(65)}, 0}, {"len", [3]rt.Value{long}, 0}, {"sub", [3]rt.Value{long, n(3), n(3)}, 0},
		{"sub", [3]rt.Value{long, n(3), n(30)}, 1}, {"find", [3]rt.Value{long, rt.NewString("xt s")}, 0}, {"find", [3]rt.Value{long, rt.NewString("t%s")}, 0},
		{"format", [3]rt.Value{rt.NewString("%d-%5.2f"), n(12), n(1.5)}, 2}, {"upper", [3]rt.Value{rt.NewString("ABC")}, 0}, {"rep", [3]rt.Value{long, n(3)}, 2},
		{"match", [3]rt.Value{long, rt.NewString("^(%w+)")}, 1}, {"gsub", [3]rt.Value{long, rt.NewString("zzz"), rt.NewString("")}, 0},
		{"gsub", [3]rt.Value{long, rt.NewString("t"), rt.NewString("")}, 2},
	}
	for _, c := range cases {
		f := libtest.Function(st, "string."+c.fn)
		count := 3
		for count > 0 && c.args[count-1].IsNil() {
			count--
		}
		got := testing.AllocsPerRun(100, func() { rt.Call(st.Main, f, count, c.args[0], c.args[1], c.args[2]) })
		if got > c.want {
			t.Errorf("string.%s: %v allocations, want %v", c.fn, got, c.want)
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	st := libtest.NewState(Open)
	f := libtest.Function(st, "string.format")
	format := rt.NewString("%d %s %5.2f")
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		st.Main.Args[3] = rt.Number(3.14159)
		rt.Call(st.Main, f, 4, format, rt.Number(float64(i)), rt.NewString("text"))
	}
}

func BenchmarkGsub(b *testing.B) {
	st := libtest.NewState(Open)
	f := libtest.Function(st, "string.gsub")
	s := rt.NewString(strings.Repeat("the quick brown fox ", 50))
	pattern, to := rt.NewString("%w+"), rt.NewString("<%0>")
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		rt.Call(st.Main, f, 3, s, pattern, to)
	}
}

func BenchmarkGmatch(b *testing.B) {
	st := libtest.NewState(Open)
	th := st.Main
	f := libtest.Function(st, "string.gmatch")
	s, pattern := rt.NewString(strings.Repeat("the quick brown fox jumps over the lazy dog ", 25)), rt.NewString("%a+")
	for i := 0; i < b.N; i++ {
		next, _ := rt.Call(th, f, 2, s, pattern, rt.Value{})
		for n := 1; n > 0; {
			_, n = rt.Call(th, next, 2, rt.Value{}, rt.Value{}, rt.Value{})
		}
	}
}
