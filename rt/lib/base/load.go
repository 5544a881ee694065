package base

import (
	"io"
	"os"
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// load is load (ld [, source [, mode [, env]]]).
func load(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	env := th.State.LoadEnv()
	if n > 3 {
		env = th.Args[3]
	}
	mode := rt.OptString(th, "load", 3, n, a2, "bt")
	if s, ok := rt.ToString(a0); ok {
		return compile(th, "load", s, rt.OptString(th, "load", 2, n, a1, s), mode, env)
	}
	name := rt.OptString(th, "load", 2, n, a1, "=(load)")
	rt.CheckFunction(th, "load", 1, n, a0)
	var text string
	if err := rt.Protect(th, func() { text = readPieces(th, a0) }); err != nil {
		th.Ret[1] = err.Value
		return rt.Value{}, 2
	}
	return compile(th, "load", text, name, mode, env)
}

// readPieces returns the pieces of a chunk that the function reader returns,
// until it returns nothing.
func readPieces(th *rt.Thread, reader rt.Value) string {
	var text strings.Builder
	for {
		v, _ := rt.Call(th, reader, 0, rt.Value{}, rt.Value{}, rt.Value{})
		if v.IsNil() {
			break
		}
		piece, ok := rt.ToString(v)
		if !ok {
			th.Errorf("reader function must return a string")
		}
		if piece == "" {
			break
		}
		text.WriteString(piece)
	}
	return text.String()
}

// loadstring is loadstring (string [, chunkname]) of Lua 5.1.
func loadstring(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	s := lib.Text(th, "loadstring", 1, n, a0)
	name := rt.OptString(th, "loadstring", 2, n, a1, s)
	return compile(th, "loadstring", s, name, "bt", th.State.LoadEnv())
}

// loadfile is loadfile ([filename [, mode [, env]]]).
func loadfile(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	env := th.State.LoadEnv()
	if n > 2 {
		env = a2
	}
	mode := rt.OptString(th, "loadfile", 2, n, a1, "bt")
	text, name, problem := readChunk(th, "loadfile", n, a0)
	if problem != "" {
		return failed(th, problem)
	}
	return compile(th, "loadfile", text, name, mode, env)
}

// dofile is dofile ([filename]).
func dofile(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	text, name, problem := readChunk(th, "dofile", n, a0)
	if problem != "" {
		rt.Throw(th, rt.NewString(problem))
	}
	f, count := compile(th, "dofile", text, name, "bt", th.State.LoadEnv())
	if count > 1 {
		rt.Throw(th, th.Ret[1])
	}
	return rt.Call(th, f, 0, rt.Value{}, rt.Value{}, rt.Value{})
}

// encrypted starts the files that the original host has encrypted; rt.Load says so.
const encrypted = "#ENCRYPT LUA CODE"

// readChunk reads the file that the argument of function names, or standard
// input, and returns its text without a first line that starts with #, which
// in a text that is no Lua at all stays.
func readChunk(th *rt.Thread, function string, n int, v rt.Value) (text, name, problem string) {
	var data []byte
	var err error
	if v.IsNil() {
		name = "=stdin"
		data, err = io.ReadAll(os.Stdin)
	} else {
		name = "@" + lib.Text(th, function, 1, n, v)
		data, err = os.ReadFile(name[1:])
	}
	if err != nil {
		why, _ := lib.Describe(err)
		return "", "", "cannot open " + name[1:] + ": " + why
	}
	text = strings.TrimPrefix(string(data), "\uFEFF")
	if strings.HasPrefix(text, "#") && !strings.HasPrefix(text, encrypted) {
		end := strings.IndexByte(text, '\n')
		if end < 0 {
			end = len(text)
		}
		text = text[end:]
		if strings.HasPrefix(text, "\n\x1b") {
			text = text[1:]
		}
	}
	return text, name, ""
}

// compile returns the function of a chunk, or nil and a message.
func compile(th *rt.Thread, function, text, name, mode string, env rt.Value) (rt.Value, int) {
	kind, letter := "text", "t"
	if strings.HasPrefix(text, "\x1b") {
		kind, letter = "binary", "b"
	}
	switch {
	case !strings.Contains(mode, letter):
		return failed(th, "attempt to load a "+kind+" chunk (mode is '"+mode+"')")
	case kind == "binary" && !rt.IsDump(text):
		return failed(th, function+": bytecode is not supported, only what string.dump of a luago program returned")
	case rt.Load == nil:
		return failed(th, function+": this program was compiled without the evaluator")
	}
	f, problem := rt.Load(th.State, text, name, env)
	if problem != "" {
		return failed(th, problem)
	}
	return f, 1
}

// failed returns nil and the message.
func failed(th *rt.Thread, message string) (rt.Value, int) {
	th.Ret[1] = rt.NewString(message)
	return rt.Value{}, 2
}
