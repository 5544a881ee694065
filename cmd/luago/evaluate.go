package main

import (
	"os"

	"github.com/luago-lang/luago/compiler"
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/eval"
	"github.com/luago-lang/luago/rt/lib/base"
	"github.com/luago-lang/luago/rt/lib/bit32"
	"github.com/luago-lang/luago/rt/lib/coroutine"
	"github.com/luago-lang/luago/rt/lib/debug"
	"github.com/luago-lang/luago/rt/lib/io"
	"github.com/luago-lang/luago/rt/lib/json"
	"github.com/luago-lang/luago/rt/lib/math"
	"github.com/luago-lang/luago/rt/lib/omega"
	oslib "github.com/luago-lang/luago/rt/lib/os"
	"github.com/luago-lang/luago/rt/lib/pkglib"
	"github.com/luago-lang/luago/rt/lib/strlib"
	"github.com/luago-lang/luago/rt/lib/table"
	"github.com/luago-lang/luago/wsrt"
)

// openers open all libraries, in the order in which compiled programs do.
var openers = []func(*rt.State){
	base.Open, pkglib.Open, strlib.Open,
	table.Open, math.Open, bit32.Open, coroutine.Open, oslib.Open, io.Open, debug.Open,
	wsrt.Open, json.Open, omega.Open,
	eval.Open,
}

// evaluate runs a script in this process, without compiling it, and ends the
// process. args are the script and its arguments.
func evaluate(t *terminal, opts compiler.Options, args []string) error {
	p, warnings, err := compiler.Load(opts)
	if err != nil {
		return err
	}
	t.err.Write(warnings)
	script := eval.NewScript(p)
	os.Args = args
	rt.Run(rt.Program{Name: args[0], New: func() (*rt.State, rt.Value) {
		st := rt.NewState(nil, nil)
		for _, open := range openers {
			open(st)
		}
		return st, script.Load(st)
	}})
	return nil
}
