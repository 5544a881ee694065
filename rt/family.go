package rt

import (
	"math"
	"slices"
	"unsafe"
	"weak"
)

// Metatables made anew. A script that says
//
//	return setmetatable(o, {__index = Class})
//
// makes a metatable for each object, and metatables of their own would give all
// those objects shapes of their own, which no inline cache knows. But nobody has
// such a metatable before he asks for it: so there is none. The constructor is
// not run; instead, the objects whose metatables would have the same contents
// get one common metatable, their family's, which no script ever sees. An object
// gets a metatable of its own, and leaves the family, when a script or a library
// asks for it (Table.Metatable): from then on it can change, as any.
//
//	setmetatable(o, {...})   o.Shape -> meta: the family's, which others have too
//	getmetatable(o)          o.Shape -> meta: a copy of it, o's own
//
// With this, objects of the idiom cost what they cost with a shared metatable; a
// table and the shapes under it for each took 3 to 10 times as long.
//
// Metatables with __gc or __mode are made as written: what they mean depends on
// what setmetatable finds.

// A MetaCache belongs to one call setmetatable(o, {...}) in emitted code.
type MetaCache struct {
	last  *Table   // the latest family
	more  []*Table // those before it, up to maxFamilies
	made  int      // families made
	used  int      // objects that found one
	weary bool     // there is a family for nearly every object: it does not pay
	gone  []weak.Pointer[Table]
}

const (
	// maxFamilies is the number of families that a MetaCache remembers.
	maxFamilies = 16
	// minUse is the number of objects that a family must have on average.
	minUse = 4
)

// SetmetatableProto is the Proto of the library function setmetatable, by which
// SetNewMeta knows it.
var SetmetatableProto = Proto{Name: "setmetatable"}

// SetNewMeta calls fn(o, {...}) for a constructor that makes a table of shape sh
// with the fields vs, if fn is the library function setmetatable and nothing
// special: then the result is o. Otherwise nothing has happened.
func SetNewMeta(th *Thread, fn, o Value, c *MetaCache, sh *Shape, vs ...Value) (Value, bool) {
	if !fn.IsFunction() || fn.Function().Proto != &SetmetatableProto || !o.IsTable() {
		return Value{}, false
	}
	t := o.Table()
	if t.Shape.meta != nil || t.flags != 0 {
		return Value{}, false
	}
	m := c.last
	if m == nil || !m.hasSlots(vs) {
		if m = c.find(th.State, sh, vs); m == nil {
			return Value{}, false
		}
	}
	c.used++
	t.Shape = t.Shape.withMeta(m)
	return o, true
}

// hasSlots reports whether the fields of t hold exactly vs.
func (t *Table) hasSlots(vs []Value) bool {
	for i, v := range unsafe.Slice((*Value)(t.Slots), len(vs)) {
		if v.P != vs[i].P || math.Float64bits(v.F) != math.Float64bits(vs[i].F) {
			return false
		}
	}
	return true
}

// find returns the metatable of the family of metatables of shape sh with the
// fields vs, which becomes the latest; nil if they can have none.
func (c *MetaCache) find(st *State, sh *Shape, vs []Value) *Table {
	for i, m := range c.more {
		if m.hasSlots(vs) {
			c.more[i], c.last = c.last, m
			return m
		}
	}
	if c.weary {
		return nil
	}
	if c.made >= maxFamilies && c.used < minUse*c.made {
		c.weary = true
		c.last, c.more = nil, nil
		return nil
	}
	m := NewObject(sh, vs...)
	m.becomeMetatable()
	if m.handler(evGC).P != nil || m.handler(evMode).P != nil {
		return nil
	}
	m.Shape.info.family = true
	if c.made == 0 {
		st.addMetaCache(c)
	}
	switch {
	case c.last == nil:
	case len(c.more) < maxFamilies:
		c.more = append(c.more, c.last)
	default:
		c.more[c.made%maxFamilies] = c.last
	}
	c.last = m
	c.made++
	return m
}

// addMetaCache notes c, which is about to hold families.
func (st *State) addMetaCache(c *MetaCache) {
	if len(st.metaCaches) == cap(st.metaCaches) {
		st.metaCaches = slices.DeleteFunc(st.metaCaches, func(w weak.Pointer[MetaCache]) bool { return w.Value() == nil })
	}
	st.metaCaches = append(st.metaCaches, weak.Make(c))
}

// eachMetaCache calls f for the caches that hold families.
func (st *State) eachMetaCache(f func(c *MetaCache)) {
	for _, w := range st.metaCaches {
		if c := w.Value(); c != nil {
			f(c)
		}
	}
}

// release makes c hold its families weakly until restore: a collection that a
// script asks for must find dead what only a cache remembers.
func (c *MetaCache) release() {
	for _, m := range append(c.more, c.last) {
		if m != nil {
			c.gone = append(c.gone, weak.Make(m))
		}
	}
	c.last, c.more = nil, nil
}

// restore ends what release began.
func (c *MetaCache) restore() {
	for _, w := range c.gone {
		if m := w.Value(); m != nil {
			if c.last != nil {
				c.more = append(c.more, c.last)
			}
			c.last = m
		}
	}
	c.gone = nil
}

// HasMetatable reports whether t has a metatable.
func (t *Table) HasMetatable() bool { return t.Shape.meta != nil }

// Metatable returns t's metatable, or nil. One of a family is replaced by t's own.
func (t *Table) Metatable() *Table {
	m := t.Shape.meta
	if m == nil || !m.Shape.info.family {
		return m
	}
	l := m.Shape.layout
	own := NewObject(l.plain, unsafe.Slice((*Value)(m.Slots), len(l.keys))...)
	own.becomeMetatable()
	t.Shape = t.Shape.withMeta(own)
	return own
}
