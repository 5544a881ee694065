package emit

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/syntax"
)

// A condition is a Go expression of type bool.
type condition struct {
	code     string
	kind     conditionKind
	opposite string // of a negated one: what is negated
	changing bool   // as in operand
}

// A conditionKind says what a condition is.
type conditionKind uint8

const (
	anyCondition conditionKind = iota
	primary                    // an expression that ! can stand before
	negated                    // ! and such an expression
	alwaysTrue                 // true
	alwaysFalse                // false
)

// constantCondition returns the condition true or false.
func constantCondition(truth bool) condition {
	if truth {
		return condition{code: "true", kind: alwaysTrue}
	}
	return condition{code: "false", kind: alwaysFalse}
}

// truthiness returns the condition that an operand counts as true.
func (o operand) truthiness() condition {
	switch {
	case o.mode == constBoolean:
		return constantCondition(o.truth)
	case o.mode == constNil:
		return constantCondition(false)
	case o.isConstant() || o.isNumber():
		return constantCondition(true)
	case o.rep == repBool:
		return condition{code: o.code, changing: o.changing}
	}
	return condition{code: o.code + ".Truthy()", kind: primary, changing: o.changing}
}

// isConstant reports whether c is true or false.
func (c condition) isConstant() bool { return c.kind == alwaysTrue || c.kind == alwaysFalse }

// operand returns the condition as a Lua value.
func (c condition) operand() operand {
	if c.isConstant() {
		return booleanOperand(c.kind == alwaysTrue)
	}
	return operand{rep: repBool, code: c.code, changing: c.changing}
}

// not returns the condition that c is false.
func (c condition) not() condition {
	switch c.kind {
	case alwaysTrue, alwaysFalse:
		return constantCondition(c.kind == alwaysFalse)
	case primary:
		return condition{code: "!" + c.code, kind: negated, opposite: c.code, changing: c.changing}
	case negated:
		return condition{code: c.opposite, kind: primary, changing: c.changing}
	}
	return condition{code: "!(" + c.code + ")", changing: c.changing}
}

// cond evaluates x as a condition.
func (f *function) cond(x syntax.Expr) condition {
	switch x := x.(type) {
	case *syntax.TrueExpr, *syntax.NumberExpr, *syntax.StringExpr:
		return constantCondition(true)
	case *syntax.NilExpr, *syntax.FalseExpr:
		return constantCondition(false)
	case *syntax.ParenExpr:
		return f.cond(x.X)
	case *syntax.UnaryExpr:
		if x.Op == syntax.OpNot {
			return f.cond(x.X).not()
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
	if o.isNumber() {
		f.unused(o)
	}
	return o.truthiness()
}

// unused keeps Go from complaining that nothing reads a number which needs no
// look, because it counts as true.
func (f *function) unused(o operand) {
	if !o.isConstant() {
		f.line("_ = " + o.code)
	}
}

// use mentions the variables of an expression that is not printed, for Go
// refuses variables that nothing uses.
func (f *function) use(x syntax.Expr) {
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.NameExpr:
			if g := f.m.vars[f.m.info.Uses[n]]; g != nil && !g.field {
				f.line("_ = " + g.name)
			}
		case *syntax.VarargExpr:
			if f.vararg != "" { // else it is that of a function inside
				f.line("_ = " + f.vararg)
			}
		}
		return true
	})
}

// shortCircuit prints "x and y" or "x or y" as a condition.
func (f *function) shortCircuit(x *syntax.BinaryExpr) condition {
	if links := chain(x); len(links) >= longChain {
		return f.longCondition(links)
	}
	left := f.cond(x.X)
	f.leftPoint(x)
	var right condition
	prelude := f.capture(func() { right = f.cond(x.Y) })
	if prelude.isEmpty() && left.isConstant() && right.isConstant() {
		if x.Op == syntax.OpOr {
			return constantCondition(left.kind == alwaysTrue || right.kind == alwaysTrue)
		}
		return constantCondition(left.kind == alwaysTrue && right.kind == alwaysTrue)
	}
	if prelude.isEmpty() {
		op := " && "
		if x.Op == syntax.OpOr {
			op = " || "
		}
		return condition{code: "(" + left.code + op + right.code + ")", kind: primary, changing: left.changing || right.changing}
	}
	c := condition{code: f.names.numbered("c"), kind: primary}
	f.linef("%s := %s", c.code, left.code)
	test := c
	if x.Op == syntax.OpOr {
		test = c.not()
	}
	f.linef("if %s {", test.code)
	f.out.append(prelude)
	f.linef("%s = %s", c.code, right.code)
	f.line("}")
	return c
}

// comparison prints a relational operation. a > b is b < a (reference manual,
// section 3.4.3).
func (f *function) comparison(x *syntax.BinaryExpr) condition {
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
		return f.equality(x, a, b).not()
	}
	op, slow := "<", "Less"
	if x.Op == syntax.OpLessEqual || x.Op == syntax.OpGreaterEqual {
		op, slow = "<=", "LessEqual"
	}
	if x.Op == syntax.OpGreater || x.Op == syntax.OpGreaterEqual {
		a, b = b, a
	}
	if a.isNumber() && b.isNumber() {
		if a.literal && b.literal && a.rep == repInt && b.rep == repInt {
			return constantCondition(op == "<" && a.number < b.number || op == "<=" && a.number <= b.number)
		}
		return relation(a, op, b)
	}
	c := condition{code: f.names.numbered("c"), kind: primary}
	if !f.inline() {
		f.at(x.Y.End(), fmt.Sprintf("%s := rt.%s(th, %s, %s)", c.code, slow, a.value(), b.value()))
		return c
	}
	a, b = f.settleNumeric(a), f.settleNumeric(b)
	f.linef("var %s bool", c.code)
	f.linef("if %s {\n%s = %s %s %s\n} else {", bothNumbers(a, b), c.code, a.float(), op, b.float())
	f.at(x.Y.End(), fmt.Sprintf("%s = rt.%s(th, %s, %s)", c.code, slow, a.value(), b.value()))
	f.line("}")
	return c
}

// relation returns the comparison of two numbers.
func relation(a operand, op string, b operand) condition {
	x, y := a.typedFloat(), b.typedFloat()
	if a.rep == repInt && b.rep == repInt {
		x, y = a.code, b.code
	}
	return condition{code: "(" + x + " " + op + " " + y + ")", kind: primary, changing: a.changing || b.changing}
}

// equality returns the condition a == b.
func (f *function) equality(x *syntax.BinaryExpr, a, b operand) condition {
	if a.isConstant() && !b.isConstant() {
		a, b = b, a
	}
	changing := a.changing || b.changing
	equal := func(format string, args ...any) condition {
		return condition{code: fmt.Sprintf(format, args...), kind: primary, changing: changing}
	}
	switch {
	case a.isNumber() && b.isNumber():
		return relation(a, "==", b)
	case a.isNumber() || b.isNumber():
		if a.isNumber() {
			a, b = b, a
		}
		if a.rep == repBool || a.isConstant() {
			return f.unequal(a, b)
		}
		a = f.settleLocalName(a)
		return equal("(%s.IsNumber() && %s.F == %s)", a.code, a.code, b.float())
	}
	switch b.mode {
	case constNil:
		if a.rep == repBool {
			return f.unequal(a, b)
		}
		return equal("%s.IsNil()", a.code)
	case constBoolean:
		return equal("(%s == %s)", a.value(), b.value())
	case constString:
		name := "EqualString"
		if len(b.text) < 2 {
			name = "EqualShort"
		}
		return equal("rt.%s(%s, %s)", name, a.value(), b.object)
	}
	a, b = f.settleLocalName(a), f.settleLocalName(b)
	c := condition{code: f.names.numbered("c"), kind: primary}
	f.linef("%s := %s == %s", c.code, a.value(), b.value())
	f.linef("if !%s && !%s.IsNumber() {", c.code, a.value())
	f.at(x.Y.End(), fmt.Sprintf("%s = rt.Equal(th, %s, %s)", c.code, a.value(), b.value()))
	f.line("}")
	return c
}

// unequal is the comparison of two operands of different types.
func (f *function) unequal(a, b operand) condition {
	f.linef("_, _ = %s, %s", a.code, b.code)
	return constantCondition(false)
}
