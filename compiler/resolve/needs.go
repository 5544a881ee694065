package resolve

import (
	"slices"

	"github.com/luago-lang/luago/compiler/syntax"
)

// Needs says what a program can see of itself or of its memory, so that emitted
// code has to provide for it. It goes by the names among the program's string
// constants: a program that builds such a name at run time goes without.
type Needs struct {
	Finalizers bool // "__gc": they run while the program does
	Deaths     bool // "__gc" or "__mode": the program can tell when an object dies
	Upvalues   bool // debug's functions on upvalues
	Source     bool // string.dump
}

// Needs returns what the modules of p need together.
func (p *Program) Needs() Needs {
	var n Needs
	for _, m := range append([]*Module{p.Main}, p.Modules...) {
		n.Finalizers = n.Finalizers || mentions(m.Info.Chunk, "__gc")
		n.Deaths = n.Deaths || mentions(m.Info.Chunk, "__gc", "__mode")
		n.Upvalues = n.Upvalues || mentions(m.Info.Chunk, "getupvalue", "setupvalue", "upvalueid", "upvaluejoin", "nups")
		n.Source = n.Source || mentions(m.Info.Chunk, "dump")
	}
	return n
}

// mentions reports whether one of list is among the string constants of a chunk.
func mentions(chunk *syntax.Chunk, list ...string) bool {
	found := false
	syntax.Walk(chunk, func(n syntax.Node) bool {
		if lit, ok := n.(*syntax.StringExpr); ok && slices.Contains(list, lit.Value) {
			found = true
		}
		return !found
	})
	return found
}
