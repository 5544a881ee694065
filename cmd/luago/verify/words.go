package verify

import (
	"regexp"
	"strings"
)

var (
	// operand is how Lua 5.2 names the operand of a failed operation.
	operand = regexp.MustCompile(`(?s)attempt to ([a-z ]+?) ((?:local|global|field|method|upvalue|constant) '.*?') \((an? [a-z]+ value)\)`)
	// base is how Lua 5.2 calls a function of the base library that it finds
	// in package.loaded.
	base = regexp.MustCompile(`( to|calling) '_G\.(\w+)'`)
)

// Reword puts the messages of Lua 5.2 into the words of 5.3 and later, which
// luago uses: first the fact, then the name; and base functions by their plain
// names. These are the only differences that are not declared case by case,
// because they are in every such message.
func Reword(s string) string {
	s = operand.ReplaceAllString(s, "attempt to $1 $3 ($2)")
	return base.ReplaceAllString(s, "$1 '$2'")
}

// variable is the name of a variable in a message, after Reword.
var variable = regexp.MustCompile(`(?s) \((?:local|global|field|method|upvalue|constant) '.*?'\)`)

// Unnamed returns r with the names of variables cut from its messages.
func Unnamed(r Result) Result {
	r.Stdout, r.Stderr = variable.ReplaceAllString(r.Stdout, ""), variable.ReplaceAllString(r.Stderr, "")
	return r
}

// program is the name that an interpreter puts before the message of an error
// that nobody caught.
var program = regexp.MustCompile(`(?m)^\S*lua5\.\d: `)

// CleanStderr cuts tracebacks, which show the interpreter's own frames, and
// puts luago's name in the place of a reference interpreter's.
func CleanStderr(s string) string {
	var b strings.Builder
	inTrace := false
	for line := range strings.Lines(program.ReplaceAllString(s, "luago: ")) {
		switch {
		case strings.HasPrefix(line, "stack traceback:"):
			inTrace = true
		case inTrace && strings.HasPrefix(line, "\t"):
		default:
			inTrace = false
			b.WriteString(line)
		}
	}
	return b.String()
}
