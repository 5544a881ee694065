package emit

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// batch is how many positional entries of a large constructor are appended by
// one call.
const batch = 50

// maxShape is the number of fields up to which a constructor gets a shape.
const maxShape = 48

// tableExpr prints a table constructor.
//
//	{x = 1, y = 2}       rt.NewObject(shape1, rt.Number(1), rt.Number(2))
//	{1, 2, 3}            rt.NewArray(...)
//	{[0] = 0, 1, 2}      rt.NewArrayFromZero(...)
//
// Others start from one of these and add what is left.
func (f *function) tableExpr(x *syntax.TableExpr) operand {
	f.point(x.Pos())
	t := f.names.numbered("tb")
	named, positional, rest := sortFields(x)
	switch {
	case len(x.Fields) == 0:
		f.linef("%s := rt.NewTable().Value()", t)
	case f.isData(x):
		f.dataTable(t, x)
	case len(named) == len(x.Fields):
		f.linef("%s := %s.Value()", t, f.newObject(named, x.End()))
	case positional == len(x.Fields) && positional <= batch && !f.isMulti(x.Fields[positional-1].Value):
		list := f.fieldValues(x.Fields, x.End())
		f.linef("%s := rt.NewArray(%s).Value()", t, values(list))
	case isFromZero(x, positional) && (positional == 0 || !f.isMulti(x.Fields[positional].Value)):
		list := f.fieldValues(x.Fields, x.End())
		f.linef("%s := rt.NewArrayFromZero(%s).Value()", t, values(list))
	default:
		f.mixedTable(t, x, positional, rest)
	}
	if positional > 0 {
		f.point(x.End())
	}
	return temp(t)
}

// isFromZero reports whether x has element 0 and then positional elements only, not
// too many.
func isFromZero(x *syntax.TableExpr, positional int) bool {
	return positional == len(x.Fields)-1 && positional <= batch && syntax.HasKeyZero(x.Fields[0])
}

// sortFields counts the kinds of fields: named ones fit for a shape (all or
// none: a repeated or too long list gives none), positional ones, others.
func sortFields(x *syntax.TableExpr) (named []*syntax.Field, positional, rest int) {
	seen := map[string]bool{}
	for _, field := range x.Fields {
		key, ok := field.Key.(*syntax.StringExpr)
		switch {
		case field.Key == nil:
			positional++
		case ok && !seen[key.Value] && len(seen) < maxShape:
			seen[key.Value] = true
			named = append(named, field)
		default:
			rest++
		}
	}
	return named, positional, rest
}

// fieldValues evaluates the values of fields, of a constructor that ends at end.
func (f *function) fieldValues(fields []*syntax.Field, end diag.Pos) []operand {
	list := make([]operand, len(fields))
	for i, field := range fields {
		list[i] = f.loadAt(field.Value, loadedAt(fields, i, end))
		for _, later := range fields[i+1:] {
			if !syntax.IsSimple(later.Value) {
				list[i] = f.settle(list[i])
				break
			}
		}
	}
	return list
}

// loadedAt returns where the value of a positional field is put into a register:
// before the next field, or after the constructor.
func loadedAt(fields []*syntax.Field, i int, end diag.Pos) diag.Pos {
	if i == len(fields)-1 && fields[i].Key == nil {
		return end
	}
	return fields[i].End()
}

func (f *function) newObject(fields []*syntax.Field, end diag.Pos) string {
	list := f.fieldValues(fields, end)
	keys := make([]string, len(fields))
	for i, field := range fields {
		keys[i] = field.Key.(*syntax.StringExpr).Value
	}
	return fmt.Sprintf("rt.NewObject(%s, %s)", f.m.shape(keys), values(list))
}

// mixedTable builds a table field by field, positional entries in batches.
func (f *function) mixedTable(t string, x *syntax.TableExpr, positional, rest int) {
	tab := f.names.numbered("tab")
	hashed := len(x.Fields) - positional
	for _, field := range x.Fields {
		if syntax.HasKeyZero(field) {
			hashed--
		}
	}
	f.linef("%s := rt.NewTableSize(%d, %d)", tab, positional, hashed)
	f.linef("%s := %s.Value()", t, tab)
	var pending []operand
	next := 1 // index of the first pending entry
	flush := func() {
		if len(pending) > 0 {
			f.linef("%s.SetList(%d, %s)", tab, next, values(pending))
			next += len(pending)
			pending = nil
		}
	}
	for i, field := range x.Fields {
		if field.Key == nil {
			if i == len(x.Fields)-1 && f.isMulti(field.Value) {
				flush()
				last := f.multi(field.Value)
				if last.kind == varargTail {
					f.linef("%s.SetList(%d, %s...)", tab, next, f.vararg)
				} else {
					f.linef("%s.AppendAt(th, %d, %s, %s)", tab, next, last.first.value(), last.count)
				}
				continue
			}
			pending = append(pending, f.settle(f.loadAt(field.Value, loadedAt(x.Fields, i, x.End()))))
			if len(pending) == batch {
				flush()
			}
			continue
		}
		key := f.settle(f.expr(field.Key))
		value := f.expr(field.Value)
		f.at(field.End(), fmt.Sprintf("rt.RawSet(th, %s, %s, %s)", tab, key.value(), value.value()))
	}
	flush()
}
