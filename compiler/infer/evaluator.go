package infer

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/compiler/syntax"
)

// evaluator decides NoEval: a program can load a chunk at run time only if it
// names one of the functions that do, or reaches the globals table as a table,
// or requires what was not found when it was compiled.
func (f *Facts) evaluator(p *resolve.Program, modules []*resolve.Module) {
	f.NoEval = true
	because := func(m *resolve.Module, pos diag.Pos, format string, args ...any) {
		if f.NoEval {
			f.NoEval = false
			f.EvalReason = fmt.Sprintf("%s:%d: ", m.Info.Chunk.Name, pos.Line) + fmt.Sprintf(format, args...)
		}
	}
	if p.OwnPath {
		because(p.Main, p.Main.Info.Chunk.Pos(), "package.path is set to what is known only when the program runs")
	}
	unresolved := map[*resolve.Require]bool{}
	for _, r := range p.Unresolved {
		unresolved[r] = true
	}
	for _, m := range modules {
		known := map[syntax.Expr]bool{} // mentions that lead to no loader
		for _, r := range m.Info.Requires {
			known[r.Fn] = true
			if unresolved[r] {
				because(m, r.Arg.Pos(), "module '%s' is searched at run time", r.Name)
			}
		}
		syntax.Walk(m.Info.Chunk, func(node syntax.Node) bool {
			switch x := node.(type) {
			case *syntax.IndexExpr:
				key, ok := x.Key.(*syntax.StringExpr)
				name, isName := x.X.(*syntax.NameExpr)
				if ok && isName && (name.Name == "package" && isHarmless(key.Value) ||
					(name.Name == "_G" || name.Name == "_ENV") && !loadsCode(key.Value) && !reachesAll(key.Value)) {
					known[x.X] = true
				}
			case *syntax.StringExpr:
				if x.Value == "_G" {
					because(m, x.Pos(), "'_G' is named")
				}
			case *syntax.NameExpr:
				switch {
				case m.Info.Uses[x] != nil || known[x]:
				case loadsCode(x.Name):
					because(m, x.Pos(), "%s is used", x.Name)
				case reachesAll(x.Name):
					because(m, x.Pos(), "%s is used as a value", x.Name)
				}
			}
			return true
		})
	}
}

// loadsCode reports whether the global called name loads chunks.
func loadsCode(name string) bool {
	g, _ := stdlib.Global(name)
	return g.Has(stdlib.LoadsCode)
}

// reachesAll reports whether a program can reach all loaders through the global
// called name.
func reachesAll(name string) bool {
	g, _ := stdlib.Global(name)
	return g.Has(stdlib.ReachesAll) || name == "_ENV"
}

// isHarmless reports whether field of the library package leads to no loader.
func isHarmless(field string) bool {
	m := stdlib.Find("package").Member(field)
	return m != nil && !m.Has(stdlib.LoadsCode|stdlib.ReachesAll)
}
