package infer

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// loaders are the library functions that load chunks at run time; require may,
// too.
var loaders = map[string]bool{"load": true, "loadstring": true, "loadfile": true, "dofile": true}

// packageFields are the fields of package that lead to no loader.
var packageFields = map[string]bool{
	"path": true, "cpath": true, "config": true, "loaded": true, "preload": true, "searchpath": true,
}

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
				because(m, r.Fn.Pos(), "module '%s' is searched at run time", r.Name)
			}
		}
		syntax.Walk(m.Info.Chunk, func(node syntax.Node) bool {
			switch x := node.(type) {
			case *syntax.IndexExpr:
				key, ok := x.Key.(*syntax.StringExpr)
				name, isName := x.X.(*syntax.NameExpr)
				if ok && isName && (name.Name == "package" && packageFields[key.Value] ||
					(name.Name == "_G" || name.Name == "_ENV") && !loaders[key.Value] && !tables[key.Value]) {
					known[x.X] = true
				}
			case *syntax.StringExpr:
				if x.Value == "_G" {
					because(m, x.Pos(), "'_G' is named")
				}
			case *syntax.NameExpr:
				switch {
				case m.Info.Uses[x] != nil || known[x]:
				case loaders[x.Name]:
					because(m, x.Pos(), "%s is used", x.Name)
				case tables[x.Name]:
					because(m, x.Pos(), "%s is used as a value", x.Name)
				}
			}
			return true
		})
	}
}

// tables are the globals through which a program can reach all loaders.
var tables = map[string]bool{"_G": true, "_ENV": true, "package": true, "require": true, "getfenv": true}
