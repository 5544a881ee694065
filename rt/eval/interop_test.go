package eval

import (
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"testing"
	"weak"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/rt"
)

// function returns the function that a chunk returns.
func (p *program) function(t *testing.T, src string) rt.Value {
	t.Helper()
	f, problem := load(p.st, src, "@test.lua", p.st.Globals.Value())
	if problem != "" {
		t.Fatal(problem)
	}
	v, _ := rt.CallValues(p.st.Main, f)
	return v
}

// TestCallsFromGo calls evaluated functions as compiled code does, and Go
// functions from evaluated ones.
func TestCallsFromGo(t *testing.T) {
	p := newProgram()
	th := p.st.Main
	show := func(first rt.Value, n int) string {
		var b strings.Builder
		for _, v := range th.Results(first, n) {
			b.WriteString(v.String() + " ")
		}
		return b.String()
	}
	var args []rt.Value
	for i := range 100 {
		args = append(args, rt.Number(float64(i)))
	}
	f := p.function(t, "return function(a, b, c, d, ...) return select('#', ...), d, c, b, a, ... end")
	if got := show(rt.CallSlice(th, f, args)); !strings.HasPrefix(got, "96 3 2 1 0 4 5 6 ") || !strings.HasSuffix(got, " 99 ") {
		t.Errorf("100 arguments: %s", got)
	}
	if got := show(rt.CallSlice(th, f, args[:2])); got != "0 nil nil 1 0 " {
		t.Errorf("2 arguments: %s", got)
	}
	pair := rt.NewGoFunction("pair", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		return rt.CallValues(th, a0, a1, rt.Number(float64(n)))
	})
	p.st.Globals.SetString("pair", pair)
	f = p.function(t, "return function(x) return pair(function(...) return ..., 'end' end, x) end")
	if got := show(rt.CallValues(th, f, rt.Number(7))); got != "7 end " {
		t.Errorf("through Go: %s", got)
	}
	f = p.function(t, "return function(...) return pair(function(...) return ... end, ...) end")
	if first, n := f.Function().Fn(th, 1, rt.Number(8), rt.Value{}, rt.Value{}); show(first, n) != "8 2 " {
		t.Errorf("a tail call of a Go function is made at once: %s", show(first, n))
	}
	if th.Depth != 0 || th.Active != nil {
		t.Errorf("depth %d, frame %v after all calls", th.Depth, th.Active)
	}
}

// TestTracebacks checks that calls of evaluated and of Go functions, and of
// those in coroutines, stand in tracebacks in their order.
func TestTracebacks(t *testing.T) {
	const src = `
local function inner() print(debug.traceback("t")) end
local function outer() pcall(inner) return 1 end
(function()
	outer()
end)()
local co = coroutine.create(function() local x = outer() coroutine.yield(x) error("oops") end)
coroutine.resume(co)
print(debug.traceback(co))
print(coroutine.resume(co))
print(debug.traceback(co))
print(xpcall(inner.x, function(m) return debug.traceback(m, 1) end))
`
	const want = `t
stack traceback:
	test.lua:2: in function <test.lua:2>
	[C]: in function 'pcall'
	test.lua:3: in function 'outer'
	test.lua:5: in function <test.lua:4>
	test.lua:4: in main chunk
t
stack traceback:
	test.lua:2: in function <test.lua:2>
	[C]: in function 'pcall'
	test.lua:3: in function 'outer'
	test.lua:7: in function <test.lua:7>
stack traceback:
	[C]: in function 'yield'
	test.lua:7: in function <test.lua:7>
false	test.lua:7: oops
stack traceback:
	[C]: in function 'error'
	test.lua:7: in function <test.lua:7>
error: test.lua:12: attempt to index a function value (local 'inner')
`
	if got := newProgram().run(src); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestFramesKeepNothing checks that what a call had in its variables can be
// collected afterwards, be it that the call returned or failed.
func TestFramesKeepNothing(t *testing.T) {
	for _, src := range []string{
		"return function(a, b, c, d, ...) local x, y = a, function() return b end; return x == ... end",
		"return function(...) local t = ...; local u = function() return t end; error() end",
		"return function(a, f) local g = function() return a end; return (pcall(function() local b = a; local c = function() return b end; error() end)) end",
		"return function(...) local co = coroutine.create(function(...) local x = ... error() end) return coroutine.resume(co, ...) end",
	} {
		p := newProgram()
		f := p.function(t, src)
		pointers := make([]weak.Pointer[rt.Table], 5)
		func() {
			var args []rt.Value
			for i := range pointers {
				table := rt.NewTable()
				pointers[i] = weak.Make(table)
				args = append(args, table.Value())
			}
			_ = rt.Protect(p.st.Main, func() { rt.CallSlice(p.st.Main, f, args) })
			clear(p.st.Main.Args)
			clear(p.st.Main.Ret)
		}()
		runtime.GC()
		for i, w := range pointers {
			if w.Value() != nil {
				t.Errorf("%s: argument %d is still there", src, i+1)
			}
		}
		runtime.KeepAlive(f)
		runtime.KeepAlive(p)
	}
}

// TestStackOverflow runs functions whose calls nest in many closures: all must
// end in an error, none in a fault of Go's.
func TestStackOverflow(t *testing.T) {
	for _, src := range []string{
		"local function f(n) return 1 + f(n + 1) end f(1)",
		"local f; f = function() return f{" + strings.Repeat("f{", 50) + strings.Repeat("}", 50) + "} + 1 end f()",
		"local f; f = function(x) return 1 + " + strings.Repeat("f(x, ", 90) + "f()" + strings.Repeat(")", 90) + " end f()",
		"local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end local x = t[1]",
	} {
		got := newProgram().run(src)
		if !strings.HasPrefix(got, "error: test.lua:1: stack overflow") && !strings.Contains(got, "stack overflow") {
			t.Errorf("%.60s: %s", src, got)
		}
	}
}

// TestParallel evaluates in several States at once.
func TestParallel(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			p := newProgram()
			const src = "local t = {} for i = 1, 1000 do t['k' .. i % 10] = i t.x = i end local n = 0 for k in pairs(t) do n = n + 1 end print(n, load('return 1 + 1')())"
			if got := p.run(src); got != "11\t2\n" {
				t.Error(got)
			}
		})
	}
	wg.Wait()
}

// TestScript evaluates a script with a module that is found beforehand.
func TestScript(t *testing.T) {
	var files diag.Files
	var sink diag.Sink
	texts := map[string]string{
		"main.lua": "local m = require('m')\nreturn m.name, select(2, pcall(m.fail))",
		"./m.lua":  "local M = {name = ...}\nfunction M.fail() local x = nil + 1 end\nreturn M",
	}
	resolved, err := resolve.Load(&files, "main.lua", resolve.Options{ReadFile: func(name string) ([]byte, error) {
		if text, ok := texts[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}}, &sink)
	if err != nil || sink.HasErrors() {
		t.Fatal(err)
	}
	p := newProgram()
	main := NewScript(resolved).Load(p.st)
	if m := p.st.Modules["m"]; m.Path != "./m.lua" || !m.Loader.IsFunction() {
		t.Fatalf("module: %+v", m)
	}
	p.st.Globals.SetString("require", rt.NewGoFunction("require", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		return rt.CallValues(th, th.State.Modules[a0.String()].Loader, a0)
	}))
	first, n := rt.CallValues(p.st.Main, main)
	results := p.st.Main.Results(first, n)
	if len(results) != 2 || results[0].String() != "m" || results[1].String() != "./m.lua:2: attempt to perform arithmetic on a nil value" {
		t.Errorf("results: %v", results)
	}
}
