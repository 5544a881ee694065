package generate

import (
	"fmt"
	"slices"
	"strings"
)

// signature returns what a new function is to take and give.
func (g *generator) signature() *signature {
	sig := &signature{vararg: g.chance(0.3)}
	for range g.r.IntN(5) {
		sig.params = append(sig.params, valueKinds[g.r.IntN(len(valueKinds))])
	}
	for range g.r.IntN(4) {
		sig.results = append(sig.results, valueKinds[g.r.IntN(len(valueKinds))])
	}
	return sig
}

// functionBody writes a function from its parameter list to its end. With
// method set it has a parameter self.
func (g *generator) functionBody(sig *signature, head string, method bool) {
	vararg, results, loops, calm := g.vararg, g.results, g.loops, g.calm
	g.vararg, g.results, g.loops, g.busy, g.calm = sig.vararg, sig.results, 0, false, false
	scope := len(g.scope)
	if method {
		g.declare(variable{name: "self", kind: object, fixed: true})
	}
	var names []string
	for _, k := range sig.params {
		v := variable{name: g.name(), kind: k}
		for slices.Contains(names, v.name) {
			v.name = g.fresh("p")
		}
		names = append(names, v.name)
		g.declare(v)
	}
	if sig.vararg {
		names = append(names, "...")
	}
	text := g.out.String()
	g.out.Reset()
	g.block(func() {
		g.statements(1 + g.r.IntN(4))
		g.returnStatement()
	})
	body := g.out.String()
	g.out.Reset()
	g.out.WriteString(text + head + "(" + strings.Join(names, ", ") + ")\n")
	if g.busy || strings.Contains(body, "function") {
		g.indent++
		g.line("tick()")
		g.indent--
	}
	g.out.WriteString(body + g.tabs() + "end")
	g.scope = g.scope[:scope]
	g.vararg, g.results, g.loops, g.busy, g.calm = vararg, results, loops, true, calm
}

// returnStatement ends a function with its results.
func (g *generator) returnStatement() {
	if g.vararg && g.chance(0.1) {
		g.line("return ...")
		return
	}
	if len(g.results) == 0 && g.chance(0.7) {
		return
	}
	if s := g.tailCall(); s != "" && g.chance(0.3) {
		g.line("return %s", s)
		return
	}
	var values []string
	for _, k := range g.results {
		values = append(values, g.stored(k, 3))
	}
	g.line("return %s", strings.Join(values, ", "))
}

// tailCall returns a call of a function with the results that the present one
// is to give.
func (g *generator) tailCall() string {
	f := g.pick(func(v *variable) bool {
		if v.sig == nil || len(v.sig.results) < len(g.results) {
			return false
		}
		for i, k := range g.results {
			if v.sig.results[i] != k {
				return false
			}
		}
		return true
	})
	if f == nil {
		return ""
	}
	g.busy = true
	return f.name + "(" + g.arguments(f.sig, 2) + ")"
}

// localFunction declares a function: local, a field, or one that calls itself.
func (g *generator) localFunction() {
	name := g.fresh("f")
	if g.chance(0.2) {
		g.recursive(name)
		return
	}
	sig := g.signature()
	g.out.WriteString(g.tabs())
	switch g.r.IntN(3) {
	case 0:
		g.functionBody(sig, "local "+name+" = function", false)
	case 1:
		g.functionBody(sig, "function "+name, false) // a global
	default:
		g.functionBody(sig, "local function "+name, false)
	}
	g.out.WriteByte('\n')
	g.declare(variable{name: name, kind: function, fixed: true, sig: sig})
	if g.chance(0.7) {
		g.line("show(%s(%s))", name, g.arguments(sig, 2))
	}
}

// recursive declares a function that calls itself, in one of the shapes that
// a compiler may treat specially.
func (g *generator) recursive(name string) {
	switch g.r.IntN(3) {
	case 0:
		g.line("local function %s(n, a)", name)
		g.block(func() {
			g.line("tick()")
			g.line("if n <= 0 then return a end")
			g.line("return %s(n - 1, %s)", name, g.word("a + n", "a * 2", "n - a", "a .. n"))
		})
		g.line("end")
	case 1:
		g.line("local function %s(n, a)", name)
		g.block(func() {
			g.line("tick()")
			g.line("if n < 2 then return %s end", g.word("n", "1", "a", "nil"))
			g.line("return %s(n - 1, a) + %s(n - 2, a)", name, name)
		})
		g.line("end")
	case 2:
		g.line("local %s", name)
		g.line("function %s(n, a, ...)", name)
		g.block(func() {
			g.line("tick()")
			g.line("if n > 3 then return a, ... end")
			g.line("return %s(n + 1, ..., a)", name)
		})
		g.line("end")
	}
	g.line("show(%s(%s, %s, %s))", name, g.word("3", "5", "2.5", "4"), g.expr(number, 1), g.expr(any_, 1))
	g.declare(variable{name: name, kind: function, fixed: true})
}

// protected calls something that may fail, and raises errors.
func (g *generator) protected() {
	switch g.r.IntN(6) {
	case 0:
		g.line("show(pcall(error, %s%s))", g.list(1, 1), g.word("", ", 0", ", 1", ", 2", ", nil", ", 'x'"))
	case 1:
		g.line("show(pcall(function(...) error(%s, %s) end))", g.expr(g.oneOf(text, any_), 2), g.word("0", "1", "2", "3"))
		g.busy = true
	case 2:
		g.line("show(pcall(function(...) return assert(%s) end, %s))", g.list(1+g.r.IntN(3), 2), g.expr(any_, 1))
		g.busy = true
	case 3:
		g.line("show(pcall(%s%s))", g.word("string.rep", "table.concat", "ipairs", "setmetatable", "string.format", "tonumber", "math.floor", "select", "string.sub", "next", "rawset", "table.insert", "string.char"),
			g.word(`, "x"`, ", -1", ", nil", ", {}", ", true", `, "x", "y"`, ", {}, 5", ", 1, 2, 3", ""))
	case 4:
		g.out.WriteString(g.tabs() + "show(pcall(")
		g.functionBody(&signature{}, "function", false)
		g.out.WriteString("))\n")
	case 5:
		g.out.WriteString(g.tabs() + "show(select(2, xpcall(")
		g.functionBody(&signature{params: []kind{number}, vararg: true, results: []kind{any_}}, "function", false)
		g.out.WriteString(fmt.Sprintf(", function(m) return \"handled: \" .. describe(m, 0) end, %s)))\n", g.expr(any_, 1)))
	}
}

// declareGlobal sets a global variable.
func (g *generator) declareGlobal(name string, k kind) {
	g.line("%s = %s", name, g.stored(k, 1))
	g.declare(variable{name: name, kind: k})
}

// yield suspends the coroutine that the present function runs in.
func (g *generator) yield() {
	a, b := g.name(), g.fresh("y")
	g.line("local %s, %s = coroutine.yield(%s)", a, b, g.list(g.r.IntN(4), 2))
	g.declare(variable{name: a, kind: any_})
	g.declare(variable{name: b, kind: any_})
}

// coroutine writes a coroutine with the loop that drives it.
func (g *generator) coroutine() {
	outer := g.yields
	g.yields = true
	name := g.fresh("co")
	sig := g.signature()
	wrapped := g.chance(0.4)
	g.out.WriteString(g.tabs() + "local " + name + " = coroutine." + map[bool]string{true: "wrap", false: "create"}[wrapped] + "(")
	g.functionBody(sig, "function", false)
	g.out.WriteString(")\n")
	g.yields = outer
	if wrapped {
		g.line("for i = 1, %d do show(pcall(%s, %s)) end", 1+g.r.IntN(4), name, g.expr(any_, 2))
		return
	}
	g.line("show(coroutine.status(%s), coroutine.resume(%s))", name, strings.TrimSuffix(name+", "+g.arguments(sig, 2), ", "))
	g.line("for i = 1, %d do show(coroutine.resume(%s, i, %s)) end", 1+g.r.IntN(4), name, g.expr(any_, 2))
	g.line("show(coroutine.status(%s))", name)
}
