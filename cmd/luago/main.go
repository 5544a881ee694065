// Command luago compiles Lua scripts to native executables.
//
// Input: a command line. Output: files, a running program, and an exit
// status: that of the program for "run", else 0, 1 where "verify" finds a
// difference, or 2 for a wrong command line and for what does not compile. It must not know how the stages of the
// compiler follow each other; that is package compiler.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/luago-lang/luago"
	"github.com/luago-lang/luago/compiler"
)

// The exit statuses of luago's own.
const (
	statusOK      = 0
	statusDiffers = 1
	statusFailed  = 2
)

// A command is what the first argument of luago names.
type command struct {
	name    string
	args    string // after the name, for the usage line
	summary string // one line; "" hides the command from the list
	detail  string
	run     func(t *terminal, c *command, args []string) error
}

// commands returns all commands in the order of the help text.
func commands() []*command {
	return []*command{
		{"run", "[--eval] FILE.lua [ARG...]", "compile a script and run it", runDetail, runRun},
		{"build", "[-o OUT] [-v] [-strict] FILE.lua", "compile a script to an executable", buildDetail, runBuild},
		{"verify", "[-timeout D] FILE.lua [ARG...]", "run a script in every way and compare", verifyDetail, runVerify},
		{"gen", "[-pkg NAME] -o DIR FILE.lua", "write the Go source that a script becomes", genDetail, runGen},
		{"clean", "", "empty the cache of executables", cleanDetail, runClean},
		{"version", "", "print the version of luago", versionDetail, runVersion},
		{"help", "[COMMAND]", "explain luago or one of its commands", helpDetail, runHelp},
		{"bind", "DIR", "", bindDetail, runBind},
		{"golua", "FILE.lua [ARG...]", "", goLuaDetail, runGoLua},
	}
}

// A terminal is where a command writes.
type terminal struct {
	out, err io.Writer
}

// A usageError is a wrong command line.
type usageError struct {
	command *command // nil: luago itself
	message string
}

func (e *usageError) Error() string {
	name, see := "luago", "luago help"
	if e.command != nil {
		name += " " + e.command.name
		see += " " + e.command.name
	}
	return fmt.Sprintf("%s: %s\nsee '%s'", name, e.message, see)
}

func main() {
	os.Exit(luagoMain(&terminal{os.Stdout, os.Stderr}, os.Args[1:]))
}

// errDiffers ends a comparison that has found, and shown, a difference.
var errDiffers = errors.New("two ways to run the script differ")

// luagoMain runs the command line args and returns the exit status.
func luagoMain(t *terminal, args []string) int {
	err := dispatch(t, args)
	var (
		usage    *usageError
		messages *compiler.Error
	)
	switch {
	case err == nil:
		return statusOK
	case errors.Is(err, errDiffers):
		return statusDiffers
	case errors.As(err, &usage):
		fmt.Fprintln(t.err, usage)
	case errors.As(err, &messages):
		fmt.Fprint(t.err, messages)
	default:
		fmt.Fprintf(t.err, "luago: %v\n", err)
	}
	return statusFailed
}

func dispatch(t *terminal, args []string) error {
	if len(args) == 0 {
		printUsage(t.err)
		return &usageError{nil, "no command given"}
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-v", "-version", "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(t, c, args[1:])
		}
	}
	message := fmt.Sprintf("unknown command '%s'", name)
	if strings.HasSuffix(name, ".lua") {
		message += fmt.Sprintf("; did you mean 'luago run %s'?", name)
	}
	return &usageError{nil, message}
}

// parse reads the flags of command c, before and after its first argument,
// and returns the other arguments. With script set the flags end at the first
// argument: what follows belongs to the script.
func (c *command) parse(t *terminal, fs *flag.FlagSet, args []string, script bool) ([]string, error) {
	fs.Init(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var rest []string
	for {
		err := fs.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			c.printHelp(t.out)
			return nil, errHelped
		}
		if err != nil {
			return nil, &usageError{c, err.Error()}
		}
		if script {
			return fs.Args(), nil
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// errHelped ends a command that was only asked for its help.
var errHelped = errors.New("help was printed")

// scriptArg checks the script's path among the arguments of c.
func (c *command) scriptArg(args []string) (string, error) {
	switch {
	case len(args) == 0:
		return "", &usageError{c, "no script given"}
	case args[0] == "-":
		return "", &usageError{c, "cannot read a script from standard input; give the name of a file"}
	case args[0] == "":
		return "", &usageError{c, "the script's name is empty"}
	}
	return args[0], nil
}

// soleScript is scriptArg for commands that take no further arguments.
func (c *command) soleScript(args []string) (string, error) {
	script, err := c.scriptArg(args)
	if err == nil && len(args) > 1 {
		err = &usageError{c, fmt.Sprintf("unexpected argument '%s' after the script", args[1])}
	}
	return script, err
}

const versionDetail = `Prints the version of luago, and of Go it was built with.
`

func runVersion(t *terminal, c *command, args []string) error {
	if len(args) > 0 {
		return &usageError{c, "takes no arguments"}
	}
	_, err := fmt.Fprintf(t.out, "luago %s (%s %s/%s)\n", luago.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
