package verify

import (
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	base := Result{Stdout: "a\nb\n", Stderr: "luago: x.lua:1: bad\nstack traceback:\n\t[C]: in ?\n", Exit: 1}
	same := base
	same.Stderr = "lua5.2: x.lua:1: bad\nstack traceback:\n\tx.lua:1: in main chunk\n\t[C]: in ?\n"
	if d := Compare(base, same); d != nil {
		t.Errorf("an equal result: %+v", d)
	}
	for _, tt := range []struct {
		b    Result
		want Difference
	}{
		{Result{Stdout: "a\nc\n", Stderr: base.Stderr, Exit: 1}, Difference{Where: "line 2 of the output", A: "b", B: "c"}},
		{Result{Stdout: "a\n", Stderr: base.Stderr, Exit: 1}, Difference{Where: "line 2 of the output", A: "b", B: "(nothing more)"}},
		{Result{Stdout: "a\nb\nc\n", Stderr: base.Stderr, Exit: 1}, Difference{Where: "line 3 of the output", A: "(nothing more)", B: "c"}},
		{Result{Stdout: "a\nb", Stderr: base.Stderr, Exit: 1}, Difference{Where: "line 2 of the output", A: "b", B: "b (no line feed)"}},
		{Result{Stdout: "a\nb\x01\n", Stderr: base.Stderr, Exit: 1}, Difference{Where: "line 2 of the output", A: "b", B: `"b\x01"`}},
		{Result{Stdout: base.Stdout, Stderr: "luago: x.lua:2: bad\n", Exit: 1}, Difference{Where: "line 1 of the error output", A: "luago: x.lua:1: bad", B: "luago: x.lua:2: bad"}},
		{Result{Stdout: base.Stdout, Stderr: base.Stderr, Exit: 3}, Difference{Where: "the exit status", A: "1", B: "3"}},
	} {
		d := Compare(base, tt.b)
		if d == nil {
			t.Errorf("%+v: no difference", tt.b)
			continue
		}
		if *d != tt.want {
			t.Errorf("%+v: %+v, want %+v", tt.b, *d, tt.want)
		}
	}
}

func TestHints(t *testing.T) {
	for _, tt := range []struct{ a, b, want string }{
		{"x\ntable: 0x55d0\n", "x\ntable: 0xc000\n", "addresses"},
		{"function: builtin: 0x1\n", "function: 0x2\n", "addresses"},
		{"a\nb\n", "b\na\n", "another order"},
		{"table: 0x1\n", "table: 0x1 \n", ""},
		{"a\n", "b\n", ""},
	} {
		d := Compare(Result{Stdout: tt.a}, Result{Stdout: tt.b})
		if d == nil || tt.want == "" && d.Hint != "" || !strings.Contains(d.Hint, tt.want) {
			t.Errorf("%q and %q: %+v, want a hint with %q", tt.a, tt.b, d, tt.want)
		}
	}
}

func TestUnnamed(t *testing.T) {
	r := Unnamed(Result{Stdout: "attempt to call a nil value (global 'f') here", Stderr: "a nil value (field '?')"})
	if r.Stdout != "attempt to call a nil value here" || r.Stderr != "a nil value" {
		t.Errorf("%+v", r)
	}
}

func TestLacks(t *testing.T) {
	modules := []string{"coromega"}
	for _, tt := range []struct {
		r    Result
		want string
	}{
		{Result{Stderr: "luago: go-lua it has no string.gsub\n", Exit: LacksStatus}, "it has no string.gsub"},
		{Result{Stderr: "lua5.2: x.lua:1: module 'coromega' not found:\n\tno field\n", Exit: 1}, "it has no module 'coromega'"},
		{Result{Stderr: "lua5.2: x.lua:1: module 'other' not found:\n\tno field\n", Exit: 1}, ""},
		{Result{Stderr: "lua5.2: x.lua:1: attempt to call global 'unpack' (a nil value)\n", Exit: 1}, "it has no function 'unpack'"},
		{Result{Stderr: "lua5.2: x.lua:1: attempt to call global 'f' (a nil value)\n", Exit: 1}, ""},
		{Result{Stderr: "x.lua:1: attempt to call global 'unpack' (a nil value)\n"}, ""},
		{Result{Stderr: "something else\n", Exit: LacksStatus}, ""},
	} {
		if got := Lacks(tt.r, modules); got != tt.want {
			t.Errorf("%+v lacks %q, want %q", tt.r, got, tt.want)
		}
	}
}

func TestReword(t *testing.T) {
	for _, tt := range [][2]string{
		{"x:1: attempt to index local 'a' (a nil value)\n", "x:1: attempt to index a nil value (local 'a')\n"},
		{"attempt to perform arithmetic on field 'f' (a string value)", "attempt to perform arithmetic on a string value (field 'f')"},
		{"attempt to call a nil value", "attempt to call a nil value"},
		{"attempt to index field 'it's' (a nil value), not 'x' (a nil value)", "attempt to index a nil value (field 'it's'), not 'x' (a nil value)"},
		{"attempt to index field 'a\\\nb' (a nil value)", "attempt to index a nil value (field 'a\\\nb')"},
		{"bad argument #1 to '_G.next' (table expected)", "bad argument #1 to 'next' (table expected)"},
		{"attempt to get length of upvalue 'u' (a boolean value)", "attempt to get length of a boolean value (upvalue 'u')"},
	} {
		if got := Reword(tt[0]); got != tt[1] {
			t.Errorf("%q became %q", tt[0], got)
		}
	}
}
