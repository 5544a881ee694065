package emit

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/syntax"
)

// arithmeticNames are the runtime's functions for the slow paths.
var arithmeticNames = map[syntax.Op]string{
	syntax.OpAdd: "Add", syntax.OpSub: "Sub", syntax.OpMul: "Mul",
	syntax.OpDiv: "Div", syntax.OpMod: "Mod", syntax.OpPow: "Pow",
}

// arithmetic prints an arithmetic operation.
//
//	a + b       var t1 rt.Value
//	            if a.IsNumber() && b.IsNumber() {
//	                t1 = rt.Number(a.F + b.F)
//	            } else {
//	                t1 = rt.Add(th, a, b, "local 'a'|local 'b'")
//	            }
func (f *function) arithmetic(x *syntax.BinaryExpr) operand {
	a := f.expr(x.X)
	if !syntax.IsSimple(x.Y) {
		a = f.settleUnlessLocal(a, x.X)
	}
	b := f.rightOperand(&a, x)
	if a.literal && b.literal {
		if r, ok := fold(x.Op, a.number, b.number); ok {
			return numberOperand(r)
		}
	}
	if a.isNumber() && b.isNumber() {
		return f.numberArithmetic(x.Op, a, b)
	}
	if !f.inline() {
		t := f.names.numbered("t")
		f.at(x.OpPos, fmt.Sprintf("%s := %s", t, f.slowArithmetic(x, a, b)))
		return temp(t)
	}
	a, b = f.settleNumeric(a), f.settleNumeric(b)
	t := f.temp()
	f.linef("if %s {", bothNumbers(a, b))
	f.linef("%s = rt.Number(%s)", t.code, floatArithmetic(x.Op, a, b))
	f.line("} else {")
	f.at(x.OpPos, fmt.Sprintf("%s = %s", t.code, f.slowArithmetic(x, a, b)))
	f.line("}")
	return t
}

func (f *function) slowArithmetic(x *syntax.BinaryExpr, a, b operand) string {
	return fmt.Sprintf("rt.%s(th, %s, %s, %s)", arithmeticNames[x.Op], a.value(), b.value(), f.namesOf(x.X, x.Y))
}

// settleNumeric readies an operand for being read several times.
func (f *function) settleNumeric(o operand) operand {
	if o.isNumber() {
		return o
	}
	return f.settleLocalName(o)
}

// bothNumbers returns the test that two operands, not both known to be
// numbers, are numbers.
func bothNumbers(a, b operand) string {
	switch {
	case a.isNumber():
		return b.code + ".IsNumber()"
	case b.isNumber():
		return a.code + ".IsNumber()"
	case a.v != nil && a.v == b.v:
		return a.code + ".IsNumber()"
	}
	return a.code + ".IsNumber() && " + b.code + ".IsNumber()"
}

// maxSize is the number of operations up to which arithmetic on numbers is one Go
// expression.
const maxSize = 4

// numberArithmetic returns the operation on operands that are both numbers.
func (f *function) numberArithmetic(op syntax.Op, a, b operand) operand {
	changing, size := a.changing || b.changing, 1+a.size+b.size
	if a.rep == repInt && b.rep == repInt && !a.derived && !b.derived && (op == syntax.OpAdd || op == syntax.OpSub) {
		return operand{code: "(" + a.code + " " + op.String() + " " + b.code + ")", rep: repInt, derived: true, changing: changing, size: size}
	}
	o := operand{code: "(" + floatArithmetic(op, a, b) + ")", rep: repFloat, changing: changing, size: size}
	if size > maxSize {
		t := f.names.numbered("n")
		f.line(t + " := " + o.code)
		return operand{mode: temporary, rep: repFloat, code: t}
	}
	return o
}

// floatArithmetic returns the Go expression of an operation on numbers. A
// product is converted explicitly, so that no processor fuses it with a sum.
func floatArithmetic(op syntax.Op, a, b operand) string {
	x, y := a.float(), b.float()
	switch op {
	case syntax.OpMul:
		return "float64(" + x + " * " + y + ")"
	case syntax.OpDiv:
		if b.literal && b.number == 0 || a.literal && b.literal {
			return "rt.DivNumbers(" + x + ", " + y + ")"
		}
		return x + " / " + y
	case syntax.OpMod:
		return "rt.ModNumbers(" + x + ", " + y + ")"
	case syntax.OpPow:
		if b.literal && b.number == 2 && !a.literal && a.rep != repInt { // Go refuses constants that overflow
			return "float64(" + x + " * " + x + ")"
		}
		return "rt.PowNumbers(" + x + ", " + y + ")"
	}
	return x + " " + op.String() + " " + y
}
