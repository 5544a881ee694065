package resolve

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// missing reports the requires that will look for a file when the program runs:
// as warnings, or where Options.Strict as errors.
func (l *loader) missing() {
	severity := diag.Warning
	if l.Strict {
		severity = diag.Error
	}
	report := func(code diag.Code, r *Require, format string, args ...any) *diag.Diagnostic {
		d := &diag.Diagnostic{Code: code, Range: rangeOf(r.Arg), Severity: severity, Message: fmt.Sprintf(format, args...)}
		l.sink.Report(d)
		return d
	}
	if len(l.program.Unresolved)+len(l.program.Open) == 0 {
		return
	}
	own, any := l.provided()
	for _, r := range l.program.Unresolved {
		if !r.Guarded && !any && !own[r.Name] {
			report(diag.ModuleNotFound, r, "module '%s' is not found; the program will look for its file when it runs", r.Name)
		}
	}
	for _, r := range l.program.Open {
		if len(l.Link) == 0 {
			report(diag.OpenRequire, r, "which module is required here is known only when the program runs; it will look for a file then").
				Hint("modules that are named with -link are part of the program")
		}
	}
}

// provided returns the names of the modules that the program itself puts into
// package.preload or package.loaded; any says that these can be any names.
func (l *loader) provided() (own map[string]bool, any bool) {
	own = map[string]bool{}
	for _, m := range l.program.All() {
		if m.Info == nil {
			continue
		}
		known := map[syntax.Node]bool{} // mentions of package.x as the table of package.x.y
		syntax.Walk(m.Info.Chunk, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.AssignStmt:
				for _, target := range n.Targets {
					field, ok := target.(*syntax.IndexExpr)
					if !ok || !isPackageField(m.Info, field.X, "preload") && !isPackageField(m.Info, field.X, "loaded") {
						continue
					}
					known[field.X] = true
					if key, ok := field.Key.(*syntax.StringExpr); ok {
						own[key.Value] = true
					} else {
						any = true
					}
				}
			case *syntax.IndexExpr:
				switch {
				case isPackageField(m.Info, n.X, "preload"):
					known[n.X] = true
				case known[n]:
				case isPackageField(m.Info, n, "preload"), isPackageField(m.Info, n, "searchers"), isPackageField(m.Info, n, "loaders"):
					any = true
				}
			}
			return true
		})
	}
	return own, any
}

// isPackageField reports whether x is a field of the global package.
func isPackageField(info *Info, x syntax.Expr, name string) bool {
	field, ok := x.(*syntax.IndexExpr)
	return ok && isString(field.Key, name) && info.IsGlobal(field.X, "package")
}

// linkByHand links the modules of Options.Link: a name, or "name.*" for all files of
// a folder.
func (l *loader) linkByHand() {
	for _, name := range l.Link {
		start, isFamily := strings.CutSuffix(name, "*")
		found := l.seen[name]
		switch {
		case isFamily && strings.HasSuffix(start, "."):
			found = l.family(start, "")
		case !found:
			found = l.module(name, false)
		}
		if !found {
			l.sink.Error(diag.ModuleNotFound, diag.Range{}, "module '%s', which is to be linked, is not found", name)
		}
	}
}
