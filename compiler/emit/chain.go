package emit

import (
	"slices"
	"strings"

	"github.com/luago-lang/luago/compiler/syntax"
)

// Long chains of "and" or of "or" are one block of Go that is left as soon as the
// result is known:
//
//	a or b or f() ...    switch {
//	                     default:
//	                         t1 = a
//	                         if t1.Truthy() {
//	                             break
//	                         }
//
// A test of the result so far before each operand, as short chains have it, takes
// Go's compiler time in the square of their number.

// longChain is the number of operators from which on a chain is long.
const longChain = 8

// chain returns the operators of the chain that ends with x, the first one first.
func chain(x *syntax.BinaryExpr) []*syntax.BinaryExpr {
	links := []*syntax.BinaryExpr{x}
	for {
		left, ok := x.X.(*syntax.BinaryExpr)
		if !ok || left.Op != x.Op {
			slices.Reverse(links)
			return links
		}
		x = left
		links = append(links, x)
	}
}

// longLogical prints a long chain as a value.
func (f *function) longLogical(links []*syntax.BinaryExpr) operand {
	if isBoolean(links[len(links)-1]) {
		return f.longCondition(links).operand()
	}
	t := f.temp()
	f.line("switch {\ndefault:")
	f.linef("%s = %s", t.code, f.expr(links[0].X).value())
	test := t.truthiness()
	if links[0].Op == syntax.OpAnd {
		test = test.not()
	}
	for _, link := range links {
		f.leftPoint(link)
		f.linef("if %s {\nbreak\n}", test.code)
		f.linef("%s = %s", t.code, f.expr(link.Y).value())
	}
	f.line("}")
	return t
}

// longCondition prints a long chain as a condition.
func (f *function) longCondition(links []*syntax.BinaryExpr) condition {
	type part struct {
		prelude *writer
		condition
	}
	var parts []part
	var codes []string
	plain, changing := true, false
	add := func(x syntax.Expr, next *syntax.BinaryExpr) {
		var p part
		p.prelude = f.capture(func() {
			p.condition = f.cond(x)
			if next != nil {
				f.leftPoint(next)
			}
		})
		plain, changing = plain && p.prelude.isEmpty(), changing || p.changing
		parts, codes = append(parts, p), append(codes, p.code)
	}
	add(links[0].X, links[0])
	for i, link := range links {
		if i+1 < len(links) {
			add(link.Y, links[i+1])
		} else {
			add(link.Y, nil)
		}
	}
	or, op := links[0].Op == syntax.OpOr, " && "
	if or {
		op = " || "
	}
	if plain {
		return condition{code: "(" + strings.Join(codes, op) + ")", kind: primary, changing: changing}
	}
	c := condition{code: f.names.numbered("c"), kind: primary}
	f.linef("%s := %t\nswitch {\ndefault:", c.code, or)
	for _, p := range parts {
		f.out.append(p.prelude)
		test := p.condition
		if !or {
			test = test.not()
		}
		f.linef("if %s {\nbreak\n}", test.code)
	}
	f.linef("%s = %t\n}", c.code, !or)
	return c
}

// isBoolean reports whether x certainly is true or false.
func isBoolean(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.TrueExpr, *syntax.FalseExpr:
		return true
	case *syntax.ParenExpr:
		return isBoolean(x.X)
	case *syntax.UnaryExpr:
		return x.Op == syntax.OpNot
	case *syntax.BinaryExpr:
		switch x.Op {
		case syntax.OpEqual, syntax.OpNotEqual, syntax.OpLess, syntax.OpLessEqual, syntax.OpGreater, syntax.OpGreaterEqual:
			return true
		case syntax.OpAnd, syntax.OpOr:
			return isBoolean(x.X) && isBoolean(x.Y)
		}
	}
	return false
}
