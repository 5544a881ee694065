package build

import (
	"bytes"
	"context"
	"errors"
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
	return &Cache{Dir: t.TempDir(), Runtime: runtime}
}

func mainFile(body string) []File {
	return []File{{"main.go", []byte("package main\n\nimport \"example.com/toy/rt\"\n\nfunc main() { " + body + " }\n")}}
}

func TestBuild(t *testing.T) {
	c := toyCache(t, toyRuntime)
	if p := c.Lookup("p1"); p != nil {
		t.Fatalf("Lookup in an empty cache = %v", p)
	}
	p, err := c.Build(context.Background(), "p1", mainFile("println(rt.Hello())"), []byte("a warning\n"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(p.Path).CombinedOutput()
	if err != nil || string(out) != "hello\n" {
		t.Errorf("program: %v, output %q", err, out)
	}
	again := c.Lookup("p1")
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
}

// Several luago commands may build the same script at the same time.
func TestBuildParallel(t *testing.T) {
	c := toyCache(t, toyRuntime)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			p, err := (&Cache{Dir: c.Dir, Runtime: c.Runtime}).Build(context.Background(), "p1", mainFile("println(rt.Hello())"), nil)
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
	if _, err := toyCache(t, toyRuntime).Build(context.Background(), "p1", mainFile("println(rt.Hello())"), nil); err != nil {
		t.Error(err)
	}
}

func TestBuildErrors(t *testing.T) {
	build := func(c *Cache, body string) error {
		_, err := c.Build(context.Background(), "p1", mainFile(body), nil)
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
	if _, err := NewKey(); !errors.Is(err, ErrNoGo) {
		t.Errorf("key without go: %v", err)
	}
}

func TestKey(t *testing.T) {
	sum := func(add ...string) string {
		t.Helper()
		k, err := NewKey()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range add {
			k.Add(s, []byte("data"))
		}
		return k.Sum()
	}
	base := sum("a")
	if sum("a") != base {
		t.Error("equal keys differ")
	}
	if sum("b") == base || sum("a", "a") == base {
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
		if err := os.Chtimes(dir, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	young, old := mk("bin/young", time.Hour), mk("bin/old", maxAge+time.Hour)
	stale, fresh := mk("tmp/stale", 2*tmpAge), mk("tmp/fresh", 0)
	exists := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	c.prune(now)
	if !exists(young) || exists(old) || exists(stale) || !exists(fresh) {
		t.Errorf("after pruning: young %v, old %v, stale %v, fresh %v", exists(young), exists(old), exists(stale), exists(fresh))
	}
	old = mk("bin/old", maxAge+time.Hour)
	c.prune(now.Add(time.Hour))
	if !exists(old) {
		t.Error("pruned twice within a day")
	}
	pruneDir(filepath.Join(c.Dir, "bin"), now, 2*maxAge, 1)
	if !exists(young) || exists(old) {
		t.Error("pruning to one entry did not keep the youngest")
	}
}

func TestLog(t *testing.T) {
	var log bytes.Buffer
	c := toyCache(t, toyRuntime)
	c.Log = &log
	if _, err := c.Build(context.Background(), "p1", mainFile("println(rt.Hello())"), nil); err != nil {
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
