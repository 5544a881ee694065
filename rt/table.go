package rt

import "unsafe"

// A Table is a Lua table: a header of 48 bytes over three parts.
//
//	 0 kind  1 flags  2 SC   capacity of Slots
//	                  4 NA   length of the array: element NA is not nil
//	 8 Shape          the fields whose keys are constants, and the metatable
//	16 Slots          their values
//	24 Arr            elements 1..NA, then nils up to CA
//	32 Hash           everything else
//	40 CA  44 Zero    capacity of Arr; 1 if element 0 lies before element 1
//
// Which part a key belongs to:
//
//	key                                      lives in
//	integer in 1..NA                         Arr
//	0                                        before Arr; nowhere without Zero
//	integer NA+1                             nowhere: it is nil
//	constant string, table of a layout       Slots
//	constant string, dictionary              Hash
//	constant string, fixed table             Slots if named, else Hash
//	anything else                            Hash
//
// (Weak tables keep all but slots in their hash part.)
//
// Constructors allocate the header and up to eight slots or elements as one
// object.
type Table struct {
	kind  Kind
	flags uint8
	SC    uint16
	NA    uint32
	Shape *Shape
	Slots unsafe.Pointer
	Arr   unsafe.Pointer
	Hash  *Hash
	CA    uint32
	Zero  uint32
}

// The flags of tables.
const (
	tabHost     = 1 << iota // the Table is the head of a hostTable
	tabShadowed             // a host table whose class methods may be hidden
	tabWeak                 // see weak.go
	tabFinalize             // see finalize.go
	tabNulls                // the Table is the head of a nullsTable, see json.go
	tabJSONUnit             // tabJSON holds a JSONForm
	tabJSON     = 3 * tabJSONUnit
)

// Value returns t as a Value.
func (t *Table) Value() Value { return Value{P: unsafe.Pointer(t)} }

// Slot returns the field at offset off of the slots.
func (t *Table) Slot(off uintptr) Value { return *(*Value)(unsafe.Add(t.Slots, off)) }

// SetSlot stores x in the field at offset off of the slots.
func (t *Table) SetSlot(off uintptr, x Value) { *(*Value)(unsafe.Add(t.Slots, off)) = x }

// Len returns a border of t, the raw length.
func (t *Table) Len() int {
	if t.flags&tabWeak != 0 {
		return t.weakLen()
	}
	return int(t.NA)
}

// getConst returns the field k, which is a constant.
func (t *Table) getConst(k *String) Value {
	sh := t.Shape
	if i := sh.layout.find(k); i >= 0 {
		return *t.slotAt(i)
	}
	if t.Hash != nil && sh.hashesConstants() {
		if pos := t.Hash.findString(k); pos >= 0 {
			return t.Hash.value(pos)
		}
	}
	return Value{}
}

// GetStr returns the raw field s.
func (t *Table) GetStr(s *String) Value {
	if len(t.Shape.layout.keys) != 0 || t.Shape.hashesConstants() {
		if c := canonical(s); c != nil {
			return t.getConst(c)
		}
	}
	if t.Hash != nil {
		if pos := t.Hash.findString(s); pos >= 0 {
			return t.Hash.value(pos)
		}
	}
	return Value{}
}

// GetString returns the raw field s.
func (t *Table) GetString(s string) Value { return t.GetStr(newString(s)) }

// GetInt returns the raw element i.
func (t *Table) GetInt(i int) Value {
	if uint(i-1) < uint(t.NA) {
		return *t.elemAt(i)
	}
	if i == 0 && t.Zero != 0 {
		return *t.elemAt(0)
	}
	if t.Hash != nil {
		return t.Hash.number(float64(i))
	}
	return Value{}
}

// Get returns the raw field k.
func (t *Table) Get(k Value) Value {
	if k.P == unsafe.Pointer(&numTag) {
		if i := int(k.F); float64(i) == k.F {
			return t.GetInt(i)
		}
		if t.Hash != nil {
			return t.Hash.number(k.F)
		}
		return Value{}
	} else if k.P == nil {
		return k
	} else if (*header)(k.P).kind == KindString {
		return t.GetStr((*String)(k.P))
	}
	if t.Hash != nil {
		if pos := t.Hash.find(k); pos >= 0 {
			return t.Hash.value(pos)
		}
	}
	return Value{}
}

// setConst stores x in the field k, which is a constant.
func (t *Table) setConst(k *String, x Value) {
	sh := t.Shape
	if i := sh.layout.find(k); i >= 0 {
		p := t.slotAt(i)
		if sh.info.isWatched(k) {
			old := *p
			*p = x
			sh.info.metaChanged(k, old)
			return
		}
		*p = x
		return
	}
	if sh.hashesConstants() {
		t.setConstHashed(k, x)
	} else if x.P != nil {
		t.addField(k, x)
	}
}

// setConstHashed stores x in the field k of a table that keeps it in its hash
// part.
func (t *Table) setConstHashed(k *String, x Value) {
	info := t.Shape.info
	if info.isWatched(k) {
		old := t.getConst(k)
		t.setHash(k.Value(), x)
		info.metaChanged(k, old)
		return
	}
	if t.flags&tabHost != 0 {
		t.checkShadow(k)
	}
	t.setHash(k.Value(), x)
}

// addField adds the field k with a value that is not nil to a table that has
// a layout without k.
func (t *Table) addField(k *String, x Value) {
	if t.flags&tabHost != 0 {
		t.checkShadow(k)
	}
	sh := t.Shape
	to := sh.withKey(k)
	if to == nil {
		t.toDictionary()
		t.setConstHashed(k, x)
		return
	}
	n := len(sh.layout.keys)
	if n >= int(t.SC) {
		t.growSlots(n)
	}
	*t.slotAt(n) = x
	t.Shape = to
	if to.info != nil {
		to.info.metaChanged(k, Value{})
	}
}

// growSlots makes room for more than the n slots that are all in use.
func (t *Table) growSlots(n int) {
	size := 2 * n
	if size < 4 {
		size = 4
	}
	if size > maxFields && n < maxFields {
		size = maxFields
	}
	slots := make([]Value, size)
	if n > 0 {
		old := unsafe.Slice((*Value)(t.Slots), n)
		copy(slots, old)
		if n <= 8 {
			clear(old) // they may be part of the table's own object
		}
	}
	t.Slots = unsafe.Pointer(unsafe.SliceData(slots))
	t.SC = uint16(size)
}

// toDictionary moves all fields to the hash part.
func (t *Table) toDictionary() {
	keys := t.Shape.layout.keys
	t.Shape = t.Shape.asDictionary()
	if t.Hash == nil {
		t.Hash = newHash(len(keys) + len(keys)/2)
	}
	for i, k := range keys {
		p := t.slotAt(i)
		if p.P != nil {
			t.Hash.insert(k.Value(), *p)
			*p = Value{}
		}
	}
	t.Slots, t.SC = nil, 0
}

// SetStr stores x in the raw field s.
func (t *Table) SetStr(s *String, x Value) {
	if c := canonical(s); c != nil {
		t.setConst(c, x)
		return
	}
	if t.flags&tabHost != 0 {
		t.checkShadow(s)
	}
	t.setHash(s.Value(), x)
}

// SetString stores x in the raw field s.
func (t *Table) SetString(s string, x Value) { t.SetStr(newString(s), x) }

// Set stores x in the raw field k, which must be neither nil nor NaN: RawSet
// checks that.
func (t *Table) Set(k, x Value) {
	if k.P == unsafe.Pointer(&numTag) {
		if i := int(k.F); float64(i) == k.F {
			t.SetInt(i, x)
			return
		}
	} else if (*header)(k.P).kind == KindString {
		t.SetStr((*String)(k.P), x)
		return
	}
	t.setHash(k, x)
}

// RawSet stores v in the raw field k of t; a nil or NaN key is an error.
func RawSet(th *Thread, t *Table, k, v Value) {
	checkKey(th, k)
	t.Set(k, v)
}

func checkKey(th *Thread, k Value) {
	if k.P == nil {
		th.raise("table index is nil")
	}
	if k.P == unsafe.Pointer(&numTag) && k.F != k.F {
		th.raise("table index is NaN")
	}
}

// setHash stores x in the entry k of the hash part, where k belongs.
func (t *Table) setHash(k, x Value) {
	h := t.Hash
	if t.flags&tabWeak != 0 {
		h.setWeak(k, x)
		return
	}
	if h == nil {
		if x.P == nil {
			return
		}
		h = &Hash{}
		t.Hash = h
	} else if h.nums != nil && k.P == unsafe.Pointer(&numTag) {
		t.setNumber(k.F, x)
		return
	} else if pos := h.find(k); pos >= 0 {
		h.replace(pos, k, x)
		return
	} else if x.P == nil {
		return
	}
	if h.full() && h.numbers >= 3 && k.IsNumber() {
		if t.hashToArray(k.F) {
			t.Set(k, x)
			return
		}
		if h.numbers >= minNumbers {
			h.separateNumbers(1)
			h.addNumber(k.F, x)
			return
		}
	}
	h.insert(k, x)
}

// setNumber stores x in the number f of the hash part, which keeps numbers apart.
func (t *Table) setNumber(f float64, x Value) {
	h := t.Hash
	if i := h.nums.find(f); i >= 0 {
		h.nums.replace(i, x)
		return
	}
	if x.P == nil {
		return
	}
	if h.nums.insert(f, x) {
		h.numbers = h.nums.used
	} else if t.hashToArray(f) {
		t.Set(Number(f), x)
	} else {
		h.addNumber(f, x)
	}
}
