package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/luago-lang/luago/compiler"
)

// Mode says how cases are compiled.
type Mode int

const (
	Typed        Mode = iota // as luago build does
	Dynamic                  // with inference off
	Instrumented             // as luago build -debug does
)

// A Package is a case compiled to Go.
type Package struct {
	Case  *Case
	Name  string
	Files map[string][]byte
}

// Compile compiles the case to a Go package, as a script called main.lua in
// the folder of its files. Where the script is to blame the error is a
// *compiler.Error.
func (c *Case) Compile(runtime fs.FS, mode Mode) (*Package, error) {
	p := &Package{Case: c, Name: packageName(c.Name), Files: map[string][]byte{}}
	res, err := compiler.Compile(compiler.Options{
		Script:  "main.lua",
		Package: p.Name,
		Runtime: runtime,
		NoFacts: mode == Dynamic,

		Instrument: mode == Instrumented,
		ReadFile:   c.readFile,
		ReadDir:    c.readDir,
	})
	if err != nil {
		return nil, err
	}
	for _, f := range res.Files {
		p.Files[f.Name] = f.Data
	}
	return p, nil
}

// readFile reads one of the program's own files.
func (c *Case) readFile(name string) ([]byte, error) {
	for _, f := range c.Sources {
		if f.Name == path.Clean(filepath.ToSlash(name)) {
			return f.Data, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// readDir lists a folder of the program's own files.
func (c *Case) readDir(name string) ([]string, error) {
	var names []string
	for _, f := range c.Sources {
		if path.Dir(f.Name) == path.Clean(filepath.ToSlash(name)) {
			names = append(names, path.Base(f.Name))
		}
	}
	return names, nil
}

// packageName makes a Go name of a case's.
func packageName(name string) string {
	return "case_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}

// caseVariable tells the binary of the corpus which case it is.
const caseVariable = "CORPUS_CASE"

// generated is the folder in which go build sees the packages, as if they
// were part of the module; nothing is written there.
const generated = "corpus/generated"

const modulePath = "github.com/luago-lang/luago"

// A Binary holds many cases.
type Binary struct {
	Path   string
	Broken map[string]string // cases that go build rejects, with its words
}

// Setting returns the setting of the environment with which the binary runs
// the case.
func (b *Binary) Setting(c *Case) string { return caseVariable + "=" + c.Name }

// Build writes the packages and a main package over them into dir and builds
// one binary of them all, called name; root is the folder of the module. A
// package that go build rejects is left out, so that one broken case does not
// hide the others. Flags are for go build.
func Build(ctx context.Context, root, dir, name string, packages []*Package, flags ...string) (*Binary, error) {
	b := &Binary{Path: filepath.Join(dir, name), Broken: map[string]string{}}
	for {
		out, err := buildOnce(ctx, root, dir, b, packages, flags)
		if err == nil {
			return b, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		good := slices.Clone(packages)
		for pkg, text := range rejected(out) {
			good = slices.DeleteFunc(good, func(p *Package) bool {
				if p.Name == pkg {
					b.Broken[p.Case.Name] = text
				}
				return p.Name == pkg
			})
		}
		if len(good) == len(packages) {
			return nil, fmt.Errorf("go build: %w\n%s", err, out)
		}
		packages = good
	}
}

// buildFlags are the flags of luago build, so that all share what is compiled.
var buildFlags = []string{
	"-trimpath", "-buildvcs=false", "-pgo=off", "-ldflags=-s -w",
	"-gcflags=" + modulePath + "/" + generated + "/...=-dwarf=false",
}

// checkPointers is the flag of go build with which programs and runtime check what
// they do with unsafe pointers.
const checkPointers = "-gcflags=" + modulePath + "/...=-d=checkptr -dwarf=false"

// buildOnce runs go build over the packages.
func buildOnce(ctx context.Context, root, dir string, b *Binary, packages []*Package, flags []string) (string, error) {
	replace := map[string]string{}
	add := func(pkg, file string, data []byte) error {
		real := filepath.Join(dir, "src", pkg, file)
		replace[filepath.Join(root, filepath.FromSlash(generated), pkg, file)] = real
		if err := os.MkdirAll(filepath.Dir(real), 0o755); err != nil {
			return err
		}
		return os.WriteFile(real, data, 0o644)
	}
	var errs []error
	for _, p := range packages {
		for file, data := range p.Files {
			errs = append(errs, add(p.Name, file, data))
		}
	}
	errs = append(errs, add("", "main.go", mainSource(packages)))
	data, err := json.Marshal(map[string]any{"Replace": replace})
	overlay := filepath.Join(dir, "overlay.json")
	errs = append(errs, err, os.WriteFile(overlay, data, 0o644))
	if err := errors.Join(errs...); err != nil {
		return "", err
	}
	args := slices.Concat([]string{"build"}, buildFlags, flags, []string{"-overlay", overlay, "-o", b.Path, "./" + generated})
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "PWD="+root)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return out.String(), err
}

// mainSource returns the main package: it runs the case that the environment
// names.
func mainSource(packages []*Package) []byte {
	var imports, entries strings.Builder
	for _, p := range packages {
		fmt.Fprintf(&imports, "\t%q\n", modulePath+"/"+generated+"/"+p.Name)
		fmt.Fprintf(&entries, "\t%q: %s.Program,\n", p.Case.Name, p.Name)
	}
	return fmt.Appendf(nil, `package main

import (
	"os"

	"github.com/luago-lang/luago/rt"
%s)

var programs = map[string]rt.Program{
%s}

func main() {
	p, ok := programs[os.Getenv(%q)]
	if !ok {
		println("no such case")
		os.Exit(97)
	}
	os.Exit(rt.Main(p))
}
`, &imports, &entries, caseVariable)
}

var packageHead = regexp.MustCompile(`(?m)^# \S*/` + generated + `/(\S+)$`)

// rejected parts go build's output by package.
func rejected(out string) map[string]string {
	found := map[string]string{}
	at := packageHead.FindAllStringSubmatchIndex(out, -1)
	for i, m := range at {
		end := len(out)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		found[out[m[2]:m[3]]] = out[m[1]:end]
	}
	for _, m := range regexp.MustCompile(`(?m)^`+generated+`/([a-z0-9_]+)/\S+: (.*)$`).FindAllStringSubmatch(out, -1) {
		if _, ok := found[m[1]]; !ok {
			found[m[1]] = m[2] // an import that does not exist
		}
	}
	return found
}
