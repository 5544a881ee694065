package rt

import (
	"runtime"
	"strconv"
	"strings"
)

// Dumps. There is no bytecode: what string.dump returns is the source of the
// function's chunk, its name, and which function of it is meant. So a dump can be
// loaded where the evaluator is, by any luago program; lines, names and upvalues
// are those of the original.

// dumpMagic begins a dump. Lua takes what begins with an escape character for a
// binary chunk.
const dumpMagic = "\x1bluago 1 "

// RegisterSource gives the text of the registered chunk with the file id, in
// programs that dump functions.
func RegisterSource(id, text string) {
	pc, _, _, _ := runtime.Caller(1)
	amendChunk(pc, id, func(c *chunk) { c.source = text })
}

// SetSource gives the text of the chunk of an evaluated function.
func (p *Proto) SetSource(text string) { p.chunk.source = text }

// Dump returns the function f for Undump, and whether it can be dumped: it is a Lua
// function whose source is known.
func Dump(f *Function) (string, bool) {
	c := f.Proto.chunk
	if c == nil || c.source == "" {
		return "", false
	}
	name := "@" + c.name
	if f.Proto.Eval != nil {
		name = f.Proto.Eval.Source
	}
	return dumpMagic + strconv.Itoa(f.Proto.Index) + " " + strconv.Itoa(len(name)) + "\n" + name + c.source, true
}

// IsDump reports whether text is one that Dump returned, as a whole.
func IsDump(text string) bool {
	_, _, _, ok := Undump(text)
	return ok
}

// Undump returns what Dump has put together: the source of a chunk, its name as
// load got it, and the index of the function.
func Undump(text string) (source, name string, index int, ok bool) {
	text, ok = strings.CutPrefix(text, dumpMagic)
	head, rest, found := strings.Cut(text, "\n")
	first, second, _ := strings.Cut(head, " ")
	index, err := strconv.Atoi(first)
	length, err2 := strconv.Atoi(second)
	if !ok || !found || err != nil || err2 != nil || length < 0 || length > len(rest) {
		return "", "", 0, false
	}
	return rest[length:], rest[:length], index, true
}
