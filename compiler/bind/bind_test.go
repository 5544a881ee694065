package bind

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/luago-lang/luago/compiler/surface"
)

// runtimeSource is the root folder, where the runtime packages are.
var runtimeSource = os.DirFS("../..")

var update = flag.Bool("update", false, "rewrite testdata/surface_gen.golden")

// load reads a surface file as that of package wsrt.
func load(t *testing.T, text string) *surface.Module {
	t.Helper()
	s, err := surface.Load(fstest.MapFS{"wsrt/surface.lua": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return s.Modules()[0]
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestGenerate(t *testing.T) {
	const golden = "testdata/surface_gen.golden"
	got, err := Generate(load(t, string(readFile(t, "testdata/surface.lua"))))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, readFile(t, golden)) {
		t.Errorf("generated source differs from %s; if that is meant, run go test -update and look at the difference:\n%s", golden, got)
	}
}

// bound returns the modules of the runtime that have generated adapters.
func bound(t *testing.T) []*surface.Module {
	t.Helper()
	s, err := surface.Load(runtimeSource)
	if err != nil {
		t.Fatal(err)
	}
	var ms []*surface.Module
	for _, m := range s.Modules() {
		if isBound(m) {
			ms = append(ms, m)
		}
	}
	if len(ms) == 0 {
		t.Fatal("no surface file of the runtime names a Go function")
	}
	return ms
}

func isBound(m *surface.Module) bool {
	for _, c := range m.Classes {
		for _, f := range c.Methods {
			if f.GoName != "" {
				return true
			}
		}
	}
	return false
}

func TestUpToDate(t *testing.T) {
	for _, m := range bound(t) {
		want, err := Generate(m)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(filepath.FromSlash(m.File))
		got, err := os.ReadFile(filepath.Join("../..", dir, FileName))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date (%v); run go generate . in the root folder", filepath.Join(dir, FileName), err)
		}
	}
}
