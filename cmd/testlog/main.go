// Command testlog runs go test and shows each package when it ends, in the order
// in which they end, and meanwhile what is still running.
//
// Input: the arguments of go test. Output: a line for each package, above it
// what its failed tests have said; the exit status of go test. It must not know
// what is tested.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

func main() {
	status, err := run(os.Stdout, isTerminal(os.Stdout), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
		status = 2
	}
	os.Exit(status)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// run runs go test with the arguments and returns its exit status.
func run(out io.Writer, terminal bool, args []string) (int, error) {
	goCmd := os.Getenv("GO")
	if goCmd == "" {
		goCmd = "go"
	}
	cmd := exec.Command(goCmd, append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	l := newLog(out, terminal)
	l.follow(events)
	err = cmd.Wait()
	l.end(cmd.ProcessState)
	if cmd.ProcessState.Exited() {
		return cmd.ProcessState.ExitCode(), nil
	}
	return 0, err
}

// An event is what go test -json prints; "go doc test2json" describes it.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

// A running is a package that has not ended.
type running struct {
	name  string
	test  string              // the last one that began
	done  int                 // tests that have ended
	said  map[string][]string // by test, until it passes; "": the package itself
	order []string            // of the tests in said
}

// A log shows events.
type log struct {
	out      io.Writer
	terminal bool
	start    time.Time
	running  []*running
	packages int
	failed   []string
	shown    int // columns of the line on the terminal
}

func newLog(out io.Writer, terminal bool) *log {
	return &log{out: out, terminal: terminal, start: time.Now()}
}

// follow shows the events of a stream, and on a terminal every second what is
// running, elsewhere every minute.
func (l *log) follow(events io.Reader) {
	lines := make(chan string)
	go func() {
		defer close(lines)
		r := bufio.NewReader(events)
		for {
			line, err := r.ReadString('\n')
			if line != "" {
				lines <- line
			}
			if err != nil {
				return
			}
		}
	}()
	every := time.Minute
	if l.terminal {
		every = time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				l.erase()
				return
			}
			l.line(line)
		case <-tick.C:
			l.tell()
		}
	}
}

// line takes one line in. What is no event is shown: go test says there why it
// cannot begin.
func (l *log) line(text string) {
	var e event
	if json.Unmarshal([]byte(text), &e) != nil {
		l.print(text)
		return
	}
	if e.Package == "" { // of the build
		l.print(e.Output)
		return
	}
	r := l.find(e.Package)
	switch e.Action {
	case "run":
		r.test = e.Test
	case "output":
		r.say(e.Test, e.Output)
	case "pass", "skip", "fail":
		if e.Test == "" {
			l.finish(r, e.Action == "fail")
			return
		}
		r.done++
		if e.Action != "fail" {
			delete(r.said, e.Test)
		}
	}
}

// find returns the state of a package.
func (l *log) find(name string) *running {
	for _, r := range l.running {
		if r.name == name {
			return r
		}
	}
	r := &running{name: name, said: map[string][]string{}}
	l.running = append(l.running, r)
	return r
}

// say keeps what a test prints, without the marks of its beginning and pauses.
func (r *running) say(test, text string) {
	if strings.HasPrefix(text, "=== ") {
		return
	}
	if _, ok := r.said[test]; !ok {
		r.order = append(r.order, test)
	}
	r.said[test] = append(r.said[test], text)
}

// finish shows a package that has ended.
func (l *log) finish(r *running, failed bool) {
	l.running = slices.DeleteFunc(l.running, func(other *running) bool { return other == r })
	l.packages++
	own := r.said[""]
	if !failed {
		if i := slices.IndexFunc(own, func(s string) bool { return strings.HasPrefix(s, "ok ") }); i >= 0 {
			l.print(own[i])
		}
		return
	}
	l.failed = append(l.failed, r.name)
	for _, test := range r.order {
		if test != "" {
			l.print(strings.Join(r.said[test], ""))
		}
	}
	l.print(strings.Join(own, ""))
}

// tell says what is running.
func (l *log) tell() {
	what := "compiling"
	if len(l.running) > 0 {
		var parts []string
		for _, r := range l.running {
			_, name, _ := strings.Cut(strings.TrimPrefix(r.name, "github.com/"), "/")
			parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s (%d done)", name, r.test, r.done)))
		}
		what = strings.Join(parts, ", ")
	}
	text := fmt.Sprintf("%.0f s: %s", time.Since(l.start).Seconds(), what)
	if !l.terminal {
		fmt.Fprintln(l.out, "...", text)
		return
	}
	l.erase()
	if runes := []rune(text); len(runes) > 79 {
		text = string(runes[:79])
	}
	io.WriteString(l.out, text)
	l.shown = len([]rune(text))
}

func (l *log) erase() {
	if l.shown > 0 {
		fmt.Fprintf(l.out, "\r%s\r", strings.Repeat(" ", l.shown))
		l.shown = 0
	}
}

func (l *log) print(text string) {
	l.erase()
	io.WriteString(l.out, text)
}

// end says how it went.
func (l *log) end(state *os.ProcessState) {
	cpu := state.UserTime() + state.SystemTime()
	l.print(fmt.Sprintf("%d packages in %.0f s, %.0f s of processor time\n", l.packages, time.Since(l.start).Seconds(), cpu.Seconds()))
	for _, name := range l.failed {
		l.print("FAILED: " + name + "\n")
	}
}
