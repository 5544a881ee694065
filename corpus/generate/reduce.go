package generate

import (
	"slices"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Reduce returns a smaller program that still shows what differs reports: the
// index of a program of the list that does, or -1. It is asked about several
// programs at once, since compiling them one by one would take long, and some
// hundred times at most.
//
// The program is cut as a tree: statements go, bodies take the place of the
// loops and branches around them, operands that of their operators.
func Reduce(src string, differs func(programs []string) int) string {
	const batch = 16
	best := src
	for range 400 {
		smaller := cuts(best)
		found := ""
		for programs := range slices.Chunk(smaller, batch) {
			if i := differs(programs); i >= 0 {
				found = programs[i]
				break
			}
		}
		if found == "" {
			break
		}
		best = found
	}
	return best
}

// A cutter changes a tree, prints it, and changes it back.
type cutter struct {
	chunk *syntax.Chunk
	size  int
	cuts  []string
	seen  map[string]bool
}

// parse returns the tree of a program, or nil if it is wrong.
func parse(src string) *syntax.Chunk {
	var files diag.Files
	var sink diag.Sink
	chunk := syntax.Parse(files.Add("main.lua", src), &sink)
	if !sink.HasErrors() {
		resolve.Resolve(chunk, &sink)
	}
	if sink.HasErrors() {
		return nil
	}
	return chunk
}

// cuts returns what a program becomes by one cut each, the large cuts first.
// A cut that makes it wrong, as one of a label does, is none.
func cuts(src string) []string {
	chunk := parse(src)
	if chunk == nil {
		return nil
	}
	c := &cutter{chunk: chunk, size: len(src), seen: map[string]bool{}}
	var blocks []*syntax.Block
	syntax.Walk(chunk, func(n syntax.Node) bool {
		if b, ok := n.(*syntax.Block); ok {
			blocks = append(blocks, b)
		}
		return true
	})
	for n := 64; n >= 1; n /= 2 {
		for _, b := range blocks {
			c.statements(b, n)
		}
	}
	for _, b := range blocks {
		c.unwrap(b)
	}
	syntax.Walk(chunk, func(n syntax.Node) bool {
		c.expressions(n)
		return true
	})
	return c.cuts
}

// take notes the tree as it is.
func (c *cutter) take() {
	s := syntax.Print(c.chunk)
	if len(s) < c.size && !c.seen[s] {
		c.seen[s] = true
		if parse(s) != nil {
			c.cuts = append(c.cuts, s)
		}
	}
}

// statements cuts n statements of a block at a time.
func (c *cutter) statements(b *syntax.Block, n int) {
	if n > len(b.Stmts) {
		return
	}
	whole := b.Stmts
	for i := len(whole) - n; i >= 0; i -= n {
		b.Stmts = slices.Concat(whole[:i], whole[i+n:])
		c.take()
	}
	b.Stmts = whole
}

// unwrap puts what is in the statements of a block into their places.
func (c *cutter) unwrap(b *syntax.Block) {
	whole := b.Stmts
	for i, s := range whole {
		for _, inner := range bodies(s) {
			stmts := inner.Stmts
			if n := len(stmts); n > 0 {
				if _, ok := stmts[n-1].(*syntax.ReturnStmt); ok {
					stmts = stmts[:n-1] // it may only stand at the end
				}
			}
			b.Stmts = slices.Concat(whole[:i], stmts, whole[i+1:])
			c.take()
		}
	}
	b.Stmts = whole
}

// bodies returns the blocks of a statement, and those of the functions in it.
func bodies(s syntax.Stmt) []*syntax.Block {
	switch s := s.(type) {
	case *syntax.DoStmt:
		return []*syntax.Block{s.Body}
	case *syntax.WhileStmt:
		return []*syntax.Block{s.Body}
	case *syntax.RepeatStmt:
		return []*syntax.Block{s.Body}
	case *syntax.NumericForStmt:
		return []*syntax.Block{s.Body}
	case *syntax.GenericForStmt:
		return []*syntax.Block{s.Body}
	case *syntax.IfStmt:
		var list []*syntax.Block
		for _, clause := range s.Clauses {
			list = append(list, clause.Body)
		}
		if s.Else != nil {
			list = append(list, s.Else)
		}
		return list
	}
	var list []*syntax.Block
	syntax.Walk(s, func(n syntax.Node) bool {
		f, ok := n.(*syntax.FunctionExpr)
		if ok {
			list = append(list, f.Body)
		}
		return !ok
	})
	return list
}

// expressions makes the expressions that a node holds smaller.
func (c *cutter) expressions(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.LocalStmt:
		c.list(&n.Values)
	case *syntax.AssignStmt:
		c.list(&n.Values)
	case *syntax.ReturnStmt:
		c.list(&n.Values)
	case *syntax.CallExpr:
		c.list(&n.Args)
	case *syntax.MethodCallExpr:
		c.list(&n.Args)
		c.one(&n.Recv)
	case *syntax.BinaryExpr:
		c.one(&n.X)
		c.one(&n.Y)
	case *syntax.UnaryExpr:
		c.one(&n.X)
	case *syntax.ParenExpr:
		c.one(&n.X)
	case *syntax.IndexExpr:
		c.one(&n.X)
	case *syntax.IfClause:
		c.one(&n.Cond)
	case *syntax.WhileStmt:
		c.one(&n.Cond)
	case *syntax.TableExpr:
		whole := n.Fields
		for i, f := range whole {
			n.Fields = slices.Concat(whole[:i], whole[i+1:])
			c.take()
			n.Fields = whole
			c.one(&f.Value)
		}
	}
}

// list cuts one expression of a list at a time, or makes it smaller.
func (c *cutter) list(list *[]syntax.Expr) {
	whole := *list
	for i := range whole {
		*list = slices.Concat(whole[:i], whole[i+1:])
		c.take()
		*list = whole
		c.one(&whole[i])
	}
}

// one puts the parts of an expression into its place.
func (c *cutter) one(at *syntax.Expr) {
	whole := *at
	var parts []syntax.Expr
	switch x := whole.(type) {
	case *syntax.BinaryExpr:
		parts = []syntax.Expr{x.X, x.Y}
	case *syntax.UnaryExpr:
		parts = []syntax.Expr{x.X}
	case *syntax.ParenExpr:
		parts = []syntax.Expr{x.X}
	case *syntax.CallExpr:
		parts = x.Args
	case *syntax.IndexExpr:
		parts = []syntax.Expr{x.X}
	}
	for _, part := range parts {
		*at = part
		c.take()
	}
	*at = whole
}
