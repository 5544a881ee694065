package bind

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/surface"
)

const rtPath = "github.com/luago-lang/luago/rt"

// goImporter returns an importer of packages and all that they import, from
// the export data that the go command keeps.
func goImporter(t *testing.T, fset *token.FileSet, paths ...string) types.Importer {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, paths...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = file
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})
}

// disagreements compares the declarations of a module with its Go package.
func disagreements(m *surface.Module, pkg *types.Package) []string {
	var all []string
	report := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, c := range m.Classes {
		var ptr *types.Pointer
		if c.IsHost() {
			obj, ok := pkg.Scope().Lookup(c.GoType).(*types.TypeName)
			if !ok {
				report("class %s: package %s has no type %s", c.Name, pkg.Name(), c.GoType)
				continue
			}
			ptr = types.NewPointer(obj.Type())
		}
		for _, f := range c.Methods {
			if f.GoName == "" {
				continue
			}
			var obj types.Object
			switch {
			case f.Static:
				obj = pkg.Scope().Lookup(f.GoName)
			case ptr == nil:
				report("%s: a method of a class without Go type", f)
				continue
			default:
				obj, _, _ = types.LookupFieldOrMethod(ptr, true, pkg, f.GoName)
			}
			fn, ok := obj.(*types.Func)
			if !ok {
				report("%s: package %s has no function %s", f, pkg.Name(), f.GoName)
				continue
			}
			want := signature(append([]string{"*rt.Thread"}, f.GoParams(m.PkgPath)...), f.GoResults())
			if got := goSignature(pkg, fn); got != want {
				report("%s: %s is %s, want %s", f, f.GoName, got, want)
			}
		}
		if ptr != nil {
			all = append(all, undeclared(c, pkg, ptr)...)
		}
	}
	return all
}

// undeclared finds the exported methods that take a thread, as what scripts
// call does, and that no declaration names.
func undeclared(c *surface.Class, pkg *types.Package, ptr *types.Pointer) []string {
	var all []string
	methods := types.NewMethodSet(ptr)
	for i := range methods.Len() {
		fn, ok := methods.At(i).Obj().(*types.Func)
		if !ok || !fn.Exported() || !strings.HasPrefix(goSignature(pkg, fn), "(*rt.Thread") {
			continue
		}
		if !slices.ContainsFunc(c.Methods, func(f *surface.Method) bool { return f.GoName == fn.Name() }) {
			all = append(all, fmt.Sprintf("class %s: method %s is not declared", c.Name, fn.Name()))
		}
	}
	return all
}

func signature(params, results []string) string {
	return "(" + strings.Join(params, ", ") + ") (" + strings.Join(results, ", ") + ")"
}

func goSignature(pkg *types.Package, fn *types.Func) string {
	list := func(vars *types.Tuple) (names []string) {
		for i := range vars.Len() {
			names = append(names, types.TypeString(vars.At(i).Type(), func(p *types.Package) string {
				if p == pkg {
					return ""
				}
				return p.Name()
			}))
		}
		return names
	}
	sig := fn.Signature()
	return signature(list(sig.Params()), list(sig.Results()))
}

// The declarations of the runtime agree with its Go functions.
func TestAgree(t *testing.T) {
	var paths []string
	for _, m := range bound(t) {
		paths = append(paths, m.PkgPath)
	}
	imp := goImporter(t, token.NewFileSet(), paths...)
	for _, m := range bound(t) {
		pkg, err := imp.Import(m.PkgPath)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range disagreements(m, pkg) {
			t.Errorf("%s: %s", m.File, d)
		}
	}
}

// host is a Go package that agrees with testdata/surface.lua.
const host = `package wsrt

import "github.com/luago-lang/luago/rt"

type (
	Conn     struct{}
	Listener struct{}
	Coromega struct{}
)

func (*Conn) SendMessage(th *rt.Thread, message string) rt.Value       { return rt.Value{} }
func (*Conn) Close(th *rt.Thread, code, reason rt.Value)                {}
func (*Conn) Size(th *rt.Thread) int                                    { return 0 }
func (*Conn) Pipe(th *rt.Thread, other *Conn, binary bool) float64      { return 0 }
func (*Conn) Helper(n int)                                              {}
func (*Listener) WhenNewConn(th *rt.Thread, f rt.Value) rt.Value        { return f }
func (*Coromega) CreateWebsocketServer(th *rt.Thread, host string, port int) rt.Value { return rt.Value{} }
func (*Coromega) Connect(th *rt.Thread, addr string, headers rt.Value) (rt.Value, rt.Value) { return headers, headers }
func (*Coromega) Pause(th *rt.Thread) (rt.Value, int)                   { return rt.Value{}, 0 }
func (*Coromega) StartNew(th *rt.Thread, f rt.Value, args []rt.Value)   {}
func (*Coromega) Join(th *rt.Thread, parts []rt.Value) string           { return "" }
func (*Coromega) Many(th *rt.Thread, a float64, b *rt.Table, c, d rt.Value) (string, bool, *rt.Table) { return "", false, b }
func From(th *rt.Thread, omega rt.Value) rt.Value                       { return omega }
`

// check type-checks a Go package of the given files.
func check(t *testing.T, imp types.Importer, fset *token.FileSet, files ...string) (*types.Package, error) {
	t.Helper()
	var list []*ast.File
	for _, text := range files {
		f, err := parser.ParseFile(fset, "file.go", text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	conf := types.Config{Importer: imp}
	return conf.Check("github.com/luago-lang/luago/wsrt", fset, list, nil)
}

// The generated adapters compile, and every kind of disagreement is found.
func TestDisagreements(t *testing.T) {
	m := load(t, string(readFile(t, "testdata/surface.lua")))
	fset := token.NewFileSet()
	imp := goImporter(t, fset, rtPath)
	adapters, err := Generate(m)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := check(t, imp, fset, host, string(adapters))
	if err != nil {
		t.Fatalf("the generated adapters do not compile: %v\n%s", err, adapters)
	}
	if got := disagreements(m, pkg); len(got) > 0 {
		t.Errorf("a package that agrees: %q", got)
	}
	for _, tt := range []struct{ old, new, want string }{
		{"SendMessage(", "SendMsg(", "WebSocketConn:send_message: package wsrt has no function SendMessage"},
		{"message string)", "message rt.Value)", "SendMessage is (*rt.Thread, rt.Value) (rt.Value), want (*rt.Thread, string) (rt.Value)"},
		{"Size(th *rt.Thread) int", "Size(th *rt.Thread) float64", "Size is (*rt.Thread) (float64), want (*rt.Thread) (int)"},
		{"other *Conn,", "other rt.Value,", "Pipe is (*rt.Thread, rt.Value, bool) (float64), want (*rt.Thread, *Conn, bool) (float64)"},
		{"Helper(n int)", "Helper(th *rt.Thread)", "class WebSocketConn: method Helper is not declared"},
		{"Listener struct{}\n", "Other struct{}\n\tListener = func()\n", "package wsrt has no function WhenNewConn"},
		{"func From(", "func from(", "CoromegaModule.from: package wsrt has no function From"},
		{"Pause(th *rt.Thread) (rt.Value, int) ", "Pause(th *rt.Thread) []rt.Value ", "want (*rt.Thread) (rt.Value, int)"},
	} {
		if !strings.Contains(host, tt.old) {
			t.Fatalf("no %q in the package", tt.old)
		}
		pkg, _ := check(t, imp, fset, strings.Replace(host, tt.old, tt.new, 1))
		if got := strings.Join(disagreements(m, pkg), "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("%s instead of %s: found %q, want %q", tt.new, tt.old, got, tt.want)
		}
	}
	pkg, _ = check(t, imp, fset, strings.ReplaceAll(host, "Conn ", "Connection "))
	if got := strings.Join(disagreements(m, pkg), "\n"); !strings.Contains(got, "class WebSocketConn: package wsrt has no type Conn") {
		t.Errorf("missing type: %q", got)
	}
}
