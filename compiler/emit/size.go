package emit

import (
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Fast paths written out make code fast, and make it take Go's compiler longer
// than in proportion. So there is a limit for each function and a budget for the
// program, and loops come first, the innermost before all others.

// Limits in operations (docs/rationale.md, "Why are large functions slower?").
const (
	largeFunction = 300    // has fast paths in loops only
	hugeFunction  = 2_500  // has none
	programBudget = 40_000 // of a program's operations have them
)

// maxLoops is the depth of loops from which on they are all alike.
const maxLoops = 4

// noInlining is a depth that no loop has.
const noInlining = 1 << 30

// inline reports whether fast paths are written out at the current place.
func (f *function) inline() bool {
	return f.loops >= f.inlineDepth && f.m.records < resolve.RecordLines
}

// inlineDepth returns from which depth of loops on a function with the given
// body has fast paths, as far as its own size goes.
func inlineDepth(body *syntax.Block) int {
	switch ops := countOperations(body); {
	case ops > hugeFunction:
		return noInlining
	case ops > largeFunction:
		return 1
	}
	return 0
}

// programInlineDepth is inlineDepth for all functions of a program together.
func programInlineDepth(chunks []*syntax.Chunk) int {
	var ops [maxLoops + 1]int
	for _, c := range chunks {
		countByDepth(c, 0, &ops)
	}
	depth := maxLoops + 1
	for total := 0; depth > 0; depth-- {
		if total += ops[depth-1]; total > programBudget {
			break
		}
	}
	return depth
}

// countByDepth adds the operations in and below root to those of the depth of
// loops around them, in their function; root itself is at the given depth.
func countByDepth(root syntax.Node, depth int, ops *[maxLoops + 1]int) {
	syntax.Walk(root, func(n syntax.Node) bool {
		if n == root {
			return true
		}
		ops[depth] += weight(n)
		switch n.(type) {
		case *syntax.FunctionExpr:
			countByDepth(n, 0, ops)
			return false
		case *syntax.WhileStmt, *syntax.RepeatStmt, *syntax.NumericForStmt, *syntax.GenericForStmt:
			countByDepth(n, min(depth+1, maxLoops), ops)
			return false
		}
		return true
	})
}

// countOperations estimates how much code a block becomes, without the
// functions in it.
func countOperations(b *syntax.Block) int {
	total := 0
	syntax.Walk(b, func(n syntax.Node) bool {
		total += weight(n)
		_, isFunction := n.(*syntax.FunctionExpr)
		return !isFunction
	})
	return total
}

// weight returns how many operations a node counts for.
func weight(n syntax.Node) int {
	switch n.(type) {
	case *syntax.FunctionExpr, *syntax.MethodCallExpr:
		return 2
	case *syntax.BinaryExpr, *syntax.UnaryExpr, *syntax.IndexExpr, *syntax.CallExpr, *syntax.AssignStmt:
		return 1
	}
	return 0
}
