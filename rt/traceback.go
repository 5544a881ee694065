package rt

import (
	"strconv"
	"strings"
)

// Tracebacks show about this many calls at either end of a long stack.
const (
	tracebackHead = 12
	tracebackTail = 10
)

// Traceback returns the calls in progress, as Lua writes them. Level 0 is the
// running function, for a library function called by a script that function
// itself; level 1 the one that called it.
func (th *Thread) Traceback(level int) string {
	stack := th.stack(3)
	if len(stack) > 0 && stack[0].chunk != nil {
		level = max(level-1, 0) // no library function is running
	}
	return th.State.traceback(stack, level)
}

// errorTraceback returns the traceback of an error that nobody catches: as C Lua
// writes it in a message handler, which itself counts as a level. Before that come
// the calls in the coroutines that the error has come through.
func (th *Thread) errorTraceback(err *Error) string {
	const header = "stack traceback:"
	outer := th.State.traceback(append([]position{{known: true}}, th.stack(3)...), 1)
	text := header
	for _, t := range err.passed {
		text += strings.TrimPrefix(th.State.traceback(t.calls(th.State), 0), header) + "\n\t(...resumed by...)"
	}
	return text + strings.TrimPrefix(outer, header)
}

// traceback writes the calls of stack from a level on.
func (st *State) traceback(stack []position, level int) string {
	var b strings.Builder
	b.WriteString("stack traceback:")
	last := len(stack) - 1
	cut := last > tracebackHead+tracebackTail
	for level < len(stack) {
		i := level
		level++
		if cut && level == tracebackHead {
			b.WriteString("\n\t...")
			level = last - tracebackTail
			continue
		}
		var caller *position
		if level < len(stack) {
			caller = &stack[level]
		}
		st.writeCall(&b, &stack[i], caller)
	}
	return b.String()
}

// stack returns the known calls in progress, innermost first.
func (th *Thread) stack(skip int) []position { return th.top(skip, allCalls) }

// writeCall writes a line about the function p, which caller, if there is one,
// has called.
func (st *State) writeCall(b *strings.Builder, p, caller *position) {
	if p.chunk == nil {
		b.WriteString("\n\t[C]: in ")
	} else {
		b.WriteString("\n\t" + p.chunk.display + ":" + strconv.Itoa(p.line) + ": in ")
	}
	name := ""
	if caller != nil {
		name, _ = st.calledBy(p, caller)
	}
	if name == "" && p.chunk == nil && p.name != "" {
		name = st.global(p.name, p)
	}
	switch {
	case name != "":
		b.WriteString("function '" + name + "'")
	case p.chunk == nil:
		b.WriteByte('?')
	case p.proto == nil || p.proto.Line == 0:
		b.WriteString("main chunk")
	default:
		b.WriteString("function <" + p.chunk.display + ":" + strconv.Itoa(p.proto.Line) + ">")
	}
	if p.isTail {
		b.WriteString("\n\t(...tail calls...)")
	}
}
