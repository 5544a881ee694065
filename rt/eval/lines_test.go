package eval

import (
	"os/exec"
	"testing"

	"github.com/luago-lang/luago/rt"
)

// TestLines checks where errors are reported, and how operands are named, in
// statements that go over several lines. Each is compared with lua5.2, too, if
// that is installed.
func TestLines(t *testing.T) {
	lua, err := exec.LookPath("lua5.2")
	for _, tt := range []struct{ src, want string }{
		{"\nlocal a\n=\nnil\n+\n1", "e:5: attempt to perform arithmetic on a nil value"},
		{"\nlocal a = 1\nlocal b = a\n.x\n.y\n.z", "e:4: attempt to index a number value (local 'a')"},
		{"\nx\n(\n1\n)", "e:2: attempt to call a nil value (global 'x')"},
		{"\nlocal t = {}\nt\n:foo\n(\n)", "e:3: attempt to call a nil value (method 'foo')"},
		{"\nlocal t = {}\nt.x.y\n=\n5\n", "e:5: attempt to index a nil value (field 'x')"},
		{"\nlocal t\nt[1\n]\n=\n5\n", "e:6: attempt to index a nil value (local 't')"},
		{"\nlocal t = 'x'\n..\n{}\n..\n'y'", "e:5: attempt to concatenate a table value"},
		{"\nlocal t = {}\nlocal x = t\n<\n1", "e:5: attempt to compare table with number"},
		{"\nlocal t = {}\nlocal x = -\nt", "e:3: attempt to perform arithmetic on a table value (local 't')"},
		{"\nlocal t\nlocal x = #\nt", "e:3: attempt to get length of a nil value (local 't')"},
		{"\nlocal t = {[nil]\n=\n5}", "e:4: table index is nil"},
		{"\nlocal t = {\n1,\n2,\n[\nnil\n]\n=\n5\n}", "e:9: table index is nil"},
		{"\nfor k\nin\nx\ndo\nend", "e:4: attempt to call a nil value"},
		{"\nfunction a.b\n.\nc() end", "e:2: attempt to index a nil value (global 'a')"},
		{"\nlocal function f()\n error('x')\n end\n f(\n1\n)", "e:3: x"},
		{"\nreturn\nerror\n(\n'a'\n)", "e:3: a"},
		{"\nlocal a = {}\na.b = error\nlocal x = a\n.b\n'z'", "e:4: z"},
		{"\nlocal s = ('x')\n:bad\n()", "e:2: attempt to call a nil value (method 'bad')"},
		{"\nlocal a, b = 1,\n2 + nil", "e:3: attempt to perform arithmetic on a nil value"},
		{"\nlocal a = f and g or\nh.i", "e:3: attempt to index a nil value (global 'h')"},
		{"\nwhile x\n<\n1 do end", "e:4: attempt to compare nil with number"},
		{"\nrepeat local z = 1 until\nz\n<\n'x'", "e:5: attempt to compare number with string"},
		{"\nlocal t = setmetatable({}, {__index = function(t, k)\n error('idx')\n end})\nreturn t\n.x", "e:3: idx"},
		{"\nlocal t = setmetatable({}, {__add = function(t, k)\n return t.x.y\n end})\nreturn t\n+\n1", "e:3: attempt to index a nil value (field 'x')"},
		{"\nlocal function a() return nil + 1 end\nlocal function b()\n return a()\nend\n b()", "e:2: attempt to perform arithmetic on a nil value"},
		{"\nlocal a = {} ; a.x = {\n 1, 2,\n (nil)() }", "e:4: attempt to call a nil value"},
		{"\nreturn 1 ..\n{} .. 2 ..\n3", "e:3: attempt to concatenate a table value"},
		{"\nreturn (1 ..\n2) .. {} ..\n3", "e:3: attempt to concatenate a table value"},
		{"\nlocal a; local b = function()\n return a\n .x\nend b()", "e:4: attempt to index a nil value (upvalue 'a')"},
		{"\na = a\n + b", "e:3: attempt to perform arithmetic on a nil value (global 'a')"},
		{"\nlocal a = {} a\n.x\n.y = 1", "e:4: attempt to index a nil value (field 'x')"},
		{"\nlocal a = {} a.b.c, a.x\n= 1,\n2", "e:4: attempt to index a nil value (field 'b')"},
		{"\nlocal a = math.floor(\n{}\n)", "e:2: bad argument #1 to 'floor' (number expected, got table)"},
		{"\nerror('lvl2', 2)", "lvl2"},
		{"\nlocal function f() error('lvl2', 2) end\n\nf()", "e:4: lvl2"},
		{"\nlocal t = {}; t\n[nil]\n= 1", "e:4: table index is nil"},
		{"\nlocal t = {}; t[0/0] = 1", "e:2: table index is NaN"},
		{"\nlocal t = setmetatable({}, {__newindex = function() error('ni') end}) t.x\n=\n1", "e:2: ni"},
		{"\nassert(false,\n'msg')", "e:2: msg"},
		{"\nassert(nil)", "e:2: assertion failed!"},
		{"\nreturn ({}) < ({})", "e:2: attempt to compare two table values"},
		{"\nreturn 1 < 'x'", "e:2: attempt to compare number with string"},
		{"\nreturn {} <= 1", "e:2: attempt to compare table with number"},
		{"\nreturn print >= 1", "e:2: attempt to compare number with function"},
		{"\nlocal up = nil; return (function() return up.x end)()", "e:2: attempt to index a nil value (upvalue 'up')"},
		{"\nlocal up = nil; return (function() up.x = 1 end)()", "e:2: attempt to index a nil value (upvalue 'up')"},
		{"\nlocal up = nil; return (function() up() end)()", "e:2: attempt to call a nil value (upvalue 'up')"},
		{"\nlocal up = nil; return (function() return up + 1 end)()", "e:2: attempt to perform arithmetic on a nil value (upvalue 'up')"},
		{"\nlocal up = nil; return (function() return 'a' .. up end)()", "e:2: attempt to concatenate a nil value (upvalue 'up')"},
		{"\nreturn a.b.c.d", "e:2: attempt to index a nil value (global 'a')"},
		{"\nreturn a.b:c()", "e:2: attempt to index a nil value (global 'a')"},
		{"\na.b:c()", "e:2: attempt to index a nil value (global 'a')"},
		{"\nlocal a = {b = {}} a.b:c()", "e:2: attempt to call a nil value (method 'c')"},
		{"\nlocal a = {b = {}} a.b.c()", "e:2: attempt to call a nil value (field 'c')"},
		{"\nlocal a = {b = {}} a['b']['c d']()", "e:2: attempt to call a nil value (field 'c d')"},
		{"\nlocal a = {{}} a[1][2]()", "e:2: attempt to call a nil value (field '?')"},
		{"\nlocal a = {{}} a[1][2][3]()", "e:2: attempt to index a nil value (field '?')"},
		{"\nlocal k = 'x' local a = {} a[k]()", "e:2: attempt to call a nil value (field '?')"},
		{"\nlocal k = 'x' local a = {} a[k].y()", "e:2: attempt to index a nil value (field '?')"},
		{"\n('x')()", "e:2: attempt to call a string value (constant 'x')"},
		{"\n(5)()", "e:2: attempt to call a number value"},
		{"\n({})()", "e:2: attempt to call a table value"},
		{"\n(function() end)()()", "e:2: attempt to call a nil value"},
		{"\nreturn #5", "e:2: attempt to get length of a number value"},
		{"\nreturn -{}", "e:2: attempt to perform arithmetic on a table value"},
		{"\nreturn -'abc'", "e:2: attempt to perform arithmetic on a string value (constant 'abc')"},
		{"\nreturn 'abc' + 1", "e:2: attempt to perform arithmetic on a string value"},
		{"\nreturn 1 + 'abc'", "e:2: attempt to perform arithmetic on a string value"},
		{"\nreturn {} .. 'x'", "e:2: attempt to concatenate a table value"},
		{"\nreturn 2 ^ {}", "e:2: attempt to perform arithmetic on a table value"},
		{"\nlocal a = 1; a.b = 2", "e:2: attempt to index a number value (local 'a')"},
		{"\nlocal a = 1; a.b.c = 2", "e:2: attempt to index a number value (local 'a')"},
		{"\nlocal a = true; return a.b", "e:2: attempt to index a boolean value (local 'a')"},
		{"\nlocal a = true; return a.b.c", "e:2: attempt to index a boolean value (local 'a')"},
		{"\nlocal a = 'x'; return a.b.c", "e:2: attempt to index a nil value (field 'b')"},
		{"\nlocal a = 'x'; a.b = 1", "e:2: attempt to index a string value (local 'a')"},
	} {
		p := newProgram()
		p.st.Globals.SetString("source", rt.NewString(tt.src))
		const run = "print((select(2, pcall(assert(load(source, '=e'))))))"
		if got := p.run(run); got != tt.want+"\n" {
			t.Errorf("%s\n got %swant %s", tt.src, got, tt.want)
		}
		if err == nil {
			if ref := reference(t, lua, "source = "+"[=[\n"+tt.src+"]=]"+"\n"+run); ref != tt.want+"\n" {
				t.Errorf("%s\nlua5.2: %s  want: %s", tt.src, ref, tt.want)
			}
		}
	}
}
