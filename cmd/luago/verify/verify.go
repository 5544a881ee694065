// Package verify runs a Lua program in several ways and says where two of them
// part.
//
// Input: the ways, each a command. Output: what each left behind, and the
// first difference between two of those. The package must not know how luago
// compiles or evaluates; a way is a process that it starts.
//
// What is compared is what a program shows the world: its standard output, the
// message with which it ends (tracebacks show an implementation's own frames),
// and its exit status. Other implementations word some messages otherwise; they
// are reworded first (words.go). That they lack something is no difference
// (lacks.go).
package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Result is what one run of a program left behind.
type Result struct {
	Stdout string
	Stderr string
	Exit   int // -1 when it was killed

	CPU    time.Duration // what it took, where that is known
	Memory int64         // the most bytes it had, where that is known
}

// A Difference is the first one between two results.
type Difference struct {
	Where string // "line 3 of the output"
	A, B  string // what stands there, "" for nothing more
	Hint  string // what may be behind it, "" for no idea
}

// Compare returns the first difference between two results, or nil.
func Compare(a, b Result) *Difference {
	if d := compareText("the output", a.Stdout, b.Stdout); d != nil {
		return d
	}
	if d := compareText("the error output", CleanStderr(a.Stderr), CleanStderr(b.Stderr)); d != nil {
		return d
	}
	if a.Exit != b.Exit {
		return &Difference{Where: "the exit status", A: fmt.Sprint(a.Exit), B: fmt.Sprint(b.Exit)}
	}
	return nil
}

// compareText compares two texts line by line.
func compareText(name, a, b string) *Difference {
	if a == b {
		return nil
	}
	x, y := splitLines(a), splitLines(b)
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	d := &Difference{Where: fmt.Sprintf("line %d of %s", i+1, name), A: "(nothing more)", B: "(nothing more)"}
	if i < len(x) {
		d.A = show(x[i])
	}
	if i < len(y) {
		d.B = show(y[i])
	}
	switch {
	case address.ReplaceAllString(a, "") == address.ReplaceAllString(b, ""):
		d.Hint = "they differ in addresses only, which are new in every run"
	case sameLines(x, y):
		d.Hint = "the lines are the same, in another order; pairs has no order that a program may rely on"
	}
	return d
}

// splitLines returns the lines of s with their line feeds.
func splitLines(s string) []string {
	return slices.Collect(strings.Lines(s))
}

// sameLines reports whether a and b hold the same lines in different order.
func sameLines(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// address matches what tostring makes of a table or a function.
var address = regexp.MustCompile(`\b(table|function|thread|userdata|file|builtin)( \(|: (builtin: )?)(0x)?[0-9a-f]+`)

// show returns a line so that it fits on a terminal and nothing in it is
// invisible.
func show(line string) string {
	const most = 200
	text, ended := strings.CutSuffix(line, "\n")
	if len(text) > most {
		text = text[:most] + "..."
	}
	for _, c := range []byte(text) {
		if c < ' ' && c != '\t' || c == 0x7f {
			text = fmt.Sprintf("%q", text)
			break
		}
	}
	if !ended {
		text += " (no line feed)"
	}
	return text
}
