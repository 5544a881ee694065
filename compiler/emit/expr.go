package emit

import (
	"fmt"
	"math"
	"strconv"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// allSimple reports whether the evaluation of the whole list calls nothing.
func allSimple(list []syntax.Expr) bool {
	for _, x := range list {
		if !syntax.IsSimple(x) {
			return false
		}
	}
	return true
}

// expr evaluates x to one value.
func (f *function) expr(x syntax.Expr) operand {
	switch x := x.(type) {
	case *syntax.NilExpr:
		return nilOperand
	case *syntax.TrueExpr:
		return booleanOperand(true)
	case *syntax.FalseExpr:
		return booleanOperand(false)
	case *syntax.NumberExpr:
		return numberOperand(x.Value)
	case *syntax.StringExpr:
		return f.m.stringOperand(x.Value)
	case *syntax.VarargExpr:
		return operand{code: fmt.Sprintf("rt.Nth(%s, 0)", f.vararg)}
	case *syntax.NameExpr:
		return f.nameExpr(x)
	case *syntax.ParenExpr:
		return f.expr(x.X)
	case *syntax.FunctionExpr:
		return f.closure(x)
	case *syntax.IndexExpr:
		return f.indexExpr(x)
	case *syntax.CallExpr, *syntax.MethodCallExpr:
		return f.callExpr(x)
	case *syntax.TableExpr:
		return f.tableExpr(x)
	case *syntax.UnaryExpr:
		return f.unaryExpr(x)
	case *syntax.BinaryExpr:
		return f.binaryExpr(x)
	}
	panic(fmt.Sprintf("emit: unknown expression %T", x))
}

// discard evaluates x for its effects.
func (f *function) discard(x syntax.Expr) {
	switch x := x.(type) {
	case *syntax.CallExpr, *syntax.MethodCallExpr:
		f.call(x, discardResults)
	default:
		if !syntax.IsSimple(x) {
			o := f.expr(x)
			f.line("_ = " + o.code)
		}
	}
}

func (f *function) nameExpr(x *syntax.NameExpr) operand {
	if v := f.m.info.Uses[x]; v != nil {
		g := f.m.variableOf(v)
		if v.Func != f.fn {
			f.point(x.End())
		}
		return g.operand(v.Assigned > 0)
	}
	if env := f.m.info.EnvOf[x]; env != nil {
		return f.field(f.m.variableOf(env).operand(true), x.Name, x.End(), f.envName(env))
	}
	if x.Name == "_ENV" {
		return operand{code: "th.State.Globals.Value()"}
	}
	slot := f.m.global(x.Name)
	f.point(x.Pos())
	if f.m.facts != nil && f.m.facts.PlainGlobals {
		return operand{code: slot, changing: true}
	}
	t := f.names.numbered("t")
	f.linef("%s := %s", t, slot)
	f.linef("if %s.IsNil() {", t)
	f.at(x.Pos(), fmt.Sprintf("%s = rt.GlobalMissing(th, %s)", t, f.m.constant(x.Name)))
	f.line("}")
	return temp(t)
}

// envName describes an _ENV variable for error messages.
func (f *function) envName(v *resolve.Var) string {
	if v.Func != f.fn {
		return strconv.Quote("upvalue '_ENV'")
	}
	return strconv.Quote("local '_ENV'")
}

func (f *function) indexExpr(x *syntax.IndexExpr) operand {
	obj := f.expr(x.X)
	if key, ok := x.Key.(*syntax.StringExpr); ok {
		return f.field(obj, key.Value, x.End(), f.name1(x.X))
	}
	if !syntax.IsSimple(x.Key) {
		obj = f.settleUnlessLocal(obj, x.X)
	}
	key := f.expr(x.Key)
	f.point(x.End())
	obj = f.settleValue(obj)
	t := f.names.numbered("t")
	slow := fmt.Sprintf("%s = rt.Index(th, %s, %s, %s)", t, obj.code, key.value(), f.name1(x.X))
	switch {
	case key.rep == repInt:
		if key.isZero() {
			f.linef("%s := %s.AtZero()", t, obj.code)
		} else {
			f.linef("%s := %s.At(%s)", t, obj.code, key.code)
		}
		slow = fmt.Sprintf("%s = rt.IndexInt(th, %s, %s, %s)", t, obj.code, key.code, f.name1(x.X))
	case !f.inline() || key.mode == constString || key.rep == repBool:
		f.line("var " + t + " rt.Value")
		f.at(x.End(), slow)
		return temp(t)
	case key.rep == repFloat:
		f.linef("%s := %s.AtNumber(%s)", t, obj.code, key.code)
	default:
		key = f.settleLocalName(key)
		f.linef("var %s rt.Value", t)
		f.linef("if %s.IsNumber() {\n%s = %s.AtNumber(%s.F)\n}", key.code, t, obj.code, key.code)
		slow = fmt.Sprintf("%s = rt.Index(th, %s, %s, %s)", t, obj.code, key.code, f.name1(x.X))
	}
	f.linef("if %s.IsNil() {", t)
	f.at(x.End(), slow)
	f.line("}")
	return temp(t)
}

// field reads obj.name through an inline cache; what describes obj.
func (f *function) field(obj operand, name string, pos diag.Pos, what string) operand {
	f.point(pos)
	obj = f.settleValue(obj)
	cache := f.m.cache(readCache)
	t := f.names.numbered("t")
	f.linef("%s := %s.Get(%s)", t, cache, obj.code)
	f.linef("if %s.IsNil() {", t)
	f.at(pos, fmt.Sprintf("%s = rt.Field(th, %s, %s, &%s, %s)", t, obj.code, f.m.constant(name), cache, what))
	f.line("}")
	return temp(t)
}

func (f *function) unaryExpr(x *syntax.UnaryExpr) operand {
	switch x.Op {
	case syntax.OpNot:
		cond := f.cond(x.X).not()
		f.point(x.Pos())
		return cond.operand()
	case syntax.OpLen:
		obj := f.expr(x.X)
		t := f.names.numbered("t")
		f.at(x.Pos(), fmt.Sprintf("%s := rt.Len(th, %s, %s)", t, obj.value(), f.name1(x.X)))
		return temp(t)
	}
	o := f.expr(x.X)
	if o.mode == constNumber {
		return numberOperand(-o.number)
	}
	if o.isNumber() {
		return operand{code: "(-" + o.float() + ")", rep: repFloat, changing: o.changing, size: o.size + 1}
	}
	if !f.inline() {
		t := f.names.numbered("t")
		f.at(x.Pos(), fmt.Sprintf("%s := rt.Neg(th, %s, %s)", t, o.value(), f.name1(x.X)))
		return temp(t)
	}
	o = f.settleLocalName(o)
	t := f.temp()
	f.linef("if %s.IsNumber() {\n%s = rt.Number(-%s.F)\n} else {", o.code, t.code, o.code)
	f.at(x.Pos(), fmt.Sprintf("%s = rt.Neg(th, %s, %s)", t.code, o.code, f.name1(x.X)))
	f.line("}")
	return t
}

func (f *function) binaryExpr(x *syntax.BinaryExpr) operand {
	switch x.Op {
	case syntax.OpAnd, syntax.OpOr:
		return f.logical(x)
	case syntax.OpEqual, syntax.OpNotEqual, syntax.OpLess, syntax.OpLessEqual, syntax.OpGreater, syntax.OpGreaterEqual:
		return f.comparison(x).operand()
	case syntax.OpConcat:
		return f.concat(x)
	}
	return f.arithmetic(x)
}

// logical prints "x and y" or "x or y" as a value.
func (f *function) logical(x *syntax.BinaryExpr) operand {
	if links := chain(x); len(links) >= longChain {
		return f.longLogical(links)
	}
	left := f.expr(x.X)
	f.leftPoint(x)
	if left.isNumber() { // numbers are true
		if x.Op == syntax.OpOr {
			f.use(x.Y)
			return left
		}
		f.unused(left)
		return f.expr(x.Y)
	}
	t := f.names.numbered("t")
	f.linef("%s := %s", t, left.value())
	not := ""
	if x.Op == syntax.OpOr {
		not = "!"
	}
	f.linef("if %s%s.Truthy() {", not, t)
	right := f.expr(x.Y)
	f.linef("%s = %s", t, right.value())
	f.line("}")
	return temp(t)
}

// concat flattens a chain of ".." into one call.
func (f *function) concat(x *syntax.BinaryExpr) operand {
	parts, pos := syntax.ConcatChain(x)
	operands := make([]operand, len(parts))
	for i, p := range parts {
		operands[i] = f.load(p)
		if !allSimple(parts[i+1:]) {
			operands[i] = f.settle(operands[i])
		}
	}
	t := f.names.numbered("t")
	concat := "Concat"
	if len(parts) == 2 {
		concat = "Concat2"
	}
	f.at(pos, fmt.Sprintf("%s := rt.%s(th, %s, %s)", t, concat, f.namesOf(parts...), values(operands)))
	return temp(t)
}

// fold computes an operation on constants. It leaves to run time what gives
// NaN, whose sign depends on the processor, and powers that math.Pow may round
// otherwise than the runtime does.
func fold(op syntax.Op, a, b float64) (float64, bool) {
	var r float64
	switch op {
	case syntax.OpAdd:
		r = a + b
	case syntax.OpSub:
		r = a - b
	case syntax.OpMul:
		r = a * b
	case syntax.OpDiv:
		r = a / b
	case syntax.OpMod:
		r = a - float64(math.Floor(a/b)*b)
	case syntax.OpPow:
		r = math.Pow(a, b)
		half, _ := math.Frexp(a)
		if exact := half == 0.5 || a == math.Trunc(a) && math.Abs(r) <= 1<<53 && b >= 0; !exact || b != math.Trunc(b) {
			return 0, false
		}
	}
	return r, !math.IsNaN(r)
}
