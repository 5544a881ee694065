package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

// parse reads src and returns its tree and the messages.
func parse(src string) (*Chunk, *diag.Sink, *diag.Files) {
	var files diag.Files
	var sink diag.Sink
	return Parse(files.Add("t.lua", src), &sink), &sink, &files
}

func mustParse(t *testing.T, src string) *Chunk {
	t.Helper()
	c, sink, files := parse(src)
	if sink.HasErrors() {
		var b strings.Builder
		if err := sink.Render(&b, files); err != nil {
			t.Fatal(err)
		}
		t.Fatalf("%q:\n%s", src, b.String())
	}
	return c
}

// shape returns a tree in brackets: (op operands...).
func shape(n any) string {
	list := func(head string, parts ...any) string {
		s := "(" + head
		for _, p := range parts {
			if text := shape(p); text != "" {
				s += " " + text
			}
		}
		return s + ")"
	}
	switch n := n.(type) {
	case nil:
		return ""
	case string:
		return n
	case *Name:
		return n.Text
	case []*Name:
		return each(n)
	case []Expr:
		return each(n)
	case *Block:
		if n == nil {
			return ""
		}
		return "{" + each(n.Stmts) + "}"
	case *NilExpr, *TrueExpr, *FalseExpr, *VarargExpr, *NumberExpr, *StringExpr, *NameExpr:
		return PrintExpr(n.(Expr))
	case *IndexExpr:
		if n.Dot {
			return list(".", n.X, n.Key.(*StringExpr).Value)
		}
		return list("[]", n.X, n.Key)
	case *CallExpr:
		return list("call", n.Fn, n.Args)
	case *MethodCallExpr:
		return list("call:", n.Recv, n.Method, n.Args)
	case *FunctionExpr:
		head := "function"
		if n.Name != "" {
			head += " <" + n.Name + ">"
		}
		dots := ""
		if n.IsVararg {
			dots = "..."
		}
		return list(head, n.Params, dots, n.Body)
	case *TableExpr:
		return "(table" + strings.TrimRight(" "+each(n.Fields), " ") + ")"
	case *Field:
		if n.Key == nil {
			return shape(n.Value)
		}
		return shape(n.Key) + "=" + shape(n.Value)
	case *BinaryExpr:
		return list(n.Op.String(), n.X, n.Y)
	case *UnaryExpr:
		return list(n.Op.String(), n.X)
	case *ParenExpr:
		return list("paren", n.X)
	case *LocalStmt:
		return list("local", n.Names, "=", n.Values)
	case *AssignStmt:
		return list("set", n.Targets, "=", n.Values)
	case *CallStmt:
		return shape(n.Call)
	case *DoStmt:
		return list("do", n.Body)
	case *WhileStmt:
		return list("while", n.Cond, n.Body)
	case *RepeatStmt:
		return list("repeat", n.Body, n.Cond)
	case *IfStmt:
		s := "(if"
		for _, c := range n.Clauses {
			s += " " + shape(c.Cond) + " " + shape(c.Body)
		}
		if n.Else != nil {
			s += " else " + shape(n.Else)
		}
		return s + ")"
	case *NumericForStmt:
		return list("for", n.Var, "=", n.Start, n.Limit, n.Step, n.Body)
	case *GenericForStmt:
		return list("for", n.Vars, "in", n.Values, n.Body)
	case *FunctionStmt:
		return list("set", n.Target, "=", n.Fn)
	case *LocalFunctionStmt:
		return list("local function", n.Name, n.Fn)
	case *ReturnStmt:
		return list("return", n.Values)
	case *BreakStmt:
		return "(break)"
	case *GotoStmt:
		return list("goto", n.Label)
	case *LabelStmt:
		return list("label", n.Label)
	}
	return fmt.Sprintf("?%T", n)
}

func each[T any](list []T) string {
	var parts []string
	for _, n := range list {
		parts = append(parts, shape(n))
	}
	return strings.Join(parts, " ")
}

// expectParse checks the shape of the statements of src.
func expectParse(t *testing.T, src, want string) {
	t.Helper()
	if got := each(mustParse(t, src).Body.Stmts); got != want {
		t.Errorf("%s\n got %s\nwant %s", src, got, want)
	}
}

// expectExpr checks the shape of an expression.
func expectExpr(t *testing.T, src, want string) {
	t.Helper()
	expectParse(t, "return "+src, "(return "+want+")")
}

func TestExpressions(t *testing.T) {
	expectExpr(t, `nil, true, false, ..., 1, "s", x`, `nil true false ... 1 "s" x`)
	expectExpr(t, "a.b.c", "(. (. a b) c)")
	expectExpr(t, "a[b][1]", "([] ([] a b) 1)")
	expectExpr(t, "a.b[c].d", "(. ([] (. a b) c) d)")
	expectExpr(t, "f(), f(a), f(a, b)", "(call f) (call f a) (call f a b)")
	expectExpr(t, "f(f())(x)", "(call (call f (call f)) x)")
	expectExpr(t, `f"a", f[[b]], f{}`, `(call f "a") (call f "b") (call f (table))`)
	expectExpr(t, `a:b(), a:b"c", a:b{}, a:b():c(d)`,
		`(call: a b) (call: a b "c") (call: a b (table)) (call: (call: a b) c d)`)
	expectExpr(t, "(f())", "(paren (call f))")
	expectExpr(t, "(a).b, (a):b(), (a)(b), ('x'):rep(2)",
		`(. (paren a) b) (call: (paren a) b) (call (paren a) b) (call: (paren "x") rep 2)`)
	expectExpr(t, "f\n(a)\n.b", "(. (call f a) b)")
	expectExpr(t, "function() end", "(function {})")
	expectExpr(t, "function(a, b, ...) return a end", "(function a b ... {(return a)})")
	expectExpr(t, "function(...) end", "(function ... {})")
}

func TestTables(t *testing.T) {
	expectExpr(t, "{}", "(table)")
	expectExpr(t, "{1, 2; 3,}", "(table 1 2 3)")
	expectExpr(t, "{a = 1, [b] = 2, c, [1] = 3; f()}", `(table "a"=1 b=2 c 1=3 (call f))`)
	expectExpr(t, "{a == b, a, (a), a.b}", "(table (== a b) a (paren a) (. a b))")
	expectExpr(t, "{{}, {{}}}", "(table (table) (table (table)))")
	expectExpr(t, "{...}", "(table ...)")
	expectExpr(t, "{[ [[x]] ] = 1}", `(table "x"=1)`)
}

func TestPrecedence(t *testing.T) {
	levels := [][]string{{"or"}, {"and"}, {"<", ">", "<=", ">=", "~=", "=="}, {".."}, {"+", "-"}, {"*", "/", "%"}, {"^"}}
	for i, low := range levels {
		for _, op := range low {
			for _, other := range low {
				src := fmt.Sprintf("a %s b %s c", op, other)
				if op == ".." || op == "^" {
					expectExpr(t, src, fmt.Sprintf("(%s a (%s b c))", op, other))
				} else {
					expectExpr(t, src, fmt.Sprintf("(%s (%s a b) c)", other, op))
				}
			}
			for _, high := range levels[i+1:] {
				for _, tight := range high {
					expectExpr(t, fmt.Sprintf("a %s b %s c", op, tight), fmt.Sprintf("(%s a (%s b c))", op, tight))
					expectExpr(t, fmt.Sprintf("a %s b %s c", tight, op), fmt.Sprintf("(%s (%s a b) c)", op, tight))
				}
			}
		}
	}
	expectExpr(t, "-a ^ b", "(- (^ a b))")
	expectExpr(t, "a ^ -b ^ c", "(^ a (- (^ b c)))")
	expectExpr(t, "-a * b", "(* (- a) b)")
	expectExpr(t, "not a == b", "(== (not a) b)")
	expectExpr(t, "#a .. -b", "(.. (# a) (- b))")
	expectExpr(t, "- - not # a", "(- (- (not (# a))))")
	expectExpr(t, "-a.b, #f(x), not a:b()", "(- (. a b)) (# (call f x)) (not (call: a b))")
	expectExpr(t, "a .. b + c .. d ^ e .. f", "(.. a (.. (+ b c) (.. (^ d e) f)))")
	expectExpr(t, "a .. b == c .. d", "(== (.. a b) (.. c d))")
	expectExpr(t, "(a .. b) .. c", "(.. (paren (.. a b)) c)")
	expectExpr(t, "a or b and c or d", "(or (or a (and b c)) d)")
}

func TestStatements(t *testing.T) {
	expectParse(t, "", "")
	expectParse(t, ";;;", "")
	expectParse(t, "local a", "(local a =)")
	expectParse(t, "local a, b = 1, f()", "(local a b = 1 (call f))")
	expectParse(t, "a = 1", "(set a = 1)")
	expectParse(t, "a, b.c, d[1], f().x = 1, 2", "(set a (. b c) ([] d 1) (. (call f) x) = 1 2)")
	expectParse(t, "f() a:b() (f)()", "(call f) (call (call (call: a b) f))")
	expectParse(t, "f();(g)()", "(call f) (call (paren g))")
	expectParse(t, "do end do local x end", "(do {}) (do {(local x =)})")
	expectParse(t, "while a do b() end", "(while a {(call b)})")
	expectParse(t, "repeat a() until b", "(repeat {(call a)} b)")
	expectParse(t, "if a then end", "(if a {})")
	expectParse(t, "if a then b() elseif c then d() elseif e then else f() end", "(if a {(call b)} c {(call d)} e {} else {(call f)})")
	expectParse(t, "if a then else end", "(if a {} else {})")
	expectParse(t, "for i = 1, 2 do end", "(for i = 1 2 {})")
	expectParse(t, "for i = 1, 2, 3 do end", "(for i = 1 2 3 {})")
	expectParse(t, "for k in f do end", "(for k in f {})")
	expectParse(t, "for k, v, w in f, s, 1 do end", "(for k v w in f s 1 {})")
	expectParse(t, "return", "(return)")
	expectParse(t, "return;", "(return)")
	expectParse(t, "do return 1, 2; end f()", "(do {(return 1 2)}) (call f)")
	expectParse(t, "while 1 do break f() end", "(while 1 {(break) (call f)})")
	expectParse(t, "::a:: goto a ::b::::c::", "(label a) (goto a) (label b) (label c)")
	expectParse(t, "a = 1 b = 2;c = 3", "(set a = 1) (set b = 2) (set c = 3)")
}

func TestFunctionNames(t *testing.T) {
	expectParse(t, "function f() end", "(set f = (function <f> {}))")
	expectParse(t, "function a.b.c(x) end", "(set (. (. a b) c) = (function <a.b.c> x {}))")
	expectParse(t, "function a:m(x, ...) end", "(set (. a m) = (function <a:m> self x ... {}))")
	expectParse(t, "function a.b:m() end", "(set (. (. a b) m) = (function <a.b:m> self {}))")
	expectParse(t, "local function f() end", "(local function f (function <f> {}))")
	expectParse(t, "local f, g = function() end, function() end", "(local f g = (function <f> {}) (function <g> {}))")
	expectParse(t, "local f = f, function() end", "(local f = f (function {}))")
	expectParse(t, "f = function() end", "(set f = (function <f> {}))")
	expectParse(t, "a.b, c[1] = function() end, function() end", "(set (. a b) ([] c 1) = (function <a.b> {}) (function {}))")
	expectParse(t, "f().x = function() end", "(set (. (call f) x) = (function {}))")
	expectParse(t, "x = {f = function() end, function() end, ['g'] = function() end, [h] = function() end}",
		`(set x = (table "f"=(function <f> {}) (function {}) "g"=(function <g> {}) h=(function {})))`)
	expectParse(t, "f(function() end)", "(call f (function {}))")
	expectParse(t, "local f = (function() end)", "(local f = (paren (function {})))")
}

// TestRanges checks that the range of each node covers exactly its text.
func TestRanges(t *testing.T) {
	const src = `local a, b = -x ^ 2, {1; k = v, [ i ] = "s"} -- c
function t.u:m(p, ...) return p.q[1]:r "s" (2) .. 'x' .. ... ; end
for i = 1, 2 do goto l ::l:: end  for k, v in f() do break end
if a then b() elseif c then d() else e() end
while not x do end repeat local y until (y)
do x, y.z = nil, true end local function g() return end
`
	want := []string{
		`local a, b = -x ^ 2, {1; k = v, [ i ] = "s"}`, "a", "b", "-x ^ 2", "x ^ 2", "x", "2",
		`{1; k = v, [ i ] = "s"}`, "1", "1", "k = v", "k", "v", `[ i ] = "s"`, "i", `"s"`,
		`function t.u:m(p, ...) return p.q[1]:r "s" (2) .. 'x' .. ... ; end`, "t.u:m", "t.u", "t", "u", "m",
		`function t.u:m(p, ...) return p.q[1]:r "s" (2) .. 'x' .. ... ; end`, "", "p",
		`return p.q[1]:r "s" (2) .. 'x' .. ... ;`, `return p.q[1]:r "s" (2) .. 'x' .. ... ;`,
		`p.q[1]:r "s" (2) .. 'x' .. ...`, `p.q[1]:r "s" (2)`, `p.q[1]:r "s"`, "p.q[1]", "p.q", "p", "q", "1", "r", `"s"`, "2",
		"'x' .. ...", "'x'", "...",
		"for i = 1, 2 do goto l ::l:: end", "i", "1", "2", "goto l ::l::", "goto l", "l", "::l::", "l",
		"for k, v in f() do break end", "k", "v", "f()", "f", "break", "break",
		"if a then b() elseif c then d() else e() end", "if a then b()", "a", "b()", "b()", "b()", "b",
		"elseif c then d()", "c", "d()", "d()", "d()", "d", "e()", "e()", "e()", "e",
		"while not x do end", "not x", "x", "",
		"repeat local y until (y)", "local y", "local y", "y", "(y)", "y",
		"do x, y.z = nil, true end", "x, y.z = nil, true", "x, y.z = nil, true", "x", "y.z", "y", "z", "nil", "true",
		"local function g() return end", "g", "function g() return end", "return", "return",
	}
	lines := strings.SplitAfter(src, "\n")
	c := mustParse(t, src)
	var got []string
	Walk(c.Body, func(n Node) bool {
		if n == Node(c.Body) {
			return true
		}
		start, end := n.Pos(), n.End()
		if start.Line != end.Line || end.Before(start) {
			t.Fatalf("%T from %v to %v", n, start, end)
		}
		got = append(got, lines[start.Line-1][start.Col-1:end.Col-1])
		return true
	})
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("node %d of %d, want %d\n got %q\nwant %q", i, len(got), len(want), got[min(i, len(got)):min(i+3, len(got))], want[min(i, len(want)):min(i+3, len(want))])
		}
	}
	if c.Body.Pos().Line != 1 || c.Body.End().Line != 6 || c.Name != "t.lua" {
		t.Errorf("body from %v to %v", c.Body.Pos(), c.Body.End())
	}
}

// TestOpen checks the positions that run-time errors of calls and operators
// are reported at.
func TestOpen(t *testing.T) {
	c := mustParse(t, "f\n(a\n+\nb)\no:\nm\n'x'")
	call := c.Body.Stmts[0].(*CallStmt).Call.(*CallExpr)
	add := call.Args[0].(*BinaryExpr)
	method := c.Body.Stmts[1].(*CallStmt).Call.(*MethodCallExpr)
	if call.Open.Line != 2 || add.OpPos.Line != 3 || method.Open.Line != 7 || method.Method.Pos().Line != 6 {
		t.Errorf("call %v, operator %v, method call %v", call.Open, add.OpPos, method.Open)
	}
}

func TestBlockEnd(t *testing.T) {
	c := mustParse(t, "\nfunction f()\n\n  x()\n\nend\n")
	fn := c.Body.Stmts[0].(*FunctionStmt).Fn
	if fn.Pos().Line != 2 || fn.End().Line != 6 || fn.End().Col != 4 {
		t.Errorf("function from %v to %v", fn.Pos(), fn.End())
	}
	if c.End().Line != 7 || c.End().Col != 1 {
		t.Errorf("chunk ends at %v", c.End())
	}
}
