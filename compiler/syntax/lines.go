package syntax

import "github.com/luago-lang/luago/compiler/diag"

// Lines for debuggers. A debugger stops where the line of C Lua's instructions
// changes. Most constructs have their instruction where they can raise an error,
// on a line that code generation knows anyway; these functions are about the
// others.

// IsLoad reports whether C Lua has an instruction that puts x into a register,
// on x's last line: a constant, a variable or "...".
func IsLoad(x Expr) bool {
	switch x := x.(type) {
	case *NilExpr, *TrueExpr, *FalseExpr, *NumberExpr, *StringExpr, *NameExpr, *VarargExpr:
		return true
	case *ParenExpr:
		return IsLoad(x.X)
	}
	return false
}

// IsTested reports whether the condition x ends in an instruction that tests a
// value: comparisons jump by themselves, and what is always true needs no test.
func IsTested(x Expr) bool {
	switch x := x.(type) {
	case *TrueExpr, *NumberExpr, *StringExpr:
		return false
	case *ParenExpr:
		return IsTested(x.X)
	case *UnaryExpr:
		if x.Op == OpNot {
			return IsTested(x.X)
		}
	case *BinaryExpr:
		switch x.Op {
		case OpAnd, OpOr:
			return IsTested(x.Y)
		case OpEqual, OpNotEqual, OpLess, OpLessEqual, OpGreater, OpGreaterEqual:
			return false
		}
	}
	return true
}

// IsLeftTested reports whether the left operand of "and" or "or" is tested.
func IsLeftTested(x *BinaryExpr) bool {
	if x.Op == OpOr {
		switch x.X.(type) {
		case *NilExpr, *FalseExpr:
			return false
		case *TrueExpr, *NumberExpr, *StringExpr:
			return true
		}
	}
	return IsTested(x.X)
}

// LastPos returns where the last statement of the block ends; before if it has none.
func (b *Block) LastPos(before diag.Pos) diag.Pos {
	if n := len(b.Stmts); n > 0 {
		return b.Stmts[n-1].End()
	}
	return before
}

// LastLine returns the line on which a function with the given body returns by
// itself: that of its last word, which is end's for all but main functions.
func (c *Chunk) LastLine(fn *FunctionExpr) int {
	if fn != nil {
		return int(fn.End().Line)
	}
	return int(c.Body.LastPos(diag.Pos{Line: 1, Col: 1}).Line)
}
