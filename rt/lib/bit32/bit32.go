// Package bit32 is Lua 5.2's library of bitwise operations on integers of 32
// bits.
package bit32

import (
	"math"
	"math/bits"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Open installs the library into st.
func Open(st *rt.State) {
	lib.Register(st, "bit32", []lib.Entry{
		{Name: "arshift", Fn: arshift},
		{Name: "band", Fn: band},
		{Name: "bnot", Fn: bnot},
		{Name: "bor", Fn: bor},
		{Name: "btest", Fn: btest},
		{Name: "bxor", Fn: bxor},
		{Name: "extract", Fn: extract},
		{Name: "lrotate", Fn: lrotate},
		{Name: "lshift", Fn: lshift},
		{Name: "replace", Fn: replace},
		{Name: "rrotate", Fn: rrotate},
		{Name: "rshift", Fn: rshift},
	})
}

// word returns argument i modulo 2^32; a fraction is rounded to the nearest
// integer, to the even one if there are two.
func word(th *rt.Thread, name string, i, n int, v rt.Value) uint32 {
	f := lib.Float(th, name, i, n, v)
	if k := int64(f); float64(k) == f {
		return uint32(k)
	}
	f = math.Mod(math.RoundToEven(f), 1<<32)
	return uint32(int64(f))
}

// result returns w as the only result.
func result(w uint32) (rt.Value, int) { return rt.Number(float64(w)), 1 }

// and returns the conjunction of all arguments.
func and(th *rt.Thread, name string, n int, a0, a1, a2 rt.Value) uint32 {
	w := ^uint32(0)
	for i := 0; i < n; i++ {
		w &= word(th, name, i+1, n, th.Arg(i, n, a0, a1, a2))
	}
	return w
}

// band is bit32.band (...).
func band(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return result(and(th, "band", n, a0, a1, a2))
}

// btest is bit32.btest (...).
func btest(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Bool(and(th, "btest", n, a0, a1, a2) != 0), 1
}

// bor is bit32.bor (...).
func bor(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := uint32(0)
	for i := 0; i < n; i++ {
		w |= word(th, "bor", i+1, n, th.Arg(i, n, a0, a1, a2))
	}
	return result(w)
}

// bxor is bit32.bxor (...).
func bxor(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := uint32(0)
	for i := 0; i < n; i++ {
		w ^= word(th, "bxor", i+1, n, th.Arg(i, n, a0, a1, a2))
	}
	return result(w)
}

// bnot is bit32.bnot (x).
func bnot(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return result(^word(th, "bnot", 1, n, a0))
}

// shift shifts w to the left, to the right if by is negative.
func shift(w uint32, by int) uint32 {
	switch {
	case by >= 32 || by <= -32:
		return 0
	case by >= 0:
		return w << by
	}
	return w >> -by
}

// lshift is bit32.lshift (x, disp).
func lshift(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := word(th, "lshift", 1, n, a0)
	return result(shift(w, lib.Int(th, "lshift", 2, n, a1)))
}

// rshift is bit32.rshift (x, disp).
func rshift(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := word(th, "rshift", 1, n, a0)
	return result(shift(w, -lib.Int(th, "rshift", 2, n, a1)))
}

// arshift is bit32.arshift (x, disp).
func arshift(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := word(th, "arshift", 1, n, a0)
	by := lib.Int(th, "arshift", 2, n, a1)
	if by < 0 {
		return result(shift(w, -by))
	}
	return result(uint32(int32(w) >> min(by, 31)))
}

// lrotate is bit32.lrotate (x, disp).
func lrotate(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := word(th, "lrotate", 1, n, a0)
	return result(bits.RotateLeft32(w, lib.Int(th, "lrotate", 2, n, a1)&31))
}

// rrotate is bit32.rrotate (x, disp).
func rrotate(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := word(th, "rrotate", 1, n, a0)
	return result(bits.RotateLeft32(w, -(lib.Int(th, "rrotate", 2, n, a1) & 31)))
}

// field checks the arguments field, which is argument i, and width, which is
// optional, and returns them with the mask of that width.
func field(th *rt.Thread, name string, i, n int, f, w rt.Value) (pos int, mask uint32) {
	pos = lib.Int(th, name, i, n, f)
	width := lib.OptInt(th, name, i+1, n, w, 1)
	switch {
	case pos < 0:
		th.ArgError(name, i, "field cannot be negative")
	case width <= 0:
		th.ArgError(name, i+1, "width must be positive")
	case pos+width > 32:
		th.Errorf("trying to access non-existent bits")
	}
	return pos, uint32(1<<width - 1)
}

// extract is bit32.extract (n, field [, width]).
func extract(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w := word(th, "extract", 1, n, a0)
	pos, mask := field(th, "extract", 2, n, a1, a2)
	return result(w >> pos & mask)
}

// replace is bit32.replace (n, v, field [, width]).
func replace(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	w, v := word(th, "replace", 1, n, a0), word(th, "replace", 2, n, a1)
	pos, mask := field(th, "replace", 3, n, a2, th.Arg(3, n, a0, a1, a2))
	return result(w&^(mask<<pos) | v&mask<<pos)
}
