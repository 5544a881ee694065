// Package build turns generated Go packages into executables with the Go
// toolchain, and remembers them.
//
// Input: the files of a main package, the source of the runtime module (as
// embedded in luago) and a key that says what the files were made from.
// Output: the path of a binary in the user's cache folder. The package must
// not know Lua, nor how the files came about.
//
// The cache folder looks like this; every entry appears by a rename, so that
// parallel runs need no lock:
//
//	runtime/<hash>/    the runtime module, as go build wants to see it
//	bin/<key>-<go>/    a binary ("program") and the warnings of its compilation;
//	                   <go> tells the toolchain, which only a build must have
//	tmp/               work in progress
//
// The generated package never touches the runtime's folder: go build sees it
// there through an overlay, as a package of the runtime module. So no go.mod has
// to be written or resolved, nothing is downloaded, and two builds cannot meet.
// The package's path is program/v<version of luago>/<hash of the sources>, which
// "go version -m" shows of a binary. Nothing else in a binary tells when, where
// or by which copy of luago it was built.
package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A File is one file of a generated package.
type File struct {
	Name string // without folder
	Data []byte
}

// A Program is a binary in the cache.
type Program struct {
	Path     string
	Warnings []byte // what its compilation reported
	// Sources are the files that it is made from; whoever has made the key knows.
	Sources []string
}

// A Cache builds binaries and keeps them in a folder.
type Cache struct {
	Dir     string
	Runtime fs.FS     // the runtime module: go.mod, go.sum, packages, modules
	Version string    // of luago
	Log     io.Writer // told what happens; may be nil
	// Progress is told what go build is at whenever that changes; may be nil.
	Progress func(Stage)
}

// A Stage is what go build compiles.
type Stage int

// The stages, in their order. The first two are passed once, and after that
// found in Go's own cache.
const (
	StandardLibrary Stage = iota // Go's
	RuntimeModule
	MainPackage
)

// DefaultDir returns the cache folder of the user: $LUAGO_CACHE, or luago in
// the system's place for caches.
func DefaultDir() (string, error) {
	if dir := os.Getenv("LUAGO_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w; set LUAGO_CACHE to one", err)
	}
	return filepath.Join(dir, "luago"), nil
}

// ErrNoGo is the error of a build on a machine without Go.
var ErrNoGo = errors.New("luago needs the Go toolchain (go 1.26 or later) on PATH to build; see https://go.dev/dl\n" +
	"(luago run --eval FILE.lua runs a script without it, slower)")

// A GoError is a failure of the Go toolchain.
type GoError struct {
	Output string // of go build
	// Generated reports whether the generated code is to blame: a bug in
	// luago, and not a toolchain too old.
	Generated bool
}

// Error returns a headline and what go build said.
func (e *GoError) Error() string {
	head := "the Go toolchain cannot build luago's runtime here; it has to be go 1.26 or later"
	if e.Generated {
		head = "internal compiler error: go build rejects the generated code"
	}
	return head + ":\n" + strings.TrimRight(e.Output, "\n")
}

// Lookup returns the binary made for key earlier, or nil. Without a go command
// it may be one that any toolchain has made.
func (c *Cache) Lookup(key *Key) *Program {
	bin := filepath.Join(c.Dir, "bin")
	dirs := []string{filepath.Join(bin, key.entry())}
	if key.goTool == "" {
		dirs, _ = filepath.Glob(filepath.Join(bin, key.program()+"-*"))
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, programName())
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		warnings, err := os.ReadFile(filepath.Join(dir, "warnings"))
		if err != nil {
			continue
		}
		touch(dir)
		c.logf("binary: %s", path)
		return &Program{Path: path, Warnings: warnings}
	}
	return nil
}

// Build compiles a main package and stores the binary and the warnings of its
// compilation under key.
func (c *Cache) Build(ctx context.Context, key *Key, files []File, warnings []byte) (*Program, error) {
	goCmd, err := exec.LookPath("go")
	if err != nil {
		return nil, ErrNoGo
	}
	start := time.Now()
	root, err := c.runtimeDir()
	if err != nil {
		return nil, err
	}
	tmp, err := c.tempDir()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	pkg := "program/v" + c.Version + "/" + key.Sources()
	overlay, err := writeOverlay(tmp, filepath.Join(root, filepath.FromSlash(pkg)), files)
	if err != nil {
		return nil, err
	}
	out := filepath.Join(tmp, "out")
	if err := os.Mkdir(out, 0o777); err != nil {
		return nil, err
	}
	args := append([]string{"build", "-v"}, goBuildFlags...)
	args = append(args, "-overlay", overlay, "-o", filepath.Join(out, programName()), "./"+pkg)
	if err := c.runGo(ctx, root, goCmd, args); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(out, "warnings"), warnings, 0o666); err != nil {
		return nil, err
	}
	if err := install(out, filepath.Join(c.Dir, "bin", key.entry())); err != nil {
		return nil, err
	}
	c.logf("go build: %d ms", time.Since(start).Milliseconds())
	c.prune(time.Now())
	if p := c.Lookup(key); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("the binary vanished from the cache folder %s", c.Dir)
}

// runGo runs the go command in the runtime's folder.
func (c *Cache) runGo(ctx context.Context, root, goCmd string, args []string) error {
	cmd := exec.CommandContext(ctx, goCmd, args...)
	cmd.Dir = root
	cmd.Env = goEnviron(root)
	output := goOutput{progress: c.Progress}
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || !errors.As(err, &exit):
		return fmt.Errorf("go build: %w", err)
	}
	return goError(output.text())
}

// goBuildFlags are the flags of every build. Binaries are stripped, so Go need
// not describe the program's variables to debuggers, which takes most of the
// time of compiling a large function. The Makefile builds luago itself with
// -trimpath and without cgo, too: so Go finds its standard library and the
// runtime compiled already when it builds the first script.
var goBuildFlags = []string{"-trimpath", "-buildvcs=false", "-pgo=off", "-ldflags=-s -w", "-gcflags=-dwarf=false"}

// compilerMemory is where Go's compiler begins to collect harder: 50,000 lines
// of Lua would take it 3.5 GB otherwise, as one package.
const compilerMemory = "1700MiB"

// goEnviron returns the environment of go build in the runtime's folder.
// GOFLAGS must not be empty: an empty variable does not hide what "go env -w"
// has set.
func goEnviron(root string) []string {
	mod := "readonly"
	if _, err := os.Stat(filepath.Join(root, "vendor")); err == nil {
		mod = "vendor"
	}
	env := append(os.Environ(), "GO111MODULE=on", "GOWORK=off", "GOFLAGS=-mod="+mod, "CGO_ENABLED=0", "PWD="+root)
	if os.Getenv("GOMEMLIMIT") == "" {
		env = append(env, "GOMEMLIMIT="+compilerMemory)
	}
	return env
}

// goError sorts out whose fault a failed build is. The generated package is to
// blame if go build names it, unless it could not be imported or linked for a
// reason that lies in the machine.
func goError(output string) *GoError {
	e := &GoError{Output: output, Generated: strings.Contains(output, "program/")}
	if strings.Contains(output, "package "+modulePath+"/") {
		return e // it imports what the runtime does not have
	}
	for _, sign := range []string{
		"cannot find module", "no required module provides", "missing go.sum entry", "module lookup disabled",
		"no space left on device", "permission denied", "read-only file system", "disk quota", "signal: killed",
	} {
		if strings.Contains(output, sign) {
			e.Generated = false
		}
	}
	return e
}

const modulePath = "github.com/luago-lang/luago"

// writeOverlay writes files to folder tmp and a description for go build's
// -overlay that shows them in folder dir.
func writeOverlay(tmp, dir string, files []File) (string, error) {
	replace := make(map[string]string)
	for _, f := range files {
		path := filepath.Join(tmp, f.Name)
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			return "", err
		}
		replace[filepath.Join(dir, f.Name)] = path
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(tmp, "overlay.json")
	return overlay, os.WriteFile(overlay, data, 0o666)
}

func programName() string {
	if TargetOS() == "windows" {
		return "program.exe"
	}
	return "program"
}

// TargetOS returns the system that go build builds for.
func TargetOS() string {
	if s := os.Getenv("GOOS"); s != "" {
		return s
	}
	return runtime.GOOS
}

// tempDir makes a folder for work in progress, on the same file system as the
// rest of the cache.
func (c *Cache) tempDir() (string, error) {
	dir := filepath.Join(c.Dir, "tmp")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	return os.MkdirTemp(dir, "")
}

// install renames folder from to folder to. That another process has put the
// same there in the meantime is fine.
func install(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	err := os.Rename(from, to)
	if err == nil {
		return nil
	}
	if info, statErr := os.Stat(to); statErr == nil && info.IsDir() {
		return nil
	}
	return err
}

func (c *Cache) logf(format string, args ...any) {
	if c.Log != nil {
		fmt.Fprintf(c.Log, format+"\n", args...)
	}
}
