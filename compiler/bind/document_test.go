package bind

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler"
	"github.com/luago-lang/luago/compiler/surface"
)

// What the examples of the documentation stand in.
const (
	exampleHead = `local omega = require("omega")
local coromega = require("coromega").from(omega)
local json = require("json")
local listener = coromega:create_websocket_server("127.0.0.1", 8080)
local timer = coromega:after(60, function() end)
coromega:start_new(function()
    local conn = coromega:connect_to_websocket("ws://127.0.0.1:8080")
`
	exampleTail = `    return omega, coromega, json, listener, timer, conn
end)
coromega:run()
`
)

// Every function of the host is described, with an example that compiles without
// a warning, and docs/api.md has it all.
func TestDocument(t *testing.T) {
	s, err := surface.Load(runtimeSource)
	if err != nil {
		t.Fatal(err)
	}
	document := string(Document(s))
	if document != string(readFile(t, "../../docs/api.md")) {
		t.Error("docs/api.md is not what the surface files declare; run make generate")
	}
	for _, m := range s.Modules() {
		for _, c := range m.Classes {
			for _, f := range c.Methods {
				if f.Doc == "" || f.Example == "" {
					t.Errorf("%s: %s has no description or no example", m.File, f)
					continue
				}
				if !strings.Contains(document, f.Example) {
					t.Errorf("the example of %s is not in the document", f)
				}
				if problem := compileExample(f.Example); problem != "" {
					t.Errorf("%s: the example of %s:\n%s%s", m.File, f, f.Example, problem)
				}
			}
		}
	}
	if problem := compileExample("conn:fly()\n"); !strings.Contains(problem, "no method 'fly'") {
		t.Errorf("a wrong example passes: %q", problem)
	}
}

// compileExample returns what the compiler says of an example, "" if nothing. A
// return in it, and what names it gives to locals, stay its own.
func compileExample(text string) string {
	program := exampleHead + "do\n" + text + "end\n" + exampleTail
	res, err := compiler.Compile(compiler.Options{
		Script: "example.lua", Package: "main", Runtime: runtimeSource,
		ReadFile: func(name string) ([]byte, error) {
			if name == "example.lua" {
				return []byte(program), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
	})
	if err != nil {
		return err.Error()
	}
	return string(res.Warnings)
}
