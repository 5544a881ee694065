package emit

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Large constructors become data: a text of constants, which the runtime decodes
// when the constructor runs (rt.Data has the format), with holes for what is no
// constant.
//
//	{10, "x", f(), {id = 1}, ...}    tb1 := data1.Table(t1).Value()

// dataSize is how many fields a constructor has, with those of constructors in it,
// from which on it is data; at least half of them must be constants. Instrumented
// programs, whose hooks see the lines of a constructor, have more.
const (
	dataSize             = 100
	dataSizeInstrumented = 2_000
)

// maxDataShapes is how many shapes one text may refer to. Records of more kinds
// than that are stored field by field.
const maxDataShapes = 200

// The tags of the format, as in rt.
const (
	dataNil byte = iota
	dataFalse
	dataTrue
	dataInt
	dataFloat
	dataString
	dataHole
	dataRecord
	dataTable
	dataItems
	dataField
	dataEnd
)

// A constant is the value of an expression that is one: nil, a bool, a float64 or
// a string.
type constant = any

// constantOf returns the value of x, if that is a constant.
func constantOf(x syntax.Expr) (v constant, ok bool) {
	switch x := x.(type) {
	case *syntax.NilExpr:
		return nil, true
	case *syntax.TrueExpr:
		return true, true
	case *syntax.FalseExpr:
		return false, true
	case *syntax.NumberExpr:
		return x.Value, true
	case *syntax.StringExpr:
		return x.Value, true
	case *syntax.ParenExpr:
		return constantOf(x.X)
	case *syntax.UnaryExpr:
		if x.Op == syntax.OpNeg {
			if v, ok := constantOf(x.X); ok {
				if f, ok := v.(float64); ok {
					return -f, true
				}
			}
		}
	}
	return nil, false
}

// isData reports whether the constructor x is worth a text.
func (f *function) isData(x *syntax.TableExpr) bool {
	if !f.isDataTable(x) {
		return false
	}
	least := dataSize
	if f.m.instrumented {
		least = dataSizeInstrumented
	}
	fields, constants := 0, 0
	f.countData(x, &fields, &constants)
	return fields >= least && 2*constants >= fields
}

// countData counts the fields of x, with those of constructors in it, and how many
// of them are constants.
func (f *function) countData(x *syntax.TableExpr, fields, constants *int) {
	for _, field := range x.Fields {
		*fields++
		if t, ok := field.Value.(*syntax.TableExpr); ok && f.isDataTable(t) {
			*constants++
			f.countData(t, fields, constants)
		} else if _, ok := constantOf(field.Value); ok {
			*constants++
		}
	}
}

// isDataTable reports whether the text has a form for x: all keys are constants
// that can be keys, and the number of its items is known.
func (f *function) isDataTable(x *syntax.TableExpr) bool {
	for i, field := range x.Fields {
		if field.Key == nil {
			if i == len(x.Fields)-1 && f.isMulti(field.Value) {
				return false
			}
			continue
		}
		if v, ok := constantOf(field.Key); !ok || v == nil {
			return false
		}
	}
	return true
}

// A dataWriter makes the text of a constructor.
type dataWriter struct {
	f       *function
	out     []byte
	strings map[string]uint64
	texts   []string // of the strings, in order
	shapes  []string
	shapeID map[string]uint64
	holes   []operand
}

// dataTable prints the constructor x as data, into the temporary t.
func (f *function) dataTable(t string, x *syntax.TableExpr) {
	w := &dataWriter{f: f, strings: map[string]uint64{}, shapeID: map[string]uint64{}}
	w.table(x)
	head := binary.AppendUvarint(nil, uint64(len(w.texts)))
	for _, s := range w.texts {
		head = append(binary.AppendUvarint(head, uint64(len(s))), s...)
	}
	args := append([]string{strconv.Quote(string(append(head, w.out...)))}, w.shapes...)
	name := f.m.addData(fmt.Sprintf("rt.NewData(%s)", strings.Join(args, ", ")), x.Pos())
	if len(w.holes) <= batch {
		f.linef("%s := %s.Table(%s).Value()", t, name, values(w.holes))
		return
	}
	holes := f.names.numbered("t")
	f.linef("%s := make([]rt.Value, 0, %d)", holes, len(w.holes))
	for rest := w.holes; len(rest) > 0; rest = rest[min(batch, len(rest)):] {
		f.linef("%s = append(%s, %s)", holes, holes, values(rest[:min(batch, len(rest))]))
	}
	f.linef("%s := %s.Table(%s...).Value()", t, name, holes)
}

// addData returns the Go variable of a constructor at pos that is data.
func (m *module) addData(code string, pos diag.Pos) string {
	name := m.program.names.numbered("data")
	m.data = append(m.data, fmt.Sprintf("%s = %s // %s:%d", name, code, m.id, pos.Line))
	return name
}

func (w *dataWriter) number(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

// table writes a constructor for which isDataTable holds.
func (w *dataWriter) table(x *syntax.TableExpr) {
	named, positional, _ := sortFields(x)
	if len(named) == len(x.Fields) && len(named) > 0 && w.record(named, x.End()) {
		return
	}
	w.out = append(w.out, dataTable)
	w.number(positional)
	w.number(len(x.Fields) - positional)
	var items []byte // values of the next items
	n := 0
	flush := func() {
		if n > 0 {
			w.out = append(w.out, dataItems)
			w.number(n)
			w.out = append(w.out, items...)
			items, n = nil, 0
		}
	}
	for i, field := range x.Fields {
		at := loadedAt(x.Fields, i, x.End())
		if field.Key != nil {
			v, _ := constantOf(field.Key)
			w.out = append(w.out, dataField)
			w.constant(v)
			w.value(field.Value, at)
			continue
		}
		outer := w.out
		w.out = items
		w.value(field.Value, at)
		items, w.out = w.out, outer
		if n++; n == batch {
			flush()
		}
	}
	flush()
	w.out = append(w.out, dataEnd)
}

// record writes a constructor with a shape, unless there are too many of those.
func (w *dataWriter) record(fields []*syntax.Field, end diag.Pos) bool {
	keys := make([]string, len(fields))
	for i, field := range fields {
		keys[i] = field.Key.(*syntax.StringExpr).Value
	}
	list := strings.Join(keys, "\x00") // a key with that in it only costs a shape
	id, ok := w.shapeID[list]
	if !ok {
		if len(w.shapes) == maxDataShapes {
			return false
		}
		id = uint64(len(w.shapes))
		w.shapeID[list] = id
		w.shapes = append(w.shapes, w.f.m.shape(keys))
	}
	w.out = append(w.out, dataRecord)
	w.number(int(id))
	for i, field := range fields {
		w.value(field.Value, loadedAt(fields, i, end))
	}
	return true
}

// value writes the value x of a field; what is no constant is evaluated, for it
// to be at the position at when the constructor runs.
func (w *dataWriter) value(x syntax.Expr, at diag.Pos) {
	if v, ok := constantOf(x); ok {
		w.constant(v)
		return
	}
	if t, ok := x.(*syntax.TableExpr); ok && w.f.isDataTable(t) {
		w.table(t)
		return
	}
	w.out = append(w.out, dataHole)
	w.number(len(w.holes))
	w.holes = append(w.holes, w.f.settle(w.f.loadAt(x, at)))
}

func (w *dataWriter) constant(v constant) {
	switch v := v.(type) {
	case nil:
		w.out = append(w.out, dataNil)
	case bool:
		if v {
			w.out = append(w.out, dataTrue)
		} else {
			w.out = append(w.out, dataFalse)
		}
	case string:
		id, ok := w.strings[v]
		if !ok {
			id = uint64(len(w.texts))
			w.strings[v] = id
			w.texts = append(w.texts, v)
		}
		w.out = append(w.out, dataString)
		w.number(int(id))
	case float64:
		if n := int64(v); isInt(v) && !(v == 0 && math.Signbit(v)) {
			w.out = binary.AppendVarint(append(w.out, dataInt), n)
			return
		}
		w.out = binary.LittleEndian.AppendUint64(append(w.out, dataFloat), math.Float64bits(v))
	}
}
