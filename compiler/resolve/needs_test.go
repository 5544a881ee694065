package resolve

import (
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

func TestNeeds(t *testing.T) {
	for source, want := range map[string]Needs{
		"print(1)":                             {},
		"__gc, getupvalue, dump = 1, 2, 3":     {},
		"setmetatable({}, {__gc = print})":     {Finalizers: true, Deaths: true},
		"setmetatable({}, {['__mode'] = 'k'})": {Deaths: true},
		"print(debug.getupvalue(f, 1))":        {Upvalues: true},
		"print(debug.getinfo(f).nups)":         {Upvalues: true},
		"print(('').dump(f))":                  {Source: true},
	} {
		var sink diag.Sink
		chunk := syntax.Parse(&diag.File{Name: "x.lua", Text: source}, &sink)
		plain := syntax.Parse(&diag.File{Name: "y.lua", Text: "return 1"}, &sink)
		p := &Program{
			Main:    &Module{Info: Resolve(plain, &sink)},
			Modules: []*Module{{Info: Resolve(chunk, &sink)}},
		}
		if got := p.Needs(); got != want {
			t.Errorf("%q: got %+v, want %+v", source, got, want)
		}
	}
}
