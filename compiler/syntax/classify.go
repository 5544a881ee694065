package syntax

import "github.com/luago-lang/luago/compiler/diag"

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

// ConcatChain returns the operands of the chain of ".." that x is, and the
// place of the last operator, where C Lua reports an error of any of them.
func ConcatChain(x *BinaryExpr) (operands []Expr, pos diag.Pos) {
	var rest Expr = x
	for {
		b, ok := rest.(*BinaryExpr)
		if !ok || b.Op != OpConcat {
			return append(operands, rest), pos
		}
		operands = append(operands, b.X)
		rest, pos = b.Y, b.OpPos
	}
}
