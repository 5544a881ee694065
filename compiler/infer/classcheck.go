package infer

import (
	"slices"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A classChecker fills in the method calls of one chunk and reports misuse of
// host objects.
type classChecker struct {
	*Classes
	info   *resolve.Info
	sink   *diag.Sink
	isMain bool // the chunk is the main script
	called map[*syntax.IndexExpr]*syntax.CallExpr
	// indexed are the expressions that another one is a field of.
	indexed map[syntax.Expr]bool
	stored  map[*syntax.IndexExpr]bool
}

func (ck *classChecker) check() {
	ck.called = map[*syntax.IndexExpr]*syntax.CallExpr{}
	ck.indexed = map[syntax.Expr]bool{}
	ck.stored = map[*syntax.IndexExpr]bool{}
	ck.walk(ck.info.Chunk.Body, true)
}

// walk visits n. Code is outside every coroutine for certain where it stands
// in the main script's own function: a module's may be required by a
// coroutine, and an inner function may be called by one.
func (ck *classChecker) walk(n syntax.Node, outermost bool) {
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionExpr:
			if outermost {
				ck.walk(n.Body, false)
				return false
			}
		case *syntax.AssignStmt:
			for _, target := range n.Targets {
				ck.store(target)
			}
		case *syntax.FunctionStmt:
			ck.store(n.Target)
		case *syntax.CallExpr:
			if index, ok := n.Fn.(*syntax.IndexExpr); ok {
				ck.called[index] = n
			}
			ck.call(n, n.Fn, outermost)
		case *syntax.MethodCallExpr:
			ck.methodCall(n)
			ck.needs(n)
			ck.call(n, n.Method, outermost)
		case *syntax.IndexExpr:
			ck.indexed[n.X] = true
			ck.index(n)
		}
		return true
	})
}

func (ck *classChecker) store(target syntax.Expr) {
	if index, ok := target.(*syntax.IndexExpr); ok {
		ck.stored[index] = true
	}
}

// methodCall records the method that a call calls, or warns that the class
// has none of the name.
func (ck *classChecker) methodCall(n *syntax.MethodCallExpr) {
	cl := ck.ClassOf(n.Recv)
	if cl == nil {
		return
	}
	name := n.Method.Text
	if m := cl.Method(name); m != nil {
		if !m.Static {
			ck.calls[n] = m
		} else if !ck.fieldSets[name] {
			ck.sink.Warning(diag.WrongCall, diag.Range{Start: n.Method.Pos(), End: n.Method.End()},
				"%s is a function, not a method; did you mean '.%s'?", m, name)
		}
		return
	}
	if !ck.known(cl, name) {
		ck.unknown(n.Method, cl, name, "method")
	}
}

// needs notes the first call of a method that is of no use without another one.
func (ck *classChecker) needs(n *syntax.MethodCallExpr) {
	if m := ck.calls[n]; m != nil && m.Needs != "" && ck.unmet[m.Needs] == nil {
		ck.unmet[m.Needs] = n
	}
}

// index warns about a read of a field that the class lacks. A script may ask
// whether a name is there: only a call, or what looks like a slip, is a
// mistake.
func (ck *classChecker) index(n *syntax.IndexExpr) {
	key, ok := n.Key.(*syntax.StringExpr)
	if !ok || !n.Dot || ck.stored[n] {
		return
	}
	cl := ck.ClassOf(n.X)
	if cl == nil || ck.known(cl, key.Value) {
		return
	}
	if m := cl.Method(key.Value); m != nil {
		if call := ck.called[n]; call != nil && !m.Static && !ck.passesSelf(call, cl) {
			ck.sink.Warning(diag.WrongCall, diag.Range{Start: n.Key.Pos(), End: n.Key.End()},
				"%s is a method; did you mean ':%s'?", m, key.Value)
		}
		return
	}
	switch {
	case ck.called[n] != nil || ck.indexed[n] && cl.IsOther(key.Value):
		ck.unknown(n.Key, cl, key.Value, "function")
	case diag.Suggest(key.Value, cl.Names()) != "":
		ck.unknown(n.Key, cl, key.Value, "field")
	}
}

// passesSelf reports whether the first argument of a call may be an object of
// class cl.
func (ck *classChecker) passesSelf(call *syntax.CallExpr, cl *surface.Class) bool {
	if len(call.Args) == 0 {
		return false
	}
	switch arg := call.Args[0].(type) {
	case *syntax.StringExpr, *syntax.NumberExpr, *syntax.TableExpr, *syntax.FunctionExpr, *syntax.BinaryExpr, *syntax.UnaryExpr:
		return false
	default:
		other := ck.ClassOf(arg)
		return other == nil || other == cl
	}
}

// known reports whether an object of class cl may have the field, declared or
// made by the script.
func (ck *classChecker) known(cl *surface.Class, name string) bool {
	return cl.Field(name) != nil || ck.fieldSets[name]
}

func (ck *classChecker) unknown(at syntax.Node, cl *surface.Class, name, what string) {
	owner := cl.Name
	if cl == cl.Module.Class {
		owner = "module '" + cl.Module.Name + "'"
	}
	if cl.IsOther(name) {
		ck.sink.Warning(diag.UnknownMember, diag.Range{Start: at.Pos(), End: at.End()}, "%s's %s is not available in luago", cl.Original, name)
		return
	}
	hint := ""
	if s := diag.Suggest(name, cl.Names()); s != "" {
		hint = "; did you mean '" + s + "'?"
	}
	ck.sink.Warning(diag.UnknownMember, diag.Range{Start: at.Pos(), End: at.End()}, "%s has no %s '%s'%s", owner, what, name, hint)
}

// call reports a call that needs a coroutine where there certainly is none.
func (ck *classChecker) call(n syntax.Expr, at syntax.Node, outermost bool) {
	if !outermost || !ck.isMain {
		return
	}
	m, sure := ck.method(n)
	if m == nil || !m.Coroutine || !sure {
		return
	}
	isOpen := func(x syntax.Expr) bool { return ck.ClassOf(x) == m.Class }
	if ck.openAny || slices.ContainsFunc(ck.openSets, isOpen) {
		return
	}
	ck.sink.Error(diag.OutsideCoroutine, diag.Range{Start: at.Pos(), End: at.End()},
		"%s must be called inside a coroutine", m.Name).
		Hint("the main chunk is none: put the call into a function given to coromega:start_new")
}
