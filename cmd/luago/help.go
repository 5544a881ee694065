package main

import (
	"fmt"
	"io"
	"strings"
)

const intro = `luago compiles Lua 5.2 scripts to native executables.

Usage:

	luago COMMAND [ARGUMENTS]

Commands:

`

const outro = `
"luago help COMMAND" says more about a command; docs/api.md in luago's source
describes what scripts can call besides Lua's own libraries.
Exit status: 0, 1 for a script's run-time error and for a difference that
"verify" finds, 2 for a wrong command line and for what does not compile.
`

// printUsage writes the list of commands.
func printUsage(w io.Writer) {
	io.WriteString(w, intro)
	for _, c := range commands() {
		if c.summary != "" {
			fmt.Fprintf(w, "\t%-8s %s\n", c.name, c.summary)
		}
	}
	io.WriteString(w, outro)
}

// printHelp writes the help text of c.
func (c *command) printHelp(w io.Writer) {
	fmt.Fprintf(w, "Usage: %s\n\n%s", strings.TrimSpace("luago "+c.name+" "+c.args), c.detail)
}

const helpDetail = `Lists the commands, or explains one.
`

func runHelp(t *terminal, c *command, args []string) error {
	if len(args) == 0 {
		printUsage(t.out)
		return nil
	}
	for _, other := range commands() {
		if other.name == args[0] {
			other.printHelp(t.out)
			return nil
		}
	}
	return &usageError{c, fmt.Sprintf("unknown command '%s'", args[0])}
}
