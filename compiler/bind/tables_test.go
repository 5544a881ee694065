package bind

import (
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/json"
	"github.com/luago-lang/luago/rt/lib/omega"
)

// The modules whose functions are reached through their tables only have the
// functions that they declare, and no others.
func TestTables(t *testing.T) {
	s, err := surface.Load(runtimeSource)
	if err != nil {
		t.Fatal(err)
	}
	st := rt.NewState(nil, nil)
	json.Open(st)
	omega.Open(st)
	for _, name := range []string{"json", "omega"} {
		m := s.Module(name)
		if m == nil || isBound(m) {
			t.Errorf("module %s is not declared, or bound", name)
			continue
		}
		v, _ := rt.CallValues(st.Main, st.Preload.GetString(name), rt.NewString(name))
		compareTable(t, name, m.Class, v)
	}
}

// compareTable compares a class with a table of it.
func compareTable(t *testing.T, name string, c *surface.Class, v rt.Value) {
	t.Helper()
	if !v.IsTable() {
		t.Errorf("%s is no table", name)
		return
	}
	var got []string
	for k, x, ok := v.Table().Next(rt.Value{}); ok && !k.IsNil(); k, x, ok = v.Table().Next(k) {
		key, _ := rt.ToString(k)
		got = append(got, key)
		if f := c.Field(key); f != nil && f.Kind == surface.Host {
			compareTable(t, name+"."+key, f.Class, x)
		} else if f == nil && !x.IsFunction() {
			t.Errorf("%s.%s is declared as a function and is none", name, key)
		}
	}
	want := c.Names()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s has %s, declared are %s", name, strings.Join(got, " "), strings.Join(want, " "))
	}
}
