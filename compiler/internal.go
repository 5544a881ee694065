package compiler

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/emit"
)

// debugPanics lets a panic of a stage go through, with its stack trace.
const debugPanics = false

// An InternalError is a fault of the compiler.
type InternalError struct {
	Stage string
	Place string // "file.lua:3:7"
	Cause any
	Stack []byte // of the goroutine; not part of the message
}

// Error returns what to show the user.
func (e *InternalError) Error() string {
	return fmt.Sprintf("internal compiler error at %s: %v (%s); please report it with the script", e.Place, e.Cause, e.Stage)
}

// A placed panic value or error knows which place of the source its stage was
// working on.
type placed interface {
	Pos() diag.Pos
}

// stage runs a stage; its panics become internal errors.
func (c *compilation) stage(name string, run func() error) (err error) {
	defer func() {
		if debugPanics {
			return
		}
		if cause := recover(); cause != nil {
			err = &InternalError{name, c.place(cause), cause, debug.Stack()}
		}
	}()
	err = run()
	var emitted *emit.InternalError
	if errors.As(err, &emitted) {
		return &InternalError{Stage: name, Place: c.place(emitted), Cause: emitted}
	}
	return err
}

// place returns the place that a stage was working on when it failed: what
// the failure says, else the script.
func (c *compilation) place(cause any) string {
	if p, ok := cause.(placed); ok {
		if f := c.files.File(p.Pos().File); f != nil && p.Pos().IsValid() {
			return fmt.Sprintf("%s:%d:%d", f.Name, p.Pos().Line, p.Pos().Col)
		}
	}
	return c.Script + ":1:1"
}
