package rt

import (
	"strconv"

	"github.com/luago-lang/luago/rt/number"
)

// TypeName returns the name that Lua's type function gives v.
func TypeName(v Value) string { return v.Kind().String() }

// ToString returns v as a string: strings, and numbers as Lua writes them.
func ToString(v Value) (string, bool) {
	switch v.Kind() {
	case KindString:
		return v.Str().s, true
	case KindNumber:
		return number.Format(v.F), true
	}
	return "", false
}

// String returns what Lua's tostring makes of v without metamethods.
func (v Value) String() string {
	switch v.Kind() {
	case KindNil:
		return "nil"
	case KindBoolean:
		if v.IsTrue() {
			return "true"
		}
		return "false"
	case KindNumber:
		return number.Format(v.F)
	case KindString:
		return v.Str().s
	}
	return TypeName(v) + ": " + v.Address()
}

// Address returns the address of a heap object as tostring and %p show it.
func (v Value) Address() string {
	return "0x" + strconv.FormatUint(uint64(uintptr(v.P)), 16)
}

// ToStringMeta returns what Lua's tostring makes of v.
func ToStringMeta(th *Thread, v Value) string {
	if h := th.State.handler(v, evToString); h.P != nil {
		r, _ := Call(th, h, 1, v, Value{}, Value{})
		s, ok := ToString(r)
		if !ok {
			th.Errorf("'tostring' must return a string to 'print'")
		}
		return s
	}
	return v.String()
}
