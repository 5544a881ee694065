package emit

import (
	"bytes"
	"fmt"
	"io"

	"github.com/luago-lang/luago/compiler/diag"
)

// A writer collects lines of Go.
type writer struct {
	bytes.Buffer
	said    int // the line of Lua that the latest call of function.pointAtLine said, if
	saidEnd int // that ended where the buffer was so long
}

// isEmpty reports whether nothing has been written.
func (w *writer) isEmpty() bool { return w.Len() == 0 }

// append writes what other has collected.
func (w *writer) append(other *writer) {
	if other.isEmpty() {
		return
	}
	w.said, w.saidEnd = other.said, w.Len()+other.saidEnd
	w.Write(other.Bytes())
}

// says reports whether the latest that was written says that control is on line.
func (w *writer) says(line int) bool { return !w.isEmpty() && w.saidEnd == w.Len() && w.said == line }

// say writes code, which says that control is on line.
func (w *writer) say(line int, code string) {
	w.WriteString(code)
	w.said, w.saidEnd = line, w.Len()
}

// line writes a line of Go.
func (f *function) line(s string) {
	f.out.WriteString(s)
	f.out.WriteByte('\n')
}

func (f *function) linef(format string, args ...any) {
	fmt.Fprintf(&f.out, format, args...)
	f.out.WriteByte('\n')
}

// at writes a line of Go that can raise an error or appear in a traceback,
// under a //line directive for the Lua position.
func (f *function) at(pos diag.Pos, s string) {
	if f.m.instrumented {
		f.sayLine(int(pos.Line))
	}
	f.lineDirective(&f.out, pos)
	f.line(s)
}

func (f *function) lineDirective(w io.Writer, pos diag.Pos) {
	fmt.Fprintf(w, "//line %s:%d\n", f.m.id, pos.Line)
}

// tailDirective is lineDirective for a static tail call. The directory tells
// positions and tracebacks that the calling function does not count any more.
func (f *function) tailDirective(pos diag.Pos) {
	fmt.Fprintf(&f.out, "//line tailcall/%s:%d\n", f.m.id, pos.Line)
}

// temp declares a temporary of type rt.Value.
func (f *function) temp() operand {
	t := f.names.numbered("t")
	f.line("var " + t + " rt.Value")
	return temp(t)
}

// capture runs emit and returns what it wrote, instead of writing it.
func (f *function) capture(emit func()) *writer {
	saved := f.out
	f.out = writer{}
	emit()
	text := f.out
	f.out = saved
	return &text
}
