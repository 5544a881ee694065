package emit

// A library is a Go package that fills part of the global environment.
type library struct {
	name string // the package's name
	path string
}

// always are the libraries of every program, in the order of opening.
var always = []string{"base", "package", "string"}

// optional are the libraries that a program may do without, in the order of
// opening; the names are those of infer.Facts.Libraries.
var optional = []string{"table", "math", "bit32", "coroutine", "os", "io", "debug"}

// hostModules maps the host modules, which require finds by name, to their
// packages.
var hostModules = map[string]library{
	"coromega": {"wsrt", runtimePath + "wsrt"},
	"json":     {"json", runtimePath + "rt/lib/json"},
	"omega":    {"omega", runtimePath + "rt/lib/omega"},
}

// goPackage maps names that are taken in Go to the packages' own names.
var goPackage = map[string]string{"string": "strlib", "package": "pkglib"}

// libraries returns the libraries to link, in the order of opening.
func (g *program) libraries() []library {
	var libs []library
	add := func(lib string) {
		name := lib
		if n, ok := goPackage[lib]; ok {
			name = n
		}
		libs = append(libs, library{name, runtimePath + "rt/lib/" + name})
	}
	for _, lib := range always {
		add(lib)
	}
	linked := map[string]bool{}
	if g.facts != nil {
		for _, lib := range g.facts.Libraries {
			linked[lib] = true
		}
	}
	for _, lib := range optional {
		if g.facts == nil || g.facts.Libraries == nil || linked[lib] {
			add(lib)
		}
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
