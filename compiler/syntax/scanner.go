package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/luago-lang/luago/compiler/diag"
)

// A scanner cuts source text into tokens. Errors inside a token (an escape
// sequence, a numeral) are reported at once and the token is delivered as if
// it were right; characters that are no token are left to the parser.
type scanner struct {
	src       string
	off       int // of the next byte
	file      int32
	line      int32
	lineStart int // offset of the first byte of the line
	report    func(code diag.Code, start, end diag.Pos, format string, args ...any)
	warn      func(code diag.Code, start, end diag.Pos, format string, args ...any)
}

// A class says what a byte can be in Lua, whose letters are ASCII only.
const (
	classSpace  = 1 << iota // without line ends
	classLetter             // and underscore
	classDigit
	classHex
)

var classes = func() (t [256]uint8) {
	for _, c := range []byte(" \t\v\f") {
		t[c] = classSpace
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= classLetter
		t[c-'a'+'A'] |= classLetter
	}
	t['_'] |= classLetter
	for c := '0'; c <= '9'; c++ {
		t[c] |= classDigit | classHex
	}
	for c := 'a'; c <= 'f'; c++ {
		t[c] |= classHex
		t[c-'a'+'A'] |= classHex
	}
	return t
}()

func isClass(c byte, class uint8) bool { return classes[c]&class != 0 }

// init makes the scanner stand at the first token of f: after a byte order
// mark and a first line that starts with '#'.
func (s *scanner) init(f *diag.File) {
	s.src, s.file, s.line = f.Text, f.Index, 1
	if strings.HasPrefix(s.src, "\uFEFF") {
		s.off = len("\uFEFF")
	}
	if s.peek(0) == '#' {
		s.skipLine()
	}
}

// peek returns the byte n places on, or 0 beyond the end. Where a 0 byte in
// the source matters, callers look at s.off.
func (s *scanner) peek(n int) byte {
	if s.off+n < len(s.src) {
		return s.src[s.off+n]
	}
	return 0
}

func (s *scanner) pos() diag.Pos { return s.posAt(s.off) }

// posAt returns the position of an offset in the current line.
func (s *scanner) posAt(off int) diag.Pos {
	return diag.Pos{File: s.file, Line: s.line, Col: int32(off - s.lineStart + 1)}
}

// skipLine goes to the end of the line.
func (s *scanner) skipLine() {
	if i := strings.IndexAny(s.src[s.off:], "\r\n"); i >= 0 {
		s.off += i
	} else {
		s.off = len(s.src)
	}
}

// newline steps over a line end: "\n", "\r", "\r\n" or "\n\r".
func (s *scanner) newline() {
	c := s.src[s.off]
	s.off++
	if d := s.peek(0); (d == '\n' || d == '\r') && d != c {
		s.off++
	}
	s.line++
	s.lineStart = s.off
}

// next reads the next token into t.
func (s *scanner) next(t *token) {
	t.firstOnLn = s.skipSpace()
	t.start = s.pos()
	t.text, t.cut = "", false
	if s.off >= len(s.src) {
		t.kind = tokEOF
		t.end = t.start
		return
	}
	c := s.src[s.off]
	switch {
	case isClass(c, classLetter):
		s.name(t)
	case isClass(c, classDigit), c == '.' && isClass(s.peek(1), classDigit):
		s.number(t)
	case c == '"' || c == '\'':
		s.shortString(t)
	default:
		s.symbol(t)
	}
	t.end = s.pos()
}

// skipSpace steps over blanks, line ends and comments. It reports whether the
// token after them is the first of its line.
func (s *scanner) skipSpace() bool {
	first := s.off == 0
	for s.off < len(s.src) {
		switch c := s.src[s.off]; {
		case c == '\n' || c == '\r':
			s.newline()
			first = true
		case isClass(c, classSpace):
			s.off++
		case c == '-' && s.peek(1) == '-':
			line := s.line
			s.comment()
			first = first || s.line > line
		default:
			return first
		}
	}
	return first
}

func (s *scanner) comment() {
	start := s.pos()
	s.off += 2
	if s.peek(0) == '[' {
		if level := s.longBracket(); level >= 0 {
			if _, ok := s.longText(level); !ok {
				open := start
				open.Col += int32(4 + level)
				s.report(diag.UnfinishedComment, start, open, "unfinished long comment, expected ']%s]'", strings.Repeat("=", level))
			}
			return
		}
	}
	s.skipLine()
}

// name reads an identifier or a keyword.
func (s *scanner) name(t *token) {
	start := s.off
	i := start + 1
	for i < len(s.src) && isClass(s.src[i], classLetter|classDigit) {
		i++
	}
	s.off = i
	text := s.src[start:i]
	if n := len(text); n >= 2 && n <= 8 {
		if k := keywords[text]; k != tokEOF {
			t.kind = k
			return
		}
	}
	t.kind, t.text = tokName, text
}

// number reads a numeral. As in Lua 5.2 it takes every digit, point and
// exponent that follows, and is malformed if they make no number together.
func (s *scanner) number(t *token) {
	start := s.off
	exponent := byte('e')
	if s.src[s.off] == '0' && s.peek(1)|0x20 == 'x' {
		exponent = 'p'
		s.off += 2
	}
	for s.off < len(s.src) {
		c := s.src[s.off]
		if c|0x20 == exponent {
			s.off++
			if c = s.peek(0); c == '+' || c == '-' {
				s.off++
			}
		} else if isClass(c, classHex) || c == '.' {
			s.off++
		} else {
			break
		}
	}
	text := s.src[start:s.off]
	t.kind = tokNumber
	var ok bool
	if t.number, ok = parseNumber(text); !ok {
		s.report(diag.MalformedNumber, t.start, s.pos(), "malformed number %s", shorten(text))
	}
}

// shorten quotes text for a message, without its end if it is long.
func shorten(text string) string {
	if len(text) > 40 {
		text = text[:37] + "..."
	}
	return "'" + text + "'"
}

// symbol reads an operator, a bracket, a long string, or what is none of
// these.
func (s *scanner) symbol(t *token) {
	c, d := s.src[s.off], s.peek(1)
	two := func(second byte, long, short kind) {
		if d == second {
			s.off++
			t.kind = long
		} else {
			t.kind = short
		}
		s.off++
	}
	switch c {
	case '[':
		s.leftBracket(t)
	case '=':
		two('=', tokEqual, tokAssign)
	case '<':
		two('=', tokLessEqual, tokLess)
	case '>':
		two('=', tokGreaterEqual, tokGreater)
	case ':':
		two(':', tokLabel, tokColon)
	case '~':
		if d != '=' {
			s.bad(t)
			return
		}
		s.off += 2
		t.kind = tokNotEqual
	case '.':
		switch {
		case d == '.' && s.peek(2) == '.':
			s.off += 3
			t.kind = tokEllipsis
		case d == '.':
			s.off += 2
			t.kind = tokConcat
		default:
			s.off++
			t.kind = tokDot
		}
	default:
		if k := singles[c]; k != tokEOF {
			s.off++
			t.kind = k
			return
		}
		s.bad(t)
	}
}

// singles are the tokens of one byte that start no longer one.
var singles = [256]kind{
	'+': tokPlus, '-': tokMinus, '*': tokStar, '/': tokSlash, '%': tokPercent, '^': tokCaret, '#': tokHash,
	'(': tokLeftParen, ')': tokRightParen, '{': tokLeftBrace, '}': tokRightBrace, ']': tokRightBracket,
	';': tokSemicolon, ',': tokComma,
}

// bad reads a character that is no token, with what makes an operator of
// another language of it.
func (s *scanner) bad(t *token) {
	r, n := utf8.DecodeRuneInString(s.src[s.off:])
	switch two := s.src[s.off:min(s.off+2, len(s.src))]; two {
	case "!=", "&&", "||":
		n = 2
	}
	t.kind = tokBad
	if r < ' ' || r == 0x7F || r == utf8.RuneError {
		const digits = "0123456789abcdef"
		c := s.src[s.off]
		t.text = `\x` + digits[c>>4:c>>4+1] + digits[c&15:c&15+1]
	} else {
		t.text = s.src[s.off : s.off+n]
	}
	s.off += n
}

func (s *scanner) leftBracket(t *token) {
	if d := s.peek(1); d != '[' && d != '=' {
		s.off++
		t.kind = tokLeftBracket
		return
	}
	start := s.off
	level := s.longBracket()
	if level < 0 {
		// The brackets are left to be what they are: "[=" is none.
		s.off = start + 1
		for s.peek(0) == '=' {
			s.off++
		}
		s.report(diag.BadLongBracket, t.start, s.pos(), "expected '[' after %s", shorten(s.src[start:s.off]))
		t.kind = tokLeftBracket
		return
	}
	open := s.pos()
	text, ok := s.longText(level)
	if !ok {
		s.report(diag.UnfinishedString, t.start, open, "unfinished long string, expected ']%s]'", strings.Repeat("=", level))
	}
	t.kind, t.text = tokString, text
}

// longBracket steps over the opening of a long string or comment at a '['
// and returns the number of '=' in it, or -1, without a step, if there is
// none.
func (s *scanner) longBracket() int {
	i := s.off + 1
	for i < len(s.src) && s.src[i] == '=' {
		i++
	}
	if i >= len(s.src) || s.src[i] != '[' {
		return -1
	}
	level := i - s.off - 1
	s.off = i + 1
	return level
}

// longText reads the text of a long string or comment and its closing
// bracket. A line end directly after the opening bracket is dropped, the
// others are "\n" in the result. It reports whether there was a closing one.
func (s *scanner) longText(level int) (string, bool) {
	if c := s.peek(0); c == '\n' || c == '\r' {
		s.newline()
	}
	start := s.off
	var parts strings.Builder // what lies before start, where "\r" occurs
	for s.off < len(s.src) {
		i := strings.IndexAny(s.src[s.off:], "]\r\n")
		if i < 0 {
			s.off = len(s.src)
			break
		}
		s.off += i
		if s.src[s.off] != ']' {
			end := s.off
			s.newline()
			if s.src[end:s.off] != "\n" {
				parts.WriteString(s.src[start:end])
				parts.WriteByte('\n')
				start = s.off
			}
			continue
		}
		i = s.off + 1
		for i < len(s.src) && s.src[i] == '=' {
			i++
		}
		if i-s.off-1 == level && i < len(s.src) && s.src[i] == ']' {
			text := s.src[start:s.off]
			s.off = i + 1
			if parts.Len() > 0 {
				parts.WriteString(text)
				text = parts.String()
			}
			return text, true
		}
		s.off = i
	}
	return "", false
}
