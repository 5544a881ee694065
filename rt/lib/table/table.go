// Package table is Lua's table library. Like the C implementation it takes
// the length from the operator #, and reads and writes elements raw.
package table

import (
	"math"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/number"
)

// Open installs the library into st.
func Open(st *rt.State) {
	l := &library{}
	lib.Register(st, "table", []lib.Entry{
		{Name: "concat", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.concat(th, n, a0, a1, a2)
		}},
		{Name: "getn", Fn: getn},
		{Name: "insert", Fn: insert},
		{Name: "maxn", Fn: maxn},
		{Name: "pack", Fn: pack},
		{Name: "remove", Fn: remove},
		{Name: "sort", Fn: sortTable},
		{Name: "unpack", Fn: lib.Unpack},
	})
}

// library is what the functions of one State keep.
type library struct {
	buffer []byte
}

// maxKept is the size above which a buffer is not kept for the next call.
const maxKept = 1 << 16

// concat is table.concat (list [, sep [, i [, j]]]).
func (l *library) concat(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	sep := ""
	if !a1.IsNil() {
		sep = lib.Text(th, "concat", 2, n, a1)
	}
	t := rt.CheckTable(th, "concat", 1, n, a0)
	from := lib.OptInt(th, "concat", 3, n, a2, 1)
	to := 0
	if n > 3 && !th.Args[3].IsNil() {
		to = lib.Int(th, "concat", 4, n, th.Args[3])
	} else {
		to = lib.Length(th, t)
	}
	elements := t.Elements()
	b := l.buffer[:0]
	for i := from; i <= to; i++ {
		var v rt.Value
		if i >= 1 && i <= len(elements) {
			v = elements[i-1]
		} else {
			v = t.GetInt(i)
		}
		switch {
		case v.IsString():
			b = append(b, v.Str().String()...)
		case v.IsNumber():
			b = number.Append(b, v.F)
		default:
			th.Errorf("invalid value (%s) at index %d in table for 'concat'", rt.TypeName(v), i)
		}
		if i == to {
			break // to+1 may not exist
		}
		b = append(b, sep...)
	}
	if cap(b) <= maxKept {
		l.buffer = b
	}
	return th.NewBytes(b), 1
}

// getn is table.getn (table) of Lua 5.1.
func getn(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(float64(lib.Length(th, rt.CheckTable(th, "getn", 1, n, a0)))), 1
}

// insert is table.insert (list, [pos,] value).
func insert(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "insert", 1, n, a0)
	end := lib.Length(th, t) + 1
	switch n {
	case 2:
		t.SetInt(end, a1)
		return rt.Value{}, 0
	case 3:
	default:
		th.Errorf("wrong number of arguments to 'insert'")
	}
	pos := lib.Int(th, "insert", 2, n, a1)
	if pos < 1 || pos > end {
		th.ArgError("insert", 2, "position out of bounds")
	}
	i := end
	if i == len(t.Elements())+1 && i > pos { // all elements are in the array
		elements := t.Elements()
		t.Append(elements[i-2])
		if elements = t.Elements(); len(elements) == i {
			copy(elements[pos:], elements[pos-1:i-1])
			i = pos
		} else {
			i-- // Append has moved elements elsewhere
		}
	}
	for ; i > pos; i-- {
		t.SetInt(i, t.GetInt(i-1))
	}
	t.SetInt(pos, a2)
	return rt.Value{}, 0
}

// maxn is table.maxn (table).
func maxn(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckTable(th, "maxn", 1, n, a0)
	greatest := 0.0
	for it := rt.Iterate(th, rt.NextFunction(), a0, rt.Value{}); it.Next(th); {
		if it.K.IsNumber() {
			greatest = math.Max(greatest, it.K.F)
		}
	}
	return rt.Number(greatest), 1
}

// pack is table.pack (...).
func pack(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.NewTableSize(n, 1)
	for i := 0; i < n; i++ {
		if v := th.Arg(i, n, a0, a1, a2); !v.IsNil() {
			t.SetInt(i+1, v)
		}
	}
	t.SetStr(nameN, rt.Number(float64(n)))
	return t.Value(), 1
}

var nameN = rt.Const("n")

// remove is table.remove (list [, pos]).
func remove(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "remove", 1, n, a0)
	size := lib.Length(th, t)
	pos := lib.OptInt(th, "remove", 2, n, a1, size)
	if pos != size && (pos < 1 || pos > size+1) {
		th.ArgError("remove", 1, "position out of bounds")
	}
	removed := t.GetInt(pos)
	if pos >= 1 && pos < size && size == len(t.Elements()) { // all elements are in the array
		elements := t.Elements()
		copy(elements[pos-1:], elements[pos:])
		pos = size
	}
	for ; pos < size; pos++ {
		t.SetInt(pos, t.GetInt(pos+1))
	}
	t.SetInt(pos, rt.Value{})
	return removed, 1
}
