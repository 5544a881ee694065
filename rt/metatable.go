package rt

// Metatables. A table's metatable is part of its Shape. A table that comes
// into use as a metatable gets an owned Shape, which carries a metaInfo: the
// shapes of the tables under it, which events it is known not to handle, and
// which inline caches rely on that.
//
// Caches stay right when a metatable changes after it came into use:
//
//	change                   what becomes of the caches
//	__index replaced         the former __index table gets a private shape:
//	                         every cache through or into it misses
//	__newindex added         the store caches of tables under it are emptied
//	                         one by one (they are registered in stores)
//	any field added          the metatable has another Shape, as always
//
// This works because stores to fields named "__..." of such a table are never
// cached: they all come through metaChanged.

// A metaInfo is what a table in use as a metatable knows about that use.
type metaInfo struct {
	absent   uint32 // bit per event: known to be nil
	volatile bool   // the table is written without our knowledge: no caching
	family   bool   // the table is a family's: see family.go

	lastLayout *layout // the latest answer of variant
	lastShape  *Shape
	variants   map[*layout]*Shape
	dict       *Shape // of dictionaries with this metatable

	stores map[*FieldCache]struct{}
	class  *Class // of host objects with this metatable

	methods *stringMethods // of the string library and the metatable of strings: what depends on their fields
}

// isWatched reports whether stores to the field k must come through
// metaChanged.
func (info *metaInfo) isWatched(k *String) bool {
	return info != nil && (k.flags&strEvent != 0 || info.methods != nil)
}

// An event is a metamethod that the runtime itself looks for.
type event uint8

const (
	evIndex event = iota
	evNewIndex
	evCall
	evEq
	evLt
	evLe
	evConcat
	evLen
	evUnm
	evAdd
	evSub
	evMul
	evDiv
	evMod
	evPow
	evToString
	evMode
	evGC
	numEvents
)

// The names of the metamethods.
var (
	MetaIndex     = Const("__index")
	MetaNewIndex  = Const("__newindex")
	MetaCall      = Const("__call")
	MetaEq        = Const("__eq")
	MetaLt        = Const("__lt")
	MetaLe        = Const("__le")
	MetaConcat    = Const("__concat")
	MetaLen       = Const("__len")
	MetaUnm       = Const("__unm")
	MetaAdd       = Const("__add")
	MetaSub       = Const("__sub")
	MetaMul       = Const("__mul")
	MetaDiv       = Const("__div")
	MetaMod       = Const("__mod")
	MetaPow       = Const("__pow")
	MetaToString  = Const("__tostring")
	MetaMetatable = Const("__metatable")
	MetaPairs     = Const("__pairs")
	MetaIpairs    = Const("__ipairs")
	MetaMode      = Const("__mode")
	MetaGC        = Const("__gc")
)

var eventNames = [numEvents]*String{
	evIndex: MetaIndex, evNewIndex: MetaNewIndex, evCall: MetaCall, evEq: MetaEq,
	evLt: MetaLt, evLe: MetaLe, evConcat: MetaConcat, evLen: MetaLen, evUnm: MetaUnm,
	evAdd: MetaAdd, evSub: MetaSub, evMul: MetaMul, evDiv: MetaDiv, evMod: MetaMod,
	evPow: MetaPow, evToString: MetaToString, evMode: MetaMode, evGC: MetaGC,
}

// becomeMetatable prepares t for its first use as a metatable.
func (t *Table) becomeMetatable() {
	sh := t.Shape
	if sh.info != nil {
		return
	}
	info := &metaInfo{volatile: sh.flags&shapeFixed != 0}
	t.Shape = &Shape{layout: sh.layout, meta: sh.meta, info: info, flags: sh.flags | shapePrivate}
}

// variant returns the shape of tables with layout l whose metatable owns
// info; m is that metatable.
func (info *metaInfo) variant(l *layout, m *Table) *Shape {
	if info.lastLayout == l {
		return info.lastShape
	}
	s := info.variants[l]
	if s == nil {
		s = &Shape{layout: l, meta: m}
		if info.variants == nil {
			info.variants = map[*layout]*Shape{}
		}
		info.variants[l] = s
	}
	info.lastLayout, info.lastShape = l, s
	return s
}

// handler returns the metamethod of m for an event, or nil.
func (m *Table) handler(e event) Value {
	info := m.Shape.info
	if info.absent&(1<<e) != 0 {
		return Value{}
	}
	v := m.getConst(eventNames[e])
	if v.P == nil && !info.volatile {
		info.absent |= 1 << e
	}
	return v
}

// metaChanged keeps caches right when the field k of a table in use as a
// metatable, which isWatched says something of, changes from old to something
// else.
func (info *metaInfo) metaChanged(k *String, old Value) {
	info.absent = 0
	if info.methods != nil {
		info.methods.changed(k, old)
	}
	switch k {
	case MetaIndex:
		if old.IsTable() {
			old.Table().reshape()
		}
	case MetaNewIndex:
		for c := range info.stores {
			*c = FieldCache{}
		}
		info.stores = nil
	}
}

// reshape makes every cache that has seen t's shape miss.
func (t *Table) reshape() {
	if t.Shape.flags&shapeDict == 0 {
		t.Shape = t.Shape.private()
	}
}

// SetMetatable gives t the metatable m, or none if m is nil.
func (t *Table) SetMetatable(m *Table) {
	if m == t.Shape.meta {
		return
	}
	if m != nil {
		m.becomeMetatable() // m may be t itself
	}
	t.Shape = t.Shape.withMeta(m)
	if t.flags&tabHost != 0 {
		t.flags |= tabShadowed
	}
	var mode uint8
	if m != nil && m.Shape.info.absent&(1<<evMode) == 0 {
		mode = m.weakMode()
	}
	if mode != 0 || t.flags&tabWeak != 0 {
		if info := t.Shape.info; info != nil && info.methods != nil {
			info.methods.clear() // they can go without a store
		}
		t.setWeakMode(mode)
	}
}

// Metatable returns v's metatable, or nil.
func (st *State) Metatable(v Value) *Table {
	if v.IsTable() {
		return v.Table().Metatable()
	}
	return st.metaOf(v)
}

// metaOf returns v's metatable, which may be a family's, or nil.
func (st *State) metaOf(v Value) *Table {
	switch v.Kind() {
	case KindTable:
		return v.Table().Shape.meta
	case KindUserdata:
		if m := v.Userdata().Metatable(); m != nil {
			return m
		}
	}
	return st.kindMeta[v.Kind()]
}

// Metamethod returns the field k of v's metatable, or nil.
func (st *State) Metamethod(v Value, k *String) Value {
	if m := st.metaOf(v); m != nil {
		return m.getConst(k)
	}
	return Value{}
}

// handler returns v's metamethod for an event, or nil.
func (st *State) handler(v Value, e event) Value {
	if m := st.metaOf(v); m != nil {
		return m.handler(e)
	}
	return Value{}
}
