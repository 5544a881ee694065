package syntax

import (
	"unicode/utf8"

	"github.com/luago-lang/luago/compiler/diag"
)

// shortString reads a string in quotes and decodes its escape sequences
// (reference manual, section 3.1).
func (s *scanner) shortString(t *token) {
	t.kind = tokString
	quote := s.src[s.off]
	s.off++
	start := s.off // of the text not yet in decoded
	var decoded []byte
	for s.off < len(s.src) {
		switch c := s.src[s.off]; c {
		case quote:
			text := s.src[start:s.off]
			if decoded != nil {
				text = string(append(decoded, text...))
			}
			t.text = text
			s.off++
			return
		case '\n', '\r':
			s.unfinished(t)
			return
		case '\\':
			decoded = append(decoded, s.src[start:s.off]...)
			decoded = s.escape(decoded)
			if decoded == nil {
				decoded = []byte{}
			}
			start = s.off
		default:
			s.off++
		}
	}
	s.unfinished(t)
}

// unfinished reports a string without a closing quote. The scanner stands at
// the end of its line.
func (s *scanner) unfinished(t *token) {
	start, end := t.start, s.pos()
	if start.Line != end.Line { // "\z" or "\" at the end of a line
		start = s.posAt(s.lineStart)
	}
	t.cut = true
	s.report(diag.UnfinishedString, start, end, "unfinished string")
}

// simpleEscapes are the escape sequences of one letter.
var simpleEscapes = [256]byte{
	'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
	'\\': '\\', '"': '"', '\'': '\'',
}

// escape decodes the sequence at the backslash where the scanner stands and
// appends what it means. A wrong one is reported and means nothing; those that
// only Lua 5.1 has bring a warning.
func (s *scanner) escape(out []byte) []byte {
	start := s.pos()
	s.off++
	if s.off >= len(s.src) {
		return out // an unfinished string
	}
	c := s.src[s.off]
	switch {
	case simpleEscapes[c] != 0:
		s.off++
		return append(out, simpleEscapes[c])
	case c == '\n' || c == '\r':
		s.newline()
		return append(out, '\n')
	case c == 'x':
		return s.hexEscape(out, start)
	case c == 'z':
		s.off++
		for s.off < len(s.src) {
			if c = s.src[s.off]; c == '\n' || c == '\r' {
				s.newline()
			} else if isClass(c, classSpace) {
				s.off++
			} else {
				break
			}
		}
		return out
	case isClass(c, classDigit):
		return s.decimalEscape(out, start)
	}
	if c == 'u' && s.peek(1) == '{' {
		s.off++
		s.report(diag.BadEscape, start, s.pos(), `unknown escape sequence '\u', which is Lua 5.3`)
		return out
	}
	return s.unknownEscape(out, start)
}

// unknownEscape decodes a backslash before a character that needs none: as in
// Lua 5.1 that is the character. Lua 5.2 refuses it, and means something else by
// "\x" and "\z".
func (s *scanner) unknownEscape(out []byte, start diag.Pos) []byte {
	_, n := utf8.DecodeRuneInString(s.src[s.off:])
	text := s.src[s.off : s.off+n]
	s.off += n
	switch c := text[0]; {
	case c < ' ' || c == 0x7F:
		s.warn(diag.UnknownEscape, start, s.pos(), "unknown escape sequence, taken as the character alone, as in Lua 5.1; write it without the backslash")
	default:
		s.warn(diag.UnknownEscape, start, s.pos(), `unknown escape sequence '\%s', taken as '%s', as in Lua 5.1; write '%s', or '\\%s' for a backslash before it`, text, text, text, text)
	}
	return append(out, text...)
}

// hexEscape decodes "\xXX".
func (s *scanner) hexEscape(out []byte, start diag.Pos) []byte {
	s.off++
	value := byte(0)
	for range 2 {
		c := s.peek(0)
		if !isClass(c, classHex) {
			s.report(diag.BadEscape, start, s.pos(), `expected two hexadecimal digits after '\x'`)
			return out
		}
		s.off++
		value = value<<4 | hexValue(c)
	}
	return append(out, value)
}

func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// decimalEscape decodes "\d", "\dd" or "\ddd".
func (s *scanner) decimalEscape(out []byte, start diag.Pos) []byte {
	value := 0
	for i := 0; i < 3 && isClass(s.peek(0), classDigit); i++ {
		value = value*10 + int(s.src[s.off]-'0')
		s.off++
	}
	if value > 255 {
		s.report(diag.BadEscape, start, s.pos(), `escape sequence '\%d' is larger than 255`, value)
		return out
	}
	return append(out, byte(value))
}
