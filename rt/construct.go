package rt

import "unsafe"

// NewTable returns a new empty table.
func NewTable() *Table { return &Table{kind: KindTable, Shape: rootShape} }

// NewTableSize returns a new empty table with room for narr elements and
// nhash other entries.
func NewTableSize(narr, nhash int) *Table {
	t := NewTable()
	if narr > 0 {
		t.Reserve(narr)
	}
	if nhash > 0 {
		t.Hash = newHash(min(nhash, 1<<22))
	}
	return t
}

// An inline1 to inline8 is a table and its slots or elements in one object;
// each size is exactly a size class of Go's allocator.
type (
	inline1 struct {
		Table
		v [1]Value
	}
	inline2 struct {
		Table
		v [2]Value
	}
	inline3 struct {
		Table
		v [3]Value
	}
	inline4 struct {
		Table
		v [4]Value
	}
	inline5 struct {
		Table
		v [5]Value
	}
	inline6 struct {
		Table
		v [6]Value
	}
	inline7 struct {
		Table
		v [7]Value
	}
	inline8 struct {
		Table
		v [8]Value
	}
)

// newInline returns a table without shape and the n values allocated with it.
func newInline(n int) (*Table, unsafe.Pointer) {
	switch n {
	case 0:
		return &Table{}, nil
	case 1:
		t := &inline1{}
		return &t.Table, unsafe.Pointer(&t.v)
	case 2:
		t := &inline2{}
		return &t.Table, unsafe.Pointer(&t.v)
	case 3:
		t := &inline3{}
		return &t.Table, unsafe.Pointer(&t.v)
	case 4:
		t := &inline4{}
		return &t.Table, unsafe.Pointer(&t.v)
	case 5:
		t := &inline5{}
		return &t.Table, unsafe.Pointer(&t.v)
	case 6:
		t := &inline6{}
		return &t.Table, unsafe.Pointer(&t.v)
	case 7:
		t := &inline7{}
		return &t.Table, unsafe.Pointer(&t.v)
	case 8:
		t := &inline8{}
		return &t.Table, unsafe.Pointer(&t.v)
	}
	return &Table{}, unsafe.Pointer(unsafe.SliceData(make([]Value, n)))
}

// NewObject returns a new table of shape sh with the given field values, as
// many as the shape has fields.
func NewObject(sh *Shape, vs ...Value) *Table {
	// The usual sizes by hand: a tenth faster, for Go knows then that stores
	// into the new object need no write barriers.
	switch len(vs) {
	case 1:
		t := &inline1{Table: Table{kind: KindTable, SC: 1, Shape: sh}, v: [1]Value{vs[0]}}
		t.Slots = unsafe.Pointer(&t.v)
		return &t.Table
	case 2:
		t := &inline2{Table: Table{kind: KindTable, SC: 2, Shape: sh}, v: [2]Value{vs[0], vs[1]}}
		t.Slots = unsafe.Pointer(&t.v)
		return &t.Table
	case 3:
		t := &inline3{Table: Table{kind: KindTable, SC: 3, Shape: sh}, v: [3]Value{vs[0], vs[1], vs[2]}}
		t.Slots = unsafe.Pointer(&t.v)
		return &t.Table
	case 4:
		t := &inline4{Table: Table{kind: KindTable, SC: 4, Shape: sh}, v: [4]Value{vs[0], vs[1], vs[2], vs[3]}}
		t.Slots = unsafe.Pointer(&t.v)
		return &t.Table
	}
	t, p := newInline(len(vs))
	t.kind = KindTable
	t.Shape = sh
	t.Slots = p
	t.SC = uint16(len(vs))
	copy(unsafe.Slice((*Value)(p), len(vs)), vs)
	return t
}

// NewArray returns a new table with the elements vs.
func NewArray(vs ...Value) *Table {
	t, p := newInline(len(vs))
	t.kind = KindTable
	t.Shape = rootShape
	t.Arr = p
	t.CA = uint32(len(vs))
	copy(unsafe.Slice((*Value)(p), len(vs)), vs)
	n := len(vs)
	for n > 0 && vs[n-1].P == nil {
		n--
	}
	t.NA = uint32(n)
	return t
}

// NewArrayFromZero returns a new table with the elements 0, 1, ... of vs, of which
// there are one or more.
func NewArrayFromZero(vs ...Value) *Table {
	size := max(len(vs), 2) // there is room for element 1: Arr must not point beyond the end
	t, p := newInline(size)
	t.kind = KindTable
	t.Shape = rootShape
	t.Arr = unsafe.Add(p, valueSize)
	t.CA = uint32(size - 1)
	t.Zero = 1
	copy(unsafe.Slice((*Value)(p), size), vs)
	t.NA = uint32(len(vs) - 1)
	t.trim()
	return t
}

// NewTableWith returns a new table of shape sh with the given field values and
// elements.
func NewTableWith(sh *Shape, slots, arr []Value) *Table {
	t := NewArray(arr...)
	if len(slots) > 0 {
		own := make([]Value, len(slots))
		copy(own, slots)
		t.Slots = unsafe.Pointer(unsafe.SliceData(own))
		t.SC = uint16(len(slots))
	}
	t.Shape = sh
	return t
}

// newFixed returns a table whose fields names live in slots, which the caller
// goes on reading and writing.
func newFixed(names []*String, slots []Value) *Table {
	if len(slots) < len(names) {
		panic("rt: fewer slots than names")
	}
	return &Table{
		kind:  KindTable,
		SC:    uint16(len(names)),
		Shape: &Shape{layout: newLayout(names), flags: shapeFixed},
		Slots: unsafe.Pointer(unsafe.SliceData(slots)),
	}
}
