package corpus

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/luago-lang/luago/compiler"
)

var (
	keep     = flag.String("keep", "", "a folder for the emitted Go and the binaries, which otherwise vanish")
	checkptr = flag.Bool("checkptr", false, "check the use of unsafe pointers in programs and runtime, as make ci does")

	limit = flag.Duration("limit", time.Minute, "how long one case may run")
)

// module is the root of the module, whose runtime the cases are built with.
const module = ".."

// local returns the cases that compile and need no port.
func local(t testing.TB) []*Case {
	return slices.DeleteFunc(load(t), func(c *Case) bool { return c.Topic() == "errors" || c.Port != 0 })
}

// networked returns the cases that name a port, each with a free one in its
// place, unless the case holds to its own.
func networked(t testing.TB) []*Case {
	cases := slices.DeleteFunc(load(t), func(c *Case) bool { return c.Port == 0 })
	for i, c := range cases {
		if !c.PortFixed {
			cases[i] = c.WithPort(freePort(t))
		}
	}
	return cases
}

// freePort returns a port for a test.
func freePort(t testing.TB) int {
	t.Helper()
	port, err := FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// compiled remembers what cases were compiled to, for TestDeterministic: *Package
// by the mode and all that a case says.
var compiled sync.Map

func (c *Case) compiledKey(mode Mode) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s\n", mode, c.Name)
	for _, f := range c.Sources {
		fmt.Fprintf(&b, "%s %d\n%s", f.Name, len(f.Data), f.Data)
	}
	return b.String()
}

// compileAll compiles the cases, as many at once as there are processors.
func compileAll(t testing.TB, cases []*Case, mode Mode) map[string]*Package {
	t.Helper()
	runtime := os.DirFS(module)
	packages := map[string]*Package{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	work := make(chan *Case)
	for range 2 {
		wg.Go(func() {
			for c := range work {
				p, err := c.Compile(runtime, mode)
				mu.Lock()
				if err != nil {
					t.Errorf("%s does not compile: %v", c.Name, err)
				} else {
					packages[c.Name] = p
					compiled.LoadOrStore(c.compiledKey(mode), p)
				}
				mu.Unlock()
			}
		})
	}
	for _, c := range cases {
		work <- c
	}
	close(work)
	wg.Wait()
	return packages
}

// sorted returns the packages in the order of their names.
func sorted(packages map[string]*Package) []*Package {
	var list []*Package
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		list = append(list, packages[name])
	}
	return list
}

// buildAll compiles and builds the cases into one binary.
func buildAll(t *testing.T, cases []*Case, mode Mode, name string, flags ...string) *Binary {
	t.Helper()
	dir := *keep
	if dir == "" {
		dir = t.TempDir()
	}
	dir, err := filepath.Abs(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(module)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	packages := sorted(compileAll(t, cases, mode))
	t.Logf("compiled %d cases in %v", len(packages), time.Since(start).Round(time.Millisecond))
	start = time.Now()
	if *checkptr {
		flags = append(flags, checkPointers)
	}
	b, err := Build(context.Background(), root, dir, name, packages, flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("built them in %v", time.Since(start).Round(time.Millisecond))
	return b
}

// TestTyped runs every case, compiled as luago build compiles it.
func TestTyped(t *testing.T) { runAll(t, local(t), Typed, "typed") }

// TestDynamic runs every case compiled with inference off: what a program does
// must not depend on what the compiler knows about it. The code is much the same
// that TestTyped has had optimised.
func TestDynamic(t *testing.T) {
	runAll(t, third(t, local(t), 0), Dynamic, "dynamic", unoptimised)
}

// unoptimised is the flag of go build for tests that are not about what Go makes
// of the code: it saves a third of the time.
const unoptimised = "-gcflags=" + modulePath + "/" + generated + "/...=-N -l -dwarf=false"

// TestInstrumented runs the cases about control, variables and errors in the form
// that debuggers need: that must not show in what they do.
func TestInstrumented(t *testing.T) {
	topics := []string{"assignment", "calls", "closures", "coroutines", "debuglib", "goto", "loops", "recursion", "runtime-errors", "varargs"}
	cases := slices.DeleteFunc(third(t, local(t), 1), func(c *Case) bool { return !slices.Contains(topics, c.Topic()) })
	runAll(t, cases, Instrumented, "instrumented")
}

// TestNetwork runs the cases that talk over loopback. They have a binary of
// their own: their ports are new in every run, so it is built anew, too.
func TestNetwork(t *testing.T) { runAll(t, networked(t), Typed, "network") }

// TestNetworkDynamic runs them with inference off.
func TestNetworkDynamic(t *testing.T) { runAll(t, networked(t), Dynamic, "network-dynamic") }

// runAll runs the cases from one binary, a process each; flags are for go build.
func runAll(t *testing.T, cases []*Case, mode Mode, name string, flags ...string) {
	skipShort(t)
	if cases = chosen(t, cases); len(cases) == 0 {
		return
	}
	b := buildAll(t, cases, mode, name, flags...)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if text, ok := b.Broken[c.Name]; ok {
				t.Fatalf("go build rejects the emitted code:\n%s", clip(text))
			}
			d := *c
			d.Env = append([]string{b.Setting(c)}, c.Env...)
			runCase(t, &d, b.Path)
		})
	}
}

// third returns the cases at every third place from the given one on, where LUAGO_TEST
// is "some": make test takes so many in each way to compile that is not the usual
// one, and make test-all, which continuous integration runs, all of them. A flag -run
// that chooses cases has them all to choose from.
func third(t *testing.T, cases []*Case, from int) []*Case {
	if os.Getenv("LUAGO_TEST") != "some" || len(chosen(t, slices.Clone(cases))) < len(cases) {
		return cases
	}
	var some []*Case
	for i := from; i < len(cases); i += 3 {
		some = append(some, cases[i])
	}
	t.Logf("%d of %d cases: LUAGO_TEST=some", len(some), len(cases))
	return some
}

// skipShort skips a test that builds or runs all cases, where that is not wanted.
func skipShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("goes through the whole corpus")
	}
}

// chosen returns the cases whose subtests of t are chosen by the flag -run, so
// that nothing else is built.
func chosen(t *testing.T, cases []*Case) []*Case {
	return slices.DeleteFunc(cases, func(c *Case) bool {
		return !chooses(flag.Lookup("test.run").Value.String(), t.Name()+"/"+c.Name)
	})
}

// chooses reports whether the pattern of a flag -run matches the name of a test,
// as package testing matches them.
func chooses(pattern, name string) bool {
	for _, alternative := range splitOutside(pattern, '|') {
		matches := true
		parts := strings.Split(name, "/")
		for i, part := range splitOutside(alternative, '/') {
			matches = matches && (i >= len(parts) || regexp.MustCompile(part).MatchString(parts[i]))
		}
		if matches {
			return true
		}
	}
	return false
}

// splitOutside splits a regular expression at a separator outside all brackets.
func splitOutside(pattern string, separator byte) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case c == separator && depth == 0:
			parts = append(parts, pattern[start:i])
			start = i + 1
		}
	}
	return append(parts, pattern[start:])
}

// TestChooses checks which subtests a flag -run chooses.
func TestChooses(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "TestTyped/strings/find", true},
		{"TestTyped", "TestTyped/strings/find", true},
		{"TestTyped/strings/find", "TestTyped/strings/find", true},
		{"TestTyped/strings/find", "TestTyped/strings/format", false},
		{"Test(Typed|Dynamic)/(strings|tables)", "TestDynamic/strings/find", true},
		{"TestTyped/loops|TestDynamic/strings", "TestDynamic/strings/find", true},
		{"TestTyped/loops|TestDynamic/strings", "TestTyped/strings/find", false},
		{"^TestTyped$/^strings$/[/a]find", "TestTyped/strings/find", false},
	} {
		if got := chooses(c.pattern, c.name); got != c.want {
			t.Errorf("-run %s: %s is chosen: %t, want %t", c.pattern, c.name, got, c.want)
		}
	}
}

// runCase runs a case in a folder of its own and compares what it does.
func runCase(t *testing.T, c *Case, command ...string) {
	t.Helper()
	dir := t.TempDir()
	if err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(dir, *limit, command...)
	if err != nil {
		t.Fatalf("%v\nstdout: %s\nstderr: %s", err, clip(r.Stdout), clip(r.Stderr))
	}
	if diff := c.Check(r) + c.CheckLimits(r); diff != "" {
		t.Error(diff)
	}
}

// TestDeterministic compiles the corpus again, after other tests or twice: what is
// emitted must be the same to the last byte.
func TestDeterministic(t *testing.T) {
	skipShort(t)
	cases := append(local(t), networked(t)...)
	for mode, name := range map[Mode]string{Typed: "typed", Dynamic: "dynamic", Instrumented: "instrumented"} {
		fresh := slices.DeleteFunc(slices.Clone(cases), func(c *Case) bool {
			_, ok := compiled.Load(c.compiledKey(mode))
			return ok
		})
		compileAll(t, fresh, mode)
		second := compileAll(t, cases, mode)
		for _, c := range cases {
			p, ok := compiled.Load(c.compiledKey(mode))
			if q := second[c.Name]; ok && q != nil && !maps.EqualFunc(p.(*Package).Files, q.Files, bytes.Equal) {
				t.Errorf("%s: two compilations differ", c.Name)
			}
		}
		if len(second) == 0 {
			t.Errorf("%s: nothing was compiled", name)
		}
	}
}

// TestRejected checks that a package that go build rejects is left out and
// named.
func TestRejected(t *testing.T) {
	out := "# github.com/luago-lang/luago/" + generated + "/case_a_b\ncorpus/x.go:1: broken\n" +
		"# github.com/luago-lang/luago/" + generated + "/case_c\ncorpus/y.go:2: too\n"
	got := rejected(out)
	if len(got) != 2 || !strings.Contains(got["case_a_b"], "broken") || !strings.Contains(got["case_c"], "too") {
		t.Errorf("found %q", got)
	}
}

// TestCompileReportsTheScript checks that a script's own errors are told from
// failures of the compiler.
func TestCompileReportsTheScript(t *testing.T) {
	c, err := ParseCase("topic/bad", []byte("Why.\n-- main.lua --\nx =\n"))
	if err != nil {
		t.Fatal(err)
	}
	var blame *compiler.Error
	if _, err := c.Compile(os.DirFS(module), Typed); !errors.As(err, &blame) || !strings.Contains(blame.Messages, "main.lua:") {
		t.Errorf("got %v", err)
	}
}
