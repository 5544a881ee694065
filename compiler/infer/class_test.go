package infer

import (
	"os"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/diag/diagtest"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/compiler/syntax"
)

// hostSurface declares a small host.
const hostSurface = `---@meta coromega
---@class Conn
---@go wsrt.Conn
local Conn = {}
---@param s string
---@return string? err
---@go SendMessage coroutine
function Conn:send_message(s) end
---@async
---@return string?
---@go ReceiveMessage coroutine
function Conn:receive_message() end

---@class Listener
---@go wsrt.Listener
local Listener = {}
---@param f fun(conn: Conn, again: Conn?)
---@return Listener
---@go WhenNewConn
function Listener:when_new_conn(f) end

---@class Coromega
---@go wsrt.Coromega
---@original NeOmega fly sleep config
local Coromega = {}
---@return Listener
---@go CreateServer
function Coromega:create_server() end
---@async
---@return Conn? conn
---@return string? message
---@return Conn? second
---@go Connect coroutine
function Coromega:connect() end
---@async
---@param seconds number
---@go Sleep
function Coromega:sleep(seconds) end
---@go Run
function Coromega:run() end
---@needs run
---@go Start
function Coromega:start() end

---@class Sub
local Sub = {}
function Sub.path() end

---@class Module
---@field sub Sub
local M = {}
---@return Coromega
---@go From
function M.from() end
return M
`

func testSurface(t *testing.T) *surface.Surface {
	t.Helper()
	var (
		files diag.Files
		sink  diag.Sink
		out   strings.Builder
	)
	s := surface.Read(&files, &sink, []surface.Source{{Name: "s.lua", PkgPath: "m/wsrt", Data: []byte(hostSurface)}})
	if sink.HasErrors() {
		sink.Render(&out, &files)
		t.Fatal(out.String())
	}
	return s
}

// A testProgram is a program of one or two files, read from text.
type testProgram struct {
	files   diag.Files
	program *resolve.Program
	classes *Classes
	sink    diag.Sink
}

func inferText(t *testing.T, main string, modules ...string) *testProgram {
	t.Helper()
	p := new(testProgram)
	load := func(name, text string) *resolve.Module {
		f := p.files.Add(name, text)
		chunk := syntax.Parse(f, &p.sink)
		if p.sink.HasErrors() {
			t.Fatalf("%s: %s", text, p.messages())
		}
		return &resolve.Module{Name: name, Info: resolve.Resolve(chunk, &p.sink)}
	}
	p.program = &resolve.Program{Files: &p.files, Main: load("main.lua", main)}
	for _, text := range modules {
		p.program.Modules = append(p.program.Modules, load("mod", text))
	}
	p.classes = InferClasses(p.program, testSurface(t), &p.sink)
	return p
}

func (p *testProgram) messages() string {
	var out strings.Builder
	p.sink.Render(&out, &p.files)
	return out.String()
}

// Each program ends by calling look with the expressions whose classes are
// wanted.
func TestClassOf(t *testing.T) {
	const c = `local coromega = require("coromega").from(x) `
	for _, tt := range []struct{ text, want string }{
		{`look(require("coromega"))`, "Module"},
		{`look(require "coromega".from)`, "-"},
		{`look(require("other"))`, "-"},
		{`look(require("coromega").from(x))`, "Coromega"},
		{`look((require("coromega").from(x)))`, "Coromega"},
		{`look(require("coromega").sub)`, "Sub"},
		{c + `look(coromega, coromega:create_server(), coromega:sleep(1))`, "Coromega Listener -"},
		{c + `look(coromega:create_server():when_new_conn(f))`, "Listener"},
		{c + `look(coromega.create_server(coromega))`, "-"},
		{`local m = require("coromega") local c2 = m.from() look(c2)`, "Coromega"},
		{c + `local function f() look(coromega) end`, "Coromega"},
		{c + `coromega = x look(coromega)`, "-"},
		{`local c2 c2 = require("coromega").from() look(c2)`, "-"},
		{c + `local a, b, d, e = coromega:connect() look(a, b, d, e)`, "Conn - Conn -"},
		{c + `local a, b = 1, coromega:connect() look(a, b)`, "- Conn"},
		{c + `local a, b = coromega:connect(), 1 look(a, b)`, "Conn -"},
		{c + `local a, b = (coromega:connect()) look(a, b)`, "Conn -"},
		{c + `coromega:create_server():when_new_conn(function(conn, again, third) look(conn, again, third) end)`, "Conn Conn -"},
		{c + `coromega:create_server():when_new_conn(function(conn) conn = 1 look(conn) end)`, "-"},
		{c + `coromega:create_server():when_new_conn(function(conn) return function() look(conn) end end)`, "Conn"},
		{c + `x:when_new_conn(function(conn) look(conn) end)`, "-"},
		{c + `coromega:create_server():when_new_conn(1, function(conn) look(conn) end)`, "-"},
		{`coromega = require("coromega").from(x) look(coromega)`, "Coromega"},
		{`coromega = require("coromega").from(x) coromega = 1 look(coromega)`, "-"},
		{`local a = b b = a look(a, b)`, "- -"},
		{`b = b:f() look(b)`, "-"},
		{`require = f look(require("coromega"))`, "-"},
		{`local require = f look(require("coromega"))`, "-"},
		{`local _ENV = {} coromega = require("coromega") look(coromega)`, "-"},
		{`for coromega in f do look(coromega) end`, "-"},
		{`local function coromega() end look(coromega)`, "-"},
	} {
		p := inferText(t, tt.text)
		var got []string
		syntax.Walk(p.program.Main.Info.Chunk, func(n syntax.Node) bool {
			call, ok := n.(*syntax.CallExpr)
			if !ok {
				return true
			}
			if fn, ok := call.Fn.(*syntax.NameExpr); ok && fn.Name == "look" {
				for _, arg := range call.Args {
					name := "-"
					if cl := p.classes.ClassOf(arg); cl != nil {
						name = cl.Name
					}
					got = append(got, name)
				}
			}
			return true
		})
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, strings.Join(got, " "), tt.want)
		}
	}
}

func TestCall(t *testing.T) {
	p := inferText(t, `local c = require("coromega").from(x)
c:sleep(1) c:nothing() other:sleep(1) c:create_server():when_new_conn(function(conn) conn:send_message("x") end)`)
	var got []string
	syntax.Walk(p.program.Main.Info.Chunk, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.MethodCallExpr); ok {
			name := "-"
			if m := p.classes.Call(call); m != nil {
				name = m.String()
			}
			got = append(got, name)
		}
		return true
	})
	const want = "Coromega:sleep - - Listener:when_new_conn Coromega:create_server Conn:send_message"
	if strings.Join(got, " ") != want {
		t.Errorf("calls: %s, want %s", strings.Join(got, " "), want)
	}
	var none *Classes
	if none.Call(nil) != nil || none.ClassOf(nil) != nil {
		t.Error("no Classes know something")
	}
}

// A module that the program links is not the host's.
func TestLinkedModule(t *testing.T) {
	p := inferText(t, `local m = require("coromega")`)
	p.program.Modules = []*resolve.Module{{Name: "coromega", Info: p.program.Main.Info}}
	c := InferClasses(p.program, testSurface(t), &p.sink)
	if cl := c.ClassOf(p.program.Main.Info.Requires[0].Call); cl != nil {
		t.Errorf("a Lua module has class %s", cl.Name)
	}
}

func TestMessages(t *testing.T) {
	const (
		c    = `local coromega = require("coromega").from(x) `
		conn = `coromega:create_server():when_new_conn(function(conn) `
	)
	for _, tt := range []struct{ text, want string }{ // want "": no message
		{c + conn + `conn:send_mesage("x") end)`, "1:105: warning: Conn has no method 'send_mesage'; did you mean 'send_message'?"},
		{c + conn + `conn:fly() end)`, "warning: Conn has no method 'fly'\n"},
		{c + conn + `conn.fly = f conn:fly() end)`, ""},
		{c + conn + `function conn:fly() end conn:fly() end)`, ""},
		{c + conn + `conn.user = "x" print(conn.user) end)`, ""},
		{c + conn + `if conn.other then return end end)`, ""},
		{c + conn + `print(conn.send_mesage) end)`, "warning: Conn has no field 'send_mesage'; did you mean 'send_message'?"},
		{c + conn + `conn.send_mesage(conn, "x") end)`, "warning: Conn has no function 'send_mesage'; did you mean 'send_message'?"},
		{c + conn + `conn["send_mesage"](conn) end)`, ""},
		{`local m = require("coromega") m.form(x)`, "warning: module 'coromega' has no function 'form'; did you mean 'from'?"},
		{`require("coromega").sub.pth()`, "warning: Sub has no function 'pth'; did you mean 'path'?"},
		{c + `coromega:sleep(1)`, ""},
		{c + `coromega:fly()`, "1:55: warning: NeOmega's fly is not available in luago\n"},
		{c + `coromega.fly()`, "warning: NeOmega's fly is not available in luago\n"},
		{c + `print(coromega.config.x)`, "warning: NeOmega's config is not available in luago\n"},
		{c + `if coromega.fly and coromega.config then print("there") end`, ""},
		{c + `coromega.config = {} print(coromega.config.x)`, ""},
		{c + `coromega.sleep(1)`, "1:55: warning: Coromega:sleep is a method; did you mean ':sleep'?\n"},
		{c + `coromega.run()`, "warning: Coromega:run is a method; did you mean ':run'?\n"},
		{c + `coromega.sleep(coromega, 1) coromega.sleep(x, 1) coromega.sleep(...)`, ""},
		{`require("coromega"):from()`, "warning: Module.from is a function, not a method; did you mean '.from'?\n"},
		{c + `coromega:start() coromega:start()`, "1:55: warning: start waits for Coromega:run(), which the program never calls\n"},
		{c + `coromega:start() coromega:run()`, ""},
		{c + `coromega:start() local name = "run" coromega[name](coromega)`, ""},
		{c + `coromega:start() other.run()`, ""},
		{c + `coromega:connect()`, "1:55: connect must be called inside a coroutine\n"},
		{c + `if x then local conn = coromega:connect() end`, "connect must be called inside a coroutine"},
		{c + `local conn = coromega:connect() conn:receive_message()`, "receive_message must be called inside a coroutine"},
		{c + `f(function() coromega:connect() end)`, ""},
		{c + `local function f() coromega:connect() end`, ""},
		{c + `coromega.connect = f coromega:connect()`, ""},
		{c + `coromega[x] = f coromega:connect()`, ""},
		{c + `other[x] = f coromega:connect()`, "connect must be called inside a coroutine"},
		{c + `rawset(coromega, "connect", f) coromega:connect()`, ""},
		{c + `local set = rawset set(coromega, "connect", f) coromega:connect()`, ""},
		{c + `pcall(rawset, coromega, "connect", f) coromega:connect()`, ""},
		{`package.loaded.coromega = m ` + c + `coromega:connect()`, ""},
		{`coromega = require("coromega").from(x) coromega:connect()`, ""},
	} {
		got := inferText(t, tt.text).messages()
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s\n\tmessages: %s\twant: %s", tt.text, got, tt.want)
		}
	}
	// A module may be required inside a coroutine, or by a script that has
	// changed something before.
	if got := inferText(t, "", c+`coromega:connect()`).messages(); got != "" {
		t.Errorf("in a module: %s", got)
	}
}

// A long chain of calls takes linear time.
func TestLongChain(t *testing.T) {
	p := inferText(t, `require("coromega").from()`+strings.Repeat(":create_server()", 30000)+" print(x"+strings.Repeat(":f()", 30000)+")")
	if got := strings.Count(p.messages(), "warning"); got != 1 {
		t.Errorf("%d warnings, want one about create_server", got)
	}
}

// The example of each code about the host, compiled against the real surface,
// gives the message.
func TestCodes(t *testing.T) {
	s, err := surface.Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	diagtest.CheckExamples(t, diagtest.Examples(t, "../diag/codes_host.go"), func(files *diag.Files, file *diag.File, sink *diag.Sink) {
		info := resolve.Resolve(syntax.Parse(file, sink), sink)
		InferClasses(&resolve.Program{Files: files, Main: &resolve.Module{Info: info}}, s, sink)
	})
}
