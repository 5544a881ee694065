package rt

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// Shapes are the hidden classes of tables. They come in two layers:
//
//	layout   which constant keys have which slot; process-wide, a tree of
//	         transitions "add key k" that all States share
//	Shape    a layout together with a metatable; what a Table points to and
//	         what inline caches compare
//
// A layout and a Shape never change, so a cache that has seen the Shape of a
// table knows where its fields are and what its metatable is. There are these
// kinds of Shape:
//
//	plain       no metatable: one per layout
//	variant     a layout with metatable m: one per layout and m, kept by m
//	owned       the Shape of a table that serves as a metatable: no other
//	            table has it, and it carries the table's metaInfo
//	private     what reshape gives a table whose caches must miss
//	dictionary  no layout, the fields are all in the hash part: one per
//	            metatable; it is never entered in a cache
//	fixed       of a table over slots that somebody else reads directly
//
// Transitions are made under a mutex and read without one.

// maxFields is the number of fields beyond which a growing table turns into a
// dictionary.
const maxFields = 128

// maxLayouts bounds the tree of layouts: a program that adds the same fields
// in thousands of orders gets dictionaries.
const maxLayouts = 1 << 16

// A Shape is what tables with the same fields and metatable have in common.
type Shape struct {
	layout *layout
	meta   *Table    // the metatable, or nil
	info   *metaInfo // of a table in use as a metatable
	flags  uint8
}

// The flags of shapes.
const (
	shapeDict    = 1 << iota // fields are in the hash part
	shapeFixed               // fields beyond the layout are in the hash part
	shapePrivate             // belongs to one table
)

// A layout maps constant keys to slots.
type layout struct {
	keys  []*String
	index []uint16 // open addressing from hash to slot+1, where keys are many
	plain *Shape

	next atomic.Pointer[transition]
	more concurrentMap // *String to *layout: transitions beyond the first few
}

// A concurrentMap is a *sync.Map. As an interface it keeps that generic type out
// of those that emitted packages see: Go compiles all methods of it anew in each
// of them, which took half of the time of compiling a small script.
type concurrentMap interface {
	Load(key any) (value any, ok bool)
	Store(key, value any)
}

// A transition says which layout adding a key leads to.
type transition struct {
	key    *String
	to     *layout
	others *transition
	n      int // length of the list from here
}

// linearKeys is the number of keys up to which find compares them in turn.
const linearKeys = 8

var (
	layoutMutex sync.Mutex
	layoutCount int

	rootLayout = newLayout(nil)
	rootShape  = rootLayout.plain // of empty tables
	dictShape  = &Shape{layout: rootLayout, flags: shapeDict}
)

func newLayout(keys []*String) *layout {
	l := &layout{keys: keys, more: new(sync.Map)}
	l.plain = &Shape{layout: l}
	if len(keys) > linearKeys {
		size := 4 * linearKeys
		for size < 2*len(keys) {
			size *= 2
		}
		l.index = make([]uint16, size)
		for slot, k := range keys {
			i := int(k.hash) & (size - 1)
			for l.index[i] != 0 {
				i = (i + 1) & (size - 1)
			}
			l.index[i] = uint16(slot + 1)
		}
	}
	return l
}

// find returns the slot of the constant k, or -1.
func (l *layout) find(k *String) int {
	if l.index == nil {
		for i, key := range l.keys {
			if key == k {
				return i
			}
		}
		return -1
	}
	mask := len(l.index) - 1
	for i := int(k.hash) & mask; ; i = (i + 1) & mask {
		slot := int(l.index[i]) - 1
		if slot < 0 || l.keys[slot] == k {
			return slot
		}
	}
}

// add returns the layout with the further key k, or nil where there are too
// many layouts already.
func (l *layout) add(k *String) *layout {
	for t := l.next.Load(); t != nil; t = t.others {
		if t.key == k {
			return t.to
		}
	}
	if to, ok := l.more.Load(k); ok {
		return to.(*layout)
	}
	return l.addSlow(k)
}

func (l *layout) addSlow(k *String) *layout {
	layoutMutex.Lock()
	defer layoutMutex.Unlock()
	list := l.next.Load()
	for t := list; t != nil; t = t.others {
		if t.key == k {
			return t.to
		}
	}
	if to, ok := l.more.Load(k); ok {
		return to.(*layout)
	}
	if layoutCount >= maxLayouts {
		return nil
	}
	layoutCount++
	// The keys of a chain of layouts share one array, like appended slices;
	// the full slice expression keeps branches apart.
	keys := l.keys
	if list != nil {
		keys = keys[:len(keys):len(keys)]
	}
	to := newLayout(append(keys, k))
	if list == nil || list.n < 8 {
		t := &transition{key: k, to: to, others: list, n: 1}
		if list != nil {
			t.n = list.n + 1
		}
		l.next.Store(t)
		return to
	}
	l.more.Store(k, to)
	return to
}

// ShapeOf returns the shape of a table constructor with the given keys, which
// must be distinct constants. Only constructors of one program use it.
func ShapeOf(keys ...*String) *Shape {
	l := rootLayout
	for _, k := range keys {
		if k.flags&strConst == 0 || l.find(k) >= 0 {
			panic("rt.ShapeOf: keys must be distinct constants: " + k.s)
		}
		next := l.add(k)
		if next == nil {
			panic("rt.ShapeOf: too many layouts")
		}
		l = next
	}
	return l.plain
}

// SlotOf returns the offset of the field k in tables of shape s.
func (s *Shape) SlotOf(k *String) (off uintptr, ok bool) {
	i := s.layout.find(k)
	return uintptr(i) * valueSize, i >= 0
}

// hashesConstants reports whether the hash part may hold constant keys.
func (s *Shape) hashesConstants() bool { return s.flags&(shapeDict|shapeFixed) != 0 }

// withKey returns the shape of a table of shape s with the further field k,
// or nil if it should become a dictionary.
func (s *Shape) withKey(k *String) *Shape {
	if len(s.layout.keys) >= maxFields {
		return nil
	}
	l := s.layout.add(k)
	if l == nil {
		return nil
	}
	return s.withLayout(l)
}

func (s *Shape) withLayout(l *layout) *Shape {
	if s.info != nil || s.flags&shapePrivate != 0 {
		return &Shape{layout: l, meta: s.meta, info: s.info, flags: s.flags}
	}
	if s.meta == nil {
		return l.plain
	}
	return s.meta.Shape.info.variant(l, s.meta)
}

// withMeta returns the shape of a table of shape s after its metatable has
// become m, which is nil or in use as a metatable.
func (s *Shape) withMeta(m *Table) *Shape {
	switch {
	case s.info != nil || s.flags&(shapePrivate|shapeFixed) != 0:
		return &Shape{layout: s.layout, meta: m, info: s.info, flags: s.flags}
	case s.flags&shapeDict != 0:
		return dictionaryShape(m)
	case m == nil:
		return s.layout.plain
	}
	return m.Shape.info.variant(s.layout, m)
}

// asDictionary returns the dictionary shape for a table of shape s.
func (s *Shape) asDictionary() *Shape {
	if s.info != nil {
		return &Shape{layout: rootLayout, meta: s.meta, info: s.info, flags: shapeDict | shapePrivate}
	}
	return dictionaryShape(s.meta)
}

func dictionaryShape(m *Table) *Shape {
	if m == nil {
		return dictShape
	}
	info := m.Shape.info
	if info.dict == nil {
		info.dict = &Shape{layout: rootLayout, meta: m, flags: shapeDict}
	}
	return info.dict
}

// private returns a copy of s that no cache has seen.
func (s *Shape) private() *Shape {
	return &Shape{layout: s.layout, meta: s.meta, info: s.info, flags: s.flags | shapePrivate}
}

// slotAt returns the address of slot i of t.
func (t *Table) slotAt(i int) *Value {
	return (*Value)(unsafe.Add(t.Slots, uintptr(i)*valueSize))
}
