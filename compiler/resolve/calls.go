package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/luago-lang/luago/compiler/syntax"
)

// Calls lists by which names a chunk calls functions, for tracebacks and
// messages: sorted lines "10 12 method rep" for a call on line 12 in the
// function that begins on line 10 (0 for the main function). The third word is
// global, local, upvalue, method or field; a call that has no name, such as that
// of (f or g)(), has none here.
func (info *Info) Calls() string {
	sites := map[string]bool{}
	info.calls(info.Main, info.Chunk.Body, sites)
	return strings.Join(slices.Sorted(maps.Keys(sites)), "")
}

// calls adds the calls in body, which belongs to fn, and in the functions inside
// it, to sites.
func (info *Info) calls(fn *Func, body *syntax.Block, sites map[string]bool) {
	start := int32(0)
	if fn.Node != nil {
		start = fn.Node.Pos().Line
	}
	add := func(n syntax.Node, name string) {
		sites[strings.TrimSpace(fmt.Sprintf("%d %d %s", start, n.Pos().Line, name))+"\n"] = true
	}
	syntax.Walk(body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionExpr:
			info.calls(info.Funcs[n], n.Body, sites)
			return false
		case *syntax.MethodCallExpr:
			add(n, "method "+n.Method.Text)
		case *syntax.CallExpr:
			add(n, info.calledName(fn, n.Fn))
		}
		return true
	})
}

// calledName says what the function fn calls when it calls x.
func (info *Info) calledName(fn *Func, x syntax.Expr) string {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return info.calledName(fn, x.X)
	case *syntax.NameExpr:
		switch v := info.Uses[x]; {
		case v == nil:
			return "global " + x.Name
		case v.Func == fn:
			return "local " + x.Name
		}
		return "upvalue " + x.Name
	case *syntax.IndexExpr:
		if key, ok := x.Key.(*syntax.StringExpr); ok && !strings.ContainsAny(key.Value, "\n") {
			return "field " + key.Value
		}
		return "field ?"
	}
	return ""
}
