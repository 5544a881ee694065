package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago"
	"github.com/luago-lang/luago/compiler"
	"github.com/luago-lang/luago/compiler/build"
)

// What "make build" compiles for luago itself, the standard library and the
// runtime, is not compiled again for a script.
func TestSharesCompiledPackages(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a go build")
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var settings []string
	for _, name := range []string{"GOFLAGS", "CGO_ENABLED"} {
		m := regexp.MustCompile(`(?m)^export ` + name + `\s*:= (?:\$\(.*\) )?(.*)$`).FindSubmatch(makefile)
		if m == nil {
			t.Fatalf("the Makefile does not export %s", name)
		}
		settings = append(settings, name+"="+string(m[1]))
	}
	cmd := exec.Command("go", "build", "-o", os.DevNull, "-buildvcs=false", "./cmd/luago")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), settings...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s go build: %v\n%s", strings.Join(settings, " "), err, out)
	}

	script := filepath.Join(t.TempDir(), "x.lua")
	if err := os.WriteFile(script, []byte(`require("coromega").from(require("omega"))`), 0o666); err != nil {
		t.Fatal(err)
	}
	var stages []build.Stage
	cache := &build.Cache{
		Dir: t.TempDir(), Runtime: luago.RuntimeSource, Version: luago.Version,
		Progress: func(s build.Stage) { stages = append(stages, s) },
	}
	if _, err := compiler.Build(context.Background(), options(script, "main"), cache); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(stages, []build.Stage{build.MainPackage}) {
		t.Errorf("go build compiled at the stages %v, want the script only (%v)", stages, build.MainPackage)
	}
}
