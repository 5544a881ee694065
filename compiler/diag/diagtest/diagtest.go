// Package diagtest helps the tests of compiler stages to check messages: it
// reads expectations from comments in Lua files and examples from the
// documentation of diag's codes.
//
// Input: Lua source, Go source, and the messages that a stage reported.
// Output: test failures. It must not know any stage: tests pass in what runs
// the compiler as far as they want.
package diagtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

// A Compile function runs some stages on a file.
type Compile func(files *diag.Files, file *diag.File, sink *diag.Sink)

// expectation matches the comments that expect a message: -- ERROR "text" and
// --[[ERROR "text"]], with WARNING for warnings.
var expectation = regexp.MustCompile(`[ \t]*--(?:\[\[)?[ \t]*(ERROR|WARNING) "((?:[^"\\]|\\.)*)"`)

// separator matches the lines that divide a file into chunks.
var separator = regexp.MustCompile(`(?m)^--------+$`)

// Messages compiles Lua source and compares the messages with the comments in
// it. Lines of eight dashes or more divide the text into chunks, which are
// compiled one by one: a stage reports no more than so many errors in one. A
// comment
//
//	x = = -- ERROR "expected expression"
//
// expects a message that contains the text and whose range ends where the
// code before the comment ends, that is, with the token before it. Messages
// without a comment and comments without a message both fail the test.
func Messages(t *testing.T, name, text string, compile Compile) {
	t.Helper()
	start := 0
	for _, cut := range append(separator.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		before := strings.Count(text[:start], "\n")
		messages(t, name, strings.Repeat("\n", before)+text[start:cut[0]], compile)
		start = cut[1]
	}
}

func messages(t *testing.T, name, text string, compile Compile) {
	t.Helper()
	var files diag.Files
	var sink diag.Sink
	file := files.Add(name, text)
	compile(&files, file, &sink)

	type place struct{ line, col int32 }
	found := make(map[place][]*diag.Diagnostic)
	for _, d := range sink.All() {
		at := place{d.Range.End.Line, d.Range.End.Col}
		found[at] = append(found[at], d)
	}
	for i, line := range strings.Split(text, "\n") {
		for _, m := range expectation.FindAllStringSubmatchIndex(line, -1) {
			severity := diag.Error
			if line[m[2]:m[3]] == "WARNING" {
				severity = diag.Warning
			}
			want, err := strconv.Unquote(line[m[4]-1 : m[5]+1])
			if err != nil {
				t.Errorf("%s:%d: cannot read the expectation: %v", name, i+1, err)
				continue
			}
			at := place{int32(i + 1), int32(m[0] + 1)}
			rest := found[at]
			matched := false
			for j, d := range rest {
				if d.Severity == severity && strings.Contains(d.Message, want) {
					found[at] = append(rest[:j:j], rest[j+1:]...)
					matched = true
					break
				}
			}
			if !matched {
				t.Errorf("%s:%d:%d: missing message %q", name, at.line, at.col, want)
			}
		}
	}
	for _, list := range found {
		for _, d := range list {
			var b strings.Builder
			if err := d.Render(&b, &files); err != nil {
				t.Fatal(err)
			}
			t.Errorf("unexpected message (ending in column %d):\n%s", d.Range.End.Col, b.String())
		}
	}
}

// An Example is a constant of type diag.Code with the example of its
// documentation.
type Example struct {
	Name string // of the constant
	Code diag.Code
	Lua  string
}

// Examples reads the codes that a file of package diag declares. Every code
// must have an example, unless its documentation says "Scripts cannot cause
// it".
func Examples(t *testing.T, goFile string) []Example {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), goFile, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var list []Example
	for _, decl := range f.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			continue
		}
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ValueSpec)
			if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != "Code" {
				continue
			}
			e := Example{Name: spec.Names[0].Name}
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatalf("%s: %v", e.Name, err)
			}
			e.Code = diag.Code(value)
			if strings.Contains(spec.Doc.Text(), "Scripts cannot cause it") {
				continue
			}
			_, example, ok := strings.Cut(spec.Doc.Text(), "\nExample:\n\n")
			if !ok {
				t.Errorf("%s: %s has no example", filepath.Base(goFile), e.Name)
				continue
			}
			e.Lua = expand(strings.ReplaceAll(strings.TrimPrefix(example, "\t"), "\n\t", "\n"))
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s declares no codes", goFile)
	}
	return list
}

// CheckExamples compiles each example and expects one error, with its code.
func CheckExamples(t *testing.T, examples []Example, compile Compile) {
	t.Helper()
	for _, e := range examples {
		t.Run(string(e.Code), func(t *testing.T) {
			var files diag.Files
			var sink diag.Sink
			compile(&files, files.Add("example.lua", e.Lua), &sink)
			all := sink.All()
			if len(all) != 1 || all[0].Code != e.Code {
				var b strings.Builder
				if err := sink.Render(&b, &files); err != nil {
					t.Fatal(err)
				}
				t.Errorf("got %d messages, want one of code %s\n%s", len(all), e.Code, b.String())
			}
		})
	}
}

// repeated matches {text}×n in an example.
var repeated = regexp.MustCompile(`\{([^{}]*|[{}])\}×(\d+)`)

// expand writes out repetitions, and "\x1b", which Go source cannot show.
func expand(example string) string {
	example = repeated.ReplaceAllStringFunc(example, func(s string) string {
		m := repeated.FindStringSubmatch(s)
		n, _ := strconv.Atoi(m[2]) // digits, by the pattern
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(m[1], "#", strconv.Itoa(i+1)))
		}
		return b.String()
	})
	return strings.ReplaceAll(example, `\x1b`, "\x1b")
}
