package corpus

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/luago-lang/luago/cmd/luago/verify"
)

// reference is the interpreter whose word is law, but for cases that name
// another one.
const reference = "lua5.2"

// ErrNoReference says that a reference interpreter is not installed.
var ErrNoReference = errors.New("not installed")

// FindReference returns the path of the reference interpreter.
func FindReference() (string, error) { return find(reference) }

// find returns the path of an interpreter.
func find(name string) (string, error) {
	p, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is %w", name, ErrNoReference)
	}
	return p, nil
}

// RunReference runs the case under its reference interpreter, in dir, which
// must be empty and is filled with the case's files.
func (c *Case) RunReference(dir string) (verify.Result, error) {
	lua, err := find(c.Speaks)
	if err != nil {
		return verify.Result{}, err
	}
	if err := c.Write(dir); err != nil {
		return verify.Result{}, err
	}
	r, err := c.Run(dir, 20*time.Second, lua, "main.lua")
	r.Stdout, r.Stderr = verify.Reword(r.Stdout), verify.Reword(r.Stderr)
	return r, err
}

// Update rewrites the expectations of the case's file from the reference's
// results. Two runs must agree: what differs between them (addresses, times,
// the order of a traversal) has no place in a case.
func (c *Case) Update(first, second verify.Result) error {
	if first.Stdout != second.Stdout || first.Exit != second.Exit {
		return fmt.Errorf("two runs of the reference differ:\n%s", difference(first.Stdout, second.Stdout))
	}
	if out := first.Stdout; out != "" && !strings.HasSuffix(out, "\n") {
		return errors.New("the output must end with a line feed, or its file cannot hold it")
	}
	if first.Exit != c.Exit {
		return fmt.Errorf("the reference ended with status %d (if that is meant, put it into a file exit):\n%s", first.Exit, first.Stderr)
	}
	data, err := os.ReadFile(c.Path)
	if err != nil {
		return err
	}
	ar := txtar.Parse(data)
	set(ar, "stdout", first.Stdout)
	if c.HasStderr {
		set(ar, "stderr", verify.CleanStderr(first.Stderr))
	}
	return os.WriteFile(c.Path, txtar.Format(ar), 0o644)
}

// set gives the archive's file a new text, or adds it at the end.
func set(ar *txtar.Archive, name, text string) {
	for i, f := range ar.Files {
		if f.Name == name {
			ar.Files[i].Data = []byte(text)
			return
		}
	}
	ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(text)})
}

// updateStderr rewrites what the compiler is expected to say about the case.
func (c *Case) updateStderr(text string) error {
	data, err := os.ReadFile(c.Path)
	if err != nil {
		return err
	}
	ar := txtar.Parse(data)
	set(ar, "stderr", text)
	return os.WriteFile(c.Path, txtar.Format(ar), 0o644)
}
