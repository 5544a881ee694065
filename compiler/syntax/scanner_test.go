package syntax

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

// scanAll returns the tokens of src, each as its position and what it is.
func scanAll(t *testing.T, src string) (tokens []token, errors []string) {
	t.Helper()
	var files diag.Files
	report := func(code diag.Code, start, end diag.Pos, format string, args ...any) {
		errors = append(errors, fmt.Sprintf("%d:%d-%d:%d %s", start.Line, start.Col, end.Line, end.Col, fmt.Sprintf(format, args...)))
	}
	s := scanner{report: report, warn: report}
	s.init(files.Add("t.lua", src))
	for {
		var tok token
		s.next(&tok)
		if tok.kind == tokEOF {
			return tokens, errors
		}
		tokens = append(tokens, tok)
		if len(tokens) > len(src) {
			t.Fatalf("%q: the scanner does not come to an end", src)
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{"and andy _end end1 END end", "'and' name 'andy' name '_end' name 'end1' name 'END' 'end'"},
		{"+-*/%^#", "'+' '-' '*' '/' '%' '^' '#'"},
		{"== ~= <= >= < > =", "'==' '~=' '<=' '>=' '<' '>' '='"},
		{"==== <== >>=", "'==' '==' '<=' '=' '>' '>='"},
		{"(){}[];:,.", "'(' ')' '{' '}' '[' ']' ';' ':' ',' '.'"},
		{"..  ... .... :: :::", "'..' '...' '...' '.' '::' '::' ':'"},
		{"a.b a..b a.. .5", "name 'a' '.' name 'b' name 'a' '..' name 'b' name 'a' '..' number"},
		{"a--b\nc", "name 'a' name 'c'"},
		{"a--[[b\nc]]d", "name 'a' name 'd'"},
		{"a--[==[b]]\n]=]]==]d", "name 'a' name 'd'"},
		{"a--[=b\nc", "name 'a' name 'c'"}, // a short comment
		{"--", ""},
		{"--[", ""},
		{"--[[]]x", "name 'x'"},
		{"[[a]] [==[b]==] [ [", "string string '[' '['"},
		{"a[b[[c]]]", "name 'a' '[' name 'b' string ']'"},
		{"@", "'@'"},
		{"!= ! && & || | ~", "'!=' '!' '&&' '&' '||' '|' '~'"},
		{"é好", "'é' '好'"},
		{"\xff\x00\x7f\x1b", `'\xff' '\x00' '\x7f' '\x1b'`},
		{"\t\v\f\r\n x", "name 'x'"},
		{"3x", "number name 'x'"}, // as lua5.2 reads it
		{"#! a line\nx", "name 'x'"},
		{"#\nx", "name 'x'"},
		{"#", ""},
		{"\uFEFFx", "name 'x'"},
		{"\uFEFF#!/usr/bin/lua\nx", "name 'x'"},
		{" #x", "'#' name 'x'"},
	} {
		tokens, errors := scanAll(t, c.src)
		var got []string
		for _, tok := range tokens {
			got = append(got, tok.describe())
		}
		if s := strings.Join(got, " "); s != c.want || errors != nil {
			t.Errorf("%q: %s %q, want %s", c.src, s, errors, c.want)
		}
	}
}

func TestPositions(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"a  bc", "1:1-1:2 1:4-1:6"},
		{"a\nb\rc\r\nd\n\re\n\nf", "1:1-1:2 2:1-2:2 3:1-3:2 4:1-4:2 5:1-5:2 7:1-7:2"},
		{"\ta", "1:2-1:3"},
		{"é a", "1:1-1:3 1:4-1:5"}, // columns are bytes
		{"[[\na\n]] b", "1:1-3:3 3:4-3:5"},
		{"'a\\\nb' c", "1:1-2:3 2:4-2:5"},
		{"'\\z\n\n  ' c", "1:1-3:4 3:5-3:6"},
		{"--[[\n]] a", "2:4-2:5"},
		{"\uFEFFa", "1:4-1:5"},
		{"#!\na", "2:1-2:2"},
	} {
		tokens, _ := scanAll(t, c.src)
		var got []string
		for _, tok := range tokens {
			got = append(got, fmt.Sprintf("%d:%d-%d:%d", tok.start.Line, tok.start.Col, tok.end.Line, tok.end.Col))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: %s, want %s", c.src, s, c.want)
		}
	}
}

func TestFirstOnLine(t *testing.T) {
	tokens, _ := scanAll(t, "a b\n c --[[\n]] d\n[[\n]] e")
	got := ""
	for _, tok := range tokens {
		got += fmt.Sprint(" ", tok.text, tok.firstOnLn)
	}
	if want := " atrue bfalse ctrue dtrue true efalse"; got != want {
		t.Errorf("got%s, want%s", got, want)
	}
}

func TestStrings(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`""`, ""}, {`''`, ""}, {`"a'b"`, "a'b"}, {`'a"b'`, `a"b`},
		{`"\a\b\f\n\r\t\v\\\"\'"`, "\a\b\f\n\r\t\v\\\"'"},
		{`"\0\00\000\0000"`, "\x00\x00\x00\x000"},
		{`"\65\065\0651\255"`, "AAA1\xff"},
		{`"\x41\x7a\xFF\xff"`, "Az\xff\xff"},
		{`"\z"`, ""}, {"\"a\\z \t\n\r\n\v\f b\"", "ab"},
		{"'a\\\nb'", "a\nb"}, {"'a\\\r\nb'", "a\nb"}, {"'a\\\n\rb'", "a\nb"}, {"'a\\\rb'", "a\nb"},
		{"'a\\\n\nb'", ""}, // the second line end is not escaped
		{"'é\xff'", "é\xff"}, {"'\x00'", "\x00"},
		{"[[]]", ""}, {"[[\n]]", ""}, {"[[\r\na]]", "a"}, {"[[\n\na]]", "\na"}, {"[[a\n]]", "a\n"},
		{"[[a\rb\r\nc\n\rd\ne]]", "a\nb\nc\nd\ne"}, {"[[\\n]]", `\n`}, {"[[a]b]]", "a]b"},
		{"[=[a]]b]=]", "a]]b"}, {"[==[]=]]==]", "]=]"}, {"[=[]]=]", "]"}, {"[[]=]]", "]="},
	} {
		tokens, errors := scanAll(t, c.src)
		if strings.HasSuffix(c.src, "\n\nb'") {
			if len(errors) == 0 {
				t.Errorf("%q: no error", c.src)
			}
			continue
		}
		if len(tokens) != 1 || tokens[0].kind != tokString || errors != nil {
			t.Errorf("%q: %d tokens, errors %q", c.src, len(tokens), errors)
		} else if tokens[0].text != c.want {
			t.Errorf("%q: %q, want %q", c.src, tokens[0].text, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		src  string
		want float64
	}{
		{"0", 0}, {"08", 8}, {"3", 3}, {"3.", 3}, {".5", .5}, {"3.25", 3.25}, {"1e3", 1000}, {"1E+3", 1000},
		{"1e-3", .001}, {".5e1", 5}, {"5.e1", 50}, {"1e308", 1e308}, {"1e309", inf}, {"1e-400", 0},
		{"4.9e-324", 5e-324}, {"9007199254740993", 9007199254740992}, {"0.1", .1},
		{"0x10", 16}, {"0Xff", 255}, {"0xA.8", 10.5}, {"0x.8", .5}, {"0x8.", 8}, {"0x1p4", 16}, {"0x1P-1", .5},
		{"0x.1p4", 1}, {"0xep1", 28}, {"0x1p+2", 4}, {"0x1e2", 482}, {"0xffffffffffffffff", 18446744073709551615},
		{"0x1p9999", inf}, {"0x1p-9999", 0}, {"0x10000000000000000000000", 0x1p88},
		{strings.Repeat("1", 400), inf}, {"0." + strings.Repeat("0", 400) + "1", 0},
	} {
		tokens, errors := scanAll(t, c.src)
		if len(tokens) != 1 || tokens[0].kind != tokNumber || errors != nil {
			t.Errorf("%s: %d tokens, errors %q", c.src, len(tokens), errors)
		} else if tokens[0].number != c.want {
			t.Errorf("%s: %v, want %v", c.src, tokens[0].number, c.want)
		}
	}
	for _, src := range []string{"3..2", "0x", "0x.", "0xp1", "1e", "1e+", "1e+-1", "1.2.3", "0x1p", "1f", "0x1.2.3", "1e5e5", "0x1p1p1", "3...4"} {
		if _, errors := scanAll(t, src); len(errors) != 1 || !strings.Contains(errors[0], "malformed number") {
			t.Errorf("%s: errors %q", src, errors)
		}
	}
}

func TestParseNumberRejects(t *testing.T) {
	for _, s := range []string{"", "inf", "nan", "Infinity", "+1", "-1", " 1", "1 ", "1_000", "0b1", "0o7", "0x_1", "e5", "0x-1", "1p4"} {
		if f, ok := parseNumber(s); ok {
			t.Errorf("%q is read as %v", s, f)
		}
	}
}

func TestScanErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"'a", "1:1-1:3 unfinished string"},
		{"'a\nb", "1:1-1:3 unfinished string"},
		{"'", "1:1-1:2 unfinished string"},
		{"'\\", "1:1-1:3 unfinished string"},
		{"'a\\\nbc", "2:1-2:3 unfinished string"},
		{"[[a\nb", "1:1-1:3 unfinished long string, expected ']]'"},
		{"[==[", "1:1-1:5 unfinished long string, expected ']==]'"},
		{"--[=[ a\n]]", "1:1-1:6 unfinished long comment, expected ']=]'"},
		{"[=a", "1:1-1:3 expected '[' after '[='"},
		{"[==", "1:1-1:4 expected '[' after '[=='"},
		{`'\q'`, `1:2-1:4 unknown escape sequence '\q', taken as 'q', as in Lua 5.1; write 'q', or '\\q' for a backslash before it`},
		{`'\u{48}'`, `1:2-1:4 unknown escape sequence '\u', which is Lua 5.3`},
		{`'\u'`, `1:2-1:4 unknown escape sequence '\u', taken as 'u', as in Lua 5.1; write 'u', or '\\u' for a backslash before it`},
		{"'\\\x01'", "1:2-1:4 unknown escape sequence, taken as the character alone, as in Lua 5.1; write it without the backslash"},
		{"'\\é'", `1:2-1:5 unknown escape sequence '\é', taken as 'é', as in Lua 5.1; write 'é', or '\\é' for a backslash before it`},
		{`'\256'`, `1:2-1:6 escape sequence '\256' is larger than 255`},
		{`'\xg0'`, `1:2-1:4 expected two hexadecimal digits after '\x'`},
		{`'\x0'`, `1:2-1:5 expected two hexadecimal digits after '\x'`},
		{"1..2", "1:1-1:5 malformed number '1..2'"},
		{strings.Repeat("1.", 50), "1:1-1:101 malformed number '1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1...'"},
	} {
		_, errors := scanAll(t, c.src)
		if len(errors) != 1 || errors[0] != c.want {
			t.Errorf("%q: %q, want %s", c.src, errors, c.want)
		}
	}
}
