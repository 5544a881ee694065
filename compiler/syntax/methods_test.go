package syntax

import (
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

func TestMethodCalls(t *testing.T) {
	for source, want := range map[string]string{
		"f(1)":                             "",
		"s:rep(2)":                         "\n1 rep\n",
		"local x = s:rep(2):sub(1)\nt.f()": "\n1 rep\n1 sub\n",
		"s:rep(string.rep('x', 2))":        "",
		"s:rep(\n\nrep(2))\ns:x()":         "\n1 rep\n4 x\n",
	} {
		var sink diag.Sink
		chunk := Parse(&diag.File{Name: "x.lua", Text: source}, &sink)
		if got := MethodCalls(chunk); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}
