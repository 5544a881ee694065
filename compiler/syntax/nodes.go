package syntax

import "github.com/luago-lang/luago/compiler/diag"

// A Node is any part of the tree. Pos is its first byte, End the byte after
// its last.
type Node interface {
	Pos() diag.Pos
	End() diag.Pos
}

// span is embedded in every node and holds its source range.
type span struct {
	start, end diag.Pos
}

func (s *span) Pos() diag.Pos { return s.start }
func (s *span) End() diag.Pos { return s.end }

// A Chunk is one source file: a vararg function without a name.
type Chunk struct {
	span
	File int32  // index into diag.Files
	Name string // as messages show it, for example "script.lua"
	Body *Block
}

// A Block is a list of statements with a scope of its own.
//
//	block ::= {stat} [retstat]
type Block struct {
	span
	Stmts []Stmt
}

// A Name is a declared or mentioned identifier.
type Name struct {
	span
	Text string
}

// Expr is the interface of expressions.
type Expr interface {
	Node
	expr()
}

// Stmt is the interface of statements.
type Stmt interface {
	Node
	stmt()
}

type exprNode struct{ span }

func (*exprNode) expr() {}

type stmtNode struct{ span }

func (*stmtNode) stmt() {}

// Expressions (reference manual, section 3.4).
type (
	// nil
	NilExpr struct{ exprNode }
	// true
	TrueExpr struct{ exprNode }
	// false
	FalseExpr struct{ exprNode }
	// ...
	VarargExpr struct{ exprNode }

	// A numeral; all numbers are float64.
	NumberExpr struct {
		exprNode
		Value float64
	}

	// A literal string, escapes decoded: arbitrary bytes.
	StringExpr struct {
		exprNode
		Value string
	}

	// A variable: local, upvalue or global, decided by package resolve.
	NameExpr struct {
		exprNode
		Name string
	}

	// X[Key], or X.name with Key a *StringExpr and Dot set.
	IndexExpr struct {
		exprNode
		X   Expr
		Key Expr
		Dot bool
	}

	// Fn(Args)
	CallExpr struct {
		exprNode
		Fn   Expr
		Args []Expr
		Open diag.Pos // line of the call for messages: the opening bracket or the literal argument
	}

	// Recv:Method(Args)
	MethodCallExpr struct {
		exprNode
		Recv   Expr
		Method *Name
		Args   []Expr
		Open   diag.Pos
	}

	// function (Params, ...) Body end. For a method definition Params starts
	// with an invented "self".
	FunctionExpr struct {
		exprNode
		Name     string // what messages call it: "f", "t.f", "t:m"; "" when anonymous
		Params   []*Name
		IsVararg bool
		IsMethod bool // Params[0] is the implicit self
		Body     *Block
	}

	// { Fields }
	TableExpr struct {
		exprNode
		Fields []*Field
	}

	// X Op Y
	BinaryExpr struct {
		exprNode
		Op    Op
		OpPos diag.Pos
		X, Y  Expr
	}

	// Op X
	UnaryExpr struct {
		exprNode
		Op Op
		X  Expr
	}

	// (X): one value exactly.
	ParenExpr struct {
		exprNode
		X Expr
	}
)

// A Field is one entry of a table constructor: Value, [Key] = Value, or
// Name = Value with Key a *StringExpr.
type Field struct {
	span
	Key   Expr // nil: positional
	Value Expr
}

// Statements (reference manual, section 3.3).
type (
	// local Names = Values
	LocalStmt struct {
		stmtNode
		Names  []*Name
		Values []Expr
	}

	// Targets = Values; a target is a *NameExpr or an *IndexExpr.
	AssignStmt struct {
		stmtNode
		Targets []Expr
		Values  []Expr
	}

	// A call as a statement: Call is a *CallExpr or a *MethodCallExpr.
	CallStmt struct {
		stmtNode
		Call Expr
	}

	// do Body end
	DoStmt struct {
		stmtNode
		Body *Block
	}

	// while Cond do Body end
	WhileStmt struct {
		stmtNode
		Cond Expr
		Body *Block
	}

	// repeat Body until Cond; Cond sees the locals of Body.
	RepeatStmt struct {
		stmtNode
		Body *Block
		Cond Expr
	}

	// if, elseif, ... else; Else may be nil.
	IfStmt struct {
		stmtNode
		Clauses []*IfClause
		Else    *Block
	}

	// for Var = Start, Limit, Step do Body end; Step may be nil.
	NumericForStmt struct {
		stmtNode
		Var                *Name
		Start, Limit, Step Expr
		Body               *Block
	}

	// for Vars in Values do Body end
	GenericForStmt struct {
		stmtNode
		Vars   []*Name
		Values []Expr
		Body   *Block
	}

	// function Target(...) Body end; Target is a *NameExpr or an *IndexExpr.
	FunctionStmt struct {
		stmtNode
		Target Expr
		Fn     *FunctionExpr
	}

	// local function Name(...) Body end
	LocalFunctionStmt struct {
		stmtNode
		Name *Name
		Fn   *FunctionExpr
	}

	// return Values
	ReturnStmt struct {
		stmtNode
		Values []Expr
	}

	// break
	BreakStmt struct{ stmtNode }

	// goto Label
	GotoStmt struct {
		stmtNode
		Label *Name
	}

	// ::Label::
	LabelStmt struct {
		stmtNode
		Label *Name
	}
)

// An IfClause is one "if" or "elseif" arm.
type IfClause struct {
	span
	Cond Expr
	Then diag.Pos // of the word then
	Body *Block
}

// An Op is a unary or binary operator.
type Op uint8

// The operators of Lua 5.2 (reference manual, section 3.4.7).
const (
	OpNone Op = iota
	OpOr
	OpAnd
	OpLess
	OpGreater
	OpLessEqual
	OpGreaterEqual
	OpNotEqual
	OpEqual
	OpConcat
	OpAdd
	OpSub
	OpMul
	OpDiv
	OpMod
	OpNot
	OpLen
	OpNeg
	OpPow
)

var opNames = [...]string{
	OpNone: "?", OpOr: "or", OpAnd: "and", OpLess: "<", OpGreater: ">",
	OpLessEqual: "<=", OpGreaterEqual: ">=", OpNotEqual: "~=", OpEqual: "==",
	OpConcat: "..", OpAdd: "+", OpSub: "-", OpMul: "*", OpDiv: "/", OpMod: "%",
	OpNot: "not", OpLen: "#", OpNeg: "-", OpPow: "^",
}

// String returns the operator as Lua spells it.
func (op Op) String() string { return opNames[op] }
