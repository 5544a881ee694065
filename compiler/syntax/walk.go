package syntax

import "slices"

// Walk calls visit for n and everything below it, parents before children
// and children in source order. It leaves out what is below a node for which
// visit returns false. A nil n has nothing to visit.
//
// It needs no stack space however deep the tree is.
func Walk(n Node, visit func(Node) bool) {
	var room [16]Node
	stack := append(room[:0], n)
	if n == nil {
		return
	}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !visit(top) {
			continue
		}
		base := len(stack)
		stack = appendChildren(stack, top)
		slices.Reverse(stack[base:])
	}
}

// appendChildren appends the children of n to list, in source order.
func appendChildren(list []Node, n Node) []Node {
	switch n := n.(type) {
	case *Chunk:
		list = append(list, n.Body)
	case *Block:
		list = appendAll(list, n.Stmts)
	case *IndexExpr:
		list = append(list, n.X, n.Key)
	case *CallExpr:
		list = appendAll(append(list, n.Fn), n.Args)
	case *MethodCallExpr:
		list = appendAll(append(list, n.Recv, n.Method), n.Args)
	case *FunctionExpr:
		list = append(appendAll(list, n.Params), n.Body)
	case *TableExpr:
		list = appendAll(list, n.Fields)
	case *Field:
		if n.Key != nil {
			list = append(list, n.Key)
		}
		list = append(list, n.Value)
	case *BinaryExpr:
		list = append(list, n.X, n.Y)
	case *UnaryExpr:
		list = append(list, n.X)
	case *ParenExpr:
		list = append(list, n.X)
	default:
		list = appendStmtChildren(list, n)
	}
	return list
}

// appendStmtChildren is appendChildren for statements and their clauses.
func appendStmtChildren(list []Node, n Node) []Node {
	switch n := n.(type) {
	case *LocalStmt:
		list = appendAll(appendAll(list, n.Names), n.Values)
	case *AssignStmt:
		list = appendAll(appendAll(list, n.Targets), n.Values)
	case *CallStmt:
		list = append(list, n.Call)
	case *DoStmt:
		list = append(list, n.Body)
	case *WhileStmt:
		list = append(list, n.Cond, n.Body)
	case *RepeatStmt:
		list = append(list, n.Body, n.Cond)
	case *IfStmt:
		list = appendAll(list, n.Clauses)
		if n.Else != nil {
			list = append(list, n.Else)
		}
	case *IfClause:
		list = append(list, n.Cond, n.Body)
	case *NumericForStmt:
		list = append(list, n.Var, n.Start, n.Limit)
		if n.Step != nil {
			list = append(list, n.Step)
		}
		list = append(list, n.Body)
	case *GenericForStmt:
		list = append(appendAll(appendAll(list, n.Vars), n.Values), n.Body)
	case *FunctionStmt:
		list = append(list, n.Target, n.Fn)
	case *LocalFunctionStmt:
		list = append(list, n.Name, n.Fn)
	case *ReturnStmt:
		list = appendAll(list, n.Values)
	case *GotoStmt:
		list = append(list, n.Label)
	case *LabelStmt:
		list = append(list, n.Label)
	}
	return list
}

func appendAll[N Node](list []Node, nodes []N) []Node {
	for _, n := range nodes {
		list = append(list, n)
	}
	return list
}
