package syntax

import (
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		expr          string
		multi, simple bool
	}{
		{"nil", false, true}, {"1", false, true}, {"'s'", false, true}, {"x", false, true},
		{"function() f() end", false, true}, {"(x)", false, true},
		{"...", true, true}, {"(...)", false, true},
		{"f()", true, false}, {"o:m()", true, false}, {"(f())", false, false},
		{"x.y", false, false}, {"x + 1", false, false}, {"{}", false, false}, {"-x", false, false},
	} {
		var files diag.Files
		var sink diag.Sink
		chunk := Parse(files.Add("x.lua", "return "+c.expr), &sink)
		if sink.HasErrors() {
			t.Fatalf("%s does not parse", c.expr)
		}
		x := chunk.Body.Stmts[0].(*ReturnStmt).Values[0]
		if got := IsMulti(x); got != c.multi {
			t.Errorf("IsMulti(%s) is %t", c.expr, got)
		}
		if got := IsSimple(x); got != c.simple {
			t.Errorf("IsSimple(%s) is %t", c.expr, got)
		}
	}
}

func TestSelected(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{"a", "a"}, {"((a))", "a"}, {"1 and a", "a"}, {"('s' and (true and a.b))", "a.b"}, {"nil or a", "a"}, {"not nil and a", "a"},
		{"-1 and a", "a"}, {"1 or a", "1 or a"}, {"nil and a", "nil and a"}, {"b and a", "b and a"}, {"{} and a", "{} and a"}, {"-x and a", "-x and a"},
	} {
		var files diag.Files
		var sink diag.Sink
		chunk := Parse(files.Add("x.lua", "return "+c.expr), &sink)
		if got := PrintExpr(Selected(chunk.Body.Stmts[0].(*ReturnStmt).Values[0])); got != c.want {
			t.Errorf("Selected(%s) is %s, want %s", c.expr, got, c.want)
		}
	}
}

func TestConcatChain(t *testing.T) {
	for _, c := range []struct {
		expr           string
		operands, line int
	}{
		{"a ..\nb ..\nc", 3, 2},
		{"a ..\nb ..\n((c\n.. d))", 4, 4},
		{"a ..\n(b .. c)\n.. (d)", 3, 3},
	} {
		var files diag.Files
		var sink diag.Sink
		chunk := Parse(files.Add("x.lua", "return "+c.expr), &sink)
		operands, pos := ConcatChain(chunk.Body.Stmts[0].(*ReturnStmt).Values[0].(*BinaryExpr))
		if len(operands) != c.operands || int(pos.Line) != c.line {
			t.Errorf("%s: %d operands, last operator on line %d; want %d and %d", c.expr, len(operands), pos.Line, c.operands, c.line)
		}
	}
}
