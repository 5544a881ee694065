package strlib

import (
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/pattern"
)

// find is string.find (s, pattern [, init [, plain]]).
func (l *library) find(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	plain := n > 3 && th.Args[3].Truthy()
	s, source := lib.Text(th, "find", 1, n, a0), lib.Text(th, "find", 2, n, a1)
	init := start(th, "find", n, a2, len(s))
	if init > len(s) {
		return rt.Value{}, 1
	}
	var p *pattern.Pattern
	if !plain {
		p = l.patterns.Get(source)
		plain = !p.HasSpecials()
	}
	if plain {
		i := strings.Index(s[init:], source)
		if i < 0 {
			return rt.Value{}, 1
		}
		th.Ret[1] = rt.Number(float64(init + i + len(source)))
		return rt.Number(float64(init + i + 1)), 2
	}
	m := l.takeMatcher()
	if !m.Find(p, s, init) {
		l.miss(th, m)
		return rt.Value{}, 1
	}
	for i := 0; i < m.Captures(); i++ {
		th.Ret[i+2] = l.captured(th, m, s, i)
	}
	th.Ret[1] = rt.Number(float64(m.End))
	first, count := rt.Number(float64(m.Start+1)), m.Captures()+2
	l.putMatcher(m)
	return first, count
}

// start returns the offset that the argument init of find or match means.
func start(th *rt.Thread, name string, n int, init rt.Value, length int) int {
	if init.IsNil() {
		return 0
	}
	return max(position(lib.Int(th, name, 3, n, init), length), 1) - 1
}

// miss puts m back after a failed match, and raises its error if it has one.
func (l *library) miss(th *rt.Thread, m *pattern.Match) {
	message := m.Err
	l.putMatcher(m)
	if message != "" {
		th.Errorf("%s", message)
	}
}

// captured returns capture i of a successful match, from 0; the whole match
// counts as the first capture of a pattern without any.
func (l *library) captured(th *rt.Thread, m *pattern.Match, s string, i int) rt.Value {
	if i >= m.Captures() {
		if i > 0 {
			m.Err = "invalid capture index"
			l.miss(th, m)
		}
		return th.Part(s, m.Start, m.End)
	}
	from, to, isPosition := m.Capture(i)
	if isPosition {
		return rt.Number(float64(from + 1))
	}
	if m.Err != "" {
		l.miss(th, m)
	}
	return th.Part(s, from, to)
}

// results returns all captures of a match, or the whole match if there are
// none, as results of the running function.
func (l *library) results(th *rt.Thread, m *pattern.Match, s string) (rt.Value, int) {
	count := max(m.Captures(), 1)
	for i := 1; i < count; i++ {
		th.Ret[i] = l.captured(th, m, s, i)
	}
	return l.captured(th, m, s, 0), count
}

// match is string.match (s, pattern [, init]).
func (l *library) match(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s, source := lib.Text(th, "match", 1, n, a0), lib.Text(th, "match", 2, n, a1)
	init := start(th, "match", n, a2, len(s))
	if init > len(s) {
		return rt.Value{}, 1
	}
	m := l.takeMatcher()
	if !m.Find(l.patterns.Get(source), s, init) {
		l.miss(th, m)
		return rt.Value{}, 1
	}
	first, count := l.results(th, m, s)
	l.putMatcher(m)
	return first, count
}

// gmatch is string.gmatch (s, pattern).
func (l *library) gmatch(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s, source := lib.Text(th, "gmatch", 1, n, a0), lib.Text(th, "gmatch", 2, n, a1)
	p := l.patterns.Get(source)
	if p.Anchored() {
		p = pattern.CompileIterated(source)
	}
	next := 0
	return rt.NewGoFunction("for iterator", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		if next > len(s) {
			return rt.Value{}, 0
		}
		m := l.takeMatcher()
		if !m.Find(p, s, next) {
			next = len(s) + 1
			l.miss(th, m)
			return rt.Value{}, 0
		}
		next = m.End
		if m.End == m.Start {
			next++
		}
		first, count := l.results(th, m, s)
		l.putMatcher(m)
		return first, count
	}), 1
}

// A replacement is the third argument of gsub.
type replacement struct {
	value    rt.Value
	text     string // if value is a string or a number
	isText   bool
	hasMarks bool // text holds a %
}

// gsub is string.gsub (s, pattern, repl [, n]).
func (l *library) gsub(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s, source := lib.Text(th, "gsub", 1, n, a0), lib.Text(th, "gsub", 2, n, a1)
	r := replacement{value: a2}
	switch {
	case a2.IsString() || a2.IsNumber():
		r.text, r.isText = lib.Text(th, "gsub", 3, n, a2), true
		r.hasMarks = strings.IndexByte(r.text, '%') >= 0
	case !a2.IsTable() && !a2.IsFunction():
		th.ArgError("gsub", 3, "string/function/table expected")
	}
	limit := len(s) + 1
	if n > 3 {
		limit = lib.OptInt(th, "gsub", 4, n, th.Args[3], limit)
		if limit < 0 {
			limit = len(s) + 1
		}
	}
	p := l.patterns.Get(source)
	m, b := l.takeMatcher(), l.takeBuffer()
	count, done, changed := 0, 0, false // s[:done] is in b
	for count < limit {
		if !m.Find(p, s, done) {
			if m.Err != "" {
				l.miss(th, m)
			}
			break
		}
		count++
		b = append(b, s[done:m.Start]...)
		from, to := m.Start, m.End
		kept := false
		b, kept = l.replace(th, b, m, s, &r)
		changed = changed || !kept
		done = to
		if from == to {
			if to == len(s) {
				break
			}
			b = append(b, s[to])
			done++
		}
		if p.Anchored() {
			break
		}
	}
	result := a0
	if changed || !a0.IsString() {
		b = append(b, s[done:]...)
		result = th.NewBytes(b)
	}
	l.putMatcher(m)
	l.putBuffer(b)
	th.Ret[1] = rt.Number(float64(count))
	return result, 2
}

// replace appends to b what replaces the match in m; kept says that it is the
// matched text itself.
func (l *library) replace(th *rt.Thread, b []byte, m *pattern.Match, s string, r *replacement) (_ []byte, kept bool) {
	if r.isText {
		if r.hasMarks {
			return l.expand(th, b, m, s, r.text), false
		}
		return append(b, r.text...), false
	}
	from, to := m.Start, m.End
	var v rt.Value
	if r.value.IsTable() {
		v = rt.Index(th, r.value, l.captured(th, m, s, 0), "")
	} else {
		v = l.callReplacer(th, m, s, r.value)
	}
	switch {
	case !v.Truthy():
		return append(b, s[from:to]...), true
	case v.IsString():
		return append(b, v.Str().String()...), false
	case !v.IsNumber():
		th.Errorf("invalid replacement value (a %s)", rt.TypeName(v))
	}
	t, _ := rt.ToString(v)
	return append(b, t...), false
}

// callReplacer calls f with the captures of the match and returns its first
// result.
func (l *library) callReplacer(th *rt.Thread, m *pattern.Match, s string, f rt.Value) rt.Value {
	count := max(m.Captures(), 1)
	var args [3]rt.Value
	for i := 0; i < count; i++ {
		v := l.captured(th, m, s, i)
		if i < len(args) {
			args[i] = v
		} else {
			th.Args[i] = v
		}
	}
	v, _ := rt.Call(th, f, count, args[0], args[1], args[2])
	return v
}

// expand appends the replacement text t with its %1 to %9, %0 and %% replaced.
func (l *library) expand(th *rt.Thread, b []byte, m *pattern.Match, s, t string) []byte {
	for {
		i := strings.IndexByte(t, '%')
		if i < 0 {
			return append(b, t...)
		}
		b = append(b, t[:i]...)
		c := byte(0)
		if i+1 < len(t) {
			c = t[i+1]
		}
		switch {
		case c == '0':
			b = append(b, s[m.Start:m.End]...)
		case '1' <= c && c <= '9':
			b = l.appendCapture(th, b, m, s, int(c-'1'))
		case c == '%':
			b = append(b, '%')
		default:
			m.Err = "invalid use of '%' in replacement string"
			l.miss(th, m)
		}
		t = t[i+2:]
	}
}

// appendCapture appends capture i without making a string of it.
func (l *library) appendCapture(th *rt.Thread, b []byte, m *pattern.Match, s string, i int) []byte {
	if i < m.Captures() {
		if from, to, isPosition := m.Capture(i); !isPosition && m.Err == "" {
			return append(b, s[from:to]...)
		}
	}
	t, _ := rt.ToString(l.captured(th, m, s, i))
	return append(b, t...)
}
