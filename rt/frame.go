package rt

// A Frame describes a call in progress, for the debug library.
type Frame struct {
	// Name is the function's name, "" if it has none.
	Name string
	// Chunk is the script's display name, "" for a Go function.
	Chunk string
	// Line is the line being executed.
	Line int
	// Proto is the Lua function, if it is known.
	Proto *Proto
	// Function is the function itself, if it is an evaluated one; else nil.
	Function Value
}

// Frame returns the call in progress at the given level, as for Where, and
// whether there is one.
func (th *Thread) Frame(level int) (Frame, bool) {
	stack := th.stack(3)
	if len(stack) > 0 && stack[0].chunk != nil {
		level-- // the library function itself is not known
	}
	if level < 0 || level >= len(stack) {
		return Frame{}, false
	}
	p := stack[level]
	if p.chunk == nil {
		return Frame{Name: p.name}, true
	}
	f := Frame{Chunk: p.chunk.display, Line: p.line, Proto: p.chunk.proto(p.line)}
	if f.Proto != nil {
		f.Name = f.Proto.Name
	}
	if p.closure != nil {
		f.Function = p.closure.Value()
	}
	return f, true
}
