package syntax

import (
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
)

// IsMulti reports whether x can have any number of values: a call or "...".
// In parentheses it has one.
func IsMulti(x Expr) bool {
	switch x.(type) {
	case *CallExpr, *MethodCallExpr, *VarargExpr:
		return true
	}
	return false
}

// IsSimple reports whether x reads a constant or a variable, or makes a
// function: its evaluation calls nothing.
func IsSimple(x Expr) bool {
	switch x := x.(type) {
	case *NilExpr, *TrueExpr, *FalseExpr, *NumberExpr, *StringExpr, *NameExpr, *FunctionExpr, *VarargExpr:
		return true
	case *ParenExpr:
		return IsSimple(x.X)
	}
	return false
}

// HasKeyZero reports whether the key of a constructor's field is the numeral 0.
func HasKeyZero(f *Field) bool {
	n, ok := f.Key.(*NumberExpr)
	return ok && n.Value == 0
}

// Selected returns the expression that gives x its value where that can be
// told from constants: what is in parentheses, b of "1 and b" and of
// "nil or b". Errors name a value after it.
func Selected(x Expr) Expr {
	for {
		switch y := x.(type) {
		case *ParenExpr:
			x = y.X
			continue
		case *BinaryExpr:
			if truth, known := constantTruth(Selected(y.X)); known && (y.Op == OpAnd && truth || y.Op == OpOr && !truth) {
				x = y.Y
				continue
			}
		}
		return x
	}
}

// constantTruth returns whether x is true, where it is a constant. Tables and
// functions are none, as in C Lua.
func constantTruth(x Expr) (truth, known bool) {
	switch x := x.(type) {
	case *NilExpr, *FalseExpr:
		return false, true
	case *TrueExpr, *NumberExpr, *StringExpr:
		return true, true
	case *UnaryExpr:
		truth, known = constantTruth(Selected(x.X))
		if x.Op == OpNot {
			return !truth, known
		}
		_, isNumber := Selected(x.X).(*NumberExpr)
		return true, x.Op == OpNeg && isNumber
	}
	return false, false
}

// NewMetatable returns the constructor {k = v, ...} of x = f(o, {k = v, ...}) where
// it looks as if f were setmetatable: by its name or, for it may have another one, by
// the keys. That is but a guess; it is nil where x is something else.
func NewMetatable(x Expr) *TableExpr {
	call, ok := x.(*CallExpr)
	if !ok || len(call.Args) != 2 {
		return nil
	}
	name, ok := call.Fn.(*NameExpr)
	if !ok {
		return nil
	}
	meta, ok := call.Args[1].(*TableExpr)
	if !ok || len(meta.Fields) == 0 {
		return nil
	}
	for _, field := range meta.Fields {
		key, ok := field.Key.(*StringExpr)
		if !ok || name.Name != "setmetatable" && !strings.HasPrefix(key.Value, "__") {
			return nil
		}
	}
	return meta
}

// ConcatChain returns the operands of the chain of ".." that x is, and the
// place of the last operator, where C Lua reports an error of any of them. As there,
// parentheses around the right end of a chain do not end it.
func ConcatChain(x *BinaryExpr) (operands []Expr, pos diag.Pos) {
	var rest Expr = x
	for {
		inner := rest
		for p, ok := inner.(*ParenExpr); ok; p, ok = inner.(*ParenExpr) {
			inner = p.X
		}
		b, ok := inner.(*BinaryExpr)
		if !ok || b.Op != OpConcat {
			return append(operands, rest), pos
		}
		operands = append(operands, b.X)
		rest, pos = b.Y, b.OpPos
	}
}
