package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/luago-lang/luago/cmd/luago/verify"
)

// Run starts command (a program and its first arguments) in dir with the
// case's own arguments, input and environment, and waits for its end, at most
// limit.
func (c *Case) Run(dir string, limit time.Duration, command ...string) (verify.Result, error) {
	if c.PortFixed {
		release, err := holdPort(c.Port)
		if err != nil {
			return verify.Result{}, err
		}
		defer release()
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	args := slices.Concat(command[1:], c.Args)
	cmd := exec.CommandContext(ctx, command[0], args...)
	cmd.Dir = dir
	cmd.Env = append(environment(), c.Env...)
	cmd.Stdin = strings.NewReader(c.Stdin)
	cmd.WaitDelay = time.Second
	out := &watchedBuffer{}
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &errs
	if c.Stop {
		want := strings.Count(c.Stdout, "\n")
		var once sync.Once
		out.seen = func(text []byte) {
			if bytes.Count(text, []byte("\n")) >= want {
				once.Do(func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
			}
		}
	}
	err := cmd.Start()
	var memory int64
	if err == nil {
		most := watchMemory(cmd.Process)
		err = cmd.Wait()
		memory = most()
	}
	r := verify.Result{Stdout: out.String(), Stderr: errs.String(), Exit: -1, Memory: memory}
	if cmd.ProcessState != nil {
		r.Exit = cmd.ProcessState.ExitCode()
		r.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return r, fmt.Errorf("%w after %v", verify.ErrTimeout, limit)
	case err == nil, errors.As(err, &exit):
		return r, nil
	}
	return r, err
}

// watchMemory notes now and then how much memory a process has had at most, until
// it ends; 0 where the system does not say. (What it leaves in its resource usage
// is no less than what this process has.)
func watchMemory(p *os.Process) (most func() int64) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	var bytes int64
	go func() {
		defer close(stopped)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid))
				if m := highWater.FindSubmatch(status); m != nil {
					kilobytes, _ := strconv.ParseInt(string(m[1]), 10, 64)
					bytes = kilobytes << 10
				}
			}
		}
	}()
	return func() int64 {
		close(stop)
		<-stopped
		return bytes
	}
}

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s*(\d+) kB$`)

// CheckLimits compares what a run by luago took with the case's limits and returns
// what is above them, "" for nothing.
func (c *Case) CheckLimits(r verify.Result) string {
	var b strings.Builder
	if c.MaxCPU > 0 && r.CPU > c.MaxCPU {
		fmt.Fprintf(&b, "took %v of CPU time, at most %v are allowed\n", r.CPU, c.MaxCPU)
	}
	if c.MaxMemory > 0 && r.Memory > c.MaxMemory {
		fmt.Fprintf(&b, "took %d MB, at most %d are allowed\n", r.Memory/1e6, c.MaxMemory/1e6)
	}
	return b.String()
}

// environment returns this process's environment without what would make a
// program behave differently from machine to machine.
func environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "LUA") || strings.HasPrefix(s, "LC_") || strings.HasPrefix(s, "LANG")
	})
	return append(env, "LC_ALL=C", "TZ=UTC")
}

// A watchedBuffer collects output and calls seen after each write.
type watchedBuffer struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	seen func([]byte)
}

// Write appends p.
func (b *watchedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf.Write(p)
	if b.seen != nil {
		b.seen(b.buf.Bytes())
	}
	return len(p), nil
}

// String returns what was written.
func (b *watchedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// Check compares a result with what the case expects and returns what differs,
// "" for nothing.
func (c *Case) Check(r verify.Result) string {
	exit := c.Exit
	if c.Stop && exit == 0 {
		exit = 128 + int(syscall.SIGTERM)
	}
	var b strings.Builder
	if r.Exit != exit {
		fmt.Fprintf(&b, "exit status %d, expected %d\n", r.Exit, exit)
	}
	if c.Stop {
		r.Stdout = firstLines(r.Stdout, strings.Count(c.Stdout, "\n")) // what follows is the shutdown
	}
	want, got := sortedLines(c.Stdout, c.AnyOrder), sortedLines(r.Stdout, c.AnyOrder)
	if got != want {
		fmt.Fprintf(&b, "stdout differs:\n%s", difference(want, got))
	}
	if c.HasStderr {
		if got := verify.CleanStderr(r.Stderr); got != c.Stderr {
			fmt.Fprintf(&b, "stderr differs:\n%s", difference(c.Stderr, got))
		}
	}
	if b.Len() > 0 && !c.HasStderr && r.Stderr != "" {
		fmt.Fprintf(&b, "stderr was:\n%s", clip(r.Stderr))
	}
	return b.String()
}

// firstLines returns the first n lines of s.
func firstLines(s string, n int) string {
	l := strings.SplitAfter(s, "\n")
	return strings.Join(l[:min(n, len(l))], "")
}

// sortedLines returns s with its first n lines in order.
func sortedLines(s string, n int) string {
	l := strings.SplitAfter(s, "\n")
	slices.Sort(l[:min(n, len(l))])
	return strings.Join(l, "")
}

// difference shows the first line in which want and got part, with a little
// around it.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	i := 0
	for i < len(w) && i < len(g) && w[i] == g[i] {
		i++
	}
	show := func(l []string) string {
		if i >= len(l) {
			return "\t\t(the end)\n"
		}
		var b strings.Builder
		for _, s := range l[i:min(i+4, len(l))] {
			fmt.Fprintf(&b, "\t\t%s\n", clip(s))
		}
		return b.String()
	}
	return fmt.Sprintf("\tline %d, expected:\n%s\tgot:\n%s", i+1, show(w), show(g))
}

// clip shortens what would flood a log.
func clip(s string) string {
	const most = 2000
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
