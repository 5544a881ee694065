package infer

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestDump checks that a dump leaves nothing out: for every field of Facts, the
// lines that show it.
func TestDump(t *testing.T) {
	const source = `local cut, s = string.sub, string
local t = {}
for i = 1, 10 do t[i] = 0 end
local function add(a, b) return a + b end
local function loop(n, x) if n == 0 then return x end return loop(n - 1, x) end
function g(x) if x then return 1, 2 end end
local function nothing() end
print(add(1, 2), (loop(3)), g(4), cut("x", 1), s.byte("x"), math.abs(1), loop)
nothing()
local coromega = require("coromega").from()
coromega:sleep(1)
`
	shown := map[string][]string{
		"PlainGlobals": {"globals: plain"},
		"Libraries":    {"libraries: math"},
		"NoEval":       {"evaluator: none"},
		"EvalReason":   nil, // below
		"Classes":      {"main.lua:11:10: sleep is that of Coromega"},
		"numbers":      {"main.lua:4:20: a is a number", "main.lua:4:23: b is a number", "main.lua:3:5: i is a number"},
		"counters":     {"main.lua:3:1: for i counts up, from 1 or more; it fills t"},
		"integers":     {"main.lua:3:1: for i counts up, from 1 or more; it fills t"},
		"fills":        {"main.lua:3:1: for i counts up, from 1 or more; it fills t"},
		"library": {"main.lua:1:7: cut should be string.sub", "main.lua:1:12: s should be the table string",
			"main.lua:8:35: should call string.sub", "main.lua:8:48: should call string.byte"},
		"statics": {
			"main.lua:4:7: function add is called directly; its one result is a number",
			"main.lua:5:7: function loop is called directly; it has one result; its tail calls of itself are jumps; its value is needed, too",
			"main.lua:6:1: function g is called directly; it has any number of results; it may not be there yet",
			"main.lua:7:7: function nothing is called directly; it has no result"},
		"callees":       {"main.lua:8:7: calls function add directly", "main.lua:8:29: calls function g directly", "main.lua:9:1: calls function nothing directly"},
		"elided":        {"main.lua:4:16: add is no variable, as nothing needs its value"},
		"numberResults": {"main.lua:4:7: function add is called directly; its one result is a number"},
	}
	dump := func(source string) string {
		p := inferText(t, source)
		var out strings.Builder
		if err := Program(p.program, testSurface(t), &p.sink).Dump(&out, p.program); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	got := dump(source)
	lines := strings.Split(got, "\n")
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Facts]()) {
		want, ok := shown[f.Name]
		if !ok {
			t.Errorf("does a dump show %s?", f.Name)
		}
		for _, line := range want {
			if !slices.Contains(lines, line) {
				t.Errorf("%s: no line %q", f.Name, line)
			}
		}
	}
	if t.Failed() {
		t.Log(got)
	}

	const open = "globals: may be reached as a table\nlibraries: all\nevaluator: main.lua:1: load is used\nvariables: can be changed from outside\n"
	if got := dump("local n = 1 debug.setlocal(1, 1, load) print(n)"); got != open {
		t.Errorf("got\n%s\nwant\n%s", got, open)
	}
}
