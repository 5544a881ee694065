package rt

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// wantError runs f and checks the message of the error that it raises.
func wantError(t *testing.T, th *Thread, want string, f func()) {
	t.Helper()
	err := Protect(th, f)
	if err == nil {
		t.Errorf("no error, want %q", want)
	} else if err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

// goFn returns a function of one result.
func goFn(f func(a0, a1, a2 Value) Value) Value {
	return NewGoFunction("test", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return f(a0, a1, a2), 1
	})
}

// withMeta returns a table with a metatable of the given fields.
func withMeta(fields ...any) *Table {
	t, m := NewTable(), NewTable()
	for i := 0; i < len(fields); i += 2 {
		m.SetStr(fields[i].(*String), fields[i+1].(Value))
	}
	t.SetMetatable(m)
	return t
}

// These are what emitted code does around the caches.

func getField(th *Thread, o Value, k *String, c *FieldCache) Value {
	if v := c.Get(o); !v.IsNil() {
		return v
	}
	return Field(th, o, k, c, "")
}

func putField(th *Thread, o Value, k *String, x Value, c *FieldCache) {
	if !c.Put(o, x) {
		SetField(th, o, k, x, c, "")
	}
}

func getMethod(th *Thread, o Value, k *String, c *MethodCache) Value {
	if v := c.Get(o); !v.IsNil() {
		return v
	}
	return Method(th, o, k, c, "")
}

func TestIndexMetamethods(t *testing.T) {
	th := NewState(nil, nil).Main
	base := NewObject(shapeXY, Number(1), Number(2))
	o := withMeta(MetaIndex, base.Value())
	oo := withMeta(MetaIndex, o.Value())
	f := withMeta(MetaIndex, goFn(func(o, k, _ Value) Value { return NewString("got " + k.String()) }))
	of := withMeta(MetaIndex, f.Value())
	var c FieldCache
	for range 3 {
		for _, tab := range []*Table{base, o, oo} {
			if v := getField(th, tab.Value(), keyY, &c); v != Number(2) {
				t.Errorf("field y is %s", v)
			}
			if v := Index(th, tab.Value(), dynamic("y"), ""); v != Number(2) {
				t.Errorf("index y is %s", v)
			}
		}
		for _, tab := range []*Table{f, of} {
			if v := getField(th, tab.Value(), keyY, &c); v.String() != "got y" {
				t.Errorf("field y is %s", v)
			}
			if v := IndexInt(th, tab.Value(), 7, ""); v.String() != "got 7" {
				t.Errorf("index 7 is %s", v)
			}
		}
		if v := getField(th, oo.Value(), keyZ, &c); !v.IsNil() {
			t.Errorf("field z is %s", v)
		}
	}
	loop := withMeta()
	loop.Metatable().SetStr(MetaIndex, loop.Value())
	loop.Metatable().SetStr(MetaNewIndex, loop.Value())
	wantError(t, th, "loop in gettable", func() { Index(th, loop.Value(), Number(1), "") })
	wantError(t, th, "loop in gettable", func() { Field(th, loop.Value(), keyX, &c, "") })
	wantError(t, th, "loop in settable", func() { SetIndex(th, loop.Value(), Number(1), Number(2), "") })
	wantError(t, th, "attempt to index a nil value (local 'x')", func() { Field(th, Value{}, keyX, &c, "local 'x'") })
	wantError(t, th, "attempt to index a number value", func() { SetField(th, Number(1), keyX, Number(1), &c, "") })
	wantError(t, th, "attempt to index a boolean value (field 'y')", func() { IndexInt(th, True(), 1, "field 'y'") })
	wantError(t, th, "attempt to index a nil value (global 'g')", func() { Method(th, Value{}, keyX, &MethodCache{}, "global 'g'") })
	wantError(t, th, "table index is nil", func() { SetIndex(th, base.Value(), Value{}, Number(1), "") })
	wantError(t, th, "table index is NaN", func() { SetIndex(th, base.Value(), Number(nan()), Number(1), "") })
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestNewIndexMetamethods(t *testing.T) {
	th := NewState(nil, nil).Main
	store := NewTable()
	o := withMeta(MetaNewIndex, store.Value())
	log := ""
	f := withMeta(MetaNewIndex, goFn(func(o, k, v Value) Value { log += k.String() + "=" + v.String() + ";"; return Value{} }))
	var c [4]FieldCache
	for i := range 3 {
		putField(th, o.Value(), keyX, Number(float64(i)), &c[0])
		putField(th, f.Value(), keyX, Number(float64(i)), &c[1])
		SetIndexInt(th, o.Value(), 3, True(), "")
		SetIndex(th, f.Value(), dynamic("x"), True(), "")
	}
	if !o.GetStr(keyX).IsNil() || store.GetStr(keyX) != Number(2) || store.GetInt(3) != True() {
		t.Error("__newindex table is not written")
	}
	if log != "x=0;x=true;x=1;x=true;x=2;x=true;" {
		t.Errorf("__newindex function saw %s", log)
	}
	o.SetStr(keyY, True())
	putField(th, o.Value(), keyY, False(), &c[2])
	if o.GetStr(keyY) != False() || !store.GetStr(keyY).IsNil() {
		t.Error("a field that exists goes to __newindex")
	}

	// __newindex that arrives after stores were cached.
	late := func() *Table { p := NewObject(shapeXY, Value{}, Value{}); return p }
	meta := NewTable()
	p, q := late(), late()
	p.SetMetatable(meta)
	q.SetMetatable(meta)
	putField(th, p.Value(), keyX, Number(1), &c[3])
	if c[3].Shape != q.Shape {
		t.Error("a store under a metatable without __newindex is not cached")
	}
	meta.SetStr(MetaNewIndex, store.Value())
	putField(th, q.Value(), keyX, Number(77), &c[3])
	if !q.GetStr(keyX).IsNil() || store.GetStr(keyX) != Number(77) {
		t.Error("a cached store misses a later __newindex")
	}
}

func TestMethodCaches(t *testing.T) {
	th := NewState(nil, nil).Main
	class, other := NewTable(), NewTable()
	class.SetStr(keyMethod, Number(1))
	other.SetStr(keyMethod, Number(2))
	class.SetStr(MetaIndex, class.Value())
	obj := NewObject(shapeXY, Number(1), Number(2))
	obj.SetMetatable(class)
	var c MethodCache
	if getMethod(th, obj.Value(), keyMethod, &c) != Number(1) || c.Get(obj.Value()) != Number(1) {
		t.Error("a class's method is not cached")
	}
	class.SetStr(MetaIndex, other.Value())
	if v := getMethod(th, obj.Value(), keyMethod, &c); v != Number(2) {
		t.Errorf("after a change of __index the method is %s", v)
	}
	other.SetStr(keyMethod, Number(3))
	if v := c.Get(obj.Value()); v != Number(3) {
		t.Errorf("a redefined method is %s", v)
	}

	st := th.State
	lib, meta := NewTable(), NewTable()
	lib.SetStr(keyMethod, Number(4))
	meta.SetStr(MetaIndex, lib.Value())
	st.SetStringMeta(meta)
	for range 2 {
		if v := getMethod(th, NewString("text"), keyMethod, &c); v != Number(4) {
			t.Errorf("a string's method is %s", v)
		}
	}
	if c.far == nil || !c.far.list[0].str {
		t.Error("a string's method is not cached")
	}
	meta.SetStr(MetaIndex, other.Value())
	if v := getMethod(th, NewString("text"), keyMethod, &c); v != Number(3) {
		t.Errorf("after a change of __index a string's method is %s", v)
	}
}

// slowIndex is o[k] without caches; ok is false if there is a loop.
func slowIndex(o *Table, k *String) (v Value, ok bool) {
	for range maxMetaLoop {
		if v := o.GetString(k.s); !v.IsNil() {
			return v, true
		}
		m := o.Metatable()
		if m == nil {
			return Value{}, true
		}
		next := m.GetString("__index")
		if !next.IsTable() {
			return Value{}, true
		}
		o = next.Table()
	}
	return Value{}, false
}

// TestCachesAgainstLookups changes a net of tables that inherit from each
// other in every way, and checks that what caches answer is always what a
// plain lookup finds.
func TestCachesAgainstLookups(t *testing.T) {
	hits := 0
	for seed := range 400 {
		th := NewState(nil, nil).Main
		r := rand.New(rand.NewSource(int64(seed)))
		keys := []*String{keyX, keyY, keyZ, keyMethod}
		tables := make([]*Table, 3+r.Intn(6))
		for i := range tables {
			tables[i] = NewTable()
		}
		any := func() *Table { return tables[r.Intn(len(tables))] }
		reads := make([]FieldCache, len(keys))
		writes := make([]FieldCache, len(keys))
		methods := make([]MethodCache, len(keys))
		for step := range 400 {
			o, i := any(), r.Intn(len(keys))
			k := keys[i]
			switch r.Intn(40) {
			case 0:
				o.SetMetatable(any())
			case 1:
				o.SetMetatable(nil)
			case 2, 3:
				// Only tables further on, so that there are few loops.
				from := r.Intn(len(tables))
				if to := from + r.Intn(len(tables)-from); to > from {
					m := tables[from].Metatable()
					if m == nil {
						m = NewTable()
						tables[from].SetMetatable(m)
					}
					m.SetStr(MetaIndex, tables[to].Value())
				}
			case 4:
				o.SetStr(MetaIndex, Value{})
			case 5:
				o.SetString(k.s, Value{})
			case 6:
				Protect(th, func() { Index(th, o.Value(), NewString("absent"), "") })
			case 7:
				if r.Intn(20) == 0 {
					for _, k := range manyKeys {
						o.SetStr(k, True())
					}
				}
			case 8, 9, 10, 11:
				if o.GetStr(MetaNewIndex).IsNil() && r.Intn(30) == 0 {
					o.SetStr(MetaNewIndex, goFn(func(o, k, v Value) Value { o.Table().Set(k, NewString("new")); return Value{} }))
				}
				fallthrough
			default:
				x := Number(float64(step))
				want := x
				if m := o.Metatable(); m != nil && !m.GetString("__newindex").IsNil() && o.GetStr(k).IsNil() {
					want = NewString("new")
				}
				if r.Intn(3) > 0 {
					putField(th, o.Value(), k, x, &writes[i])
					if got := o.GetStr(k); !RawEqual(got, want) {
						t.Fatalf("seed %d step %d: stored %s, found %s", seed, step, want, got)
					}
				}
			}
			o = any()
			want, ok := slowIndex(o, k)
			if !ok {
				continue
			}
			if r.Intn(2) == 0 {
				if !reads[i].Get(o.Value()).IsNil() || reads[i].way(o.Shape) != nil {
					hits++
				}
				if got := getField(th, o.Value(), k, &reads[i]); got != want {
					t.Fatalf("seed %d step %d: field %s is %s, want %s", seed, step, k, got, want)
				}
			} else {
				if !methods[i].Get(o.Value()).IsNil() {
					hits++
				}
				if got := getMethod(th, o.Value(), k, &methods[i]); got != want {
					t.Fatalf("seed %d step %d: method %s is %s, want %s", seed, step, k, got, want)
				}
			}
		}
	}
	if hits < 10_000 {
		t.Errorf("only %d cache hits: the test tests nothing", hits)
	}
}

func TestGlobalMetatable(t *testing.T) {
	slots := make([]Value, 1)
	th := NewState([]*String{keyX}, slots).Main
	if !GlobalMissing(th, keyX).IsNil() {
		t.Error("a missing global is not nil")
	}
	SetGlobalMissing(th, &slots[0], keyX, Number(1))
	if slots[0] != Number(1) {
		t.Error("a global is not written")
	}
	slots[0] = Value{}
	meta := NewTable()
	var log []string
	meta.SetStr(MetaIndex, goFn(func(_, k, _ Value) Value { log = append(log, "get "+k.String()); return Number(5) }))
	meta.SetStr(MetaNewIndex, goFn(func(_, k, v Value) Value { log = append(log, "set "+k.String()); return Value{} }))
	th.State.Globals.SetMetatable(meta)
	if GlobalMissing(th, keyX) != Number(5) {
		t.Error("__index of the globals is not used")
	}
	SetGlobalMissing(th, &slots[0], keyX, Number(1))
	if !slots[0].IsNil() || strings.Join(log, ",") != "get x,set x" {
		t.Errorf("metamethods of the globals: %v", log)
	}
}

func TestHostObjects(t *testing.T) {
	st := NewState(nil, nil)
	th := st.Main
	send := func(th *Thread, n int, a0, a1, a2 Value) (Value, int) { return NewString("sent"), 1 }
	class := NewClass(st, "connection", map[string]Fn{"send": send, "close": send, "__tostring": func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		return NewString("connection: it"), 1
	}})
	type conn struct{ id int }
	host := NewHost(class, &conn{7})
	v := host.Value()
	if HostOf(v).(*conn).id != 7 || HostOf(NewTable().Value()) != nil || HostOf(Value{}) != nil || HostOf(Number(1)) != nil {
		t.Error("HostOf is wrong")
	}
	if ToStringMeta(th, v) != "connection: it" {
		t.Errorf("tostring is %s", ToStringMeta(th, v))
	}
	var c FieldCache
	var mc MethodCache
	method := Const("x") // a constant that is no method
	for range 2 {
		putField(th, v, method, Number(1), &c)
		if f := Index(th, v, NewString("send"), ""); !f.IsFunction() {
			t.Error("the method is not found")
		}
	}
	if HostOf(v) == nil || getField(th, v, keyX, &FieldCache{}) != Number(1) {
		t.Error("a field of the script's own hides the methods")
	}
	if f := getMethod(th, v, keyMethod, &mc); !f.IsNil() {
		t.Error("a method that is none is found")
	}
	plain := NewTable()
	plain.SetMetatable(class.Meta)
	SetField(th, plain.Value(), keyMethod, Number(1), &c, "")
	host.SetString("send", Number(3))
	if HostOf(v) != nil || HostOfAny(v).(*conn).id != 7 {
		t.Error("a field named like a method does not hide it")
	}
	other := NewHost(class, &conn{8})
	other.SetMetatable(nil)
	if HostOf(other.Value()) != nil || HostOfAny(other.Value()) == nil {
		t.Error("another metatable does not hide the methods")
	}
	if m := host.Metatable().GetStr(MetaMetatable); m.String() != "connection" {
		t.Errorf("__metatable is %s", m)
	}
}

func ExampleTable_Next() {
	t := NewObject(shapeXY, Number(1), Number(2))
	t.Append(NewString("one"))
	for k, v, _ := t.Next(Value{}); !k.IsNil(); k, v, _ = t.Next(k) {
		fmt.Println(k, v)
	}
	// Output:
	// 1 one
	// x 1
	// y 2
}
