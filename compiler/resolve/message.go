package resolve

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// LoadMessage returns what load and require say of a chunk that is wrong: in one
// line, and as far as possible in the words of the C implementation, for which
// scripts look ("near <eof>" asks for another line).
//
//	chunkname:line: X expected near 'Y'
func LoadMessage(f *diag.File, tree *syntax.Chunk, d *diag.Diagnostic) string {
	m := &messenger{f: f, tree: tree, d: d, line: int(d.Range.Start.Line)}
	if token := source(f, d.Range); token != "" {
		m.near = quoted(token)
	}
	text := m.words()
	if m.near != "" {
		text += " near " + m.near
	}
	return fmt.Sprintf("%s:%d: %s", f.Name, m.line, text)
}

// A messenger rewords one message.
type messenger struct {
	f    *diag.File
	tree *syntax.Chunk
	d    *diag.Diagnostic
	line int
	near string // what the message ends with, "" for nothing
}

// words returns the message without its end.
func (m *messenger) words() string {
	switch m.d.Code {
	case diag.UnexpectedToken, diag.UnclosedBlock, diag.UnclosedBracket, diag.AfterReturn, diag.NotAStatement:
		return m.expected()
	case diag.UnexpectedCharacter:
		switch m.near {
		case "char(0)": // that C Lua takes for no token at all
			m.near = ""
		case "'!='": // that C Lua reads one by one
			m.near = "'!'"
		}
		return "unexpected symbol"
	case diag.BadAssignment:
		m.atToken(m.d.Range.End)
		return "syntax error"
	case diag.MalformedNumber:
		return "malformed number"
	case diag.UnfinishedString, diag.UnfinishedComment:
		return m.unfinished()
	case diag.BadLongBracket:
		return "invalid long string delimiter"
	case diag.BadEscape:
		return m.escape()
	case diag.VarargOutside:
		return m.d.Message
	case diag.NestingTooDeep:
		return "too many C levels (limit is 200)"
	case diag.TooManyLocals:
		return "too many local variables (limit is 200)" + m.function()
	case diag.EncryptedFile:
		m.near = ""
		return m.d.Message
	case diag.TooManyUpvalues:
		return "too many upvalues (limit is 255)" + m.function()
	}
	m.near = ""
	switch m.d.Code {
	case diag.UndefinedLabel:
		return fmt.Sprintf("%s for <goto> at line %d", m.d.Message, m.line)
	case diag.BreakOutsideLoop:
		return fmt.Sprintf("<break> at line %d not inside a loop", m.line)
	case diag.DuplicateLabel:
		text, _, _ := strings.Cut(m.d.Message, " is ")
		return fmt.Sprintf("%s already defined on line %d", text, m.d.Notes[0].Range.Start.Line)
	case diag.JumpIntoScope:
		return fmt.Sprintf("<goto %s> at line %d %s", source(m.f, m.d.Range), m.line, m.d.Message[strings.Index(m.d.Message, "jumps"):])
	}
	return m.d.Message
}

// theirs maps what we expect to what the C implementation says.
var theirs = map[string]string{
	"expression":                  "unexpected symbol",
	"statement":                   "unexpected symbol",
	"name":                        "<name> expected",
	"parameter name":              "<name> or '...' expected",
	"arguments":                   "function arguments expected",
	"end of file":                 "<eof> expected",
	"end of block after 'return'": "<eof> expected",
	"'=' or arguments":            "syntax error",
	"a call or an assignment":     "syntax error",
}

// expected rewords "expected X, found Y".
func (m *messenger) expected() string {
	what, found, _ := strings.Cut(strings.TrimPrefix(m.d.Message, "expected "), ", found ")
	if found == "end of file" {
		m.atEnd()
	} else if what == "a call or an assignment" {
		m.atToken(m.d.Range.End)
	}
	if words := theirs[what]; words != "" {
		return words
	}
	what = strings.TrimPrefix(what, "',' or ") + " expected"
	if len(m.d.Notes) > 0 && (m.d.Code == diag.UnclosedBlock || m.d.Code == diag.UnclosedBracket) {
		if open := m.d.Notes[0].Range; open.Start.Line != 0 && int(open.Start.Line) != m.line {
			what += fmt.Sprintf(" (to close '%s' at line %d)", source(m.f, open), open.Start.Line)
		}
	}
	return what
}

// function says which function the message is about.
func (m *messenger) function() string {
	name := " in main function"
	at := m.d.Range.Start
	syntax.Walk(m.tree, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.FunctionExpr); ok && n.Pos().Before(at) && at.Before(n.End()) {
			name = fmt.Sprintf(" in function at line %d", n.Pos().Line)
		}
		return true
	})
	return name
}

// unfinished rewords the message about a string or comment without its end.
func (m *messenger) unfinished() string {
	what, _, long := strings.Cut(m.d.Message, ",")
	if long || m.offset(m.d.Range.End) >= len(m.f.Text) {
		m.atEnd()
	}
	return what
}

// escape rewords the message about an escape sequence.
func (m *messenger) escape() string {
	switch {
	case strings.HasPrefix(m.d.Message, "expected two"):
		// The C implementation shows the offending character, too.
		if end := m.offset(m.d.Range.End); end < len(m.f.Text) {
			m.near = "'" + m.f.Text[m.offset(m.d.Range.Start):end+1] + "'"
		}
		return "hexadecimal digit expected"
	case strings.HasSuffix(m.d.Message, "255"):
		return "decimal escape too large"
	}
	return "invalid escape sequence" // of Lua 5.3
}

// atEnd puts the message at the end of the text.
func (m *messenger) atEnd() {
	m.near = "<eof>"
	m.line = 1 + countLines(m.f.Text)
}

// atToken puts the message at the token after p.
func (m *messenger) atToken(p diag.Pos) {
	rest := m.f.Text[m.offset(p):]
	token := strings.TrimLeft(rest, " \t\v\f\r\n")
	if token == "" {
		m.atEnd()
		return
	}
	m.line = int(p.Line) + countLines(rest[:len(rest)-len(token)])
	n := 1
	for n < len(token) && isWord(token[0]) && isWord(token[n]) {
		n++
	}
	m.near = quoted(token[:n])
}

// quoted returns a token as messages show it.
func quoted(token string) string {
	if c := token[0]; c < ' ' || c >= 0x7f {
		return fmt.Sprintf("char(%d)", c)
	}
	return "'" + token + "'"
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// offset returns the place of p in the text.
func (m *messenger) offset(p diag.Pos) int {
	line := int32(1)
	text := m.f.Text
	at := 0
	for line < p.Line && at < len(text) {
		at += len(m.f.Line(line))
		at += endLength(text[at:])
		line++
	}
	return min(at+int(p.Col)-1, len(text))
}

// source returns the text of a range within one line, "" for others.
func source(f *diag.File, r diag.Range) string {
	if r.Start.Line != r.End.Line {
		return ""
	}
	line := f.Line(r.Start.Line)
	from, to := int(r.Start.Col)-1, int(r.End.Col)-1
	if from < 0 || to > len(line) || from >= to {
		return ""
	}
	return line[from:to]
}

// countLines returns the number of line ends in text.
func countLines(text string) int {
	n := 0
	for i := 0; i < len(text); i++ {
		if k := endLength(text[i:]); k > 0 {
			i += k - 1
			n++
		}
	}
	return n
}

// endLength returns the length of the line end that text starts with, or 0.
func endLength(text string) int {
	if text == "" || text[0] != '\n' && text[0] != '\r' {
		return 0
	}
	if len(text) > 1 && (text[1] == '\n' || text[1] == '\r') && text[1] != text[0] {
		return 2
	}
	return 1
}
