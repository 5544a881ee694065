// Package compiler drives the stages of the compiler: from a script to Go
// source, and on to an executable.
//
// Input: the path of a script, and the source of the runtime with the surface
// files in it. Output: Go files or a binary, or the messages about what is
// wrong with the script. The package must not know the Lua language, nor what
// emitted code looks like: it only knows who comes after whom.
//
//	load (syntax, resolve) --> infer --> emit --> build
package compiler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/luago-lang/luago/compiler/build"
	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/emit"
	"github.com/luago-lang/luago/compiler/infer"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
)

// Options say what to compile, and into what.
type Options struct {
	// Script is the path of the main script; messages show it as it is.
	Script string
	// Package is the name of the Go package; "main" gets a func main.
	Package string
	// Path are templates ("lib/?.lua") to search modules with, after those
	// that Lua has by default.
	Path []string
	// Runtime is the source of the runtime module; the surface files of the
	// host are in it.
	Runtime fs.FS
	// NoFacts leaves inference out: a correct, slower program. Messages are
	// the same.
	NoFacts bool
	// Instrument asks for a program that debuggers can follow, even if it does
	// not look as if it needed that.
	Instrument bool
	// Format asks for Go files as people want to read them.
	Format bool
	// Link are names of modules to be linked whether or not the script requires
	// them; "name.*" stands for all files of a folder.
	Link []string
	// Strict makes errors of the warnings that the program will look for the file
	// of a module when it runs.
	Strict bool
	// ReadFile reads a source file; os.ReadFile if it is nil.
	ReadFile func(name string) ([]byte, error)
	// ReadDir returns the names of what is in a folder; where it and ReadFile
	// are nil folders of the disk are read.
	ReadDir func(name string) ([]string, error)
}

// A Result is what a script has been compiled to.
type Result struct {
	Files    []emit.File
	Program  *resolve.Program
	Warnings []byte // rendered, "" if there are none
	// EvalReason says why the evaluator is linked, "" if it is not or if
	// inference was left out.
	EvalReason string
	// InstrumentReason says why the program is instrumented, "" if it is not or
	// if that was asked for.
	InstrumentReason string
}

// An Error says that a script cannot be compiled: the messages about it as
// the user sees them, with a newline at the end.
type Error struct {
	Messages    string
	Diagnostics []*diag.Diagnostic
}

// Error returns the messages.
func (e *Error) Error() string { return e.Messages }

// Compile compiles a script and all modules that it requires statically. The
// error is an *Error if the script is to blame.
func Compile(opts Options) (*Result, error) {
	c := &compilation{Options: opts}
	if err := c.load(); err != nil {
		return nil, err
	}
	return c.compile()
}

// Load reads, parses and resolves a script and all modules that it requires
// statically, for the evaluator. The warnings are rendered. The error is an
// *Error if the script is to blame.
func Load(opts Options) (p *resolve.Program, warnings []byte, err error) {
	c := &compilation{Options: opts}
	if err := c.load(); err != nil {
		return nil, nil, err
	}
	if c.sink.HasErrors() {
		return nil, nil, c.failure()
	}
	return c.program, c.messages(), nil
}

// DumpFacts writes what inference finds out about a script and its modules. The
// error is an *Error if the script is to blame.
func DumpFacts(w io.Writer, opts Options) error {
	c := &compilation{Options: opts}
	if err := c.load(); err != nil {
		return err
	}
	facts, err := c.infer()
	if err != nil {
		return err
	}
	return facts.Dump(w, c.program)
}

// Build compiles a script to a main package, and that to a binary in the
// cache. Where nothing has changed since an earlier run it only reads and
// resolves the sources.
func Build(ctx context.Context, opts Options, cache *build.Cache) (*build.Program, error) {
	opts.Package = "main"
	c := &compilation{Options: opts}
	if err := c.load(); err != nil {
		return nil, err
	}
	p, err := c.build(ctx, cache)
	if err != nil {
		return nil, err
	}
	for i := range c.files.Len() {
		p.Sources = append(p.Sources, c.files.File(int32(i)).Name)
	}
	return p, nil
}

// build finds the binary of what is loaded, or makes it.
func (c *compilation) build(ctx context.Context, cache *build.Cache) (*build.Program, error) {
	key, err := c.key()
	if err != nil {
		return nil, err
	}
	if p := cache.Lookup(key); p != nil {
		return p, nil
	}
	res, err := c.compile()
	if err != nil {
		return nil, err
	}
	if res.EvalReason != "" && cache.Log != nil {
		fmt.Fprintf(cache.Log, "the evaluator is linked: %s\n", res.EvalReason)
	}
	if res.InstrumentReason != "" && cache.Log != nil {
		fmt.Fprintf(cache.Log, "the program is instrumented, and slow: %s\n", res.InstrumentReason)
	}
	files := make([]build.File, len(res.Files))
	for i, f := range res.Files {
		files[i] = build.File(f)
	}
	p, err := cache.Build(ctx, key, files, res.Warnings)
	var goErr *build.GoError
	if errors.As(err, &goErr) && goErr.Generated {
		return nil, fmt.Errorf("%w\n(see the generated code with: luago gen -o DIR %s)", err, c.Script)
	}
	return p, err
}

// A compilation is one script on its way through the stages.
type compilation struct {
	Options
	files   diag.Files
	sink    diag.Sink
	surface *surface.Surface
	program *resolve.Program
}

// load reads, parses and resolves the script and its modules.
func (c *compilation) load() error {
	s, err := surface.Load(c.Runtime)
	if err != nil {
		return fmt.Errorf("luago's own declarations are broken:\n%w", err)
	}
	c.surface = s
	opts := resolve.Options{
		Path: c.Path, CodePath: codePath, ReadFile: c.ReadFile, ReadDir: c.ReadDir, Link: c.Link, Strict: c.Strict,
		HostMembers: func(module string) []string { return s.Module(module).Class.Names() },
	}
	for _, m := range s.Modules() {
		opts.Hosts = append(opts.Hosts, m.Name)
	}
	err = c.stage("resolve", func() (err error) {
		c.program, err = resolve.Load(&c.files, c.Script, opts, &c.sink)
		return err
	})
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return fmt.Errorf("cannot read %s: %w", c.Script, pathErr.Err)
	}
	return err
}

// infer finds the facts, if the script has no errors so far.
func (c *compilation) infer() (facts *infer.Facts, err error) {
	if c.sink.HasErrors() {
		return nil, c.failure()
	}
	err = c.stage("infer", func() error {
		facts = infer.Program(c.program, c.surface, &c.sink)
		return nil
	})
	if err == nil && c.sink.HasErrors() {
		err = c.failure()
	}
	return facts, err
}

// compile infers and emits.
func (c *compilation) compile() (*Result, error) {
	facts, err := c.infer()
	if err != nil {
		return nil, err
	}
	if c.NoFacts {
		facts = &infer.Facts{}
	}
	var files []emit.File
	err = c.stage("emit", func() (err error) {
		files, err = emit.Program(c.program, facts, emit.Options{Package: c.Package, Main: c.Package == "main", Instrument: c.Instrument, Format: c.Format})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Result{files, c.program, c.messages(), facts.EvalReason, c.program.Instrumented()}, nil
}

func (c *compilation) failure() *Error {
	return &Error{string(c.messages()), c.sink.Sorted()}
}

// messages renders what the stages have reported.
func (c *compilation) messages() []byte {
	var b strings.Builder
	c.sink.Render(&b, &c.files)
	return []byte(b.String())
}

// key returns what the binary in the cache goes by.
func (c *compilation) key() (*build.Key, error) {
	if c.sink.HasErrors() {
		return nil, c.failure()
	}
	k, err := build.NewKey()
	if err != nil {
		return nil, err
	}
	for i := range c.files.Len() {
		f := c.files.File(int32(i))
		k.AddSource(f.Name, []byte(f.Text))
	}
	for _, m := range c.program.Modules {
		k.Add("module "+m.Name, nil)
	}
	for _, m := range c.program.Broken {
		k.Add("broken "+m.Name, nil)
	}
	if c.NoFacts {
		k.Add("no facts", nil)
	}
	if c.Instrument {
		k.Add("instrument", nil)
	}
	return k, nil
}

// codePath is omega.storage_path.get_code_path at compile time.
func codePath(parts ...string) string {
	storage := os.Getenv("LUAGO_STORAGE")
	if storage == "" {
		storage = "./storage"
	}
	return strings.Join(append([]string{storage, "lang"}, parts...), "/")
}
