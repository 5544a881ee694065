package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWidth is the number of columns of a source line that a message shows;
// of a longer line the part around the caret.
const maxWidth = 100

// indent stands before source and caret lines.
const indent = "  "

// tabWidth is what a tab counts against maxWidth. How wide a terminal draws
// it does not matter: the caret line repeats the tabs of the source line.
const tabWidth = 8

// Render writes all messages of the sink in their order, and how many errors
// were left out.
func (s *Sink) Render(w io.Writer, files *Files) error {
	var b strings.Builder
	for _, d := range s.Sorted() {
		render(&b, files, d)
	}
	if n := s.errors - MaxErrors; n > 0 {
		plural := "s"
		if n == 1 {
			plural = ""
		}
		fmt.Fprintf(&b, "too many errors (%d more error%s not shown)\n", n, plural)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Render writes one message: its position and text, the source line, a caret
// below the place, and its notes.
func (d *Diagnostic) Render(w io.Writer, files *Files) error {
	var b strings.Builder
	render(&b, files, d)
	_, err := io.WriteString(w, b.String())
	return err
}

func render(b *strings.Builder, files *Files, d *Diagnostic) {
	kind := ""
	if d.Severity == Warning {
		kind = "warning: "
	}
	renderLine(b, files, d.Range.Start, kind+d.Message)
	for _, n := range d.Notes {
		renderLine(b, files, n.Range.Start, "note: "+n.Message)
	}
}

// renderLine writes one message line and, where it has a place, the source
// line and caret.
func renderLine(b *strings.Builder, files *Files, pos Pos, message string) {
	f := files.File(pos.File)
	if !pos.IsValid() || f == nil {
		b.WriteString(message + "\n")
		return
	}
	fmt.Fprintf(b, "%s:%d:%d: %s\n", f.Name, pos.Line, pos.Col, message)
	source, caret := excerpt(f.Line(pos.Line), int(pos.Col)-1)
	if strings.TrimSpace(source) == "" {
		return
	}
	b.WriteString(indent + source + "\n" + indent + caret + "\n")
}

// A cell is one character of a source line as it is shown.
type cell struct {
	text  string
	width int
	end   int // offset in the line of the byte after it
}

// excerpt returns what to show of line, and a caret line that points at the
// byte at offset at (which may be len(line)). Both are valid UTF-8 without
// control characters other than tabs.
func excerpt(line string, at int) (source, caret string) {
	// Only the neighbourhood counts: lines may be megabytes long.
	const reach = 4 * maxWidth
	at = max(0, min(at, len(line)))
	cutLeft, cutRight := false, false
	start := 0
	if at > reach {
		start = at - reach
		for !utf8.RuneStart(line[start]) && at-start < reach+utf8.UTFMax && start > 0 {
			start--
		}
		cutLeft = true
	}
	end := len(line)
	if end > at+reach {
		end = at + reach
		cutRight = true
	}
	cells := split(line[start:end], start)

	target := len(cells) // the cell that the caret points at
	for i, c := range cells {
		if at < c.end {
			target = i
			break
		}
	}
	first, last := window(cells, target)
	cutLeft = cutLeft || first > 0
	cutRight = cutRight || last < len(cells)

	var src, mark strings.Builder
	if cutLeft {
		src.WriteString("...")
		mark.WriteString("   ")
	}
	for i := first; i < last; i++ {
		c := cells[i]
		src.WriteString(c.text)
		if i >= target {
			continue
		}
		if c.text == "\t" {
			mark.WriteByte('\t')
		} else {
			mark.WriteString(strings.Repeat(" ", c.width))
		}
	}
	if cutRight {
		src.WriteString("...")
	}
	return strings.TrimRightFunc(src.String(), unicode.IsSpace), mark.String() + "^"
}

// window chooses the cells [first, last) to show so that they fit maxWidth
// columns and hold the target, a third of the room before it.
func window(cells []cell, target int) (first, last int) {
	total := 0
	for _, c := range cells {
		total += c.width
	}
	if total <= maxWidth {
		return 0, len(cells)
	}
	first = target
	for room := maxWidth / 3; first > 0 && room >= cells[first-1].width; first-- {
		room -= cells[first-1].width
	}
	used := 0
	for last = first; last < len(cells) && used+cells[last].width <= maxWidth; last++ {
		used += cells[last].width
	}
	for first > 0 && used+cells[first-1].width <= maxWidth {
		first--
		used += cells[first].width
	}
	return first, last
}

// split cuts text, which stands at the given offset of its line, into cells.
// A byte that is not UTF-8, and a control character, shows as U+FFFD.
func split(text string, offset int) []cell {
	cells := make([]cell, 0, len(text))
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		c := cell{text: text[i : i+n], width: runeWidth(r), end: offset + i + n}
		switch {
		case r == '\t':
			c.width = tabWidth
		case r == utf8.RuneError && n == 1, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			c.text, c.width = "\uFFFD", 1
		}
		cells = append(cells, c)
		i += n
	}
	return cells
}

// wide are the ranges that terminals draw two columns wide.
var wide = []struct{ lo, hi rune }{
	{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF},
	{0x4E00, 0x9FFF}, {0xA000, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
	{0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
	{0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
}

// runeWidth returns the number of terminal columns of r.
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.Is(unicode.Mn, r) {
		return 0
	}
	for _, w := range wide {
		if r >= w.lo && r <= w.hi {
			return 2
		}
	}
	return 1
}
