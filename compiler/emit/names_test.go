package emit

import (
	"go/token"
	"strings"
	"testing"

	"github.com/luago-lang/luago"
	"github.com/luago-lang/luago/compiler/surface"
)

// TestNames checks that no name of a Lua variable can be one that emit makes up,
// and that all are identifiers of Go in ASCII, unique in their scope.
func TestNames(t *testing.T) {
	lua := strings.Fields(`x self _ __ _1 t1 t2 t t_2 l_t1 l_l_t1 n1 it7 ok1 shape1 shape shape1x tab1 tb1 varargs1 again2
		k_x k_ k g_print g fn_f fn call_f L_x chunk chunkMain chunky load loadMain loader proto proto1 protocol
		ck th rt p nargs nil_ string len func type init main program frame own blank blank_ Program x_2 x_2_2 true_
		interface iota append float64 wsrt json omega NaN _ENV _G `)
	s := newScope("own", "frame")
	seen := map[string]bool{}
	check := func(name string, madeUp bool) {
		t.Helper()
		if !token.IsIdentifier(name) || strings.Trim(name, "_") == "" {
			t.Errorf("%q is no name in Go", name)
		}
		for _, c := range name {
			if c >= 0x80 {
				t.Errorf("%q is not ASCII", name)
			}
		}
		if isMadeUp(name) != madeUp || !madeUp && s.own[name] {
			t.Errorf("%s has the form of a name that emit makes up: %t, want %t", name, !madeUp, madeUp)
		}
		if seen[name] {
			t.Errorf("%s stands for two things", name)
		}
		seen[name] = true
	}
	for range 3 { // the later ones are hidden or hide
		for _, name := range lua {
			check(s.local(name), false)
		}
		for prefix := range numbered {
			check(s.numbered(prefix), true)
		}
		for _, text := range append(lua, "", "2", "ünï", "a b", "A B", "x-y", "x.y", strings.Repeat("long", 99)) {
			for prefix := range labelled {
				check(s.name(prefix, text), true)
			}
			for prefix := range titled {
				check(s.name(prefix, text), true)
			}
		}
	}
}

// TestPackageNames checks that no Lua variable hides a package whose types emitted
// code names.
func TestPackageNames(t *testing.T) {
	s, err := surface.Load(luago.RuntimeSource)
	if err != nil {
		t.Fatal(err)
	}
	classes := 0
	for _, m := range s.Modules() {
		for _, c := range m.Classes {
			if classes++; c.IsHost() && !fixed[m.PkgName()] {
				t.Errorf("%s, the package of %s, is not among the fixed names", m.PkgName(), c.Name)
			}
		}
	}
	if classes == 0 {
		t.Error("no classes")
	}
}
