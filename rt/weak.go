package rt

import (
	"unsafe"
	"weak"
)

// Weak tables.
//
// A table whose metatable says __mode, when setmetatable is called, becomes a
// dictionary without array part: no inline cache and no fast path knows it, and
// every access comes to its hash part, where weak keys and values are weakRefs
// instead of objects. Tables, functions, userdata and coroutines are held
// weakly; strings count as plain values, as in C Lua.
//
//	__mode   key                value
//	"v"      as it is           weakRef
//	"kv"     weakRef            weakRef
//	"k"      weakRef            in an ephemeron that the key object carries
//
// The value of a weak key must live as long as the key does, but must not keep
// it alive, even if it refers to it. Go's collector has no such thing, so the
// key itself holds the value: its hash part (of a table), its Proto (of a
// function, which gets a copy of its own) or a field (of userdata) has a list
// of ephemerons, to which the table has weak pointers only:
//
//	weak table --> entry: weakRef ~~~> key object --> hashExtra
//	                        ~                            |
//	                        ~~~> ephemeron <-------------+
//	                                |
//	                                +--> value (--> key object)
//
// Coroutines carry nothing: as a key of mode "k" one is weak, but a value that
// refers to it keeps it alive.
//
// Entries of dead objects are found dead where they are met, and dropped when
// the hash part is full. Address and hash of a dead object may come back with a
// new one; but a weak pointer to the old one never becomes a pointer to that.

// The modes of weak tables, to be combined.
const (
	weakKeys = 1 << iota
	weakValues
)

// kindWeak is the kind of weakRefs, which only hash parts have.
const kindWeak = KindThread + 1

// A weakRef stands for a weak key or value in the hash part of a weak table.
type weakRef struct {
	kind    Kind
	carried bool // a key that carries the value
	hash    uint32
	word    unsafe.Pointer // the header word: not nil
	object  weak.Pointer[header]
	cell    weak.Pointer[ephemeron] // where the key carries the value
}

// An ephemeron is a value that belongs to a weak key; the key object refers to
// it.
type ephemeron struct {
	v     Value // nil once the entry has been removed
	key   *weakRef
	table weak.Pointer[Hash]
}

// A hashExtra is what the hash parts of few tables have.
type hashExtra struct {
	mode    uint8        // of a weak table
	carried []*ephemeron // of a weak key
}

// A carrier is an object's list of ephemerons.
type carrier = *[]*ephemeron

// isWeakable reports whether weak tables hold v weakly. The iterators of pairs
// and ipairs belong to no State and never die.
func isWeakable(v Value) bool {
	switch v.Kind() {
	case KindTable, KindUserdata, KindThread:
		return true
	case KindFunction:
		return v.P != unsafe.Pointer(nextFunction) && v.P != unsafe.Pointer(inextFunction)
	}
	return false
}

func newWeakRef(v Value) *weakRef {
	return &weakRef{
		kind: kindWeak, hash: hashOf(v), word: unsafe.Pointer(&wordTag),
		object: weak.Make((*header)(v.P)),
	}
}

// asWeakRef returns v, a key or value of a hash part, as a weakRef, or nil.
func (v Value) asWeakRef() *weakRef {
	if v.Kind() == kindWeak {
		return (*weakRef)(v.P)
	}
	return nil
}

// get returns the object, or nil if it is dead.
func (r *weakRef) get() Value { return Value{P: unsafe.Pointer(r.object.Value())} }

// carrierOf returns where the object v carries ephemerons, or nil if it cannot.
func carrierOf(v Value) carrier {
	switch v.Kind() {
	case KindTable:
		t := v.Table()
		if t.Hash == nil {
			t.Hash = &Hash{}
		}
		if t.Hash.extra == nil {
			t.Hash.extra = &hashExtra{}
		}
		return &t.Hash.extra.carried
	case KindFunction:
		f := v.Function()
		if !f.Proto.own {
			p := *f.Proto
			p.own = true
			f.Proto = &p
		}
		return &f.Proto.carried
	case KindUserdata:
		return &v.Userdata().carried
	}
	return nil
}

// carry gives the key k, the object of ref, the value x in the weak table with
// hash part h.
func (ref *weakRef) carry(k, x Value, h *Hash) {
	list := carrierOf(k)
	if len(*list) == cap(*list) {
		live := (*list)[:0]
		for _, c := range *list {
			if c.v.P != nil && c.table.Value() != nil {
				live = append(live, c)
			}
		}
		clear((*list)[len(live):])
		*list = live
	}
	c := &ephemeron{v: x, key: ref, table: weak.Make(h)}
	ref.cell = weak.Make(c)
	*list = append(*list, c)
}

// revive makes v, which a finalizer has got hold of, a key again of the tables
// for which it carries values.
func revive(v Value) {
	if list := carrierOf(v); list != nil {
		for _, c := range *list {
			if c.key != nil {
				c.key.object = weak.Make((*header)(v.P))
			}
		}
	}
}

// isWeak reports whether h is the hash part of a weak table.
func (h *Hash) isWeak() bool { return h.extra != nil && h.extra.mode != 0 }

// value returns the value at pos, nil if it is dead.
func (h *Hash) value(pos int) Value {
	if h.extra != nil {
		return h.weakValue(pos)
	}
	return h.entries[pos].v
}

func (h *Hash) weakValue(pos int) Value {
	e := &h.entries[pos]
	if h.extra.mode == 0 || e.v.P == nil {
		return e.v
	}
	if ref := e.k.asWeakRef(); ref != nil {
		if ref.carried {
			if c := ref.cell.Value(); c != nil {
				return c.v
			}
			return Value{}
		}
		if ref.object.Value() == nil {
			return Value{}
		}
	}
	if ref := e.v.asWeakRef(); ref != nil {
		return ref.get()
	}
	return e.v
}

// entry returns key and value at pos; one of them is nil if the entry is
// removed or dead.
func (h *Hash) entry(pos int) (k, v Value) {
	k, v = h.entries[pos].k, h.value(pos)
	if ref := k.asWeakRef(); ref != nil {
		k = ref.get()
	}
	return k, v
}

// findWeak is findObject for a weak table.
func (h *Hash) findWeak(k Value) int {
	hash := hashOf(k)
	is := func(pos int) bool {
		if e := &h.entries[pos]; e.k.P != k.P {
			ref := e.k.asWeakRef()
			return ref != nil && ref.hash == hash && unsafe.Pointer(ref.object.Value()) == k.P || e.k.wasKey(k.P)
		}
		return true
	}
	if h.index == nil {
		for pos := range h.entries {
			if is(pos) {
				return pos
			}
		}
		return -1
	}
	mask := uint32(len(h.index) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		x := h.index[i]
		if x == 0 {
			return -1
		}
		if pos := int(uint32(x)) - 1; uint32(x>>32) == hash && is(pos) {
			return pos
		}
	}
}

// setWeak stores x in the field k of the weak table with hash part h.
func (h *Hash) setWeak(k, x Value) {
	mode := h.extra.mode
	pos := h.find(k)
	if pos < 0 {
		if x.P == nil {
			return
		}
		if h.full() {
			h.dropDead()
		}
		key := k
		if mode&weakKeys != 0 && isWeakable(k) {
			ref := newWeakRef(k)
			ref.carried = mode == weakKeys && k.Kind() != KindThread
			key = Value{P: unsafe.Pointer(ref)}
		}
		pos = len(h.entries)
		if h.full() {
			pos = h.live // insert compacts
		}
		h.insert(key, key) // any value: it is replaced below
	}
	ref := h.entries[pos].k.asWeakRef()
	switch {
	case ref != nil && ref.carried:
		c := ref.cell.Value()
		switch {
		case x.P == nil:
			if c != nil {
				c.v, c.key = Value{}, nil
			}
			ref.cell = weak.Pointer[ephemeron]{}
			h.replace(pos, k, x)
		case c == nil:
			ref.carry(k, x, h)
			h.replace(pos, k, h.entries[pos].k)
		default:
			c.v = x
		}
	case mode&weakValues != 0 && isWeakable(x):
		h.replace(pos, k, Value{P: unsafe.Pointer(newWeakRef(x))})
	default:
		h.replace(pos, k, x)
	}
}

// dropDead removes the entries of dead objects. A key that has died but has a
// finalizer to come may carry on.
func (h *Hash) dropDead() {
	for pos := range h.entries {
		if h.entries[pos].v.P != nil && h.value(pos).P == nil {
			h.replace(pos, Value{}, Value{})
		}
	}
}

// weakMode returns what m, a metatable, says about the weakness of tables.
func (m *Table) weakMode() uint8 {
	var mode uint8
	if s := m.handler(evMode); s.IsString() {
		for _, c := range s.Str().s {
			switch c {
			case 'k':
				mode |= weakKeys
			case 'v':
				mode |= weakValues
			}
		}
	}
	return mode
}

// setWeakMode makes t weak in the given way, or strong again. The table of
// globals stays strong.
func (t *Table) setWeakMode(mode uint8) {
	if t.Shape.flags&shapeFixed != 0 || t.flags&tabWeak != 0 && t.Hash.extra.mode == mode {
		return
	}
	if t.Shape.flags&shapeDict == 0 {
		t.toDictionary()
	}
	elements, old, zero := t.elements(), t.Hash, Value{}
	if t.Zero != 0 {
		zero = *t.elemAt(0)
		*t.elemAt(0) = Value{}
	}
	t.NA, t.CA, t.Zero, t.Arr = 0, 0, 0, nil
	t.Hash = &Hash{extra: &hashExtra{mode: mode}}
	t.flags &^= tabWeak
	if mode != 0 {
		t.flags |= tabWeak
	}
	if zero.P != nil {
		t.SetInt(0, zero)
	}
	for i, x := range elements {
		if x.P != nil {
			t.SetInt(i+1, x)
		}
	}
	clear(elements[:min(len(elements), 8)]) // they may be part of the table's own object
	if old == nil {
		return
	}
	for pos := range old.entries {
		if k, v := old.entry(pos); k.P != nil && v.P != nil {
			if k.IsString() {
				t.setHash(k, v) // no second thoughts about where constants live
			} else {
				t.Set(k, v)
			}
		}
	}
	if old.nums != nil {
		for i := old.nums.step(0); i >= 0; i = old.nums.step(i + 1) {
			t.Set(Number(old.nums.nodes[i].number()), old.nums.nodes[i].v)
		}
	}
	if old.extra != nil {
		t.Hash.extra.carried = old.extra.carried
	}
}

// weakLen returns a border of a weak table.
func (t *Table) weakLen() int {
	n := 1
	for t.GetInt(n).P != nil {
		n *= 2
	}
	low := n / 2
	for n-low > 1 {
		if mid := (low + n) / 2; t.GetInt(mid).P != nil {
			low = mid
		} else {
			n = mid
		}
	}
	return low
}
