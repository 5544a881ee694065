package emit_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/emit"
	"github.com/luago-lang/luago/compiler/infer"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
)

// compile emits a script and returns its files, joined.
func compile(t *testing.T, source string, dynamic bool) string {
	t.Helper()
	var b bytes.Buffer
	for _, f := range compileFiles(t, source, dynamic) {
		b.Write(f.Data)
	}
	return b.String()
}

// compileFiles emits a script for people to read, with facts or without. It
// returns nothing for one that is wrong.
func compileFiles(t *testing.T, source string, dynamic bool) []emit.File {
	t.Helper()
	return compileWith(t, source, dynamic, emit.Options{Package: "script", Format: true})
}

func compileWith(t *testing.T, source string, dynamic bool, opts emit.Options) []emit.File {
	t.Helper()
	read := func(name string) ([]byte, error) {
		if name != "script.lua" {
			return nil, os.ErrNotExist
		}
		return []byte(source), nil
	}
	var sink diag.Sink
	p, err := resolve.Load(&diag.Files{}, "script.lua", resolve.Options{ReadFile: read}, &sink)
	if err != nil {
		t.Fatal(err)
	}
	if sink.HasErrors() {
		return nil
	}
	facts := infer.Program(p, &surface.Surface{}, &sink)
	if sink.HasErrors() {
		return nil
	}
	if dynamic {
		facts = &infer.Facts{}
	}
	files, err := emit.Program(p, facts, opts)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestShapes checks the Go that a construct becomes: lines that must appear,
// and lines, after "!", that must not.
func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name, lua string
		want      []string
	}{
		{"constants fold", `return 2 * 3 + 1`, []string{`return rt.Number(7), 1`}},
		{"division by zero does not fold", `return 0 / 0`, []string{`rt.DivNumbers(0, 0)`}},
		{"negative zero survives", `return -0`, []string{`rt.NegativeZero()`}},
		{"unknown operands get a fast path", `local a, b = ... return a + b`, []string{
			`if a.IsNumber() && b.IsNumber() {`, `t2 = rt.Number(a.F + b.F)`, `t2 = rt.Add(th, a, b, "local 'a'|local 'b'")`}},
		{"products are not fused", `local a, b = ... return a * b`, []string{`rt.Number(float64(a.F * b.F))`}},
		{"known numbers are float64", `local s = 0 for i = 1, 10 do s = s + i end return s`, []string{
			`s := 0.0`, `for i := 1; i <= 10; i++ {`, `s = (s + float64(i))`, `!rt.Add`}},
		{"a counter indexes as an int", `local t = ... for i = 1, 9 do t[i] = t[i + 1] end`, []string{
			`.At((i + 1))`, `.SetAt(i, `}},
		{"a counter can depend on one", `for i = 2, 9 do for j = i + i, 9, i do print(j) end end`, []string{`for j := (i + i); j <= 9; j += i {`}},
		{"what a comparison gave is kept", `local i = 1 function set() i = 2 end print(i < 2, not (i > 1), set())`, []string{`t2 := (ck.i < 2.0)`, `t3 := !(1.0 < ck.i)`}},
		{"what nothing changes is not copied", `local i, f = 1, ... print(i < 2, f())`, []string{`!:= (i < `}},
		{"a loop that fills a table reserves", `local t, n = {}, ... for i = 1, n do t[i] = 0 end`, []string{`rt.ReserveLoop(t, 1, limit1)`}},
		{"a loop from 0 reserves element 0, too", `local t, n = {}, ... for i = 0, n do t[i] = 0 end`, []string{`rt.ReserveLoop(t, 0, limit1)`}},
		{"element 0 has a place of its own", `local t = ... t[0] = t[0] + t[1]`, []string{`t.AtZero()`, `t.SetAtZero(`, `t.At(1)`}},
		{"an array from 0 is made at once", `local t = {[0] = 1, 2, 3} local u, f = {[0] = 1, f()}`, []string{
			`rt.NewArrayFromZero(rt.Number(1), rt.Number(2), rt.Number(3))`, `rt.NewTableSize(1, 0)`}},
		{"a loop with a way out does not", `local t, n = {}, ... for i = 1, n do t[i] = 0 if f() then break end end`, []string{`!rt.ReserveLoop`}},
		{"variables of a generic for are of any type", `for i in f do i = 1 * 2 print(i) end`, []string{`i := it1.K`, `i = rt.Number(2)`}},
		{"a fractional step counts in floats", `for i = 0, 1, 0.25 do print(i) end`, []string{`i1 += 0.25`}},
		{"an assigned loop variable is copied", `for i = 1, 3 do i = i * 2 print(i) end`, []string{`i := i1`}},
		{"plain globals are slots", `x = 1 print(x)`, []string{`ck.g[g_x] = rt.Number(1)`, `!GlobalMissing`}},
		{"_G makes reads careful", `x = _G print(x)`, []string{`rt.GlobalMissing(th, k_print)`}},
		{"fields go through caches", `local t = {} t.x = t.y`, []string{`ck.r[0].Get(t)`, `ck.w[0].Put(t, `}},
		{"methods go through caches", `local t = {} t:m(1)`, []string{`ck.m[0].Get(t)`, `rt.Method(th, t, k_m, &ck.m[0], "local 't'")`}},
		{"a metatable made anew is not made", `local c, o = {}, setmetatable({}, {__index = c}) return setmetatable(o, {__index = o, x = 1})`, []string{
			`rt.SetNewMeta(th, t`, `&ck.nm[1], shape`, `return th.TailCall(`}},
		{"under another name, too", `local set, c = setmetatable, {} return set({}, {__index = c})`, []string{`rt.SetNewMeta(th, set, `}},
		{"other tables are", `local set, c = ... return set({}, {index = c})`, []string{`!rt.SetNewMeta`}},
		{"a metatable with other keys is", `local k, o = ... return setmetatable(o, {__index = o, [k] = 1})`, []string{`!rt.SetNewMeta`}},
		{"methods of strings are looked up by number", `local s = ... print((s:find("x")))`, []string{`:= th.StringMethod(s, rt.BuiltinFind)`, `rt.Method(th, s, k_find`}},
		{"some are called directly", `local s = ... print(s:sub(2), string.byte(s, 1, 2))`, []string{`rt.CallSub(th, t2, s, rt.Number(2), rt.Number(-1))`, `t2.Callee(th, "method 'sub'")`, `!rt.CallByte`}},
		{"locals can be functions of the string library", `local s, char = string, string.char local len = s.len print(len(s), (char(65)))`, []string{`rt.CallLen(l_len`, `rt.CallChar(char, rt.Number(65))`}},
		{"other functions by such names are not", `local char = io.char print(char(65))`, []string{`!rt.CallChar`}},
		{"strings of one byte are compared by address", `local s = ... return s == "x" or s == "xy"`, []string{`rt.EqualShort(s, k_x)`, `rt.EqualString(s, k_xy)`}},
		{"a tail call is pending", `local f = ... return f(1)`, []string{`return th.TailCall(f, "local 'f'", 1, rt.Number(1)`}},
		{"a parenthesised call is none", `local f = ... return (f(1))`, []string{`f.Callee(th, "local 'f'")(th, 1, rt.Number(1)`, `!TailCall`}},
		{"constructors have shapes", `return {x = 1, y = 2}`, []string{`rt.ShapeOf(k_x, k_y)`, `rt.NewObject(shape1, rt.Number(1), rt.Number(2))`}},
		{"arrays are built at once", `return {1, 2}`, []string{`rt.NewArray(rt.Number(1), rt.Number(2))`}},
		{"concatenation is n-ary", `local a = ... return a .. "b" .. a`, []string{`rt.Concat(th, "local 'a'||local 'a'", a, k_b.Value(), a)`}},
		{"nil tests are cheap", `local a = ... return a == nil`, []string{`a.IsNil()`, `!rt.Equal(`}},
		{"Go keywords are renamed", `local func, type = 1, 2 return func + type`, []string{`l_func := 1.0`, `l_type := 2.0`}},
		{"so are names that emit makes up", `local t1, k_x, th = 1, 2, 3 return t1 + k_x + th`, []string{`l_t1 := 1.0`, `l_k_x := 2.0`, `l_th := 3.0`}},
		{"shadowing gets a new name", `local x = 1 do local x = 2 print(x) end print(x)`, []string{`x_2 := 2.0`}},
		{"captured locals of a chunk are fields", `local n = 0 function inc() n = n + 1 end`, []string{`n float64`, `ck.n = (ck.n + 1)`}},
		{"captured locals of a loop are variables", `for i = 1, 2 do local x = i f(function() return x end) end`, []string{`x := float64(i)`}},
		{"continue jumps out of a block", `for i = 1, 2 do if i == 1 then goto c end local x = i print(x) ::c:: end`, []string{`goto L_c`, `L_c:`}},
		{"leaves count no depth", `return function(x) return x end`, []string{`func(th *rt.Thread, _ int, x, _, _ rt.Value) (rt.Value, int) {` + "\n\t\t\treturn x, 1"}},
		{"a function that is only called is a method", `local function f(a, b) return a .. b end print(f(1, "x"))`, []string{
			`call_f(th *rt.Thread, a float64, b rt.Value) rt.Value {`, `ck.call_f(th, 1.0, k_x.Value())`, `!rt.NewFunction(&protoF`}},
		{"numbers pass as float64", `local function f(n) return n + 1 end print(f(1), f(f(2)))`, []string{`call_f(th *rt.Thread, n float64) float64 {`, `ck.call_f(th, 1.0)`}},
		{"a missing argument is no number", `local function f(n) return n end print(f(1), f())`, []string{`call_f(th *rt.Thread, n rt.Value) rt.Value {`, `ck.call_f(th, rt.Nil())`}},
		{"a function that escapes has a closure too", `local function f(n) return n + 1 end print(f(1), f)`, []string{
			`call_f(th *rt.Thread, n rt.Value) rt.Value {`, `rt.NewFunction(&protoF`, `return ck.call_f(th, a0), 1`}},
		{"a global function may not be there yet", `function f(n) return n end print(f(1))`, []string{`if ck.g[g_f].IsNil() {`, `ck.call_f(th, 1.0)`}},
		{"a global that is assigned twice is any function", `function f(n) return n end f = f print(f(1))`, []string{`!call_f`}},
		{"a library function may be redefined", `function print(n) return n end print(f(1))`, []string{`!call_print`}},
		{"a function under _G may be anything", `function f(n) return n end print(f(1), _G)`, []string{`!call_f`}},
		{"tail calls of the function itself are jumps", `local function f(n, a) if n == 0 then return a end return f(n - 1, a + n) end print(f(9, 0))`, []string{
			`call_f(th *rt.Thread, n float64, a float64) float64 {`, `goto again`}},
		{"tail calls of others are calls", `local function g(n) return n end local function f(n) return g(n) end print(f(9))`, []string{
			"//line tailcall/script.lua:1\n\treturn ck.call_g(th, n)\n"}},
		{"tail calls in a cycle are not", `local g local function f(n) return g(n) end function g(n) return f(n) end print(f(9))`, []string{`th.TailCall(`}},
		{"a function of a loop's variables is a closure", `for i = 1, 2 do local function f() return i end print(f()) end`, []string{`!call_f`}},
		{"lines are Lua's", "local a = ...\n\nreturn a.b", []string{"//line script.lua:3\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := compile(t, c.lua, false)
			for _, want := range c.want {
				unwanted, not := strings.CutPrefix(want, "!")
				if not && strings.Contains(out, unwanted) {
					t.Errorf("%q must not appear in\n%s", unwanted, out)
				}
				if !not && !strings.Contains(out, want) {
					t.Errorf("%q must appear in\n%s", want, out)
				}
			}
		})
	}
}

// TestDynamic checks that emission needs no facts.
func TestDynamic(t *testing.T) {
	out := compile(t, `local s = 0 for i = 1, 10 do s = s + i end return s`, true)
	for _, want := range []string{"s := rt.Number(0)", "rt.Add(th, s, i"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q must appear in\n%s", want, out)
		}
	}
}

// TestDeterministic checks that the same input gives the same bytes.
func TestDeterministic(t *testing.T) {
	const source = `
		local a, b, c = {x = 1}, {y = 2}, "s"
		function f() return a.x, b.y, c end
		function g() return f(), string.rep(c, 3), math.max(1, 2) end
		print(g(), a, b)`
	first := compile(t, source, false)
	for range 5 {
		if again := compile(t, source, false); again != first {
			t.Fatal("two runs differ")
		}
	}
}
