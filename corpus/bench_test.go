package corpus

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	rounds  = flag.Int("rounds", 0, "run the benchmarks so many times each (make bench)")
	command = flag.String("luago", filepath.Join(module, "bin", "luago"), "the luago that compiles the benchmarks")
	only    = flag.String("only", "", "a regular expression: which benchmarks")
)

// interpreters are what luago is compared with; the first one is the measure
// and the judge of what a program must print.
var interpreters = []string{reference, "lua5.4", "luajit"}

// A runner is one way to run a benchmark.
type runner struct {
	name string
	args []string
	cpu  time.Duration // the least of all rounds, user and system
	rss  int64         // peak memory in KB, the least of all rounds
}

// TestBench times corpus/bench/*.lua, compiled and under the interpreters that
// are installed. The rounds are interleaved, so that a slow spell of the
// machine hits all alike, and the minimum counts: noise only ever adds.
func TestBench(t *testing.T) {
	if *rounds == 0 {
		t.Skip("benchmarks are run by make bench")
	}
	programs, err := filepath.Glob("bench/*.lua")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no program matches bench/*.lua (%v)", err)
	}
	var names []string
	for _, name := range interpreters {
		if _, err := exec.LookPath(name); err == nil {
			names = append(names, name)
		}
	}
	if !slices.Contains(names, reference) {
		t.Skipf("%s is not installed: there is nothing to compare with", reference)
	}
	wanted := regexp.MustCompile(*only)
	var table strings.Builder
	fmt.Fprintf(&table, "%-20s %8s %8s", "", "luago s", "5.2 s")
	for _, name := range names {
		fmt.Fprintf(&table, " %9s", "/ "+strings.TrimPrefix(name, "lua"))
	}
	fmt.Fprintf(&table, " %9s\n", "MB / 5.2")
	logs := make([]float64, len(names))
	n := 0
	for _, program := range programs {
		name := strings.TrimSuffix(filepath.Base(program), ".lua")
		if !wanted.MatchString(name) {
			continue
		}
		rs := measure(t, program, names)
		if rs == nil {
			continue
		}
		n++
		fmt.Fprintf(&table, "%-20s %8.3f %8.3f", name, rs[0].cpu.Seconds(), rs[1].cpu.Seconds())
		for i, r := range rs[1:] {
			ratio := rs[0].cpu.Seconds() / r.cpu.Seconds()
			logs[i] += math.Log(ratio)
			fmt.Fprintf(&table, " %9.3f", ratio)
		}
		fmt.Fprintf(&table, " %4d /%4d\n", rs[0].rss>>10, rs[1].rss>>10)
	}
	fmt.Fprintf(&table, "%-20s %8s %8s", "geometric mean", "", "")
	for _, l := range logs {
		fmt.Fprintf(&table, " %9.3f", math.Exp(l/float64(max(n, 1))))
	}
	t.Logf("CPU seconds, least of %d rounds; ratios below 1: luago is faster\n%s", *rounds, table.String())
}

// measure builds a program and times it; the result is nil if it cannot be
// built or prints something else than the reference.
func measure(t *testing.T, program string, names []string) []*runner {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command(*command, "build", "-o", binary, program).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", program, err, clip(string(out)))
		return nil
	}
	rs := []*runner{{name: "luago", args: []string{binary}}}
	for _, name := range names {
		rs = append(rs, &runner{name: name, args: []string{name, program}})
	}
	outputs := make([][]byte, len(rs))
	for range *rounds {
		for i, r := range rs {
			cmd := exec.Command(r.args[0], r.args[1:]...)
			cmd.Env = environment()
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, os.Stderr
			if err := cmd.Run(); err != nil {
				t.Errorf("%s under %s: %v", program, r.name, err)
				return nil
			}
			outputs[i] = out.Bytes()
			cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			rss := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
			if r.cpu == 0 || cpu < r.cpu {
				r.cpu = cpu
			}
			if r.rss == 0 || rss < r.rss {
				r.rss = rss
			}
		}
	}
	if !bytes.Equal(outputs[0], outputs[1]) {
		t.Errorf("%s prints something else than under %s:\n%s", program, reference, difference(string(outputs[1]), string(outputs[0])))
		return nil
	}
	return rs
}
