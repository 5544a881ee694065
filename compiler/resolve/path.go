package resolve

import "github.com/luago-lang/luago/compiler/syntax"

// Scripts extend package.path before they require modules of their own:
//
//	package.path = "lib/?.lua;" .. package.path
//	package.path = ("%s;%s"):format(package.path, omega.storage_path.get_code_path("lua", "?.lua"))
//
// What they set it to is followed as far as it is known when the program is
// compiled. A program that sets it to something else looks there when it runs, in
// front of what is linked in.

// setPath notes an assignment to package.path.
func (l *loader) setPath(v value, certain bool) {
	path, known := v.str()
	certain = certain && known && !v.guess
	if !certain {
		l.program.OwnPath = true
	}
	switch {
	case certain:
		l.path = path
	case known:
		l.path = path + ";" + l.path
	}
}

func isString(x syntax.Expr, value string) bool {
	s, ok := x.(*syntax.StringExpr)
	return ok && s.Value == value
}

// codePathCall evaluates omega.storage_path.get_code_path(...), whatever omega is
// called.
func (w *walker) codePathCall(x *syntax.CallExpr) (path value, ok bool) {
	fn, ok := x.Fn.(*syntax.IndexExpr)
	if !ok || !isString(fn.Key, "get_code_path") {
		return value{}, false
	}
	of, ok := fn.X.(*syntax.IndexExpr)
	if !ok || !isString(of.Key, "storage_path") {
		return value{}, false
	}
	var parts []string
	for _, arg := range w.list(x.Args) {
		part, ok := arg.str()
		if !ok {
			return value{}, true
		}
		path = path.guessed(arg)
		parts = append(parts, part)
	}
	if w.CodePath == nil {
		return value{}, true
	}
	path.kind, path.text = stringKind, w.CodePath(parts...)
	return path, true
}
