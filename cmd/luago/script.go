package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/luago-lang/luago"
	"github.com/luago-lang/luago/compiler"
	"github.com/luago-lang/luago/compiler/build"
	"github.com/luago-lang/luago/compiler/output"
	"github.com/luago-lang/luago/rt/lib/pkglib"
)

const runDetail = `Compiles the script and runs it. The arguments arrive in the table arg and in
"..."; the exit status is the script's. The executable is kept in the user's
cache folder (or in $LUAGO_CACHE), so that a script that has not changed
starts at once, even where there is no Go. The cache keeps 1 GB of what was
used last; "luago clean" empties it.

	--eval   do not compile the script but evaluate it, in luago itself: slower,
	         but without Go, and at once
	-debug, -link NAME
	         as for luago build
`

func runRun(t *terminal, c *command, args []string) error {
	fs := new(flag.FlagSet)
	eval := fs.Bool("eval", false, "")
	debug := fs.Bool("debug", false, "")
	link := linkFlag(fs)
	args, err := c.parse(t, fs, args, true)
	if err != nil {
		return helped(err)
	}
	script, err := c.scriptArg(args)
	if err != nil {
		return err
	}
	opts := options(script, "main")
	opts.Instrument, opts.Link = *debug, *link
	if *eval {
		return evaluate(t, opts, args)
	}
	p, err := buildProgram(t, opts, false)
	if err != nil {
		return err
	}
	// The program finds the script's name where every program finds its own.
	return execute(p.Path, args)
}

const buildDetail = `Compiles the script to an executable that needs neither Go nor luago to run.

	-o OUT   where to put it: a file, an existing folder, or a folder to make if
	         it ends in a slash (default: the script's name without .lua, in the
	         current folder)
	-v       say what is done and how long it takes
	-debug   keep records for the debug library's hooks and local variables (done
	         by itself where the script can call the functions that need them)
	-link NAME
	         make the module NAME part of the program, though the compiler does
	         not see that the script requires it; "NAME.*" for all of a folder
	-strict  fail where the program would look for the file of a module when it
	         runs; without it that is a warning
`

func runBuild(t *terminal, c *command, args []string) error {
	fs := new(flag.FlagSet)
	out := fs.String("o", "", "")
	verbose := fs.Bool("v", false, "")
	debug := fs.Bool("debug", false, "")
	link := linkFlag(fs)
	strict := fs.Bool("strict", false, "")
	args, err := c.parse(t, fs, args, false)
	if err != nil {
		return helped(err)
	}
	script, err := c.soleScript(args)
	if err != nil {
		return err
	}
	target := outputName(script, *out)
	if sameFile(target, script) {
		return &usageError{c, fmt.Sprintf("the output would replace the script %s; choose another name with -o", script)}
	}
	opts := options(script, "main")
	opts.Instrument, opts.Link, opts.Strict = *debug, *link, *strict
	p, err := buildProgram(t, opts, *verbose)
	if err != nil {
		return err
	}
	for _, source := range p.Sources {
		if sameFile(target, source) {
			return &usageError{c, fmt.Sprintf("the output would replace %s, which is part of the program; choose another name with -o", source)}
		}
	}
	if isFolderName(*out) {
		if err := os.MkdirAll(*out, 0o777); err != nil {
			return err
		}
	}
	if err := copyExecutable(p.Path, target); err != nil {
		return err
	}
	if *verbose {
		fmt.Fprintf(t.err, "wrote %s\n", target)
	}
	return nil
}

const genDetail = `Writes the Go source that the script becomes, as one package. Generated files
of an earlier run that are no longer needed are removed.

	-o DIR      the folder for the files; made if need be
	-pkg NAME   the package's name (default: main, with a func main)
	-debug, -link NAME
	            as for luago build
	-facts      write no Go, but what the compiler has found out about the script,
	            to standard output
`

func runGen(t *terminal, c *command, args []string) error {
	fs := new(flag.FlagSet)
	dir := fs.String("o", "", "")
	pkg := fs.String("pkg", "main", "")
	debug := fs.Bool("debug", false, "")
	facts := fs.Bool("facts", false, "")
	link := linkFlag(fs)
	args, err := c.parse(t, fs, args, false)
	if err != nil {
		return helped(err)
	}
	script, err := c.soleScript(args)
	switch {
	case err != nil:
		return err
	case *facts:
		p := t.progress("looking at " + script)
		defer p.stop()
		return compiler.DumpFacts(t.out, options(script, *pkg))
	case *dir == "":
		return &usageError{c, "no folder given; add -o DIR"}
	case !compiler.IsPackageName(*pkg):
		return &usageError{c, fmt.Sprintf("'%s' cannot name a Go package", *pkg)}
	}
	opts := options(script, *pkg)
	opts.Instrument, opts.Link, opts.Format = *debug, *link, true
	p := t.progress("compiling " + script)
	defer p.stop()
	res, err := compiler.Compile(opts)
	if err != nil {
		return err
	}
	p.stop()
	t.err.Write(res.Warnings)
	return compiler.WriteFiles(*dir, res.Files)
}

const cleanDetail = `Removes the executables and the runtime source that luago keeps in the user's
cache folder (or in $LUAGO_CACHE). What Go itself keeps is left alone: see
"go help cache".
`

func runClean(t *terminal, c *command, args []string) error {
	if len(args) > 0 {
		return &usageError{c, "takes no arguments"}
	}
	dir, err := build.DefaultDir()
	if err != nil {
		return err
	}
	size, err := (&build.Cache{Dir: dir}).Clean()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "removed %.1f MB from %s\n", float64(size)/1e6, dir)
	return err
}

// helped turns the end of a command that printed its help into success.
func helped(err error) error {
	if err == errHelped {
		return nil
	}
	return err
}

func options(script, pkg string) compiler.Options {
	return compiler.Options{
		Script:  script,
		Package: pkg,
		Path:    strings.Split(pkglib.InitialPath(), ";"),
		Runtime: luago.RuntimeSource,
	}
}

// linkFlag defines the flag -link, which may be given several times.
func linkFlag(fs *flag.FlagSet) *[]string {
	list := new([]string)
	fs.Func("link", "", func(name string) error {
		*list = append(*list, name)
		return nil
	})
	return list
}

// buildProgram compiles a script, or finds the result of doing so earlier, and
// writes the warnings.
func buildProgram(t *terminal, opts compiler.Options, verbose bool) (*build.Program, error) {
	p := t.progress("compiling " + opts.Script)
	defer p.stop()
	return buildWatched(p, opts, verbose, p)
}

// buildWatched is buildProgram under a progress that exists already.
func buildWatched(p *progress, opts compiler.Options, verbose bool, warnings io.Writer) (*build.Program, error) {
	dir, err := build.DefaultDir()
	if err != nil {
		return nil, err
	}
	cache := &build.Cache{Dir: dir, Runtime: luago.RuntimeSource, Version: luago.Version}
	cache.Progress = func(s build.Stage) {
		switch s {
		case build.StandardLibrary:
			p.set("compiling Go's standard library and the runtime, once, about a minute")
		case build.RuntimeModule:
			p.set("compiling luago's runtime, once")
		case build.MainPackage:
			p.set("compiling " + opts.Script)
		}
	}
	if verbose {
		cache.Log = p
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program, err := compiler.Build(ctx, opts, cache)
	if err != nil {
		return nil, err
	}
	warnings.Write(program.Warnings)
	if verbose {
		fmt.Fprintf(p, "total: %d ms\n", time.Since(p.start).Milliseconds())
	}
	return program, nil
}

// outputName returns the path of the executable of a script.
func outputName(script, out string) string {
	name := strings.TrimSuffix(filepath.Base(script), ".lua")
	if strings.Trim(name, ".") == "" {
		name = "program" // of ".lua" or "..lua"
	}
	if build.TargetOS() == "windows" {
		name += ".exe"
	}
	if out == "" {
		return name
	}
	if info, err := os.Stat(out); isFolderName(out) || err == nil && info.IsDir() {
		return filepath.Join(out, name)
	}
	return out
}

// isFolderName reports whether a path can only be that of a folder.
func isFolderName(path string) bool {
	return path != "" && os.IsPathSeparator(path[len(path)-1])
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// copyExecutable copies an executable.
func copyExecutable(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	return output.Write(to, src, 0o777)
}
