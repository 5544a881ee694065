package rt

import (
	"math"
	"unsafe"
)

// A Hash is the part of a table that holds what has no place in slots or
// array. Numbers, if they are many, have a numberHash in it. The other entries lie in order of insertion, so that next walks them by
// position; beyond linearEntries of them an index maps hashes to positions.
//
//	entries  | k v | k v | k nil | k v |          a nil value: removed
//	index    | 0 | hash<<32 pos+1 | 0 | ...       open addressing, 3/4 full
//
// Removing a key keeps its entry, for a traversal may stand there; entries
// are compacted when the next insertion finds no room. But it does not keep
// the key alive: of an object only the address remains (deadKey). The index repeats the
// hash so that probing and growing do not touch the entries: 55 bytes per
// entry, against 89 with the hash in the entry and doubling.
type Hash struct {
	entries []entry
	index   []uint64
	live    int         // entries with a value
	first   int         // no entry before it has a value
	numbers int         // at least the number of entries whose key is a number
	nums    *numberHash // where those are, if they are many
	extra   *hashExtra
}

type entry struct {
	k, v Value
}

// linearEntries is the number of entries that are searched without an index.
const linearEntries = 8

// A deadKey, with the address of the object in F, is the key of a removed entry
// whose key was an object or a long string. Whoever looks for that object still
// finds the entry, as a traversal does that stands there; so does an object that
// has got the address later, and takes the entry over when it is stored.
var deadKey = header{kind: kindDead, word: unsafe.Pointer(&wordTag)}

// kindDead is the kind of deadKey.
const kindDead = kindWeak + 1

// longString is the length of strings from which on removed keys do not keep them.
const longString = 41

// bury makes the key k of a removed entry a deadKey if it is worth it.
func (k *Value) bury() {
	if k.P == nil {
		return
	}
	switch (*header)(k.P).kind {
	case KindString:
		if s := (*String)(k.P); len(s.s) < longString || s.flags&strConst != 0 {
			return
		}
	case KindTable, KindFunction, KindUserdata, KindThread:
	default:
		return
	}
	k.F = math.Float64frombits(uint64(uintptr(k.P)))
	k.P = unsafe.Pointer(&deadKey)
}

// wasKey reports whether k is the deadKey of the object at p.
func (k *Value) wasKey(p unsafe.Pointer) bool {
	return k.P == unsafe.Pointer(&deadKey) && math.Float64bits(k.F) == uint64(uintptr(p))
}

// newHash returns a Hash with room for n entries.
func newHash(n int) *Hash {
	h := &Hash{}
	if n > 0 {
		h.entries = make([]entry, 0, n)
		h.reindex()
	}
	return h
}

func hashNumber(f float64) uint32 {
	b := math.Float64bits(f)
	return uint32((b ^ b>>29) * 0x9E3779B97F4A7C15 >> 32)
}

// hashOf returns the hash of the key k, which is not nil. Objects hash by
// address: Go does not move them.
func hashOf(k Value) uint32 {
	if k.P == unsafe.Pointer(&numTag) {
		return hashNumber(k.F)
	}
	if (*header)(k.P).kind == KindString {
		return (*String)(k.P).ownHash()
	}
	if (*header)(k.P).kind == kindWeak {
		return (*weakRef)(k.P).hash
	}
	return uint32(uint64(uintptr(k.P)>>4) * 0x9E3779B97F4A7C15 >> 32)
}

// findNumber returns the position of the number f, or -1.
func (h *Hash) findNumber(f float64) int {
	if h.index == nil {
		for i := range h.entries {
			if e := &h.entries[i]; e.k.P == unsafe.Pointer(&numTag) && e.k.F == f {
				return i
			}
		}
		return -1
	}
	hash := hashNumber(f)
	mask := uint32(len(h.index) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		x := h.index[i]
		if uint32(x>>32) == hash && x != 0 {
			pos := int(uint32(x)) - 1
			if e := &h.entries[pos]; e.k.P == unsafe.Pointer(&numTag) && e.k.F == f {
				return pos
			}
		} else if x == 0 {
			return -1
		}
	}
}

// findString returns the position of the string s, or -1. Where a removed entry
// had that very object, there may be one that has an equal string further on.
func (h *Hash) findString(s *String) int {
	if h.index == nil {
		for i := range h.entries {
			if h.entries[i].k.P == unsafe.Pointer(s) {
				return i
			}
		}
		if s.flags&strConst != 0 || len(s.s) < 2 {
			return -1 // no key that equals it is another object
		}
		hash, removed := s.ownHash(), -1
		for i := range h.entries {
			if p := h.entries[i].k.P; p != nil && (*header)(p).kind == KindString {
				if k := (*String)(p); k.hash == hash && k.s == s.s {
					return i
				}
			} else if h.entries[i].k.wasKey(unsafe.Pointer(s)) {
				removed = i
			}
		}
		return removed
	}
	hash, removed := s.ownHash(), -1
	mask := uint32(len(h.index) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		x := h.index[i]
		if x == 0 {
			return removed
		}
		if uint32(x>>32) == hash {
			pos := int(uint32(x)) - 1
			p := h.entries[pos].k.P
			if p == unsafe.Pointer(s) || p != nil && (*header)(p).kind == KindString && (*String)(p).s == s.s {
				return pos
			}
			if h.entries[pos].k.wasKey(unsafe.Pointer(s)) {
				removed = pos
			}
		}
	}
}

// findObject returns the position of a key that is neither nil, number nor
// string, or -1.
func (h *Hash) findObject(k Value) int {
	if h.index == nil {
		for i := range h.entries {
			if e := &h.entries[i]; e.k.P == k.P || e.k.wasKey(k.P) {
				return i
			}
		}
		return -1
	}
	hash := hashOf(k)
	mask := uint32(len(h.index) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		x := h.index[i]
		if x == 0 {
			return -1
		}
		if uint32(x>>32) == hash {
			pos := int(uint32(x)) - 1
			if e := &h.entries[pos]; e.k.P == k.P || e.k.wasKey(k.P) {
				return pos
			}
		}
	}
}

// find returns the position of the key k, which is not nil, or -1.
func (h *Hash) find(k Value) int {
	if k.P == unsafe.Pointer(&numTag) {
		return h.findNumber(k.F)
	}
	if (*header)(k.P).kind == KindString {
		return h.findString((*String)(k.P))
	}
	if h.isWeak() {
		return h.findWeak(k)
	}
	return h.findObject(k)
}

// replace stores x, nil or not, in the entry at pos, where find has found k.
func (h *Hash) replace(pos int, k, x Value) {
	e := &h.entries[pos]
	if e.k.P == unsafe.Pointer(&deadKey) && x.P != nil {
		e.k = k
	}
	if x.P != nil {
		if e.v.P == nil {
			h.live++
			if pos < h.first {
				h.first = pos
			}
		}
	} else if e.v.P != nil {
		h.live--
		e.v = x
		e.k.bury()
		if pos == h.first {
			for h.first < len(h.entries) && h.entries[h.first].v.P == nil {
				h.first++
			}
		}
		return
	}
	e.v = x
}

// forget removes the entry at pos so that find finds its key no more: the key
// goes to live in another part of the table.
func (h *Hash) forget(pos int) {
	h.replace(pos, Value{}, Value{})
	if h.entries[pos].k.IsNumber() {
		h.numbers--
	}
	h.entries[pos].k = Value{}
}

// insert adds the key k, which is not present, with a value that is not nil.
func (h *Hash) insert(k, x Value) {
	if len(h.entries) == cap(h.entries) {
		h.grow()
	}
	pos := len(h.entries)
	if h.live == 0 {
		h.first = pos
	}
	h.entries = append(h.entries, entry{k, x})
	h.live++
	if k.P == unsafe.Pointer(&numTag) {
		h.numbers++
	}
	if h.index != nil {
		h.enter(hashOf(k), pos)
	} else if (*header)(k.P).kind == KindString {
		(*String)(k.P).ownHash() // findString relies on it
	}
}

func (h *Hash) enter(hash uint32, pos int) {
	mask := uint32(len(h.index) - 1)
	i := hash & mask
	for h.index[i] != 0 {
		i = (i + 1) & mask
	}
	h.index[i] = uint64(hash)<<32 | uint64(pos+1)
}

// full reports whether the next insert has to grow or compact.
func (h *Hash) full() bool { return len(h.entries) == cap(h.entries) }

// grow makes room: it drops removed entries and, if few were, reserves half
// as many again.
func (h *Hash) grow() {
	n := h.live + h.live/2
	if n < linearEntries {
		n = 4
		if h.live >= 4 {
			n = linearEntries
		}
	}
	if n < h.live+1 {
		n = h.live + 1
	}
	h.resize(n)
}

// resize moves the live entries to an array of n, and indexes it anew.
func (h *Hash) resize(n int) {
	old := h.entries
	h.entries = make([]entry, 0, n)
	if h.live == len(old) {
		h.entries = append(h.entries, old...)
	} else {
		h.numbers = 0
		for i := range old {
			if old[i].v.P != nil {
				h.entries = append(h.entries, old[i])
				if old[i].k.IsNumber() {
					h.numbers++
				}
			}
		}
	}
	if h.nums != nil {
		h.numbers = h.nums.used
	}
	h.first = 0
	h.reindex()
}

func (h *Hash) reindex() {
	n := cap(h.entries)
	if n <= linearEntries {
		h.index = nil
		return
	}
	size := 16
	for size*3 < n*4 {
		size *= 2
	}
	h.index = make([]uint64, size)
	for pos := range h.entries {
		h.enter(hashOf(h.entries[pos].k), pos)
	}
}
