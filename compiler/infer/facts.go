// Package infer finds out what is true of a program: facts, as data.
//
// Input: the resolved program and the API surface of its host. Output: Facts,
// which package emit consults to choose between specialised and dynamic code.
// infer knows nothing of Go: it never decides how a fact is used. Erasing all
// facts (the zero Facts) leaves a correct, slower program.
package infer

import (
	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Facts is everything that is known of one program. The zero Facts knows
// nothing.
type Facts struct {
	// PlainGlobals reports whether the globals table can have no metatable
	// and cannot be reached as a table: reading an unset global is nil.
	PlainGlobals bool
	// Libraries lists the standard libraries that the program can reach,
	// sorted; nil means all.
	Libraries []string
	// NoEval reports whether the program can load no chunk at run time (load,
	// require of a file that was not found). If it is false, EvalReason says
	// where in the program it may.
	NoEval     bool
	EvalReason string
	// Classes holds the host classes of expressions; nil knows none.
	Classes *Classes

	numbers  map[*resolve.Var]bool
	counters map[*syntax.NumericForStmt]counter
	integers map[*resolve.Var]counter // their control variables
	fills    map[*syntax.NumericForStmt][]*resolve.Var
	library  map[*resolve.Var]string // guesses

	statics       map[*resolve.Func]*Static
	callees       map[*syntax.CallExpr]*Static
	elided        map[*resolve.Var]bool
	numberResults map[*resolve.Func]bool
}

// Untyped returns the facts without those about numbers, functions and classes, for a
// program in which code can change variables from outside.
func (f *Facts) Untyped() *Facts {
	if f == nil {
		return nil
	}
	g := *f
	g.numbers, g.counters, g.integers, g.fills, g.Classes = nil, nil, nil, nil, nil
	g.statics, g.callees, g.elided, g.numberResults = nil, nil, nil, nil
	return &g
}

// A counter describes a loop that counts integers.
type counter struct {
	direction int  // 1 or -1
	positive  bool // every value is at least 1
}

// Program infers the facts of p. Warnings and errors that need facts (an
// unknown method of a host object) go to sink.
func Program(p *resolve.Program, s *surface.Surface, sink *diag.Sink) *Facts {
	f := &Facts{
		numbers:  map[*resolve.Var]bool{},
		counters: map[*syntax.NumericForStmt]counter{},
		integers: map[*resolve.Var]counter{},
		fills:    map[*syntax.NumericForStmt][]*resolve.Var{},
		library:  map[*resolve.Var]string{},

		statics:       map[*resolve.Func]*Static{},
		callees:       map[*syntax.CallExpr]*Static{},
		elided:        map[*resolve.Var]bool{},
		numberResults: map[*resolve.Func]bool{},
	}
	modules := p.All()
	f.globals(p, modules, s)
	f.evaluator(p, modules)
	f.findStatics(modules)
	f.findNumbers(modules)
	f.findLibrary(modules)
	f.Classes = InferClasses(p, s, sink)
	return f
}

// IsNumber reports whether v holds a number whenever it can be read.
func (f *Facts) IsNumber(v *resolve.Var) bool { return f != nil && f.numbers[v] }

// Counter reports whether the loop counts integers of magnitude below 2^52,
// and its body never assigns the control variable: 1 for upwards, -1 for
// downwards, 0 for any other loop.
func (f *Facts) Counter(s *syntax.NumericForStmt) int {
	if f == nil {
		return 0
	}
	return f.counters[s].direction
}
