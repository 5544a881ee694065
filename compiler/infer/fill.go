package infer

import (
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Fills returns the local variables whose tables the counting loop s fills:
// each round assigns element i, the control variable, whatever happens. Room
// for all elements can be made at once.
func (f *Facts) Fills(s *syntax.NumericForStmt) []*resolve.Var {
	if f == nil {
		return nil
	}
	return f.fills[s]
}

// fill decides Fills for the loop s, whose control variable is v.
func (n *numberPass) fill(s *syntax.NumericForStmt, v *resolve.Var) {
	if n.facts.counters[s].direction != 1 || s.Step != nil && constant(s.Step) != 1 || leaves(s.Body) {
		return
	}
	seen := map[*resolve.Var]bool{}
	for _, stmt := range s.Body.Stmts {
		assign, ok := stmt.(*syntax.AssignStmt)
		if !ok {
			continue
		}
		for _, target := range assign.Targets {
			index, ok := target.(*syntax.IndexExpr)
			if !ok {
				continue
			}
			table, ok1 := index.X.(*syntax.NameExpr)
			key, ok2 := index.Key.(*syntax.NameExpr)
			if !ok1 || !ok2 || n.info.Uses[key] != v {
				continue
			}
			t := n.info.Uses[table]
			if t != nil && t.Assigned == 0 && !seen[t] && t.Decl.Before(s.Pos()) {
				seen[t] = true
				n.facts.fills[s] = append(n.facts.fills[s], t)
			}
		}
	}
}

// leaves reports whether b can be left before its end other than by an error.
func leaves(b *syntax.Block) bool {
	found := false
	syntax.Walk(b, func(node syntax.Node) bool {
		switch node.(type) {
		case *syntax.FunctionExpr:
			return false
		case *syntax.BreakStmt, *syntax.GotoStmt, *syntax.ReturnStmt:
			found = true
		}
		return !found
	})
	return found
}
