package build

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// toyRuntime is a runtime module small enough to build quickly.
var toyRuntime = fstest.MapFS{
	"go.mod":                {Data: []byte("module example.com/toy\n\ngo 1.26.0\n")},
	"rt/rt.go":              {Data: []byte("package rt\n\nfunc Hello() string { return \"hello\" }\n")},
	"rt/rt_test.go":         {Data: []byte("not Go at all")},
	"rt/testdata/x/file.go": {Data: []byte("not Go either")},
}

func toyCache(t *testing.T, runtime fs.FS) *Cache {
	t.Helper()
	return &Cache{Dir: t.TempDir(), Runtime: runtime, Version: "1.2.3"}
}

// keyOf returns the key of a program with the source text.
func keyOf(t *testing.T, text string) *Key {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	k.AddSource("x.lua", []byte(text))
	return k
}

func mainFile(body string) []File {
	return []File{{"main.go", []byte("package main\n\nimport \"example.com/toy/rt\"\n\nfunc main() { " + body + " }\n")}}
}

func TestBuild(t *testing.T) {
	c := toyCache(t, toyRuntime)
	key := keyOf(t, "one")
	if p := c.Lookup(key); p != nil {
		t.Fatalf("Lookup in an empty cache = %v", p)
	}
	p, err := c.Build(context.Background(), key, mainFile("println(rt.Hello())"), []byte("a warning\n"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(p.Path).CombinedOutput()
	if err != nil || string(out) != "hello\n" {
		t.Errorf("program: %v, output %q", err, out)
	}
	again := c.Lookup(keyOf(t, "one"))
	if again == nil || again.Path != p.Path || string(again.Warnings) != "a warning\n" {
		t.Errorf("Lookup after Build = %v, want the program and its warning", again)
	}
	if left, _ := os.ReadDir(filepath.Join(c.Dir, "tmp")); len(left) != 0 {
		t.Errorf("work in progress left behind: %v", left)
	}
	tests, err := filepath.Glob(filepath.Join(c.Dir, "runtime", "*", "rt", "*"))
	if err != nil || len(tests) != 1 {
		t.Errorf("runtime folder holds %v, want rt.go only", tests)
	}
	info, err := buildinfo.ReadFile(p.Path)
	if want := fmt.Sprintf("example.com/toy/program/v1.2.3/%x", sha256.Sum256([]byte("one"))); err != nil || info.Path != want {
		t.Errorf("the binary says it is %v (%v), want %s", info, err, want)
	}
}

// A binary that is in the cache is found without Go.
func TestLookupWithoutGo(t *testing.T) {
	c := toyCache(t, toyRuntime)
	p, err := c.Build(context.Background(), keyOf(t, "one"), mainFile("rt.Hello()"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir())
	if again := c.Lookup(keyOf(t, "one")); again == nil || again.Path != p.Path {
		t.Errorf("Lookup without Go = %v, want %v", again, p)
	}
	if other := c.Lookup(keyOf(t, "two")); other != nil {
		t.Errorf("Lookup of another program = %v", other)
	}
}

// Two copies of luago in two places make the same binary.
func TestReproducible(t *testing.T) {
	var first []byte
	for i := range 2 {
		key := keyOf(t, "one")
		key.Add("another luago", []byte{byte(i)})
		p, err := toyCache(t, toyRuntime).Build(context.Background(), key, mainFile("println(rt.Hello())"), nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(p.Path)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = data
		} else if !bytes.Equal(data, first) {
			t.Error("the binaries differ")
		}
	}
}

// What a runtime requires of others goes with it.
func TestBuildVendored(t *testing.T) {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for name, text := range map[string]string{
		"go.mod": "module example.org/other\n", "LICENSE": "as you like",
		"other.go": "package other\n\nconst Word = \"other\"\n", "other_test.go": "no Go",
		"../../outside.go": "package outside\n",
	} {
		f, err := w.Create("example.org/other@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c := toyCache(t, fstest.MapFS{
		"go.mod":   {Data: []byte("module example.com/toy\n\ngo 1.26.0\n\nrequire example.org/other v1.0.0\n")},
		"rt/rt.go": {Data: []byte("package rt\n\nimport \"example.org/other\"\n\nfunc Hello() string { return other.Word }\n")},

		"modules/example.org/other@v1.0.0.zip": {Data: archive.Bytes()},
		"modules/modules.txt":                  {Data: []byte("# example.org/other v1.0.0\n## explicit\nexample.org/other\n")},
	})
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	p, err := c.Build(context.Background(), keyOf(t, "one"), mainFile("println(rt.Hello())"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(p.Path).CombinedOutput(); err != nil || string(out) != "other\n" {
		t.Errorf("program: %v, output %q", err, out)
	}
	files, err := filepath.Glob(filepath.Join(c.Dir, "runtime", "*", "vendor", "example.org", "other", "*"))
	if err != nil || len(files) != 2 {
		t.Errorf("the runtime folder holds %v, want the package and its licence", files)
	}
	if outside, _ := filepath.Glob(filepath.Join(c.Dir, "runtime", "*", "vendor", "outside.go")); len(outside) > 0 {
		t.Error("a file outside of its module was written")
	}
}

// Several luago commands may build the same script at the same time.
func TestBuildParallel(t *testing.T) {
	c := toyCache(t, toyRuntime)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			p, err := (&Cache{Dir: c.Dir, Runtime: c.Runtime}).Build(context.Background(), keyOf(t, "one"), mainFile("println(rt.Hello())"), nil)
			if err != nil {
				t.Error(err)
				return
			}
			if out, err := exec.Command(p.Path).CombinedOutput(); err != nil || string(out) != "hello\n" {
				t.Errorf("program: %v, output %q", err, out)
			}
		})
	}
	wg.Wait()
}

func TestBuildIgnoresUserSettings(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=vendor -nosuchflag")
	t.Setenv("GOWORK", filepath.Join(t.TempDir(), "go.work"))
	t.Setenv("GO111MODULE", "off")
	if _, err := toyCache(t, toyRuntime).Build(context.Background(), keyOf(t, "one"), mainFile("println(rt.Hello())"), nil); err != nil {
		t.Error(err)
	}
}

func TestBuildErrors(t *testing.T) {
	build := func(c *Cache, body string) error {
		_, err := c.Build(context.Background(), keyOf(t, "one"), mainFile(body), nil)
		return err
	}
	var goErr *GoError

	err := build(toyCache(t, toyRuntime), "println(rt.Nothing())")
	if !errors.As(err, &goErr) || !goErr.Generated || !strings.Contains(err.Error(), "undefined: rt.Nothing") {
		t.Errorf("wrong generated code: %v", err)
	}

	modless := fstest.MapFS{"go.mod": toyRuntime["go.mod"], "rt/rt.go": {Data: []byte("package rt\n\nimport _ \"example.org/nowhere\"\n")}}
	t.Setenv("GOPROXY", "off")
	err = build(toyCache(t, modless), "")
	if !errors.As(err, &goErr) || goErr.Generated {
		t.Errorf("missing module: %v", err)
	}

	t.Setenv("PATH", t.TempDir())
	if err := build(toyCache(t, toyRuntime), ""); !errors.Is(err, ErrNoGo) {
		t.Errorf("without go: %v", err)
	}
}

func TestKey(t *testing.T) {
	sum := func(add ...string) string {
		t.Helper()
		k := keyOf(t, "text")
		for _, s := range add {
			k.Add(s, []byte("data"))
		}
		return k.entry()
	}
	base := sum("a")
	if sum("a") != base {
		t.Error("equal keys differ")
	}
	if sum("b") == base || sum("a", "a") == base {
		t.Error("different settings, equal keys")
	}
	if keyOf(t, "text").entry() == keyOf(t, "another text").entry() {
		t.Error("different sources, equal keys")
	}
	t.Setenv("GOARCH", "arm64")
	if sum("a") == base {
		t.Error("different architectures, equal keys")
	}
}

func TestPrune(t *testing.T) {
	c := toyCache(t, toyRuntime)
	now := time.Now()
	mk := func(name string, age time.Duration) string {
		t.Helper()
		dir := filepath.Join(c.Dir, name)
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "program"), make([]byte, 1000), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	exists := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	young, old := mk("bin/young", time.Hour), mk("bin/old", maxAge+time.Hour)
	stale, fresh := mk("tmp/stale", 2*tmpAge), mk("tmp/fresh", 0)
	c.prune(now)
	if !exists(young) || exists(old) || exists(stale) || !exists(fresh) {
		t.Errorf("after pruning: young %v, old %v, stale %v, fresh %v", exists(young), exists(old), exists(stale), exists(fresh))
	}
	first, second, third := mk("bin/first", time.Minute), mk("bin/second", 2*time.Minute), mk("bin/third", 3*time.Minute)
	keepRecent(filepath.Join(c.Dir, "bin"), now.Add(-maxAge), 2500, folderSize)
	if !exists(first) || !exists(second) || exists(third) || exists(young) {
		t.Errorf("of 4,000 bytes, 2,500 allowed: first %v, second %v, third %v, young %v",
			exists(first), exists(second), exists(third), exists(young))
	}
	keepRecent(filepath.Join(c.Dir, "bin"), now.Add(-maxAge), 10, folderSize)
	if !exists(first) || exists(second) {
		t.Error("a program larger than the cache was not kept alone")
	}
	size, err := c.Clean()
	if err != nil || size != 2000 || exists(first) || exists(fresh) {
		t.Errorf("Clean = %d, %v; want 2000 bytes, and nothing left", size, err)
	}
}

func TestLog(t *testing.T) {
	var log bytes.Buffer
	c := toyCache(t, toyRuntime)
	c.Log = &log
	if _, err := c.Build(context.Background(), keyOf(t, "one"), mainFile("println(rt.Hello())"), nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "go build: ") {
		t.Errorf("log = %q", log.String())
	}
}

func TestGoError(t *testing.T) {
	for _, tt := range []struct {
		output    string
		generated bool
	}{
		{"# github.com/luago-lang/luago/program/p1\n../x.go:8:2: os redeclared in this block", true},
		{"program/p1/x.go:8:2: cannot find module providing package github.com/luago-lang/luago/rt/lib/x: import lookup disabled by -mod=readonly", true},
		{"wsrt/conn.go:5:2: github.com/gorilla/websocket@v1.5.3: module lookup disabled by GOPROXY=off", false},
		{"# github.com/luago-lang/luago/wsrt\nwsrt/x.go:1:1: undefined: y", false},
		{"go: go.mod requires go >= 1.26.0 (running go 1.25.1; GOTOOLCHAIN=local)", false},
		{"# github.com/luago-lang/luago/program/p1\nlink: flushing: no space left on device", false},
	} {
		if got := goError(tt.output).Generated; got != tt.generated {
			t.Errorf("generated code to blame: %v\n%s", got, tt.output)
		}
	}
}
