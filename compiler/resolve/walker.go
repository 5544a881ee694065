package resolve

import (
	"slices"
	"sort"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Limits of the walker: expressions evaluated for one chunk, calls inside one
// another, rounds of a loop that are gone through one by one, expressions of a
// function that is gone through for the sake of its result.
const (
	maxSteps  = 1 << 19
	maxCalls  = 16
	maxRounds = 256
	smallSize = 64
)

// A walker goes through a chunk in the order in which it runs, as far as that is
// known, and finds the names of the modules that it requires, and what it sets
// package.path to: see fold.go.
//
// Branches that may or may not run are gone through, too; what they assign is
// unknown after them. Functions are gone through where they are called, if all
// calls of them are known, else once, with unknown arguments.
type walker struct {
	*loader
	info  *Info
	self  string // the path of the chunk's file
	steps int

	vars    map[*Var]value
	assigns []assignment // to local variables, in source order
	last    map[*Var]diag.Pos
	wild    map[*Var]bool       // what they hold is unknown at any time
	journal []entry             // earlier values of vars, for branches
	calls   map[*Var][]diag.Pos // of calls of local variables
	small   map[*syntax.FunctionExpr]bool
	aliases map[*Var]*alias // other names of require

	*activation
	inside  []*syntax.FunctionExpr // being gone through
	done    map[*syntax.FunctionExpr]bool
	later   []*syntax.FunctionExpr // to be gone through with unknown arguments
	generic *syntax.FunctionExpr   // being gone through so
	marks   []diag.Pos             // of what makes a function worth going through, in source order

	byArg map[syntax.Expr]*Require // the calls of require that the resolver saw
	found map[*Require]*names
	maybe bool // a call around is in a branch that may not run
	dead  int  // branches around that never run
}

// An activation is one run of a function.
type activation struct {
	varargs     []value
	result      []value
	returned    bool
	conditional int // branches around the statement that may not run
}

// An assignment is one to a local variable.
type assignment struct {
	pos diag.Pos
	v   *Var
}

// An entry of the journal is what a variable held before.
type entry struct {
	v   *Var
	old value
}

// An alias is a local variable that holds require and nothing else.
type alias struct {
	value *syntax.NameExpr          // the mention of require in its declaration
	uses  map[*syntax.NameExpr]bool // mentions of the variable by which modules are required
}

// names are what a computed name has turned out to be.
type names struct {
	list   []*Require // one for each name
	linked bool       // a family of modules is
	open   bool       // it may be something else
}

// walk goes through the chunk of a module, which is required by the name of it, or
// is the main script. It links what the chunk requires.
func (l *loader) walk(m *Module) {
	w := &walker{
		loader: l, info: m.Info, self: m.Path,
		vars: map[*Var]value{}, last: map[*Var]diag.Pos{}, wild: map[*Var]bool{}, calls: map[*Var][]diag.Pos{},
		small: map[*syntax.FunctionExpr]bool{}, aliases: map[*Var]*alias{},
		done: map[*syntax.FunctionExpr]bool{}, byArg: map[syntax.Expr]*Require{}, found: map[*Require]*names{},
	}
	for _, r := range slices.Concat(w.info.Requires, w.info.Computed) {
		w.byArg[r.Arg] = r
	}
	varargs := []value{{}}
	if m.Name != "" {
		varargs = []value{text(m.Name), text(m.Info.Chunk.Name)}
	}
	w.prepare(w.info.Main, m.Info.Chunk.Body)
	sort.Slice(w.marks, func(i, j int) bool { return w.marks[i].Before(w.marks[j]) })
	w.activation = &activation{varargs: varargs}
	w.block(m.Info.Chunk.Body)
	for len(w.later) > 0 {
		fn := w.later[0]
		w.later = w.later[1:]
		if !w.done[fn] {
			w.generic = fn
			w.run(fn, nil)
		}
	}
	w.finish()
}

// prepare collects the assignments and calls in body, which belongs to fn.
func (w *walker) prepare(fn *Func, body *syntax.Block) {
	assign := func(target syntax.Expr) {
		switch x := target.(type) {
		case *syntax.NameExpr:
			v := w.info.Uses[x]
			if v == nil {
				break
			}
			w.assigns = append(w.assigns, assignment{x.Pos(), v})
			w.last[v] = x.Pos()
			if v.Func != fn || len(w.info.Gotos) > 0 {
				w.wild[v] = true
			}
		case *syntax.IndexExpr:
			if isString(x.Key, "path") {
				w.marks = append(w.marks, x.Pos())
			}
		}
	}
	syntax.Walk(body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionExpr:
			w.prepare(w.info.Funcs[n], n.Body)
			return false
		case *syntax.AssignStmt:
			for _, target := range n.Targets {
				assign(target)
			}
		case *syntax.FunctionStmt:
			assign(n.Target)
		case *syntax.CallExpr:
			if name, ok := n.Fn.(*syntax.NameExpr); ok && w.info.Uses[name] != nil {
				v := w.info.Uses[name]
				w.calls[v] = append(w.calls[v], n.Pos())
			}
		}
		return true
	})
	if fn.Parent == nil {
		for _, r := range w.info.Computed {
			w.marks = append(w.marks, r.Arg.Pos())
		}
	}
}

// hasMark reports whether something between two places makes it worth going
// through.
func (w *walker) hasMark(n syntax.Node) bool {
	i := sort.Search(len(w.marks), func(i int) bool { return !w.marks[i].Before(n.Pos()) })
	return i < len(w.marks) && w.marks[i].Before(n.End())
}

// set gives a variable a value.
func (w *walker) set(v *Var, x value) {
	if v == nil {
		return
	}
	w.journal = append(w.journal, entry{v, w.vars[v]})
	w.vars[v] = x
}

// variable returns what is known of a variable: nothing, if a function that runs
// later sees it and it may have changed until then.
func (w *walker) variable(v *Var) value {
	if w.wild[v] {
		return value{}
	}
	if last, ok := w.last[v]; ok && w.generic != nil && !last.Before(w.generic.Pos()) && v.Decl.Before(w.generic.Pos()) {
		return value{}
	}
	return w.vars[v]
}

// forget makes unknown what a loop assigns, which may be gone through again.
func (w *walker) forget(loop syntax.Node) {
	i := sort.Search(len(w.assigns), func(i int) bool { return !w.assigns[i].pos.Before(loop.Pos()) })
	for ; i < len(w.assigns) && w.assigns[i].pos.Before(loop.End()); i++ {
		w.set(w.assigns[i].v, value{})
	}
}

// branch goes through statements that may not run; where dead, they never do.
func (w *walker) branch(b *syntax.Block, dead bool) {
	start := len(w.journal)
	w.conditional++
	if dead {
		w.dead++
	}
	w.block(b)
	w.conditional--
	for i := len(w.journal) - 1; i >= start; i-- {
		if e := w.journal[i]; dead {
			w.vars[e.v] = e.old
		} else {
			w.vars[e.v] = value{}
		}
	}
	if dead {
		w.dead--
		w.journal = w.journal[:start]
	}
}

func (w *walker) block(b *syntax.Block) {
	for _, s := range b.Stmts {
		if w.returned {
			return
		}
		w.stmt(s)
	}
}

func (w *walker) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.LocalStmt:
		w.local(s)
	case *syntax.AssignStmt:
		values := w.list(s.Values)
		for i, target := range s.Targets {
			w.assign(target, at(values, i))
		}
	case *syntax.CallStmt:
		w.evalMulti(s.Call)
	case *syntax.DoStmt:
		w.block(s.Body)
	case *syntax.IfStmt:
		w.ifStmt(s)
	case *syntax.WhileStmt:
		w.forget(s)
		w.eval(s.Cond)
		w.branch(s.Body, false)
	case *syntax.RepeatStmt:
		w.forget(s)
		w.branch(s.Body, false)
		w.eval(s.Cond)
	case *syntax.NumericForStmt:
		w.list([]syntax.Expr{s.Start, s.Limit})
		if s.Step != nil {
			w.eval(s.Step)
		}
		w.forget(s)
		w.set(w.info.Defs[s.Var], value{})
		w.branch(s.Body, false)
	case *syntax.GenericForStmt:
		w.genericFor(s)
	case *syntax.FunctionStmt:
		w.assign(s.Target, w.function(s.Fn))
	case *syntax.LocalFunctionStmt:
		v := w.info.Defs[s.Name]
		w.set(v, w.localFunction(v, s.Fn))
	case *syntax.ReturnStmt:
		values := w.list(s.Values)
		if w.conditional > 0 {
			w.result = []value{{}}
		} else {
			if w.result == nil {
				w.result = values
			}
			w.returned = true
		}
	}
}

// local gives the variables of a declaration their values.
func (w *walker) local(s *syntax.LocalStmt) {
	if fn, ok := single(s.Values).(*syntax.FunctionExpr); ok {
		v := w.info.Defs[s.Names[0]]
		w.set(v, w.localFunction(v, fn))
		return
	}
	values := w.list(s.Values)
	for i, name := range s.Names {
		v := w.info.Defs[name]
		w.set(v, at(values, i))
		if i < len(s.Values) && v.Assigned == 0 && w.aliases[v] == nil && w.info.IsGlobal(s.Values[i], "require") {
			w.aliases[v] = &alias{s.Values[i].(*syntax.NameExpr), map[*syntax.NameExpr]bool{}}
		}
	}
}

// single returns the only expression of a list, or nil.
func single(list []syntax.Expr) syntax.Expr {
	if len(list) == 1 {
		return list[0]
	}
	return nil
}

// localFunction is function for one that is the value of a variable: if all
// mentions of that are calls, going through those is enough.
func (w *walker) localFunction(v *Var, fn *syntax.FunctionExpr) value {
	if v.Assigned == 0 && v.Uses > 0 && len(w.calls[v]) == v.Uses && w.hasMark(fn) {
		// The calls are worth going through as much as the function is.
		w.marks = append(w.marks, w.calls[v]...)
		sort.Slice(w.marks, func(i, j int) bool { return w.marks[i].Before(w.marks[j]) })
		return value{kind: functionKind, fn: fn}
	}
	return w.function(fn)
}

// function makes a function, which is gone through later.
func (w *walker) function(fn *syntax.FunctionExpr) value {
	w.later = append(w.later, fn)
	return value{kind: functionKind, fn: fn}
}

// assign notes the assignment of v to a target.
func (w *walker) assign(target syntax.Expr, v value) {
	switch x := target.(type) {
	case *syntax.NameExpr:
		switch local := w.info.Uses[x]; {
		case local != nil:
			w.set(local, v)
		case w.info.EnvOf[x] == nil:
			w.setGlobal(x.Name, v)
		}
	case *syntax.IndexExpr:
		of, key := w.eval(x.X), w.eval(x.Key)
		switch {
		case key.kind != stringKind:
		case of.kind == builtinKind && of.text == "package" && key.text == "path":
			if w.dead == 0 {
				w.setPath(v, w.isCertain())
			}
		case of.kind == builtinKind && of.text == "_G":
			w.setGlobal(key.text, v)
		case of.kind == tableKind:
			if !w.isCertain() {
				v = value{}
			}
			of.table.set(key.text, v)
		}
	}
}

// isCertain reports whether the statement runs, and runs here.
func (w *walker) isCertain() bool { return w.conditional == 0 && !w.maybe && w.generic == nil }

func (w *walker) setGlobal(name string, v value) {
	if !w.isCertain() {
		v = value{}
	}
	w.globals[name] = v
}

func (w *walker) ifStmt(s *syntax.IfStmt) {
	taken, open := false, false // a branch is known to run; one before may
	for _, c := range s.Clauses {
		cond := w.eval(c.Cond)
		truth, known := cond.truth()
		known = known && !cond.guess
		switch {
		case taken || known && !truth:
			w.branch(c.Body, true)
		case known && !open:
			w.block(c.Body)
			taken = true
		default:
			w.branch(c.Body, false)
			open = true
			taken = known
		}
	}
	switch {
	case s.Else == nil:
	case taken || open:
		w.branch(s.Else, taken)
	default:
		w.block(s.Else)
	}
}

func (w *walker) genericFor(s *syntax.GenericForStmt) {
	if w.hasMark(s) && w.steps <= maxSteps {
		if rounds, ok := w.rounds(s.Values); ok && len(rounds) <= maxRounds {
			for _, round := range rounds {
				for i, name := range s.Vars {
					w.set(w.info.Defs[name], at(round, i))
				}
				w.block(s.Body)
			}
			return
		}
	}
	w.list(s.Values)
	w.forget(s)
	for _, name := range s.Vars {
		w.set(w.info.Defs[name], value{})
	}
	w.branch(s.Body, false)
}

// call goes through a call and returns what is known of its results.
func (w *walker) call(x *syntax.CallExpr) []value {
	if path, ok := w.codePathCall(x); ok {
		return one(path)
	}
	fn := w.eval(x.Fn)
	args := w.list(x.Args)
	switch {
	case fn.kind == functionKind:
		return w.invoke(fn.fn, args)
	case fn.kind != builtinKind:
		return one(value{})
	case fn.text == "require" && len(x.Args) > 0:
		w.required(x, x.Fn, x.Args[0], at(args, 0))
		return one(value{})
	case fn.text == "pcall" && len(x.Args) > 1 && at(args, 0).kind == builtinKind && at(args, 0).text == "require":
		w.required(nil, x.Args[0], x.Args[1], at(args, 1))
		return one(value{})
	}
	return w.library(fn.text, args)
}

// invoke goes through a call of a function of the chunk.
func (w *walker) invoke(fn *syntax.FunctionExpr, args []value) []value {
	if len(w.inside) >= maxCalls || slices.Contains(w.inside, fn) || w.steps > maxSteps {
		return one(value{})
	}
	if !w.hasMark(fn) && !w.isSmall(fn) {
		return one(value{})
	}
	return w.run(fn, args)
}

// run goes through a function, with unknown arguments if there are none given.
func (w *walker) run(fn *syntax.FunctionExpr, args []value) []value {
	outer := w.activation
	w.activation = &activation{}
	if args == nil {
		args = one(value{})
	}
	w.done[fn] = true
	w.inside = append(w.inside, fn)
	for i, name := range fn.Params {
		w.set(w.info.Defs[name], at(args, i))
	}
	if len(args) > len(fn.Params) {
		w.varargs = args[len(fn.Params):]
	} else if at(args, len(fn.Params)).kind == unknown {
		w.varargs = one(value{})
	}
	maybe := w.maybe
	w.maybe = maybe || outer.conditional > 0
	w.block(fn.Body)
	w.maybe = maybe
	result := w.result
	w.inside = w.inside[:len(w.inside)-1]
	w.activation = outer
	return result
}

// isSmall reports whether going through a function costs little.
func (w *walker) isSmall(fn *syntax.FunctionExpr) bool {
	small, ok := w.small[fn]
	if !ok {
		n := 0
		syntax.Walk(fn.Body, func(syntax.Node) bool {
			n++
			return n <= smallSize
		})
		small = n <= smallSize
		w.small[fn] = small
	}
	return small
}

// required links what the name v, computed by arg or written there, can mean, in a
// call of fn, which is require: nil if that is protected.
func (w *walker) required(call *syntax.CallExpr, fn, arg syntax.Expr, v value) {
	r := w.byArg[arg]
	switch {
	case r == nil: // require has another name here
		r = &Require{Call: call, Arg: arg, Guarded: call == nil}
		if name, ok := fn.(*syntax.NameExpr); ok {
			if a := w.aliases[w.info.Uses[name]]; a != nil {
				r.Fn = a.value
				a.uses[name] = true
			}
		}
		w.byArg[arg] = r
		w.info.Computed = append(w.info.Computed, r)
		w.computed(r, v)
	case r.Name != "":
		r.Guarded = r.Guarded || w.dead > 0
		w.link(r)
	default:
		w.computed(r, v)
	}
}

// computed links the modules that a computed name can mean.
func (w *walker) computed(r *Require, v value) {
	n := w.found[r]
	if n == nil {
		n = &names{}
		w.found[r] = n
	}
	name, known := v.str()
	switch {
	case !known && v.kind == unknown && strings.Contains(v.text, "."):
		n.linked = w.family(v.text, w.self) || n.linked
		n.open = n.open || !n.linked
	case !known:
		n.open = true
	default:
		n.open = n.open || v.guess
		if !slices.ContainsFunc(n.list, func(r *Require) bool { return r.Name == name }) {
			known := &Require{Fn: r.Fn, Arg: r.Arg, Name: name, Guarded: r.Guarded || v.guess || w.dead > 0}
			n.list = append(n.list, known)
			w.link(known)
		}
	}
}

// finish makes requires of constant names of those whose names have turned out to
// be known, and lists the others. Of a mention of require that can do something else
// besides, the requires do not have it for their Fn.
func (w *walker) finish() {
	for _, r := range w.info.Requires {
		w.link(r) // it may be in a place that was never come to
	}
	open := map[*syntax.NameExpr]bool{nil: true}
	for v, a := range w.aliases {
		open[a.value] = len(a.uses) != v.Uses
	}
	for _, r := range w.info.Computed {
		n := w.found[r]
		if n == nil || n.open {
			w.program.Open = append(w.program.Open, r)
		}
		if n == nil || n.open || n.linked {
			open[r.Fn] = true
		}
	}
	for _, r := range w.info.Computed {
		n := w.found[r]
		if n == nil {
			continue
		}
		for _, known := range n.list {
			if open[r.Fn] {
				known.Fn = new(syntax.NameExpr)
			}
			if len(n.list) == 1 && !n.open && !n.linked {
				known.Call = r.Call
			}
			w.info.Requires = append(w.info.Requires, known)
		}
	}
}
