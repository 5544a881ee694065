package rt

import "unsafe"

// Kind is the dynamic type of a Value, in the order that a table sort of
// mixed values would use; it is also the first byte of every heap object.
type Kind uint8

// The kinds of values (reference manual, section 2.1).
const (
	KindNil Kind = iota
	KindBoolean
	KindNumber
	KindString
	KindTable
	KindFunction
	KindUserdata
	KindThread
)

// String returns the name that Lua's type function gives the kind.
func (k Kind) String() string { return kindNames[k] }

var kindNames = [...]string{"nil", "boolean", "number", "string", "table", "function", "userdata", "thread"}

// A Value is any Lua value, in two words:
//
//	         P                      F
//	nil      nil                    0
//	number   &numTag                the number
//	boolean  &trueTag or &falseTag  0
//	others   the heap object        0
//
// The second word is a float64 and not a uint64 because Go's calling
// convention then keeps it in a floating-point register: dynamic arithmetic
// takes 2.1 ns an operation instead of 9.6 (docs/rationale.md).
//
// Every heap object starts with a header; see type header for the two
// invariants that the fast paths rely on.
type Value struct {
	P unsafe.Pointer
	F float64
}

// A header is what every object behind Value.P starts with. Its second word
// is never nil, and equals a *Shape only in tables: HasShape needs no test of
// the kind.
type header struct {
	kind  Kind
	flags uint8
	_     [6]byte
	word  unsafe.Pointer
}

var (
	wordTag  byte
	numTag   = header{kind: KindNumber, word: unsafe.Pointer(&wordTag)}
	trueTag  = header{kind: KindBoolean, word: unsafe.Pointer(&wordTag)}
	falseTag = header{kind: KindBoolean, word: unsafe.Pointer(&wordTag)}
)

// Number returns f as a Value.
func Number(f float64) Value { return Value{unsafe.Pointer(&numTag), f} }

// Bool returns b as a Value.
func Bool(b bool) Value {
	if b {
		return Value{P: unsafe.Pointer(&trueTag)}
	}
	return Value{P: unsafe.Pointer(&falseTag)}
}

// Nil returns the value nil.
func Nil() Value { return Value{} }

// True returns the value true.
func True() Value { return Value{P: unsafe.Pointer(&trueTag)} }

// False returns the value false.
func False() Value { return Value{P: unsafe.Pointer(&falseTag)} }

// Kind returns v's dynamic type.
func (v Value) Kind() Kind {
	if v.P == nil {
		return KindNil
	}
	return (*header)(v.P).kind
}

// IsNil reports whether v is nil.
func (v Value) IsNil() bool { return v.P == nil }

// IsNumber reports whether v is a number.
func (v Value) IsNumber() bool { return v.P == unsafe.Pointer(&numTag) }

// IsTrue reports whether v is the value true.
func (v Value) IsTrue() bool { return v.P == unsafe.Pointer(&trueTag) }

// IsBool reports whether v is true or false.
func (v Value) IsBool() bool {
	return v.P == unsafe.Pointer(&trueTag) || v.P == unsafe.Pointer(&falseTag)
}

// Truthy reports whether v counts as true in a condition: all but nil and
// false do.
func (v Value) Truthy() bool { return v.P != nil && v.P != unsafe.Pointer(&falseTag) }

// IsString reports whether v is a string.
func (v Value) IsString() bool { return v.P != nil && (*header)(v.P).kind == KindString }

// IsTable reports whether v is a table.
func (v Value) IsTable() bool { return v.P != nil && (*header)(v.P).kind == KindTable }

// IsFunction reports whether v is a function.
func (v Value) IsFunction() bool { return v.P != nil && (*header)(v.P).kind == KindFunction }

// Str returns v's string object; v must be a string.
func (v Value) Str() *String { return (*String)(v.P) }

// Table returns v's table; v must be a table.
func (v Value) Table() *Table { return (*Table)(v.P) }

// Function returns v's function object; v must be a function.
func (v Value) Function() *Function { return (*Function)(v.P) }

// Userdata returns v's userdata object; v must be a userdata.
func (v Value) Userdata() *Userdata { return (*Userdata)(v.P) }

// valueSize is the size of a Value: slots and array elements are this far
// apart.
const valueSize = unsafe.Sizeof(Value{})

// HasShape reports whether v is a table of shape s. A zero cache never
// matches, because the header word of no object is nil.
func (v Value) HasShape(s *Shape) bool {
	return v.P != nil && (*header)(v.P).word == unsafe.Pointer(s)
}

// Slot returns the field at offset off; v must be a table whose shape has a
// slot there.
func (v Value) Slot(off uintptr) Value {
	return *(*Value)(unsafe.Add((*Table)(v.P).Slots, off))
}

// SetSlot stores x in the field at offset off; v must be a table whose shape
// has a slot there.
func (v Value) SetSlot(off uintptr, x Value) {
	*(*Value)(unsafe.Add((*Table)(v.P).Slots, off)) = x
}

// At returns element i of v's array part, nil if v is no table or has none.
func (v Value) At(i int) Value {
	if v.IsTable() && uint(i-1) < uint((*Table)(v.P).NA) {
		return *(*Value)(unsafe.Add((*Table)(v.P).Arr, uintptr(i-1)*valueSize))
	}
	return Value{}
}

// AtZero returns element 0 of v, nil if v is no table that keeps it before the
// others.
func (v Value) AtZero() Value {
	if v.IsTable() && (*Table)(v.P).Zero != 0 {
		return *(*Value)(unsafe.Add((*Table)(v.P).Arr, -int(valueSize)))
	}
	return Value{}
}

// AtNumber is At for a float64 index, nil where it is not integral.
func (v Value) AtNumber(f float64) Value {
	i := int(f)
	if float64(i) == f && v.IsTable() && uint(i-1) < uint((*Table)(v.P).NA) {
		return *(*Value)(unsafe.Add((*Table)(v.P).Arr, uintptr(i-1)*valueSize))
	}
	return Value{}
}

// SetAt replaces element i of v's array part by x where both are there and
// not nil, and reports whether it did. Such a store needs no look at the
// metatable.
func (v Value) SetAt(i int, x Value) bool {
	if x.P != nil && v.IsTable() && uint(i-1) < uint((*Table)(v.P).NA) {
		p := (*Value)(unsafe.Add((*Table)(v.P).Arr, uintptr(i-1)*valueSize))
		if p.P != nil {
			*p = x
			return true
		}
	}
	return false
}

// SetAtZero is SetAt for element 0.
func (v Value) SetAtZero(x Value) bool {
	if x.P != nil && v.IsTable() && (*Table)(v.P).Zero != 0 {
		p := (*Value)(unsafe.Add((*Table)(v.P).Arr, -int(valueSize)))
		if p.P != nil {
			*p = x
			return true
		}
	}
	return false
}

// SetAtNumber is SetAt for a float64 index.
func (v Value) SetAtNumber(f float64, x Value) bool {
	i := int(f)
	return float64(i) == f && v.SetAt(i, x)
}

// Callee returns the Go function to call for a call of v. For a value with a
// __call metamethod it is one that passes v along; for anything else Callee
// raises "attempt to call a nil value (global 'f')", name being "global 'f'"
// or empty.
func (v Value) Callee(th *Thread, name string) Fn {
	if v.P != nil && (*header)(v.P).kind == KindFunction {
		return (*Function)(v.P).Fn
	}
	return calleeSlow(th, v, name)
}
