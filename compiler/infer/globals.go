package infer

import (
	"sort"

	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/compiler/syntax"
)

// globals decides PlainGlobals and Libraries. A program that mentions none of
// the openers, no _ENV, requires only modules that are compiled in or belong
// to the host, and uses of the package table nothing but its paths, cannot
// give the globals table a metatable.
func (f *Facts) globals(p *resolve.Program, modules []*resolve.Module, s *surface.Surface) {
	plain := !p.OwnPath
	libraries := map[string]bool{}
	linked := map[string]bool{}
	for _, lib := range stdlib.Libraries {
		g, _ := stdlib.Global(lib.Name)
		linked[lib.Name] = g.Needs != "" && !g.Has(stdlib.OpensGlobals)
	}
	linked["string"] = true
	for _, m := range p.Modules {
		linked[m.Name] = true
	}
	for _, b := range p.Broken {
		linked[b.Name] = true
	}
	for _, m := range modules {
		if m.Info.EnvRead || len(m.Info.EnvOf) > 0 {
			plain = false
		}
		known := map[syntax.Expr]bool{} // mentions that open nothing
		for _, r := range m.Info.Requires {
			known[r.Fn] = true
			if g, ok := stdlib.Global(r.Name); ok && g.Needs == r.Name {
				libraries[r.Name] = true
			}
			if !linked[r.Name] && s.Module(r.Name) == nil {
				plain = false
			}
		}
		syntax.Walk(m.Info.Chunk, func(node syntax.Node) bool {
			switch x := node.(type) {
			case *syntax.IndexExpr:
				if key, ok := x.Key.(*syntax.StringExpr); ok {
					if field := stdlib.Find("package").Member(key.Value); field != nil && field.Has(stdlib.IsText) {
						known[x.X] = true
					}
				}
			case *syntax.NameExpr:
				if m.Info.Uses[x] != nil || known[x] {
					break
				}
				g, _ := stdlib.Global(x.Name)
				if g.Has(stdlib.OpensGlobals | stdlib.ReachesAll) {
					plain = false
				}
				if g.Needs != "" {
					libraries[g.Needs] = true
				}
			}
			return true
		})
	}
	f.PlainGlobals = plain
	if !plain {
		return
	}
	f.Libraries = []string{}
	for lib := range libraries {
		f.Libraries = append(f.Libraries, lib)
	}
	sort.Strings(f.Libraries)
}
