package rt

// Indexing with metamethods, and the inline caches of indexing by constants.

// maxMetaLoop bounds chains of __index and __newindex tables.
const maxMetaLoop = 100

// A FieldCache belongs to one read or one store of a constant field in
// emitted code (never to both). Where an object has the cached Shape, the
// field is its slot at offset Off, and a store needs no further check.
type FieldCache struct {
	Shape *Shape
	Off   uintptr

	ways *fieldWays // what else the site has met; nil if nothing
}

// fieldWays are the cases of a site apart from the latest Shape of its
// FieldCache: shapes that it saw before, and those under which the field is
// not the object's own.
type fieldWays struct {
	list  [4]fieldWay
	n     int // number of entries
	fills int // entries made: a site that keeps making them is beyond caching
}

// A fieldWay is one case:
//
//	the object has the field                    shape, off
//	a read finds it in the __index table        shape, off, holder, holderShape
//	a store adds it and changes the shape       shape, to
type fieldWay struct {
	shape, to   *Shape
	holder      *Table
	holderShape *Shape
	off         uintptr
}

// maxFills is how often a site may replace what it knows before it is left to
// the general lookup.
const maxFills = 64

// add enters w.
func (c *FieldCache) add(w fieldWay) {
	if c.isFull() {
		return
	}
	if c.ways == nil {
		c.ways = new(fieldWays)
	}
	ws := c.ways
	ws.fills++
	i := ws.fills % len(ws.list)
	if ws.n < len(ws.list) {
		i = ws.n
		ws.n++
	}
	ws.list[i] = w
}

// own enters that tables of shape sh have the field at off, as the latest case.
func (c *FieldCache) own(sh *Shape, off uintptr) {
	if c.isFull() {
		return
	}
	if c.Shape != nil && c.Shape != sh {
		c.add(fieldWay{shape: c.Shape, off: c.Off})
	}
	c.Shape, c.Off = sh, off
}

// isFull reports whether c takes no more cases.
func (c *FieldCache) isFull() bool { return c.ways != nil && c.ways.fills == maxFills }

// way returns the case of tables of shape sh, or nil.
func (c *FieldCache) way(sh *Shape) *fieldWay {
	if ws := c.ways; ws != nil {
		for i := range ws.list {
			if w := &ws.list[i]; w.shape == sh {
				return w
			}
		}
	}
	return nil
}

// Field returns o.k; name describes o for messages. It enters what it learns
// in c.
func Field(th *Thread, o Value, k *String, c *FieldCache, name string) Value {
	if o.IsTable() {
		t := o.Table()
		sh := t.Shape
		if w := c.way(sh); w != nil {
			if w.holder == nil {
				if v := o.Slot(w.off); v.P != nil {
					return v
				}
			} else if w.holder.Shape == w.holderShape {
				if v := w.holder.Slot(w.off); v.P != nil {
					return v
				}
			} else {
				*w = inherited(sh, k)
			}
		} else if i := sh.layout.find(k); i >= 0 {
			c.own(sh, uintptr(i)*valueSize)
			if v := *t.slotAt(i); v.P != nil {
				return v
			}
		} else if sh.hashesConstants() {
			if v := t.getConst(k); v.P != nil {
				return v
			}
		} else {
			if w := inherited(sh, k); w.shape != nil {
				c.add(w)
			}
		}
		if sh.meta == nil {
			return Value{}
		}
	}
	return fieldMeta(th, o, k, name)
}

// inherited returns the case that tables of shape sh, which has no field k,
// find it in their __index table, or the zero fieldWay if that is not so.
func inherited(sh *Shape, k *String) fieldWay {
	h := indexTable(sh)
	if h == nil {
		return fieldWay{}
	}
	i := h.Shape.layout.find(k)
	if i < 0 {
		return fieldWay{}
	}
	return fieldWay{shape: sh, holder: h, holderShape: h.Shape, off: uintptr(i) * valueSize}
}

// indexTable returns the __index table of tables of shape sh, or nil if they
// have none that a cache may rely on.
func indexTable(sh *Shape) *Table {
	if sh.meta == nil || sh.meta.Shape.info.volatile {
		return nil
	}
	if v := sh.meta.handler(evIndex); v.IsTable() {
		return v.Table()
	}
	return nil
}

// fieldMeta returns o.k where o is no table, or a table whose own field k is
// nil.
func fieldMeta(th *Thread, o Value, k *String, name string) Value {
	v := o
	for range maxMetaLoop {
		var h Value
		if v.IsTable() {
			m := v.Table().Shape.meta
			if m == nil {
				return Value{}
			}
			if h = m.handler(evIndex); h.P == nil {
				return Value{}
			}
		} else if h = th.State.handler(v, evIndex); h.P == nil {
			th.indexError(v, name)
		}
		if h.IsFunction() {
			r, _ := Call(th, h, 2, v, k.Value(), Value{})
			return r
		}
		if h.IsTable() {
			if r := h.Table().getConst(k); r.P != nil {
				return r
			}
		}
		v, name = h, ""
	}
	th.raise("loop in gettable")
	return Value{}
}

// Index returns o[k]; name describes o for messages.
func Index(th *Thread, o, k Value, name string) Value {
	v := o
	for range maxMetaLoop {
		var h Value
		if v.IsTable() {
			t := v.Table()
			var r Value
			if k.IsString() {
				r = t.GetStr(k.Str())
			} else {
				r = t.Get(k)
			}
			if r.P != nil {
				return r
			}
			m := t.Shape.meta
			if m == nil {
				return Value{}
			}
			if h = m.handler(evIndex); h.P == nil {
				return Value{}
			}
		} else if h = th.State.handler(v, evIndex); h.P == nil {
			th.indexError(v, name)
		}
		if h.IsFunction() {
			r, _ := Call(th, h, 2, v, k, Value{})
			return r
		}
		v, name = h, ""
	}
	th.raise("loop in gettable")
	return Value{}
}

// IndexInt is Index for an integer key.
func IndexInt(th *Thread, o Value, i int, name string) Value {
	if o.IsTable() {
		t := o.Table()
		if r := t.GetInt(i); r.P != nil || t.Shape.meta == nil {
			return r
		}
	}
	return Index(th, o, Number(float64(i)), name)
}

// SetField performs o.k = x; name describes o for messages. It enters what it
// learns in c.
func SetField(th *Thread, o Value, k *String, x Value, c *FieldCache, name string) {
	if o.IsTable() {
		t := o.Table()
		sh := t.Shape
		w := c.way(sh)
		if w != nil {
			if w.to == nil {
				t.SetSlot(w.off, x)
				return
			}
			if n := len(sh.layout.keys); n < int(t.SC) && x.P != nil {
				*t.slotAt(n) = x
				t.Shape = w.to
				return
			}
		}
		if i := sh.layout.find(k); i >= 0 {
			p := t.slotAt(i)
			switch {
			case sh.meta == nil || sh.meta.handler(evNewIndex).P == nil:
				if c.mayStore(sh, k) {
					c.own(sh, uintptr(i)*valueSize)
				}
				t.setConst(k, x)
				return
			case p.P != nil:
				t.setConst(k, x)
				return
			}
		} else if sh.meta == nil || sh.meta.handler(evNewIndex).P == nil {
			t.setConst(k, x)
			if w == nil && x.P != nil && sh.info == nil && sh.flags == 0 && t.flags == 0 &&
				t.Shape.flags == 0 && c.mayStore(sh, k) {
				c.add(fieldWay{shape: sh, to: t.Shape})
			}
			return
		}
	}
	SetIndex(th, o, k.Value(), x, name)
}

// mayStore reports whether stores to the field k of tables of shape sh may be
// cached in c. They need no __newindex now, and if one is added later c is
// emptied.
func (c *FieldCache) mayStore(sh *Shape, k *String) bool {
	if c.isFull() {
		return false
	}
	if sh.info.isWatched(k) {
		return false
	}
	if sh.meta == nil {
		return true
	}
	info := sh.meta.Shape.info
	if info.volatile || info.class != nil {
		return false
	}
	if info.stores == nil {
		info.stores = map[*FieldCache]struct{}{}
	}
	info.stores[c] = struct{}{}
	return true
}

// SetIndex performs o[k] = x; name describes o for messages.
func SetIndex(th *Thread, o, k, x Value, name string) {
	if o.IsTable() && o.Table().Shape.meta == nil {
		if k.IsNumber() {
			if i := int(k.F); float64(i) == k.F {
				SetIndexInt(th, o, i, x, name)
				return
			}
		} else if k.IsString() {
			o.Table().SetStr(k.Str(), x)
			return
		}
	}
	v := o
	for range maxMetaLoop {
		var h Value
		if v.IsTable() {
			t := v.Table()
			m := t.Shape.meta
			if m != nil {
				h = m.handler(evNewIndex)
			}
			if h.P == nil || t.Get(k).P != nil {
				checkKey(th, k)
				t.Set(k, x)
				return
			}
		} else if h = th.State.handler(v, evNewIndex); h.P == nil {
			th.indexError(v, name)
		}
		if h.IsFunction() {
			Call(th, h, 3, v, k, x)
			return
		}
		v, name = h, ""
	}
	th.raise("loop in settable")
}

// SetIndexInt is SetIndex for an integer key.
func SetIndexInt(th *Thread, o Value, i int, x Value, name string) {
	if o.IsTable() {
		t := o.Table()
		if t.Shape.meta == nil {
			if na := int(t.NA); i == na+1 && na < int(t.CA) && t.Hash == nil && x.P != nil {
				t.NA++ // the usual case: SetInt without the calls
				*t.elemAt(i) = x
				return
			}
			if i == 0 && t.Zero != 0 {
				*t.elemAt(0) = x
				return
			}
			t.SetInt(i, x)
			return
		}
	}
	SetIndex(th, o, Number(float64(i)), x, name)
}

// GlobalMissing returns the global k whose slot holds nil: what the metatable
// of the table of globals has to say about it.
func GlobalMissing(th *Thread, k *String) Value {
	g := th.State.Globals
	if g.Shape.meta == nil {
		return Value{}
	}
	return fieldMeta(th, g.Value(), k, "")
}

// SetGlobalMissing stores x in the global k, which lives in slot and is nil.
func SetGlobalMissing(th *Thread, slot *Value, k *String, x Value) {
	g := th.State.Globals
	if g.Shape.meta == nil {
		*slot = x
		return
	}
	SetIndex(th, g.Value(), k.Value(), x, "")
}
