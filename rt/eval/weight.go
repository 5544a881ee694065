package eval

import "github.com/luago-lang/luago/compiler/syntax"

// The Go stack that evaluated code needs grows with the nesting of expressions
// and statements, not only with the calls in progress. So each function is
// given a weight for the depth counter, from an estimate of the frames that
// its innermost call finds around it.

// Go stack in bytes: of one unit of depth (see rt.MaxDepth), of the entry of a
// function, and of the closures that nodes become.
const (
	unitSize  = 2000
	callSize  = 400
	smallSize = 160
	largeSize = 750 // those that collect values
)

// nested runs build, which makes the closures of the node n, with their size
// added to the stack.
func nested[T any](f *function, n syntax.Node, build func() T) T {
	size := smallSize
	if collects(n) {
		size = largeSize
	}
	f.stack += size
	f.maxStack = max(f.maxStack, f.stack)
	t := build()
	f.stack -= size
	return t
}

// collects reports whether the closures of n hold lists of values.
func collects(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.CallExpr, *syntax.MethodCallExpr, *syntax.TableExpr, *syntax.GenericForStmt:
		return true
	case *syntax.BinaryExpr:
		return n.Op == syntax.OpConcat
	case *syntax.AssignStmt:
		return len(n.Targets) > 1
	case *syntax.ReturnStmt:
		return len(n.Values) > 1
	}
	return false
}
