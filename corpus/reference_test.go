package corpus

import (
	"errors"
	"flag"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/cmd/luago/verify"
)

// update is what `make update` sets.
var update = flag.Bool("update", false, "write what the reference prints into the cases")

// load returns every case.
func load(t testing.TB) []*Case {
	t.Helper()
	cases, err := Load(".")
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestReference holds every expectation against the reference interpreter, so
// that none can stem from our own output.
func TestReference(t *testing.T) {
	skipShort(t)
	if _, err := FindReference(); err != nil {
		t.Skip("the expectations are not compared: ", err)
	}
	for _, c := range load(t) {
		if c.Topic() == "errors" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if c.Reference != "" {
				if *update {
					return
				}
				t.Skip("no reference: ", c.Reference)
			}
			first, err := c.RunReference(t.TempDir())
			if errors.Is(err, ErrNoReference) {
				t.Skip("the expectations are not compared: ", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.Differs != "" {
				if c.Check(first) == "" {
					t.Error("the case says that luago differs, but the reference agrees with it")
				}
				return
			}
			if *update {
				second, err := c.RunReference(t.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				if err := c.Update(first, second); err != nil {
					t.Error(err)
				}
				return
			}
			if d := c.Check(first); d != "" {
				t.Errorf("the reference disagrees with the case (make update):\n%s", d)
			}
		})
	}
}

// TestCompatibility matches the deliberate differences that the cases declare
// with the list in docs/compatibility.md.
func TestCompatibility(t *testing.T) {
	doc, err := os.ReadFile("../docs/compatibility.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for line := range strings.Lines(string(doc)) {
		if name, reason, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "* `corpus/"), ".txtar`: "); ok {
			listed[name] = reason
		}
	}
	for _, c := range load(t) {
		if c.Differs != listed[c.Name] {
			t.Errorf("%s differs: %q; docs/compatibility.md says %q", c.Name, c.Differs, listed[c.Name])
		}
		delete(listed, c.Name)
	}
	for name := range listed {
		t.Errorf("docs/compatibility.md lists %s, which is no case", name)
	}
}

func TestParseCase(t *testing.T) {
	const program = "\n-- main.lua --\nprint(1)\n"
	for _, tt := range []struct {
		text string
		want string // part of the error, "" for none
	}{
		{"Why." + program + "-- stdout --\n1\n", ""},
		{"Why." + program, ""},
		{program, "no comment"},
		{"Why.\n-- stdout --\n1\n", "no main.lua"},
		{"Why.\n\nreference: none (none speaks it)" + program, "no stdout"},
		{"Why.\n\nreference: maybe" + program, "cannot read"},
		{"Why.\n\nlines: sorted" + program, "cannot read"},
		{"Why.\n\nstop: now" + program, "cannot read"},
		{"Why.\n\nport: none" + program, "cannot read"},
		{"Why." + program + "-- exit --\nx\n", "exit"},
	} {
		_, err := ParseCase("topic/name", []byte(tt.text))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: error %v, expected %q", tt.text, err, tt.want)
		}
	}

	if c, err := ParseCase("topic/name", []byte("Why.\n\nreference: lua5.1 (older)"+program)); err != nil || c.Speaks != "lua5.1" || c.Reference != "" {
		t.Errorf("an older reference: %+v, %v", c, err)
	}

	c, err := ParseCase("topic/name", []byte("Why.\n\ndiffers: better\ngo-lua: no (loops)\nlines: first 2 in any order\nport: 1042 (fixed)\nstop: after stdout"+
		program+"-- a.lua --\nreturn 1042\n-- args --\nx\ny z\n-- env --\nA=1\n-- stdin --\nin\n-- stderr --\nerr\n-- exit --\n3\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Comment != "Why." || c.Differs != "better" || c.GoLua != "loops" || c.AnyOrder != 2 || c.Port != 1042 || !c.PortFixed || !c.Stop {
		t.Errorf("trailers: %+v", c)
	}
	if c.Topic() != "topic" || c.Source() != "print(1)\n" || len(c.Sources) != 2 || c.Stdin != "in\n" || !c.HasStderr || c.Exit != 3 ||
		!slices.Equal(c.Args, []string{"x", "y z"}) || !slices.Equal(c.Env, []string{"A=1"}) {
		t.Errorf("files: %+v", c)
	}
	if d := c.WithPort(99); string(d.Sources[1].Data) != "return 99\n" || string(c.Sources[1].Data) != "return 1042\n" {
		t.Errorf("WithPort: %s, then %s", d.Sources[1].Data, c.Sources[1].Data)
	}
}

func TestLoadNothing(t *testing.T) {
	if _, err := Load(t.TempDir()); err == nil {
		t.Error("an empty folder is no error")
	}
}

func TestCheck(t *testing.T) {
	c := &Case{Stdout: "a\nb\n", Stderr: "luago: main.lua:1: x\n", HasStderr: true, Exit: 1}
	good := verify.Result{Stdout: "a\nb\n", Stderr: "lua5.2: main.lua:1: x\nstack traceback:\n\t[C]: in ?\n", Exit: 1}
	if d := c.Check(good); d != "" {
		t.Errorf("a good result: %s", d)
	}
	for _, bad := range []verify.Result{
		{Stdout: "b\na\n", Stderr: good.Stderr, Exit: 1},
		{Stdout: good.Stdout, Stderr: "lua5.2: main.lua:2: x\n", Exit: 1},
		{Stdout: good.Stdout, Stderr: good.Stderr},
	} {
		if c.Check(bad) == "" {
			t.Errorf("%+v passes", bad)
		}
	}
	c.AnyOrder = 2
	if d := c.Check(verify.Result{Stdout: "b\na\n", Stderr: good.Stderr, Exit: 1}); d != "" {
		t.Errorf("another order: %s", d)
	}
}

func TestLimits(t *testing.T) {
	c := &Case{MaxCPU: time.Second, MaxMemory: 1000}
	if d := c.CheckLimits(verify.Result{CPU: time.Second, Memory: 1000}); d != "" {
		t.Errorf("within the limits: %s", d)
	}
	for _, r := range []verify.Result{{CPU: 2 * time.Second}, {Memory: 1001}} {
		if c.CheckLimits(r) == "" {
			t.Errorf("%+v is within the limits", r)
		}
	}
	r, err := (&Case{}).Run(t.TempDir(), time.Minute, "sh", "-c", "sleep 0.2; i=0; while test $i -lt 1000; do i=$((i+1)); done")
	if err != nil || r.CPU == 0 || r.Memory == 0 && runtime.GOOS == "linux" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRunTimesOut(t *testing.T) {
	c := &Case{}
	if _, err := c.Run(t.TempDir(), 50*time.Millisecond, "sleep", "60"); !errors.Is(err, verify.ErrTimeout) {
		t.Errorf("a sleeping program: %v", err)
	}
}

func TestHoldPort(t *testing.T) {
	release, err := holdPort(1)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan bool, 1)
	go func() {
		again, err := holdPort(1)
		if err == nil {
			again()
		}
		got <- true
	}()
	select {
	case <-got:
		t.Error("the port was held twice")
	case <-time.After(50 * time.Millisecond):
	}
	release()
	<-got
}
