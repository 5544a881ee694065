//go:build !unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
)

// execute runs the program at path and exits with its status. args[0] is what
// the program takes for its own name. The console sends its signals to both;
// only the program is to act on them.
func execute(path string, args []string) error {
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(path)
	cmd.Args = args
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) {
		os.Exit(cmd.ProcessState.ExitCode())
	}
	return fmt.Errorf("cannot run %s: %w", path, err)
}
