package syntax

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/compiler/diag"
)

// messageOf returns the code of the only error about src, or "".
func messageOf(t *testing.T, src string) diag.Code {
	t.Helper()
	_, sink, _ := parse(src)
	switch all := sink.All(); len(all) {
	case 0:
		return ""
	case 1:
		return all[0].Code
	default:
		t.Fatalf("%.40q...: %d errors: %s, %s", src, len(all), all[0].Message, all[1].Message)
		return ""
	}
}

// TestNesting checks the limit of nesting. Whatever lua5.2 reads must be
// read; n is just above what it reads.
func TestNesting(t *testing.T) {
	for _, c := range []struct {
		before, open, middle, close string
		n                           int
	}{
		{"x = ", "(", "1", ")", 198},
		{"x = ", "{", "1", "}", 198},
		{"x = ", "a[", "1", "]", 198},
		{"x = ", "f(", "1", ")", 198},
		{"x = ", "not ", "1", "", 198},
		{"x = ", "- ", "1", "", 198},
		{"x = ", "2 ^ ", "1", "", 198},
		{"x = ", "function() return ", "1", " end", 99},
		{"", "do ", "", " end", 199},
		{"", "while x do ", "", " end", 199},
		{"", "repeat ", "", " until x", 198},
		{"", "if x then ", "", " end", 199},
		{"", "if x then else ", "", " end", 199},
		{"", "for i = 1, 2 do ", "", " end", 199},
		{"", "function f() ", "", " end", 99},
	} {
		deep := func(n int) string {
			return c.before + strings.Repeat(c.open, n) + c.middle + strings.Repeat(c.close, n)
		}
		if code := messageOf(t, deep(c.n)); code != "" {
			t.Errorf("%q %d deep: %s", c.open, c.n, code)
		}
		for _, n := range []int{220, 100_000} {
			if code := messageOf(t, deep(n)); code != diag.NestingTooDeep {
				t.Errorf("%q %d deep: %q", c.open, n, code)
			}
			if code := messageOf(t, c.before+strings.Repeat(c.open, n)); code != diag.NestingTooDeep {
				t.Errorf("%q %d deep, not closed: %q", c.open, n, code)
			}
		}
	}
}

// TestChains checks that what is long without being nested has (nearly) no
// limit, and that walking and printing it takes no undue stack.
func TestChains(t *testing.T) {
	if testing.Short() {
		t.Skip("reads very long sources")
	}
	for _, c := range []struct{ before, unit, after string }{
		{"x = 1", " + 1", ""},
		{"x = a", " .. a", ""},
		{"x = a", " and a", ""},
		{"x = a", " == a * a", ""},
		{"f", "()", ""},
		{"f", "'x'", ""},
		{"x = a", ".b", ""},
		{"x = a", "[1]", ""},
		{"a", ":b()", ""},
		{"if a then ", "elseif a then ", "end"},
		{"x = {", "1, ", "}"},
		{"f(1", ", 1", ")"},
		{"local a", ", a", ""},
		{"a", ", a", " = 1"},
		{"", "a = 1 ", ""},
		{"", "::a:: ", ""},
		{"return 1", ", 1", ""},
		{"x = function(a", ", a", ") end"},
	} {
		src := c.before + strings.Repeat(c.unit, 50_000) + c.after
		chunk := mustParse(t, src)
		nodes := 0
		Walk(chunk, func(Node) bool { nodes++; return true })
		if nodes < 50_000 {
			t.Errorf("%q: %d nodes", c.unit, nodes)
		}
		if again := Print(mustParse(t, Print(chunk))); again != Print(chunk) {
			t.Errorf("%q: printing is no fixpoint", c.unit)
		}
	}
	for _, unit := range []string{" + 1", " .. 1", "()", ".a", ":a()"} {
		if code := messageOf(t, "x = a"+strings.Repeat(unit, maxChain)); code != "" {
			t.Errorf("%q: %s at the limit", unit, code)
		}
		if code := messageOf(t, "x = a"+strings.Repeat(unit, 500_000)); code != diag.ExpressionTooLong {
			t.Errorf("%q: %q above the limit", unit, code)
		}
	}
}

// TestGarbage feeds the parser what is no Lua at all: it must come to an end,
// with errors and without a panic.
func TestGarbage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var all []string
	for c := range 256 {
		all = append(all, string([]byte{byte(c)}))
	}
	words := append(strings.Split("a b 1 's' ` @ \\ \" ' -- --[[ [[ ]] [=[ \xff", " "), kindNames[tokAnd:]...)
	for _, alphabet := range [][]string{
		all,
		all[' ':0x7F],
		strings.Split("(){}[]", ""),
		{"\x00"}, {"\xff"}, {"'"}, {"\\"}, {"'", "\\", "\n"}, {"[", "=", "]", "-"}, {"\r", "\n", "x"},
		append(words, "\n"),
		append(words, "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n"),
	} {
		for _, space := range []string{"", " "} {
			var b strings.Builder
			for range 100_000 {
				b.WriteString(alphabet[random.IntN(len(alphabet))] + space)
			}
			chunk, sink, files := parse(b.String())
			if !sink.HasErrors() {
				t.Errorf("%.20q: no error", alphabet)
			}
			Walk(chunk, func(n Node) bool {
				if n.End().Before(n.Pos()) {
					t.Errorf("%.20q: %T ends before it starts", alphabet, n)
				}
				return true
			})
			if err := sink.Render(io.Discard, files); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestLargeFile checks that reading takes time in proportion to the size: a
// file of 10 MB within a time that only something quadratic exceeds.
func TestLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads very long sources")
	}
	for _, unit := range []string{
		"local function f(a, b) return a.x + b[1] * 2, {a, b = 'x'} end\n",
		"do local x = 1 end x = 'a\\n' ",
		"-- a comment\n",
		"[[\n", // a string of many lines
		"'\\z\n",
		"\r",
		"x = {",
		"x = = ",
		"\xff",
	} {
		src := strings.Repeat(unit, 10<<20/len(unit))
		start := time.Now()
		parse(src)
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%q: %v", unit, d)
		}
	}
}
