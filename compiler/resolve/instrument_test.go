package resolve

import (
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

func TestInstrumented(t *testing.T) {
	for source, want := range map[string]string{
		"print(debug.traceback())":                                                           "",
		"print(debug.getinfo(1, 'Sl').short_src)":                                            "",
		"print(debug.getinfo(1).currentline)":                                                "",
		"local t = {func = 1}":                                                               "",
		"local debug = {}\nprint(debug[1])":                                                  "",
		"x = 1\ndebug.sethook(print, 'l')":                                                   "x.lua:2: 'sethook' is used",
		"local d = debug return d.getlocal(1, 1)":                                            "x.lua:1: 'getlocal' is used",
		"f = debug['setlocal']":                                                              "x.lua:1: 'setlocal' is used",
		"for k in pairs{'x'} do print(debug[k]) end":                                         "x.lua:1: debug is indexed with an unknown name",
		"return debug.getinfo(1, 'f').func":                                                  "x.lua:1: getinfo is asked for the function of a call",
		"return debug.getinfo(2).func":                                                       "x.lua:1: getinfo is asked for the function of a call",
		"return debug.getinfo(2, 'S').func":                                                  "",
		"return {'sethook', setlocal = 1}":                                                   "",
		"return f(debug, 'sethook')":                                                         "x.lua:1: 'sethook' is named, and debug is passed on",
		"return debug.getinfo(f, 'L').activelines":                                           "x.lua:1: getinfo is asked for the lines of a function",
		"return debug.getinfo(f, what).activelines":                                          "",
		"local h = debug and debug.sethook":                                                  "",
		"local h = debug and debug.sethook h()":                                              "x.lua:1: 'sethook' is used",
		"local h = debug.sethook if not h then return end print(type(h) == 'nil' or h ~= 1)": "",
		"local h = debug.sethook function f() return h end":                                  "x.lua:1: 'sethook' is used",
		"local h = debug.sethook h = nil":                                                    "x.lua:1: 'sethook' is used",
		"local h h = debug.sethook":                                                          "x.lua:1: 'sethook' is used",
		"local g = debug.getlocal local t = {g}":                                             "x.lua:1: 'getlocal' is used",
		"if debug.sethook and true then debug.traceback() end":                               "",
		"if debug.sethook then debug.sethook() end":                                          "x.lua:1: 'sethook' is used",
		"return debug.sethook or nil":                                                        "x.lua:1: 'sethook' is used",
		"return debug.sethook and 1":                                                         "",
		"local t = {['getlocal'] = debug}":                                                   "",
		"local n = debug return n == 'getlocal'":                                             "",
		"local debug = debug print(debug.traceback(), 'getlocal')":                           "",
		"local d = debug print(d, 'getlocal')":                                               "x.lua:1: 'getlocal' is named, and debug is passed on",
		"local d = debug local e = d print(e.x, 'getlocal')":                                 "",
		"if debug then print('getlocal') end":                                                "",
	} {
		var sink diag.Sink
		chunk := syntax.Parse(&diag.File{Name: "x.lua", Text: source}, &sink)
		p := &Program{Main: &Module{Info: Resolve(chunk, &sink)}}
		if got := p.Instrumented(); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

func TestRecords(t *testing.T) {
	for source, want := range map[string]Records{
		"debug.traceback()":                        NoRecords,
		"return debug.getinfo(1, 'f').func":        RecordFunctions,
		"return debug.getinfo(f, 'L').activelines": RecordLines,
		"debug.sethook()":                          RecordLines,
		"f(debug, 'sethook')":                      RecordLines,
		"f(debug, 'sethook', 'getlocal')":          RecordVariables,
		"debug.sethook() debug.setlocal(1, 1, 1)":  RecordVariables,
		"debug[k]()":                               RecordVariables,
	} {
		var sink diag.Sink
		chunk := syntax.Parse(&diag.File{Name: "x.lua", Text: source}, &sink)
		p := &Program{Main: &Module{Info: Resolve(chunk, &sink)}}
		if got, _ := p.Records(); got != want {
			t.Errorf("%q: got %d, want %d", source, got, want)
		}
	}
}
