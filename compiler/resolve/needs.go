package resolve

import (
	"github.com/luago-lang/luago/compiler/stdlib"
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
	for _, m := range p.All() {
		syntax.Walk(m.Info.Chunk, func(x syntax.Node) bool {
			lit, ok := x.(*syntax.StringExpr)
			if !ok {
				return true
			}
			switch lit.Value {
			case "__gc":
				n.Finalizers, n.Deaths = true, true
			case "__mode":
				n.Deaths = true
			case "nups":
				n.Upvalues = true
			}
			n.Upvalues = n.Upvalues || has("debug", lit.Value, stdlib.TouchesUpvalues)
			n.Source = n.Source || has("string", lit.Value, stdlib.NeedsSource)
			return true
		})
	}
	return n
}

// has reports whether a function of a library has an effect.
func has(library, name string, effect stdlib.Effect) bool {
	m := stdlib.Find(library).Member(name)
	return m != nil && m.Has(effect)
}
