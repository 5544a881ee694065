package jsonvalue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/luago-lang/luago/rt"
)

// A SyntaxError says where and why text is not JSON.
type SyntaxError struct {
	Message string
	Offset  int // of the byte in question, from 1
}

// Error returns the message with the offset.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at offset %d", e.Message, e.Offset) }

// Decode reads one JSON value, which must be all of s but white space. null
// becomes the given value; if that is nil, fields of an object are absent,
// elements of an array leave a hole, and the tables remember them for Encode. Of
// equal keys the last one counts.
// A lone half of a surrogate pair in an escape becomes U+FFFD.
func Decode(s string, null rt.Value) (rt.Value, error) {
	d := decoder{s: s, null: null}
	v, ok := d.value()
	if ok {
		if d.space(); d.i < len(s) {
			ok = d.fail("unexpected text after the value")
		}
	}
	if !ok {
		return rt.Value{}, &SyntaxError{Message: d.problem, Offset: d.i + 1}
	}
	return v, nil
}

// A decoder reads s from i on.
type decoder struct {
	s       string
	i       int
	depth   int
	null    rt.Value
	problem string
	stack   []rt.Value   // elements of the arrays being read
	nulls   []*rt.String // keys that were null, of the objects being read
	// keys are recent keys, by a quick hash: objects in a list have the same
	// ones, which thus need one Lua string each.
	keys [32]*rt.String
}

// fail records an error at the current position and returns false.
func (d *decoder) fail(problem string) bool {
	d.problem = problem
	return false
}

// unexpected records that something else than what was expected stands at the
// current position.
func (d *decoder) unexpected(expected string) bool {
	if d.i >= len(d.s) {
		return d.fail("unexpected end of JSON, expected " + expected)
	}
	r, _ := utf8.DecodeRuneInString(d.s[d.i:])
	return d.fail("unexpected " + strconv.QuoteRune(r) + ", expected " + expected)
}

// space skips white space.
func (d *decoder) space() {
	for d.i < len(d.s) {
		switch d.s[d.i] {
		case ' ', '\n', '\t', '\r':
			d.i++
		default:
			return
		}
	}
}

// next skips white space and returns the byte there, or 0 at the end.
func (d *decoder) next() byte {
	d.space()
	if d.i < len(d.s) {
		return d.s[d.i]
	}
	return 0
}

// value reads a value.
func (d *decoder) value() (rt.Value, bool) {
	switch c := d.next(); {
	case c == '"':
		s, ok := d.str()
		return rt.NewString(s), ok
	case c == '{':
		return d.object()
	case c == '[':
		return d.array()
	case c == '-' || '0' <= c && c <= '9':
		return d.number()
	case c == 't':
		return rt.True(), d.word("true")
	case c == 'f':
		return rt.False(), d.word("false")
	case c == 'n':
		return d.null, d.word("null")
	}
	return rt.Value{}, d.unexpected("a value")
}

// word reads the given word.
func (d *decoder) word(w string) bool {
	if !strings.HasPrefix(d.s[d.i:], w) {
		return d.unexpected("a value")
	}
	d.i += len(w)
	return true
}

// number reads a number.
func (d *decoder) number() (rt.Value, bool) {
	s, start := d.s, d.i
	i := start
	if s[i] == '-' {
		i++
	}
	first := i
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	integer := i - first
	if integer == 0 || integer > 1 && s[first] == '0' {
		d.i = min(first+integer, first+1)
		return rt.Value{}, d.unexpected("a number")
	}
	simple := true
	if i < len(s) && s[i] == '.' {
		simple = false
		digits := i + 1
		for i = digits; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		}
		if d.i = i; i == digits {
			return rt.Value{}, d.unexpected("a digit")
		}
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		simple = false
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		digits := i
		for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		}
		if d.i = i; i == digits {
			return rt.Value{}, d.unexpected("a digit")
		}
	}
	d.i = i
	if simple && integer < 16 {
		n := 0
		for k := first; k < i; k++ {
			n = n*10 + int(s[k]-'0')
		}
		f := float64(n)
		if first > start {
			f = -f
		}
		return rt.Number(f), true
	}
	f, _ := strconv.ParseFloat(s[start:i], 64) // too large is infinite
	return rt.Number(f), true
}

// shareRatio bounds what a part of the text may keep alive: a string shares
// its bytes only if the text is at most that many times longer.
const shareRatio = 32

// str reads a string.
func (d *decoder) str() (string, bool) {
	s := d.s
	start := d.i + 1
	for i := start; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			d.i = i + 1
			part := s[start:i]
			if len(s) > 1024 && len(s)/shareRatio > len(part) {
				part = strings.Clone(part)
			}
			return part, true
		case c == '\\':
			return d.escaped(start, i)
		case c < ' ':
			d.i = i
			return "", d.fail("control character in a string")
		}
	}
	d.i = len(s)
	return "", d.fail("unexpected end of JSON, expected '\"'")
}

// escaped reads a string that starts at start and has its first escape at i.
func (d *decoder) escaped(start, i int) (string, bool) {
	s := d.s
	b := append(make([]byte, 0, i-start+32), s[start:i]...)
	for i < len(s) {
		c := s[i]
		switch {
		case c == '"':
			d.i = i + 1
			return string(b), true
		case c < ' ':
			d.i = i
			return "", d.fail("control character in a string")
		case c != '\\':
			b = append(b, c)
			i++
			continue
		}
		if i+1 == len(s) {
			break
		}
		k := strings.IndexByte("\"\\/bfnrtu", s[i+1])
		if k < 0 {
			d.i = i
			return "", d.fail("invalid escape in a string")
		}
		if s[i+1] != 'u' {
			b = append(b, "\"\\/\b\f\n\r\t"[k])
			i += 2
			continue
		}
		r, size := unescape(s[i:])
		if size == 0 {
			d.i = i
			return "", d.fail("invalid escape in a string")
		}
		b = utf8.AppendRune(b, r)
		i += size
	}
	d.i = len(s)
	return "", d.fail("unexpected end of JSON, expected '\"'")
}

// unescape reads the \u escape, or the surrogate pair of two, at the start of
// s, and its length; the length of a malformed one is 0.
func unescape(s string) (r rune, size int) {
	high := hex4(s)
	switch {
	case high < 0:
		return 0, 0
	case high < 0xD800 || high > 0xDFFF:
		return high, 6
	case high < 0xDC00:
		if low := hex4(s[6:]); 0xDC00 <= low && low <= 0xDFFF {
			return (high-0xD800)<<10 | (low - 0xDC00) + 0x10000, 12
		}
	}
	return utf8.RuneError, 6
}

// hex4 returns the number in the escape \uXXXX at the start of s, or -1.
func hex4(s string) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	r := rune(0)
	for _, c := range []byte(s[2:6]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return r
}

// enter notes one more level of nesting and skips its opening bracket.
func (d *decoder) enter() bool {
	if d.depth == MaxDepth {
		return d.fail("nesting deeper than " + strconv.Itoa(MaxDepth))
	}
	d.depth++
	d.i++
	return true
}

// array reads an array.
func (d *decoder) array() (rt.Value, bool) {
	if !d.enter() {
		return rt.Value{}, false
	}
	base := len(d.stack)
	if d.next() != ']' {
		for {
			v, ok := d.value()
			if !ok {
				return rt.Value{}, false
			}
			d.stack = append(d.stack, v)
			if c := d.next(); c == ']' {
				break
			} else if c != ',' {
				return rt.Value{}, d.unexpected("',' or ']'")
			}
			d.i++
		}
	}
	d.i++
	d.depth--
	vs := d.stack[base:]
	t := newArray(vs)
	clear(vs)
	d.stack = d.stack[:base]
	return t.Value(), true
}

// newArray returns a table with the elements vs, of which some may be nil.
func newArray(vs []rt.Value) *rt.Table {
	t := rt.NewTableSize(len(vs), 0)
	last, count := 0, 0
	for i, v := range vs {
		if !v.IsNil() {
			t.SetInt(i+1, v)
			last = i + 1
			count++
		}
	}
	if count < len(vs) {
		t = t.WithJSONNulls(rt.JSONNulls{Len: len(vs), Last: last})
	}
	return t
}

// key returns the Lua string of a key.
func (d *decoder) key(s string) *rt.String {
	n := len(s)
	hash := uint(n)
	if n > 0 {
		hash += uint(s[0])*7 + uint(s[n/2])*11 + uint(s[n-1])*13
	}
	slot := &d.keys[hash%uint(len(d.keys))]
	if *slot == nil || (*slot).String() != s {
		*slot = rt.NewString(s).Str()
	}
	return *slot
}

// object reads an object.
func (d *decoder) object() (rt.Value, bool) {
	if !d.enter() {
		return rt.Value{}, false
	}
	t := rt.NewTable()
	t.SetJSONForm(rt.JSONEmptyObject)
	base := len(d.nulls)
	if d.next() != '}' {
		for {
			if d.next() != '"' {
				return rt.Value{}, d.unexpected("a key")
			}
			key, ok := d.str()
			if !ok {
				return rt.Value{}, false
			}
			if d.next() != ':' {
				return rt.Value{}, d.unexpected("':'")
			}
			d.i++
			v, ok := d.value()
			if !ok {
				return rt.Value{}, false
			}
			k := d.key(key)
			t.SetStr(k, v)
			if v.IsNil() {
				d.nulls = append(d.nulls, k)
			}
			if c := d.next(); c == '}' {
				break
			} else if c != ',' {
				return rt.Value{}, d.unexpected("',' or '}'")
			}
			d.i++
		}
	}
	d.i++
	d.depth--
	if len(d.nulls) > base {
		t = t.WithJSONNulls(rt.JSONNulls{Keys: distinct(d.nulls[base:])})
		d.nulls = d.nulls[:base]
	}
	return t.Value(), true
}

// distinct returns a copy of keys in order, each once.
func distinct(keys []*rt.String) []*rt.String {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, func(a, b *rt.String) int { return strings.Compare(a.String(), b.String()) })
	return slices.CompactFunc(keys, func(a, b *rt.String) bool { return a.String() == b.String() })
}
