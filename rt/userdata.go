package rt

import "unsafe"

// A Userdata is a Go value that scripts can only hand around and index
// through its metatable.
type Userdata struct {
	kind Kind
	meta *Table // noMeta if none: the header word must not be nil
	Host any
	// User is the value that debug.setuservalue associates with it.
	User Value

	finalize bool // see finalize.go
	carried  []*ephemeron
}

// noMeta stands for "no metatable" in userdata.
var noMeta = &Table{kind: KindTable, Shape: rootShape}

// NewUserdata returns a new userdata around host; meta may be nil.
func NewUserdata(host any, meta *Table) *Userdata {
	u := &Userdata{kind: KindUserdata, Host: host}
	u.SetMetatable(meta)
	return u
}

// Value returns u as a Value.
func (u *Userdata) Value() Value { return Value{P: unsafe.Pointer(u)} }

// Metatable returns u's metatable, or nil.
func (u *Userdata) Metatable() *Table {
	if u.meta == noMeta {
		return nil
	}
	return u.meta
}

// SetMetatable gives u the metatable m, or none if m is nil.
func (u *Userdata) SetMetatable(m *Table) {
	if m == nil {
		u.meta = noMeta
		return
	}
	m.becomeMetatable()
	u.meta = m
}
