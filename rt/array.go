package rt

import (
	"math"
	"math/bits"
	"unsafe"
)

// The array part. Elements 1..NA may have holes in between, but the last is
// not nil, so NA is always a border. Growing decides where elements live:
//
//	append to a full array, at least half of it live   twice the capacity
//	the same, mostly holes (a queue)                   the tail moves to Hash
//	Hash full and its integer keys would fill more     they move to Arr
//	than half of a larger array

// Element 0 lies before element 1 in tables that have ever had one, which takes no
// part in any of this; in the hash part, it would make a hash part for many
// tables that need none, and slow down what looks there for further elements.

// maxReserve bounds what Reserve allocates at once.
const maxReserve = 1 << 22

// elemAt returns the address of element i, which is within the capacity; that of
// element 0 if t.Zero is set.
func (t *Table) elemAt(i int) *Value {
	return (*Value)(unsafe.Add(t.Arr, uintptr(i-1)*valueSize))
}

// elements returns the array part as a slice.
func (t *Table) elements() []Value { return unsafe.Slice((*Value)(t.Arr), t.NA) }

// Elements returns elements 1..Len as a slice, valid until t changes. Those
// before the last may be nil.
func (t *Table) Elements() []Value { return t.elements() }

// SetInt stores x in the raw element i.
func (t *Table) SetInt(i int, x Value) {
	na := int(t.NA)
	switch {
	case uint(i-1) < uint(na):
		*t.elemAt(i) = x
		if x.P == nil && i == na {
			t.trim()
		}
	case i == na+1 && t.flags&tabWeak == 0:
		if x.P != nil {
			t.Append(x)
		}
	case i == 0 && t.flags&tabWeak == 0:
		if t.Zero != 0 {
			*t.elemAt(0) = x
		} else if x.P != nil {
			t.moveArray(max(int(t.CA), 3), 1)
			*t.elemAt(0) = x
		}
	case uint(i) <= uint(t.CA) && x.P != nil && i > 0 && (t.Hash == nil || t.Hash.numbers == 0):
		*t.elemAt(i) = x
		t.NA = uint32(i)
	default:
		t.setHash(Number(float64(i)), x)
	}
}

// trim lowers NA over trailing nils.
func (t *Table) trim() {
	n := t.NA
	for n > 0 && t.elemAt(int(n)).P == nil {
		n--
	}
	t.NA = n
}

// Append stores x, which is not nil, in element Len+1.
func (t *Table) Append(x Value) {
	if t.NA == t.CA {
		if t.flags&tabWeak != 0 {
			t.setHash(Number(float64(t.Len()+1)), x)
			return
		}
		i := int(t.NA) + 1
		t.growArray()
		if int(t.NA)+1 != i {
			t.SetInt(i, x)
			return
		}
	}
	t.NA++
	*t.elemAt(int(t.NA)) = x
	if t.Hash != nil && t.Hash.numbers > 0 {
		t.migrate()
	}
}

// migrate moves elements from NA+1 on from the hash part to the array.
func (t *Table) migrate() {
	h := t.Hash
	for h.numbers > 0 {
		x := h.takeNumber(float64(t.NA) + 1)
		if x.P == nil {
			return
		}
		if t.NA == t.CA {
			t.resizeArray(int(t.CA) + max(int(t.CA)/2, min(h.numbers, maxReserve), 4))
		}
		t.NA++
		*t.elemAt(int(t.NA)) = x
	}
}

// Reserve makes room for the elements 1..n, as far as that is reasonable.
func (t *Table) Reserve(n int) {
	if n = min(n, maxReserve); n > int(t.CA) && t.flags&tabWeak == 0 {
		t.resizeArray(n)
	}
}

// resizeArray gives the array the capacity n, which is at least NA.
func (t *Table) resizeArray(n int) { t.moveArray(n, t.Zero) }

// moveArray is resizeArray with room for element 0 if zero is 1, not 0; it must be
// 1 if there is some already.
func (t *Table) moveArray(n int, zero uint32) {
	n = max(n, int(zero)) // Arr must not point beyond the end
	arr := make([]Value, n+int(zero))
	old := unsafe.Slice((*Value)(unsafe.Add(t.Arr, -int(t.Zero)*int(valueSize))), int(t.NA)+int(t.Zero))
	copy(arr[zero-t.Zero:], old)
	if len(old) <= 9 {
		clear(old) // they may be part of the table's own object
	}
	t.Arr = unsafe.Pointer(unsafe.SliceData(arr[zero:]))
	t.CA = uint32(n)
	t.Zero = zero
}

// growArray makes room in an array whose capacity is used up, or moves
// elements of a sparse one to the hash part: then NA becomes smaller.
func (t *Table) growArray() {
	n, zero := int(t.CA), int(t.Zero)
	switch {
	case n+zero < 4:
		t.resizeArray(4 - zero)
	case n >= 16 && t.isSparse():
		t.spill()
	case n < 1<<20:
		t.resizeArray(2*(n+zero) - zero) // with element 0, a power of 2: Go has a size for it
	default:
		t.resizeArray(n + n/2)
	}
}

// isSparse reports whether less than half of the elements are there.
func (t *Table) isSparse() bool {
	live := 0
	for i, x := range t.elements() {
		if x.P != nil {
			live++
		}
		if live >= 1<<10 && live > i/2+len(t.elements())/2 {
			return false // cannot come to less any more
		}
	}
	return live < int(t.NA)/2
}

// spill keeps the longest prefix of the array that is more than half full, and
// moves the rest to the hash part.
func (t *Table) spill() {
	elems := t.elements()
	keep, live := 0, 0
	for i, limit := 0, 1; i < len(elems); i++ {
		if i == limit {
			limit *= 2
		}
		if elems[i].P != nil {
			live++
		}
		if i+1 == limit && live > limit/2 {
			keep = limit
		}
	}
	for keep < len(elems) && elems[keep].P != nil {
		keep++
	}
	for keep > 0 && elems[keep-1].P == nil {
		keep--
	}
	if t.Hash == nil {
		t.Hash = &Hash{}
	}
	h := t.Hash
	if h.nums == nil {
		h.separateNumbers(len(elems) / 2)
	}
	for i := keep; i < len(elems); i++ {
		if elems[i].P != nil {
			h.addNumber(float64(i+1), elems[i])
		}
	}
	t.NA = uint32(keep)
	if keep == 0 && t.Zero == 0 {
		clear(elems[:min(len(elems), 8)])
		t.Arr, t.CA = nil, 0
	} else {
		t.resizeArray(keep)
	}
}

// hashToArray moves integer keys from the full hash part to the array if with
// the new key f they would fill more than half of it, and reports whether it
// moved any.
func (t *Table) hashToArray(f float64) bool {
	h := t.Hash
	na := int(t.NA)
	limit := min(float64(2*(na+h.numbers+1)), 1<<32) // no larger array can be half full
	near := 0                                        // keys up to there
	var bins [33]int                                 // bins[b]: keys k with 2^(b-1) < k <= 2^b
	count := func(f float64) {
		if f > 0 && f <= limit && f == math.Trunc(f) {
			bins[bits.Len(uint(f)-1)]++
			near++
		}
	}
	for i := range h.entries {
		if e := &h.entries[i]; e.v.P != nil && e.k.IsNumber() {
			count(e.k.F)
		}
	}
	if h.nums != nil {
		for i := range h.nums.nodes {
			if n := &h.nums.nodes[i]; n.v.P != nil {
				count(n.number())
			}
		}
	}
	if count(f); near == 0 {
		return false
	}
	full := bins // as if all elements of the array were there
	full[0] += min(na, 1)
	for b := 1; b < len(full); b++ {
		full[b] += max(0, min(na, 1<<b)-1<<(b-1))
	}
	if mostlyFull(&full) <= na {
		return false
	}
	for i, x := range t.elements() {
		if x.P != nil {
			bins[bits.Len(uint(i))]++
		}
	}
	size := mostlyFull(&bins)
	if size <= na {
		return false
	}
	if size > int(t.CA) {
		t.resizeArray(size)
	}
	moved := false
	move := func(f float64, x Value) bool {
		i := int(f)
		if x.P == nil || float64(i) != f || i <= 0 || i > size {
			return false
		}
		*t.elemAt(i) = x
		t.NA = max(t.NA, uint32(i))
		moved = true
		return true
	}
	for pos := range h.entries {
		if e := &h.entries[pos]; e.k.IsNumber() && move(e.k.F, e.v) {
			h.forget(pos)
		}
	}
	if h.nums != nil {
		for pos := range h.nums.nodes {
			if n := &h.nums.nodes[pos]; move(n.number(), n.v) {
				h.nums.forget(pos)
			}
		}
		h.dropNumbers()
	}
	t.migrate()
	return moved
}

// mostlyFull returns the largest power of two n such that more than half of
// the keys 1..n are there, or 0; bins[b] counts the keys in 2^(b-1)+1..2^b.
func mostlyFull(bins *[33]int) int {
	size, total := 0, 0
	for b, n := range bins {
		if total += n; total > 1<<b/2 {
			size = 1 << b
		}
	}
	return size
}
