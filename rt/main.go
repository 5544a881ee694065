package rt

import (
	"os"
	"runtime/debug"
)

// A Program is a compiled script, as its generated main package describes it.
type Program struct {
	// Name is the script's name, as messages show it.
	Name string
	// New returns a new State with the libraries that the program uses, and
	// the main chunk's function.
	New func() (*State, Value)
}

// Run runs a program and ends the process: the body of func main.
func Run(p Program) { os.Exit(Main(p)) }

// Main runs a program with the process's arguments and returns the exit
// status: 0, or 1 after an error that nobody caught, which it reports on
// standard error.
//
// The garbage collector runs with GOGC=400, unless that is set: allocation-
// heavy programs take two thirds of the time, with up to twice the memory. It
// respects GOMEMLIMIT.
func Main(p Program) int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	st, main := p.New()
	args := os.Args[1:]
	arg := NewTableSize(len(args), 1)
	arg.SetInt(0, NewString(os.Args[0])) // "luago run" passes the script's path for it
	argv := make([]Value, len(args))
	for i, a := range args {
		argv[i] = NewString(a)
		arg.SetInt(i+1, argv[i])
	}
	st.Globals.SetString("arg", arg.Value())

	status := 0
	if err := ProtectTrace(st.Main, func() { CallSlice(st.Main, main, argv) }); err != nil {
		st.Report(err)
		status = 1
	} else {
		for _, f := range st.atReturn {
			f()
		}
	}
	st.FinalizeAll()
	if err := ProtectTrace(st.Main, st.Close); err != nil {
		st.Report(err)
		status = 1
	}
	return status
}

// Report writes an error that nobody caught, with its traceback, to standard
// error, after what standard output still buffers.
func (st *State) Report(err *Error) {
	st.Flush()
	msg := "luago: " + st.errorMessage(err.Value) + "\n"
	if err.Traceback != "" {
		msg += err.Traceback + "\n"
	}
	os.Stderr.WriteString(msg)
}

// maxDescription is how many characters of a table an error message shows.
const maxDescription = 200

// errorMessage returns the text of an error object, by its __tostring if it
// has that; of a table with its content.
func (st *State) errorMessage(v Value) string {
	text := errorText(v)
	if h := st.handler(v, evToString); h.P != nil {
		Protect(st.Main, func() { text = ToStringMeta(st.Main, v) })
	} else if v.IsTable() && st.Describe != nil {
		content := []rune(st.Describe(v))
		if len(content) > maxDescription {
			content = append(content[:maxDescription], []rune("...")...)
		}
		text += ": " + string(content)
	}
	return text
}
