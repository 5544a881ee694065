package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestLog shows packages in the order in which they end, with what failed tests
// said, and nothing of the others.
func TestLog(t *testing.T) {
	var out bytes.Buffer
	l := newLog(&out, false)
	l.follow(strings.NewReader(`{"Action":"build-output","ImportPath":"m/x","Output":"# m/x\n"}
{"Action":"start","Package":"m/slow"}
{"Action":"start","Package":"m/quick"}
{"Action":"run","Package":"m/slow","Test":"TestA"}
{"Action":"output","Package":"m/slow","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"m/slow","Test":"TestA","Output":"    a_test.go:1: wrong\n"}
{"Action":"output","Package":"m/quick","Test":"TestB","Output":"fine\n"}
{"Action":"pass","Package":"m/quick","Test":"TestB"}
{"Action":"output","Package":"m/quick","Output":"PASS\n"}
{"Action":"output","Package":"m/quick","Output":"ok  \tm/quick\t0.1s\n"}
{"Action":"pass","Package":"m/quick","Elapsed":0.1}
{"Action":"output","Package":"m/slow","Test":"TestC","Output":"fine, too\n"}
{"Action":"pass","Package":"m/slow","Test":"TestC"}
{"Action":"fail","Package":"m/slow","Test":"TestA"}
{"Action":"output","Package":"m/slow","Output":"FAIL\tm/slow\t2s\n"}
{"Action":"fail","Package":"m/slow","Elapsed":2}
no event
`))
	const want = "# m/x\nok  \tm/quick\t0.1s\n    a_test.go:1: wrong\nFAIL\tm/slow\t2s\nno event\n"
	if out.String() != want {
		t.Errorf("shown:\n%s\nwant:\n%s", out.String(), want)
	}
}

// A reader that gives its text after a while, and ends after another.
type slowReader struct{ text string }

func (r *slowReader) Read(p []byte) (int, error) {
	time.Sleep(1400 * time.Millisecond)
	n := copy(p, r.text)
	r.text = r.text[n:]
	if n == 0 {
		return 0, os.ErrClosed
	}
	return n, nil
}

func TestLogTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		l := newLog(&out, true)
		l.follow(&slowReader{`{"Action":"run","Package":"github.com/o/m/corpus","Test":"TestA/b"}` + "\n"})
		blank := func(s string) string { return "\r" + strings.Repeat(" ", len(s)) + "\r" }
		one, two := "1 s: compiling", "2 s: m/corpus TestA/b (0 done)"
		if want := one + blank(one) + two + blank(two); out.String() != want {
			t.Errorf("shown %q, want %q", out.String(), want)
		}
	})
}

// The script with which make waits passes on what the command does, and says
// nothing where that is quick.
func TestWaiting(t *testing.T) {
	cmd := exec.Command("sh", "../../.ci/waiting", "compiling", "sh", "-c", "echo \"$1\"; exit 3", "x", "two words")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if cmd.ProcessState.ExitCode() != 3 || out.String() != "two words\n" || errs.Len() > 0 {
		t.Errorf("%v, output %q, %q", err, out.String(), errs.String())
	}
}

// TestRun runs go test over a module that fails.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":         "module m\n\ngo 1.26.0\n",
		"good/a_test.go": "package good\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n",
		"bad/a_test.go":  "package bad\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { t.Error(\"wrong\") }\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("GOFLAGS", "-trimpath")
	var out bytes.Buffer
	status, err := run(&out, false, []string{"./..."})
	if err != nil || status != 1 {
		t.Errorf("status %d, %v; want 1", status, err)
	}
	for _, want := range []string{"ok  \tm/good\t", "a_test.go:5: wrong\n", "FAIL\tm/bad", "2 packages in ", "FAILED: m/bad\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("not shown: %q\n%s", want, out.String())
		}
	}
	if status, err := run(&out, false, []string{"./good"}); err != nil || status != 0 {
		t.Errorf("status %d, %v; want 0", status, err)
	}
}
