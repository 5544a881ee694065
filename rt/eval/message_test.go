package eval

import (
	"os/exec"
	"strings"
	"testing"
)

// TestMessages compares what load says of wrong chunks with what lua5.2 says,
// if that is installed.
func TestMessages(t *testing.T) {
	lua, err := exec.LookPath("lua5.2")
	for _, tt := range []struct{ src, want string }{
		{"x =", "[string \"x =\"]:1: unexpected symbol near <eof>"},
		{"for", "[string \"for\"]:1: <name> expected near <eof>"},
		{"for x", "[string \"for x\"]:1: '=' or 'in' expected near <eof>"},
		{"for x = 1", "[string \"for x = 1\"]:1: ',' expected near <eof>"},
		{"for x in y", "[string \"for x in y\"]:1: 'do' expected near <eof>"},
		{"if x", "[string \"if x\"]:1: 'then' expected near <eof>"},
		{"if x then", "[string \"if x then\"]:1: 'end' expected near <eof>"},
		{"if x then\n\nprint(1)", "[string \"if x then...\"]:3: 'end' expected (to close 'if' at line 1) near <eof>"},
		{"repeat\nx()\n", "[string \"repeat...\"]:3: 'until' expected (to close 'repeat' at line 1) near <eof>"},
		{"f(\n1\n", "[string \"f(...\"]:3: ')' expected (to close '(' at line 1) near <eof>"},
		{"x = {1, 2", "[string \"x = {1, 2\"]:1: '}' expected near <eof>"},
		{"x = 'abc", "[string \"x = 'abc\"]:1: unfinished string near <eof>"},
		{"x = 'abc\n'", "[string \"x = 'abc...\"]:1: unfinished string near ''abc'"},
		{"x = [[abc", "[string \"x = [[abc\"]:1: unfinished long string near <eof>"},
		{"--[[abc", "[string \"--[[abc\"]:1: unfinished long comment near <eof>"},
		{"x = [=abc", "[string \"x = [=abc\"]:1: invalid long string delimiter near '[='"},
		{"return 3x", "[string \"return 3x\"]:1: <eof> expected near 'x'"},
		{"return 0x", "[string \"return 0x\"]:1: malformed number near '0x'"},
		{"x = 5 y", "[string \"x = 5 y\"]:1: syntax error near <eof>"},
		{"x.y", "[string \"x.y\"]:1: syntax error near <eof>"},
		{"x = y\nz\nw = 1", "[string \"x = y...\"]:3: syntax error near 'w'"},
		{"x == 1", "[string \"x == 1\"]:1: syntax error near '=='"},
		{"f() = 1", "[string \"f() = 1\"]:1: syntax error near '='"},
		{"x = = 1", "[string \"x = = 1\"]:1: unexpected symbol near '='"},
		{"x = @", "[string \"x = @\"]:1: unexpected symbol near '@'"},
		{"x = ~1", "[string \"x = ~1\"]:1: unexpected symbol near '~'"},
		{"\xff = 1", "[string \"\xff = 1\"]:1: unexpected symbol near char(255)"},
		{"#x", "[string \"#x\"]:1: unexpected symbol near '#'"},
		{"a.b:c = 1", "[string \"a.b:c = 1\"]:1: function arguments expected near '='"},
		{"local x, 1", "[string \"local x, 1\"]:1: <name> expected near '1'"},
		{"local function f(1) end", "[string \"local function f(1) end\"]:1: <name> or '...' expected near '1'"},
		{"x = '\\u{41}'", "[string \"x = '\\u{41}'\"]:1: invalid escape sequence near '\\u'"},
		{"x = '\\300'", "[string \"x = '\\300'\"]:1: decimal escape too large near '\\300'"},
		{"x = '\\xg'", "[string \"x = '\\xg'\"]:1: hexadecimal digit expected near '\\xg'"},
		{"goto a", "[string \"goto a\"]:1: no visible label 'a' for <goto> at line 1"},
		{"break", "[string \"break\"]:1: <break> at line 1 not inside a loop"},
		{"::a:: ::a::", "[string \"::a:: ::a::\"]:1: label 'a' already defined on line 1"},
		{"goto b; local x ::b:: x = 1", "[string \"goto b; local x ::b:: x = 1\"]:1: <goto b> at line 1 jumps into the scope of local 'x'"},
		{"function f() return ... end", "[string \"function f() return ... end\"]:1: cannot use '...' outside a vararg function near '...'"},
		{"end", "[string \"end\"]:1: <eof> expected near 'end'"},
		{"return return", "[string \"return return\"]:1: unexpected symbol near 'return'"},
		{"x = function(a b)", "[string \"x = function(a b)\"]:1: ')' expected near 'b'"},
		{"\n\nx = )", "[string \"...\"]:3: unexpected symbol near ')'"},
	} {
		_, got := load(newProgram().st, tt.src, tt.src, newProgram().st.Globals.Value())
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.src, got, tt.want)
		}
		if err == nil {
			cmd := exec.Command(lua, "-e", "io.write((select(2, load(io.read('*a')))))")
			cmd.Stdin = strings.NewReader(tt.src)
			if out, err := cmd.CombinedOutput(); err != nil || string(out) != tt.want {
				t.Errorf("%s\nlua5.2: %s (%v)\n  want: %s", tt.src, out, err, tt.want)
			}
		}
	}
}

// TestOwnMessages has the messages that are in our own words.
func TestOwnMessages(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"x = " + strings.Repeat("(", 300), "too many C levels (limit is 200) near '('"},
		{"function f()\nlocal x" + strings.Repeat(", x", 300) + "\nend", "]:2: too many local variables (limit is 200) in function at line 1 near 'x'"},
		{"local x" + strings.Repeat(", x", 300), "too many local variables (limit is 200) in main function near 'x'"},
		{"x = 'a\\z\n\n", "]:3: unfinished string near <eof>"},
	} {
		_, got := load(newProgram().st, tt.src, "=x", newProgram().st.Globals.Value())
		if !strings.HasSuffix("]"+strings.TrimPrefix(got, "x"), tt.want) {
			t.Errorf("%.50s\n got %s\nwant %s", tt.src, got, tt.want)
		}
	}
}

func TestChunkID(t *testing.T) {
	x := strings.Repeat("x", 100)
	for _, tt := range []struct{ name, want string }{
		{"=stdin", "stdin"}, {"@main.lua", "main.lua"}, {"return 1", `[string "return 1"]`},
		{"a\nb", `[string "a..."]`}, {"", `[string ""]`}, {"=", ""}, {"@", ""}, {"\n", `[string "..."]`}, {"=a\x00b", "a"},
		{"=" + x, x[:59]}, {"=" + x[:59], x[:59]}, {"@" + x[:59], x[:59]}, {"@" + x[:60], "..." + x[:56]},
		{x, `[string "` + x[:45] + `..."]`}, {x[:44], `[string "` + x[:44] + `"]`}, {x[:45], `[string "` + x[:45] + `..."]`},
		{x + "\n", `[string "` + x[:45] + `..."]`}, {x[:44] + "\n", `[string "` + x[:44] + `..."]`},
	} {
		if got := chunkID(tt.name); got != tt.want {
			t.Errorf("chunkID(%q) is %q, want %q", tt.name, got, tt.want)
		}
	}
}
