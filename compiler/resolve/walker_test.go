package resolve

import (
	"fmt"
	"strings"
	"testing"
)

// TestNames has ways in which a module makes the names of others of its own: the
// files that a library "lib" of them has, and what is linked, or left open.
func TestNames(t *testing.T) {
	tree := map[string]string{}
	for _, name := range []string{"lib/util", "lib/a/b", "lib/a/init", "lib/c", "other/c", "util", "LIB", "ab"} {
		tree[name+".lua"] = ""
	}
	for _, tt := range []struct{ src, want string }{
		{`local PATH = (...):gsub("%.init$", "") require(PATH .. ".util")`, "lib.util"},
		{`local PATH = ... require(PATH .. ".util")`, "lib.util"},
		{`local _, file = ... require(file:gsub("init.lua", "util"):sub(3):gsub("/", "."))`, "lib.util"},
		{`require((...) .. ".a" .. "." .. "b")`, "lib.a.b"},
		{`local p = (...):match("(.-)[^%.]*$") require(p .. "util")`, "util"},
		{`local p = string.match(..., "^(.-)%.?init$") or (...) require(p .. ".util")`, "lib.util"},
		{`local p = select(1, ...) .. "." require(p .. "c") require(p:upper():sub(1, -2))`, "lib.c LIB"},
		{`local p = ... p = p .. "." if p then p = p .. "a" else p = "x" end require(p .. ".b")`, "lib.a.b"},
		{`local p = ... if f() then p = p .. "." end require(p)`, "open"},
		{`local p = ... while f() do p = p .. "." end require(p)`, "open"},
		{`local p = ... local function set() p = "x" end require(p .. ".util")`, "open"},
		{`local p = ... ::again:: p = p .. ".util" require(p) goto again`, "open"},
		{`local p = ... local function f() return require(p .. ".util") end p = "x"`, "open"},
		{`local p = ... p = p .. "." local function f() return require(p .. "util") end`, "lib.util"},
		{`local p = ... local function import(n) return require(p .. "." .. n) end import("util") import "c"`, "lib.util lib.c"},
		{`local p = ... local function import(n) return require(p .. "." .. n) end M = import`, "lib.a lib.c lib.util"},
		{`local p = ... local function name(n) local s = p .. "." return s .. n end require(name("util"))`, "lib.util"},
		{`local p = ... local function g(n) return require(n) end local function f(n) return g(p .. n) end f(".c") f(".util")`, "lib.c lib.util"},
		{`local function f(n) if n > 0 then return f(n - 1) end return require("lib.c") end f(3)`, "lib.c"},
		{`for _, n in ipairs{"util", "c"} do require((...) .. "." .. n) end`, "lib.util lib.c"},
		{`local list = {x = "util", "c"} for k, n in pairs(list) do require("lib." .. n) end`, "lib.c lib.util"},
		{`for n in ("util c"):gmatch("%a+") do require("lib." .. n) end`, "lib.util lib.c"},
		{`local M = {path = (...)} M.sub = M.path .. ".a" require(M.sub .. ".b")`, "lib.a.b"},
		{`PATH = ... require(PATH .. ".util")`, "lib.util"},
		{`local require = require require "util" require(... .. ".c")`, "util lib.c"},
		{`local require = require M = require require "util"`, "util"},
		{`local req, pcall = require, pcall pcall(req, "ab") _G.require("util")`, "ab util"},
		{`require(("%s.%s"):format((...), "util")) require(table.concat({..., "c"}, "."))`, "lib.util lib.c"},
		{`require(table.concat({(...), "c"}, "."))`, "lib.c"},
		{`if #... > 3 and (...) ~= "lib" then require("nix" .. 1) else require("u" .. "til") end`, "util ?nix1"},
		{`if type(...) == "string" and not (... == "x") then require((...) .. ".c") end`, "lib.c"},
		{`local a, b = ("x.lib.c"):find("lib", 1, true) require(("x.lib.c"):sub(a))`, "lib.c"},
		{`require((os.getenv("X") or "lib") .. ".c")`, "lib.c open"},
		{`require(("lib"):rep(1) .. "." .. tostring("c"))`, "lib.c"},
		{`require(f())`, "open"},
		{`require("ut" .. n)`, "open"},
		{`require("lib.a." .. n)`, "lib.a.b lib.a.init"},
		{`require(("a"):rep(1e9))`, "open"},
		{`local s = "lib" for i = 1, 40 do s = s .. s end require(s)`, "open"},
	} {
		tree["lib/init.lua"] = tt.src
		tree["main.lua"] = `require "lib"`
		program, sink := load(t, tree, "main.lua", Options{})
		var got []string
		for _, m := range program.Modules {
			got = append(got, m.Name)
		}
		for _, r := range program.Unresolved {
			got = append(got, "?"+r.Name)
		}
		if len(program.Open) > 0 {
			got = append(got, "open")
		}
		if s := strings.TrimPrefix(strings.Join(got, " "), "lib "); s != tt.want || sink.HasErrors() {
			t.Errorf("%s\n got %s\nwant %s", tt.src, s, tt.want)
		}
	}
}

// TestNamesEnd checks that no chunk keeps the walker busy.
func TestNamesEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("local function f0(n) return require(n) end\n")
	for i := 1; i < 100; i++ {
		fmt.Fprintf(&b, "local function f%d(n) return f%d(n .. 'a') .. f%[2]d(n .. 'b') end\n", i, i-1)
	}
	b.WriteString("f99('x')\n")
	b.WriteString(strings.Repeat("for c in ('"+strings.Repeat("a", 200)+"'):gmatch('.') do ", 8))
	b.WriteString("require(c .. f()) " + strings.Repeat("end ", 8))
	program, sink := load(t, map[string]string{"main.lua": b.String()}, "main.lua", Options{})
	if sink.HasErrors() || len(program.Modules) > 0 {
		t.Errorf("%d modules", len(program.Modules))
	}
}

// TestOwnPath checks what counts as known of package.path.
func TestOwnPath(t *testing.T) {
	tree := map[string]string{"util.lua": "", "lib/util.lua": ""}
	for _, tt := range []struct {
		src, want string
		own       bool
	}{
		{`package.path = "lib/?.lua;" .. package.path`, "lib/util.lua", false},
		{`local dir = "lib" package.path = dir .. "/?.lua;" .. package.path`, "lib/util.lua", false},
		{`local function add(d) package.path = d .. "/?.lua;" .. package.path end add("lib")`, "lib/util.lua", false},
		{`for _, d in ipairs{"lib"} do package.path = d .. "/?.lua;" .. package.path end`, "lib/util.lua", false},
		{`local p = package p.path = table.concat({"lib/?.lua", p.path}, ";")`, "lib/util.lua", false},
		{`_G.package.path = ("%s;%s"):format("lib/?.lua", _G.package.path)`, "lib/util.lua", false},
		{`local dir = debug.getinfo(1, "S").source:match("^@(.-)[^/]*$") package.path = dir .. "lib/?.lua"`, "lib/util.lua", false},
		{`package.path = package.path .. ";lib/?.lua"`, "./util.lua", false},
		{`require "util" package.path = "lib/?.lua"`, "./util.lua", false},
		{`if nil then package.path = "lib/?.lua" end`, "./util.lua", false},
		{`if f() then package.path = "lib/?.lua;" .. package.path end`, "lib/util.lua", true},
		{`package.path = f() .. package.path`, "./util.lua", true},
		{`package.path = (os.getenv("LIB") or "lib") .. "/?.lua;" .. package.path`, "lib/util.lua", true},
		{`package.path = arg[0]:gsub("[^/]*$", "") .. "lib/?.lua;" .. package.path`, "lib/util.lua", true},
		{`function setup() package.path = "lib/?.lua" end`, "./util.lua", true},
		{`local t = {} t.path = f()`, "./util.lua", false},
	} {
		tree["main.lua"] = tt.src + ` require "util"`
		program, sink := load(t, tree, "main.lua", Options{})
		if len(program.Modules) != 1 || sink.HasErrors() {
			t.Errorf("%s: %d modules", tt.src, len(program.Modules))
		} else if got := program.Modules[0].Path; got != tt.want || program.OwnPath != tt.own {
			t.Errorf("%s: %s, own path %v", tt.src, got, program.OwnPath)
		}
	}
}
