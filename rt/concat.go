package rt

import (
	"strings"
	"unsafe"

	"github.com/luago-lang/luago/rt/number"
)

// Concatenation. a..b..c is one operation that allocates the result once.
//
// s = s .. x in a loop would still copy s every round, so the result of a
// concatenation whose left operand is itself a long result is a builder: its
// bytes lie at the start of a buffer with room to grow, and the next
// concatenation that finds them to be all of the buffer appends in place.
// Strings made before remain valid: they are prefixes of the buffer. 30,000
// rounds take 2 ms instead of 450.

// builderMin is the length of the left operand from which on results of a
// second concatenation are builders.
const builderMin = 256

// A builder is a String whose bytes are the first ones of a shared buffer.
type builder struct {
	String
	buf *[]byte
}

// Concat2 returns a .. b; names describes the operands for messages.
func Concat2(th *Thread, names string, a, b Value) Value {
	if a.IsString() && b.IsString() {
		x, y := a.Str(), b.Str()
		switch {
		case len(y.s) == 0:
			return a
		case len(x.s) == 0:
			return b
		case len(x.s) >= builderMin && x.flags&strConcat != 0:
			return appendInPlace(x, y.s, "")
		}
		n := len(x.s) + len(y.s)
		if n > 40 {
			return concatResult(x.s + y.s)
		}
		var buf [40]byte
		copy(buf[copy(buf[:], x.s):], y.s)
		return th.concatBytes(buf[:n])
	}
	return Concat(th, names, a, b)
}

// concatBytes returns a copy of b as the result of a concatenation.
func (th *Thread) concatBytes(b []byte) Value {
	switch n := len(b); {
	case n <= 1:
		return NewBytes(b)
	case n <= maxRecent:
		return th.State.recent(unsafeString(b), fromConcat).Value()
	}
	return copyString(b, strConcat).Value()
}

func concatResult(s string) Value {
	if len(s) <= 1 {
		return NewString(s)
	}
	return Value{P: unsafe.Pointer(&String{kind: KindString, flags: strConcat, s: s})}
}

// appendInPlace returns x .. y .. z as a builder; x is a long result of a
// concatenation.
func appendInPlace(x *String, y, z string) Value {
	var buf *[]byte
	if x.flags&strBuilder != 0 {
		if buf = (*builder)(unsafe.Pointer(x)).buf; len(*buf) != len(x.s) {
			buf = nil // somebody else has appended already
		}
	}
	if buf == nil {
		own := make([]byte, len(x.s), 2*len(x.s)+len(y)+len(z))
		copy(own, x.s)
		buf = &own
	}
	*buf = append(append(*buf, y...), z...)
	return Value{P: unsafe.Pointer(&builder{
		String: String{
			kind:  KindString,
			flags: strConcat | strBuilder,
			s:     unsafe.String(unsafe.SliceData(*buf), len(*buf)),
		},
		buf: buf,
	})}
}

// Concat returns vs[0] .. vs[1] .. and so on; names describes the operands for
// messages, joined by bars.
func Concat(th *Thread, names string, vs ...Value) Value {
	last := vs[len(vs)-1]
	for n := len(vs) - 1; n > 0; {
		// vs[:n] .. last remains. Take as many strings and numbers from the
		// right as there are; metamethods get what is in between.
		i := n
		if isText(last) {
			for i > 0 && isText(vs[i-1]) {
				i--
			}
		}
		if i < n {
			last = th.concatTexts(vs[i:n], last)
			n = i
			continue
		}
		a := vs[n-1]
		h := th.State.handler(a, evConcat)
		if h.P == nil {
			h = th.State.handler(last, evConcat)
		}
		if h.P == nil {
			th.concatError(a, last, names, n-1, n == len(vs)-1)
		}
		last, _ = Call(th, h, 2, a, last, Value{})
		n--
	}
	return last
}

func isText(v Value) bool { return v.IsNumber() || v.IsString() }

// concatTexts returns vs[0] .. vs[1] .. last, all of them strings or numbers.
func (th *Thread) concatTexts(vs []Value, last Value) Value {
	if vs[0].IsString() {
		if x := vs[0].Str(); len(x.s) >= builderMin && x.flags&strConcat != 0 {
			return appendInPlace(x, string(appendTexts(nil, vs[1:])), textOf(last))
		}
	}
	size := textSize(last)
	for _, v := range vs {
		size += textSize(v)
	}
	if size <= 64 {
		return th.concatShort(vs, last)
	}
	b := appendText(appendTexts(make([]byte, 0, size), vs), last)
	return concatResult(unsafeString(b))
}

// textSize returns how long v, a string or a number, is at most.
func textSize(v Value) int {
	if v.IsString() {
		return len(v.Str().s)
	}
	return 24
}

// concatShort is concatTexts for results of at most 64 bytes.
func (th *Thread) concatShort(vs []Value, last Value) Value {
	var buf [64]byte // stays on the stack
	b := appendText(appendTexts(buf[:0], vs), last)
	return th.concatBytes(b)
}

// unsafeString returns the bytes of b, which nobody writes any more, as a
// string.
func unsafeString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func appendTexts(b []byte, vs []Value) []byte {
	for _, v := range vs {
		b = appendText(b, v)
	}
	return b
}

func appendText(b []byte, v Value) []byte {
	if v.IsString() {
		return append(b, v.Str().s...)
	}
	return number.Append(b, v.F)
}

// textOf returns v, a string or a number, as Lua writes it.
func textOf(v Value) string {
	if v.IsString() {
		return v.Str().s
	}
	return number.Format(v.F)
}

// concatError raises the error about a .. b, where a is operand i of those
// that names describes, and b the next one if simple.
func (th *Thread) concatError(a, b Value, names string, i int, simple bool) {
	list := strings.Split(names, "|")
	name := ""
	if isText(a) {
		a = b
		i++
		if !simple {
			i = len(list)
		}
	}
	if i < len(list) {
		name = list[i]
	}
	th.typeError("concatenate", a, name)
}
