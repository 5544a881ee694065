package corpus

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago/cmd/luago/verify"
)

// luago builds the luago command and returns its path.
func luago(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("takes a go build of luago")
	}
	path := filepath.Join(t.TempDir(), "luago")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/luago")
	cmd.Dir = module
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build ./cmd/luago: %v\n%s", err, out)
	}
	return path
}

// TestErrors runs luago build over the cases that must not compile, and
// compares what it says, to the last caret. The reference must reject them,
// too, unless it cannot know what is wrong. With -update the diagnostics are
// written into the cases: they are luago's own, so read them before you commit
// them.
func TestErrors(t *testing.T) {
	cases := slices.DeleteFunc(load(t), func(c *Case) bool { return c.Topic() != "errors" })
	if len(cases) == 0 {
		t.Fatal("there are no cases in errors")
	}
	command := luago(t)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			dir := t.TempDir()
			if err := c.Write(dir); err != nil {
				t.Fatal(err)
			}
			r, err := c.Run(dir, *limit, command, "build", "-o", filepath.Join(dir, "out"), "main.lua")
			if err != nil {
				t.Fatal(err)
			}
			if r.Exit != 2 {
				t.Errorf("exit status %d, expected 2", r.Exit)
			}
			if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
				t.Error("an executable was written")
			}
			if c.Stdout != "" || r.Stdout != "" {
				t.Errorf("stdout %q", r.Stdout)
			}
			if *update {
				if err := c.updateStderr(r.Stderr); err != nil {
					t.Error(err)
				}
				return
			}
			if !c.HasStderr || r.Stderr != c.Stderr {
				t.Errorf("stderr differs:\n%s", difference(c.Stderr, r.Stderr))
			}
		})
	}
}

// TestErrorsReference checks that the reference rejects what luago rejects. It
// compares no lines: the reference stops at its first error, and may see it
// later.
func TestErrorsReference(t *testing.T) {
	skipShort(t)
	if _, err := FindReference(); err != nil {
		t.Skip("the diagnostics are not compared: ", err)
	}
	for _, c := range load(t) {
		if c.Topic() != "errors" || c.Reference != "" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			r, err := c.RunReference(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if r.Exit != 1 || !strings.HasPrefix(verify.CleanStderr(r.Stderr), "luago: ") {
				t.Errorf("the reference accepts it: status %d, %s", r.Exit, r.Stderr)
			}
		})
	}
}
