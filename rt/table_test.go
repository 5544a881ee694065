package rt

import (
	"fmt"
	"math"
	"math/rand"
	"testing"
	"unsafe"
)

// Constants that the tests of the package use as keys.
var (
	keyX      = Const("x")
	keyY      = Const("y")
	keyZ      = Const("z")
	keyMethod = Const("method")

	// manyKeys are more than fit in a table with a layout.
	manyKeys = makeManyKeys()

	shapeXY = ShapeOf(keyX, keyY)
)

func makeManyKeys() (keys []*String) {
	for i := range 2*maxFields + 10 {
		keys = append(keys, Const(fmt.Sprintf("field%d", i)))
	}
	return keys
}

// dynamic returns s as a string that is no constant object.
func dynamic(s string) Value {
	return Value{P: unsafe.Pointer(&String{kind: KindString, s: string([]byte(s))})}
}

func TestLayoutOfObjects(t *testing.T) {
	if size := unsafe.Sizeof(Table{}); size != 48 {
		t.Errorf("a Table has %d bytes, want 48", size)
	}
	if size := unsafe.Sizeof(inline2{}); size != 80 {
		t.Errorf("a table with two slots has %d bytes, want 80", size)
	}
	if size := unsafe.Sizeof(String{}); size != 24 {
		t.Errorf("a String has %d bytes, want 24", size)
	}
	for name, off := range map[string]uintptr{
		"Table.Shape":     unsafe.Offsetof(Table{}.Shape),
		"String.s":        unsafe.Offsetof(String{}.s),
		"Function.Fn":     unsafe.Offsetof(Function{}.Fn),
		"Userdata.meta":   unsafe.Offsetof(Userdata{}.meta),
		"header.word":     unsafe.Offsetof(header{}.word),
		"hostTable.Shape": unsafe.Offsetof(hostTable{}.Shape),
	} {
		if off != 8 {
			t.Errorf("%s is at offset %d, want 8", name, off)
		}
	}
	if unsafe.Offsetof(Table{}.flags) != unsafe.Offsetof(header{}.flags) {
		t.Error("Table.flags is not where header.flags is")
	}
}

func TestHeaderWordIsNeverNil(t *testing.T) {
	st := NewState(nil, nil)
	fn := func(*Thread, int, Value, Value, Value) (Value, int) { return Value{}, 0 }
	text := "abc"
	for _, v := range []Value{
		Number(1), True(), False(), NewString(""), NewString(text[1:1]), NewBytes(nil), NewBytes([]byte{}),
		NewString("x"), NewString("long"), NewTable().Value(), NewFunction(&Proto{}, fn),
		NewUserdata(1, nil).Value(), st.Main.Value(),
	} {
		if (*header)(v.P).word == nil {
			t.Errorf("%s: header word is nil", v)
		}
		if v.HasShape(nil) {
			t.Errorf("%s matches an empty cache", v)
		}
	}
	if (Value{}).HasShape(nil) {
		t.Error("nil matches an empty cache")
	}
}

// A model is what a table ought to contain.
type model struct {
	t      *testing.T
	table  *Table
	fields map[any]Value
}

// plain turns a key into one that Go compares as Lua does.
func plain(k Value) any {
	switch k.Kind() {
	case KindNumber:
		return k.F
	case KindString:
		return k.Str().s
	}
	return k.P
}

func (m *model) set(k, v Value) {
	m.t.Helper()
	m.table.Set(k, v)
	if v.IsNil() {
		delete(m.fields, plain(k))
	} else {
		m.fields[plain(k)] = v
	}
	if got := m.table.Get(k); got != v {
		m.t.Fatalf("after t[%s] = %s it is %s", k, v, got)
	}
}

// check compares the whole table with the model.
func (m *model) check() {
	m.t.Helper()
	seen := map[any]bool{}
	for k, v, _ := m.table.Next(Value{}); !k.IsNil(); k, v, _ = m.table.Next(k) {
		if seen[plain(k)] {
			m.t.Fatalf("next visits %s twice", k)
		}
		seen[plain(k)] = true
		if m.fields[plain(k)] != v {
			m.t.Fatalf("next gives %s = %s, want %s", k, v, m.fields[plain(k)])
		}
	}
	if len(seen) != len(m.fields) {
		m.t.Fatalf("next visits %d fields of %d", len(seen), len(m.fields))
	}
	it := Iterate(nil, NextFunction(), m.table.Value(), Value{})
	n := 0
	for it.Next(nil) {
		if !seen[plain(it.K)] || m.fields[plain(it.K)] != it.V {
			m.t.Fatalf("for gives %s = %s", it.K, it.V)
		}
		n++
	}
	if n != len(seen) {
		m.t.Fatalf("for visits %d fields of %d", n, len(seen))
	}
	if n := m.table.Len(); n > 0 && m.table.GetInt(n).IsNil() || !m.table.GetInt(n+1).IsNil() {
		m.t.Fatalf("%d is no border", n)
	}
	m.invariants()
}

// invariants checks what the parts of the table promise each other.
func (m *model) invariants() {
	t, tab := m.t, m.table
	t.Helper()
	if tab.NA > tab.CA {
		t.Fatalf("NA %d > CA %d", tab.NA, tab.CA)
	}
	for i := int(tab.NA) + 1; i <= int(tab.CA); i++ {
		if tab.elemAt(i).P != nil {
			t.Fatalf("element %d beyond NA = %d is not nil", i, tab.NA)
		}
	}
	h := tab.Hash
	if h == nil {
		return
	}
	live, numbers := 0, 0
	for i, e := range h.entries {
		if e.v.P != nil {
			live++
			if i < h.first {
				t.Fatalf("entry %d before first = %d is live", i, h.first)
			}
		}
		if e.k.IsNumber() {
			numbers++
			if k := int(e.k.F); float64(k) == e.k.F && k >= 1 && k <= int(tab.NA)+1 && e.v.P != nil {
				t.Fatalf("key %d is in the hash part, NA is %d", k, tab.NA)
			}
		}
		if e.k.IsString() && canonical(e.k.Str()) != nil && !tab.Shape.hashesConstants() {
			t.Fatalf("constant %s is in the hash part", e.k)
		}
	}
	if live != h.live {
		t.Fatalf("live is %d, want %d", h.live, live)
	}
	if nums := h.nums; nums != nil {
		if numbers != 0 {
			t.Fatalf("%d numbers are among the entries", numbers)
		}
		used := 0
		for i := range nums.nodes {
			n := &nums.nodes[i]
			if n.key != 0 {
				used++
				if n.key != forgotten && nums.find(n.number()) != i {
					t.Fatalf("number %v is not found", n.number())
				}
			}
			if n.v.P == nil {
				continue
			}
			numbers++
			if i < nums.first {
				t.Fatalf("number %d before first = %d is live", i, nums.first)
			}
			if k := int(n.number()); float64(k) == n.number() && k >= 1 && k <= int(tab.NA)+1 {
				t.Fatalf("number %d is in the hash part, NA is %d", k, tab.NA)
			}
		}
		if numbers != nums.live || used != nums.used || used != h.numbers {
			t.Fatalf("%d numbers of %d, counted %d of %d, and %d", nums.live, nums.used, numbers, used, h.numbers)
		}
	}
	if numbers > h.numbers {
		t.Fatalf("numbers is %d, but there are %d", h.numbers, numbers)
	}
}

// randomKey returns a key of one of many kinds, out of about n of each kind.
func randomKey(r *rand.Rand, n int, objects []Value) Value {
	i := r.Intn(n)
	switch r.Intn(9) {
	case 0, 1, 2:
		return Number(float64(i + 1))
	case 3:
		return Number(float64(i) - float64(n)/2 + 0.5)
	case 4:
		return Number(-float64(i))
	case 5:
		return manyKeys[i%len(manyKeys)].Value()
	case 6:
		return dynamic(manyKeys[i%len(manyKeys)].s)
	case 7:
		return dynamic(fmt.Sprintf("dynamic%d", i))
	}
	return objects[i%len(objects)]
}

func TestTableAgainstMap(t *testing.T) {
	objects := []Value{True(), False()}
	for range 30 {
		objects = append(objects, NewTable().Value())
	}
	for seed := range 300 {
		r := rand.New(rand.NewSource(int64(seed)))
		m := &model{t: t, table: NewTable(), fields: map[any]Value{}}
		switch seed % 4 {
		case 1:
			m.table = NewTableSize(r.Intn(20), r.Intn(20))
		case 2:
			m.table = NewObject(shapeXY, Number(1), Number(2))
			m.fields["x"], m.fields["y"] = Number(1), Number(2)
		case 3:
			m.table = NewArray(Number(1), Value{}, Number(3), Value{})
			m.fields[1.0], m.fields[3.0] = Number(1), Number(3)
		}
		n := 1 + r.Intn([]int{5, 40, 400}[seed%3])
		deletes := r.Intn(10)
		for range 20 * n {
			v := Number(r.Float64())
			if r.Intn(10) < deletes {
				v = Value{}
			}
			m.set(randomKey(r, n, objects), v)
			if r.Intn(n) == 0 {
				m.check()
			}
		}
		m.check()
		if r.Intn(2) == 0 {
			m.table.SetMetatable(NewTable())
			m.check()
		}
		for k := range m.fields {
			if s, ok := k.(string); ok && !m.table.GetString(s+"-missing").IsNil() {
				t.Fatal("a missing key is there")
			}
		}
	}
}

// TestNumbersThatCollide stores numbers that the grouping of a numberHash puts in
// the same places.
func TestNumbersThatCollide(t *testing.T) {
	for name, key := range map[string]func(i int) float64{
		"between 0 and 1": func(i int) float64 { return float64(i+1) / 50_000 },
		"multiples":       func(i int) float64 { return float64(i) * (1 << 40) },
		"rows":            func(i int) float64 { return float64(i/100*1024 + i%100) },
		"a modulus":       func(i int) float64 { return float64(i * 7919 % 1000003) },
		"thirds":          func(i int) float64 { return float64(i) / 3 },
		"large":           func(i int) float64 { return float64(i+1) * 1e300 },
		"negative halves": func(i int) float64 { return -float64(i) - 0.5 },
	} {
		tab := NewTable()
		for i := range 30_000 {
			tab.Set(Number(key(i)), Number(float64(i)))
		}
		for i := range 30_000 {
			if got := tab.Get(Number(key(i))); got != Number(float64(i)) {
				t.Fatalf("%s: t[%v] is %s, want %d", name, key(i), got, i)
			}
		}
		if h := tab.Hash.nums; steps(h) > 3*h.live {
			t.Errorf("%s: %d steps for %d numbers", name, steps(h), h.live)
		}
	}
}

// steps returns how many nodes it takes to find every number of h.
func steps(h *numberHash) int {
	n := 0
	for i := range h.nodes {
		if h.nodes[i].v.P == nil {
			continue
		}
		for pos := h.start(h.nodes[i].number()); pos != i; pos = int(h.nodes[pos].next) - 1 {
			n++
		}
		n++
	}
	return n
}

func TestNextWhileAssigning(t *testing.T) {
	objects := []Value{True(), NewTable().Value(), NewTable().Value()}
	for seed := range 200 {
		r := rand.New(rand.NewSource(int64(seed)))
		m := &model{t: t, table: NewTable(), fields: map[any]Value{}}
		n := 1 + r.Intn(60)
		for range 3 * n {
			m.set(randomKey(r, n, objects), Number(1))
		}
		// Every field is visited once, although all that were are set to
		// nil or to something else, and the way from key to key works.
		left := map[any]bool{}
		for k := range m.fields {
			left[k] = true
		}
		it := Iterate(nil, NextFunction(), m.table.Value(), Value{})
		k, _, ok := m.table.Next(Value{})
		for it.Next(nil) {
			if !ok || !RawEqual(k, it.K) {
				t.Fatalf("next gives %s, for gives %s", k, it.K)
			}
			if !left[plain(k)] {
				t.Fatalf("%s comes twice", k)
			}
			delete(left, plain(k))
			switch r.Intn(3) {
			case 0:
				m.set(k, Value{})
			case 1:
				m.set(k, Number(2))
			}
			k, _, ok = m.table.Next(k)
		}
		if len(left) > 0 || !ok {
			t.Fatalf("%d fields were not visited", len(left))
		}
		m.check()
	}
	if _, _, ok := NewTable().Next(Number(1)); ok {
		t.Error("next accepts a key that was never there")
	}
}

func TestConstantKeys(t *testing.T) {
	tab := NewTable()
	tab.Set(dynamic("x"), Number(1))
	if tab.getConst(keyX) != Number(1) || tab.Hash != nil {
		t.Error("a dynamic string that equals a constant is not its slot")
	}
	tab.SetStr(keyY, Number(2))
	if tab.Shape != shapeXY {
		t.Error("adding x and y does not lead to the shape of {x, y}")
	}
	for _, k := range manyKeys {
		tab.SetStr(k, k.Value())
	}
	if tab.Shape != dictShape || tab.Get(dynamic("x")) != Number(1) || tab.getConst(manyKeys[3]) != manyKeys[3].Value() {
		t.Error("a table with very many fields is no dictionary")
	}
	if tab.SetStr(keyX, Value{}); !tab.GetString("x").IsNil() {
		t.Error("a dictionary keeps a removed field")
	}
}

func TestArrayPart(t *testing.T) {
	tab := NewTable()
	for i := 100; i > 0; i-- {
		tab.SetInt(i, Number(float64(i)))
	}
	if tab.NA != 100 {
		t.Errorf("an array filled from the end has %d elements in its array part", tab.NA)
	}
	sieve := NewTable()
	for i := 2; i <= 1000; i++ {
		sieve.SetInt(i, True())
	}
	if sieve.NA != 1000 {
		t.Errorf("an array from 2 on has %d elements in its array part", sieve.NA)
	}
	for i := 1000; i > 500; i-- {
		sieve.SetInt(i, Value{})
	}
	if sieve.Len() != 500 {
		t.Errorf("length %d after removal from the end", sieve.Len())
	}

	queue := NewTable()
	for i := 1; i <= 1_000_000; i++ {
		queue.SetInt(i, True())
		if i > 10 {
			queue.SetInt(i-10, Value{})
		}
	}
	size := int(queue.CA)
	if queue.Hash != nil {
		size += cap(queue.Hash.entries)
	}
	if size > 1000 {
		t.Errorf("a queue of 10 elements takes %d entries", size)
	}
	sparse := NewTable()
	for i := range 30 {
		sparse.SetInt(1<<i, True())
	}
	if sparse.CA > 64 {
		t.Errorf("30 sparse elements take an array of %d", sparse.CA)
	}
}

func TestKeysOfNumbers(t *testing.T) {
	tab := NewTable()
	tab.Set(Number(math.Copysign(0, -1)), True())
	if tab.GetInt(0) != True() || tab.Get(Number(0)) != True() {
		t.Error("-0 and 0 are different keys")
	}
	k, _, _ := tab.Next(Value{})
	if math.Signbit(k.F) {
		t.Error("the key 0 comes back as -0")
	}
	for _, f := range []float64{1 << 53, -1 << 53, 1 << 62, 1 << 63, -1 << 63, 1e300, math.Inf(1), math.Inf(-1), 0.1} {
		tab.Set(Number(f), Number(f))
		if tab.Get(Number(f)) != Number(f) {
			t.Errorf("key %v is lost", f)
		}
	}
	if !tab.Get(Number(math.NaN())).IsNil() {
		t.Error("NaN is a key")
	}
}

func TestFixedTable(t *testing.T) {
	slots := make([]Value, 2)
	st := NewState([]*String{keyX, keyY}, slots)
	g := st.Globals
	slots[0] = Number(5)
	if g.GetString("x") != Number(5) {
		t.Error("a slot is not the field")
	}
	g.Set(dynamic("y"), Number(6))
	if slots[1] != Number(6) {
		t.Error("the field is not the slot")
	}
	g.SetStr(keyZ, Number(7))
	g.SetString("other", Number(8))
	g.SetMetatable(NewTable())
	g.SetStr(keyMethod, Number(9))
	sum := 0.0
	for k, v, _ := g.Next(Value{}); !k.IsNil(); k, v, _ = g.Next(k) {
		sum += v.F
	}
	if sum != 35 || g.getConst(keyZ) != Number(7) || slots[0] != Number(5) {
		t.Errorf("fields of the globals sum up to %v, want 35", sum)
	}
	var c FieldCache
	if v := Field(st.Main, g.Value(), keyX, &c, ""); v != Number(5) || c.Get(g.Value()) != Number(5) {
		t.Error("a field of the globals is not cached")
	}
}

func TestConstructors(t *testing.T) {
	for n := range 12 {
		vs := make([]Value, n)
		for i := range vs {
			vs[i] = Number(float64(i + 1))
		}
		arr := NewArray(vs...)
		obj := NewObject(ShapeOf(manyKeys[:n]...), vs...)
		both := NewTableWith(ShapeOf(manyKeys[:n]...), vs, vs)
		for _, tab := range []*Table{arr, obj, both} {
			for i := n; i < n+20; i++ { // grow beyond what the constructor allocated
				if tab != arr {
					tab.SetStr(manyKeys[i], Number(float64(i+1)))
				}
				if tab != obj {
					tab.Append(Number(float64(i + 1)))
				}
			}
			m := &model{t: t, table: tab, fields: map[any]Value{}}
			for i := range n + 20 {
				if tab != arr {
					m.fields[manyKeys[i].s] = Number(float64(i + 1))
				}
				if tab != obj {
					m.fields[float64(i+1)] = Number(float64(i + 1))
				}
			}
			m.check()
		}
	}
	if n := NewArray(Number(1), Value{}, Value{}).Len(); n != 1 {
		t.Errorf("length of {1, nil, nil} is %d", n)
	}
}

func TestManyTransitions(t *testing.T) {
	// More transitions from one layout than its list holds.
	shapes := map[*Shape]bool{}
	for range 2 {
		for _, k := range manyKeys {
			tab := NewTable()
			tab.SetStr(keyZ, True())
			tab.SetStr(k, True())
			shapes[tab.Shape] = true
		}
	}
	if len(shapes) != len(manyKeys) {
		t.Errorf("%d shapes for %d different tables", len(shapes), len(manyKeys))
	}
}
