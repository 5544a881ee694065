package pkglib

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

// require calls require and returns the module, or the error.
func require(st *rt.State, name string) (v rt.Value, problem string) {
	v, _, err := rt.PCall(st.Main, libtest.Function(st, "require"), 1, rt.NewString(name), rt.Value{}, rt.Value{})
	if err != nil {
		return v, err.Error()
	}
	return v, ""
}

// loader returns a module loader that counts its runs and returns v.
func loader(runs *int, v rt.Value) rt.Value {
	return rt.NewGoFunction("loader", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		*runs++
		if v.IsNil() {
			return rt.NewString(a0.String() + " " + a1.String()), 1
		}
		return v, 1
	})
}

func TestRequire(t *testing.T) {
	st := libtest.NewState(Open)
	runs := 0
	st.RegisterModule("compiled", "dir/compiled.lua", loader(&runs, rt.Value{}))
	st.Preload.SetString("preloaded", loader(&runs, rt.NewTable().Value()))
	for i := 0; i < 2; i++ {
		if v, problem := require(st, "compiled"); problem != "" || v.String() != "compiled dir/compiled.lua" {
			t.Errorf("require gives %v, %s", v, problem)
		}
		if v, problem := require(st, "preloaded"); problem != "" || !v.IsTable() {
			t.Errorf("require gives %v, %s", v, problem)
		}
	}
	if runs != 2 {
		t.Errorf("the loaders ran %d times", runs)
	}
	none := rt.NewGoFunction("none", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) { return rt.Value{}, 0 })
	st.Preload.SetString("none", none)
	if v, _ := require(st, "none"); !v.IsTrue() {
		t.Errorf("a module without value gives %v", v)
	}
}

func TestRequireFailures(t *testing.T) {
	st := libtest.NewState(Open)
	pkg := libtest.Function(st, "package").Table()
	dir := t.TempDir()
	pkg.SetString("path", rt.NewString(dir+"/?.lua;"+dir+"/?/init.lua"))
	want := "module 'a.b' not found:\n\tno field package.preload['a.b']\n\tno file '" + filepath.Join(dir, "a", "b.lua") + "'\n\tno file '" + dir + "/a/b/init.lua'"
	if _, problem := require(st, "a.b"); problem != want {
		t.Errorf("got %s\nwant %s", problem, want)
	}
	file := filepath.Join(dir, "found.lua")
	if err := os.WriteFile(file, []byte("return 1"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, problem := require(st, "found"); !strings.Contains(problem, "error loading module 'found' from file '"+file+"':\n\trequire: this program was compiled without the evaluator") {
		t.Errorf("got %s", problem)
	}
	defer func() { rt.Load = nil }()
	rt.Load = func(st *rt.State, text, name string, env rt.Value) (rt.Value, string) {
		if text == "bad" {
			return rt.Value{}, "syntax error"
		}
		return loader(new(int), rt.NewString(name+" "+text)), ""
	}
	if v, problem := require(st, "found"); v.String() != "@"+file+" return 1" {
		t.Errorf("with evaluator: %v, %s", v, problem)
	}
	pkg.SetString("path", rt.Number(1))
	if _, problem := require(st, "x"); !strings.Contains(problem, "no file '1'") {
		t.Errorf("got %s", problem)
	}
	pkg.SetString("searchers", rt.Value{})
	if _, problem := require(st, "x"); problem != "'package.searchers' must be a table" {
		t.Errorf("got %s", problem)
	}
}

func TestAgainstReference(t *testing.T) {
	libtest.Compare(t, Open, []libtest.Call{
		libtest.Of("package.searchpath", "no.such", "./?.lua;/x/?.lua"), libtest.Of("package.searchpath", "a-b", "?;?.x", "-", "+"), libtest.Of("package.searchpath", "etc.passwd", "/?"), libtest.Of("package.searchpath", "x"),
		libtest.Of("require"), libtest.Of("package.loadlib", "x"),
	})
}

func TestInitialPath(t *testing.T) {
	t.Setenv("LUA_PATH", "./lib/?.lua;;")
	if got := InitialPath(); got != "./lib/?.lua;"+defaultPath {
		t.Errorf("path %q", got)
	}
	t.Setenv("LUA_PATH_5_2", "only/?.lua")
	if got := InitialPath(); got != "only/?.lua" {
		t.Errorf("path %q", got)
	}
}

func TestModule(t *testing.T) {
	st := libtest.NewState(Open)
	_, _, err := rt.PCall(st.Main, libtest.Function(st, "module"), 1, rt.NewString("m"), rt.Value{}, rt.Value{})
	if err == nil || !strings.Contains(err.Error(), "write 'local M = {}'") {
		t.Errorf("module: %v", err)
	}
}
