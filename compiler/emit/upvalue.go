package emit

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// newClosure returns a Go expression for a new closure of fn; literal is its
// code. In programs that use the debug library's functions on upvalues, closures
// come with a function that returns the addresses of theirs:
//
//	local function f() return x + y end    rt.NewOpenFunction(&protoF, ..., func(upvalue int) *rt.Value {
//	                                           return [...]*rt.Value{&x, &y}[upvalue]
//	                                       })
func (m *module) newClosure(fn *resolve.Func, literal string) string {
	if m.instrumented && !m.needs.Upvalues {
		return fmt.Sprintf("rt.NewInstrumented(&%s,\n%s, nil)", m.proto(fn), literal)
	}
	if !m.needs.Upvalues {
		return fmt.Sprintf("rt.NewFunction(&%s,\n%s)", m.proto(fn), literal)
	}
	var addresses []string
	known := false
	for _, v := range m.upvalues(fn) {
		if v == nil {
			addresses = append(addresses, "nil")
			continue
		}
		known = true
		addresses = append(addresses, "&"+m.variableOf(v).code())
	}
	upvalue := "nil"
	if known {
		upvalue = fmt.Sprintf("func(upvalue int) *rt.Value {\nreturn [...]*rt.Value{%s}[upvalue]\n}", strings.Join(addresses, ", "))
	}
	constructor := "NewOpenFunction"
	if m.instrumented {
		constructor = "NewInstrumented"
	}
	return fmt.Sprintf("rt.%s(&%s,\n%s, %s)", constructor, m.proto(fn), literal, upvalue)
}

// upvalueName returns the name of an upvalue as upvalues lists it.
func upvalueName(v *resolve.Var) string {
	if v == nil {
		return "_ENV"
	}
	return v.Name
}

// upvalues returns the upvalues of fn in the order of first mention. nil stands
// for the _ENV of the chunk, where that is no variable of the Go code.
func (m *module) upvalues(fn *resolve.Func) []*resolve.Var {
	if fn.Node == nil {
		return []*resolve.Var{nil}
	}
	seen := map[*resolve.Var]bool{}
	var list []*resolve.Var
	mention := func(v *resolve.Var) {
		if !seen[v] && (v == nil || v.Func != fn) {
			seen[v] = true
			list = append(list, v)
		}
	}
	syntax.Walk(fn.Node.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.NameExpr:
			if v := m.info.Uses[n]; v != nil {
				mention(v)
			} else {
				mention(m.info.EnvOf[n])
			}
		case *syntax.FunctionExpr:
			for _, v := range m.upvalues(m.info.Funcs[n]) {
				mention(v)
			}
			return false
		}
		return true
	})
	return list
}
