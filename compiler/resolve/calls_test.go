package resolve

import (
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

func TestCalls(t *testing.T) {
	for source, want := range map[string]string{
		"x = 1":                            "",
		"f(1)":                             "0 1 global f\n",
		"local x = s:rep(2):sub(1)\nt.f()": "0 1 method rep\n0 1 method sub\n0 2 field f\n",
		"s:rep(\n\nrep(2))\ns:x()":         "0 1 method rep\n0 3 global rep\n0 4 method x\n",
		"local f, t; f() (t[1])()":         "0 1\n0 1 local f\n",
		"local f; local function g()\nf() g() ;(function() end)() end\nlocal _ENV = {} (h)()": "0 3 global h\n1 2\n1 2 upvalue f\n1 2 upvalue g\n",
		"t[k]() ;(a or b)() ;(a)() ;('s'):len()":                                              "0 1\n0 1 field ?\n0 1 global a\n0 1 method len\n",
	} {
		var sink diag.Sink
		chunk := syntax.Parse(&diag.File{Name: "x.lua", Text: source}, &sink)
		if got := Resolve(chunk, &sink).Calls(); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}
