// Package strlib is Lua's string library. It knows strings and patterns;
// how numbers look is package number's business, what a pattern means package
// pattern's.
package strlib

import (
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/pattern"
)

// Open installs the library into st, and makes it the __index of strings.
func Open(st *rt.State) {
	l := &library{}
	t := lib.Register(st, "string", []lib.Entry{
		{Name: "byte", Fn: byteAt},
		{Name: "char", Fn: char},
		{Name: "dump", Fn: dump},
		{Name: "find", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.find(th, n, a0, a1, a2)
		}},
		{Name: "format", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.format(th, n, a0, a1, a2)
		}},
		{Name: "gmatch", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.gmatch(th, n, a0, a1, a2)
		}},
		{Name: "gsub", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.gsub(th, n, a0, a1, a2)
		}},
		{Name: "len", Fn: length},
		{Name: "lower", Fn: lower},
		{Name: "match", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.match(th, n, a0, a1, a2)
		}},
		{Name: "rep", Fn: rep},
		{Name: "reverse", Fn: reverse},
		{Name: "sub", Fn: sub},
		{Name: "upper", Fn: upper},
	})
	st.OpenStrings(t)
}

// library is what the functions of one State keep between calls. A function
// that may call back into Lua takes what it uses and puts it back at its end;
// another one meanwhile, or after an error, finds nothing and makes its own.
type library struct {
	patterns pattern.Cache
	matcher  *pattern.Match
	buffer   []byte
}

// maxKept is the size above which a buffer is not kept for the next call.
const maxKept = 1 << 16

// takeBuffer returns an empty buffer.
func (l *library) takeBuffer() []byte {
	b := l.buffer
	l.buffer = nil
	if b == nil {
		b = make([]byte, 0, 512)
	}
	return b[:0]
}

// putBuffer gives a buffer back.
func (l *library) putBuffer(b []byte) {
	if cap(b) <= maxKept {
		l.buffer = b
	}
}

// takeMatcher returns a matcher.
func (l *library) takeMatcher() *pattern.Match {
	m := l.matcher
	l.matcher = nil
	if m == nil {
		m = new(pattern.Match)
	}
	return m
}

// putMatcher gives a matcher back.
func (l *library) putMatcher(m *pattern.Match) {
	m.Reset()
	l.matcher = m
}

// maxString is the length above which a result is refused with an error
// instead of the whole process dying for want of memory.
const maxString = 1 << 32

// position turns a string position that may count from the end into one that
// counts from the start, or 0.
func position(i, length int) int {
	switch {
	case i >= 0:
		return i
	case -i > length:
		return 0
	}
	return length + i + 1
}

// byteAt is string.byte (s [, i [, j]]).
func byteAt(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s := lib.Text(th, "byte", 1, n, a0)
	from := position(lib.OptInt(th, "byte", 2, n, a1, 1), len(s))
	to := from
	if !a2.IsNil() {
		to = position(lib.Int(th, "byte", 3, n, a2), len(s))
	}
	from, to = max(from, 1), min(to, len(s))
	if from > to {
		return rt.Value{}, 0
	}
	count := to - from + 1
	if count > 1 {
		if count > lib.MaxResults {
			th.Errorf("string slice too long")
		}
		th.GrowRet(count)
		for i := 1; i < count; i++ {
			th.Ret[i] = rt.Number(float64(s[from-1+i]))
		}
	}
	return rt.Number(float64(s[from-1])), count
}

// char is string.char (...).
func char(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if n == 1 {
		c := charByte(th, 1, n, a0)
		return rt.NewString(allBytes[c : int(c)+1]), 1
	}
	var buf [64]byte
	b := buf[:0]
	for i := 1; i <= n; i++ {
		b = append(b, charByte(th, i, n, th.Arg(i-1, n, a0, a1, a2)))
	}
	return th.NewBytes(b), 1
}

// allBytes holds every byte.
var allBytes = func() string {
	var b [256]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()

// charByte returns argument i of string.char.
func charByte(th *rt.Thread, i, n int, v rt.Value) byte {
	c := lib.Int(th, "char", i, n, v)
	if c < 0 || c > 255 {
		th.ArgError("char", i, "value out of range")
	}
	return byte(c)
}

// dump is string.dump (function).
func dump(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	text, ok := rt.Dump(rt.CheckFunction(th, "dump", 1, n, a0))
	if !ok {
		th.Errorf("unable to dump given function")
	}
	return rt.NewString(text), 1
}

// length is string.len (s).
func length(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(float64(len(lib.Text(th, "len", 1, n, a0)))), 1
}

// lower is string.lower (s).
func lower(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return translate(th, a0, lib.Text(th, "lower", 1, n, a0), &lowerCase), 1
}

// upper is string.upper (s).
func upper(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return translate(th, a0, lib.Text(th, "upper", 1, n, a0), &upperCase), 1
}

// lowerCase and upperCase say what becomes of each byte: of the letters, only
// those of ASCII have another case.
var lowerCase, upperCase = func() (lower, upper [256]byte) {
	for i := range lower {
		lower[i], upper[i] = byte(i), byte(i)
	}
	for c := 'a'; c <= 'z'; c++ {
		lower[c-'a'+'A'], upper[c] = byte(c), byte(c-'a'+'A')
	}
	return lower, upper
}()

// translate returns s with each byte replaced as the table says. v is the
// value that s came from.
func translate(th *rt.Thread, v rt.Value, s string, table *[256]byte) rt.Value {
	i := 0
	for i < len(s) && table[s[i]] == s[i] {
		i++
	}
	if i == len(s) && v.IsString() {
		return v
	}
	b := []byte(s)
	for k, c := range b {
		b[k] = table[c]
	}
	return th.NewBytes(b)
}

// rep is string.rep (s, n [, sep]).
func rep(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s := lib.Text(th, "rep", 1, n, a0)
	count := lib.Int(th, "rep", 2, n, a1)
	sep := ""
	if !a2.IsNil() {
		sep = lib.Text(th, "rep", 3, n, a2)
	}
	switch {
	case count <= 0 || len(s)+len(sep) == 0:
		return rt.NewString(""), 1
	case count == 1:
		return rt.NewString(s), 1
	case count > maxString/(len(s)+len(sep)):
		th.Errorf("resulting string too large")
	case sep == "":
		return rt.NewString(strings.Repeat(s, count)), 1
	}
	b := make([]byte, len(s)*count+len(sep)*(count-1))
	filled := copy(b, s)
	filled += copy(b[filled:], sep)
	for filled < len(b) {
		filled += copy(b[filled:], b[:filled])
	}
	return th.NewBytes(b), 1
}

// reverse is string.reverse (s).
func reverse(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s := lib.Text(th, "reverse", 1, n, a0)
	b := make([]byte, len(s))
	for i := range b {
		b[i] = s[len(s)-1-i]
	}
	return th.NewBytes(b), 1
}

// sub is string.sub (s, i [, j]).
func sub(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s := lib.Text(th, "sub", 1, n, a0)
	i := lib.Int(th, "sub", 2, n, a1)
	j := lib.OptInt(th, "sub", 3, n, a2, -1)
	if !a0.IsString() {
		a0 = rt.NewString(s)
	}
	return th.Substring(a0.Str(), i, j), 1
}
