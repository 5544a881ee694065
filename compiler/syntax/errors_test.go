package syntax

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/diag/diagtest"
)

// compile runs the parser, for diagtest.
func compile(_ *diag.Files, file *diag.File, sink *diag.Sink) { Parse(file, sink) }

// TestErrors compares the messages about testdata/errors/*.lua with the ERROR
// comments in them. A file has room for diag.MaxErrors.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			diagtest.Messages(t, name, string(text), compile)
		})
	}
}

// TestHints checks the notes that explain an error.
func TestHints(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"if a != b then end", "inequality is '~=' in Lua"},
		{"x = !a", "negation is 'not' in Lua"},
		{"x = a && b", "conjunction is 'and' in Lua"},
		{"x = a || b", "disjunction is 'or' in Lua"},
		{"x = a | b", "Lua 5.2 has no bitwise operators; see the library bit32"},
		{"x = a << 1", "Lua 5.2 has no bitwise operators; see the library bit32"},
		{"x = a // b", "'//' is Lua 5.3; write math.floor(a / b)"},
		{"x += 1", "Lua has no compound assignment; write x = x + ..."},
		{"x ..= 'a'", "Lua has no compound assignment; write x = x .. ..."},
		{"x++", "Lua has no '++'; write x = x + 1"},
		{"print（1）", "this is a full-width character; did you mean '('?"},
		{"f(1，2)", "this is a full-width character; did you mean ','?"},
		{"x = “a”", `strings are written with " or '`},
		{"local 变量 = 1", "names consist of ASCII letters, digits and '_'"},
		{"fucntion f() end", "did you mean 'function'?"},
		{"loacl x = 1", "did you mean 'local'?"},
		{"while true do continue end", "Lua 5.2 has no 'continue'; jump to a label at the end of the loop with 'goto'"},
		{"if a then elif b then end", "did you mean 'elseif'?"},
		{"local end = 1", "'end' is a reserved word"},
		{"function f(end) end", "'end' is a reserved word"},
		{"if a then else if b then end", "1:1 'if' opened here; 'else if' opens a second block with an 'end' of its own; 'elseif' does not"},
		{"x + 1", ""},
		{"x = @", ""},
		{"if a then\n\nelse\n if b then end", "1:1 'if' opened here"},
		{"while a do", "1:1 'while' opened here"},
		{"  repeat", "1:3 'repeat' opened here"},
		{"f(\n1 2)", "1:2 '(' opened here"},
		{"f(1 2)", ""},
		{"function f()\n  if x then\n    y()\nend\n", "1:1 'function' opened here; 2:3 perhaps this 'if' is not closed: the next 'end' is indented less"},
	} {
		_, sink, _ := parse(c.src)
		if len(sink.All()) != 1 {
			t.Errorf("%s: %d messages", c.src, len(sink.All()))
			continue
		}
		var notes []string
		for _, n := range sink.All()[0].Notes {
			text := n.Message
			if at := n.Range.Start; at.IsValid() {
				text = fmt.Sprintf("%d:%d %s", at.Line, at.Col, text)
			}
			notes = append(notes, text)
		}
		if got := strings.Join(notes, "; "); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

// TestManyErrors checks that the parser gives up after so many errors.
func TestManyErrors(t *testing.T) {
	_, sink, _ := parse(strings.Repeat("x = =\n", 1000))
	if n := sink.ErrorCount(); n != diag.MaxErrors {
		t.Errorf("%d errors", n)
	}
	_, sink, _ = parse(strings.Repeat("x = '\\300'\n", 1000))
	if n := sink.ErrorCount(); n != diag.MaxErrors {
		t.Errorf("%d errors inside tokens", n)
	}
	_, sink, _ = parse(strings.Repeat("x = '\\q'\n", 1000))
	if n := len(sink.All()); n != maxWarnings || sink.HasErrors() {
		t.Errorf("%d messages about what is read all the same", n)
	}
}
