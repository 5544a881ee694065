package resolve

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/syntax"
)

// debuggers are the functions of the debug library for which a program must keep
// records of its calls, and the field that getinfo can only fill if it does.
var debuggers = map[string]bool{"sethook": true, "getlocal": true, "setlocal": true, "activelines": true}

// Instrumented says why the program must keep records of its calls, with the
// lines, functions and variables of each, for the debug library; "" if it need
// not. It must if it names a function that needs them, indexes debug with what is
// known only at run time, or asks getinfo for the function of a call.
func (p *Program) Instrumented() string {
	for _, m := range append([]*Module{p.Main}, p.Modules...) {
		if why := m.Info.instrumented(); why != "" {
			return why
		}
	}
	return ""
}

func (info *Info) instrumented() string {
	why := ""
	asksFunction, namesFunc := "", false
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		at := func(format string, args ...any) string {
			return fmt.Sprintf("%s:%d: ", info.Chunk.Name, n.Pos().Line) + fmt.Sprintf(format, args...)
		}
		switch n := n.(type) {
		case *syntax.StringExpr:
			namesFunc = namesFunc || n.Value == "func"
			if debuggers[n.Value] {
				why = at("'%s' is named", n.Value)
			}
		case *syntax.IndexExpr:
			if _, ok := n.Key.(*syntax.StringExpr); ok {
				break
			}
			if x, ok := n.X.(*syntax.NameExpr); ok && x.Name == "debug" && info.Uses[x] == nil {
				why = at("debug is indexed with an unknown name")
			}
		case *syntax.CallExpr:
			if asksFunction == "" && asksForFunction(n) {
				asksFunction = at("getinfo is asked for the function of a call")
			}
		}
		return why == ""
	})
	if why == "" && namesFunc {
		return asksFunction
	}
	return why
}

// asksForFunction reports whether n may be a call of getinfo with a level, that
// returns the field func.
func asksForFunction(n *syntax.CallExpr) bool {
	fn, ok := n.Fn.(*syntax.IndexExpr)
	if !ok {
		return false
	}
	key, ok := fn.Key.(*syntax.StringExpr)
	if !ok || key.Value != "getinfo" || len(n.Args) == 0 {
		return false
	}
	_, hasLevel := n.Args[0].(*syntax.NumberExpr)
	what, ok := n.Args[len(n.Args)-1].(*syntax.StringExpr)
	if ok {
		for _, c := range what.Value {
			if c == 'f' {
				return true
			}
		}
		return false
	}
	return hasLevel
}
