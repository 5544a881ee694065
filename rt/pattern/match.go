package pattern

import (
	"math/bits"
	"strconv"
	"strings"
)

// capPosition is the end of a position capture.
const capPosition = -1

// Results of matching other than an end position.
const (
	noMatch = -1 // try something else
	failed  = -2 // Match.Err is set: stop
)

// A capture is a part of the subject.
type capture struct{ start, end int }

// A Match is the state and the result of matching. Reuse it for many matches;
// it must not be copied while in use. The zero Match is ready.
type Match struct {
	// Start and End delimit what the last successful match covered.
	Start, End int
	// Err is the Lua error message of the last match, or "".
	Err string

	subject  string
	code     []inst
	level    int    // captures so far
	open     uint32 // bit per capture: it has no end yet
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
	switch {
	case m.open>>i&1 != 0:
		m.Err = "unfinished capture"
		return 0, 0, false
	case c.end == capPosition:
		return c.start, c.start, true
	}
	return c.start, c.end, false
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
	in := &p.code[0]
	for ; ; init++ {
		if init = in.first.seek(s, init); init < 0 {
			break
		}
		if m.At(p, s, init) {
			return true
		}
		if m.Err != "" {
			return false
		}
		if p.skips {
			for init+1 < len(s) && in.matches(s[init+1]) {
				init++
			}
		}
	}
	m.Err = ""
	return false
}

// findLiteral is Find for a pattern that is plain text.
func (m *Match) findLiteral(p *Pattern, s string, init int) bool {
	m.Err, m.level, m.open = "", 0, 0
	i := strings.Index(s[init:], p.text)
	if i < 0 {
		return false
	}
	m.subject = s
	m.Start, m.End = init+i, init+i+len(p.text)
	return true
}

// At reports whether p matches s at position init. When it reports false, Err
// tells whether the pattern is wrong.
func (m *Match) At(p *Pattern, s string, init int) bool {
	m.subject, m.code = s, p.code
	m.level, m.open, m.Err = 0, 0, ""
	end := m.match(init, 0, 0)
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

// match matches the instructions from pc on against the subject from s on, and
// returns where the match ends, or noMatch or failed. It loops over what leaves
// no choice and calls itself to try the others. depth counts what the C
// implementation calls itself for, which is more: captures, and choices of
// which but one can succeed.
func (m *Match) match(s, pc, depth int) int {
	subject, code := m.subject, m.code
	for {
		if depth >= maxDepth {
			return m.fail("pattern too complex")
		}
		in := &code[pc]
		switch in.op {
		case opEnd:
			return s
		case opByte:
			if s >= len(subject) || subject[s] != in.c {
				return noMatch
			}
			s++
			pc++
			continue
		case opAny:
			if s >= len(subject) {
				return noMatch
			}
			s++
			pc++
			continue
		case opTable:
			if s >= len(subject) || !in.table[subject[s]] {
				return noMatch
			}
			s++
			pc++
			continue
		case opMost:
			end := in.span(subject, s)
			if in.rep == '+' {
				if end == s {
					return noMatch
				}
				s++
			}
			if !in.single {
				if end = m.longest(s, end, pc, depth); end < 0 || !in.final {
					return end
				}
			}
			s = end
		case opMaybe:
			if s < len(subject) && in.matches(subject[s]) {
				if !in.single {
					if end := m.try(s+1, pc+1, depth+1); end != noMatch {
						return end
					}
					pc++
					continue
				}
				s++
				break
			}
			pc++
			continue
		case opLeast:
			if !in.sure {
				if s = m.shortest(s, pc, depth); s < 0 || !in.final {
					return s
				}
			}
		case opOpen, opPosition:
			if m.level >= maxCaptures {
				return m.fail("too many captures")
			}
			m.captures[m.level] = capture{s, capPosition}
			if in.op == opOpen {
				m.open |= 1 << m.level
			}
			m.level++
		case opClose:
			i := bits.Len32(m.open) - 1
			if i < 0 {
				return m.fail("invalid pattern capture")
			}
			m.captures[i].end = s
			m.open &^= 1 << i
		default:
			if s = m.special(s, in); s < 0 {
				return s
			}
			pc++
			continue
		}
		pc++
		depth++
	}
}

// special matches the instructions that are rare, and returns where the match
// goes on.
func (m *Match) special(s int, in *inst) int {
	switch in.op {
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
		return s
	case opBalance:
		return m.balance(s, in.c, in.d)
	case opBack:
		return m.back(s, int(in.c)-'1')
	}
	return m.fail(in.text)
}

// try is match for one of several choices: if that fails, the captures are
// again what they were. Of those that were there before, it can only have ended
// some; so the ends are all there is to take back.
func (m *Match) try(s, pc, depth int) int {
	level, open := m.level, m.open
	end := m.match(s, pc, depth)
	if end == noMatch {
		m.level, m.open = level, open
	}
	return end
}

// matches reports whether the class of in, a single character class, holds c.
func (in *inst) matches(c byte) bool {
	if in.table != nil {
		return in.table[c]
	}
	return in.any || in.c == c
}

// span returns where the longest run of in's class ends that starts at s.
func (in *inst) span(subject string, s int) int {
	switch {
	case in.table != nil:
		table := in.table
		for s < len(subject) && table[subject[s]] {
			s++
		}
	case in.any:
		return len(subject)
	default:
		for s < len(subject) && subject[s] == in.c {
			s++
		}
	}
	return s
}

// longest matches the rest of the pattern, after pc, at the last position
// possible from s down to floor. Where the rest is final, it returns the
// position at which it will match instead of where that ends.
func (m *Match) longest(floor, s, pc, depth int) int {
	in := &m.code[pc]
	first := &m.code[pc+1].first
	for ; s >= floor; s-- {
		if first.known && !first.at(m.subject, s) {
			continue
		}
		if in.final {
			return s
		}
		if end := m.try(s, pc+1, depth+1); end != noMatch {
			return end
		}
	}
	return noMatch
}

// shortest matches the rest of the pattern, after pc, at s, and as long as that
// fails one more byte of in's class before it. It returns what longest does.
func (m *Match) shortest(s, pc, depth int) int {
	in := &m.code[pc]
	first := &m.code[pc+1].first
	for {
		if first.known {
			if in.any {
				if s = first.seek(m.subject, s); s < 0 {
					return noMatch
				}
			}
			for !first.at(m.subject, s) {
				if s >= len(m.subject) || !in.matches(m.subject[s]) {
					return noMatch
				}
				s++
			}
		}
		if in.final {
			return s
		}
		if end := m.try(s, pc+1, depth+1); end != noMatch {
			return end
		}
		if s >= len(m.subject) || !in.matches(m.subject[s]) {
			return noMatch
		}
		s++
	}
}

// back matches the text of capture i again and returns the position after it.
func (m *Match) back(s, i int) int {
	if i < 0 || i >= m.level || m.open>>i&1 != 0 {
		return m.fail("invalid capture index %" + strconv.Itoa(i+1))
	}
	c := m.captures[i]
	if c.end == capPosition {
		return noMatch
	}
	if text := m.subject[c.start:c.end]; strings.HasPrefix(m.subject[s:], text) {
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
