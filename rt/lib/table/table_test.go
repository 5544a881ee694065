package table

import (
	"math/rand"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

type list = libtest.List

func of(fn string, args ...any) libtest.Call { return libtest.Of("table."+fn, args...) }

func TestAgainstReference(t *testing.T) {
	libtest.Compare(t, Open, []libtest.Call{
		of("concat"), of("concat", list{}), of("concat", list{1, 2, 3}), of("concat", list{1, "b", 2.5}, ", "), of("concat", list{1, 2, 3}, "-", 2), of("concat", list{1, 2, 3}, "-", 2, 3),
		of("concat", list{1, 2, 3}, "-", 3, 2), of("concat", list{1, 2, 3}, "-", 2, 5), of("concat", list{1, true}), of("concat", list{1, list{}}), of("concat", list{1, nil, 3}),
		of("concat", list{1}, list{}), of("concat", 5), of("concat", list{"x"}, 1), of("concat", list{}, "x", 1, 0),
		of("insert"), of("insert", list{}), of("insert", list{}, 1), of("insert", list{1, 2}, 3), of("insert", list{1, 2, 3, 4}, 1, "x"), of("insert", list{1, 2, 3}, 3, "x"), of("insert", list{1, 2, 3}, 4, "x"),
		of("insert", list{1, 2, 3, 4, 5, 6, 7, 8}, 2, "x"), of("insert", list{1, 2, 3}, 5, "x"), of("insert", list{1, 2, 3}, 0, "x"), of("insert", list{1}, "1", "x"), of("insert", list{1}, 1, 2, 3), of("insert", nil, 1),
		of("insert", list{1}, 1, nil), of("insert", list{1}, nil), of("insert", list{1, 2}, "x", 1),
		of("remove", list{}), of("remove", list{1}), of("remove", list{1, 2, 3}), of("remove", list{1, 2, 3}, 1), of("remove", list{1, 2, 3}, 2), of("remove", list{1, 2, 3}, 3), of("remove", list{1, 2, 3}, 4),
		of("remove", list{1, 2, 3}, 5), of("remove", list{1, 2, 3}, 0), of("remove", list{}, 0), of("remove", list{}, 1), of("remove", list{1, 2, 3, 4, 5, 6}, 2), of("remove"), of("remove", list{}, "x"),
		of("unpack", list{1, 2, 3}), of("unpack", list{1, 2, 3}, 2), of("unpack", list{1, 2, 3}, 2, 5), of("unpack", list{1, 2, 3}, -1, 1), of("unpack", list{}), of("unpack", list{}, 1, 3), of("unpack", list{1}, 3, 1),
		of("unpack", list{}, 1, 1e8), of("unpack"), of("unpack", list{1, nil, 3}), of("unpack", list{1, 2}, "2"), of("unpack", list{1}, "x"),
		of("pack"), of("maxn", list{1, 2, nil, 4}), of("maxn", list{}), of("maxn"), of("maxn", 1),
		of("sort", list{}), of("sort", list{3, 1, 2}), of("sort", list{"b", "a", "C", ""}), of("sort", list{1, "x"}), of("sort", list{2, "1", 3}), of("sort", list{true, false}), of("sort", list{list{}, list{}}),
		of("sort", list{3, 1}, 5), of("sort", list{1, 2}, nil), of("sort"), of("sort", list{2.5, -1, 1e100, 0}),
	})
}

func TestUnpackLong(t *testing.T) {
	var long list
	for i := 0; i < 200; i++ {
		long = append(long, i)
	}
	libtest.Compare(t, Open, []libtest.Call{of("unpack", long), of("concat", long, ","), of("insert", long, 100, "x"), of("remove", long, 7)})
}

// TestRandomEdits checks insert and remove against a Go slice.
func TestRandomEdits(t *testing.T) {
	st := libtest.NewState(Open)
	th := st.Main
	insert, remove := libtest.Function(st, "table.insert"), libtest.Function(st, "table.remove")
	r := rand.New(rand.NewSource(7))
	lua := rt.NewTable()
	var model []float64
	for step := 0; step < 20000; step++ {
		if r.Intn(100) < 52 || len(model) == 0 {
			pos := r.Intn(len(model) + 1)
			if r.Intn(2) == 0 {
				pos = len(model)
			}
			rt.CallValues(th, insert, lua.Value(), rt.Number(float64(pos+1)), rt.Number(float64(step)))
			model = append(model, 0)
			copy(model[pos+1:], model[pos:])
			model[pos] = float64(step)
		} else {
			pos := r.Intn(len(model))
			v, _ := rt.CallValues(th, remove, lua.Value(), rt.Number(float64(pos+1)))
			if v.F != model[pos] {
				t.Fatalf("step %d: removed %v, want %v", step, v, model[pos])
			}
			model = append(model[:pos], model[pos+1:]...)
		}
		if lua.Len() != len(model) {
			t.Fatalf("step %d: length %d, want %d", step, lua.Len(), len(model))
		}
	}
	for i, f := range model {
		if v := lua.GetInt(i + 1); v.F != f {
			t.Fatalf("element %d is %v, want %v", i+1, v, f)
		}
	}
}

// TestSortPermutation checks that equal elements end up in the same order as
// in the reference: comparators see only the remainder modulo 10.
func TestSortPermutation(t *testing.T) {
	r := rand.New(rand.NewSource(8))
	var calls []libtest.Call
	for i := 0; i < 50; i++ {
		var l list
		for n := r.Intn(60); n >= 0; n-- {
			l = append(l, r.Intn(1000))
		}
		calls = append(calls, libtest.Of("sortmod", l))
	}
	open := func(st *rt.State) {
		Open(st)
		sort := libtest.Function(st, "table.sort")
		less := rt.NewGoFunction("less", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return rt.Bool(rt.ModNumbers(a0.F, 10) < rt.ModNumbers(a1.F, 10)), 1
		})
		st.Globals.SetString("sortmod", rt.NewGoFunction("sortmod", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return rt.CallValues(th, sort, a0, less)
		}))
	}
	libtest.CompareWith(t, "function sortmod(t) table.sort(t, function(a, b) return a % 10 < b % 10 end) end", open, calls)
}

func TestInvalidOrder(t *testing.T) {
	st := libtest.NewState(Open)
	th := st.Main
	always := rt.NewGoFunction("always", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) { return rt.True(), 1 })
	values := rt.NewArray(rt.Number(1), rt.Number(2), rt.Number(3), rt.Number(4), rt.Number(5))
	_, _, err := rt.PCall(th, libtest.Function(st, "table.sort"), 2, values.Value(), always, rt.Value{})
	if err == nil || err.Error() != "invalid order function for sorting" {
		t.Errorf("error %v", err)
	}
}

func TestPack(t *testing.T) {
	st := libtest.NewState(Open)
	v, _ := rt.CallValues(st.Main, libtest.Function(st, "table.pack"), rt.Number(1), rt.Value{}, rt.Number(3), rt.Value{}, rt.Value{})
	p := v.Table()
	if p.GetString("n").F != 5 || p.GetInt(1).F != 1 || !p.GetInt(2).IsNil() || p.GetInt(3).F != 3 {
		t.Errorf("pack: n=%v, 1=%v, 3=%v", p.GetString("n"), p.GetInt(1), p.GetInt(3))
	}
}

func TestAllocations(t *testing.T) {
	st := libtest.NewState(Open)
	values := rt.NewTableSize(128, 0)
	for i := 1; i <= 50; i++ {
		values.SetInt(i, rt.Number(float64(i)))
	}
	insert, remove := libtest.Function(st, "table.insert"), libtest.Function(st, "table.remove")
	unpack, concat := libtest.Function(st, "table.unpack"), libtest.Function(st, "table.concat")
	call := func(f rt.Value, n int, a1, a2 rt.Value) { rt.Call(st.Main, f, n, values.Value(), a1, a2) }
	call(concat, 1, rt.Value{}, rt.Value{})
	if n := testing.AllocsPerRun(100, func() {
		call(insert, 2, rt.Number(1), rt.Value{})
		call(insert, 3, rt.Number(1), rt.Number(2))
		call(remove, 1, rt.Value{}, rt.Value{})
		call(remove, 2, rt.Number(1), rt.Value{})
		call(unpack, 1, rt.Value{}, rt.Value{})
	}); n != 0 {
		t.Errorf("%v allocations in insert, remove and unpack", n)
	}
	if n := testing.AllocsPerRun(100, func() { call(concat, 1, rt.Value{}, rt.Value{}) }); n > 2 {
		t.Errorf("%v allocations in concat", n)
	}
}
