//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// execute becomes the program at path: signals and exit status need no
// forwarding. args[0] is what the program takes for its own name.
func execute(path string, args []string) error {
	return fmt.Errorf("cannot run %s: %w", path, syscall.Exec(path, args, os.Environ()))
}
