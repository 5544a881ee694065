package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/luago-lang/luago"
	"github.com/luago-lang/luago/cmd/luago/verify"
	"github.com/luago-lang/luago/compiler"
	"github.com/luago-lang/luago/compiler/build"
	"github.com/luago-lang/luago/compiler/surface"
)

const verifyDetail = `Runs the script in every way that there is and compares what it prints, the
message with which it ends, and its exit status:

	compiled    as "luago run" does
	dynamic     compiled without inference
	evaluated   as "luago run --eval" does
	lua5.2      under the C implementation, where it is installed
	go-lua      under Shopify/go-lua, another Lua in Go

The ways run one after the other, in the current folder, with the same
arguments and the same input. A way that lacks what the script needs is
skipped: neither go-lua nor lua5.2 has coromega, and go-lua has no coroutines
and no string.gsub, for example. The messages of go-lua are compared without
the names of variables, which it often gets wrong; where lua5.2 agrees with
luago, a difference of go-lua is shown but does not count. What is new in every
run, such as times and the addresses in "table: 0x...", differs; so may the
order of pairs.

	-timeout D   how long each way may take (default: 10s)

Exit status: 0 if all agree, 1 if two differ, 2 for a wrong command line and
for a script that does not compile.
`

// A way is one way to run the script.
type way struct {
	name    string
	command func(*progress) (c verify.Command, absent string, err error) // absent: why it cannot run
	foreign bool                                                         // another implementation, which may lack something
	result  verify.Result
	took    time.Duration
	skipped string // why it does not count, "" if it does
	differs *verify.Difference
}

func runVerify(t *terminal, c *command, args []string) error {
	fs := new(flag.FlagSet)
	timeout := fs.Duration("timeout", 10*time.Second, "")
	args, err := c.parse(t, fs, args, true)
	if err != nil {
		return helped(err)
	}
	script, err := c.scriptArg(args)
	if err != nil {
		return err
	}
	if *timeout <= 0 {
		return &usageError{c, "the timeout must be more than nothing"}
	}
	host, err := hostModules()
	if err != nil {
		return err
	}
	ways, err := waysOf(t, script, args)
	if err != nil {
		return err
	}
	p := t.progress("running " + script)
	defer p.stop()
	if err := runWays(p, ways, host, *timeout); err != nil {
		return err
	}
	p.stop()
	return report(t.out, ways)
}

// hostModules returns the names of the modules that only luago has.
func hostModules() ([]string, error) {
	s, err := surface.Load(luago.RuntimeSource)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range s.Modules() {
		names = append(names, m.Name)
	}
	return names, nil
}

// waysOf returns the ways to run the script; args are it and its arguments. It
// fails where the script does not compile.
func waysOf(t *terminal, script string, args []string) ([]*way, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	luagoCommand := func(words ...string) func(*progress) (verify.Command, string, error) {
		return func(*progress) (verify.Command, string, error) {
			return verify.Command{Path: self, Args: slices.Concat([]string{"luago"}, words, args)}, "", nil
		}
	}
	compiled := func(quiet bool, opts compiler.Options) func(*progress) (verify.Command, string, error) {
		return func(watch *progress) (verify.Command, string, error) {
			var warnings io.Writer = watch
			if quiet {
				warnings = io.Discard
			}
			p, err := buildWatched(watch, opts, false, warnings)
			if errors.Is(err, build.ErrNoGo) {
				return verify.Command{}, "Go is not installed", nil
			}
			if err != nil {
				return verify.Command{}, "", err
			}
			return verify.Command{Path: p.Path, Args: args}, "", nil
		}
	}
	if _, _, err := compiler.Load(options(script, "main")); err != nil {
		return nil, err
	}
	dynamic := options(script, "main")
	dynamic.NoFacts = true
	return []*way{
		{name: "compiled", command: compiled(false, options(script, "main"))},
		{name: "dynamic", command: compiled(true, dynamic)},
		{name: "evaluated", command: luagoCommand("run", "--eval")},
		{name: "lua5.2", foreign: true, command: func(*progress) (verify.Command, string, error) {
			path, err := exec.LookPath("lua5.2")
			if err != nil {
				return verify.Command{}, "it is not installed", nil
			}
			return verify.Command{Path: path, Args: append([]string{"lua5.2"}, args...)}, "", nil
		}},
		{name: "go-lua", foreign: true, command: luagoCommand("golua")},
	}, nil
}

// runWays runs the ways one after the other and compares each with the first.
func runWays(p *progress, ways []*way, host []string, timeout time.Duration) error {
	in := verify.NewInput(standardInput())
	var first *way
	for _, w := range ways {
		command, absent, err := w.command(p)
		if err != nil {
			return err
		}
		if absent != "" {
			w.skipped = absent
			continue
		}
		p.set("running the script (" + w.name + ")")
		err = w.run(command, in, timeout)
		late := errors.Is(err, verify.ErrTimeout)
		if err != nil && !late {
			return err
		}
		if w.foreign && !late {
			w.skipped = verify.Lacks(w.result, host)
		}
		switch {
		case w.skipped != "":
		case late && w.foreign: // it may be slow
			w.skipped = fmt.Sprintf("it did not end within %v", timeout)
		case late && first == nil:
			return fmt.Errorf("the script did not end within %v; give it more time with -timeout", timeout)
		case late:
			w.differs = &verify.Difference{
				Where: "the end",
				A:     fmt.Sprintf("ended after %v", first.took.Round(time.Millisecond)),
				B:     fmt.Sprintf("did not end within %v", timeout),
			}
		case first == nil:
			first = w
		case w.name == "go-lua":
			w.differs = verify.Compare(verify.Unnamed(first.result), verify.Unnamed(w.result))
			if w.differs != nil && w.differs.Hint == "" {
				w.differs.Hint = "go-lua has errors of its own; lua5.2, where it is installed, decides"
			}
		default:
			w.differs = verify.Compare(first.result, w.result)
		}
	}
	return nil
}

// run runs the script in the way w.
func (w *way) run(command verify.Command, in *verify.Input, timeout time.Duration) error {
	stdin, done, err := in.Pipe()
	if err != nil {
		return err
	}
	defer done()
	start := time.Now()
	w.result, err = verify.Run(command, stdin, timeout)
	w.took = time.Since(start)
	if w.foreign {
		w.result.Stdout, w.result.Stderr = verify.Reword(w.result.Stdout), verify.Reword(w.result.Stderr)
	}
	return err
}

// standardInput returns the input for the script: nothing where that would be
// a terminal, on which each way would want to be typed to.
func standardInput() io.Reader {
	if info, err := os.Stdin.Stat(); err != nil || info.Mode()&os.ModeCharDevice != 0 {
		return strings.NewReader("")
	}
	return os.Stdin
}

// report prints what came of the ways.
func report(out io.Writer, ways []*way) error {
	var first, differs *way
	compared := 0
	vouched := slices.ContainsFunc(ways, func(w *way) bool {
		return w.name == "lua5.2" && w.skipped == "" && w.differs == nil
	})
	for _, w := range ways {
		verdict := "the same"
		switch {
		case w.skipped != "":
			verdict = "skipped: " + w.skipped
		case first == nil:
			first = w
			verdict = fmt.Sprintf("%s, exit status %d", plural(strings.Count(w.result.Stdout, "\n"), "line"), w.result.Exit)
		case w.differs != nil:
			verdict = "differs at " + w.differs.Where
			if w.name == "go-lua" && vouched {
				verdict += ", but lua5.2 does not"
			} else if differs == nil {
				differs = w
			}
		}
		if w.skipped == "" {
			compared++
			verdict += fmt.Sprintf(" (%v)", w.took.Round(time.Millisecond))
		}
		fmt.Fprintf(out, "%-10s %s\n", w.name, verdict)
	}
	if compared < 2 {
		return errors.New("nothing to compare: only one way can run the script")
	}
	if differs == nil {
		fmt.Fprintln(out, "all agree")
		return nil
	}
	d := differs.differs
	fmt.Fprintf(out, "\n%s and %s differ at %s:\n", first.name, differs.name, d.Where)
	fmt.Fprintf(out, "  %-10s %s\n", first.name, d.A)
	fmt.Fprintf(out, "  %-10s %s\n", differs.name, d.B)
	if d.Hint != "" {
		fmt.Fprintf(out, "(%s)\n", d.Hint)
	}
	return errDiffers
}

// plural returns "1 line", "2 lines".
func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

const goLuaDetail = `For "luago verify": runs the script under Shopify/go-lua, in luago itself.
`

func runGoLua(t *terminal, c *command, args []string) error {
	script, err := c.scriptArg(args)
	if err != nil {
		return err
	}
	os.Exit(verify.RunGoLua(script, args[1:], t.out, t.err))
	return nil
}
