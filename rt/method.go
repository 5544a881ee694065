package rt

// A MethodCache belongs to one method call o:k(...) in emitted code. Its first
// four fields are for the usual case, which emitted code tests itself: o has
// no field k and the cached Shape; k is the slot at Off of the __index table
// of its metatable, Holder, and that has HolderShape.
//
// far holds the other cases and those met before; Method tests them.
type MethodCache struct {
	Shape       *Shape
	Holder      *Table
	HolderShape *Shape
	Off         uintptr

	far *farCaches
}

// farCaches are what a call has met apart from its MethodCache's own case.
type farCaches struct {
	list  [4]farCache
	n     int // number of entries
	fills int // entries made
}

// A farCache remembers a method that is found at once or after several steps:
//
//	o's own field         shape, off
//	a string              via[0] is the metatable, then as below
//	inherited in n steps  shape (of o); via[:n] are the __index tables without
//	                      the field, in order; then holder
//
// As with every cache, a change of a __index field gives the table that was
// there another shape, and so makes the entry miss.
type farCache struct {
	own    bool
	str    bool
	n      int
	off    uintptr
	shape  *Shape
	holder shaped
	via    [4]shaped
}

// A shaped is a table in the shape it had when it was cached.
type shaped struct {
	t     *Table
	shape *Shape
}

// Method returns the method k of o for a call o:k(...); name describes o for
// messages. It enters what it learns in c.
func Method(th *Thread, o Value, k *String, c *MethodCache, name string) Value {
	if far := c.far; far != nil {
		for i := range far.n {
			if v := far.list[i].get(th, o); v.P != nil {
				return v
			}
		}
	}
	if o.IsTable() {
		sh := o.Table().Shape
		if i := sh.layout.find(k); i >= 0 {
			if v := *o.Table().slotAt(i); v.P != nil {
				c.add(farCache{own: true, shape: sh, off: uintptr(i) * valueSize})
				return v
			}
		} else if !sh.hashesConstants() {
			c.fill(th, o, indexTable(sh), k)
		} else if v := o.Table().getConst(k); v.P != nil {
			return v
		}
	} else if m := th.State.kindMeta[KindString]; m != nil && o.IsString() && !m.Shape.info.volatile {
		if h := m.handler(evIndex); h.IsTable() {
			c.fill(th, o, h.Table(), k)
		}
	}
	return fieldMeta(th, o, k, name)
}

// fill enters in c how o, which has no field k itself, finds it in h, its
// __index table (nil if there is none to rely on), or further on.
func (c *MethodCache) fill(th *Thread, o Value, h *Table, k *String) {
	f := farCache{}
	if o.IsString() {
		f.str, f.n = true, 1
		m := th.State.kindMeta[KindString]
		f.via[0] = shaped{m, m.Shape}
	} else {
		f.shape = o.Table().Shape
	}
	for h != nil {
		sh := h.Shape
		if i := sh.layout.find(k); i >= 0 {
			if h.slotAt(i).P == nil {
				return
			}
			f.holder, f.off = shaped{h, sh}, uintptr(i)*valueSize
			break
		}
		if sh.hashesConstants() || f.n == len(f.via) {
			return
		}
		f.via[f.n] = shaped{h, sh}
		f.n++
		h = indexTable(sh)
	}
	switch {
	case h == nil:
	case f.n == 0:
		if c.Shape != nil && c.Shape != f.shape {
			c.add(farCache{shape: c.Shape, holder: shaped{c.Holder, c.HolderShape}, off: c.Off})
		}
		c.Shape, c.Holder, c.HolderShape, c.Off = f.shape, f.holder.t, f.holder.shape, f.off
	default:
		c.add(f)
	}
}

// add enters f, in place of an entry about the same objects if there is one.
func (c *MethodCache) add(f farCache) {
	if c.far == nil {
		c.far = new(farCaches)
	}
	far := c.far
	for i := range far.n {
		if e := &far.list[i]; e.shape == f.shape && e.str == f.str {
			*e = f
			return
		}
	}
	if far.fills == maxFills {
		return
	}
	far.fills++
	i := far.fills % len(far.list)
	if far.n < len(far.list) {
		i = far.n
		far.n++
	}
	far.list[i] = f
}

// get returns the cached method if the entry is about o and valid, or nil.
func (f *farCache) get(th *Thread, o Value) Value {
	if f.own {
		if o.HasShape(f.shape) {
			return o.Slot(f.off)
		}
		return Value{}
	}
	if f.str {
		if !o.IsString() || th.State.kindMeta[KindString] != f.via[0].t {
			return Value{}
		}
	} else if !o.HasShape(f.shape) {
		return Value{}
	}
	if f.holder.t.Shape != f.holder.shape {
		return Value{}
	}
	for i := range f.n {
		if f.via[i].t.Shape != f.via[i].shape {
			return Value{}
		}
	}
	return f.holder.t.Slot(f.off)
}
