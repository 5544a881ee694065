package infer

import (
	"slices"

	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Static functions.
//
// Most calls of a program name a function that never changes:
//
//	local function f(x) ... end     f, if nothing assigns to it again
//	local f  function f(x) ... end  f is that function, or still nil
//	function f(x) ... end           the same, where nothing can reach the
//	                                globals table but by names
//
// Such a call needs no function value, so its target can take its parameters
// and return its results in any form; where all calls are known, what they pass
// says what the parameters hold. The function must depend on nothing but what
// exists once per run of the chunk, so that all closures of it are the same.

// A Static is a function that some calls are sure to reach.
type Static struct {
	Func *resolve.Func
	// Var is the local variable that holds the function, or nil for a global.
	Var *resolve.Var
	// MayBeNil reports whether the variable may not have been assigned yet.
	MayBeNil bool
	// Escapes reports whether the function's value is needed: something other
	// than the calls that Callee knows mentions it.
	Escapes bool
	// Loops reports whether the function has tail calls of itself, which
	// Callee knows: they are jumps back to its start.
	Loops bool
	// Results says how many results the function has.
	Results Results

	info    *resolve.Info // of its chunk
	calls   []*syntax.CallExpr
	decided bool // Results is
}

// Results is what is known about the number of a function's results.
type Results uint8

// The kinds of Results.
const (
	AnyResults Results = iota
	NoResult
	OneResult
)

// Static returns what is known of fn as a static function, or nil.
func (f *Facts) Static(fn *resolve.Func) *Static {
	if f == nil {
		return nil
	}
	return f.statics[fn]
}

// Callee returns the function that call reaches if it reaches any, or nil if
// that is unknown.
func (f *Facts) Callee(call *syntax.CallExpr) *Static {
	if f == nil {
		return nil
	}
	return f.callees[call]
}

// IsElided reports whether v is a variable that nothing needs: it holds a
// static function that does not escape.
func (f *Facts) IsElided(v *resolve.Var) bool {
	return f != nil && f.elided[v]
}

// NumberResult reports whether s has one result, which is a number.
func (f *Facts) NumberResult(s *Static) bool {
	return f != nil && s.Results == OneResult && f.numberResults[s.Func]
}

// A staticPass finds the static functions of a program.
type staticPass struct {
	facts   *Facts
	modules []*resolve.Module
	locals  map[*resolve.Var]*Static
	globals map[string]*Static
	byFunc  map[*resolve.Func]*Static // all of them
}

// statics decides Static, Callee and IsElided.
func (f *Facts) findStatics(modules []*resolve.Module) {
	p := &staticPass{facts: f, modules: modules, locals: map[*resolve.Var]*Static{}, globals: map[string]*Static{}, byFunc: map[*resolve.Func]*Static{}}
	for _, m := range modules {
		p.candidates(m.Info)
	}
	p.findGlobals()
	for _, s := range p.locals {
		p.byFunc[s.Func] = s
	}
	for _, s := range p.globals {
		p.byFunc[s.Func] = s
	}
	for i, m := range modules {
		p.uses(m.Info, i == 0)
	}
	p.tailCalls()
	for _, m := range modules {
		for _, s := range p.inOrder(m.Info) {
			if len(s.calls) == 0 {
				continue
			}
			f.statics[s.Func] = s
			for _, call := range s.calls {
				f.callees[call] = s
			}
			if !s.Escapes && s.Var != nil && !s.MayBeNil {
				f.elided[s.Var] = true
			}
		}
	}
	for _, m := range modules {
		for _, s := range p.inOrder(m.Info) {
			p.results(s)
		}
	}
}

// inOrder returns the candidates of a chunk in the order of the source.
func (p *staticPass) inOrder(info *resolve.Info) []*Static {
	var list []*Static
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		if fn, ok := n.(*syntax.FunctionExpr); ok {
			if s := p.byFunc[info.Funcs[fn]]; s != nil {
				list = append(list, s)
			}
		}
		return true
	})
	return list
}

// candidate returns a Static for the function that x declares, or nil.
func candidate(info *resolve.Info, x syntax.Expr, v *resolve.Var) *Static {
	lit, ok := x.(*syntax.FunctionExpr)
	if !ok {
		return nil
	}
	fn := info.Funcs[lit]
	if fn.IsVararg {
		return nil
	}
	for _, up := range fn.Upvalues {
		if !up.ChunkLevel {
			return nil
		}
	}
	return &Static{Func: fn, Var: v, info: info}
}

// candidates finds the local variables of a chunk that hold one function.
func (p *staticPass) candidates(info *resolve.Info) {
	empty := map[*resolve.Var]bool{} // declared without a value
	late := func(target, x syntax.Expr) {
		name, ok := target.(*syntax.NameExpr)
		if !ok {
			return
		}
		v := info.Uses[name]
		if v == nil || v.Assigned != 1 || !empty[v] {
			return
		}
		if s := candidate(info, x, v); s != nil {
			s.MayBeNil = true
			p.locals[v] = s
		}
	}
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.LocalFunctionStmt:
			if v := info.Defs[n.Name]; v.Assigned == 0 {
				if s := candidate(info, n.Fn, v); s != nil {
					p.locals[v] = s
				}
			}
		case *syntax.LocalStmt:
			if len(n.Values) == 0 {
				for _, name := range n.Names {
					empty[info.Defs[name]] = true
				}
			} else if v := info.Defs[n.Names[0]]; len(n.Names) == 1 && len(n.Values) == 1 && v.Assigned == 0 {
				if s := candidate(info, n.Values[0], v); s != nil {
					p.locals[v] = s
				}
			}
		case *syntax.FunctionStmt:
			late(n.Target, n.Fn)
		case *syntax.AssignStmt:
			if len(n.Targets) == 1 && len(n.Values) == 1 {
				late(n.Targets[0], n.Values[0])
			}
		}
		return true
	})
}

// findGlobals finds the global variables that hold one function of the main
// module. A module's chunk could run again after an error in it.
func (p *staticPass) findGlobals() {
	if !p.facts.PlainGlobals {
		return
	}
	count := map[string]int{}
	for i, m := range p.modules {
		info := m.Info
		assign := func(target, x syntax.Expr) {
			name, ok := target.(*syntax.NameExpr)
			if !ok || info.Uses[name] != nil || info.EnvOf[name] != nil {
				return
			}
			count[name.Name]++
			if i > 0 || x == nil {
				return
			}
			if s := candidate(info, x, nil); s != nil {
				s.MayBeNil = true
				p.globals[name.Name] = s
			}
		}
		syntax.Walk(info.Chunk, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.FunctionStmt:
				assign(n.Target, n.Fn)
			case *syntax.AssignStmt:
				for j, target := range n.Targets {
					if len(n.Targets) == 1 && len(n.Values) == 1 {
						assign(target, n.Values[j])
					} else {
						assign(target, nil)
					}
				}
			}
			return true
		})
	}
	for name := range p.globals {
		if _, isLibrary := stdlib.Global(name); count[name] != 1 || isLibrary {
			delete(p.globals, name)
		}
	}
}

// uses sorts the mentions of candidates into calls and others.
func (p *staticPass) uses(info *resolve.Info, isMain bool) {
	known := map[*syntax.NameExpr]bool{} // mentions that are calls or the definition
	of := func(x syntax.Expr) (*syntax.NameExpr, *Static) {
		name, ok := x.(*syntax.NameExpr)
		if !ok {
			return nil, nil
		}
		if v := info.Uses[name]; v != nil {
			return name, p.locals[v]
		}
		if info.EnvOf[name] != nil {
			return name, nil
		}
		return name, p.globals[name.Name]
	}
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			if name, s := of(n.Fn); s != nil && (isMain || s.Var != nil) {
				known[name] = true
				s.calls = append(s.calls, n)
			}
		case *syntax.FunctionStmt:
			if name, s := of(n.Target); s != nil {
				known[name] = true
			}
		case *syntax.AssignStmt:
			for _, target := range n.Targets {
				if name, s := of(target); s != nil {
					known[name] = true
				}
			}
		case *syntax.NameExpr:
			if _, s := of(n); s != nil && !known[n] {
				s.Escapes = true
			}
		}
		return true
	})
}

// tailCalls decides which tail calls of static functions are static: of the
// function itself, and as long as they form no cycles, for those need no
// stack however long they go on.
func (p *staticPass) tailCalls() {
	for _, m := range p.modules {
		t := &tailPass{callees: map[*syntax.CallExpr]*Static{}, state: map[*Static]visitState{}, dynamic: map[*syntax.CallExpr]bool{}}
		list := p.inOrder(m.Info)
		for _, s := range list {
			for _, call := range s.calls {
				t.callees[call] = s
			}
		}
		for _, s := range list {
			t.visit(s)
		}
		for _, s := range list {
			s.calls = slices.DeleteFunc(s.calls, func(call *syntax.CallExpr) bool { return t.dynamic[call] })
		}
	}
}

// A tailPass follows the tail calls of static functions into the depth; those
// that lead back to a function on the way there close the cycles.
type tailPass struct {
	callees map[*syntax.CallExpr]*Static
	state   map[*Static]visitState
	dynamic map[*syntax.CallExpr]bool
}

type visitState uint8

const (
	unvisited visitState = iota
	underway             // tail calls lead from it to the current function
	visited
)

func (t *tailPass) visit(s *Static) {
	if t.state[s] != unvisited {
		return
	}
	t.state[s] = underway
	eachReturn(s.Func.Node.Body, func(r *syntax.ReturnStmt) {
		if len(r.Values) != 1 {
			return
		}
		call, ok := r.Values[0].(*syntax.CallExpr)
		to := t.callees[call]
		if !ok || to == nil {
			return
		}
		if to == s && !capturesParams(s.Func) {
			s.Loops = true
			return
		}
		t.visit(to)
		if t.state[to] == underway {
			t.dynamic[call] = true
			to.Escapes = true
		}
	})
	t.state[s] = visited
}

// capturesParams reports whether inner functions mention parameters of fn: each
// call must then have its own.
func capturesParams(fn *resolve.Func) bool {
	for _, v := range fn.Params {
		if v.Captured {
			return true
		}
	}
	return false
}

// eachReturn calls visit for the return statements of a function's body.
func eachReturn(body *syntax.Block, visit func(*syntax.ReturnStmt)) {
	syntax.Walk(body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionExpr:
			return false
		case *syntax.ReturnStmt:
			visit(n)
		}
		return true
	})
}

// results decides s.Results. Tail calls that are static form no cycles.
func (p *staticPass) results(s *Static) Results {
	if s.decided {
		return s.Results
	}
	s.decided = true
	if s.Escapes && raises(s.info, s.Func.Node.Body) {
		return AnyResults // pcall may call it, and its errors need not be panics then
	}
	const none = Results(255)
	all := none
	join := func(r Results) {
		if all == none || all == r {
			all = r
		} else {
			all = AnyResults
		}
	}
	if !ends(s.Func.Node.Body) {
		join(NoResult)
	}
	eachReturn(s.Func.Node.Body, func(r *syntax.ReturnStmt) {
		switch {
		case len(r.Values) == 0:
			join(NoResult)
		case len(r.Values) > 1:
			join(AnyResults)
		case !syntax.IsMulti(r.Values[0]):
			join(OneResult)
		default:
			call, ok := r.Values[0].(*syntax.CallExpr)
			switch to := p.facts.callees[call]; {
			case !ok || to == nil:
				join(AnyResults)
			case to != s:
				join(p.results(to))
			}
		}
	})
	if all == none { // it only calls itself
		all = NoResult
	}
	s.Results = all
	return all
}

// raises reports whether a function with the given body has a statement error(...).
func raises(info *resolve.Info, body *syntax.Block) bool {
	found := false
	syntax.Walk(body, func(n syntax.Node) bool {
		if s, ok := n.(*syntax.CallStmt); ok {
			if call, ok := s.Call.(*syntax.CallExpr); ok {
				found = found || info.IsGlobal(call.Fn, "error")
			}
		}
		_, isFunction := n.(*syntax.FunctionExpr)
		return !isFunction
	})
	return found
}

// ends reports whether control certainly never passes the end of b.
func ends(b *syntax.Block) bool {
	if len(b.Stmts) == 0 {
		return false
	}
	switch s := b.Stmts[len(b.Stmts)-1].(type) {
	case *syntax.ReturnStmt:
		return true
	case *syntax.DoStmt:
		return ends(s.Body)
	case *syntax.IfStmt:
		if s.Else == nil || !ends(s.Else) {
			return false
		}
		for _, c := range s.Clauses {
			if !ends(c.Body) {
				return false
			}
		}
		return true
	}
	return false
}
