package emit_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/luago-lang/luago/compiler/emit"
	"github.com/luago-lang/luago/corpus/generate"
)

// FuzzEmit compiles what is Lua, with and without facts: no stage panics, what
// is emitted is gofmt'd Go, Go accepts its types, and gofmt moves no line of Lua.
func FuzzEmit(f *testing.F) {
	files, err := filepath.Glob("../../corpus/*/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no corpus: %v", err)
	}
	for i, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range ar.Files {
			// As a mere test only some are tried; the corpus compiles all of them.
			if part.Name == "main.lua" && (fuzzing() || i%16 == 0) {
				f.Add(string(part.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 4000 {
			return
		}
		for _, dynamic := range []bool{false, true} {
			checkEmitted(t, source, dynamic)
		}
	})
}

// TestGenerated checks what generated programs become.
func TestGenerated(t *testing.T) {
	n := *generated
	if testing.Short() {
		n = min(n, 4)
	}
	for seed := range uint64(n) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			for _, dynamic := range []bool{false, true} {
				checkEmitted(t, generate.Program(seed), dynamic)
			}
		})
	}
}

var generated = flag.Int("generated", 20, "how many generated programs to emit")

// fuzzing reports whether the fuzz test runs as one, in this process or, for a
// worker, in its parent.
func fuzzing() bool {
	for _, arg := range os.Args {
		if strings.HasPrefix(arg, "-test.fuzz=") || arg == "-test.fuzzworker" {
			return true
		}
	}
	return false
}

// checkEmitted compiles source, if it is right, and checks the Go.
func checkEmitted(t *testing.T, source string, dynamic bool) {
	fset := token.NewFileSet()
	var parsed []*ast.File
	plain := compileWith(t, source, dynamic, emit.Options{Package: "script"})
	for i, file := range compileFiles(t, source, dynamic) {
		formatted, err := format.Source(file.Data)
		if err != nil {
			t.Fatalf("%s: %v\n%s", file.Name, err, file.Data)
		}
		if !bytes.Equal(formatted, file.Data) {
			t.Errorf("gofmt would change %s", file.Name)
		}
		tree, err := parser.ParseFile(fset, file.Name, file.Data, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, tree)
		bare, err := parser.ParseFile(fset, plain[i].Name, plain[i].Data, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("before gofmt: %v", err)
		}
		if got, want := luaLines(fset, bare), luaLines(fset, tree); !slices.Equal(got, want) {
			t.Errorf("%s (dynamic: %v): gofmt changes the positions of calls in\n%s", file.Name, dynamic, source)
		}
	}
	if problems := typeErrors(fset, parsed); problems != "" {
		t.Fatalf("Go rejects what is emitted (dynamic: %v):\n%s", dynamic, problems)
	}
}

// luaLines returns the positions of a file's calls and their ends, those in Lua
// files: of all that can raise an error or show in a traceback.
func luaLines(fset *token.FileSet, file *ast.File) []string {
	var list []string
	add := func(pos token.Pos) {
		if p := fset.Position(pos); strings.HasSuffix(p.Filename, ".lua") {
			list = append(list, fmt.Sprintf("%s:%d", p.Filename, p.Line))
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			add(call.Pos())
			add(call.Rparen)
		}
		return true
	})
	return list
}

// typeErrors returns what Go says about the types of a package, "" for nothing.
func typeErrors(fset *token.FileSet, files []*ast.File) string {
	var problems []string
	config := types.Config{Importer: runtimePackages, Error: func(err error) { problems = append(problems, err.Error()) }}
	config.Check("script", fset, files, nil)
	return strings.Join(problems, "\n")
}

// exports returns the files with the types of what emitted code may import, and
// of all that those packages import, by path. The go command makes them.
var exports = sync.OnceValues(func() (map[string]string, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "../../rt/...", "../../wsrt", "math", "os")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		found[path] = file
	}
	return found, nil
})

// runtimePackages imports from exports. It remembers what it has read.
var runtimePackages = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
	found, err := exports()
	if err != nil {
		return nil, err
	}
	if found[path] == "" {
		return nil, fmt.Errorf("emitted code imports %s", path)
	}
	return os.Open(found[path])
})
