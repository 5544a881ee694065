package resolve

import (
	"slices"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// VarKind says how a variable was declared.
type VarKind uint8

const (
	Local   VarKind = iota // local x, local function f
	Param                  // a parameter, self included
	LoopVar                // a control variable of a for statement
	EnvVar                 // the chunk's own _ENV, where a chunk assigns or captures it by name
)

// A Var is a local variable, parameter or loop variable.
type Var struct {
	Name string
	Kind VarKind
	Decl diag.Pos
	Func *Func // the function that declares it

	// Captured reports whether an inner function mentions the variable.
	Captured bool
	// Assigned counts the assignments after the declaration (a "local
	// function" statement counts none).
	Assigned int
	// Uses counts reads.
	Uses int
	// InLoop reports whether one activation of Func can execute the
	// declaration more than once (it stands in a loop body, or between a
	// label and a later goto to it).
	InLoop bool
	// ChunkLevel reports whether Func is the main function of a chunk and
	// InLoop is false: such a variable exists once per run of the chunk.
	ChunkLevel bool
}

// A Func is a function of the source: a chunk's main function or a function
// body.
type Func struct {
	Node     *syntax.FunctionExpr // nil for the main function of a chunk
	Chunk    *syntax.Chunk
	Parent   *Func // nil for a main function
	Index    int   // among the functions of the chunk, in source order; 0 for the main function
	Children []*Func
	Params   []*Var
	Locals   []*Var // every Var declared in it, Params included, in source order
	Upvalues []*Var // variables of enclosing functions it (or a function inside it) mentions, in order of first mention
	IsVararg bool
	// HasCalls reports whether its body, inner functions apart, holds a
	// call; UsesVararg whether it mentions "...".
	HasCalls, UsesVararg bool
}

// At returns the function with the given index in f and the functions inside it,
// or nil.
func (f *Func) At(index int) *Func {
	if f.Index == index {
		return f
	}
	for _, child := range f.Children {
		if g := child.At(index); g != nil {
			return g
		}
	}
	return nil
}

// Info is what the resolver finds out about one chunk.
type Info struct {
	Chunk *syntax.Chunk
	Main  *Func

	// Uses maps every mention of a variable to it; a *syntax.NameExpr that
	// is absent is a global: a field of _ENV.
	Uses map[*syntax.NameExpr]*Var
	// EnvOf maps a global's mention to the _ENV variable it is a field of,
	// where that is not the chunk's untouched _ENV (absent: the globals
	// table itself).
	EnvOf map[*syntax.NameExpr]*Var
	// Env is the chunk's own _ENV where it has to be a variable, because the
	// chunk assigns to it; else nil. It is Main.Locals[0] and starts as the
	// globals table. A NameExpr "_ENV" that is absent from Uses is the
	// globals table itself.
	Env *Var
	// Defs maps declarations (parameters, locals, loop variables) to the
	// variable.
	Defs map[*syntax.Name]*Var
	// Selfs maps a method's FunctionExpr to its invented self; it is also
	// Params[0] of the Func.
	Funcs map[*syntax.FunctionExpr]*Func
	// Gotos maps each goto to its label.
	Gotos map[*syntax.GotoStmt]*syntax.LabelStmt
	// Globals lists the names of the globals mentioned, sorted.
	Globals []string
	// EnvRead reports whether the chunk mentions the name _ENV as a value
	// while it stands for the globals table.
	EnvRead bool
	// Requires lists the calls require("constant"), where require is a
	// global, in source order.
	Requires []*Require
	// Computed lists the calls of require with other arguments, in source order:
	// they have no Name. Load finds out which names they can mean; where there is
	// one name, or a few, it adds them to Requires.
	Computed []*Require
	// Follow reports whether the chunk sets package.path, or uses require other
	// than to call it.
	Follow bool
}

// A Require is a call of require.
type Require struct {
	Call    *syntax.CallExpr // nil for pcall(require, "name"), and where several names are possible
	Fn      *syntax.NameExpr // the mention of require; one that is nowhere in the tree where require is used in other ways, too
	Arg     syntax.Expr
	Name    string
	Guarded bool // the program can do without the module: the call is protected, or never made
}

// A Module is one Lua file of the program.
type Module struct {
	Name string // as require names it; "" for the main script
	Path string // of the file on disk
	Info *Info
}

// A Program is the main script and every module that it statically requires.
type Program struct {
	Files   *diag.Files
	Main    *Module
	Modules []*Module // without Main, in order of first require, depth first
	// Broken lists the modules that the program requires and whose files are
	// wrong, in the same order.
	Broken []*Broken
	// Unresolved lists the requires for which no file was found, nor a module
	// of the host or of Lua itself: they are left to run time.
	Unresolved []*Require
	// Open lists the requires of computed names that can be anything, or
	// something besides what is linked for them.
	Open []*Require
	// OwnPath reports whether the program may set package.path to something that
	// is known only when it runs.
	OwnPath bool
}

// A Broken is a module that cannot be loaded.
type Broken struct {
	Name    string // as require names it
	Path    string // of the file, as messages show it
	Problem string // what require says of the file
}

// IsLinked reports whether the program has a module of that name, were it a
// broken one.
func (p *Program) IsLinked(name string) bool {
	return slices.ContainsFunc(p.Modules, func(m *Module) bool { return m.Name == name }) ||
		slices.ContainsFunc(p.Broken, func(b *Broken) bool { return b.Name == name })
}

// All returns the modules of p, Main first.
func (p *Program) All() []*Module { return append([]*Module{p.Main}, p.Modules...) }

// IsGlobal reports whether x mentions the global variable called name, outside
// the reach of a local _ENV.
func (info *Info) IsGlobal(x syntax.Expr, name string) bool {
	n, ok := x.(*syntax.NameExpr)
	return ok && n.Name == name && info.Uses[n] == nil && info.EnvOf[n] == nil
}
