package generate

import (
	"fmt"
	"strings"
)

// statements writes n statements.
func (g *generator) statements(n int) {
	for range n {
		g.statement()
	}
}

// statement writes one statement.
func (g *generator) statement() {
	deep := g.nested > 4
	switch g.r.IntN(22) {
	case 0, 1, 2:
		g.localStatement()
	case 3, 4, 5, 6:
		g.assignment()
	case 7, 8:
		g.line("show(%s)", g.list(1+g.r.IntN(3), 3))
	case 9:
		if !deep {
			g.ifStatement()
			return
		}
		g.assignment()
	case 10, 11, 12:
		if !deep && g.loops < 2 {
			g.loop()
			return
		}
		g.assignment()
	case 13, 14:
		if !deep {
			g.localFunction()
			return
		}
		g.localStatement()
	case 15:
		if !deep {
			g.protected()
			return
		}
		g.assignment()
	case 16, 17:
		g.libraryStatement()
	case 18:
		if s := g.callOf(any_, 2); s != "" {
			g.line("show(%s)", s)
			return
		}
		g.localStatement()
	case 19:
		g.gotoStatement()
	case 20:
		if g.yields {
			g.yield()
			return
		}
		g.fieldAssignment()
	case 21:
		if !deep {
			g.line("do")
			g.block(func() { g.statements(1 + g.r.IntN(3)) })
			g.line("end")
		}
	}
}

// list returns n expressions of any kind.
func (g *generator) list(n, depth int) string {
	var items []string
	for range n {
		items = append(items, g.expr(valueKinds[g.r.IntN(len(valueKinds))], depth))
	}
	return strings.Join(items, ", ")
}

// stored returns an expression that may be kept: a long string is cut.
func (g *generator) stored(k kind, depth int) string {
	g.grew = false
	s := g.expr(k, depth)
	if g.grew && (k == text || k == any_ || k == record) {
		return "cut(" + s + ")"
	}
	return s
}

// localStatement declares one to three variables. Those that get no value of
// their own hold anything.
func (g *generator) localStatement() {
	n := 1
	if g.chance(0.25) {
		n += 1 + g.r.IntN(2)
	}
	var names, values []string
	var vars []variable
	for i := range n {
		v := variable{name: g.name(), kind: valueKinds[g.r.IntN(len(valueKinds))]}
		for len(vars) > 0 && v.name == vars[len(vars)-1].name {
			v.name = g.fresh("n") // which of two equal names counts is clear, but nobody writes that
		}
		if i < 1 || g.chance(0.8) && len(values) == i {
			values = append(values, g.stored(v.kind, 3))
		} else {
			v.kind = any_
		}
		names, vars = append(names, v.name), append(vars, v)
	}
	g.line("local %s = %s", strings.Join(names, ", "), strings.Join(values, ", "))
	for _, v := range vars {
		g.declare(v)
	}
}

// assignment assigns to one variable or more, or to fields.
func (g *generator) assignment() {
	if g.chance(0.35) {
		g.fieldAssignment()
		return
	}
	v := g.pick(func(v *variable) bool { return !v.fixed && v.kind != function })
	if v == nil {
		g.localStatement()
		return
	}
	if v.kind == text && g.chance(0.3) {
		g.line("if #%s < 100 then %s = %s .. %s end", v.name, v.name, v.name, g.operand(g.oneOf(text, number), 1))
		return
	}
	name, k := v.name, v.kind
	if g.chance(0.2) {
		w := g.pick(func(w *variable) bool { return !w.fixed && w.kind == k && w.name != name })
		if w != nil {
			g.line("%s, %s = %s, %s", name, w.name, g.stored(k, 2), g.stored(k, 2))
			return
		}
	}
	g.line("%s = %s", name, g.stored(k, 3))
}

// fieldAssignment assigns to an element of a list, which leaves no hole, or to
// a field of a table.
func (g *generator) fieldAssignment() {
	switch g.r.IntN(6) {
	case 0, 1:
		if l := g.pickKind(list); l != "" {
			g.line("if #%s < 50 then %s[%s] = %s + 0 end", l, l, g.word("#"+l+" + 1", "1", "#"+l+" + 1"), g.operand(number, 2))
			return
		}
	case 2:
		if o := g.pickKind(object); o != "" {
			g.line("%s.%s = %s", o, g.word("x", "y"), g.stored(number, 2))
			return
		}
	case 3:
		g.line("%s, %s = %s, %s", g.word("G1", "G2"), "G4", g.stored(number, 2), g.stored(any_, 2))
		return
	}
	r := g.pickKind(g.oneOf(record, record, record, any_))
	if r == "" {
		r = "G5"
	}
	key := g.word(".x", ".x", ".y", ".y", ".z", ".w", `["a b"]`, "[true]", "[1.5]", "[0]", "[-1]", "[ "+g.expr(g.oneOf(text, number), 1)+"]")
	switch {
	case key == ".x":
		g.line("%s.x = %s", r, g.stored(number, 3))
	case g.chance(0.15):
		g.line("%s%s, %s.x = %s, %s", r, key, r, g.stored(any_, 2), g.stored(number, 2))
	default:
		g.line("%s%s = %s", r, key, g.stored(any_, 3))
	}
}

// ifStatement writes an if with its branches.
func (g *generator) ifStatement() {
	g.line("if %s then", g.expr(boolean, 3))
	g.block(func() { g.statements(1 + g.r.IntN(2)) })
	for g.chance(0.3) {
		g.line("elseif %s then", g.expr(g.oneOf(boolean, any_), 2))
		g.block(func() { g.statements(1 + g.r.IntN(2)) })
	}
	if g.chance(0.5) {
		g.line("else")
		g.block(func() { g.statements(1 + g.r.IntN(2)) })
	}
	g.line("end")
}

// ranges are the bounds of numeric loops that run a few times at most.
var ranges = []string{
	"1, 3", "3, 1, -1", "1, 0", "0, 1, 0.25", "1, 2, 0.3", "-1, 1", "2^53 - 2, 2^53 - 1", "0.5, 3", "10, 1, -4", "1, 1e308, 2^1022", "(0/0), 1", "1, (0/0)",
	"'1', 2", "1, 3, '2'", "1, 5, 2", "-0.0, 1", "1, -3, -1.5", "3, 3", "1e15, 1e15 + 2",
}

// loop writes a loop of any sort.
func (g *generator) loop() {
	switch g.r.IntN(10) {
	case 0, 1, 2:
		g.numericFor(g.word(ranges...))
	case 3:
		bounds := fmt.Sprintf("%s, %s", g.expr(number, 1), g.expr(number, 1))
		if g.chance(0.3) {
			bounds += ", " + g.expr(g.oneOf(number, number, any_), 1)
		}
		g.line("-- the bounds may be anything")
		g.numericForTicking(bounds)
	case 4:
		if l := g.pickKind(list); l != "" {
			g.line("for i = 1, #%s do", l)
			g.loopBody(func() {
				g.declare(variable{name: "i", kind: number})
			}, func() {
				if g.chance(0.5) {
					g.line("if i > 9 then break end")
				}
				g.line("%s[i] = %s + %s[i]", l, g.operand(number, 2), l)
				g.statements(1)
			})
			g.line("end")
			return
		}
		g.numericFor("1, 4")
	case 5:
		g.line("for i, v in ipairs(%s) do", g.expr(list, 2))
		g.loopBody(func() {
			g.declare(variable{name: "i", kind: number})
			g.declare(variable{name: "v", kind: number})
			g.line("if i > 6 then break end")
		}, func() {
			g.statements(1 + g.r.IntN(2))
		})
		g.line("end")
	case 6:
		g.line("for k, v in sorted(%s) do", g.expr(g.oneOf(record, object), 2))
		g.loopBody(func() {
			g.declare(variable{name: "k", kind: any_})
			g.declare(variable{name: "v", kind: any_})
			g.line("tick()")
		}, func() { g.statements(1 + g.r.IntN(2)) })
		g.line("end")
		g.busy = true
	case 7:
		n := g.fresh("n")
		g.line("local %s = 0", n)
		g.line("while %s < %d and %s do", n, 1+g.r.IntN(5), g.operand(g.oneOf(boolean, any_), 2))
		g.loopBody(func() {
			g.line("%s = %s + 1", n, n)
			g.declare(variable{name: n, kind: number, fixed: true})
		}, func() { g.statements(1 + g.r.IntN(2)) })
		g.line("end")
	case 8:
		g.repeatLoop()
	case 9:
		g.closuresInLoop()
	}
}

// repeatLoop writes a loop whose condition sees the variables of its body.
func (g *generator) repeatLoop() {
	name := g.fresh("n")
	g.line("repeat")
	g.loops++
	g.block(func() {
		g.line("tick()")
		g.line("local %s = %s", name, g.expr(number, 2))
		g.declare(variable{name: name, kind: number})
		g.statements(1 + g.r.IntN(2))
		g.indent--
		g.line("until %s > 0 or %s", name, g.expr(boolean, 2))
		g.indent++
	})
	g.loops--
	g.busy = true
}

// numericFor writes a loop over bounds that are known to be few.
func (g *generator) numericFor(bounds string) {
	name := g.word("i", "j", "a", "x")
	g.line("for %s = %s do", name, bounds)
	g.loopBody(func() {
		g.declare(variable{name: name, kind: number})
	}, func() { g.statements(1 + g.r.IntN(3)) })
	g.line("end")
}

// numericForTicking writes a loop over bounds that may be far apart.
func (g *generator) numericForTicking(bounds string) {
	n := g.fresh("n")
	g.line("local %s = 0", n)
	g.line("for i = %s do", bounds)
	g.loopBody(func() {
		g.line("%s = %s + 1", n, n)
		g.line("if %s > 5 then break end", n)
		g.declare(variable{name: "i", kind: number})
	}, func() { g.statements(1 + g.r.IntN(2)) })
	g.line("end")
}

// loopBody writes the body of a loop: what must happen in each round, then
// what a jump may skip.
func (g *generator) loopBody(always, write func()) {
	g.loops++
	g.block(func() {
		always()
		if !g.chance(0.15) {
			write()
			return
		}
		label := g.fresh("continue")
		g.line("if %s then goto %s end", g.expr(boolean, 2), label)
		write()
		g.line("::%s::", label)
	})
	g.loops--
}

// closuresInLoop keeps closures over the variables of a loop and calls them
// after it.
func (g *generator) closuresInLoop() {
	fs := g.fresh("fs")
	g.line("local %s = {}", fs)
	g.line("for i = 1, 3 do")
	g.loopBody(func() {
		g.declare(variable{name: "i", kind: number})
		g.line("local c = %s", g.expr(number, 2))
		g.declare(variable{name: "c", kind: number})
	}, func() {
		g.line("%s[#%s + 1] = function(d) c = c + (d or i) i = i + 1 return c, i end", fs, fs)
		if g.chance(0.3) {
			g.line("if %s then break end", g.expr(boolean, 2))
		}
	})
	g.line("end")
	g.line("for _, f in ipairs(%s) do show(f()) show(f(%s)) end", fs, g.expr(number, 2))
}

// gotoStatement jumps forward over statements, or back a few times.
func (g *generator) gotoStatement() {
	label := g.fresh("L")
	if g.chance(0.5) || g.loops >= 2 {
		g.line("do")
		g.block(func() {
			g.line("if %s then goto %s end", g.expr(boolean, 2), label)
			g.line("do")
			g.block(func() { g.statements(1) })
			g.line("end")
			g.line("::%s::", label)
		})
		g.line("end")
		return
	}
	n := g.fresh("n")
	g.line("do")
	g.block(func() {
		g.line("local %s = 0", n)
		g.line("::%s::", label)
		g.line("do")
		g.loops++
		g.block(func() {
			g.line("%s = %s + 1", n, n)
			g.statements(1 + g.r.IntN(2))
		})
		g.loops--
		g.line("end")
		g.line("if %s < %d then goto %s end", n, 2+g.r.IntN(2), label)
	})
	g.line("end")
}
