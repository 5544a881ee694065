package corpus

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/cmd/luago/verify"
)

// goLua runs a case under go-lua even if it is marked as not for it.
var goLua = flag.Bool("golua", false, "run marked cases under go-lua, too")

// TestGoLua compares the cases with Shopify/go-lua, an independent second
// opinion inside this process. With -update a case that it cannot run, or runs
// otherwise, is marked with the reason; each is tried in a process of its own,
// which may die.
func TestGoLua(t *testing.T) {
	skipShort(t)
	ran := 0
	for _, c := range load(t) {
		if c.Topic() == "errors" || c.Reference != "" || c.Differs != "" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			if *update {
				reason := tryGoLua(t, c)
				if reason != "" && c.GoLua != "" {
					reason = c.GoLua // perhaps somebody has put it better
				}
				if err := c.setGoLua(reason); err != nil {
					t.Error(err)
				}
				return
			}
			if c.GoLua != "" && !*goLua {
				t.Skip("not for go-lua: ", c.GoLua)
			}
			if err := runGoLua(t, c); err != nil {
				t.Errorf("go-lua disagrees: %v", err)
			}
			ran++
		})
	}
	if ran == 0 && !*update && !*goLua && !strings.Contains(flag.Lookup("test.run").Value.String(), "/") {
		t.Error("no case was compared with go-lua")
	}
}

// runGoLua compares a case with go-lua, which has some seconds for it.
func runGoLua(t *testing.T, c *Case) error {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir()) // go-lua leaves its temporary files
	if err := c.Write("."); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		r, err := c.RunGoLua()
		if err == nil && r.Stdout != c.Stdout {
			err = errors.New("prints something else\n" + difference(c.Stdout, r.Stdout))
		}
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		return verify.ErrTimeout
	}
}

var disagrees = regexp.MustCompile(`go-lua disagrees: (.*)`)

// lacks are the usual reasons why go-lua fails.
var lacks = []struct {
	sign *regexp.Regexp
	what string
}{
	{regexp.MustCompile(`\bcoroutine\b`), "it has no coroutines"},
	{regexp.MustCompile(`\b(gsub|gmatch)\b`), "it has no gsub and gmatch"},
	{regexp.MustCompile(`[:.]match\b`), "it has no string.match"},
	{regexp.MustCompile(`[:.]find\b`), "its string.find knows no patterns"},
	{regexp.MustCompile(`\bio\.(open|lines|read|input)`), "its io is incomplete"},
}

// tryGoLua runs a case under go-lua in another process and returns why that
// does not work, or "".
func tryGoLua(t *testing.T, c *Case) string {
	t.Helper()
	if c.Exit != 0 || c.Stdin != "" || c.Args != nil || c.Env != nil {
		return "needs a process of its own"
	}
	topic, name, _ := strings.Cut(c.Name, "/")
	cmd := exec.Command(os.Args[0], "-test.run", "^TestGoLua$/^"+topic+"$/^"+name+"$", "-golua", "-test.v")
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir()) // the case may end it before it has cleaned up
	out, err := cmd.CombinedOutput()
	switch m := disagrees.FindSubmatch(out); {
	case m != nil:
		for _, l := range lacks {
			if l.sign.MatchString(c.Source()) {
				return l.what
			}
		}
		reason, _, _ := strings.Cut(string(m[1]), ": main.lua:")
		return reason
	case !strings.Contains(string(out), "--- PASS: TestGoLua/"+c.Name):
		return "ends the process"
	case err != nil:
		return err.Error()
	}
	return ""
}
