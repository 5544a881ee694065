package lib

import "github.com/luago-lang/luago/rt"

// Length returns the length of the table t as the operator # gives it, which
// a metamethod may decide.
func Length(th *rt.Thread, t *rt.Table) int {
	if !t.HasMetatable() {
		return t.Len()
	}
	v := rt.Len(th, t.Value(), "")
	if v.IsNumber() {
		return int(v.F)
	}
	f, ok := rt.ToNumber(v)
	if !ok {
		th.Errorf("object length is not a number")
	}
	return int(f)
}

// Unpack is table.unpack (list [, i [, j]]), and the global unpack of Lua 5.1.
func Unpack(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "unpack", 1, n, a0)
	from := OptInt(th, "unpack", 2, n, a1, 1)
	to := 0
	if a2.IsNil() {
		to = Length(th, t)
	} else {
		to = Int(th, "unpack", 3, n, a2)
	}
	if from > to {
		return rt.Value{}, 0
	}
	count := to - from + 1
	if count <= 0 || count >= MaxResults {
		th.Errorf("too many results to unpack")
	}
	th.GrowRet(count)
	if elements := t.Elements(); from >= 1 && to <= len(elements) {
		copy(th.Ret[1:count], elements[from:to])
		return elements[from-1], count
	}
	for i := 1; i < count; i++ {
		th.Ret[i] = t.GetInt(from + i)
	}
	return t.GetInt(from), count
}
