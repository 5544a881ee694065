package table

import (
	"slices"
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// sortTable is table.sort (list [, comp]).
func sortTable(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "sort", 1, n, a0)
	size := lib.Length(th, t)
	if !a1.IsNil() {
		rt.CheckFunction(th, "sort", 2, n, a1)
	}
	if size < 2 {
		return rt.Value{}, 0
	}
	vs := make([]rt.Value, size)
	if elements := t.Elements(); len(elements) >= size {
		copy(vs, elements)
	} else {
		for i := range vs {
			vs[i] = t.GetInt(i + 1)
		}
	}
	switch {
	case !a1.IsNil():
		s := sorter{th: th, vs: vs, less: a1}
		s.sort(0, size-1)
	case all(vs, rt.Value.IsNumber) && !hasNaN(vs):
		slices.SortFunc(vs, func(a, b rt.Value) int {
			if a.F < b.F {
				return -1
			} else if a.F > b.F {
				return 1
			}
			return 0
		})
	case all(vs, rt.Value.IsString):
		slices.SortFunc(vs, func(a, b rt.Value) int { return strings.Compare(a.Str().String(), b.Str().String()) })
	default:
		s := sorter{th: th, vs: vs}
		s.sort(0, size-1)
	}
	if elements := t.Elements(); len(elements) == size && !vs[size-1].IsNil() {
		copy(elements, vs)
		return rt.Value{}, 0
	}
	for i, v := range vs {
		t.SetInt(i+1, v)
	}
	return rt.Value{}, 0
}

// all reports whether is holds for all of vs.
func all(vs []rt.Value, is func(rt.Value) bool) bool {
	for _, v := range vs {
		if !is(v) {
			return false
		}
	}
	return true
}

// hasNaN reports whether one of the numbers vs is NaN, which has no place in
// an order.
func hasNaN(vs []rt.Value) bool {
	for _, v := range vs {
		if v.F != v.F {
			return true
		}
	}
	return false
}

// A sorter is a quicksort that compares the same pairs in the same order as
// the C implementation. Lua's sort is not stable, so that only thus elements
// which the comparator calls equal end up where scripts are used to see them,
// and comparators without a consistent order are found out in the same cases.
//
// It works on a copy: a comparator sees the table unsorted.
type sorter struct {
	th   *rt.Thread
	vs   []rt.Value
	less rt.Value // the comparator, or nil
}

// lessThan reports whether a comes before b.
func (s *sorter) lessThan(a, b rt.Value) bool {
	if s.less.IsNil() {
		return rt.Less(s.th, a, b)
	}
	v, _ := rt.Call(s.th, s.less, 2, a, b, rt.Value{})
	return v.Truthy()
}

// order exchanges elements i and j if they are in the wrong order.
func (s *sorter) order(i, j int) bool {
	vs := s.vs
	if !s.lessThan(vs[j], vs[i]) {
		return false
	}
	vs[i], vs[j] = vs[j], vs[i]
	return true
}

// sort sorts the elements from low to high.
func (s *sorter) sort(low, high int) {
	vs := s.vs
	for low < high {
		s.order(low, high)
		if high-low == 1 {
			return
		}
		middle := (low+1+high+1)/2 - 1 // as with positions from 1
		if !s.order(low, middle) {
			s.order(middle, high)
		}
		if high-low == 2 {
			return
		}
		pivot := vs[middle]
		vs[middle], vs[high-1] = vs[high-1], vs[middle]
		i := s.partition(pivot, low, high)
		vs[high-1], vs[i] = vs[i], vs[high-1]
		if i-low < high-i { // recurse into the smaller part
			s.sort(low, i-1)
			low = i + 1
		} else {
			s.sort(i+1, high)
			high = i - 1
		}
	}
}

// partition moves what is less than the pivot to the left, and returns where
// the right part starts. The element at low is not greater than the pivot, the
// one at high not less, and the pivot itself stands at high-1.
func (s *sorter) partition(pivot rt.Value, low, high int) int {
	vs := s.vs
	i, j := low, high-1
	for {
		for i++; s.lessThan(vs[i], pivot); i++ {
			if i >= high {
				s.th.Errorf("invalid order function for sorting")
			}
		}
		for j--; s.lessThan(pivot, vs[j]); j-- {
			if j <= low {
				s.th.Errorf("invalid order function for sorting")
			}
		}
		if j < i {
			return i
		}
		vs[i], vs[j] = vs[j], vs[i]
	}
}
