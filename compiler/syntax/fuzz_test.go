package syntax

import (
	"io"
	"testing"
)

// FuzzParse reads any bytes: no panic, ranges in order, messages that can be
// shown; and what is Lua prints as the same tree.
func FuzzParse(f *testing.F) {
	for _, text := range seeds(f) {
		f.Add([]byte(text))
	}
	for _, src := range []string{
		"x = = 1", "f(", "x = {1 2}", "'\\", "[==[", "--[[", "if a then else if b then end", "x = 3..2",
		"function f(a, 1) end", "repeat end", "f(function( end)", "a, b", "::1::", "\xff\xfe", "return return",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		chunk, sink, files := parse(string(src))
		Walk(chunk, func(n Node) bool {
			if n.End().Before(n.Pos()) {
				t.Errorf("%T from %v to %v", n, n.Pos(), n.End())
			}
			return true
		})
		if err := sink.Render(io.Discard, files); err != nil {
			t.Fatal(err)
		}
		if !sink.HasErrors() {
			checkPrinted(t, chunk)
		}
	})
}
