package emit

import (
	"slices"

	"github.com/luago-lang/luago/compiler/stdlib"
)

// A library is a Go package that fills part of the global environment.
type library struct {
	name string // the package's name
	path string
}

// hostModules maps the host modules, which require finds by name, to their
// packages.
var hostModules = map[string]library{
	"coromega": {"wsrt", runtimePath + "wsrt"},
	"json":     {"json", runtimePath + "rt/lib/json"},
	"omega":    {"omega", runtimePath + "rt/lib/omega"},
}

// goPackage maps libraries to the names of their packages, where those are others.
var goPackage = map[string]string{"_G": "base", "string": "strlib", "package": "pkglib"}

// libraries returns the libraries to link, in the order of opening.
func (g *program) libraries() []library {
	var libs []library
	for _, lib := range stdlib.Libraries {
		if !lib.Always && g.facts != nil && g.facts.Libraries != nil && !slices.Contains(g.facts.Libraries, lib.Name) {
			continue
		}
		name := lib.Name
		if n, ok := goPackage[name]; ok {
			name = n
		}
		libs = append(libs, library{name, runtimePath + "rt/lib/" + name})
	}
	for _, name := range []string{"coromega", "json", "omega"} {
		if g.hosts[name] {
			libs = append(libs, hostModules[name])
		}
	}
	if g.facts == nil || !g.facts.NoEval {
		libs = append(libs, library{"eval", runtimePath + "rt/eval"})
	}
	return libs
}
