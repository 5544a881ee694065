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

// A mode says what an operand is. Decisions go by it, never by the text of the
// Go expression.
type mode uint8

const (
	expression   mode = iota // a Go expression over others
	temporary                // a Go variable that emit made, which keeps its value
	local                    // a Lua variable in a Go variable
	field                    // a Lua variable in a field of the chunk
	constNil                 // nil
	constBoolean             // true or false
	constNumber              // a number
	constString              // a string
)

// An operand is a Go expression without effects that yields a Lua value: a
// variable, a constant, or a short expression over them.
type operand struct {
	mode mode
	rep  rep
	code string // the Go expression; a primary one if rep is repValue
	// changing is set while the expression reads something that later code
	// can change: an assigned variable, a global slot.
	changing bool
	// derived is set for an int that arithmetic made: more arithmetic on it
	// is done in floating point, so that ints stay exact.
	derived bool
	// literal is set for a constant number that Go has a literal for.
	literal bool
	size    int       // arithmetic operations in the expression
	v       *variable // of a Lua variable
	truth   bool      // value of a constant boolean
	number  float64   // value of a constant number
	text    string    // value of a constant string, and
	object  string    // the Go variable of its *rt.String
}

// nilOperand is nil. It is no composite literal, for Go would take the brace of
// one in the header of a statement for the body's.
var nilOperand = operand{mode: constNil, code: "rt.Nil()"}

// temp returns the operand of a temporary of type rt.Value.
func temp(name string) operand { return operand{mode: temporary, code: name} }

// booleanOperand returns the operand of true or false.
func booleanOperand(truth bool) operand {
	return operand{mode: constBoolean, rep: repBool, code: strconv.FormatBool(truth), truth: truth}
}

// stringOperand returns the operand of a string constant.
func (m *module) stringOperand(s string) operand {
	object := m.constant(s)
	return operand{mode: constString, code: object + ".Value()", object: object, text: s}
}

// isConstant reports whether the operand is a constant.
func (o operand) isConstant() bool { return o.mode >= constNil }

// isZero reports whether the operand is the constant 0.
func (o operand) isZero() bool { return o.mode == constNumber && o.number == 0 }

// isName reports whether the operand is a Go variable of type rt.Value: it can be
// read many times at no cost.
func (o operand) isName() bool {
	return o.rep == repValue && (o.mode == temporary || o.mode == local)
}

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
		switch {
		case o.mode != constBoolean:
			return "rt.Bool(" + o.code + ")"
		case o.truth:
			return "rt.True()"
		}
		return "rt.False()"
	}
	return o.code
}

// as returns the operand as a Go expression of a variable's type.
func (o operand) as(r rep) string {
	if r == repFloat {
		return o.typedFloat()
	}
	return o.value()
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
	if o.literal && o.number == math.Trunc(o.number) && math.Abs(o.number) < 1e21 {
		return parenthesized(strconv.FormatFloat(o.number, 'f', 1, 64), o.number)
	}
	return o.float()
}

// numberOperand returns the operand of a constant number.
func numberOperand(f float64) operand {
	o := operand{mode: constNumber, rep: repFloat, number: f}
	switch {
	// Go has no literals of these.
	case math.IsInf(f, 1):
		o.code = "rt.Inf(1)"
	case math.IsInf(f, -1):
		o.code = "rt.Inf(-1)"
	case math.IsNaN(f):
		o.code = "rt.NaN()"
	case f == 0 && math.Signbit(f):
		o.code = "rt.NegativeZero()"
	case isInt(f):
		o.rep, o.literal = repInt, true
		o.code = parenthesized(strconv.FormatInt(int64(f), 10), f)
	default:
		o.literal = true
		o.code = parenthesized(strconv.FormatFloat(f, 'g', -1, 64), f)
	}
	return o
}

// parenthesized puts the literal of f into parentheses if it has a sign.
func parenthesized(literal string, f float64) string {
	if f < 0 {
		return "(" + literal + ")"
	}
	return literal
}

// isInt reports whether f is an integer small enough for exact int arithmetic
// with a few others of its kind.
func isInt(f float64) bool { return f == math.Trunc(f) && math.Abs(f) < 1<<31 }

// A variable is a Lua local in Go.
type variable struct {
	name  string // of the Go variable, or of the field
	field bool   // it is a field of the chunk
	rep   rep
}

// code returns the Go expression of the variable.
func (g *variable) code() string {
	if g.field {
		return "ck." + g.name
	}
	return g.name
}

// operand returns the variable as an operand; assigned says that something may
// assign to it.
func (g *variable) operand(assigned bool) operand {
	o := operand{mode: local, rep: g.rep, code: g.code(), v: g, changing: assigned}
	if g.field {
		o.mode, o.changing = field, true
	}
	return o
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
