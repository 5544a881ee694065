package emit

import (
	"math"
	"strconv"
	"strings"

	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A rep is how a Lua value is represented in Go.
type rep uint8

const (
	repValue rep = iota // rt.Value
	repFloat            // float64: a number
	repInt              // int: an integral number of magnitude below 2^53
	repBool             // bool: true or false
)

// goType returns the Go type of a representation.
func (r rep) goType() string {
	return [...]string{"rt.Value", "float64", "int", "bool"}[r]
}

// An operand is a Go expression without effects that yields a Lua value: a
// variable, a constant, or a short expression over them.
type operand struct {
	code string
	rep  rep
	// changing is set while the expression reads something that later code
	// can change: an assigned variable, a global slot.
	changing bool
	// literal is set for a constant number, whose value is number.
	literal bool
	number  float64
	// derived is set for an int that arithmetic made: more arithmetic on it
	// is done in floating point, so that ints stay exact.
	derived bool
	// isString is set for a constant string.
	isString bool
}

// nilOperand is nil. It is no composite literal, for Go would take the brace of
// one in the header of a statement for the body's.
var nilOperand = operand{code: "rt.Nil()"}

// value returns the operand as a Go expression of type rt.Value.
func (o operand) value() string {
	switch o.rep {
	case repFloat:
		return "rt.Number(" + o.code + ")"
	case repInt:
		if o.literal {
			return "rt.Number(" + o.code + ")"
		}
		return "rt.Number(float64(" + o.code + "))"
	case repBool:
		switch o.code {
		case "true":
			return "rt.True()"
		case "false":
			return "rt.False()"
		}
		return "rt.Bool(" + o.code + ")"
	}
	return o.code
}

// isNumber reports whether the operand certainly is a number.
func (o operand) isNumber() bool { return o.rep == repFloat || o.rep == repInt }

// float returns a Go expression of type float64 (or an untyped constant) for
// an operand that is a number or has been tested to be one.
func (o operand) float() string {
	switch {
	case o.rep == repValue:
		return o.code + ".F"
	case o.rep == repInt && !o.literal:
		return "float64(" + o.code + ")"
	}
	return o.code
}

// typedFloat is float for places where an untyped integer constant will not
// do.
func (o operand) typedFloat() string {
	if o.literal && !strings.ContainsAny(o.code, ".e") {
		if o.number < 0 {
			return strings.TrimSuffix(o.code, ")") + ".0)"
		}
		return o.code + ".0"
	}
	return o.float()
}

// numberOperand returns the operand of a numeral.
func numberOperand(f float64) operand {
	o := operand{rep: repFloat, literal: true, number: f}
	switch {
	case math.IsInf(f, 0) || math.IsNaN(f) || f == 0 && math.Signbit(f):
		// Go has no such literals; these are expressions, not constants.
		o.literal = false
		switch {
		case math.IsInf(f, 1):
			o.code = "rt.Inf(1)"
		case math.IsInf(f, -1):
			o.code = "rt.Inf(-1)"
		case f == 0:
			o.code = negativeZero
		default:
			o.code = "rt.NaN()"
		}
	default:
		o.code = strconv.FormatFloat(f, 'g', -1, 64)
		if f < 0 {
			o.code = "(" + o.code + ")"
		}
		if isInt(f) {
			o.rep = repInt
			o.code = strconv.FormatInt(int64(f), 10)
			if f < 0 {
				o.code = "(" + o.code + ")"
			}
		}
	}
	return o
}

// negativeZero is the code of the number -0.
const negativeZero = "rt.NegativeZero()"

// isInt reports whether f is an integer small enough for exact int arithmetic
// with a few others of its kind.
func isInt(f float64) bool { return f == math.Trunc(f) && math.Abs(f) < 1<<31 }

// A variable is a Lua local in Go.
type variable struct {
	code string // Go expression: "x", or "ck.x" for a field of the chunk
	rep  rep
}

// variableOf returns the Go form of v, which has been declared.
func (m *module) variableOf(v *resolve.Var) *variable {
	if g := m.vars[v]; g != nil {
		return g
	}
	panic("emit: variable " + v.Name + " used before its declaration")
}

// describe names x for error messages, as the reference implementation does:
// "local 'x'", "field 'y'"; empty when there is nothing to say.
func (f *function) describe(x syntax.Expr) string {
	switch x := syntax.Selected(x).(type) {
	case *syntax.NameExpr:
		switch v := f.m.info.Uses[x]; {
		case v == nil:
			return "global '" + x.Name + "'"
		case v.Func != f.fn:
			return "upvalue '" + x.Name + "'"
		default:
			return "local '" + x.Name + "'"
		}
	case *syntax.IndexExpr:
		key, ok := x.Key.(*syntax.StringExpr)
		if !ok {
			return "field '?'"
		}
		if env, ok := x.X.(*syntax.NameExpr); ok && env.Name == "_ENV" {
			return "global '" + key.Value + "'"
		}
		return "field '" + key.Value + "'"
	}
	return ""
}

// namesOf describes the operands of an operation, joined by '|', as a Go
// string literal; empty when there is nothing to say of any.
func (f *function) namesOf(list ...syntax.Expr) string {
	known := false
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = strings.ReplaceAll(f.describe(x), "|", "")
		known = known || parts[i] != ""
	}
	if !known {
		return `""`
	}
	return strconv.Quote(strings.Join(parts, "|"))
}

// name1 describes one operand, as a Go string literal.
func (f *function) name1(x syntax.Expr) string {
	if s, ok := syntax.Selected(x).(*syntax.StringExpr); ok {
		return strconv.Quote("constant '" + s.Value + "'")
	}
	return strconv.Quote(f.describe(x))
}
