package eval

import (
	"math"

	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// constantNumber returns the value of an expression made of numerals. What
// gives NaN is left to run time.
func constantNumber(x syntax.Expr) (float64, bool) {
	switch x := x.(type) {
	case *syntax.NumberExpr:
		return x.Value, true
	case *syntax.ParenExpr:
		return constantNumber(x.X)
	case *syntax.UnaryExpr:
		n, ok := constantNumber(x.X)
		return -n, ok && x.Op == syntax.OpNeg
	}
	return 0, false
}

func (f *function) unaryExpr(x *syntax.UnaryExpr) expr {
	if x.Op == syntax.OpNot {
		c := f.cond(x.X)
		return func(fr *frame) rt.Value { return rt.Bool(!c(fr)) }
	}
	operand, line, name := f.expr(x.X), line(x.Pos()), f.describeOne(x.X)
	if x.Op == syntax.OpLen {
		return func(fr *frame) rt.Value {
			v := operand(fr)
			fr.At(line)
			return rt.Len(fr.Thread, v, name)
		}
	}
	return func(fr *frame) rt.Value {
		v := operand(fr)
		if v.IsNumber() {
			return rt.Number(-v.F)
		}
		fr.At(line)
		return rt.Neg(fr.Thread, v, name)
	}
}

func (f *function) binaryExpr(x *syntax.BinaryExpr) expr {
	switch x.Op {
	case syntax.OpAnd:
		a, b := f.expr(x.X), f.expr(x.Y)
		return func(fr *frame) rt.Value {
			if v := a(fr); !v.Truthy() {
				return v
			}
			return b(fr)
		}
	case syntax.OpOr:
		a, b := f.expr(x.X), f.expr(x.Y)
		return func(fr *frame) rt.Value {
			if v := a(fr); v.Truthy() {
				return v
			}
			return b(fr)
		}
	case syntax.OpEqual, syntax.OpNotEqual, syntax.OpLess, syntax.OpLessEqual, syntax.OpGreater, syntax.OpGreaterEqual:
		c := f.comparison(x)
		return func(fr *frame) rt.Value { return rt.Bool(c(fr)) }
	case syntax.OpConcat:
		return f.concat(x)
	}
	return f.arithmetic(x)
}

// arithmetics are the runtime's functions for any operands.
var arithmetics = map[syntax.Op]func(th *rt.Thread, a, b rt.Value, names string) rt.Value{
	syntax.OpAdd: rt.Add, syntax.OpSub: rt.Sub, syntax.OpMul: rt.Mul,
	syntax.OpDiv: rt.Div, syntax.OpMod: rt.Mod, syntax.OpPow: rt.Pow,
}

func (f *function) arithmetic(x *syntax.BinaryExpr) expr {
	a := f.operand(x.X)
	waits := f.instrumented && !a.isSlot && !a.isNum && !syntax.IsSimple(x.Y)
	slots := f.slots
	if waits {
		f.newPlace(false)
	}
	b := f.operand(x.Y)
	f.slots = slots
	names, line := f.describeAll(x.X, x.Y), line(x.OpPos)
	slow := arithmetics[x.Op]
	if f.isChanging(x.X) && !syntax.IsSimple(x.Y) {
		first, second := a.eval, b.eval
		return func(fr *frame) rt.Value {
			w := second(fr)
			v := first(fr)
			fr.At(line)
			return slow(fr.Thread, v, w, names)
		}
	}
	if waits {
		return waiting(a.eval, b.eval, slots, line, names, slow)
	}
	switch x.Op {
	case syntax.OpAdd:
		return addition(a, b, line, names)
	case syntax.OpSub:
		return subtraction(a, b, line, names)
	case syntax.OpMul:
		return multiplication(a, b, line, names)
	}
	first, second := a.eval, b.eval
	switch {
	case x.Op == syntax.OpDiv:
		return func(fr *frame) rt.Value {
			v, w := first(fr), second(fr)
			if v.IsNumber() && w.IsNumber() {
				return rt.Number(v.F / w.F)
			}
			fr.At(line)
			return slow(fr.Thread, v, w, names)
		}
	case x.Op == syntax.OpMod && b.isNum && b.num > 0 && b.num < 1<<53 && b.num == math.Trunc(b.num):
		n := int64(b.num)
		return func(fr *frame) rt.Value {
			v := first(fr)
			if v.IsNumber() {
				if i := int64(v.F); float64(i) == v.F && i > 0 && i <= 1<<53 { // else a - floor(a/b)*b is rounded
					return rt.Number(float64(i % n))
				}
				return rt.Number(rt.ModNumbers(v.F, b.num))
			}
			fr.At(line)
			return slow(fr.Thread, v, rt.Number(b.num), names)
		}
	}
	return func(fr *frame) rt.Value {
		v, w := first(fr), second(fr)
		fr.At(line)
		return slow(fr.Thread, v, w, names)
	}
}

func addition(a, b operand, line int, names string) expr {
	first, second := a.eval, b.eval
	switch {
	case a.isSlot && b.isNum:
		slot, n := a.slot, b.num
		return func(fr *frame) rt.Value {
			v := fr.Slots[slot]
			if v.IsNumber() {
				return rt.Number(v.F + n)
			}
			fr.At(line)
			return rt.Add(fr.Thread, v, rt.Number(n), names)
		}
	case a.isSlot && b.isSlot:
		slot, other := a.slot, b.slot
		return func(fr *frame) rt.Value {
			v, w := fr.Slots[slot], fr.Slots[other]
			if v.IsNumber() && w.IsNumber() {
				return rt.Number(v.F + w.F)
			}
			fr.At(line)
			return rt.Add(fr.Thread, v, w, names)
		}
	case a.isSlot:
		// Nothing in b can change the slot.
		slot := a.slot
		return func(fr *frame) rt.Value {
			w := second(fr)
			v := fr.Slots[slot]
			if v.IsNumber() && w.IsNumber() {
				return rt.Number(v.F + w.F)
			}
			fr.At(line)
			return rt.Add(fr.Thread, v, w, names)
		}
	}
	return func(fr *frame) rt.Value {
		v, w := first(fr), second(fr)
		if v.IsNumber() && w.IsNumber() {
			return rt.Number(v.F + w.F)
		}
		fr.At(line)
		return rt.Add(fr.Thread, v, w, names)
	}
}

func subtraction(a, b operand, line int, names string) expr {
	first, second := a.eval, b.eval
	switch {
	case a.isSlot && b.isNum:
		slot, n := a.slot, b.num
		return func(fr *frame) rt.Value {
			v := fr.Slots[slot]
			if v.IsNumber() {
				return rt.Number(v.F - n)
			}
			fr.At(line)
			return rt.Sub(fr.Thread, v, rt.Number(n), names)
		}
	case a.isSlot && b.isSlot:
		slot, other := a.slot, b.slot
		return func(fr *frame) rt.Value {
			v, w := fr.Slots[slot], fr.Slots[other]
			if v.IsNumber() && w.IsNumber() {
				return rt.Number(v.F - w.F)
			}
			fr.At(line)
			return rt.Sub(fr.Thread, v, w, names)
		}
	}
	return func(fr *frame) rt.Value {
		v, w := first(fr), second(fr)
		if v.IsNumber() && w.IsNumber() {
			return rt.Number(v.F - w.F)
		}
		fr.At(line)
		return rt.Sub(fr.Thread, v, w, names)
	}
}

func multiplication(a, b operand, line int, names string) expr {
	first, second := a.eval, b.eval
	if a.isSlot && b.isSlot {
		slot, other := a.slot, b.slot
		return func(fr *frame) rt.Value {
			v, w := fr.Slots[slot], fr.Slots[other]
			if v.IsNumber() && w.IsNumber() {
				return rt.Number(v.F * w.F)
			}
			fr.At(line)
			return rt.Mul(fr.Thread, v, w, names)
		}
	}
	return func(fr *frame) rt.Value {
		v, w := first(fr), second(fr)
		if v.IsNumber() && w.IsNumber() {
			return rt.Number(v.F * w.F)
		}
		fr.At(line)
		return rt.Mul(fr.Thread, v, w, names)
	}
}

// concat turns a chain of ".." into one operation.
func (f *function) concat(x *syntax.BinaryExpr) expr {
	list, pos := syntax.ConcatChain(x)
	names, line := f.describeAll(list...), line(pos)
	parts := f.exprs(list)
	if len(parts) == 2 {
		a, b := parts[0], parts[1]
		return func(fr *frame) rt.Value {
			v, w := a(fr), b(fr)
			fr.At(line)
			return rt.Concat2(fr.Thread, names, v, w)
		}
	}
	return func(fr *frame) rt.Value {
		var buf [8]rt.Value
		vs := buf[:0]
		for _, p := range parts {
			vs = append(vs, p(fr))
		}
		fr.At(line)
		return rt.Concat(fr.Thread, names, vs...)
	}
}
