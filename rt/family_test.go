package rt

import "testing"

var (
	familyShape = ShapeOf(MetaIndex)
	familyFn    = func() Value {
		fn := NewGoFunction("setmetatable", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) { return a0, 1 })
		fn.Function().Proto = &SetmetatableProto
		return fn
	}()
)

// Objects of one class have one shape, as if they shared a metatable, until one
// is asked for its own.
func TestFamilyShape(t *testing.T) {
	th := NewState(nil, nil).Main
	var c MetaCache
	class := NewTable()
	class.SetString("name", NewString("class"))
	make := func() *Table {
		o := NewTable()
		if r, ok := SetNewMeta(th, familyFn, o.Value(), &c, familyShape, class.Value()); !ok || r != o.Value() {
			t.Fatal("SetNewMeta declines")
		}
		return o
	}
	a, b := make(), make()
	if a.Shape != b.Shape {
		t.Error("two objects of a family differ in shape")
	}
	m := a.Metatable()
	if m == b.Shape.meta || m != a.Metatable() || m == b.Metatable() || m.Shape.info.family {
		t.Error("metatables are not the objects' own")
	}
	m.SetStr(MetaIndex, NewTable().Value())
	if a.Shape == b.Shape || a.Shape == make().Shape {
		t.Error("an object with a metatable of its own is still of the family")
	}
	if v := Index(th, b.Value(), NewString("name"), ""); v.String() != "class" {
		t.Errorf("name of b = %v", v)
	}
	if v := Index(th, a.Value(), NewString("name"), ""); !v.IsNil() {
		t.Errorf("name of a = %v", v)
	}
}

// A call whose objects all have metatables of different contents makes families in
// vain: it stops, and keeps nothing.
func TestFamilyWeary(t *testing.T) {
	th := NewState(nil, nil).Main
	var c MetaCache
	set := func(class *Table) bool {
		_, ok := SetNewMeta(th, familyFn, NewTable().Value(), &c, familyShape, class.Value())
		return ok
	}
	for range 10 * maxFamilies {
		set(NewTable())
	}
	if !c.weary || c.last != nil || c.more != nil {
		t.Errorf("after %d families for as many objects: %+v", c.made, c)
	}
	c = MetaCache{}
	classes := make([]*Table, 3*maxFamilies)
	for i := range classes {
		classes[i] = NewTable()
	}
	for range 3 {
		for _, class := range classes {
			for range 2 * minUse {
				if !set(class) {
					t.Fatalf("no family after %d for %d objects", c.made, c.used)
				}
			}
		}
	}
	if len(c.more) != maxFamilies {
		t.Errorf("%d families remembered, want %d", len(c.more), maxFamilies)
	}
}
