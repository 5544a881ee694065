package diag

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// renderAt returns how an error "m" in line 1 of text, at the given byte
// column, is shown.
func renderAt(t *testing.T, text string, col int32) string {
	t.Helper()
	var files Files
	var sink Sink
	files.Add("f.lua", text)
	at := Pos{File: 0, Line: 1, Col: col}
	sink.Error("x", Range{at, at}, "m")
	var b strings.Builder
	if err := sink.Render(&b, &files); err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(b.String(), "\n")
	if !ok || !strings.HasPrefix(head, "f.lua:1:") || !strings.HasSuffix(head, ": m") {
		t.Fatalf("first line is %q", head)
	}
	return rest
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		text string
		col  int32
		want string
	}{
		{"local x = = 1", 11, "  local x = = 1\n            ^\n"},
		{"x", 1, "  x\n  ^\n"},
		{"x", 2, "  x\n   ^\n"},   // after the last byte
		{"x", 999, "  x\n   ^\n"}, // a column that does not exist
		{"\tx = 1", 2, "  \tx = 1\n  \t^\n"},
		{"a\tb\tc", 5, "  a\tb\tc\n   \t \t^\n"},
		{"s = '你好' x", 14, "  s = '你好' x\n             ^\n"},    // two columns each
		{"s = 'é' + ", 9, "  s = 'é' +\n         ^\n"},          // one column, trailing blank dropped
		{"e\u0301 = x", 7, "  e\u0301 = x\n      ^\n"},          // a combining accent: none
		{"a\xff\xfeb = 1", 4, "  a\uFFFD\uFFFDb = 1\n     ^\n"}, // not UTF-8
		{"a\x1b[31m = 1", 8, "  a\uFFFD[31m = 1\n         ^\n"}, // control characters
		{"a\u202Eb = 1", 5, "  a\uFFFDb = 1\n    ^\n"},          // bidirectional override
		{"好", 2, "  好\n  ^\n"},                                  // inside a character
		{"", 1, ""},                                             // nothing to show
		{"   \t", 2, ""},                                        // nothing to show
		{"x = 1\r\ny", 3, "  x = 1\n    ^\n"},                   // line ends
		{"x = 1\ry", 3, "  x = 1\n    ^\n"},                     //
		{strings.Repeat("a", 100), 100, "  " + strings.Repeat("a", 100) + "\n" + strings.Repeat(" ", 101) + "^\n"},
	} {
		if got := renderAt(t, c.text, c.col); got != c.want {
			t.Errorf("%q, column %d:\n%s\nwant\n%s", c.text, c.col, got, c.want)
		}
	}
}

func TestLongLines(t *testing.T) {
	for _, unit := range []string{"abcdefghij", "你好世界天", "é1\t", "\xff\x80"} {
		line := strings.Repeat(unit, 300_000/len(unit))
		for _, at := range []int{0, 1, 50, 99, 100, 101, 1000, 150_001, len(line) - 1, len(line)} {
			got := renderAt(t, line, int32(at+1))
			lines := strings.Split(got, "\n")
			if len(lines) != 3 || !utf8.ValidString(got) {
				t.Fatalf("unit %q at %d: not two lines of UTF-8: %q", unit, at, got)
			}
			if n := width(lines[0]); n > maxWidth+len(indent)+6 {
				t.Errorf("unit %q at %d: %d columns", unit, at, n)
			}
			if n := width(lines[1]); n > maxWidth+len(indent)+4 {
				t.Errorf("unit %q at %d: the caret stands in column %d", unit, at, n)
			}
		}
	}
	// The caret is below the byte.
	line := strings.Repeat("a", 5000) + "X" + strings.Repeat("b", 5000)
	lines := strings.Split(renderAt(t, line, 5001), "\n")
	if i, j := strings.IndexByte(lines[0], 'X'), strings.IndexByte(lines[1], '^'); i != j || i < 0 {
		t.Errorf("caret in column %d, X in column %d", j, i)
	}
	if !strings.HasPrefix(lines[0], "  ...aaa") || !strings.HasSuffix(lines[0], "bbb...") {
		t.Errorf("cuts are not marked: %s", lines[0])
	}
}

// width returns the columns that a line needs.
func width(line string) int {
	n := 0
	for _, c := range split(line, 0) {
		n += c.width
	}
	return n
}

func TestRenderNotes(t *testing.T) {
	var files Files
	var sink Sink
	files.Add("a.lua", "if x then\n")
	files.Add("b.lua", "x = 1\n")
	end := Pos{0, 1, 10}
	sink.Error("x", Range{end, end}, "expected 'end', found end of file").
		Note(Range{Pos{0, 1, 1}, Pos{0, 1, 3}}, "'if' opened here").
		Hint("that is all")
	sink.Warning("y", Range{Start: Pos{1, 1, 1}}, "unused")
	sink.Warning("z", Range{}, "no place")
	sink.Warning("z", Range{Start: Pos{7, 1, 1}}, "no file")
	var b strings.Builder
	if err := sink.Render(&b, &files); err != nil {
		t.Fatal(err)
	}
	want := `warning: no place
a.lua:1:10: expected 'end', found end of file
  if x then
           ^
a.lua:1:1: note: 'if' opened here
  if x then
  ^
note: that is all
b.lua:1:1: warning: unused
  x = 1
  ^
warning: no file
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
