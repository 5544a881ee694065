package generate

import (
	"fmt"
	"regexp"
	"strings"
)

// literals are the constants of a kind that a program may hold.
var literals = map[kind][]string{
	number: {
		"0", "1", "2", "3", "-1", "7", "10", "255", "0.5", "-0.0", "1.5", "0.1", "3.7", "-2.5", "1e15", "1e100", "2^53", "2^53 + 1",
		"9007199254740993", "0x7fffffff", "0xffffffff", "-2^31", "2^31", "5e-324", "1e308", "(1/0)", "(-1/0)", "(0/0)", "0x.8p1", "1e14", "123456789012",
	},
	text: {
		`""`, `"a"`, `"abc"`, `"hello world"`, `"10"`, `"0x10"`, `" 5 "`, `"1e1"`, `"-3.5"`, `"x=1, y=2"`, `"a.b%c"`, `"%d"`, `"THE (quick) fox"`,
		`"a\1b"`, `"\xff\n"`, `"it's"`, `[[long]]`, `"1e"`, `"0x"`, `"nan"`, `"..."`,
	},
	boolean: {"true", "false"},
	any_:    {"nil", "1", "0", `"str"`, `"4"`, "true", "false", "{}", `{x = 1}`, "print", "2.5", "tick"},
}

// expr returns an expression of kind k that nests at most depth deep.
func (g *generator) expr(k kind, depth int) string {
	if k != function && k != list && !g.calm && g.chance(0.015) {
		k = any_ // the wrong kind, perhaps
	}
	if depth <= 0 || g.chance(0.15) {
		return g.leaf(k)
	}
	if g.calm {
		return g.calmExpr(k, depth)
	}
	switch k {
	case number:
		return g.numberExpr(depth)
	case text:
		return g.textExpr(depth)
	case boolean:
		return g.booleanExpr(depth)
	case list:
		return g.listExpr(depth)
	case record:
		return g.recordExpr(depth)
	case object:
		return g.objectExpr(depth)
	case function:
		return g.leaf(k)
	}
	return g.anyExpr(depth)
}

// leaf returns a variable or a constant.
func (g *generator) leaf(k kind) string {
	if g.chance(0.65) {
		if name := g.pickKind(k); name != "" {
			return name
		}
	}
	switch k {
	case list:
		return g.listLiteral()
	case record:
		return fmt.Sprintf("{x = %s, y = %s}", g.leaf(number), g.leaf(any_))
	case object:
		return g.objectExpr(0)
	case function:
		return g.word("math.floor", "tonumber", "type", "string.len", "function(...) return ... end", "function(a, b) return b, a end")
	}
	return g.word(literals[k]...)
}

// maybeBreak returns a space or, seldom, a line feed: positions of errors
// depend on lines.
func (g *generator) maybeBreak() string {
	if g.chance(0.04) {
		return "\n" + g.tabs() + "  "
	}
	return " "
}

// operand returns an expression as the operand of an operator.
func (g *generator) operand(k kind, depth int) string {
	s := g.expr(k, depth)
	if simple.MatchString(s) {
		return s
	}
	return "(" + s + ")"
}

// simple matches names, fields of names, and numbers.
var simple = regexp.MustCompile(`^([A-Za-z_][\w.]*|[0-9][\w.]*|"\w*")$`)

// prefix returns an expression as what is indexed or called.
func (g *generator) prefix(k kind, depth int) string {
	s := g.expr(k, depth)
	if prefixed.MatchString(s) && s != "nil" && s != "true" && s != "false" {
		return s
	}
	return "(" + s + ")"
}

// prefixed matches names, fields of names, and calls without arguments.
var prefixed = regexp.MustCompile(`^[A-Za-z_][\w.]*(\(\))?$`)

// binary returns "a op b".
func (g *generator) binary(op string, a, b kind, depth int) string {
	x := g.operand(a, depth-1)
	return x + " " + op + g.maybeBreak() + g.operand(b, depth-1)
}

// numberExpr returns an expression that is a number, unless it fails.
func (g *generator) numberExpr(depth int) string {
	switch g.r.IntN(18) {
	case 0, 1, 2, 3, 4:
		return g.binary(g.word("+", "-", "*", "+", "-", "*", "/", "%"), number, number, depth)
	case 5:
		// Other powers may differ in the last bit from libm to libm.
		return g.operand(number, depth-1) + "^" + g.word("2", "0.5", "1", "0", "(-1)")
	case 6:
		return "-" + g.operand(number, depth-1)
	case 7:
		return g.binary(g.word("+", "-", "*", "/", "%"), g.oneOf(number, text, any_), g.oneOf(number, number, any_), depth)
	case 8:
		return "#" + g.operand(g.oneOf(list, text), depth-1)
	case 9:
		return g.element(depth)
	case 10:
		return g.prefix(record, depth-1) + "." + g.word("x", "x", "y")
	case 11:
		return fmt.Sprintf("%s and %s or %s", g.operand(boolean, depth-1), g.operand(number, depth-1), g.operand(number, depth-1))
	case 12, 13:
		return g.mathCall(depth)
	case 14:
		return g.word("G1", "G2")
	case 15:
		if g.vararg {
			return g.word(`select("#", ...)`, `(select("#", ...))`, "(...)")
		}
	case 16:
		if s := g.callOf(number, depth); s != "" {
			return s
		}
	}
	return g.leaf(number)
}

// certain returns an expression that is of kind k unless a variable in it is of
// another: the text of a table would be an address.
func (g *generator) certain(k kind, depth int) string {
	calm := g.calm
	g.calm = true
	s := g.expr(k, depth)
	g.calm = calm
	return s
}

// calmExpr returns an expression that does not fail.
func (g *generator) calmExpr(k kind, depth int) string {
	switch k {
	case number:
		return g.binary(g.word("+", "-", "*", "/", "%"), number, number, depth)
	case text:
		g.grew = true
		return g.binary("..", text, g.oneOf(text, number), depth)
	case boolean:
		return g.binary(g.word("<", "<=", ">", ">=", "==", "~="), number, number, depth)
	case any_:
		return g.binary(g.word("and", "or"), any_, any_, depth)
	}
	return g.leaf(k)
}

// element returns an element of a list.
func (g *generator) element(depth int) string {
	l := g.prefix(list, depth-1)
	return fmt.Sprintf("%s[%s]", l, g.word("1", "2", "3", "#"+l, g.expr(number, depth-1)))
}

// mathCall returns a call of a function of numbers.
func (g *generator) mathCall(depth int) string {
	x, y := g.expr(number, depth-1), g.expr(number, depth-1)
	switch g.r.IntN(14) {
	case 0:
		return "math.floor(" + x + ")"
	case 1:
		return "math.ceil(" + x + ")"
	case 2:
		return "math.abs(" + x + ")"
	case 3:
		return "math.sqrt(" + x + ")"
	case 4:
		return fmt.Sprintf("math.max(%s, %s)", x, y)
	case 5:
		return fmt.Sprintf("math.min(%s, %s)", x, y)
	case 6:
		return fmt.Sprintf("math.fmod(%s, %s)", x, g.word("7", "2.5", "-3", "0", "(1/0)")) // C leaves open which argument it looks at first
	case 7:
		return "(math.modf(" + x + "))"
	case 8:
		return "tonumber(" + g.expr(g.oneOf(text, any_, number), depth-1) + ")"
	case 9:
		return fmt.Sprintf("tonumber(%s, %s)", g.expr(text, depth-1), g.word("10", "16", "2", "36"))
	case 10:
		return fmt.Sprintf("bit32.%s(%s, %s)", g.word("band", "bor", "bxor"), g.word("1", "255", "-1", "2^31", "5"), g.word("7", "0", "0xf0"))
	case 11:
		return fmt.Sprintf("bit32.%s(%s, %s)", g.word("lshift", "rshift", "arshift", "lrotate"), g.word("1", "255", "-1", "2^31"), g.word("1", "31", "-3", "40"))
	case 12:
		return fmt.Sprintf("(%s):%s(%s)", g.expr(text, depth-1), g.word("byte", "len", "find"), g.word("1", "-1", "2"))
	}
	return fmt.Sprintf("select(%s, %s, %s)", g.word("1", "2", "-1"), x, y)
}

// textExpr returns an expression that is a string, unless it fails.
func (g *generator) textExpr(depth int) string {
	switch g.r.IntN(12) {
	case 0, 1, 2:
		g.grew = true
		s := g.binary("..", text, g.oneOf(text, number, text, any_), depth)
		if g.chance(0.4) {
			s += " .. " + g.operand(g.oneOf(text, number), depth-1)
		}
		return s
	case 3, 4, 5, 6:
		return g.stringCall(depth)
	case 7:
		return "written(" + g.certain(g.oneOf(number, text, boolean), depth-1) + ")"
	case 8:
		return "type(" + g.expr(any_, depth-1) + ")"
	case 9:
		return fmt.Sprintf("%s and %s or %s", g.operand(boolean, depth-1), g.operand(text, depth-1), g.operand(text, depth-1))
	case 10:
		if s := g.callOf(text, depth); s != "" {
			return s
		}
	}
	return g.leaf(text)
}

// booleanExpr returns a condition.
func (g *generator) booleanExpr(depth int) string {
	switch g.r.IntN(11) {
	case 0, 1, 2:
		return g.binary(g.word("<", "<=", ">", ">=", "==", "~="), number, number, depth)
	case 3:
		return g.binary(g.word("<", "<=", ">", ">=", "==", "~="), text, text, depth)
	case 4:
		return "not " + g.operand(g.oneOf(boolean, any_, number), depth-1)
	case 5:
		return g.binary(g.word("and", "or"), boolean, boolean, depth)
	case 6:
		return g.binary(g.word("==", "~="), any_, any_, depth)
	case 7:
		return g.binary(g.word("==", "<", "<=", "~="), object, g.oneOf(object, object, number), depth)
	case 8:
		return fmt.Sprintf("rawequal(%s, %s)", g.expr(any_, depth-1), g.expr(any_, depth-1))
	case 9:
		return g.binary(g.word("==", "~="), any_, any_, 1) + " and " + g.operand(boolean, depth-1)
	}
	return g.leaf(boolean)
}

// listLiteral returns a list of constants, which need no computing and can
// therefore not be nil.
func (g *generator) listLiteral() string {
	items := make([]string, g.r.IntN(5))
	for i := range items {
		items[i] = g.word(literals[number]...)
	}
	return "{" + strings.Join(items, ", ") + "}"
}

// listExpr returns a list: its items are the results of arithmetic, which are
// never nil.
func (g *generator) listExpr(depth int) string {
	switch g.r.IntN(5) {
	case 0:
		if name := g.pickKind(list); name != "" && g.vararg {
			return fmt.Sprintf("{table.unpack(%s)}", name)
		}
	case 1:
		return fmt.Sprintf("{%s + 0, %s * 1}", g.operand(number, depth-1), g.operand(number, depth-1))
	case 2:
		return fmt.Sprintf("{[1] = %s - 1, %s, 3}", g.operand(number, depth-1), g.leafLiteral())
	}
	return g.leaf(list)
}

// leafLiteral returns a number as it stands in a program.
func (g *generator) leafLiteral() string { return g.word(literals[number]...) }

// recordExpr returns a table with fields.
func (g *generator) recordExpr(depth int) string {
	switch g.r.IntN(4) {
	case 0:
		return fmt.Sprintf("{x = %s, y = %s, z = %s}", g.expr(number, depth-1), g.expr(any_, depth-1), g.expr(text, depth-1))
	case 1:
		return fmt.Sprintf("{%s = %s; [%s] = %s, x = %s,}", g.word("y", "z", "w"), g.expr(any_, depth-1),
			g.word(`"key"`, "true", "1.5", `"a b"`, "-1", "2^53"), g.expr(any_, depth-1), g.expr(number, depth-1))
	case 2:
		return "{z = " + g.expr(record, depth-1) + "}"
	}
	return g.leaf(record)
}

// anyExpr returns an expression of any value.
func (g *generator) anyExpr(depth int) string {
	switch g.r.IntN(16) {
	case 0, 1:
		return g.prefix(g.oneOf(record, object), depth-1) + "." + g.word("x", "y", "z", "w", "name")
	case 2:
		return g.prefix(record, depth-1) + "[ " + g.expr(g.oneOf(text, number, boolean), depth-1) + "]"
	case 3:
		return g.binary(g.word("and", "or"), any_, any_, depth)
	case 4:
		return g.binary(g.word("+", "-", "*", "/", "%", ".."), object, g.oneOf(object, number, text), depth)
	case 5:
		return g.binary(g.word("+", "-", "*", ".."), g.oneOf(number, text, any_), g.oneOf(object, any_), depth)
	case 6:
		return g.word("-", "#") + g.operand(object, depth-1)
	case 7:
		return g.methodCall(depth)
	case 8, 9:
		if s := g.callOf(any_, depth); s != "" {
			return s
		}
	case 10:
		if g.vararg {
			return g.word("...", "(...)", "select(2, ...)", "(select(-1, ...))")
		}
	case 11:
		return "G" + g.word("3", "4", "5", "6")
	case 12:
		return g.prefix(any_, depth-1) + "." + g.word("x", "y.z", "y")
	case 13:
		return fmt.Sprintf("pcall(%s, %s)", g.leaf(function), g.expr(any_, depth-1))
	case 14:
		return g.expr(g.oneOf(number, text, boolean), depth)
	}
	return g.leaf(any_)
}

// callOf returns a call of a visible function whose first result is of kind
// k, or "".
func (g *generator) callOf(k kind, depth int) string {
	if g.calm {
		return ""
	}
	f := g.pick(func(v *variable) bool {
		return v.sig != nil && (k == any_ || len(v.sig.results) > 0 && v.sig.results[0] == k)
	})
	if f == nil {
		return ""
	}
	g.busy = true
	return f.name + "(" + g.arguments(f.sig, depth-1) + ")"
}

// arguments returns arguments that a function takes, seldom too few or too
// many.
func (g *generator) arguments(sig *signature, depth int) string {
	var args []string
	for _, k := range sig.params {
		args = append(args, g.expr(k, depth))
	}
	if sig.vararg || g.chance(0.05) {
		for range g.r.IntN(3) {
			args = append(args, g.expr(any_, depth))
		}
		if g.vararg && g.chance(0.5) {
			args = append(args, "...")
		}
	} else if len(args) > 0 && g.chance(0.04) {
		args = args[:len(args)-1]
	}
	return strings.Join(args, ", ")
}
