package emit_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/emit"
	"github.com/luago-lang/luago/compiler/infer"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
)

// fileNames are names of scripts that a file system allows, without .lua.
var fileNames = []string{
	"Bounce", "bounce", "BOUNCE", "a-b", "a_b", "a.b", "a b", "A.B", "a", "A", "1st", "2", "ü", "ö", "日本", "naïve",
	"x_test", "x_linux", "x_windows_amd64", "x_js_wasm", "init", "main", "rt", "json", "omega", "wsrt", "base",
	"strlib", "program", "globals", "newState", "Program", "Main", "func", "type", "package", "go", "string", "nil",
	"_", "__", ".", "..", "-", "%$!", "#", "~", "'", `"`, "`", `\`, "\n", "\t", "\xff", "\ufeff", "//", "/*", "*/", "_hidden",
	".hidden", "closure", "tailcall", "k_x", "g_x", "chunk", "load", "proto", "proto1", strings.Repeat("long", 50),
	strings.Repeat("long", 50) + "er",
}

// memberNames are names in Lua, for variables, functions and methods.
var memberNames = strings.Fields(`x X x_2 X_2 t1 T1 n1 ck th rt init Init main Main func type nil_ string String len
	k_x g_x call_f fn_f L_x proto protoMain chunk chunkMain loadMain program Program globals newState p r w m g
	blank _ __ ___ _1 l_t1 l_l_t1 self frame int float64 any error iota append interface map go json omega wsrt
	` + strings.Repeat("long", 9) + ` ` + strings.Repeat("long", 9) + `er`)

// TestFileNames compiles every name as a script's, two of them with modules
// of all names, in which functions have all names, and checks that Go takes each of its files, and
// their types. So every two names have met.
func TestFileNames(t *testing.T) {
	var module strings.Builder
	for _, name := range memberNames {
		fmt.Fprintf(&module, "local %s = {} function %[1]s.%[1]s() return %[1]s end function %[1]s:%[1]s_() return %[1]s end\n", name)
		fmt.Fprintf(&module, "do local function %s(%[1]s) local %[1]s = %[1]s goto %[1]s do return end ::%[1]s:: return %[1]s end print(%[1]s(1), %[1]s) end\n", name)
	}
	for _, name := range memberNames[:20] {
		fmt.Fprintf(&module, "do local _ENV = {} function %s() return %[1]s end end function G%[1]s() return G%[1]s end\n", name)
	}
	const small = "local x, f = ..., print local function f() return x end function x.F(...) return f, ... end print(f(1), f)"
	for i, script := range fileNames {
		main := small
		if i < 2 { // one of two that differ in case
			main = module.String()
			for _, name := range fileNames {
				main = fmt.Sprintf("print(require(%s))\n", quoteLua(name)) + main
			}
		}
		read := func(name string) ([]byte, error) {
			switch {
			case name == script+".lua":
				return []byte(main), nil
			case strings.HasSuffix(name, "/init.lua") && name != "./init.lua":
				return nil, os.ErrNotExist
			case strings.EqualFold(name, "./a.lua"):
				return []byte(module.String()), nil
			}
			return []byte(small), nil
		}
		files := compileNamed(t, script+".lua", read)
		if i < 2 && len(files) != len(fileNames) { // without string and package, with the script and program.go
			t.Fatalf("%q: only %d files for %d modules", script, len(files), len(fileNames))
		}
		checkFiles(t, script, files)
	}
}

// quoteLua returns a string of Lua.
func quoteLua(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "\\%03d", s[i])
	}
	return `"` + b.String() + `"`
}

// compileNamed emits a script and its modules.
func compileNamed(t *testing.T, script string, read func(string) ([]byte, error)) []emit.File {
	t.Helper()
	var files diag.Files
	var sink diag.Sink
	p, err := resolve.Load(&files, script, resolve.Options{ReadFile: read}, &sink)
	if err != nil {
		t.Fatal(err)
	}
	if sink.HasErrors() {
		var messages bytes.Buffer
		sink.Render(&messages, &files)
		t.Fatalf("%q:\n%s", script, &messages)
	}
	emitted, err := emit.Program(p, infer.Program(p, &surface.Surface{}, &sink), emit.Options{Package: "main", Main: true, Format: true})
	if err != nil {
		t.Fatal(err)
	}
	return emitted
}

// checkFiles checks that go build takes the files in, and their types.
func checkFiles(t *testing.T, script string, files []emit.File) {
	t.Helper()
	seen := map[string]bool{}
	fset := token.NewFileSet()
	var parsed []*ast.File
	for _, file := range files {
		if lower := strings.ToLower(file.Name); seen[lower] {
			t.Errorf("%q: two files are called %s", script, lower)
		} else {
			seen[lower] = true
		}
		context := build.Default
		context.GOOS, context.GOARCH = "plan9", "arm" // nothing is called that
		context.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file.Data)), nil }
		if ok, err := context.MatchFile("", file.Name); !ok || err != nil || strings.HasSuffix(file.Name, "_test.go") {
			t.Errorf("%q: go build leaves %s out: %v", script, file.Name, err)
		}
		tree, err := parser.ParseFile(fset, file.Name, file.Data, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%q: %v", script, err)
		}
		parsed = append(parsed, tree)
	}
	if problems := typeErrors(fset, parsed); problems != "" {
		t.Fatalf("%q: Go rejects what is emitted:\n%s", script, problems)
	}
}
