package pattern

import (
	"strconv"
	"strings"
)

// Lengths of captures that have no text.
const (
	capUnfinished = -1
	capPosition   = -2
)

// Results of matching other than an end position.
const (
	noMatch = -1 // try something else
	failed  = -2 // Match.Err is set: stop
)

// A capture is a part of the subject.
type capture struct{ start, len int }

// A Match is the state and the result of matching. Reuse it for many matches;
// it must not be copied while in use. The zero Match is ready.
type Match struct {
	// Start and End delimit what the last successful match covered.
	Start, End int
	// Err is the Lua error message of the last match, or "".
	Err string

	subject  string
	code     []inst
	level    int // captures so far
	depth    int
	captures [maxCaptures]capture
}

// Reset lets go of the subject, so that a kept Match does not keep it alive.
func (m *Match) Reset() { m.subject, m.code = "", nil }

// Captures returns how many captures the last match has.
func (m *Match) Captures() int { return m.level }

// Capture returns capture number i, from 0: its bounds, or, for a position
// capture, the position with isPosition. It is a Lua error, reported in Err,
// if the capture was never closed.
func (m *Match) Capture(i int) (start, end int, isPosition bool) {
	c := m.captures[i]
	switch c.len {
	case capPosition:
		return c.start, c.start, true
	case capUnfinished:
		m.Err = "unfinished capture"
		return 0, 0, false
	}
	return c.start, c.start + c.len, false
}

// Find looks for the first match of p in s that starts at init or later (only
// at init if p is anchored), and reports whether there is one. When it reports
// false, Err tells whether the pattern is wrong.
func (m *Match) Find(p *Pattern, s string, init int) bool {
	if p.anchored {
		return m.At(p, s, init)
	}
	if p.literal {
		return m.findLiteral(p, s, init)
	}
	first := &p.code[0]
	for ; init <= len(s); init++ {
		if init = first.seek(s, init); init < 0 {
			break
		}
		if m.At(p, s, init) {
			return true
		}
		if m.Err != "" {
			return false
		}
	}
	m.Err = ""
	return false
}

// findLiteral is Find for a pattern that is plain text.
func (m *Match) findLiteral(p *Pattern, s string, init int) bool {
	m.Err, m.level = "", 0
	i := strings.Index(s[init:], p.text)
	if i < 0 {
		return false
	}
	m.subject = s
	m.Start, m.End = init+i, init+i+len(p.text)
	return true
}

// seek returns the first index from i on at which a match that starts with in
// is possible, or -1 if there is none.
func (in *inst) seek(s string, i int) int {
	if in.need >= 0 {
		k := strings.IndexByte(s[i:], byte(in.need))
		if k < 0 {
			return -1
		}
		return i + k
	}
	if in.op == opTable && (in.rep == 0 || in.rep == '+') {
		for i < len(s) && !in.table[s[i]] {
			i++
		}
		if i == len(s) {
			return -1
		}
	}
	return i
}

// At reports whether p matches s at position init. When it reports false, Err
// tells whether the pattern is wrong.
func (m *Match) At(p *Pattern, s string, init int) bool {
	m.subject, m.code = s, p.code
	m.level, m.depth, m.Err = 0, 0, ""
	end := m.run(init, 0)
	if end < 0 {
		return false
	}
	m.Start, m.End = init, end
	return true
}

// fail records a Lua error.
func (m *Match) fail(text string) int {
	m.Err = text
	return failed
}

// run matches the instructions from pc on against the subject from s on, and
// returns where the match ends, or noMatch or failed.
func (m *Match) run(s, pc int) int {
	m.depth++
	if m.depth > maxDepth {
		return m.fail("pattern too complex")
	}
	end := m.step(s, pc)
	m.depth--
	return end
}

// step is run without the bookkeeping of depth. It loops over instructions
// that leave no choice and recurses for the others.
func (m *Match) step(s, pc int) int {
	for {
		in := &m.code[pc]
		switch in.op {
		case opEnd:
			return s
		case opByte, opAny, opTable:
			if in.rep != 0 {
				switch in.rep {
				case '?':
					if s < len(m.subject) && in.matches(m.subject[s]) {
						if end := m.run(s+1, pc+1); end != noMatch {
							return end
						}
					}
					pc++
					continue
				case '-':
					return m.shortest(s, pc)
				case '+':
					if s >= len(m.subject) || !in.matches(m.subject[s]) {
						return noMatch
					}
					return m.longest(s, s+1, pc)
				}
				return m.longest(s-1, s, pc)
			}
			if s >= len(m.subject) || !in.matches(m.subject[s]) {
				return noMatch
			}
			s++
			pc++
		case opEnding:
			if s != len(m.subject) {
				return noMatch
			}
			return s
		case opFrontier:
			var before, after byte
			if s > 0 {
				before = m.subject[s-1]
			}
			if s < len(m.subject) {
				after = m.subject[s]
			}
			if in.table[before] || !in.table[after] {
				return noMatch
			}
			pc++
		case opBalance:
			if s = m.balance(s, in.c, in.d); s < 0 {
				return s
			}
			pc++
		case opBack:
			if s = m.back(s, int(in.c)-'1'); s < 0 {
				return s
			}
			pc++
		case opOpen:
			return m.open(s, pc, capUnfinished)
		case opPosition:
			return m.open(s, pc, capPosition)
		case opClose:
			return m.close(s, pc)
		default:
			return m.fail(in.text)
		}
	}
}

// matches reports whether in, a single character class, holds c.
func (in *inst) matches(c byte) bool {
	switch in.op {
	case opTable:
		return in.table[c]
	case opByte:
		return in.c == c
	}
	return true
}

// longest matches in's class as often as possible from s on, then the rest of
// the pattern, giving bytes back as long as that fails. It stops at floor, the
// last position that is one byte too few.
func (m *Match) longest(floor, s, pc int) int {
	in := &m.code[pc]
	subject := m.subject
	switch in.op {
	case opTable:
		table := in.table
		for s < len(subject) && table[subject[s]] {
			s++
		}
	case opByte:
		for s < len(subject) && subject[s] == in.c {
			s++
		}
	default:
		s = len(subject)
	}
	next := &m.code[pc+1]
	if next.op == opEnd {
		return s
	}
	if next.need >= 0 {
		need := byte(next.need)
		for ; s > floor; s-- {
			if s < len(subject) && subject[s] == need {
				if end := m.run(s, pc+1); end != noMatch {
					return end
				}
			}
		}
		return noMatch
	}
	for ; s > floor; s-- {
		if end := m.run(s, pc+1); end != noMatch {
			return end
		}
	}
	return noMatch
}

// shortest matches the rest of the pattern at s, and as long as that fails
// one more byte of in's class before it.
func (m *Match) shortest(s, pc int) int {
	in := &m.code[pc]
	need := m.code[pc+1].need
	for {
		if need < 0 || s < len(m.subject) && m.subject[s] == byte(need) {
			if end := m.run(s, pc+1); end != noMatch {
				return end
			}
		}
		if s >= len(m.subject) || !in.matches(m.subject[s]) {
			return noMatch
		}
		s++
	}
}

// open starts a capture and matches the rest.
func (m *Match) open(s, pc, length int) int {
	if m.level >= maxCaptures {
		return m.fail("too many captures")
	}
	m.captures[m.level] = capture{s, length}
	m.level++
	end := m.run(s, pc+1)
	if end == noMatch {
		m.level--
	}
	return end
}

// close ends the innermost open capture and matches the rest.
func (m *Match) close(s, pc int) int {
	i := m.level - 1
	for i >= 0 && m.captures[i].len != capUnfinished {
		i--
	}
	if i < 0 {
		return m.fail("invalid pattern capture")
	}
	c := &m.captures[i]
	c.len = s - c.start
	end := m.run(s, pc+1)
	if end == noMatch {
		c.len = capUnfinished
	}
	return end
}

// back matches the text of capture i again and returns the position after it.
func (m *Match) back(s, i int) int {
	if i < 0 || i >= m.level || m.captures[i].len == capUnfinished {
		return m.fail("invalid capture index %" + strconv.Itoa(i+1))
	}
	c := m.captures[i]
	if c.len < 0 {
		return noMatch
	}
	if text := m.subject[c.start : c.start+c.len]; strings.HasPrefix(m.subject[s:], text) {
		return s + len(text)
	}
	return noMatch
}

// balance matches from the byte open at s to the byte shut that balances it
// and returns the position after it.
func (m *Match) balance(s int, open, shut byte) int {
	if s >= len(m.subject) || m.subject[s] != open {
		return noMatch
	}
	for level, i := 1, s+1; i < len(m.subject); i++ {
		switch m.subject[i] {
		case shut:
			if level--; level == 0 {
				return i + 1
			}
		case open:
			level++
		}
	}
	return noMatch
}
