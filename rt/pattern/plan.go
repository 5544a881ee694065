package pattern

import (
	"math/bits"
	"strings"
)

// Plans. Most repetitions of a pattern leave no choice, for one of these
// reasons, which are found when it is compiled:
//
//	(%w+)        what follows matches anywhere: the longest run it is
//	%w+@         the run ends where what follows can start, and nowhere before
//	%s+$         the same, for the end of the subject
//	(.-),        where a comma is, the match is found
//
// The matcher then goes on without trying and taking back. Elsewhere a look at
// the next byte spares attempts. A mistake in the pattern, which is reported
// when matching comes to it, is never looked past.

// A plan says what is known of the rest of a pattern after a repetition.
type plan struct {
	sure   bool // the rest matches anywhere
	single bool // only the longest run can be followed by the rest
	final  bool // the rest matches wherever its first byte fits
}

// A first is the set of bytes that a match can start with; end stands for the
// end of the subject. If it is not known, anything may start a match.
type first struct {
	known bool
	end   bool
	one   int16 // the only member, or -1
	set   byteSet
}

// A byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]>>(c&63)&1 != 0 }

// class returns the bytes of in's class.
func (in *inst) class() (s byteSet) {
	switch {
	case in.table != nil:
		for c, member := range in.table {
			if member {
				s.add(byte(c))
			}
		}
	case in.any:
		s = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	default:
		s.add(in.c)
	}
	return s
}

// firstOf returns the first of a set of bytes, and the end if that counts.
func firstOf(set byteSet, end bool) first {
	f := first{known: true, end: end, one: -1, set: set}
	size, last := 0, 0
	for i, word := range set {
		if word != 0 {
			size += bits.OnesCount64(word)
			last = i*64 + bits.TrailingZeros64(word)
		}
	}
	if size == 1 && !end {
		f.one = int16(last)
	}
	return f
}

// or returns what starts with a byte of set or as f does.
func (f *first) or(set byteSet) first {
	if !f.known {
		return first{}
	}
	for i := range set {
		set[i] |= f.set[i]
	}
	return firstOf(set, f.end)
}

// excludes reports whether nothing starts with a byte of set.
func (f *first) excludes(set byteSet) bool {
	common := uint64(0)
	for i := range set {
		common |= set[i] & f.set[i]
	}
	return f.known && common == 0
}

// at reports whether f, which is known, allows a match at s[i].
func (f *first) at(s string, i int) bool {
	if i >= len(s) {
		return f.end
	}
	return f.set.has(s[i])
}

// seek returns the first index from i on at which a match is possible, or -1
// if there is none.
func (f *first) seek(s string, i int) int {
	switch {
	case i > len(s):
		return -1
	case !f.known:
		return i
	case f.one >= 0:
		k := strings.IndexByte(s[i:], byte(f.one))
		if k < 0 {
			return -1
		}
		return i + k
	}
	for ; i < len(s); i++ {
		if f.set.has(s[i]) {
			return i
		}
	}
	if f.end {
		return i
	}
	return -1
}

// plan computes first and plan of every instruction. Captures are looked
// through only if none is wrong, lest an error message be lost.
func (p *Pattern) plan() {
	right := p.capturesAreRight()
	next := &inst{op: opEnd} // what follows the instruction
	sure := false            // the pattern matches anywhere from the instruction on
	fits := false            // it does if its first byte fits
	for i := len(p.code) - 1; i >= 0; i-- {
		in := &p.code[i]
		in.plan = plan{sure: sure, single: sure, final: fits}
		switch in.op {
		case opEnd:
			sure = true
		case opByte, opAny, opTable:
			in.first = firstOf(in.class(), false)
			sure, fits = false, sure
		case opMost, opLeast, opMaybe:
			class := in.class()
			in.single = sure || next.first.excludes(class)
			in.first = next.first.or(class)
			fits = false
			if in.rep == '+' {
				in.first = firstOf(class, false)
				sure, fits = false, sure
			}
		case opOpen, opPosition, opClose:
			if right {
				in.first = next.first
			} else {
				sure, fits = false, false
			}
		case opBalance:
			in.first = firstOf(in.class(), false)
			sure, fits = false, false
		case opFrontier:
			in.first = firstOf(in.class(), in.table[0])
			sure, fits = false, false
		case opEnding:
			in.first = firstOf(byteSet{}, true)
			fits = sure
			sure = false
		default:
			sure, fits = false, false
		}
		next = in
	}
	start := &p.code[0]
	p.skips = start.rep == '+' && start.single
	for i := range p.code {
		p.skips = p.skips && p.code[i].op != opBack
	}
}

// capturesAreRight reports whether every parenthesis that closes has one that
// opens, and there are not too many.
func (p *Pattern) capturesAreRight() bool {
	level, open := 0, 0
	for _, in := range p.code {
		switch in.op {
		case opOpen:
			level++
			open++
		case opPosition:
			level++
		case opClose:
			open--
		}
		if open < 0 || level > maxCaptures {
			return false
		}
	}
	return true
}
