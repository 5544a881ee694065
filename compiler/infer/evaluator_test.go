package infer

import (
	"io/fs"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
)

// TestNoEval checks which programs are known to load nothing at run time, and
// the reasons for the others.
func TestNoEval(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"print(1)", ""},
		{"local load = print; load('x')", ""},
		{"local t = {load = 1}; t.load = t:load()", ""},
		{"return load", "main.lua:1: load is used"},
		{"\ndofile 'x'", "main.lua:2: dofile is used"},
		{"pcall(loadstring, s)", "main.lua:1: loadstring is used"},
		{"_G.x = _G.y", ""},
		{"_G.load('x')", "main.lua:1: _G is used as a value"},
		{"_G[name]()", "main.lua:1: _G is used as a value"},
		{"_G._G.load()", "main.lua:1: _G is used as a value"},
		{"for k in pairs(_G) do end", "main.lua:1: _G is used as a value"},
		{"x = _ENV", "main.lua:1: _ENV is used as a value"},
		{"local _ENV = {}; x = _ENV", ""},
		{"x = _ENV.y", ""},
		{"require 'm'; require('string'); require('host')", ""},
		{"require('m', x)", ""},
		{"require 'nowhere'", "main.lua:1: module 'nowhere' is searched at run time"},
		{"require(x)", "main.lua:1: require is used as a value"},
		{"pcall(require, x)", "main.lua:1: require is used as a value"},
		{"package.path = 'x;' .. package.path", ""},
		{"package.loaded.x = package.preload.y", ""},
		{"package.loaded['_G'].load()", "main.lua:1: '_G' is named"},
		{"package.searchers[2]('x')", "main.lua:1: package is used as a value"},
		{"local p = package", "main.lua:1: package is used as a value"},
	} {
		var files diag.Files
		var sink diag.Sink
		opts := resolve.Options{Hosts: []string{"host"}, ReadFile: func(name string) ([]byte, error) {
			switch name {
			case "main.lua":
				return []byte(tt.src), nil
			case "./m.lua":
				return []byte("return 1"), nil
			}
			return nil, fs.ErrNotExist
		}}
		p, err := resolve.Load(&files, "main.lua", opts, &sink)
		if err != nil || sink.HasErrors() {
			t.Fatalf("%s: %v", tt.src, err)
		}
		f := &Facts{}
		f.evaluator(p, append([]*resolve.Module{p.Main}, p.Modules...))
		if f.EvalReason != tt.want || f.NoEval != (tt.want == "") {
			t.Errorf("%s: %q, want %q", tt.src, f.EvalReason, tt.want)
		}
	}
}
