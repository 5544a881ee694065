package rt

import (
	"math/bits"
	"strings"
	"unsafe"
)

// A String is a Lua string: immutable bytes, and the hash once somebody asked
// for it. Its layout begins like every heap object's; the word at offset 8 is
// the data pointer, which the constructors keep from being nil.
//
//	0 kind   1 flags   4 hash (0 = not computed)   8 data, length
//
// Constants of the program are canonical: one object per distinct text, made
// by Const before the first State exists. All others are made by NewString
// and the like, and two of them may hold the same bytes.
type String struct {
	kind  Kind
	flags uint8
	hash  uint32
	s     string
}

// The flags of strings.
const (
	strConst   = 1 << iota // canonical constant
	strPlain               // known not to equal any constant
	strEvent               // constant that begins with "__"
	strConcat              // result of a concatenation
	strBuilder             // the String is the head of a builder
)

// String returns the text.
func (s *String) String() string { return s.s }

// Value returns s as a Value.
func (s *String) Value() Value { return Value{P: unsafe.Pointer(s)} }

// Len returns the length in bytes.
func (s *String) Len() int { return len(s.s) }

var emptyByte byte

// emptyString is the empty string; its data pointer is not nil.
var emptyString = &String{kind: KindString, s: unsafe.String(&emptyByte, 0)}

// byteStrings are the strings of one byte.
var byteStrings = makeByteStrings()

func makeByteStrings() *[256]String {
	data := new([256]byte)
	all := new([256]String)
	for i := range all {
		data[i] = byte(i)
		all[i] = String{kind: KindString, s: unsafe.String(&data[i], 1)}
		all[i].hash = hashString(all[i].s)
	}
	emptyString.hash = hashString("")
	return all
}

// NewString returns s as a Lua string. The bytes are shared, not copied.
func NewString(s string) Value { return newString(s).Value() }

// NewBytes returns a copy of b as a Lua string.
func NewBytes(b []byte) Value {
	switch len(b) {
	case 0:
		return emptyString.Value()
	case 1:
		return byteStrings[b[0]].Value()
	}
	return copyString(b, 0).Value()
}

// shareRatio bounds what a part of a string may keep alive: it shares the
// bytes of the whole only if the whole is at most that many times longer.
const shareRatio = 32

// Part returns s[i:j] as a Lua string.
func (th *Thread) Part(s string, i, j int) Value {
	p := s[i:j]
	if n := len(p); 1 < n && n <= maxRecent {
		return th.State.recent(p, fromPart).Value()
	}
	if len(p) > 1 && len(s)/shareRatio > len(p) {
		return copyText(p).Value()
	}
	return NewString(p)
}

// NewBytes is the function NewBytes for text that may well have been made
// before.
func (th *Thread) NewBytes(b []byte) Value {
	if n := len(b); 1 < n && n <= maxRecent {
		return th.State.recent(unsafeString(b), fromBytes).Value()
	}
	return NewBytes(b)
}

func newString(s string) *String {
	if len(s) > 1 {
		return &String{kind: KindString, s: s}
	}
	if len(s) == 0 {
		return emptyString
	}
	return &byteStrings[s[0]]
}

// ownHash returns the hash of the text, computing it once.
func (s *String) ownHash() uint32 {
	if s.hash == 0 {
		s.hash = hashString(s.s)
	}
	return s.hash
}

// equalStrings compares two strings by content; a and b differ as pointers.
func equalStrings(a, b *String) bool {
	if a.flags&b.flags&strConst != 0 {
		return false
	}
	return a.s == b.s
}

// hashString is a multiply-fold hash of 16 bytes a round, keyed by two random
// words so that a stranger who chooses a script's keys cannot choose
// collisions. It is never 0.
func hashString(s string) uint32 {
	n := len(s)
	p := unsafe.Pointer(unsafe.StringData(s))
	h := uint64(n) ^ hashKeys[0]
	var a, b uint64
	switch {
	case n > 16:
		for i := 0; i+16 < n; i += 16 {
			h = fold(load64(p, i)^hashKeys[1], load64(p, i+8)^h)
		}
		a, b = load64(p, n-16), load64(p, n-8)
	case n >= 8:
		a, b = load64(p, 0), load64(p, n-8)
	case n >= 4:
		a, b = load32(p, 0), load32(p, n-4)
	case n > 0:
		a = uint64(*(*uint8)(p))<<16 | uint64(*(*uint8)(unsafe.Add(p, n/2)))<<8 | uint64(*(*uint8)(unsafe.Add(p, n-1)))
	}
	h = fold(a^hashKeys[1], b^h)
	return uint32(h>>32) ^ uint32(h) | 1
}

func load64(p unsafe.Pointer, i int) uint64 { return *(*uint64)(unsafe.Add(p, i)) }
func load32(p unsafe.Pointer, i int) uint64 { return uint64(*(*uint32)(unsafe.Add(p, i))) }

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// Short strings that are made of copied bytes hold these in their own object:
// one allocation instead of two.
type (
	shortString8 struct {
		String
		b [8]byte
	}
	shortString24 struct {
		String
		b [24]byte
	}
	shortString40 struct {
		String
		b [40]byte
	}
)

// copyString returns a new string object with a copy of b, which has two bytes
// or more, and the given flags.
func copyString(b []byte, flags uint8) *String {
	s := copyText(unsafeString(b))
	s.flags = flags
	return s
}

// copyText returns a new string object with a copy of text, which has two bytes
// or more.
func copyText(text string) *String {
	var s *String
	var data []byte
	switch n := len(text); {
	case n <= 8:
		x := new(shortString8)
		s, data = &x.String, x.b[:]
	case n <= 24:
		x := new(shortString24)
		s, data = &x.String, x.b[:]
	case n <= 40:
		x := new(shortString40)
		s, data = &x.String, x.b[:]
	default:
		return &String{kind: KindString, s: strings.Clone(text)}
	}
	s.kind = KindString
	s.s = unsafe.String(&data[0], copy(data, text))
	return s
}
