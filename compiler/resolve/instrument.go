package resolve

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/compiler/syntax"
)

// isDebugger reports whether name is a function of the debug library for which a
// program must keep records of its calls.
func isDebugger(name string) bool { return has("debug", name, stdlib.RecordsCalls) }

// Instrumented says why the program must keep records of its calls, with the
// lines, functions and variables of each, for the debug library; "" if it need
// not. It must if it indexes anything with the name of a function that needs them,
// has such a name in a string where it also passes debug on as a value, indexes
// debug with what is known only at run time, or asks getinfo for the function of a
// call or for the lines of a function.
func (p *Program) Instrumented() string {
	for _, m := range p.All() {
		if why := m.Info.instrumented(); why != "" {
			return why
		}
	}
	return ""
}

func (info *Info) instrumented() string {
	why := ""
	named := map[string]bool{}
	asksFunction, asksLines, inString, passesDebug := "", "", "", false
	handled := map[syntax.Node]bool{} // parts of what is decided already
	isDebug := func(x syntax.Expr) bool {
		name, ok := x.(*syntax.NameExpr)
		return ok && name.Name == "debug" && info.Uses[name] == nil
	}
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		at := func(format string, args ...any) string {
			return fmt.Sprintf("%s:%d: ", info.Chunk.Name, n.Pos().Line) + fmt.Sprintf(format, args...)
		}
		switch n := n.(type) {
		case *syntax.StringExpr:
			named[n.Value] = true
			if isDebugger(n.Value) && !handled[n] && inString == "" {
				inString = at("'%s' is named, and debug is passed on", n.Value)
			}
		case *syntax.NameExpr:
			passesDebug = passesDebug || isDebug(n) && !handled[n]
		case *syntax.IndexExpr:
			key, ok := n.Key.(*syntax.StringExpr)
			switch {
			case ok && isDebugger(key.Value):
				why = at("'%s' is used", key.Value)
			case !ok && isDebug(n.X):
				why = at("debug is indexed with an unknown name")
			}
			handled[n.X] = true
			if ok {
				handled[key] = true
			}
		case *syntax.CallExpr:
			function, lines := asksGetinfo(n)
			if function && asksFunction == "" {
				asksFunction = at("getinfo is asked for the function of a call")
			}
			if lines && asksLines == "" {
				asksLines = at("getinfo is asked for the lines of a function")
			}
		}
		return why == ""
	})
	switch {
	case why != "":
		return why
	case inString != "" && passesDebug:
		return inString
	case named["func"] && asksFunction != "":
		return asksFunction
	case named["activelines"]:
		return asksLines
	}
	return ""
}

// asksGetinfo reports whether n may be a call of getinfo with a level that returns
// the field func, and whether it is one that returns activelines.
func asksGetinfo(n *syntax.CallExpr) (function, lines bool) {
	fn, ok := n.Fn.(*syntax.IndexExpr)
	if !ok {
		return false, false
	}
	key, ok := fn.Key.(*syntax.StringExpr)
	if !ok || key.Value != "getinfo" || len(n.Args) == 0 {
		return false, false
	}
	if what, ok := n.Args[len(n.Args)-1].(*syntax.StringExpr); ok {
		return strings.Contains(what.Value, "f"), strings.Contains(what.Value, "L")
	}
	_, hasLevel := n.Args[0].(*syntax.NumberExpr)
	return hasLevel, false
}
