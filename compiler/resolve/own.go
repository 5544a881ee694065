package resolve

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A script may have a json.lua of its own beside it, or an omega.lua that stands in
// for the host's. Such a file is taken, and the host's module of that name is not
// linked; where there is none, the host's is.
//
// Not taken are files that cannot be meant: declarations for editors (---@meta);
// what lies in the original host's own folder of code, where its Lua layer is; and
// a coromega.lua that is written on parts of the module omega that only the
// original host has, while that module comes from here.

// host decides on a required module that the host offers.
func (l *loader) host(req *Require) {
	l.seen[req.Name] = true
	path, shown, text, ok := l.searchIn(req.Name, l.ownTemplates())
	if !ok {
		return
	}
	why := l.foreign(req.Name, path, string(text))
	if why == "" {
		l.add(req.Name, path, shown, text, false)
		return
	}
	l.sink.Warning(diag.OwnHost, rangeOf(req.Arg), "luago's module '%s' is taken, not the file %s, %s", req.Name, shown, why)
}

// ownTemplates returns the templates of package.path without the folders that the
// system has for modules of all programs.
func (l *loader) ownTemplates() []string {
	return slices.DeleteFunc(strings.Split(l.path, ";"), func(template string) bool {
		return slices.Contains(l.Path, template) && strings.HasPrefix(template, "/usr/")
	})
}

// foreign says why the file of a host's module is the original host's own, or ""
// if it is not.
func (l *loader) foreign(name, path, text string) string {
	if isDeclaration(text) {
		return "which declares it for editors"
	}
	if l.CodePath != nil {
		if rel, err := filepath.Rel(filepath.FromSlash(l.CodePath()), path); err == nil && filepath.IsLocal(rel) {
			return "which is in the original host's folder"
		}
	}
	if name != "coromega" {
		return ""
	}
	if _, _, _, own := l.searchIn("omega", l.ownTemplates()); own {
		return ""
	}
	if member := l.missingMember(path, text); member != "" {
		return "which is written on omega." + member + " of the original host"
	}
	return ""
}

// isDeclaration reports whether a file only says what there is, in the notation of
// language servers.
func isDeclaration(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "---@meta"):
			return true
		case line != "" && !strings.HasPrefix(line, "--"):
			return false
		}
	}
	return false
}

// missingMember returns the name of something that a file uses of what it calls
// omega and that the host's module omega does not have, or "".
func (l *loader) missingMember(path, text string) string {
	if l.HostMembers == nil {
		return ""
	}
	members := l.HostMembers("omega")
	var mistakes diag.Sink
	chunk := syntax.Parse(l.program.Files.Add(path, text), &mistakes)
	if mistakes.HasErrors() {
		return ""
	}
	missing := ""
	check := func(recv syntax.Expr, member string) {
		isOmega := false
		switch x := recv.(type) {
		case *syntax.NameExpr:
			isOmega = x.Name == "omega"
		case *syntax.IndexExpr:
			isOmega = isString(x.Key, "omega")
		}
		if isOmega && missing == "" && !slices.Contains(members, member) {
			missing = member
		}
	}
	syntax.Walk(chunk, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.IndexExpr:
			if key, ok := n.Key.(*syntax.StringExpr); ok {
				check(n.X, key.Value)
			}
		case *syntax.MethodCallExpr:
			check(n.Recv, n.Method.Text)
		}
		return true
	})
	return missing
}
