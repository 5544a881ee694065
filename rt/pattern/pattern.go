// Package pattern matches Lua patterns over Go strings.
//
// A pattern is compiled once into a list of instructions, one for each single
// character class with its repetition mark; a class or set becomes a table of
// 256 booleans, so that testing a character is one load. Matching is the
// backtracking of the C implementation, with the same limit on nesting, but
// without the attempts that are known to fail (plan.go); it allocates nothing:
// captures live in a Match, which callers reuse.
//
// Lua finds mistakes in a pattern only when matching gets to them
// (("a"):find("b[") is nil, not an error). A mistake is therefore compiled
// into an instruction that reports it.
//
// The package must not know what a Lua value is.
package pattern

import "strings"

// maxCaptures is how many captures a pattern may have.
const maxCaptures = 32

// maxDepth is how deeply matching may nest: the C implementation's limit,
// which patterns with hundreds of repetitions or captures exceed.
const maxDepth = 200

// An op is what an instruction does.
type op uint8

const (
	opEnd      op = iota // the pattern matched
	opByte               // one byte equal to c
	opAny                // any byte
	opTable              // one byte of table
	opMost               // the class as often as possible: rep is * or +
	opLeast              // the class as rarely as possible: rep is -
	opMaybe              // the class or nothing: rep is ?
	opOpen               // start a capture
	opPosition           // capture the position
	opClose              // end the innermost open capture
	opBack               // the text of capture number c again
	opBalance            // balanced c ... d (%bxy)
	opFrontier           // between a byte outside of table and one inside (%f)
	opEnding             // $: only at the end of the subject
	opError              // a mistake in the pattern
)

// An inst is one instruction.
type inst struct {
	op   op
	rep  byte // one of * + - ?, or 0
	c, d byte
	// A class is the bytes of table, or any byte, or c.
	any   bool
	table *[256]bool
	text  string // of opError

	first first // what a match from this instruction on starts with
	plan
}

// A Pattern is a compiled pattern. It is immutable and may be shared.
type Pattern struct {
	source   string
	anchored bool
	specials bool
	skips    bool   // after a failure, Find can go on behind the run of the first class
	literal  bool   // no instruction but opByte without repetition
	text     string // what a literal pattern matches
	code     []inst
}

// HasSpecials reports whether the pattern holds a special character.
// string.find searches for the text of a pattern without one, so that a lone
// ")" is no mistake there.
func (p *Pattern) HasSpecials() bool { return p.specials }

// Anchored reports whether the pattern starts with the anchor ^.
func (p *Pattern) Anchored() bool { return p.anchored }

// Compile compiles source, in which a leading ^ is an anchor.
func Compile(source string) *Pattern {
	if source != "" && source[0] == '^' {
		p := compile(source[1:])
		p.source, p.anchored, p.specials = source, true, true
		return p
	}
	return compile(source)
}

// CompileIterated compiles source for string.gmatch, in which ^ has no
// special meaning.
func CompileIterated(source string) *Pattern { return compile(source) }

// compile translates the pattern s.
func compile(s string) *Pattern {
	p := &Pattern{source: s, specials: strings.ContainsAny(s, "^$*+?.([%-"), literal: true, code: make([]inst, 0, 8)}
	for i := 0; i < len(s); {
		var in inst
		in, i = instruction(s, i)
		p.literal = p.literal && in.op == opByte
		p.code = append(p.code, in)
		if in.op == opError {
			break
		}
	}
	if p.literal {
		text := make([]byte, 0, len(p.code))
		for _, in := range p.code {
			text = append(text, in.c)
		}
		p.text = string(text)
	}
	p.code = append(p.code, inst{op: opEnd})
	p.plan()
	return p
}

// mistake returns an instruction that raises the error text.
func mistake(s, text string) (inst, int) { return inst{op: opError, text: text}, len(s) }

// instruction translates the pattern item at s[i] and returns the index after
// it.
func instruction(s string, i int) (inst, int) {
	switch c := s[i]; {
	case c == '(':
		if i+1 < len(s) && s[i+1] == ')' {
			return inst{op: opPosition}, i + 2
		}
		return inst{op: opOpen}, i + 1
	case c == ')':
		return inst{op: opClose}, i + 1
	case c == '$' && i+1 == len(s):
		return inst{op: opEnding}, i + 1
	case c == '%' && i+1 < len(s):
		switch d := s[i+1]; {
		case d == 'b':
			if i+3 >= len(s) {
				return mistake(s, "malformed pattern (missing arguments to '%b')")
			}
			return inst{op: opBalance, c: s[i+2], d: s[i+3]}, i + 4
		case d == 'f':
			if i+2 >= len(s) || s[i+2] != '[' {
				return mistake(s, "missing '[' after '%f' in pattern")
			}
			end := setEnd(s, i+2)
			if end < 0 {
				return mistake(s, "malformed pattern (missing ']')")
			}
			return inst{op: opFrontier, table: setTable(s[i+3 : end-1])}, end
		case '0' <= d && d <= '9':
			return inst{op: opBack, c: d}, i + 2
		}
	}
	return single(s, i)
}

// single translates a single character class with its repetition mark.
func single(s string, i int) (inst, int) {
	in := inst{op: opByte, c: s[i]}
	switch s[i] {
	case '.':
		in.op, in.any = opAny, true
		i++
	case '%':
		if i+1 == len(s) {
			return mistake(s, "malformed pattern (ends with '%')")
		}
		in.c = s[i+1]
		if table := classTables[s[i+1]]; table != nil {
			in.op, in.table = opTable, table
		}
		i += 2
	case '[':
		end := setEnd(s, i)
		if end < 0 {
			return mistake(s, "malformed pattern (missing ']')")
		}
		in.op, in.table = opTable, setTable(s[i+1:end-1])
		i = end
	default:
		i++
	}
	if i < len(s) {
		switch s[i] {
		case '*', '+':
			in.op = opMost
		case '-':
			in.op = opLeast
		case '?':
			in.op = opMaybe
		default:
			return in, i
		}
		in.rep = s[i]
		i++
	}
	return in, i
}

// setEnd returns the index after the set that starts at s[i], or -1 if it has
// no end.
func setEnd(s string, i int) int {
	i++
	if i < len(s) && s[i] == '^' {
		i++
	}
	for first := true; first || i >= len(s) || s[i] != ']'; first = false {
		if i >= len(s) {
			return -1
		}
		i++
		if s[i-1] == '%' && i < len(s) {
			i++
		}
	}
	return i + 1
}

// setTable returns the table of the set whose text between the brackets is s.
func setTable(s string) *[256]bool {
	t := new([256]bool)
	in := true
	if s != "" && s[0] == '^' {
		in = false
		s = s[1:]
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && i+1 == len(s): // behind a range that ends in %: C Lua escapes the bracket
			t[']'] = true
		case s[i] == '%':
			i++
			if class := classTables[s[i]]; class != nil {
				for c, member := range class {
					t[c] = t[c] || member
				}
			} else {
				t[s[i]] = true
			}
		case i+2 < len(s) && s[i+1] == '-':
			for c := int(s[i]); c <= int(s[i+2]); c++ {
				t[c] = true
			}
			i += 2
		default:
			t[s[i]] = true
		}
	}
	if !in {
		for c := range t {
			t[c] = !t[c]
		}
	}
	return t
}

// classTables holds the table of each class letter, such as 'a' for %a.
var classTables = func() (tables [256]*[256]bool) {
	classes := map[byte]func(c byte) bool{
		'a': isAlpha,
		'c': func(c byte) bool { return c < ' ' || c == 127 },
		'd': isDigit,
		'g': func(c byte) bool { return '!' <= c && c <= '~' },
		'l': isLower,
		'p': func(c byte) bool { return '!' <= c && c <= '~' && !isAlpha(c) && !isDigit(c) },
		's': func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
		'u': isUpper,
		'w': func(c byte) bool { return isAlpha(c) || isDigit(c) },
		'x': func(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' },
		'z': func(c byte) bool { return c == 0 },
	}
	for letter, is := range classes {
		in, out := new([256]bool), new([256]bool)
		for c := range in {
			in[c] = is(byte(c))
			out[c] = !in[c]
		}
		tables[letter], tables[letter-'a'+'A'] = in, out
	}
	return tables
}()

// isAlpha reports whether c is an ASCII letter.
func isAlpha(c byte) bool { return isLower(c) || isUpper(c) }

// isDigit reports whether c is a decimal digit.
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isLower reports whether c is an ASCII small letter.
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// isUpper reports whether c is an ASCII capital.
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
