package eval

import (
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// batch is how many positional entries of a constructor are stored at once:
// as in the C implementation, which makes {1, [1] = 2} hold 1.
const batch = 50

// maxShape is the number of fields up to which a constructor gets a shape.
const maxShape = 48

// tableExpr is a table constructor.
func (f *function) tableExpr(x *syntax.TableExpr) expr {
	named, positional, zeros := 0, 0, 0
	for _, field := range x.Fields {
		switch {
		case field.Key == nil:
			positional++
		case syntax.HasKeyZero(field):
			zeros++
		default:
			named++
		}
	}
	switch {
	case len(x.Fields) == 0:
		return func(*frame) rt.Value { return rt.NewTable().Value() }
	case positional == 0:
		if object := f.objectExpr(x); object != nil {
			return object
		}
	case named+zeros == 0 && positional <= batch && !syntax.IsMulti(x.Fields[positional-1].Value):
		items := make([]expr, positional)
		for i := range x.Fields {
			items[i] = f.loadItem(x, i)
		}
		return f.afterValue(func(fr *frame) rt.Value {
			var buf [8]rt.Value
			return rt.NewArray(values(fr, buf[:0], items, nil)...).Value()
		}, line(x.End()))
	}
	t := f.mixedTable(x, named, positional)
	if positional > 0 {
		return f.afterValue(t, line(x.End()))
	}
	return t
}

// loadItem is the value of field i, which has no key: the last one is put into a
// register after the constructor.
func (f *function) loadItem(x *syntax.TableExpr, i int) expr {
	if i == len(x.Fields)-1 {
		return f.loadAt(x.Fields[i].Value, x.End())
	}
	return f.load(x.Fields[i].Value)
}

// objectExpr is a constructor with names only, or nil if these are no
// different constants.
func (f *function) objectExpr(x *syntax.TableExpr) expr {
	shape, items := f.objectParts(x)
	if shape == nil {
		return nil
	}
	return func(fr *frame) rt.Value {
		var buf [8]rt.Value
		return rt.NewObject(shape, values(fr, buf[:0], items, nil)...).Value()
	}
}

// objectParts is the shape and the values of a constructor with names only; the
// shape is nil if these are no different constants.
func (f *function) objectParts(x *syntax.TableExpr) (shape *rt.Shape, items []expr) {
	if len(x.Fields) > maxShape {
		return nil, nil
	}
	seen := map[*rt.String]bool{}
	var keys []*rt.String
	for _, field := range x.Fields {
		key, ok := field.Key.(*syntax.StringExpr)
		if !ok {
			return nil, nil
		}
		k := f.constant(key.Value)
		if !k.IsConst() || seen[k] {
			return nil, nil
		}
		seen[k] = true
		keys = append(keys, k)
	}
	items = make([]expr, len(keys))
	for i, field := range x.Fields {
		items[i] = f.afterValue(f.expr(field.Value), line(field.End()))
	}
	return rt.ShapeOf(keys...), items
}

// A builder is a table under construction.
type builder struct {
	t       *rt.Table
	pending []rt.Value // positional entries that are not stored yet
	next    int        // index of the first of them
}

func (b *builder) flush() {
	if len(b.pending) > 0 {
		b.t.SetList(b.next, b.pending...)
		b.next += len(b.pending)
		b.pending = b.pending[:0]
	}
}

// mixedTable builds a table field by field.
func (f *function) mixedTable(x *syntax.TableExpr, named, positional int) expr {
	var steps []func(fr *frame, b *builder)
	for i, field := range x.Fields {
		switch {
		case field.Key != nil:
			key, value, line := f.expr(field.Key), f.afterValue(f.expr(field.Value), line(field.End())), line(field.End())
			steps = append(steps, func(fr *frame, b *builder) {
				k, v := key(fr), value(fr)
				fr.At(line)
				rt.RawSet(fr.Thread, b.t, k, v)
			})
		case i == len(x.Fields)-1 && syntax.IsMulti(field.Value):
			last := f.multi(field.Value)
			steps = append(steps, func(fr *frame, b *builder) {
				b.flush()
				first, n := last(fr)
				b.t.AppendAt(fr.Thread, b.next, first, n)
			})
		default:
			item := f.loadItem(x, i)
			steps = append(steps, func(fr *frame, b *builder) {
				if len(b.pending) == batch {
					b.flush()
				}
				b.pending = append(b.pending, item(fr))
			})
		}
	}
	size := min(positional, batch)
	return func(fr *frame) rt.Value {
		b := builder{t: rt.NewTableSize(positional, named), pending: make([]rt.Value, 0, size), next: 1}
		for _, step := range steps {
			step(fr, &b)
		}
		b.flush()
		return b.t.Value()
	}
}
