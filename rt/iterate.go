package rt

import "unsafe"

// Traversal. A position says how far a traversal has come: it is where in
// which part of the table to look next. Positions survive the changes that a
// traversal allows, assignments to existing fields: array and hash part keep
// nil entries in place, and the array may only lose nils at its end. Element 0
// comes first, then those of the array in order: position i is before element i.

// Where the positions of each part start.
const (
	posSlots   = 1 << 40
	posHash    = 2 << 40
	posNumbers = 3 << 40
)

// step returns the first field at or after position pos, and the position
// after it; a nil key at the end.
func (t *Table) step(pos int) (next int, k, v Value) {
	if pos < posSlots {
		if pos == 0 && t.Zero == 0 {
			pos = 1
		}
		for ; pos <= int(t.NA); pos++ {
			if v := *t.elemAt(pos); v.P != nil {
				return pos + 1, Number(float64(pos)), v
			}
		}
		pos = posSlots
	}
	if pos < posHash {
		keys := t.Shape.layout.keys
		for i := pos - posSlots; i < len(keys); i++ {
			if v := *t.slotAt(i); v.P != nil {
				return posSlots + i + 1, keys[i].Value(), v
			}
		}
		pos = posHash
	}
	h := t.Hash
	if h == nil {
		return pos, Value{}, Value{}
	}
	if pos < posNumbers {
		for i := max(pos-posHash, h.first); i < len(h.entries); i++ {
			if e := &h.entries[i]; e.v.P != nil {
				if h.extra == nil {
					return posHash + i + 1, e.k, e.v
				}
				if k, v := h.entry(i); k.P != nil && v.P != nil {
					return posHash + i + 1, k, v
				}
			}
		}
		pos = posNumbers
	}
	if h.nums != nil {
		if i := h.nums.step(pos - posNumbers); i >= 0 {
			n := &h.nums.nodes[i]
			return posNumbers + i + 1, Number(n.number()), n.v
		}
	}
	return pos, Value{}, Value{}
}

// position returns the position after the key k, or -1 if t has never had it.
func (t *Table) position(k Value) int {
	switch k.Kind() {
	case KindNil:
		return 0
	case KindNumber:
		i := int(k.F)
		if float64(i) == k.F && (i > 0 && i <= int(t.NA) || i == 0 && t.Zero != 0) {
			return i + 1
		}
		if t.Hash != nil {
			if nums := t.Hash.nums; nums != nil {
				if i := nums.find(k.F); i >= 0 {
					return posNumbers + i + 1
				}
			} else if pos := t.Hash.findNumber(k.F); pos >= 0 {
				return posHash + pos + 1
			}
		}
		if float64(i) == k.F && i > 0 && i <= int(t.CA) {
			return i + 1 // an element that became nil
		}
		return -1
	case KindString:
		if c := canonical(k.Str()); c != nil {
			if i := t.Shape.layout.find(c); i >= 0 {
				return posSlots + i + 1
			}
			k = c.Value()
		}
	}
	if t.Hash != nil {
		if pos := t.Hash.find(k); pos >= 0 {
			return posHash + pos + 1
		}
	}
	return -1
}

// Next returns the field of t that follows the key k in a traversal: the
// first for nil, a nil key after the last. ok is false if k is not a key of t.
func (t *Table) Next(k Value) (nk, nv Value, ok bool) {
	pos := t.position(k)
	if pos < 0 {
		return Value{}, Value{}, false
	}
	_, nk, nv = t.step(pos)
	return nk, nv, true
}

// nextFunction is Lua's next, inextFunction the iterator of ipairs. They are
// here because generic for statements recognise them.
var (
	nextFunction  = NewGoFunction("next", luaNext).Function()
	inextFunction = NewGoFunction("ipairs_iterator", luaInext).Function()
)

func init() {
	registerGo("next", luaNext)
	registerGo("ipairs_iterator", luaInext)
}

// NextFunction returns the library function next.
func NextFunction() Value { return nextFunction.Value() }

// InextFunction returns the iterator function that ipairs returns.
func InextFunction() Value { return inextFunction.Value() }

func luaNext(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
	t := CheckTable(th, "next", 1, n, a0)
	k, v, ok := t.Next(a1)
	if !ok {
		Throw(th, NewString("invalid key to 'next'")) // without a position, as in C Lua
	}
	if k.P == nil {
		return Value{}, 1
	}
	th.Ret[1] = v
	return k, 2
}

func luaInext(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
	t := CheckTable(th, "ipairs", 1, n, a0)
	i := CheckInt(th, "ipairs", 2, n, a1) + 1
	v := t.GetInt(i)
	if v.P == nil {
		return Value{}, 1
	}
	th.Ret[1] = v
	return Number(float64(i)), 2
}

// An Iterator runs a generic for statement:
//
//	for k, v in f, s, ctl do ... end
//	it := rt.Iterate(th, f, s, ctl)
//	for it.Next(th) { k, v := it.K, it.V; ... }
//
// (As the for statement's own variable, it would be copied every round.)
// Where f is next or the iterator of ipairs, it walks the table itself.
type Iterator struct {
	// K and V are the first two loop variables.
	K, V Value

	mode  uint8
	pos   int
	table *Table // modes iterNext and iterInext
	fn    Fn     // mode iterCall
	state Value
	n     int // values of the last call
}

// The modes of an Iterator.
const (
	iterCall = iota
	iterNext
	iterInext
)

// Iterate starts a generic for statement over the values f, s, ctl.
func Iterate(th *Thread, f, s, ctl Value) Iterator {
	if s.IsTable() {
		if f.P == unsafe.Pointer(nextFunction) {
			if pos := s.Table().position(ctl); pos >= 0 {
				return Iterator{mode: iterNext, pos: pos, table: s.Table()}
			}
		} else if f.P == unsafe.Pointer(inextFunction) && ctl.IsNumber() && float64(int(ctl.F)) == ctl.F {
			return Iterator{mode: iterInext, pos: int(ctl.F), table: s.Table()}
		}
	} else if f.P == unsafe.Pointer(nextFunction) || f.P == unsafe.Pointer(inextFunction) {
		th.TypeError("for iterator", 1, 2, s, "table")
	}
	return Iterator{fn: f.Callee(th, ""), state: s, K: ctl}
}

// Next sets K and V to the values of the next round, and reports whether there
// is one.
func (it *Iterator) Next(th *Thread) bool {
	switch it.mode {
	case iterNext:
		it.pos, it.K, it.V = it.table.step(it.pos)
		return it.K.P != nil
	case iterInext:
		it.pos++
		t := it.table
		if uint(it.pos-1) < uint(t.NA) {
			it.V = *t.elemAt(it.pos)
		} else {
			it.V = t.GetInt(it.pos)
		}
		it.K = Number(float64(it.pos))
		return it.V.P != nil
	}
	k, n := it.fn(th, 2, it.state, it.K, Value{})
	if n < 0 {
		k, n = th.FinishTail()
	}
	it.K, it.V, it.n = k, Value{}, n
	if n > 1 {
		it.V = th.Ret[1]
	}
	return k.P != nil
}

// NextN is Next for more than two loop variables: it also returns the number n
// of values, those from the third on being in th.Ret[2:n].
func (it *Iterator) NextN(th *Thread) (n int, ok bool) {
	ok = it.Next(th)
	if it.mode != iterCall {
		return 2, ok
	}
	return it.n, ok
}
