package rt

import (
	"maps"
	"slices"
	"strings"
)

// A hostTable is a table that stands for a Go value: what scripts see of a
// connection, say. Being a table it has fields of the script's own, and inline
// caches. Its methods come from the class, through the metatable
// {__index = methods, __metatable = class name}.
type hostTable struct {
	Table
	host any
}

// A Class is a kind of host objects.
type Class struct {
	Name string
	// Methods is the __index table of the objects, Meta their metatable.
	Methods, Meta *Table

	shape *Shape
}

// NewClass returns a new class for the State st with the given methods. Those
// whose names begin with "__" go to the metatable.
func NewClass(st *State, name string, methods map[string]Fn) *Class {
	c := &Class{Name: name, Methods: NewTable(), Meta: NewTable()}
	for _, k := range slices.Sorted(maps.Keys(methods)) {
		t := c.Methods
		if strings.HasPrefix(k, "__") {
			t = c.Meta
		}
		t.SetString(k, NewGoFunction(k, methods[k]))
	}
	c.Meta.setConst(MetaIndex, c.Methods.Value())
	c.Meta.setConst(MetaMetatable, NewString(name))
	c.Meta.becomeMetatable()
	c.Meta.Shape.info.class = c
	c.shape = rootShape.withMeta(c.Meta)
	return c
}

// NewHost returns a new object of the class that stands for host.
func NewHost(class *Class, host any) *Table {
	t := &hostTable{Table: Table{kind: KindTable, flags: tabHost, Shape: class.shape}, host: host}
	return &t.Table
}

// HostOf returns the Go value that the host object v stands for; nil if v is
// none, or if the script has given it a field named like a method or another
// metatable: then a call v:m() may not be one of the class's method.
func HostOf(v Value) any {
	if v.P != nil && (*header)(v.P).kind == KindTable && (*header)(v.P).flags == tabHost {
		return (*hostTable)(v.P).host
	}
	return nil
}

// HostOfAny is HostOf also for objects whose methods the script has hidden.
func HostOfAny(v Value) any {
	if v.IsTable() && v.Table().flags&tabHost != 0 {
		return (*hostTable)(v.P).host
	}
	return nil
}

// checkShadow marks the host table t when it gets a field of its own named
// like a method of its class.
func (t *Table) checkShadow(k *String) {
	if m := t.Shape.meta; m != nil {
		if c := m.Shape.info.class; c != nil && c.Methods.GetStr(k).P == nil {
			return
		}
	}
	t.flags |= tabShadowed
}
