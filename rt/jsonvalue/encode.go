// Package jsonvalue converts between Lua values and JSON text.
//
// What maps to what:
//
//	Lua                              JSON
//	nil, json.null                   null
//	boolean, string                  the same
//	number                           shortest text that reads back equal;
//	                                 integral numbers have no fraction
//	table whose keys are 1..n        array
//	empty table                      []
//	table with string keys only      object, keys sorted by bytes
//	other tables, functions,         an error from Encode; a readable string
//	cycles, NaN, infinities,         from LooseEncode
//	strings that are not UTF-8
//
// Marks on tables say more, so that what has been decoded encodes as it was: see
// rt.JSONForm and rt.JSONNulls. An object that was decoded stays one when it is
// empty, and what was null is null again, although the script sees nil.
//
// JSON text is Unicode, so Encode refuses a string that is not valid UTF-8
// rather than alter it (LooseEncode writes U+FFFD for each wrong byte). Decode
// is lenient and keeps the bytes of strings as they are.
//
// The package must not know who asks: errors are Go errors, nothing raises.
package jsonvalue

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/number"
)

// MaxDepth is how deeply arrays and objects may nest.
const MaxDepth = 1000

// Encode returns v as JSON.
func Encode(v rt.Value) (string, error) { return encode(v, false) }

// LooseEncode returns v as JSON, in which a readable string stands for
// whatever JSON cannot hold.
func LooseEncode(v rt.Value) string {
	s, _ := encode(v, true) // a loose encoder has no errors
	return s
}

// Sketch is LooseEncode for people, cut after limit bytes; it takes little time
// for the largest table.
func Sketch(v rt.Value, limit int) string {
	e := encoder{loose: true, limit: limit}
	b, _ := e.append(nil, v) // a loose encoder has no errors
	return strings.ToValidUTF8(string(b[:min(limit, len(b))]), "")
}

// Append appends v as JSON to dst. After an error, what was appended is of no
// use.
func Append(dst []byte, v rt.Value) ([]byte, error) {
	e := encoders.Get().(*encoder)
	e.loose = false
	dst, err := e.append(dst, v)
	e.release()
	return dst, err
}

var encoders = sync.Pool{New: func() any { return new(encoder) }}

// encode returns v as JSON, loosely if loose is set.
func encode(v rt.Value, loose bool) (string, error) {
	e := encoders.Get().(*encoder)
	e.loose = loose
	b, err := e.append(e.buffer[:0], v)
	s := ""
	if err == nil {
		s = string(b)
	}
	if cap(b) <= 1<<16 {
		e.buffer = b
	}
	e.release()
	return s, err
}

// An encoder is the state of one encoding.
type encoder struct {
	loose  bool
	limit  int // of the length, see Sketch; 0: none
	buffer []byte
	open   []*rt.Table // tables being encoded, outermost first
	// fields is a stack: each object sorts its fields at the top of it.
	fields []field
}

// A field is one member of an object.
type field struct {
	key   string
	value rt.Value
}

// release gives e back to the pool, without references to Lua values.
func (e *encoder) release() {
	clear(e.open[:cap(e.open)])
	clear(e.fields[:cap(e.fields)])
	e.open, e.fields = e.open[:0], e.fields[:0]
	encoders.Put(e)
}

// append appends v.
func (e *encoder) append(b []byte, v rt.Value) ([]byte, error) {
	if e.limit > 0 && len(b) > e.limit {
		return b, nil
	}
	switch v.Kind() {
	case rt.KindNil:
		return append(b, "null"...), nil
	case rt.KindBoolean:
		return strconv.AppendBool(b, v.IsTrue()), nil
	case rt.KindNumber:
		return e.appendNumber(b, v.F)
	case rt.KindString:
		return e.appendString(b, v.Str().String())
	case rt.KindTable:
		if rt.HostOfAny(v) == nil {
			return e.appendTable(b, v)
		}
	case rt.KindUserdata:
		if IsNull(v) {
			return append(b, "null"...), nil
		}
	}
	if e.loose {
		return e.appendString(b, v.String())
	}
	return b, errors.New("cannot encode a " + rt.TypeName(v) + " as JSON")
}

// appendNumber appends f.
func (e *encoder) appendNumber(b []byte, f float64) ([]byte, error) {
	if i := int64(f); float64(i) == f && -1e15 < f && f < 1e15 {
		return strconv.AppendInt(b, i, 10), nil
	}
	if f-f != 0 {
		if e.loose {
			return e.appendString(b, number.Format(f))
		}
		return b, errors.New("cannot encode the number " + number.Format(f) + " as JSON")
	}
	if a := math.Abs(f); a < 1e-6 || a >= 1e21 {
		return strconv.AppendFloat(b, f, 'e', -1, 64), nil
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64), nil
}

// escapes says what stands for each byte of a string: 0 itself, 'u' a \u
// escape, 1 the start of a longer UTF-8 sequence, else the letter after the
// backslash.
var escapes = func() (t [256]byte) {
	for c := 0; c < ' '; c++ {
		t[c] = 'u'
	}
	t['"'], t['\\'], t['\b'], t['\f'], t['\n'], t['\r'], t['\t'] = '"', '\\', 'b', 'f', 'n', 'r', 't'
	for c := utf8.RuneSelf; c < 256; c++ {
		t[c] = 1
	}
	return t
}()

// appendString appends s in quotes.
func (e *encoder) appendString(b []byte, s string) ([]byte, error) {
	b = append(b, '"')
	done := 0 // s[:done] is in b
	for i := 0; i < len(s); {
		c := s[i]
		escape := escapes[c]
		if escape == 0 {
			i++
			continue
		}
		if escape == 1 {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				if !e.loose {
					return b, errors.New("cannot encode a string that is not UTF-8 as JSON (byte " + strconv.Itoa(i+1) + ")")
				}
				b = append(b, s[done:i]...)
				b = append(b, "\uFFFD"...)
				done = i + 1
			}
			i += size
			continue
		}
		b = append(b, s[done:i]...)
		b = append(b, '\\', escape)
		if escape == 'u' {
			b = append(b, '0', '0', '0'+c>>4, "0123456789abcdef"[c&15])
		}
		i++
		done = i
	}
	b = append(b, s[done:]...)
	return append(b, '"'), nil
}

// appendTable appends the table v as an array or an object.
func (e *encoder) appendTable(b []byte, v rt.Value) ([]byte, error) {
	t := v.Table()
	if problem := e.enter(t); problem != "" {
		if e.loose {
			return e.appendString(b, v.String())
		}
		return b, errors.New(problem)
	}
	var err error
	if form := t.JSONForm(); form > rt.JSONEmptyObject || t.JSONNulls() != nil {
		b, err = e.appendMarked(b, t, form)
	} else {
		b, err = e.appendByKeys(b, t)
	}
	e.open = e.open[:len(e.open)-1]
	return b, err
}

// appendByKeys appends a table that its keys make an array or an object.
func (e *encoder) appendByKeys(b []byte, t *rt.Table) ([]byte, error) {
	elements := t.Elements()
	first := rt.Value{} // the key that the other fields come after
	if n := len(elements); n > 0 {
		first = rt.Number(float64(n))
	}
	it := rt.Iterate(nil, rt.NextFunction(), t.Value(), first)
	more := it.Next(nil)
	switch {
	case !more && isFull(elements):
		if len(elements) == 0 && t.JSONForm() == rt.JSONEmptyObject {
			return append(b, "{}"...), nil
		}
		return e.appendArray(b, elements)
	case e.loose:
		it = rt.Iterate(nil, rt.NextFunction(), t.Value(), rt.Value{})
		it.Next(nil)
		return e.appendObject(b, &it)
	case len(elements) == 0 && it.K.IsString():
		return e.appendObject(b, &it)
	}
	return b, errKeys
}

// enter notes that t is being encoded; the problem is why it cannot be. A
// strict encoder meets every cycle at the greatest depth, if not before, so
// that only then the open tables are searched for t.
func (e *encoder) enter(t *rt.Table) (problem string) {
	if (e.loose || len(e.open) == MaxDepth) && slices.Contains(e.open, t) {
		return "cannot encode a table that contains itself as JSON"
	}
	if len(e.open) == MaxDepth {
		return "cannot encode tables nested more than " + strconv.Itoa(MaxDepth) + " deep as JSON"
	}
	e.open = append(e.open, t)
	return ""
}

// isFull reports whether none of the elements is nil.
func isFull(elements []rt.Value) bool {
	for _, v := range elements {
		if v.IsNil() {
			return false
		}
	}
	return true
}

// appendArray appends the elements.
func (e *encoder) appendArray(b []byte, elements []rt.Value) ([]byte, error) {
	b = append(b, '[')
	var err error
	for i, v := range elements {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = e.append(b, v); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

var errKeys = errors.New("cannot encode a table with mixed or other keys than 1..n or strings as JSON")

// appendObject appends the fields from the current one of it on. Keys that are
// not strings occur in loose encoding only.
func (e *encoder) appendObject(b []byte, it *rt.Iterator) ([]byte, error) {
	base := len(e.fields)
	sorted := true
	for {
		name := ""
		switch {
		case it.K.IsString():
			name = it.K.Str().String()
		case e.loose:
			name = it.K.String()
		default:
			return b, errKeys
		}
		if k := len(e.fields); k > base && name < e.fields[k-1].key {
			sorted = false
		}
		e.fields = append(e.fields, field{name, it.V})
		if !it.Next(nil) {
			break
		}
	}
	if !sorted {
		sortFields(e.fields[base:])
	}
	return e.appendFields(b, base)
}

// appendFields appends an object of the fields from base on, and drops them.
func (e *encoder) appendFields(b []byte, base int) ([]byte, error) {
	end := len(e.fields)
	b = append(b, '{')
	var err error
	for i := base; i < end; i++ {
		f := e.fields[i]
		if i > base {
			b = append(b, ',')
		}
		if b, err = e.appendString(b, f.key); err != nil {
			return b, err
		}
		b = append(b, ':')
		if b, err = e.append(b, f.value); err != nil {
			return b, err
		}
	}
	e.fields = e.fields[:base]
	return append(b, '}'), nil
}

// sortFields sorts by key: by insertion while the objects are small, which
// most are.
func sortFields(fields []field) {
	if len(fields) > 12 {
		slices.SortFunc(fields, func(a, b field) int {
			if a.key < b.key {
				return -1
			} else if a.key > b.key {
				return 1
			}
			return 0
		})
		return
	}
	for i := 1; i < len(fields); i++ {
		f := fields[i]
		k := i
		for ; k > 0 && f.key < fields[k-1].key; k-- {
			fields[k] = fields[k-1]
		}
		fields[k] = f
	}
}
