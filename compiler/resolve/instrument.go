package resolve

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Records says what a program must record of its calls for the debug library.
type Records uint8

const (
	NoRecords       Records = iota
	RecordFunctions         // which functions are called: getinfo(level, "f")
	RecordLines             // also the lines that they are on: hooks
	RecordVariables         // also their variables: getlocal and setlocal
)

// recordsFor returns what the function name of the debug library needs.
func recordsFor(name string) Records {
	switch {
	case !has("debug", name, stdlib.RecordsCalls):
		return NoRecords
	case name == "sethook":
		return RecordLines
	}
	return RecordVariables
}

// Instrumented says why the program must keep records of its calls, "" if it need
// not.
func (p *Program) Instrumented() string {
	_, why := p.Records()
	return why
}

// Records says what the program must record of its calls, and why. It must if a call
// can reach a function that needs it:
//
//	debug.sethook(...), x.sethook(...)     calls it
//	f(debug.sethook)                       passes it on
//	f(debug, "sethook")                    passes debug on, and has the name
//	debug[k]                               may be any
//
// A value that is only tested, or kept in a local variable that is never used but
// for tests, reaches nothing. Or it must if it asks getinfo for the function of a
// call, or for the lines of a function.
func (p *Program) Records() (Records, string) {
	most, reason := NoRecords, ""
	for _, m := range p.All() {
		r := &recorder{info: m.Info, quiet: map[syntax.Expr]bool{}, strings: map[string]bool{}}
		if r.find(); r.most > most {
			most, reason = r.most, r.why
		}
	}
	return most, reason
}

// A recorder finds out what a chunk must record.
type recorder struct {
	info  *Info
	quiet map[syntax.Expr]bool // values that are only tested, or looked into
	most  Records
	why   string

	strings                map[string]bool // the program has
	named                  Records         // what names in strings need
	whyNamed               string
	passesDebug            bool
	asksFunction, asksLine string // getinfo
}

// need notes that the chunk must record so much because of what stands at n.
func (r *recorder) need(what Records, n syntax.Node, format string, args ...any) {
	if what > r.most {
		r.most, r.why = what, r.at(n, format, args...)
	}
}

func (r *recorder) at(n syntax.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: ", r.info.Chunk.Name, n.Pos().Line) + fmt.Sprintf(format, args...)
}

func (r *recorder) find() {
	mentions := map[*Var][]*syntax.NameExpr{}
	var locals []*syntax.LocalStmt
	syntax.Walk(r.info.Chunk, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.NameExpr:
			if v := r.info.Uses[n]; v != nil {
				mentions[v] = append(mentions[v], n)
			}
		case *syntax.LocalStmt:
			locals = append(locals, n)
		}
		r.tests(n)
		return true
	})
	// Backwards, as a variable can be the value of a later one.
	for i := len(locals) - 1; i >= 0; i-- {
		s := locals[i]
		for j, x := range s.Values {
			if j < len(s.Names) && r.isQuiet(mentions[r.info.Defs[s.Names[j]]]) {
				r.test(x)
			}
		}
	}
	syntax.Walk(r.info.Chunk, func(n syntax.Node) bool {
		r.node(n)
		return true
	})
	if r.passesDebug && r.named > r.most {
		r.most, r.why = r.named, r.whyNamed
	}
	if r.strings["func"] && r.asksFunction != "" && r.most < RecordFunctions {
		r.most, r.why = RecordFunctions, r.asksFunction
	}
	if r.strings["activelines"] && r.asksLine != "" && r.most < RecordLines {
		r.most, r.why = RecordLines, r.asksLine
	}
}

// isQuiet reports whether all mentions of a variable are quiet.
func (r *recorder) isQuiet(mentions []*syntax.NameExpr) bool {
	for _, x := range mentions {
		if !r.quiet[x] {
			return false
		}
	}
	return true
}

// tests notes which values n only tests.
func (r *recorder) tests(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.IfStmt:
		for _, c := range n.Clauses {
			r.test(c.Cond)
		}
	case *syntax.WhileStmt:
		r.test(n.Cond)
	case *syntax.RepeatStmt:
		r.test(n.Cond)
	case *syntax.UnaryExpr:
		if n.Op == syntax.OpNot {
			r.test(n.X)
		}
	case *syntax.BinaryExpr:
		switch n.Op {
		case syntax.OpEqual, syntax.OpNotEqual:
			r.test(n.X)
			r.test(n.Y)
		case syntax.OpAnd: // its left operand comes through only if it is false
			r.test(n.X)
		}
	case *syntax.CallExpr:
		if len(n.Args) > 0 && r.info.IsGlobal(n.Fn, "type") {
			r.test(n.Args[0])
		}
	case *syntax.Field:
		if n.Key != nil {
			r.test(n.Key)
		}
	case *syntax.IndexExpr:
		if _, ok := n.Key.(*syntax.StringExpr); ok {
			r.quiet[n.X], r.quiet[n.Key] = true, true
		}
	}
}

// test notes that the value of x is only tested.
func (r *recorder) test(x syntax.Expr) {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		r.test(x.X)
	case *syntax.BinaryExpr:
		if x.Op == syntax.OpAnd || x.Op == syntax.OpOr {
			r.test(x.X)
			r.test(x.Y)
		}
	default:
		r.quiet[x] = true
	}
}

// node notes what n needs.
func (r *recorder) node(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.StringExpr:
		r.strings[n.Value] = true
		if what := recordsFor(n.Value); what > r.named && !r.quiet[n] {
			r.named, r.whyNamed = what, r.at(n, "'%s' is named, and debug is passed on", n.Value)
		}
	case *syntax.NameExpr:
		if r.isDebug(n) && !r.quiet[n] {
			r.passesDebug = true
		}
	case *syntax.IndexExpr:
		key, ok := n.Key.(*syntax.StringExpr)
		switch {
		case !ok && r.isDebug(n.X):
			r.need(RecordVariables, n, "debug is indexed with an unknown name")
		case ok && !r.quiet[n]:
			r.need(recordsFor(key.Value), n, "'%s' is used", key.Value)
		}
	case *syntax.CallExpr:
		function, lines := asksGetinfo(n)
		if function && r.asksFunction == "" {
			r.asksFunction = r.at(n, "getinfo is asked for the function of a call")
		}
		if lines && r.asksLine == "" {
			r.asksLine = r.at(n, "getinfo is asked for the lines of a function")
		}
	}
}

// isDebug reports whether x is the global variable debug.
func (r *recorder) isDebug(x syntax.Expr) bool {
	name, ok := x.(*syntax.NameExpr)
	return ok && name.Name == "debug" && r.info.Uses[name] == nil
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
