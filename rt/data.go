package rt

import (
	"encoding/binary"
	"math"
	"sync"
)

// Data is a large table constructor: its constants as a text that is decoded when
// the constructor runs, which makes a new table each time. As Go code the 20,000
// entries of a list would take Go's compiler half a minute.
//
// The text begins with the strings that follow, then comes the table:
//
//	number n, then n times    number of bytes, bytes
//	value                     a tag of one byte, and what belongs to it:
//
//	DataNil, DataFalse, DataTrue
//	DataInt       number, zigzag
//	DataFloat     8 bytes, the lowest first
//	DataString    number of the string
//	DataHole      number of the value that is given to Table
//	DataRecord    number of the shape, its values
//	DataTable     numbers of list items and of other fields, then steps up to DataEnd:
//	DataItems     number n, n values: the next items of the list
//	DataField     key, value
//
// Numbers are unsigned varints. The steps are in the order in which C Lua stores
// the fields.
type Data struct {
	text   []byte
	shapes []*Shape

	once    sync.Once
	strings []Value
	body    int // where the table begins in text
}

// The tags of Data; compiler/emit has the same (a test compares them).
const (
	DataNil = iota
	DataFalse
	DataTrue
	DataInt
	DataFloat
	DataString
	DataHole
	DataRecord
	DataTable
	DataItems
	DataField
	DataEnd
)

// NewData returns a constructor with the given text.
func NewData(text string, shapes ...*Shape) *Data {
	return &Data{text: []byte(text), shapes: shapes}
}

// Table makes the table; holes are the values that are no constants.
func (d *Data) Table(holes ...Value) *Table {
	d.once.Do(d.readStrings)
	r := dataReader{Data: d, at: d.body, holes: holes}
	return r.value().Table()
}

// readStrings makes the strings. States share them: nothing about them may be
// found out later.
func (d *Data) readStrings() {
	r := dataReader{Data: d}
	d.strings = make([]Value, r.number())
	for i := range d.strings {
		n := r.number()
		s := newString(string(r.text[r.at : r.at+n]))
		r.at += n
		if c := canonical(s); c != nil {
			s = c
		}
		s.ownHash()
		d.strings[i] = s.Value()
	}
	d.body = r.at
}

// A dataReader is one run of a constructor.
type dataReader struct {
	*Data
	at    int
	holes []Value
}

func (r *dataReader) number() int {
	n, size := binary.Uvarint(r.text[r.at:])
	r.at += size
	return int(n)
}

func (r *dataReader) value() Value {
	tag := r.text[r.at]
	r.at++
	switch tag {
	case DataFalse:
		return False()
	case DataTrue:
		return True()
	case DataInt:
		n, size := binary.Varint(r.text[r.at:])
		r.at += size
		return Number(float64(n))
	case DataFloat:
		bits := binary.LittleEndian.Uint64(r.text[r.at:])
		r.at += 8
		return Number(math.Float64frombits(bits))
	case DataString:
		return r.strings[r.number()]
	case DataHole:
		return r.holes[r.number()]
	case DataRecord:
		return r.record()
	case DataTable:
		return r.table()
	}
	return Value{}
}

func (r *dataReader) record() Value {
	sh := r.shapes[r.number()]
	var buf [16]Value
	vs := buf[:0]
	for range sh.layout.keys {
		vs = append(vs, r.value())
	}
	return NewObject(sh, vs...).Value()
}

func (r *dataReader) table() Value {
	items := r.number()
	t := NewTableSize(items, r.number())
	next := 1
	for {
		step := r.text[r.at]
		r.at++
		switch step {
		case DataItems:
			for range r.number() {
				t.SetInt(next, r.value())
				next++
			}
		case DataField:
			k := r.value()
			t.Set(k, r.value())
		default:
			return t.Value()
		}
	}
}
