package eval

import (
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// cond turns x into a condition.
func (f *function) cond(x syntax.Expr) cond {
	return f.instrumentCond(x, nested(f, x, func() cond { return f.condition(x) }))
}

func (f *function) condition(x syntax.Expr) cond {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return f.condition(x.X)
	case *syntax.UnaryExpr:
		if x.Op == syntax.OpNot {
			c := f.cond(x.X)
			return func(fr *frame) bool { return !c(fr) }
		}
	case *syntax.BinaryExpr:
		switch x.Op {
		case syntax.OpAnd:
			a, b := f.left(x, f.cond(x.X)), f.cond(x.Y)
			return func(fr *frame) bool { return a(fr) && b(fr) }
		case syntax.OpOr:
			a, b := f.left(x, f.cond(x.X)), f.cond(x.Y)
			return func(fr *frame) bool { return a(fr) || b(fr) }
		case syntax.OpEqual, syntax.OpNotEqual, syntax.OpLess, syntax.OpLessEqual, syntax.OpGreater, syntax.OpGreaterEqual:
			return f.comparison(x)
		}
	}
	o := f.operand(x)
	if o.isSlot {
		slot := o.slot
		return func(fr *frame) bool { return fr.Slots[slot].Truthy() }
	}
	eval := o.eval
	return func(fr *frame) bool { return eval(fr).Truthy() }
}

// comparison turns a relational operation into a condition. a > b is b < a
// with a evaluated first (reference manual, section 3.4.3). Its line is, as in
// the C implementation, the one where its second operand ends.
func (f *function) comparison(x *syntax.BinaryExpr) cond {
	switch x.Op {
	case syntax.OpEqual:
		return f.equality(x)
	case syntax.OpNotEqual:
		c := f.equality(x)
		return func(fr *frame) bool { return !c(fr) }
	}
	a, b := f.operand(x.X), f.operand(x.Y)
	line, late := line(x.Y.End()), f.isChanging(x.X) && !syntax.IsSimple(x.Y)
	switch x.Op {
	case syntax.OpLess:
		return less(a, b, line, late)
	case syntax.OpLessEqual:
		return lessEqual(a, b, line, late)
	case syntax.OpGreater:
		return swapped(a, b, line, late, rt.Less, func(v, w float64) bool { return v > w })
	}
	return swapped(a, b, line, late, rt.LessEqual, func(v, w float64) bool { return v >= w })
}

// less is a < b. late asks for a to be evaluated after b.
func less(a, b operand, line int, late bool) cond {
	first, second := a.eval, b.eval
	switch {
	case late:
		return func(fr *frame) bool {
			w := second(fr)
			v := first(fr)
			fr.At(line)
			return rt.Less(fr.Thread, v, w)
		}
	case a.isSlot && b.isSlot:
		slot, other := a.slot, b.slot
		return func(fr *frame) bool {
			v, w := fr.Slots[slot], fr.Slots[other]
			if v.IsNumber() && w.IsNumber() {
				return v.F < w.F
			}
			fr.At(line)
			return rt.Less(fr.Thread, v, w)
		}
	case a.isSlot && b.isNum:
		slot, n := a.slot, b.num
		return func(fr *frame) bool {
			v := fr.Slots[slot]
			if v.IsNumber() {
				return v.F < n
			}
			fr.At(line)
			return rt.Less(fr.Thread, v, rt.Number(n))
		}
	}
	return func(fr *frame) bool {
		v, w := first(fr), second(fr)
		if v.IsNumber() && w.IsNumber() {
			return v.F < w.F
		}
		fr.At(line)
		return rt.Less(fr.Thread, v, w)
	}
}

// lessEqual is a <= b.
func lessEqual(a, b operand, line int, late bool) cond {
	first, second := a.eval, b.eval
	if late {
		return func(fr *frame) bool {
			w := second(fr)
			v := first(fr)
			fr.At(line)
			return rt.LessEqual(fr.Thread, v, w)
		}
	}
	return func(fr *frame) bool {
		v, w := first(fr), second(fr)
		if v.IsNumber() && w.IsNumber() {
			return v.F <= w.F
		}
		fr.At(line)
		return rt.LessEqual(fr.Thread, v, w)
	}
}

// swapped is a > b or a >= b, of which slow is the comparison of b with a.
func swapped(a, b operand, line int, late bool, slow func(th *rt.Thread, b, a rt.Value) bool, fast func(a, b float64) bool) cond {
	first, second := a.eval, b.eval
	if late {
		return func(fr *frame) bool {
			w := second(fr)
			v := first(fr)
			fr.At(line)
			return slow(fr.Thread, w, v)
		}
	}
	return func(fr *frame) bool {
		v, w := first(fr), second(fr)
		if v.IsNumber() && w.IsNumber() {
			return fast(v.F, w.F)
		}
		fr.At(line)
		return slow(fr.Thread, w, v)
	}
}

// equality is a == b.
func (f *function) equality(x *syntax.BinaryExpr) cond {
	if c := f.equalsConstant(x.X, x.Y); c != nil {
		return c
	}
	if c := f.equalsConstant(x.Y, x.X); c != nil {
		return c
	}
	first, second, line := f.expr(x.X), f.expr(x.Y), line(x.Y.End())
	if f.isChanging(x.X) && !syntax.IsSimple(x.Y) {
		return func(fr *frame) bool {
			w := second(fr)
			v := first(fr)
			fr.At(line)
			return rt.Equal(fr.Thread, v, w)
		}
	}
	return func(fr *frame) bool {
		v, w := first(fr), second(fr)
		fr.At(line)
		return rt.Equal(fr.Thread, v, w)
	}
}

// equalsConstant is x == k, or nil if k is no constant.
func (f *function) equalsConstant(x, k syntax.Expr) cond {
	var test func(v rt.Value) bool
	if n, ok := constantNumber(k); ok {
		eval := f.expr(x)
		return func(fr *frame) bool {
			v := eval(fr)
			return v.IsNumber() && v.F == n
		}
	}
	switch k := k.(type) {
	case *syntax.NilExpr:
		test = rt.Value.IsNil
	case *syntax.TrueExpr:
		test = rt.Value.IsTrue
	case *syntax.FalseExpr:
		test = func(v rt.Value) bool { return v == rt.False() }
	case *syntax.StringExpr:
		s := f.constant(k.Value)
		eval := f.expr(x)
		return func(fr *frame) bool { return rt.EqualString(eval(fr), s) }
	default:
		return nil
	}
	eval := f.expr(x)
	return func(fr *frame) bool { return test(eval(fr)) }
}
