package generate

import (
	"fmt"
	"strings"
)

// formats are conversions of string.format with the kind that they take.
var formats = []struct {
	text string
	kind kind
}{
	{"%d", number}, {"%5d", number}, {"%g", number}, {"%.3f", number}, {"%+.2e", number}, {"%x", number}, {"%05.1f", number}, {"%i", number},
	{"%.14g", number}, {"%s", text}, {"%q", text}, {"%10s", text}, {"%-6s|", text}, {"%.3s", text}, {"%c", number}, {"%s", boolean}, {"%%", any_}, {"%s", number},
}

// patterns are what string functions search for.
var patterns = []string{
	"%a+", "(%w)(%w)", "%d", "[%a_][%w_]*", "l+", ".", "^(.)", "(.)$", "%s*", "a-b", "()", "[^%s]+", "%f[%w]%w+", "%((.-)%)", "x=(%d+)", ".-", "o", "%%", "(h)(e)(l)", "[a-f%d]", "%u", "(.)%1", "", "%b()", "[]x]", "%", "[a", "(a", "%1",
}

// pattern returns a pattern as a Lua string.
func (g *generator) pattern() string {
	if g.chance(0.3) {
		parts := []string{"%a", "%d", ".", "%s", "%w", "x", "l", "o", "[%w.]", "%p", "[^a]"}
		var b strings.Builder
		for range 1 + g.r.IntN(3) {
			b.WriteString(parts[g.r.IntN(len(parts))])
			b.WriteString(g.word("", "", "*", "+", "-", "?"))
		}
		return fmt.Sprintf("%q", b.String())
	}
	return fmt.Sprintf("%q", patterns[g.r.IntN(len(patterns))])
}

// stringCall returns a call of a function of the string library whose first
// result is a string or, for want of a match, nil.
func (g *generator) stringCall(depth int) string {
	s := g.prefix(text, depth-1)
	switch g.r.IntN(11) {
	case 0:
		return fmt.Sprintf("%s:sub(%s, %s)", s, g.word("1", "2", "-3", "0", g.expr(number, depth-1)), g.word("-1", "3", "-2", "100"))
	case 1:
		return fmt.Sprintf("%s:%s()", s, g.word("upper", "lower", "reverse"))
	case 2:
		g.grew = true
		return fmt.Sprintf("%s:rep(%s%s)", s, g.word("0", "1", "2", "3", "-1", "'2'"), g.word("", "", ", ','"))
	case 3:
		return fmt.Sprintf("string.char(%s, %s)", g.word("65", "97", "48", "1", "255"), g.word("66", "10", "'67'", "256"))
	case 4, 5:
		return g.formatCall(depth)
	case 6:
		return fmt.Sprintf("%s:match(%s)", s, g.pattern())
	case 7, 8:
		g.grew = true
		replacement := g.word(`"<%0>"`, `"%1"`, `""`, `"%%"`, `{a = "A", hello = 1, x = false}`, "string.upper",
			"function(c, d) return d or c .. c end", "function() end", `"%2"`, "function(c) return {} end")
		return fmt.Sprintf("(%s:gsub(%s, %s%s))", s, g.pattern(), replacement, g.word("", "", ", 1", ", 2", ", 0"))
	case 9:
		if name := g.pickKind(list); name != "" {
			g.grew = true
			return fmt.Sprintf("table.concat(%s, %s)", name, g.word(`","`, `""`, `"-", 1, 2`, `" ", 2`))
		}
	}
	return fmt.Sprintf("string.%s(%s)", g.word("upper", "lower", "reverse"), g.expr(g.oneOf(text, number), depth-1))
}

// formatCall returns a call of string.format.
func (g *generator) formatCall(depth int) string {
	g.grew = true
	var format strings.Builder
	var args []string
	for range 1 + g.r.IntN(3) {
		f := formats[g.r.IntN(len(formats))]
		format.WriteString(f.text + g.word("", " ", "x"))
		switch {
		case f.text == "%%":
		case f.text == "%c":
			args = append(args, g.word("65", "1", "97.0"))
		case f.text == "%d" || f.text == "%5d" || f.text == "%i" || f.text == "%x":
			args = append(args, g.word("3", "0", "-1", "255", "2^31", "'12'", "1e15", g.expr(number, depth-1)))
		default:
			args = append(args, g.certain(f.kind, depth-1))
		}
	}
	if g.chance(0.05) && len(args) > 0 {
		args = args[1:]
	}
	return fmt.Sprintf("string.format(%s)", strings.Join(append([]string{fmt.Sprintf("%q", format.String())}, args...), ", "))
}

// libraryStatement writes statements about tables and strings that do not fit
// into an expression.
func (g *generator) libraryStatement() {
	l := g.pickKind(list)
	if l == "" {
		l = g.fresh("l")
		g.line("local %s = %s", l, g.listLiteral())
		g.declare(variable{name: l, kind: list})
	}
	switch g.r.IntN(9) {
	case 0:
		g.line("table.insert(%s, %s + 0)", l, g.operand(number, 2))
	case 1:
		g.line("show(pcall(table.insert, %s, %s, %s))", l, g.word("1", "2", "#"+l+" + 1", "#"+l), g.leafLiteral())
	case 2:
		g.line("show(pcall(table.remove, %s%s))", l, g.word("", ", 1", ", 2", ", #"+l))
	case 3:
		g.line("show(table.unpack(%s%s))", l, g.word("", ", 2", ", 1, 3", ", 3, 1", ", -1, 1"))
	case 4:
		s := g.fresh("l")
		g.line("local %s = {3, 1, 2, 10, 5, 2, -1, %s}", s, g.word("0", "4", "8", "1e10"))
		g.line("table.sort(%s%s)", s, g.word("", ", function(a, b) return a > b end", ", function(a, b) return a % 3 < b % 3 or a % 3 == b % 3 and a < b end"))
		g.line("show(%s)", s)
		g.declare(variable{name: s, kind: list})
	case 5:
		g.line("for a, b in (%s):gmatch(%s) do show(a, b) end", g.expr(text, 2), g.pattern())
	case 6:
		g.line("show((%s):find(%s%s))", g.expr(text, 2), g.pattern(), g.word("", ", 2", ", 1, true", ", -2"))
	case 7:
		g.line("show((%s):gsub(%s, %s))", g.expr(text, 2), g.pattern(), g.word(`"[%1]"`, "function(c) return c .. 1 end", `"%0%0"`))
	case 8:
		g.line("show(table.pack(%s, nil, %s).n, select(-1, %s, %s))", g.expr(any_, 1), g.expr(number, 1), g.expr(any_, 1), g.expr(any_, 2))
	}
}
