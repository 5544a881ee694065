package infer

import (
	"math"

	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A numberPass finds the variables of one chunk that only ever hold numbers,
// and the static functions that return one.
//
// It starts by believing that every local with an initial value is such a
// variable, and every parameter of a static function whose calls are all known;
// and strikes out those with a definition that is not certainly a number, until
// nothing changes. It relies on no other property of the program as a whole: the
// sum of two numbers is a number whatever metamethods exist.
type numberPass struct {
	info       *resolve.Info
	facts      *Facts
	defs       []definition
	candidates map[*resolve.Var]bool
	rejected   map[*resolve.Var]bool
}

// A definition gives a variable, or the result of a static function, a value.
type definition struct {
	v     *resolve.Var
	fn    *resolve.Func
	value syntax.Expr
}

// findNumbers decides IsNumber, Counter, Fills and NumberResult. Static
// functions are called within their module only.
func (f *Facts) findNumbers(modules []*resolve.Module) {
	for _, m := range modules {
		n := &numberPass{info: m.Info, facts: f, candidates: map[*resolve.Var]bool{}, rejected: map[*resolve.Var]bool{}}
		n.run()
	}
}

// define notes that v gets the value x, nil if that is not one expression's.
func (n *numberPass) define(v *resolve.Var, x syntax.Expr) {
	if v == nil {
		return
	}
	if x == nil {
		n.rejected[v] = true
		return
	}
	n.candidates[v] = true
	n.defs = append(n.defs, definition{v: v, value: x})
}

// defineStatic notes what the calls of a static function and its return
// statements say of its parameters and its result.
func (n *numberPass) defineStatic(s *Static) {
	if !s.Escapes {
		for _, call := range s.calls {
			for i, v := range s.Func.Params {
				n.define(v, alone(call.Args, i))
			}
		}
	}
	if s.Results != OneResult {
		return
	}
	n.facts.numberResults[s.Func] = true
	eachReturn(s.Func.Node.Body, func(r *syntax.ReturnStmt) {
		if call, ok := r.Values[0].(*syntax.CallExpr); !ok || n.facts.callees[call] != s {
			n.defs = append(n.defs, definition{fn: s.Func, value: r.Values[0]})
		}
	})
}

func (n *numberPass) run() {
	define := n.define
	syntax.Walk(n.info.Chunk, func(node syntax.Node) bool {
		switch s := node.(type) {
		case *syntax.LocalStmt:
			for i, name := range s.Names {
				define(n.info.Defs[name], alone(s.Values, i))
			}
		case *syntax.AssignStmt:
			for i, target := range s.Targets {
				if name, ok := target.(*syntax.NameExpr); ok {
					define(n.info.Uses[name], alone(s.Values, i))
				}
			}
		case *syntax.FunctionStmt:
			if name, ok := s.Target.(*syntax.NameExpr); ok {
				define(n.info.Uses[name], nil)
			}
		case *syntax.LocalFunctionStmt:
			define(n.info.Defs[s.Name], nil)
		case *syntax.GenericForStmt:
			for _, name := range s.Vars {
				define(n.info.Defs[name], nil)
			}
		case *syntax.NumericForStmt:
			v := n.info.Defs[s.Var]
			n.candidates[v] = true
			n.counter(s, v)
			n.fill(s, v)
		case *syntax.FunctionExpr:
			if static := n.facts.statics[n.info.Funcs[s]]; static != nil {
				n.defineStatic(static)
			}
		}
		return true
	})
	for v := range n.candidates {
		if !n.rejected[v] && (v.Kind == resolve.Local || v.Kind == resolve.LoopVar || v.Kind == resolve.Param && n.passed(v)) {
			n.facts.numbers[v] = true
		}
	}
	n.strike()
}

// strike removes from the facts what has a definition that is not certainly a
// number, and what is defined in terms of something removed: each definition
// is looked at once, for a sum of numbers is none as soon as one term is none.
func (n *numberPass) strike() {
	dependents := map[any][]definition{} // by variable or function
	var removed []any
	remove := func(d definition) {
		switch {
		case d.fn != nil && n.facts.numberResults[d.fn]:
			delete(n.facts.numberResults, d.fn)
			removed = append(removed, d.fn)
		case d.v != nil && n.facts.numbers[d.v]:
			delete(n.facts.numbers, d.v)
			removed = append(removed, d.v)
		}
	}
	for _, d := range n.defs {
		var terms []any
		isNumber := n.facts.isNumberExpr(n.info, d.value, func(v *resolve.Var, fn *resolve.Func) bool {
			if v != nil {
				terms = append(terms, v)
				return n.facts.numbers[v]
			}
			terms = append(terms, fn)
			return n.facts.numberResults[fn]
		})
		if !isNumber {
			remove(d)
			continue
		}
		for _, t := range terms {
			dependents[t] = append(dependents[t], d)
		}
	}
	for len(removed) > 0 {
		last := removed[len(removed)-1]
		removed = removed[:len(removed)-1]
		for _, d := range dependents[last] {
			remove(d)
		}
	}
}

// passed reports whether all that the parameter v can be passed is known.
func (n *numberPass) passed(v *resolve.Var) bool {
	s := n.facts.statics[v.Func]
	return s != nil && !s.Escapes
}

// alone returns the expression that alone gives value i of an expression
// list, or nil when that is nil or one of several results of a call.
func alone(values []syntax.Expr, i int) syntax.Expr {
	if i < len(values) {
		return values[i]
	}
	return nil
}

// IsNumberExpr reports whether x, in the chunk of info, evaluates to a number
// whenever it evaluates to anything.
func (f *Facts) IsNumberExpr(info *resolve.Info, x syntax.Expr) bool {
	return f != nil && f.isNumberExpr(info, x, func(v *resolve.Var, fn *resolve.Func) bool {
		return f.numbers[v] || f.numberResults[fn]
	})
}

// isNumberExpr is IsNumberExpr where isNumber says whether the variable v, or
// the result of the static function fn, is a number.
func (f *Facts) isNumberExpr(info *resolve.Info, x syntax.Expr, isNumber func(v *resolve.Var, fn *resolve.Func) bool) bool {
	switch x := x.(type) {
	case *syntax.NumberExpr:
		return true
	case *syntax.NameExpr:
		v := info.Uses[x]
		return v != nil && isNumber(v, nil)
	case *syntax.ParenExpr:
		return f.isNumberExpr(info, x.X, isNumber)
	case *syntax.CallExpr:
		s := f.callees[x]
		return s != nil && s.Results == OneResult && isNumber(nil, s.Func)
	case *syntax.UnaryExpr:
		return x.Op == syntax.OpNeg && f.isNumberExpr(info, x.X, isNumber)
	case *syntax.BinaryExpr:
		switch x.Op {
		case syntax.OpAdd, syntax.OpSub, syntax.OpMul, syntax.OpDiv, syntax.OpMod, syntax.OpPow, syntax.OpAnd:
			return f.isNumberExpr(info, x.X, isNumber) && f.isNumberExpr(info, x.Y, isNumber)
		case syntax.OpOr:
			return f.isNumberExpr(info, x.X, isNumber) // a number is true
		}
	}
	return false
}

// constant returns the value of a numeral, perhaps negated, or NaN.
func constant(x syntax.Expr) float64 {
	switch x := x.(type) {
	case *syntax.NumberExpr:
		return x.Value
	case *syntax.ParenExpr:
		return constant(x.X)
	case *syntax.UnaryExpr:
		if x.Op == syntax.OpNeg {
			return -constant(x.X)
		}
	}
	return math.NaN()
}

func isSmallInteger(x syntax.Expr) bool {
	f := constant(x)
	return f == math.Trunc(f) && math.Abs(f) < 1<<31 && !(f == 0 && math.Signbit(f))
}

// counter decides whether s, with control variable v, counts integers. Loops
// are visited from the outside in, so the counters that its start and step
// may depend on are known.
func (n *numberPass) counter(s *syntax.NumericForStmt, v *resolve.Var) {
	if v.Assigned > 0 || !n.isInteger(s.Start) {
		return
	}
	up := true
	switch {
	case s.Step == nil:
	case isSmallInteger(s.Step) && constant(s.Step) != 0:
		up = constant(s.Step) > 0
	case !n.isPositive(s.Step):
		return
	}
	c := counter{direction: 1}
	if !up {
		c.direction = -1
	}
	c.positive = up && n.isPositive(s.Start)
	n.facts.counters[s] = c
	n.facts.integers[v] = c
}

// isInteger reports whether x certainly is an integer of magnitude below
// 2^53: a small numeral, a counter, or a counter and a small numeral added.
func (n *numberPass) isInteger(x syntax.Expr) bool {
	if isSmallInteger(x) {
		return true
	}
	switch x := x.(type) {
	case *syntax.NameExpr:
		_, ok := n.facts.integers[n.info.Uses[x]]
		return ok
	case *syntax.BinaryExpr:
		return (x.Op == syntax.OpAdd || x.Op == syntax.OpSub) && n.isTerm(x.X) && n.isTerm(x.Y)
	}
	return false
}

// isTerm reports whether x is a small numeral or a counter.
func (n *numberPass) isTerm(x syntax.Expr) bool {
	_, isSum := x.(*syntax.BinaryExpr)
	return !isSum && n.isInteger(x)
}

// isPositive reports whether the integer x certainly is at least 1.
func (n *numberPass) isPositive(x syntax.Expr) bool {
	if isSmallInteger(x) {
		return constant(x) >= 1
	}
	switch x := x.(type) {
	case *syntax.NameExpr:
		return n.facts.integers[n.info.Uses[x]].positive
	case *syntax.BinaryExpr:
		return x.Op == syntax.OpAdd && n.isTerm(x.X) && n.isTerm(x.Y) && n.isPositive(x.X) && n.isPositive(x.Y)
	}
	return false
}
