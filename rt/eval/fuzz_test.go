package eval

import (
	"strings"
	"testing"
)

// FuzzLoad loads any bytes: no panic; a chunk that is wrong gets a message of
// one line that names it.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"return 1", "x = = 1", "f(\n\n", "goto a", "break", "::a:: ::a::", "x = '\\q", "[==[", "--[[", "x = 0x", "local a <const> = 1", "\x1bLua", "\xff", "return ...",
		"function f() return ... end", "for i = 1", "goto b; local x ::b:: x = 1", "a.b:c = 1", "if x then\n\nelse", "local _ENV = 1 x()",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		st := newProgram().st
		fn, message := load(st, src, "=chunk", st.Globals.Value())
		switch {
		case message == "" && !fn.IsFunction():
			t.Errorf("%q: neither a function nor a message", src)
		case message != "" && (!strings.HasPrefix(message, "chunk:") || strings.Contains(strings.TrimRight(message, "\n"), "\n") && !strings.Contains(src, "\n")):
			t.Errorf("%q: message %q", src, message)
		}
	})
}
