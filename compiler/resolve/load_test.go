package resolve

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

// load loads a script from a map of files.
func load(t *testing.T, tree map[string]string, script string, opts Options) (*Program, *diag.Sink) {
	t.Helper()
	opts.ReadFile = func(name string) ([]byte, error) {
		if text, ok := tree[filepath.ToSlash(filepath.Clean(name))]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	opts.ReadDir = func(name string) ([]string, error) {
		var names []string
		for file := range tree {
			if rest, ok := strings.CutPrefix(file, filepath.ToSlash(filepath.Clean(name))+"/"); ok {
				entry, _, _ := strings.Cut(rest, "/")
				names = append(names, entry)
			}
		}
		return names, nil
	}
	var files diag.Files
	var sink diag.Sink
	program, err := Load(&files, script, opts, &sink)
	if err != nil {
		t.Fatal(err)
	}
	return program, &sink
}

// modules returns what a program consists of: name=path of each module, and
// the names that are left to run time.
func modules(p *Program) string {
	var list []string
	for _, m := range p.Modules {
		list = append(list, m.Name+"="+m.Path)
	}
	for _, r := range p.Unresolved {
		list = append(list, "?"+r.Name)
	}
	return strings.Join(list, " ")
}

func TestLoad(t *testing.T) {
	tree := map[string]string{
		"main.lua":           `require "a" require "b"`,
		"a.lua":              `require "c" require "main2"`,
		"b.lua":              `require "a" require "sub.d" require "pkg"`,
		"c.lua":              `require "b" require "missing"`,
		"main2.lua":          ``,
		"sub/d.lua":          `require "sub.e"`,
		"sub/e.lua":          ``,
		"pkg/init.lua":       ``,
		"self.lua":           `require "self"`,
		"hosts.lua":          `require "omega" require "json" require "string" require "_G"`,
		"strange.lua":        "require '' require '\\0' require '../x'",
		"path.lua":           `package.path = "lib/?.lua;" .. package.path; require "f" require "a"`,
		"lib/f.lua":          ``,
		"lib/a.lua":          ``,
		"format.lua":         `package.path = ("%s;%s"):format(package.path, omega.storage_path.get_code_path("Loader", "?.lua")) require "g"`,
		"store/Loader/g.lua": ``,
		"dynamic.lua":        `package.path = f() .. package.path; package.path = "lib/?.lua" local package = {}; package.path = "" require "f"`,
		"flag.lua":           `require "f"`,
		"once.lua":           `require "missing" require "missing"`,
		"dir/main.lua":       `require "near" require "c2" require "a2"`,
		"dir/near.lua":       ``,
		"dir/c2.lua":         ``,
		"c2.lua":             ``,
		"a2.lua":             ``,
		"family.lua":         `require("sub." .. n) pcall(require, "more.x" .. n .. ".y") require("lib." .. n)`,
		"near.lua":           `require("lib." .. n) require(n .. "sub.") require("pkg" .. n) require("sub." + n)`,
		"more/x1.lua":        `require "more.y"`,
		"more/x2/init.lua":   ``,
		"more/x3.lua":        `=`,
		"more/x4.x.lua":      ``,
		"more/x5.txt":        ``,
		"more/x6/y.lua":      ``,
		"more/y.lua":         ``,
		"dir/lib/n.lua":      `require("sub." .. n)`,
		"dir/family.lua":     `require "lib.n" require("lib." .. n)`,
	}
	codePath := func(parts ...string) string { return "store/" + strings.Join(parts, "/") }
	for _, c := range []struct {
		script string
		opts   Options
		want   string
	}{
		{"main2.lua", Options{}, ""},
		{"main.lua", Options{}, "a=./a.lua c=./c.lua b=./b.lua sub.d=./sub/d.lua sub.e=./sub/e.lua pkg=./pkg/init.lua main2=./main2.lua ?missing"},
		{"self.lua", Options{}, "self=./self.lua"}, // the script and the module are two runs of one file
		{"hosts.lua", Options{Hosts: []string{"omega", "json"}}, ""},
		{"hosts.lua", Options{}, "?omega ?json"},
		{"strange.lua", Options{}, "? ?\x00 ?../x"},
		{"path.lua", Options{}, "f=lib/f.lua a=lib/a.lua"},
		{"format.lua", Options{}, "?g"},
		{"format.lua", Options{CodePath: codePath}, "g=store/Loader/g.lua"},
		{"dynamic.lua", Options{}, "f=lib/f.lua"},
		{"flag.lua", Options{}, "?f"},
		{"flag.lua", Options{Path: []string{"none/?.lua", "lib/?.lua"}}, "f=lib/f.lua"},
		{"once.lua", Options{}, "?missing ?missing"},
		{"dir/main.lua", Options{}, "near=dir/near.lua c2=dir/c2.lua a2=./a2.lua"},
		{"./main2.lua", Options{}, ""},
		{"family.lua", Options{}, "sub.d=./sub/d.lua sub.e=./sub/e.lua more.x1=./more/x1.lua more.y=./more/y.lua " +
			"more.x2=./more/x2/init.lua lib.a=./lib/a.lua lib.f=./lib/f.lua"},
		{"near.lua", Options{}, "lib.a=./lib/a.lua lib.f=./lib/f.lua"},
		{"dir/family.lua", Options{}, "lib.n=dir/lib/n.lua sub.d=./sub/d.lua sub.e=./sub/e.lua lib.a=./lib/a.lua lib.f=./lib/f.lua"},
	} {
		program, sink := load(t, tree, c.script, c.opts)
		if got := modules(program); got != c.want || sink.HasErrors() {
			t.Errorf("%s\n got %s\nwant %s\n%d errors", c.script, got, c.want, sink.ErrorCount())
		}
		if m := program.Main; m.Path != c.script || m.Name != "" || m.Info.Chunk.Name != c.script || m.Info.Chunk.File != 0 {
			t.Errorf("%s: main module %q, %q", c.script, m.Path, m.Info.Chunk.Name)
		}
		for _, m := range program.Modules {
			if f := program.Files.File(m.Info.Chunk.File); m.Info.Chunk.Name != f.Name || filepath.FromSlash(f.Name) != m.Path {
				t.Errorf("%s: module %s is file %d", c.script, m.Name, m.Info.Chunk.File)
			}
		}
	}
}

// TestLoadErrors checks that a mistake in one module does not hide those of
// another, and is no more than a warning.
func TestLoadErrors(t *testing.T) {
	program, sink := load(t, map[string]string{
		"main.lua": `require "a" require "b" require "c"`,
		"a.lua":    "x = =",
		"b.lua":    "goto l",
		"c.lua":    "",
	}, "main.lua", Options{})
	var b strings.Builder
	if err := sink.Render(&b, program.Files); err != nil {
		t.Fatal(err)
	}
	want := `./a.lua:1:5: warning: expected expression, found '='
  x = =
      ^
note: the program is compiled without module 'a'; require raises the error
./b.lua:1:6: warning: no visible label 'l'
  goto l
       ^
note: the program is compiled without module 'b'; require raises the error
`
	if got := b.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(program.Modules) != 1 || len(program.Broken) != 2 {
		t.Errorf("%d modules and %d broken ones", len(program.Modules), len(program.Broken))
	}
}

// TestLoadDisk reads real files, beside a script in a folder with an unusual
// name, and from the current folder.
func TestLoadDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a ? 你好")
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("main.lua", `require "m" require "folder" require "p.q" require "here"`)
	write("m.lua", "")
	write("folder.lua/x", "") // a folder is no module
	write("p/q/init.lua", "")
	write("cwd/here.lua", "")
	t.Chdir(filepath.Join(dir, "cwd"))
	for _, script := range []string{filepath.Join(dir, "main.lua"), filepath.Join("..", "main.lua")} {
		var files diag.Files
		var sink diag.Sink
		program, err := Load(&files, script, Options{}, &sink)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.ToSlash(filepath.Dir(script))
		want := "m=" + at + "/m.lua p.q=" + at + "/p/q/init.lua here=./here.lua ?folder"
		if got := filepath.ToSlash(modules(program)); got != want {
			t.Errorf("%s\n got %s\nwant %s", script, got, want)
		}
	}
	var sink diag.Sink
	if _, err := Load(new(diag.Files), "absent.lua", Options{}, &sink); err == nil || sink.HasErrors() {
		t.Errorf("absent script: %v, %d messages", err, len(sink.All()))
	}
}
