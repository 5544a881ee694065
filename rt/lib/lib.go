// Package lib installs the tables of library functions into a Lua state and
// reads their arguments on the fast path; each package below it is one Lua
// library with one registration table.
//
// The package must not know any particular library.
package lib

import (
	"math"

	"github.com/luago-lang/luago/rt"
)

// An Entry is one function of a library.
type Entry struct {
	Name string
	Fn   rt.Fn
}

// Register makes a table of the functions, and stores it as the global name
// and as package.loaded[name].
func Register(st *rt.State, name string, functions []Entry) *rt.Table {
	t := rt.NewTableSize(0, len(functions))
	Add(t, functions)
	st.Globals.SetString(name, t.Value())
	st.Loaded.SetString(name, t.Value())
	return t
}

// Add stores the functions as fields of t.
func Add(t *rt.Table, functions []Entry) {
	for _, f := range functions {
		t.SetString(f.Name, rt.NewGoFunction(f.Name, f.Fn))
	}
}

// Text returns argument i of the function name, which must be a string or a
// number. n is the number of actual arguments.
func Text(th *rt.Thread, name string, i, n int, v rt.Value) string {
	if v.IsString() {
		return v.Str().String()
	}
	return rt.CheckString(th, name, i, n, v)
}

// Float returns argument i as a number.
func Float(th *rt.Thread, name string, i, n int, v rt.Value) float64 {
	if v.IsNumber() {
		return v.F
	}
	return rt.CheckNumber(th, name, i, n, v)
}

// Int returns argument i as an integer.
func Int(th *rt.Thread, name string, i, n int, v rt.Value) int {
	if v.IsNumber() {
		if k := int(v.F); float64(k) == v.F {
			return k
		}
	}
	return truncate(Float(th, name, i, n, v))
}

// truncate converts as the C implementation does on current processors: a
// number that is too large for an integer, or none, becomes the least integer.
func truncate(f float64) int {
	if -1<<63 <= f && f < 1<<63 {
		return int(f)
	}
	return math.MinInt
}

// OptInt returns argument i as an integer, or def if it is nil or absent.
func OptInt(th *rt.Thread, name string, i, n int, v rt.Value, def int) int {
	if v.IsNil() {
		return def
	}
	return Int(th, name, i, n, v)
}

// MaxResults is how many results a function may have, as in the C
// implementation.
const MaxResults = 1_000_000
