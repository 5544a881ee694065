package infer

import (
	"sort"

	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/compiler/syntax"
)

// libraryOf maps a global to the standard library that defines it. The base
// library, the string library (every string has its methods) and package
// (require) are always present.
var libraryOf = map[string]string{
	"bit32":     "bit32",
	"coroutine": "coroutine",
	"debug":     "debug",
	"io":        "io",
	"math":      "math",
	"os":        "os",
	"table":     "table",
	"unpack":    "table",
}

// openers are the globals through which a program can reach the globals table
// as a table, or run code that nobody has seen.
var openers = map[string]bool{
	"_G": true, "load": true, "loadstring": true, "loadfile": true, "dofile": true,
	"debug": true, "getfenv": true, "setfenv": true, "module": true,
}

// globals decides PlainGlobals and Libraries. A program that mentions none of
// the openers, no _ENV, requires only modules that are compiled in or belong
// to the host, and uses of the package table nothing but its paths, cannot
// give the globals table a metatable.
func (f *Facts) globals(p *resolve.Program, modules []*resolve.Module, s *surface.Surface) {
	plain := !p.OwnPath
	libraries := map[string]bool{}
	linked := map[string]bool{"string": true}
	for lib := range libraryOf {
		linked[lib] = lib != "debug"
	}
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
			if lib, ok := libraryOf[r.Name]; ok {
				libraries[lib] = true
			}
			if !linked[r.Name] && s.Module(r.Name) == nil {
				plain = false
			}
		}
		syntax.Walk(m.Info.Chunk, func(node syntax.Node) bool {
			switch x := node.(type) {
			case *syntax.IndexExpr:
				if key, ok := x.Key.(*syntax.StringExpr); ok && (key.Value == "path" || key.Value == "cpath" || key.Value == "config") {
					known[x.X] = true
				}
			case *syntax.NameExpr:
				if m.Info.Uses[x] != nil || known[x] {
					break
				}
				if openers[x.Name] || x.Name == "require" || x.Name == "package" {
					plain = false
				}
				if lib, ok := libraryOf[x.Name]; ok {
					libraries[lib] = true
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
