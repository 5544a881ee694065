package emit_test

import (
	"strings"
	"testing"
)

// TestLongChains checks that a long chain is one block, which is left as soon as
// the result is known, and that only what has no statements is one expression.
func TestLongChains(t *testing.T) {
	repeat := func(part, op string) string { return strings.Repeat(part+" "+op+" ", 99) + part }
	for _, test := range []struct {
		name, source string
		breaks       int
		want         string
	}{
		{"values", "local a = ... return " + repeat("a", "or"), 99, "if t1.Truthy() {\n"},
		{"conditions", "local a = ... if " + repeat("a.x", "and") + " then a() end", 100, ".Truthy() {\n"},
		{"comparisons", "local a = ... return " + repeat("a == 1", "or"), 0, "1) || (a.IsNumber()"},
		{"plain conditions", "local a = ... if " + repeat("a", "and") + " then a() end", 0, "a.Truthy() && a.Truthy()"},
	} {
		code := compile(t, test.source, false)
		if got := strings.Count(code, "break\n"); got != test.breaks || !strings.Contains(code, test.want) {
			t.Errorf("%s: %d breaks, want %d, and %q in\n%s", test.name, got, test.breaks, test.want, code)
		}
	}
}
