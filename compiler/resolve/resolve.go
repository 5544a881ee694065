package resolve

import (
	"maps"
	"slices"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Limits of Lua 5.2 (LUAI_MAXVARS and MAXUPVAL).
const (
	maxLocals   = 200
	maxUpvalues = 255
)

// Resolve resolves the names of a chunk that was parsed without errors.
//
// The chunk's _ENV becomes a variable (Info.Env) only if the chunk assigns to
// it. That shows at the last statement at the earliest, so the rare chunk that
// does so is resolved a second time; likewise one that replaces environments as
// in Lua 5.1 (fenv.go).
func Resolve(chunk *syntax.Chunk, sink *diag.Sink) *Info {
	var first diag.Sink
	r := newResolver(chunk, &first)
	r.chunk(false)
	if r.fenv && environments(r.info, sink) {
		first = diag.Sink{}
		r = newResolver(chunk, &first)
		r.chunk(false)
	}
	if r.envAssigned {
		r = newResolver(chunk, sink)
		r.chunk(true)
		return r.info
	}
	for _, d := range first.All() {
		sink.Report(d)
	}
	return r.info
}

// A resolver walks the tree once, with the names visible at the place where
// it is.
type resolver struct {
	info  *Info
	sink  *diag.Sink
	visit func(syntax.Node) bool // visitExpr, bound once

	names  map[string]*Var // visible local variables
	shadow []binding       // what names held before, for the end of scopes
	fn     *function

	functions int // met, for Func.Index

	env         *Var // the chunk's _ENV as a variable, or nil
	envAssigned bool // the chunk assigns to its _ENV
	localEnvs   int  // visible local variables called _ENV
	globals     map[string]bool
	mentions    int  // of the global require
	requires    int  // calls of it
	fenv        bool // a name of fenvNames occurs
	setsPath    bool // the chunk assigns to a field called path
}

// A binding says that a name stood for a variable, or nil, before it was
// declared again.
type binding struct {
	name string
	v    *Var
}

// A function is what the resolver keeps of a Func while it walks its body.
type function struct {
	*Func
	outer    *function
	active   []*Var // local variables that are visible, or hidden by others
	hidden   int    // invisible variables of for loops, for the limit
	loops    int    // loops around the place
	block    *block
	upvalues map[*Var]bool
	labels   []*syntax.LabelStmt
	gotos    int // gotos and labels met, to order them

	// repeats are the pieces [from, to) of Locals between a label and a goto
	// back to it.
	repeats []struct{ from, to int }

	tooManyLocals, tooManyUpvalues bool // reported
}

func newResolver(chunk *syntax.Chunk, sink *diag.Sink) *resolver {
	r := &resolver{
		info: &Info{
			Chunk: chunk,
			Uses:  make(map[*syntax.NameExpr]*Var),
			EnvOf: make(map[*syntax.NameExpr]*Var),
			Defs:  make(map[*syntax.Name]*Var),
			Funcs: make(map[*syntax.FunctionExpr]*Func),
			Gotos: make(map[*syntax.GotoStmt]*syntax.LabelStmt),
		},
		sink:    sink,
		names:   make(map[string]*Var),
		globals: make(map[string]bool),
	}
	r.visit = r.visitExpr
	return r
}

// chunk resolves the whole tree; withEnv makes the chunk's _ENV a variable.
func (r *resolver) chunk(withEnv bool) {
	chunk := r.info.Chunk
	main := &Func{Chunk: chunk, IsVararg: true}
	r.info.Main = main
	r.openFunction(main)
	if withEnv {
		r.env = &Var{Name: "_ENV", Kind: EnvVar, Decl: chunk.Pos(), Func: main}
		main.Locals = append(main.Locals, r.env)
		r.info.Env = r.env
		r.info.EnvRead = true
	}
	r.stmts(chunk.Body.Stmts, false)
	r.closeFunction()
	r.info.Globals = slices.Sorted(maps.Keys(r.globals))
	r.info.Follow = r.mentions > r.requires || r.setsPath && (r.globals["package"] || r.globals["_G"])
}

// function resolves a function body.
func (r *resolver) function(n *syntax.FunctionExpr) {
	r.functions++
	f := &Func{Node: n, Chunk: r.info.Chunk, Parent: r.fn.Func, Index: r.functions, IsVararg: n.IsVararg}
	f.Parent.Children = append(f.Parent.Children, f)
	r.info.Funcs[n] = f
	r.openFunction(f)
	for _, name := range n.Params {
		f.Params = append(f.Params, r.declare(name, Param))
	}
	r.stmts(n.Body.Stmts, false)
	r.closeFunction()
}

func (r *resolver) openFunction(f *Func) {
	r.fn = &function{Func: f, outer: r.fn}
	r.openBlock()
}

func (r *resolver) closeFunction() {
	r.closeBlock()
	fn := r.fn
	fn.markRepeats()
	if fn.Parent == nil {
		for _, v := range fn.Locals {
			v.ChunkLevel = !v.InLoop
		}
	}
	r.fn = fn.outer
}

// stmts resolves the statements of the innermost block. Untilled says that it
// is the body of a repeat, whose condition comes after them.
func (r *resolver) stmts(list []syntax.Stmt, untilled bool) {
	// Labels at the end of a block count as outside the scope of its local
	// variables: "goto continue" works.
	tail := len(list)
	for tail > 0 && !untilled {
		if _, ok := list[tail-1].(*syntax.LabelStmt); !ok {
			break
		}
		tail--
	}
	for i, s := range list {
		if label, ok := s.(*syntax.LabelStmt); ok {
			r.label(label, i >= tail && !untilled)
			continue
		}
		r.stmt(s)
	}
}

// body resolves a block with a scope of its own.
func (r *resolver) body(b *syntax.Block) {
	r.openBlock()
	r.stmts(b.Stmts, false)
	r.closeBlock()
}

func (r *resolver) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.LocalStmt:
		r.exprs(s.Values)
		for _, name := range s.Names {
			r.declare(name, Local)
		}
	case *syntax.AssignStmt:
		for _, x := range s.Targets {
			r.target(x)
		}
		r.exprs(s.Values)
	case *syntax.CallStmt:
		r.expr(s.Call)
	case *syntax.DoStmt:
		r.body(s.Body)
	case *syntax.WhileStmt:
		r.fn.loops++
		r.expr(s.Cond)
		r.body(s.Body)
		r.fn.loops--
	case *syntax.RepeatStmt:
		r.fn.loops++
		r.openBlock()
		r.stmts(s.Body.Stmts, true)
		r.expr(s.Cond)
		r.closeBlock()
		r.fn.loops--
	case *syntax.IfStmt:
		for _, c := range s.Clauses {
			r.expr(c.Cond)
			r.body(c.Body)
		}
		if s.Else != nil {
			r.body(s.Else)
		}
	case *syntax.NumericForStmt:
		r.expr(s.Start)
		r.expr(s.Limit)
		if s.Step != nil {
			r.expr(s.Step)
		}
		r.forBody(s.Body, s.Var)
	case *syntax.GenericForStmt:
		r.fn.HasCalls = true // of the iterator
		r.exprs(s.Values)
		r.forBody(s.Body, s.Vars...)
	case *syntax.FunctionStmt:
		r.target(s.Target)
		r.function(s.Fn)
	case *syntax.LocalFunctionStmt:
		r.declare(s.Name, Local)
		r.function(s.Fn)
	case *syntax.ReturnStmt:
		r.exprs(s.Values)
	case *syntax.BreakStmt:
		if r.fn.loops == 0 {
			r.sink.Error(diag.BreakOutsideLoop, rangeOf(s), "'break' outside a loop")
		}
	case *syntax.GotoStmt:
		r.jump(s)
	}
}

// forBody resolves the body of a for loop, which has three invisible
// variables besides its own.
func (r *resolver) forBody(b *syntax.Block, vars ...*syntax.Name) {
	r.fn.hidden += 3
	r.fn.loops++
	r.openBlock()
	for _, name := range vars {
		r.declare(name, LoopVar)
	}
	r.stmts(b.Stmts, false)
	r.closeBlock()
	r.fn.loops--
	r.fn.hidden -= 3
}

// target resolves what is assigned to.
func (r *resolver) target(x syntax.Expr) {
	if name, ok := x.(*syntax.NameExpr); ok {
		r.mention(name, true)
		return
	}
	if field, ok := x.(*syntax.IndexExpr); ok && isString(field.Key, "path") {
		r.setsPath = true
	}
	r.expr(x)
}

func (r *resolver) exprs(list []syntax.Expr) {
	for _, x := range list {
		r.expr(x)
	}
}

func (r *resolver) expr(x syntax.Expr) {
	if name, ok := x.(*syntax.NameExpr); ok {
		r.mention(name, false)
		return
	}
	syntax.Walk(x, r.visit)
}

func (r *resolver) visitExpr(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.NameExpr:
		r.mention(n, false)
	case *syntax.StringExpr:
		r.fenv = r.fenv || fenvNames[n.Value]
	case *syntax.CallExpr:
		r.fn.HasCalls = true
		r.require(n)
	case *syntax.MethodCallExpr:
		r.fn.HasCalls = true
	case *syntax.VarargExpr:
		r.fn.UsesVararg = true
		if !r.fn.IsVararg {
			r.sink.Error(diag.VarargOutside, rangeOf(n), "cannot use '...' outside a vararg function")
		}
	case *syntax.FunctionExpr:
		r.function(n)
		return false
	}
	return true
}

// require notes a call of the global require with a constant name, direct or
// through pcall: pcall(require, "name").
func (r *resolver) require(n *syntax.CallExpr) {
	if fn := r.globalCalled(n.Fn, "pcall"); fn != nil && len(n.Args) >= 2 {
		if fn := r.globalCalled(n.Args[0], "require"); fn != nil {
			r.requireName(nil, fn, n.Args[1])
			r.requires++
		}
		return
	}
	if fn := r.globalCalled(n.Fn, "require"); fn != nil && len(n.Args) > 0 {
		r.requireName(n, fn, n.Args[0])
		r.requires++
	}
}

func (r *resolver) requireName(call *syntax.CallExpr, fn *syntax.NameExpr, arg syntax.Expr) {
	req := &Require{Call: call, Fn: fn, Arg: arg, Guarded: call == nil}
	if name, ok := arg.(*syntax.StringExpr); ok {
		req.Name = name.Value
		r.info.Requires = append(r.info.Requires, req)
		return
	}
	r.info.Computed = append(r.info.Computed, req)
}

// globalCalled returns x if it mentions the untouched global called name.
func (r *resolver) globalCalled(x syntax.Expr, name string) *syntax.NameExpr {
	if n, ok := x.(*syntax.NameExpr); ok && n.Name == name && r.names[name] == nil && r.envVar() == nil {
		return n
	}
	return nil
}

func rangeOf(n syntax.Node) diag.Range { return diag.Range{Start: n.Pos(), End: n.End()} }
