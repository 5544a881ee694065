package emit_test

import (
	"strings"
	"testing"
)

// TestSize checks where fast paths are written out: everywhere in a small
// program, in loops of a large function, in the innermost loops of a program
// that is larger than the budget, and nowhere in a huge function.
func TestSize(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles 45,000 lines")
	}
	// one operation on each side of a loop
	const probe = `local a = ... local b = a + 1 for i = 1, 3 do b = a - i for j = 1, 3 do b = a * j end end `
	filler := func(n int) string { return strings.Repeat("f()\n", n) }
	inFunctions := func(n int, s string) string { return strings.Repeat("function g() "+s+" end\n", n) }
	for _, test := range []struct {
		name, source        string
		outside, loop, both bool // fast paths outside loops, in the outer loop, in the inner one
	}{
		{"small", probe, true, true, true},
		{"large function", probe + filler(400), false, true, true},
		{"huge function", probe + filler(2600), false, false, false},
		{"many functions", probe + inFunctions(300, filler(140)), false, true, true},
		{"many loops", probe + inFunctions(300, "while f() do "+filler(140)+" end"), false, false, true},
	} {
		code := compile(t, test.source, false)
		for _, op := range []struct {
			want         bool
			fast, helper string
		}{
			{test.outside, "a.F + 1", "rt.Add("},
			{test.loop, "a.F - float64(i)", "rt.Sub("},
			{test.both, "a.F * float64(j)", "rt.Mul("},
		} {
			if got := strings.Contains(code, op.fast); got != op.want {
				t.Errorf("%s: fast path %q: %t, want %t", test.name, op.fast, got, op.want)
			}
			if !strings.Contains(code, op.helper) {
				t.Errorf("%s: no %s", test.name, op.helper)
			}
		}
	}
}
