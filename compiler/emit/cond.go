package emit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/luago-lang/luago/compiler/syntax"
)

// cond evaluates x as a condition and returns a Go expression of type bool.
func (f *function) cond(x syntax.Expr) string {
	switch x := x.(type) {
	case *syntax.TrueExpr, *syntax.NumberExpr, *syntax.StringExpr:
		return "true"
	case *syntax.NilExpr, *syntax.FalseExpr:
		return "false"
	case *syntax.ParenExpr:
		return f.cond(x.X)
	case *syntax.UnaryExpr:
		if x.Op == syntax.OpNot {
			return negate(f.cond(x.X))
		}
	case *syntax.BinaryExpr:
		switch x.Op {
		case syntax.OpAnd, syntax.OpOr:
			return f.shortCircuit(x)
		case syntax.OpEqual, syntax.OpNotEqual, syntax.OpLess, syntax.OpLessEqual, syntax.OpGreater, syntax.OpGreaterEqual:
			return f.comparison(x)
		}
	}
	o := f.expr(x)
	switch o.rep {
	case repBool:
		return o.code
	case repValue:
		return o.code + ".Truthy()"
	}
	f.unused(o) // a number
	return "true"
}

// unused keeps Go from complaining that nothing reads a number which needs no
// look, because it counts as true.
func (f *function) unused(o operand) {
	if !o.literal {
		f.line("_ = " + o.code)
	}
}

// use mentions the variables of an expression that is not printed, for Go
// refuses variables that nothing uses.
func (f *function) use(x syntax.Expr) {
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.NameExpr:
			if g := f.m.vars[f.m.info.Uses[n]]; g != nil && !f.isField(g) {
				f.line("_ = " + g.code)
			}
		case *syntax.VarargExpr:
			if f.vararg != "" { // else it is that of a function inside
				f.line("_ = " + f.vararg)
			}
		}
		return true
	})
}

func negate(cond string) string {
	switch {
	case cond == "true":
		return "false"
	case cond == "false":
		return "true"
	case isIdentifier(cond) || strings.HasSuffix(cond, ".Truthy()") && !strings.ContainsAny(cond, " !&|"):
		return "!" + cond
	}
	return "!(" + cond + ")"
}

// shortCircuit prints "x and y" or "x or y" as a condition.
func (f *function) shortCircuit(x *syntax.BinaryExpr) string {
	left := f.cond(x.X)
	f.leftPoint(x)
	var right string
	prelude := f.capture(func() { right = f.cond(x.Y) })
	if prelude == "" && isBool(left) && isBool(right) {
		if x.Op == syntax.OpOr {
			return strconv.FormatBool(left == "true" || right == "true")
		}
		return strconv.FormatBool(left == "true" && right == "true")
	}
	if prelude == "" {
		op := " && "
		if x.Op == syntax.OpOr {
			op = " || "
		}
		return "(" + left + op + right + ")"
	}
	c := f.names.numbered("c")
	f.linef("%s := %s", c, left)
	test := c
	if x.Op == syntax.OpOr {
		test = "!" + c
	}
	f.linef("if %s {", test)
	f.out.WriteString(prelude)
	f.linef("%s = %s", c, right)
	f.line("}")
	return c
}

func isBool(cond string) bool { return cond == "true" || cond == "false" }

// comparison prints a relational operation and returns a Go bool expression.
// a > b is b < a (reference manual, section 3.4.3).
func (f *function) comparison(x *syntax.BinaryExpr) string {
	a := f.expr(x.X)
	if !syntax.IsSimple(x.Y) {
		a = f.settleUnlessLocal(a, x.X)
	}
	b := f.expr(x.Y)
	f.point(x.Y.End())
	switch x.Op {
	case syntax.OpEqual:
		return f.equality(x, a, b)
	case syntax.OpNotEqual:
		return negate(f.equality(x, a, b))
	}
	op, slow := "<", "Less"
	if x.Op == syntax.OpLessEqual || x.Op == syntax.OpGreaterEqual {
		op, slow = "<=", "LessEqual"
	}
	if x.Op == syntax.OpGreater || x.Op == syntax.OpGreaterEqual {
		a, b = b, a
	}
	if a.isNumber() && b.isNumber() {
		if a.rep == repInt && b.rep == repInt {
			if a.literal && b.literal {
				return fmt.Sprint(op == "<" && a.number < b.number || op == "<=" && a.number <= b.number)
			}
			return fmt.Sprintf("(%s %s %s)", a.code, op, b.code)
		}
		return fmt.Sprintf("(%s %s %s)", a.typedFloat(), op, b.typedFloat())
	}
	c := f.names.numbered("c")
	if !f.inline() {
		f.at(x.Y.End(), fmt.Sprintf("%s := rt.%s(th, %s, %s)", c, slow, a.value(), b.value()))
		return c
	}
	a, b = f.settleNumeric(a), f.settleNumeric(b)
	f.linef("var %s bool", c)
	f.linef("if %s {\n%s = %s %s %s\n} else {", bothNumbers(a, b), c, a.float(), op, b.float())
	f.at(x.Y.End(), fmt.Sprintf("%s = rt.%s(th, %s, %s)", c, slow, a.value(), b.value()))
	f.line("}")
	return c
}

// equality returns the Go expression of a == b.
func (f *function) equality(x *syntax.BinaryExpr, a, b operand) string {
	if isConstant(x.X) {
		a, b = b, a
		x = &syntax.BinaryExpr{X: x.Y, Y: x.X, Op: x.Op, OpPos: x.OpPos}
	}
	switch {
	case a.rep == repInt && b.rep == repInt:
		return fmt.Sprintf("(%s == %s)", a.code, b.code)
	case a.isNumber() && b.isNumber():
		return fmt.Sprintf("(%s == %s)", a.typedFloat(), b.typedFloat())
	case a.isNumber() || b.isNumber():
		if a.isNumber() {
			a, b = b, a
		}
		if a.rep == repBool || a.isString {
			return f.unequal(a, b)
		}
		a = f.settleLocalName(a)
		return fmt.Sprintf("(%s.IsNumber() && %s.F == %s)", a.code, a.code, b.float())
	}
	switch y := x.Y.(type) {
	case *syntax.NilExpr:
		if a.rep == repBool {
			return f.unequal(a, b)
		}
		return a.code + ".IsNil()"
	case *syntax.TrueExpr:
		return "(" + a.value() + " == rt.True())"
	case *syntax.FalseExpr:
		return "(" + a.value() + " == rt.False())"
	case *syntax.StringExpr:
		equal := "EqualString"
		if len(y.Value) < 2 {
			equal = "EqualShort"
		}
		return fmt.Sprintf("rt.%s(%s, %s)", equal, a.value(), strings.TrimSuffix(b.code, ".Value()"))
	}
	a, b = f.settleLocalName(a), f.settleLocalName(b)
	c := f.names.numbered("c")
	f.linef("%s := %s == %s", c, a.value(), b.value())
	f.linef("if !%s && !%s.IsNumber() {", c, a.value())
	f.at(x.Y.End(), fmt.Sprintf("%s = rt.Equal(th, %s, %s)", c, a.value(), b.value()))
	f.line("}")
	return c
}

// unequal is the comparison of two operands of different types.
func (f *function) unequal(a, b operand) string {
	f.linef("_, _ = %s, %s", a.code, b.code)
	return "false"
}

// isConstant reports whether x is a literal other than a table or function.
func isConstant(x syntax.Expr) bool {
	switch x.(type) {
	case *syntax.NilExpr, *syntax.TrueExpr, *syntax.FalseExpr, *syntax.NumberExpr, *syntax.StringExpr:
		return true
	}
	return false
}
