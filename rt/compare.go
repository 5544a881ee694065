package rt

import "unsafe"

// RawEqual reports whether a and b are the same value, without metamethods.
func RawEqual(a, b Value) bool {
	if a.P == b.P {
		return a.P != unsafe.Pointer(&numTag) || a.F == b.F
	}
	return a.IsString() && b.IsString() && equalStrings(a.Str(), b.Str())
}

// Equal reports whether a == b.
func Equal(th *Thread, a, b Value) bool {
	if a.P == b.P {
		return a.P != unsafe.Pointer(&numTag) || a.F == b.F
	}
	if a.P == nil || b.P == nil {
		return false
	}
	kind := (*header)(a.P).kind
	if kind != (*header)(b.P).kind {
		return false
	}
	switch kind {
	case KindString:
		return equalStrings(a.Str(), b.Str())
	case KindTable, KindUserdata:
		return equalMeta(th, a, b)
	}
	return false
}

// equalMeta compares two different objects by their __eq metamethod, which
// must be the same in both.
func equalMeta(th *Thread, a, b Value) bool {
	ma, mb := th.State.metaOf(a), th.State.metaOf(b)
	if ma == nil || mb == nil {
		return false
	}
	h := ma.handler(evEq)
	if h.P == nil || ma != mb && !RawEqual(h, mb.handler(evEq)) {
		return false
	}
	r, _ := Call(th, h, 2, a, b, Value{})
	return r.Truthy()
}

// Less reports whether a < b.
func Less(th *Thread, a, b Value) bool {
	if a.IsNumber() && b.IsNumber() {
		return a.F < b.F
	}
	if a.IsString() && b.IsString() {
		return a.Str().s < b.Str().s
	}
	r, ok := orderMeta(th, evLt, a, b)
	if !ok {
		th.orderError(a, b)
	}
	return r
}

// LessEqual reports whether a <= b.
func LessEqual(th *Thread, a, b Value) bool {
	if a.IsNumber() && b.IsNumber() {
		return a.F <= b.F
	}
	if a.IsString() && b.IsString() {
		return a.Str().s <= b.Str().s
	}
	r, ok := orderMeta(th, evLe, a, b)
	if !ok {
		if r, ok = orderMeta(th, evLt, b, a); !ok {
			th.orderError(a, b)
		}
		return !r
	}
	return r
}

func orderMeta(th *Thread, e event, a, b Value) (result, ok bool) {
	h := th.State.handler(a, e)
	if h.P == nil {
		if h = th.State.handler(b, e); h.P == nil {
			return false, false
		}
	}
	r, _ := Call(th, h, 2, a, b, Value{})
	return r.Truthy(), true
}
