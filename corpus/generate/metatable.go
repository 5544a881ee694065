package generate

import "fmt"

// A metatables is a metatable of the program, made at its head.
type metatables struct{ name string }

// class writes a metatable with some of the events, and a constructor.
func (g *generator) class() {
	name := g.fresh("Class")
	g.line("local %s = {name = %q}", name, name)
	if g.chance(0.7) {
		g.line("%s.__index = %s", name, name)
	} else {
		g.line("%s.__index = function(o, k) return k == \"w\" and 4 or %s[k] end", name, name)
	}
	for _, event := range []struct{ name, op string }{
		{"add", "+"}, {"sub", "-"}, {"mul", "*"}, {"div", "/"}, {"mod", "%"}, {"concat", ".."},
	} {
		if !g.chance(0.5) {
			continue
		}
		result := fmt.Sprintf("value(a) %s value(b)", event.op)
		if g.chance(0.4) {
			result = fmt.Sprintf("setmetatable({x = %s}, %s)", result, name)
		}
		g.line("function %s.__%s(a, b) return %s end", name, event.name, result)
	}
	for _, event := range []struct{ name, result string }{
		{"lt", "value(a) < value(b)"}, {"le", "value(a) <= value(b)"}, {"eq", "value(a) == value(b)"},
		{"unm", "-value(a)"}, {"len", "42, 1"}, {"call", "b, a, ..."}, {"tostring", g.word(`"object"`, "5")},
	} {
		if g.chance(0.5) {
			g.line("function %s.__%s(a, b, ...) return %s end", name, event.name, event.result)
		}
	}
	if g.chance(0.4) {
		g.line("function %s.__newindex(o, k, v) rawset(o, k, %s) end", name, g.word("v", "v and 1", "{v}"))
	}
	class := &metatables{name}
	for _, method := range []string{"get", "set", "both"} {
		g.out.WriteString(g.tabs() + "function " + name + ":" + method)
		g.functionBody(&signature{params: []kind{number}, results: []kind{any_}}, "", true)
		g.out.WriteByte('\n')
	}
	g.declare(variable{name: name, kind: record, fixed: true, class: class})
}

// objectExpr returns an object.
func (g *generator) objectExpr(depth int) string {
	class := g.pick(func(v *variable) bool { return v.class != nil })
	if class == nil {
		return "{x = 1}"
	}
	if depth > 0 && g.chance(0.3) {
		if o := g.pickKind(object); o != "" {
			return o
		}
	}
	return fmt.Sprintf("setmetatable({x = %s}, %s)", g.leaf(number), class.name)
}

// methodCall returns a call of a method.
func (g *generator) methodCall(depth int) string {
	o := g.prefix(object, depth-1)
	g.busy = true
	if g.chance(0.1) {
		return fmt.Sprintf("%s(%s, %s)", o, g.expr(number, depth-1), g.expr(any_, depth-1))
	}
	return fmt.Sprintf("%s:%s(%s)", o, g.word("get", "set", "both", "both", "none"), g.expr(number, depth-1))
}
