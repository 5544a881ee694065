package eval

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/base"
	"github.com/luago-lang/luago/rt/lib/coroutine"
	"github.com/luago-lang/luago/rt/lib/debug"
	"github.com/luago-lang/luago/rt/lib/math"
	"github.com/luago-lang/luago/rt/lib/strlib"
	"github.com/luago-lang/luago/rt/lib/table"
)

// A program is a State whose output is kept.
type program struct {
	st  *rt.State
	out bytes.Buffer
}

func newProgram() *program {
	p := &program{st: rt.NewState(nil, nil)}
	p.st.Stdout = rt.NewOutput(&p.out)
	for _, open := range []func(*rt.State){base.Open, strlib.Open, table.Open, math.Open, coroutine.Open, debug.Open, Open} {
		open(p.st)
	}
	return p
}

// run loads src as the file test.lua, runs it, and returns what it prints and,
// if it fails, the error.
func (p *program) run(src string) string {
	f, problem := load(p.st, src, "@test.lua", p.st.Globals.Value())
	if problem != "" {
		return problem + "\n"
	}
	p.out.Reset()
	err := rt.Protect(p.st.Main, func() { rt.CallValues(p.st.Main, f) })
	p.st.Flush()
	if err != nil {
		return p.out.String() + "error: " + err.Error() + "\n"
	}
	return p.out.String()
}

// named is how Lua 5.2 names the operand of a failed operation; luago does it
// as later versions do.
var named = regexp.MustCompile(`attempt to ([a-z ]+?) ((?:local|global|field|method|upvalue|constant) '[^']*') \((an? [a-z]+ value)\)`)

// reference returns what lua5.2 makes of src, in the form of run.
func reference(t *testing.T, lua, src string) string {
	t.Helper()
	const wrapper = `local f, problem = load(io.read('*a'), '@test.lua')
if not f then print(problem) return end
local ok, e = pcall(f) if not ok then print('error: ' .. tostring(e)) end`
	cmd := exec.Command(lua, "-e", wrapper)
	cmd.Stdin = strings.NewReader(src)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return named.ReplaceAllString(string(out), "attempt to $1 $3 ($2)")
}

// expect runs src, compares what it prints with want, and want with what
// lua5.2 prints, if that is installed.
func expect(t *testing.T, src, want string) {
	t.Helper()
	if want != "" && !strings.HasSuffix(want, "\n") {
		want += "\n"
	}
	if got := newProgram().run(src); got != want {
		t.Errorf("%s\n got: %s\nwant: %s", src, got, want)
	}
	if lua, err := exec.LookPath("lua5.2"); err == nil {
		if ref := reference(t, lua, src); ref != want {
			t.Errorf("%s\nlua5.2: %s\n  want: %s", src, ref, want)
		}
	}
}

func TestExpressions(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"print(nil, true, false, 1, 'a', [[b]])", "nil\ttrue\tfalse\t1\ta\tb"},
		{"print(1 + 2, 3 - 4, 2 * 3, 7 / 2, 7 % 3, -7 % 3, 2 ^ 10, -2 ^ 2)", "3\t-1\t6\t3.5\t1\t2\t1024\t-4"},
		{"local a, b = 5, 3; print(a + b, a - b, a * b, a / b, a % b, a ^ b, a % 3, -a)", "8\t2\t15\t1.6666666666667\t2\t125\t2\t-5"},
		{"local a, b = 5, 3; print(a + 1, a - 1, 1 + a, 1 - a, 2 * a, a * 2, (a + 1) * (b + 1), a + (b + 1))", "6\t4\t6\t-4\t10\t10\t24\t9"},
		{"local a = '10'; print(a + 1, a * '2', -a, a % 3, 10 .. 20)", "11\t20\t-10\t1\t1020"},
		{"print(5.5 % 2, -0.5 % 3, 5 % -3, 2 ^ 0.5, 1 / 0, -1 / 0)", "1.5\t2.5\t-1\t1.4142135623731\tinf\t-inf"},
		{"print('a' .. 'b', 'a' .. 1 .. 'c' .. 2 .. 'd' .. 3 .. 'e' .. 4 .. 'f' .. 5)", "ab\ta1c2d3e4f5"},
		{"print(not nil, not 0, #'abc', #{1, 2, nil, 4} > 1)", "true\tfalse\t3\ttrue"},
		{"print(1 and 2, nil and 1, false or 3, nil or false, 1 or error())", "2\tnil\t3\tfalse\t1"},
		{"local a, b = 1; print(a and b, b or a, not (a and b), not a == b)", "nil\t1\ttrue\tfalse"},
		{"print(1 < 2, 2 <= 1, 'a' < 'b', 'a' >= 'b', 2 > 1, 1 >= 1)", "true\tfalse\ttrue\tfalse\ttrue\ttrue"},
		{"local a, b = 1, 2; print(a < b, a <= b, a > b, a >= b, a < 2, a > 2, a == 1, a ~= 1, a == b)", "true\ttrue\tfalse\tfalse\ttrue\tfalse\ttrue\tfalse\tfalse"},
		{"local n, s, b = nil, 'x', false; print(n == nil, s == 'x', 'y' == s, b == false, b ~= true, s ~= nil, s == 1)", "true\ttrue\tfalse\ttrue\ttrue\ttrue\tfalse"},
		{"local nan = 0 / 0; print(nan == nan, nan ~= nan, nan < nan)", "false\ttrue\tfalse"},
		{"print(0x10, 1e2, 0xA.8p0, 3.14)", "16\t100\t10.5\t3.14"},
		{"local t = {1, 2, x = 3, ['y z'] = 4, [10] = 5; 6}; print(#t, t[3], t.x, t['y z'], t[10])", "3\t6\t3\t4\t5"},
		{"local t = {1, [1] = 2, 3}; print(t[1], t[2])", "1\t3"},
		{"local t = {n = 1, n = 2}; print(t.n)", "2"},
		{"local t = {a = nil, b = false}; print(t.a, t.b)", "nil\tfalse"},
		{"local function f() return 1, 2, 3 end; print(#{f()}, #{f(), f()}, #{(f())}, #{f(), nil}, #{x = 1, f()})", "3\t4\t1\t1\t3"},
		{"local t = {" + strings.Repeat("1,", 120) + "[121] = 7}; print(#t)", "121"},
		{"local t = {" + strings.Repeat("1,", 60) + "...}; print(#t)", "60"},
		{"local i, t = 2, {'a', 'b', c = {d = 'e'}}; print(t[i], t[i - 1], t[1.0], t.c.d, t['c']['d'], t.x)", "b\ta\ta\te\te\tnil"},
		{"print(('x'):rep(3), ('%d'):format(5), #('abc'):upper())", "xxx\t5\t3"},
	} {
		expect(t, tt.src, tt.want)
	}
}

func TestStatements(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"local a, b, c = 1; print(a, b, c)", "1\tnil\tnil"},
		{"local a, b = 1, 2, 3; print(a, b)", "1\t2"},
		{"local function f() return 1, 2, 3 end; local a, b, c, d = 0, f(); print(a, b, c, d)", "0\t1\t2\t3"},
		{"local function f() return 1, 2 end; local a, b, c = f(), 5; print(a, b, c)", "1\t5\tnil"},
		{"local function f() return 1, 2 end; local a, b = (f()); print(a, b)", "1\tnil"},
		{"local x = 1; local x = x + 1; do local x = x + 1; print(x) end print(x)", "3\t\n2"},
		{"local a, b, c = 1, 2, 3; a, b = b, a; print(a, b); a, b, c = c, a; print(a, b, c)", "2\t1\n3\t2\tnil"},
		{"local t = {1, 2}; local i = 1; i, t[i] = i + 1, 20; print(i, t[1], t[2])", "2\t20\t2"},
		{"local t = {}; t.a, t.b, t.c = (function() return 1, 2, 3 end)(); print(t.a, t.b, t.c)", "1\t2\t3"},
		{"local a = {}; local i = 3; i, a[i] = i + 1, 20; print(a[3], a[4])", "20\tnil"},
		{"a, b.c = 1, 2", "error: test.lua:1: attempt to index a nil value (global 'b')"},
		{"x = 1; y, x = x, 2; print(x, y); x = nil; print(x)", "2\t1\nnil"},
		{"if nil then print(1) elseif false then print(2) elseif 0 then print(3) else print(4) end", "3"},
		{"if false then print(1) else print(2) end if nil then print(3) end", "2"},
		{"local i = 0; while i < 3 do i = i + 1; if i == 2 then break end end print(i)", "2"},
		{"local i = 0; repeat local j = i; i = i + 1 until j >= 2; print(i)", "3"},
		{"for i = 1, 3 do io = i end print(io)", "3"},
		{"for i = 3, 1, -1 do print(i) end for i = 1, 0 do print('no') end", "3\n2\n1"},
		{"for i = 1, 2, 0.5 do print(i) end", "1\n1.5\n2"},
		{"for i = 0.1, 0.35, 0.1 do print(i) end", "0.1\n0.2\n0.3"},
		{"for i = 1, 3 do local j = i; i = 10; print(i, j) end", "10\t1\n10\t2\n10\t3"},
		{"for i = '1', '2' do print(i + 0) end", "1\n2"},
		{"for i = {}, 2 do end", "error: test.lua:1: 'for' initial value must be a number"},
		{"for i = 1, {} do end", "error: test.lua:1: 'for' limit must be a number"},
		{"for i = 1, 2, print do end", "error: test.lua:1: 'for' step must be a number"},
		{"for i = 1, 3 do if i == 2 then break end print(i) end", "1"},
		{"for k, v in ipairs({'a', 'b'}) do print(k, v) end for k in ipairs({1}) do print(k) end", "1\ta\n2\tb\n1"},
		{"for k, v in pairs({x = 1}) do print(k, v) end for k, v in next, {5} do print(k, v) end", "x\t1\n1\t5"},
		{"for a, b, c, d in (function(s, i) if i < 2 then return i + 1, s, 'c' end end), 's', 0 do print(a, b, c, d) end", "1\ts\tc\tnil\n2\ts\tc\tnil"},
		{"for k in ('a b'):gmatch('%a') do print(k) if k == 'a' then goto next end print('end') ::next:: end", "a\nb\nend"},
		{"for a, b, c in (function(s, i) if not i then return 1, 2, 3 end end) do print(a, b, c) break end", "1\t2\t3"},
		{"for i = 1, 2 do for j = 1, 2 do if j == 2 then goto continue end print(i, j) ::continue:: end end", "1\t1\n2\t1"},
		{"local i = 1 ::top:: if i <= 3 then print(i) i = i + 1 goto top end", "1\n2\n3"},
		{"do goto skip; print('no') ::skip:: print('yes') end goto out do print('no') end ::out::", "yes"},
		{"for i = 1, 3 do for j = 1, 3 do if j == 2 then goto done end print(i, j) end end ::done:: print('done')", "1\t1\ndone"},
		{"local n = 0 ::a:: n = n + 1 if n == 1 then goto b elseif n == 3 then goto c end do goto a end ::b:: print('b') goto a ::c:: print('c')", "b\nc"},
		{"repeat local x = 1; if x then goto continue end; print('no') ::continue:: until true print('ok')", "ok"},
		{"while true do do break end end repeat if true then break end until false print('ok')", "ok"},
		{"local f = {} for i = 1, 3 do local j; f[i] = function() j = (j or i) + 1; return j end end print(f[1](), f[1](), f[2](), f[3]())", "2\t3\t3\t4"},
		{"local f = {} local i = 1 ::top:: local x = i; f[i] = function() x = x + 1; return x end i = i + 1 if i < 4 then goto top end print(f[1](), f[1](), f[3]())", "2\t3\t4"},
		{"local f = {} for k, v in pairs({a = 1}) do f[k] = function() v = v + 1; return k, v end end print(f.a()) print(f.a())", "a\t2\na\t3"},
		{"local f = {} for i = 1, 2 do f[i] = function() i = i + 10; return i end end print(f[1](), f[1](), f[2]())", "11\t21\t12"},
		{"local f; repeat local x = 5; f = function() return x end until f() == 5 print(f())", "5"},
		{"return", ""},
		{"do return end print('no')", ""},
		{"while true do for i = 1, 2 do repeat do return print('deep') end until false end end", "deep"},
		{";;; print(1);", "1"},
	} {
		expect(t, tt.src, strings.ReplaceAll(tt.want, "\t\n", "\n"))
	}
}

func TestFunctions(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"local function f(a, b, c, d, e) print(a, b, c, d, e) end f() f(1) f(1, 2) f(1, 2, 3) f(1, 2, 3, 4) f(1, 2, 3, 4, 5, 6)",
			"nil\tnil\tnil\tnil\tnil\n1\tnil\tnil\tnil\tnil\n1\t2\tnil\tnil\tnil\n1\t2\t3\tnil\tnil\n1\t2\t3\t4\tnil\n1\t2\t3\t4\t5"},
		{"local function f(...) return select('#', ...), ... end print(f()) print(f(nil, nil)) print((f(1, 2, 3)))", "0\n2\tnil\tnil\n3"},
		{"local function f(a, ...) local b, c = ...; print(a, b, c, ...) end f(1) f(1, 2, 3, 4, 5, 6)", "1\tnil\tnil\n1\t2\t3\t2\t3\t4\t5\t6"},
		{"local function f(...) local t = {...}; return #t, t[#t] end print(f(1, 2, 3, 4, 5))", "5\t5"},
		{"local function f(a, b, c, ...) return (function() return a, b, c end)() end print(f(1, 2, 3, 4))", "1\t2\t3"},
		{"local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end print(fact(10))", "3628800"},
		{"local function loop(n) if n == 0 then return 'done' end return loop(n - 1) end print(loop(300000))", "done"},
		{"local t = {} function t:m(n) if n == 0 then return self == t end return self:m(n - 1) end print(t:m(300000))", "true"},
		{"local a, b function a(n, ...) if n == 0 then return ... end return b(n - 1, ...) end function b(...) return a(...) end print(a(99999, 1, 2, 3, 4, 5))", "1\t2\t3\t4\t5"},
		{"local function f(...) return ... end print(f(1, f(2, f(3, f(4, 5)))), (f(6, 7))) print(f(1, f(2, f(3, f(4, 5)))))", "1\t6\n1\t2\t3\t4\t5"},
		{"print((function(...) return ... end)(1, nil, 3, nil))", "1\tnil\t3\tnil"},
		{"local t = {a = {}} function t.a.f(x) return x end function t.a:g(x) return self == t.a, x end print(t.a.f(1), t.a:g(2))", "1\ttrue\t2"},
		{"local t = {v = 5, get = function(self, a, b, c) return self.v, a, b, c end} print(t:get()) print(t:get(1)) print(t:get(1, 2, 3)) print(t:get((function() return 7, 8 end)()))",
			"5\tnil\tnil\tnil\n5\t1\tnil\tnil\n5\t1\t2\t3\n5\t7\t8\tnil"},
		{"local n = 0 local function inc() n = n + 1 return n end inc() inc() print(n, inc())", "2\t3"},
		{"local x = 0 local function get() return x end local function set(v) x = v end set(5) print(get(), x) x = 6 print(get())", "5\t5\n6"},
		{"local function a() local x = 1 return function() x = x + 1 return function() x = x * 10 return x end end end local f = a() print(f()(), f()())", "20\t210"},
		{"local x = 1 local function f() x = 2 return 10 end print(x + f(), x) x = 1 local t = {x, f(), x} print(t[1], t[3])", "12\t2\n1\t2"},
		{"local t, u = {}, {} local function swap() t = u return 'k' end t[swap()] = 1 print(u.k) local v = t local function clear() t = nil return 1 end print(pcall(function() t[1] = clear() end))", "1\nfalse\ttest.lua:1: attempt to index a nil value (upvalue 't')"},
		{"local t = {} local u = t local function f() t = {} return 1 end t.x = f() print(u.x, t.x)", "nil\t1"},
		{"print(pcall(function(...) local a, b = ... return a, b, ... end, 1, 2, 3))", "true\t1\t2\t1\t2\t3"},
		{"local function r() return 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 end print(r()) local function s() return r(), r() end print(s())", "1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\n1\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12"},
		{"print(string.format('%s %s', 1, 2), #table.pack(table.unpack({}, 1, 100)))", "1 2\t0"},
		{"print(select('#', table.unpack({}, 1, 200)))", "200"},
		{"local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) for i = 1, 2 do coroutine.yield(b + i) end return 'end' end) print(co(1), co(10), co(), co())", "2\t11\t12\tend"},
		{"local co = coroutine.create(function() error('x') end) print(coroutine.resume(co)) print(coroutine.status(co))", "false\ttest.lua:1: x\ndead"},
	} {
		expect(t, tt.src, tt.want)
	}
}

func TestEnvironments(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"x = 1; print(_ENV == _G, _ENV.x, _G.x)", "true\t1\t1"},
		{"local print = print; _ENV = {y = 2}; x = 1; print(x, y, _ENV.x)", "1\t2\t1"},
		{"local print, e = print, {}; do local _ENV = e; x = 1 end print(x, e.x)", "nil\t1"},
		{"local function f(_ENV) return a + b end print(f({a = 1, b = 2}))", "3"},
		{"local print = print; local function f() return x end; _ENV = {x = 5}; print(f())", "5"},
		{"local f = load('x = 1; return x, y', 'c', 't', {y = 2}); print(f()) print(x)", "1\t2\nnil"},
		{"local e = {} load('function f() g = 1 return _ENV end', 'c', 't', e)() print(e.f() == e, e.g)", "true\t1"},
		{"local f = load('_ENV = {v = (v or 0) + 1}; return v', 'c', 't', {}) print(f(), f(), f())", "1\t2\t3"},
		{"print(pcall(load('return x', '=c', 't', nil)))", "false\tc:1: attempt to index a nil value (upvalue '_ENV')"},
		{"print(pcall(load('x = 1', '=c', 't', 5)))", "false\tc:1: attempt to index a number value (upvalue '_ENV')"},
		{"local _ENV = nil; x = 1", "error: test.lua:1: attempt to index a nil value (local '_ENV')"},
		{"local _ENV = setmetatable({}, {__index = _ENV, __newindex = function(t, k, v) rawset(t, k, v * 2) end}) x = 4 print(x)", "8"},
		{"setmetatable(_G, {__index = function(_, k) return k .. '?' end}) print(foo, _ENV.bar)", "foo?\tbar?"},
		{"print(load('return ...', 'c')(1, 2))", "1\t2"},
		{"local n = 0 print(load(function() n = n + 1 return ({'return ', '1 ', '+ 1'})[n] end)())", "2"},
		{"print(debug.getinfo(load('return 1', '=name'), 'S').short_src)", "name"},
	} {
		expect(t, tt.src, tt.want)
	}
}

func TestMetamethods(t *testing.T) {
	const object = `
local log = {}
local function op(name) return function(a, b) return name .. '(' .. tostring(type(a)) .. ',' .. tostring(type(b)) .. ')' end end
local mt = {__add = op 'add', __sub = op 'sub', __mul = op 'mul', __div = op 'div', __mod = op 'mod', __pow = op 'pow',
	__unm = op 'unm', __concat = op 'concat', __len = function() return 42 end, __call = function(self, ...) return 'call', ... end,
	__lt = function() return true end, __le = function() return false end, __eq = function() return true end,
	__index = function(t, k) return 'index ' .. tostring(k) end}
local o, p = setmetatable({}, mt), setmetatable({}, mt)
`
	for _, tt := range []struct{ src, want string }{
		{"print(o + 1, 1 + o, o - 1, o * 1, o / 1, o % 1, o ^ 1, -o)", "add(table,number)\tadd(number,table)\tsub(table,number)\tmul(table,number)\tdiv(table,number)\tmod(table,number)\tpow(table,number)\tunm(table,table)"},
		{"print(o % 2, 2 % o, o .. 'x', 'x' .. o, 1 .. 2 .. o, o .. 1 .. 2)", "mod(table,number)\tmod(number,table)\tconcat(table,string)\tconcat(string,table)\t1concat(number,table)\tconcat(table,string)"},
		{"print(#o, (o()), o(1, 2, 3, 4))", "42\tcall\tcall\t1\t2\t3\t4"},
		{"print(o == p, o ~= p, o < p, o > 1, o <= p, o >= p)", "true\tfalse\ttrue\ttrue\tfalse\tfalse"},
		{"print(o.x, o[1], o[nil], o['a b'])", "index x\tindex 1\tindex nil\tindex a b"},
		{"local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v .. '!') end}) t.a = 1 t[1] = 2 t['b c'] = 3 print(t.a, t[1], t['b c']) t.a = 5 print(t.a)", "1!\t2!\t3!\n5"},
		{"local t = setmetatable({}, {__index = {m = function(self, a) return self, a end}}) local s, a = t:m(5) print(s == t, a)", "true\t5"},
		{"local function tail(...) return o(...) end print(tail(1, 2, 3, 4, 5))", "call\t1\t2\t3\t4\t5"},
		{"for a, b in setmetatable({}, {__call = function(self, s, i) i = (i or 0) + 1 if i < 3 then return i, 'v' end end}) do print(a, b) end", "1\tv\n2\tv"},
		{"for k, v in pairs(setmetatable({}, {__pairs = function() return function(_, k) if not k then return 1, 2 end end end})) do print(k, v) end", "1\t2"},
	} {
		expect(t, object+tt.src, tt.want)
	}
}

// TestDebug checks what the debug library says of evaluated functions.
func TestDebug(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"print(debug.getupvalue(load('return 1'), 1) == '_ENV', select('#', debug.getupvalue(load('return 1'), 2)))", "true\t0"},
		{"local a, b = 1, 2; local function f() return b, print, a end print(debug.getupvalue(f, 1)) print((debug.getupvalue(f, 2))) print(debug.getupvalue(f, 3))", "b\t2\n_ENV\na\t1"},
		{"local a = 1; local function f() return a end print(debug.setupvalue(f, 1, 5), f(), a, debug.setupvalue(f, 2, 1))", "a\t5\t5"},
		{"local f = load('return x') print(debug.setupvalue(f, 1, {x = 7}), f())", "_ENV\t7"},
		{"local a, b = 1, 2; local function f() return a end local function g() return b end local function h() return a end " +
			"print(debug.upvalueid(f, 1) == debug.upvalueid(h, 1), debug.upvalueid(f, 1) == debug.upvalueid(g, 1)) debug.upvaluejoin(f, 1, g, 1) print(f(), h())", "true\tfalse\n2\t1"},
		{"print(debug.getinfo(load('return 1', 'abc')).source, debug.getinfo(load('x', '@abc') or load('return', '@abc'), 'S').source)", "abc\t@abc"},
		{"local function f(a, b, ...) local i = debug.getinfo(1, 'flSu') print(i.func == f, i.currentline, i.short_src, i.what, i.linedefined, i.nparams, i.isvararg, i.nups) end f()", "true\t1\ttest.lua\tLua\t1\t2\ttrue\t2"},
		{"print(debug.getinfo(1, 'S').what, debug.getinfo(1, 'l').currentline)", "main\t1"},
	} {
		expect(t, tt.src, tt.want)
	}
}
