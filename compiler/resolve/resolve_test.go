package resolve

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/diag/diagtest"
	"github.com/luago-lang/luago/compiler/syntax"
)

// compile runs parser and resolver, for diagtest.
func compile(_ *diag.Files, file *diag.File, sink *diag.Sink) {
	chunk := syntax.Parse(file, sink)
	if !sink.HasErrors() {
		Resolve(chunk, sink)
	}
}

// resolve resolves src, which has to be right.
func resolve(t *testing.T, src string) *Info {
	t.Helper()
	var files diag.Files
	var sink diag.Sink
	chunk := syntax.Parse(files.Add("t.lua", src), &sink)
	if sink.HasErrors() {
		t.Fatalf("%s: %s", src, sink.All()[0].Message)
	}
	info := Resolve(chunk, &sink)
	if sink.HasErrors() {
		t.Fatalf("%s: %s", src, sink.All()[0].Message)
	}
	return info
}

// TestErrors compares the messages about testdata/errors/*.lua with the ERROR
// comments in them.
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

// TestCodes compiles the example of each code.
func TestCodes(t *testing.T) {
	diagtest.CheckExamples(t, diagtest.Examples(t, "../diag/codes.go"), func(files *diag.Files, file *diag.File, sink *diag.Sink) {
		read := func(name string) ([]byte, error) {
			if name == file.Name {
				return []byte(file.Text), nil
			}
			return nil, fs.ErrNotExist
		}
		if _, err := Load(files, file.Name, Options{ReadFile: read}, sink); err != nil {
			t.Error(err)
		}
	})
}

// vars returns all variables of a function and those inside it, one a line:
// name, kind, then what is true of it.
func vars(f *Func) string {
	var b strings.Builder
	for _, v := range f.Locals {
		fmt.Fprintf(&b, "%s %s", v.Name, [...]string{"local", "param", "loop", "env"}[v.Kind])
		if v.Captured {
			b.WriteString(" captured")
		}
		if v.Assigned > 0 {
			fmt.Fprintf(&b, " assigned:%d", v.Assigned)
		}
		if v.Uses > 0 {
			fmt.Fprintf(&b, " uses:%d", v.Uses)
		}
		if v.InLoop {
			b.WriteString(" loop")
		}
		if v.ChunkLevel {
			b.WriteString(" chunk")
		}
		b.WriteString("; ")
	}
	for _, g := range f.Children {
		b.WriteString("{" + vars(g) + "} ")
	}
	return strings.TrimSpace(b.String())
}

// expectVars checks what is found out about the variables of src.
func expectVars(t *testing.T, src, want string) {
	t.Helper()
	if got := vars(resolve(t, src).Main); got != want {
		t.Errorf("%s\n got %s\nwant %s", src, got, want)
	}
}

func TestVars(t *testing.T) {
	expectVars(t, "x = y", "")
	expectVars(t, "local a, b = 1; a = b", "a local assigned:1 chunk; b local uses:1 chunk;")
	expectVars(t, "local a = a; local a = a", "a local uses:1 chunk; a local chunk;")
	expectVars(t, "local f = function() return f end", "f local chunk; {}")
	expectVars(t, "local function f() return f end", "f local captured uses:1 chunk; {}")
	expectVars(t, "local f; function f() end f = 1", "f local assigned:2 chunk; {}")
	expectVars(t, "local t; function t.f() end t.x = 1", "t local uses:2 chunk; {}")
	expectVars(t, "function f(a, b) return a end", "{a param uses:1; b param;}")
	expectVars(t, "function t:m(a) self.x = a end", "{self param uses:1; a param uses:1;}")
	expectVars(t, "for i = 1, i do local a = i end", "i loop uses:1 loop; a local loop;")
	expectVars(t, "for k, v in k do v = 1 end", "k loop loop; v loop assigned:1 loop;")
	expectVars(t, "while x do local x end return x", "x local loop;")
	expectVars(t, "repeat local x until x", "x local uses:1 loop;")
	expectVars(t, "do local x end x = 1", "x local chunk;")
	expectVars(t, "if a then local x = 1 elseif x then x = 2 else local y end", "x local chunk; y local chunk;")
	expectVars(t, "while x do function f(a) local b end end", "{a param; b local;}")
	expectVars(t, "local a; function f() local b = a; function g() return b, a end end",
		"a local captured uses:2 chunk; {b local captured uses:1; {}}")
	expectVars(t, "local a, b; a, b.c = b, a", "a local assigned:1 uses:1 chunk; b local uses:2 chunk;")
	expectVars(t, "local a; function f() a = 1 end", "a local captured assigned:1 chunk; {}")
	expectVars(t, "local a; return {a = a, [a] = a.a}, -a, a..a, (a), a(a), a:a()",
		"a local uses:10 chunk;")
	expectVars(t, "local a; do local a; a = 1 end; a = 2", "a local assigned:1 chunk; a local assigned:1 chunk;")
	expectVars(t, "local function f(f) return f end f()", "f local uses:1 chunk; {f param uses:1;}")
	expectVars(t, "local x, x = 1; return x", "x local chunk; x local uses:1 chunk;")
}

// TestGotoLoops checks that a goto back makes a loop of what it jumps over.
func TestGotoLoops(t *testing.T) {
	expectVars(t, "local a ::top:: local b if a then goto top end local c",
		"a local uses:1 chunk; b local loop; c local chunk;")
	expectVars(t, "::top:: do local a do goto top end local b end", "a local loop; b local chunk;")
	expectVars(t, "goto down do local a end ::down:: local b", "a local chunk; b local chunk;")
	expectVars(t, "::a:: local x ::b:: local y goto b", "x local chunk; y local loop;")
	expectVars(t, "::a:: local x ::b:: local y goto b local z goto a", "x local loop; y local loop; z local loop;")
	expectVars(t, "::a:: local f = function() local x end goto a", "f local loop; {x local;}")
	expectVars(t, "for i = 1, 2 do local x if x then goto continue end local y ::continue:: end",
		"i loop loop; x local uses:1 loop; y local loop;")
}

// funcs returns upvalues and flags of all functions inside f.
func funcs(f *Func) string {
	var b strings.Builder
	for _, v := range f.Upvalues {
		b.WriteString(v.Name + " ")
	}
	for _, flag := range []struct {
		on   bool
		name string
	}{{f.IsVararg, "vararg "}, {f.UsesVararg, "uses... "}, {f.HasCalls, "calls "}} {
		if flag.on {
			b.WriteString(flag.name)
		}
	}
	for _, g := range f.Children {
		b.WriteString("{" + funcs(g) + "} ")
	}
	return strings.TrimSpace(b.String())
}

func TestFuncs(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "vararg"},
		{"return ...", "vararg uses..."},
		{"f()", "vararg calls"},
		{"a:b()", "vararg calls"},
		{"for k in f do end", "vararg calls"},
		{"x = function() f() end", "vararg {calls}"},
		{"x = function(...) return ... end", "vararg {vararg uses...}"},
		{"x = function(...) end", "vararg {vararg}"},
		{"local a, b, c; function f() return c, a, c end", "vararg {c a}"},
		{"local a, b; function f() local c; function g() return b, c, a end end", "vararg {b a {b c a}}"},
		{"local a; function f() return a end function g() a = 1 end", "vararg {a} {a}"},
		{"local a; function f() function g() return a end return a end", "vararg {a {a}}"},
		{"function f(a) return function() return function() return a end end end", "vararg {{a {a}}}"},
	} {
		if got := funcs(resolve(t, c.src).Main); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

func TestFuncTree(t *testing.T) {
	info := resolve(t, "function f(a, b) local c = function() end end local function g(...) end")
	if len(info.Funcs) != 3 || len(info.Main.Children) != 2 {
		t.Fatalf("%d functions, %d in the chunk", len(info.Funcs), len(info.Main.Children))
	}
	for node, f := range info.Funcs {
		if f.Node != node || f.Chunk != info.Chunk || f.Parent == nil || !slices.Contains(f.Parent.Children, f) {
			t.Errorf("function at %v", node.Pos())
		}
		for i, name := range node.Params {
			if v := info.Defs[name]; v != f.Params[i] || v != f.Locals[i] || v.Kind != Param || v.Func != f {
				t.Errorf("parameter %s", name.Text)
			}
		}
	}
	if info.Main.Node != nil || info.Main.Parent != nil || !info.Main.IsVararg {
		t.Error("the main function")
	}
}

func TestGlobals(t *testing.T) {
	info := resolve(t, "b = a; local c = print; function d() return e.f, c end; local _ENV = {}; g = h")
	if got := strings.Join(info.Globals, " "); got != "a b d e print" {
		t.Errorf("globals are %s", got)
	}
}

// env says what each mention of a name in src is: "name:G" a global, "name:E"
// the globals table itself, "name:L" a variable, "name:V" a field of a
// variable _ENV.
func env(t *testing.T, src string) string {
	t.Helper()
	info := resolve(t, src)
	var list []string
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.NameExpr); ok {
			what := "G"
			switch {
			case info.Uses[n] != nil && info.EnvOf[n] != nil:
				what = "both"
			case info.Uses[n] != nil:
				what = "L"
			case info.EnvOf[n] != nil:
				what = "V"
			case n.Name == "_ENV":
				what = "E"
			}
			list = append(list, n.Name+":"+what)
		}
		return true
	})
	if info.EnvRead {
		list = append(list, "read")
	}
	if info.Env != nil {
		list = append(list, "variable")
	}
	return strings.Join(list, " ")
}

func TestEnv(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"x = 1", "x:G"},
		{"x = _ENV", "x:G _ENV:E read"},
		{"_ENV.x = y", "_ENV:E y:G read"},
		{"local _ENV = {}; x = y", "x:V y:V"},
		{"local _ENV = _ENV; x = y", "_ENV:E x:V y:V read"},
		{"local _ENV = {a = a}; return _ENV", "a:G _ENV:L"},
		{"do local _ENV = {}; x = 1 end x = 1", "x:V x:G"},
		{"function f(_ENV) return x end return x", "f:G x:V x:G"},
		{"function f(_ENV) return function() return x, _ENV end end", "f:G x:V _ENV:L"},
		{"local _ENV = {}; _ENV = {}; x = 1", "_ENV:L x:V"},
		{"for _ENV in f do x = 1 end", "f:G x:V"},
		{"_ENV = {}; x = 1", "_ENV:L x:V read variable"},
		{"x = 1; function f() _ENV = {} end", "x:V f:V _ENV:L read variable"},
		{"local a = b; function _ENV() end", "b:V _ENV:L read variable"},
		{"x = 1; do local _ENV = _ENV; y = 1 end _ENV = nil", "x:V _ENV:L y:V _ENV:L read variable"},
		{"function f() return _ENV end", "f:G _ENV:E read"},
	} {
		if got := env(t, c.src); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
	expectVars(t, "_ENV = {}; x = y", "_ENV env assigned:1 uses:2 chunk;")
	expectVars(t, "_ENV = {}; function f() return x end", "_ENV env captured assigned:1 uses:2 chunk; {}")
	expectVars(t, "local _ENV = {}; function f() return function() x = 1 end end", "_ENV local captured uses:2 chunk; {{}}")
	if got := funcs(resolve(t, "local _ENV = {}; function f() return function() x = 1 end end").Main); got != "vararg {_ENV {_ENV}}" {
		t.Errorf("upvalues %s", got)
	}
	info := resolve(t, "local a; _ENV = {}")
	if info.Env != info.Main.Locals[0] || info.Env.Kind != EnvVar {
		t.Error("the chunk's _ENV is not its first variable")
	}
}

// TestEnvErrorsOnce checks that a chunk that is resolved twice has its
// mistakes reported once.
func TestEnvErrorsOnce(t *testing.T) {
	var files diag.Files
	var sink diag.Sink
	compile(&files, files.Add("t.lua", "_ENV = {} break"), &sink)
	if n := sink.ErrorCount(); n != 1 {
		t.Errorf("%d errors", n)
	}
}

func TestGotos(t *testing.T) {
	const src = `::a:: do goto a; ::a:: end
goto a
do goto b; do ::b:: end ::b:: end
while x do if y then goto c end ::c:: end
function f() ::a:: goto a end
repeat goto d ::d:: until x
do goto e; local x; ::e:: ::g:: end
`
	info := resolve(t, src)
	var got []string
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		if g, ok := n.(*syntax.GotoStmt); ok {
			at := info.Gotos[g].Pos()
			got = append(got, fmt.Sprintf("%d:%d", at.Line, at.Col))
		}
		return true
	})
	want := "1:18 1:1 3:25 4:33 5:14 6:15 7:21"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("labels at %s, want %s", s, want)
	}
}

func TestRequires(t *testing.T) {
	info := resolve(t, `
local a = require("a")
local b = require "b.c".d
require [[e]]
function f() return require("f", 1) end
require(x) require("g" .. "h") require() x.require("i") x:require("j")
require(require("k"))
do local require = f; require("l") end
do local _ENV = {}; require("m") end
function g(require) require("n") end
return require("o")
`)
	var names []string
	for _, r := range info.Requires {
		names = append(names, r.Name)
		if r.Call.Args[0].(*syntax.StringExpr).Value != r.Name {
			t.Errorf("call of %s", r.Name)
		}
	}
	if got := strings.Join(names, " "); got != "a b.c e f k o" {
		t.Errorf("requires %s", got)
	}
}
