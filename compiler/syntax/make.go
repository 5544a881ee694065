package syntax

// Nodes that no source text stands for: they lie where another node does.

// MakeName returns a mention of a variable.
func MakeName(at Node, name string) *NameExpr {
	n := &NameExpr{Name: name}
	n.start, n.end = at.Pos(), at.Pos()
	return n
}

// MakeNumber returns a numeral.
func MakeNumber(at Node, value float64) *NumberExpr {
	n := &NumberExpr{Value: value}
	n.start, n.end = at.Pos(), at.Pos()
	return n
}

// MakeLocal returns the statement "local name = value".
func MakeLocal(at Node, name string, value Expr) *LocalStmt {
	s := &LocalStmt{Names: []*Name{{Text: name}}, Values: []Expr{value}}
	s.start, s.end = at.Pos(), at.End()
	s.Names[0].start, s.Names[0].end = at.Pos(), at.Pos()
	return s
}

// MakeFunction returns the expression "(function(param) return value end)".
func MakeFunction(at Node, param string, value Expr) *ParenExpr {
	where := span{at.Pos(), at.End()}
	result := &ReturnStmt{stmtNode{where}, []Expr{value}}
	fn := &FunctionExpr{exprNode: exprNode{where}, Params: []*Name{{where, param}}, Body: &Block{where, []Stmt{result}}}
	return &ParenExpr{exprNode{where}, fn}
}

// MakeAssign returns the statement "target = value".
func MakeAssign(at Node, target, value Expr) *AssignStmt {
	s := &AssignStmt{Targets: []Expr{target}, Values: []Expr{value}}
	s.start, s.end = at.Pos(), at.End()
	return s
}
