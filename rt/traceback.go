package rt

import (
	"runtime"
	"strconv"
	"strings"
)

// Tracebacks show this many calls at either end of a long stack.
const (
	tracebackHead = 12
	tracebackTail = 10
)

// Traceback returns the calls in progress, as Lua writes them. Level 0 is the
// running function, for a library function called by a script that function
// itself; level 1 the one that called it.
func (th *Thread) Traceback(level int) string {
	var b strings.Builder
	b.WriteString("stack traceback:")
	stack := th.stack(3)
	if level > 0 {
		if len(stack) > 0 && stack[0].chunk == nil {
			stack = stack[1:]
		}
		stack = stack[min(level-1, len(stack)):]
	}
	for i, p := range stack {
		if rest := len(stack) - tracebackTail; i >= tracebackHead && i < rest && rest > tracebackHead {
			if i == tracebackHead {
				b.WriteString("\n\t...")
			}
			continue
		}
		p.write(&b)
	}
	return b.String()
}

// stack returns the known calls in progress, innermost first.
func (th *Thread) stack(skip int) []position {
	var stack []position
	pcs := make([]uintptr, 64)
	n := runtime.Callers(skip, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 8*len(pcs))
		n = runtime.Callers(skip, pcs)
	}
	w := th.walk()
	for _, pc := range pcs[:n] {
		if p := w.next(pc); p.known {
			stack = append(stack, p)
		}
	}
	return stack
}

func (p position) write(b *strings.Builder) {
	if p.chunk == nil {
		b.WriteString("\n\t[C]: in function '")
		b.WriteString(p.name)
		b.WriteByte('\'')
		return
	}
	b.WriteString("\n\t")
	b.WriteString(p.chunk.display)
	b.WriteByte(':')
	b.WriteString(strconv.Itoa(p.line))
	b.WriteString(": in ")
	switch proto := p.chunk.proto(p.line); {
	case proto == nil || proto.Line == 0:
		b.WriteString("main chunk")
	case proto.Name != "":
		b.WriteString("function '")
		b.WriteString(proto.Name)
		b.WriteByte('\'')
	default:
		b.WriteString("function <")
		b.WriteString(p.chunk.display)
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(proto.Line))
		b.WriteByte('>')
	}
}

// proto returns the innermost function of c around the given line, or nil.
func (c *chunk) proto(line int) *Proto {
	var best *Proto
	for _, p := range c.protos {
		if p.Line <= line && line <= p.EndLine && (best == nil || p.EndLine-p.Line <= best.EndLine-best.Line) {
			best = p
		}
	}
	return best
}
