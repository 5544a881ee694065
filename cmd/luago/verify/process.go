package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// ErrTimeout is wrapped by the error of a run that was killed for its time.
var ErrTimeout = errors.New("timed out")

// A Command is a process to start.
type Command struct {
	Path string
	Args []string // args[0] is what the process takes for its own name
	Env  []string // nil: that of this process
}

// Run starts the command with input, waits for its end, at most limit, and
// returns what it left behind.
func Run(c Command, input io.Reader, limit time.Duration) (Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Path)
	cmd.Args, cmd.Env = c.Args, c.Env
	cmd.Stdin = input
	cmd.WaitDelay = time.Second // for children that hold on to its output
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	r := Result{Stdout: stdout.String(), Stderr: stderr.String(), Exit: -1}
	if cmd.ProcessState != nil {
		r.Exit = cmd.ProcessState.ExitCode()
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return r, fmt.Errorf("%w after %v", ErrTimeout, limit)
	case err == nil, errors.As(err, &exit), errors.Is(err, exec.ErrWaitDelay):
		return r, nil
	}
	return r, err
}
