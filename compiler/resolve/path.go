package resolve

import (
	"strings"

	"github.com/luago-lang/luago/compiler/syntax"
)

// Scripts extend package.path before they require modules of their own:
//
//	package.path = "lib/?.lua;" .. package.path
//	package.path = ("%s;%s"):format(package.path, omega.storage_path.get_code_path("lua", "?.lua"))
//
// setPath follows such assignments, where they stand outside functions and
// blocks and all parts are constant. Any other assignment is left to run time
// and changes nothing here.
func (l *loader) setPath(info *Info) {
	for _, s := range info.Chunk.Body.Stmts {
		a, ok := s.(*syntax.AssignStmt)
		if !ok || len(a.Targets) != 1 || len(a.Values) != 1 || !isPackagePath(info, a.Targets[0]) {
			continue
		}
		if path, ok := l.constant(info, a.Values[0]); ok {
			l.path = path
		}
	}
}

// isPackagePath reports whether x is the field path of the global package.
func isPackagePath(info *Info, x syntax.Expr) bool {
	field, ok := x.(*syntax.IndexExpr)
	if !ok || !isString(field.Key, "path") {
		return false
	}
	return info.IsGlobal(field.X, "package")
}

func isString(x syntax.Expr, value string) bool {
	s, ok := x.(*syntax.StringExpr)
	return ok && s.Value == value
}

// constant returns the string that x yields, if it is made of constants,
// package.path, "..", format("...%s...") and get_code_path.
func (l *loader) constant(info *Info, x syntax.Expr) (string, bool) {
	switch x := x.(type) {
	case *syntax.StringExpr:
		return x.Value, true
	case *syntax.ParenExpr:
		return l.constant(info, x.X)
	case *syntax.IndexExpr:
		return l.path, isPackagePath(info, x)
	case *syntax.BinaryExpr:
		if x.Op != syntax.OpConcat {
			return "", false
		}
		parts, ok := l.constants(info, []syntax.Expr{x.X, x.Y})
		return strings.Join(parts, ""), ok
	case *syntax.MethodCallExpr:
		format, ok := l.constant(info, x.Recv)
		if !ok || x.Method.Text != "format" {
			return "", false
		}
		args, ok := l.constants(info, x.Args)
		pieces := strings.Split(format, "%s")
		if !ok || len(pieces) != len(args)+1 || strings.Count(format, "%") != len(args) {
			return "", false
		}
		var b strings.Builder
		b.WriteString(pieces[0])
		for i, arg := range args {
			b.WriteString(arg + pieces[i+1])
		}
		return b.String(), true
	case *syntax.CallExpr:
		return l.codePath(info, x)
	}
	return "", false
}

func (l *loader) constants(info *Info, list []syntax.Expr) ([]string, bool) {
	var values []string
	for _, x := range list {
		v, ok := l.constant(info, x)
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

// codePath evaluates omega.storage_path.get_code_path(...), whatever omega is
// called.
func (l *loader) codePath(info *Info, x *syntax.CallExpr) (string, bool) {
	if l.CodePath == nil {
		return "", false
	}
	fn, ok := x.Fn.(*syntax.IndexExpr)
	if !ok || !isString(fn.Key, "get_code_path") {
		return "", false
	}
	of, ok := fn.X.(*syntax.IndexExpr)
	if !ok || !isString(of.Key, "storage_path") {
		return "", false
	}
	parts, ok := l.constants(info, x.Args)
	if !ok {
		return "", false
	}
	return l.CodePath(parts...), true
}
