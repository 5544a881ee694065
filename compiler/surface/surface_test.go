package surface

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/luago-lang/luago/compiler/diag"
)

// sample is a surface in the notation's full breadth.
const sample = `---@meta coromega

--- One connection.
---@class WebSocketConn
---@go wsrt.Conn
---@field id integer
---@field peer? WebSocketConn
local WebSocketConn = {}

--- Sends a text message.
--- It never raises.
---@async
---@param message string what to send
---@return string? err nil, or why not
---@go SendMessage coroutine
function WebSocketConn:send_message(message) end

---@param code? integer
---@param reason? string
---@go Close
function WebSocketConn:close(code, reason) end

---@param f fun(msg: string?)
---@go WhenNewMsg coroutine
function WebSocketConn:when_new_msg(f) end

---@class Listener
---@go Listener
local Listener = {}

---@param f fun(conn: WebSocketConn)
---@return Listener
---@go WhenNewConn
function Listener:when_new_conn(f) end

---@class Coromega
---@go wsrt.Coromega
local Coromega = {}

---@async
---@param addr string
---@param headers? table<string, string|number|string[]>
---@return WebSocketConn? conn
---@return string? message
---@go Connect coroutine
function Coromega:connect(addr, headers) end

---@async
---@return any ...
---@go Pause coroutine
function Coromega:pause() end

---@param f fun(...: any)
---@param ... any
---@go StartNew
function Coromega:start_new(f, ...) end

--- Not bound.
function Coromega:plain() end

---@class CoromegaModule
local M = {}

---@param omega any
---@return Coromega
---@go From
function M.from(omega) end

return M
`

// read reads one surface file and returns it with the messages about it.
func read(t *testing.T, text string) (*Surface, string) {
	t.Helper()
	var (
		files diag.Files
		sink  diag.Sink
		out   strings.Builder
	)
	s := Read(&files, &sink, []Source{{"wsrt/surface.lua", "example.com/m/wsrt", []byte(text)}})
	if err := sink.Render(&out, &files); err != nil {
		t.Fatal(err)
	}
	return s, out.String()
}

func TestRead(t *testing.T) {
	s, messages := read(t, sample)
	if messages != "" {
		t.Fatal(messages)
	}
	m := s.Module("coromega")
	if m == nil || m.PkgName() != "wsrt" || m.Class != s.Class("CoromegaModule") || len(m.Classes) != 4 {
		t.Fatalf("module = %+v", m)
	}
	if s.Module("json") != nil || len(s.Modules()) != 1 {
		t.Error("there are modules that nobody declared")
	}
	conn := s.Class("WebSocketConn")
	if conn.GoType != "Conn" || conn.GoTypeIn(m.PkgPath) != "Conn" || conn.GoTypeIn("other") != "wsrt.Conn" || conn.Doc != "One connection." {
		t.Errorf("WebSocketConn = %+v", conn)
	}
	if got := conn.Field("peer"); got.Class != conn || !got.Optional {
		t.Errorf("field peer = %v", got)
	}
	if got := strings.Join(conn.Names(), " "); got != "send_message close when_new_msg id peer" {
		t.Errorf("names of WebSocketConn: %s", got)
	}
	if s.Class("CoromegaModule").IsHost() || !conn.IsHost() {
		t.Error("IsHost is wrong")
	}
	cb := s.Class("Listener").Method("when_new_conn").Params[0].Type
	if cb.Func == nil || cb.Func.Params[0].Type.Class != conn {
		t.Errorf("callback of when_new_conn = %v", cb)
	}
	send := conn.Method("send_message")
	if send.Doc != "Sends a text message.\nIt never raises." || send.Params[0].Doc != "what to send" || send.Results[0].Name != "err" {
		t.Errorf("send_message = %+v", send)
	}
}

func TestSignatures(t *testing.T) {
	s, _ := read(t, sample)
	for _, tt := range []struct{ class, method, want string }{
		{"WebSocketConn", "send_message", "SendMessage(string) rt.Value async coroutine"},
		{"WebSocketConn", "close", "Close(rt.Value, rt.Value)"},
		{"WebSocketConn", "when_new_msg", "WhenNewMsg(rt.Value) coroutine"},
		{"Listener", "when_new_conn", "WhenNewConn(rt.Value) rt.Value"},
		{"Coromega", "connect", "Connect(string, rt.Value) rt.Value, rt.Value async coroutine"},
		{"Coromega", "pause", "Pause() rt.Value, int async coroutine"},
		{"Coromega", "start_new", "StartNew(rt.Value, []rt.Value)"},
		{"Coromega", "plain", "()"},
		{"CoromegaModule", "from", "static From(rt.Value) rt.Value"},
	} {
		m := s.Class(tt.class).Method(tt.method)
		got := m.GoName + "(" + strings.Join(m.GoParams("p"), ", ") + ")"
		if m.Static {
			got = "static " + got
		}
		if len(m.GoResults()) > 0 {
			got += " " + strings.Join(m.GoResults(), ", ")
		}
		if m.Async {
			got += " async"
		}
		if m.Coroutine {
			got += " coroutine"
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", m, got, tt.want)
		}
	}
}

func TestParseType(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"number", "number"},
		{"integer", "integer"},
		{"string", "string"},
		{"boolean", "boolean"},
		{"any", "any"},
		{"nil", "nil"},
		{"string?", "string?"},
		{"string|nil", "string?"},
		{"nil | string", "string?"},
		{"string|number", "any"},
		{"(string|number)[]", "table"},
		{"string[]", "table"},
		{"string[]?", "table?"},
		{"string[][]", "table"},
		{"table<string, any>", "table"},
		{"{ name: string, age?: number, [string]: any }", "table"},
		{"{}", "table"},
		{"'text'|'binary'", "string"},
		{"1|2", "number"},
		{"fun()", "function"},
		{"fun(a: string, b?: number, ...: any): string?, number", "function"},
		{"(fun(a))?", "function?"},
		{"true|false", "boolean"},
		{"Conn", "Conn"},
		{"ws.Conn?", "ws.Conn?"},
		{"Conn|Listener", "any"},
	} {
		p := &typeParser{text: tt.text}
		var err *typeError
		got := func() *Type {
			defer recoverType(&err)
			return p.parseType()
		}()
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
		} else if got.String() != tt.want || p.rest() != "" {
			t.Errorf("%s is read as %s, rest '%s'; want %s", tt.text, got, tt.text[p.off:], tt.want)
		}
	}
}

// A type ends where its description begins.
func TestTypeThenDescription(t *testing.T) {
	p := &typeParser{text: "string? why, or nil | nothing"}
	if got := p.parseType(); got.String() != "string?" || p.rest() != "why, or nil | nothing" {
		t.Errorf("read %s", got)
	}
}

func TestErrors(t *testing.T) {
	// Each text follows a valid head and stands before a valid return.
	const head = "---@meta m\n---@class C\n---@go C\nlocal C = {}\n"
	for _, tt := range []struct{ text, want string }{
		{"---@param x strnig\nfunction C:f(x) end", "5:13: unknown type 'strnig'"},
		{"---@param x string|\nfunction C:f(x) end", "5:20: expected a type, found end of line"},
		{"---@param x fun(a\nfunction C:f(x) end", "5:18: expected ')' in type, found end of line"},
		{"---@param x fun(..., a)\nfunction C:f(x) end", "'...' must be the last parameter"},
		{"---@param x list<string>\nfunction C:f(x) end", "5:13: type 'list' takes no parameters"},
		{"---@param x {a string}\nfunction C:f(x) end", "expected ':' in type, found 'string}'"},
		{"---@param x 'a\nfunction C:f(x) end", "unfinished literal type"},
		{"---@param\nfunction C:f() end", "expected a type, found end of line"},
		{"---@param y string\nfunction C:f(x) end", "parameter 'x' has no ---@param"},
		{"---@param y string\nfunction C:f() end", "5:11: 'C:f' has no parameter 'y'"},
		{"---@go\nfunction C:f() end", "expected a Go name after ---@go"},
		{"---@go F always\nfunction C:f() end", "unknown attribute 'always' of ---@go"},
		{"---@retrun string\nfunction C:f() end", "5:12: unknown tag ---@retrun"},
		{"function C:f() end\nfunction C:f() end", "6:10: 'C:f' is declared twice"},
		{"function D:f() end", "5:10: a surface file declares functions of its tables only"},
		{"function f() end", "a surface file declares functions of its tables only"},
		{"print(1)", "5:1: a surface file holds tables, functions and a return only"},
		{"---@class D\n\nlocal D = {}", "5:11: ---@class without a table below it"},
		{"---@class C\nlocal D = {}", "class 'C' is already declared in wsrt/surface.lua"},
		{"---@class\nlocal D = {}", "expected a class name, found end of line"},
		{"---@class D\n---@go other.D\nlocal D = {}", "6:8: expected a type of package wsrt, found 'other.D'"},
		{"x y", "5:"},
	} {
		_, messages := read(t, head+tt.text+"\nreturn C\n")
		if !strings.Contains(messages, tt.want) {
			t.Errorf("%s\n\tmessages: %s\twant: %s", tt.text, messages, tt.want)
		}
	}
	for _, tt := range []struct{ text, want string }{
		{"", "surface file without ---@meta"},
		{"---@meta m", "module 'm' returns no declared table"},
		{"---@meta m\nreturn x", "a surface file returns the module's table"},
	} {
		if _, messages := read(t, tt.text); !strings.Contains(messages, tt.want) {
			t.Errorf("%q: messages: %s, want: %s", tt.text, messages, tt.want)
		}
	}
}

func TestTwoFiles(t *testing.T) {
	var (
		files diag.Files
		sink  diag.Sink
	)
	a := "---@meta a\n---@class A\n---@go A\nlocal A = {}\n---@return B\nfunction A:b() end\nreturn A\n"
	b := "---@meta b\n---@class B\n---@go B\nlocal B = {}\nreturn B\n"
	s := Read(&files, &sink, []Source{{"a/surface.lua", "m/a", []byte(a)}, {"b/surface.lua", "m/b", []byte(b)}, {"c/surface.lua", "m/c", []byte(b)}})
	if got := s.Class("A").Method("b").Results[0].Type.Class; got == nil || got != s.Class("B") {
		t.Errorf("result class across files = %v", got)
	}
	if sink.ErrorCount() == 0 {
		t.Error("a module declared twice is no error")
	}
}

func TestLoad(t *testing.T) {
	s, err := Load(fstest.MapFS{
		"wsrt/surface.lua":         {Data: []byte(sample)},
		"rt/lib/json/surface.lua":  {Data: []byte("---@meta json\nlocal json = {}\nreturn json\n")},
		"other/surface.lua":        {Data: []byte("never read (")},
		"rt/lib/json/testdata.lua": {Data: []byte("never read (")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Modules()) != 2 || s.Module("json").PkgPath != "github.com/luago-lang/luago/rt/lib/json" {
		t.Errorf("modules = %v", s.Modules())
	}
	if _, err := Load(fstest.MapFS{"rt/surface.lua": {Data: []byte("local")}}); err == nil || !strings.Contains(err.Error(), "rt/surface.lua:1:") {
		t.Errorf("broken surface file: %v", err)
	}
}

// The surface files of the runtime follow the notation.
func TestRuntime(t *testing.T) {
	s, err := Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"coromega", "json", "omega"} {
		if s.Module(name) == nil {
			t.Errorf("module %s is not declared", name)
		}
	}
}
