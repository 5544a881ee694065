package verify

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	sh := func(script string) Command { return Command{Path: "/bin/sh", Args: []string{"sh", "-c", script}} }
	r, err := Run(sh("cat; echo oops >&2; exit 3"), strings.NewReader("in\n"), time.Minute)
	if err != nil || r != (Result{Stdout: "in\n", Stderr: "oops\n", Exit: 3}) {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Run(sh("sleep 100"), nil, 50*time.Millisecond); !errors.Is(err, ErrTimeout) {
		t.Errorf("a sleeping program: %v", err)
	}
	if _, err := Run(Command{Path: "/nonexistent/program"}, nil, time.Minute); err == nil {
		t.Error("an absent program runs")
	}
}

// TestInput gives one input, longer than a pipe holds, to three readers: one
// that reads all, one that reads nothing, and one that reads all again.
func TestInput(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789\n"), 100_000)
	in := NewInput(bytes.NewReader(text))
	for i, all := range []bool{true, false, true} {
		r, done, err := in.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if all {
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, text) {
				t.Errorf("reader %d: %d bytes, %v", i, len(got), err)
			}
		}
		done()
	}
}

// TestEndlessInput does not wait for an input that never comes.
func TestEndlessInput(t *testing.T) {
	src, w := io.Pipe()
	defer w.Close()
	in := NewInput(src)
	_, done, err := in.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	done()
}
