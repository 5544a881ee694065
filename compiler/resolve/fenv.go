package resolve

import (
	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Environments of Lua 5.1.
//
// In 5.1 every function has an environment, which setfenv and module replace while
// it runs. In 5.2 that is a variable, so a function that replaces its own gets one:
//
//	setfenv(1, env)                   local _ENV = setfenv(1, env, _ENV)
//	module("m", package.seeall)       local _ENV = module("m", package.seeall, _ENV)
//
//	if setfenv then                   local _ENV = _ENV
//	    setfenv(1, env)               if setfenv then
//	else                                  _ENV = setfenv(1, env, _ENV)
//	    _ENV = env                    else
//	end                                   _ENV = env
//	                                  end
//
//	setfenv(function() ... end, env)  (function(_ENV) return function() ... end end)(env)
//
// As in 5.1, functions that were made before keep the environment that they were
// made with, and those that are made later get the new one. The two library
// functions return the environment if they are called so; getfenv(1), which becomes
// getfenv(1, _ENV), returns what it is given.
//
// This is done to the tree before its names are resolved, so that no later stage
// knows of it. It goes by the names of the three functions where they are global or
// fields of _G, or those of local variables that are one of them and nothing else.

// fenvNames are the functions that it is about.
var fenvNames = map[string]bool{"setfenv": true, "getfenv": true, "module": true}

// An environer rewrites one chunk, which has been resolved once.
type environer struct {
	info     *Info
	sink     *diag.Sink
	own      map[string]bool // the chunk defines a global of that name
	aliases  map[*Var]string // local variables that are one of the functions
	hasGotos bool            // new variables would be jumped over
	changed  bool
}

// environments rewrites the calls of setfenv, getfenv and module that are about the
// calling function itself, and reports whether there are any.
func environments(info *Info, sink *diag.Sink) bool {
	e := &environer{info: info, sink: sink, own: map[string]bool{}, aliases: map[*Var]string{}, hasGotos: len(info.Gotos) > 0}
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.AssignStmt:
			for _, target := range n.Targets {
				e.defined(target)
			}
		case *syntax.FunctionStmt:
			e.defined(n.Target)
		case *syntax.LocalStmt:
			for i, name := range n.Names {
				if v := info.Defs[name]; i < len(n.Values) && v != nil && v.Assigned == 0 {
					e.aliases[v] = e.function(n.Values[i])
				}
			}
		}
		return true
	})
	e.body(info.Chunk.Body)
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionExpr:
			e.body(n.Body)
		case *syntax.CallExpr:
			e.expression(n)
		}
		return true
	})
	return e.changed
}

// defined notes an assignment to a global variable.
func (e *environer) defined(target syntax.Expr) {
	if name, ok := target.(*syntax.NameExpr); ok && e.info.Uses[name] == nil {
		e.own[name.Name] = true
	}
}

// function returns which of the functions x is, or "".
func (e *environer) function(x syntax.Expr) string {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return e.function(x.X)
	case *syntax.BinaryExpr: // setfenv or function(f, env) ... end
		if x.Op == syntax.OpOr {
			return e.function(x.X)
		}
	case *syntax.IndexExpr:
		if key, ok := x.Key.(*syntax.StringExpr); ok && fenvNames[key.Value] && !e.own[key.Value] && e.info.IsGlobal(x.X, "_G") {
			return key.Value
		}
	case *syntax.NameExpr:
		if v := e.info.Uses[x]; v != nil {
			return e.aliases[v]
		}
		if fenvNames[x.Name] && !e.own[x.Name] {
			return x.Name
		}
	}
	return ""
}

// expression gives getfenv() and getfenv(1) the environment, and a function that is
// written as the argument of setfenv a variable of its own.
func (e *environer) expression(call *syntax.CallExpr) {
	switch e.function(call.Fn) {
	case "getfenv":
		switch {
		case len(call.Args) == 0:
			call.Args = []syntax.Expr{syntax.MakeNumber(call, 1), syntax.MakeName(call, "_ENV")}
			e.changed = true
		case len(call.Args) == 1 && isLevel(call.Args[0], 1):
			call.Args = append(call.Args, syntax.MakeName(call, "_ENV"))
			e.changed = true
		}
	case "setfenv":
		if len(call.Args) != 2 {
			break
		}
		if fn, ok := call.Args[0].(*syntax.FunctionExpr); ok {
			call.Fn, call.Args = syntax.MakeFunction(fn, "_ENV", fn), call.Args[1:]
			e.changed = true
		}
		if n, ok := call.Args[0].(*syntax.NumberExpr); ok && n.Value >= 2 {
			e.sink.Warning(diag.CallersEnvironment, rangeOf(call.Args[0]), "setfenv cannot change the environment of a compiled caller; it raises an error, unless that was loaded at run time")
		}
	}
}

func isLevel(x syntax.Expr, level float64) bool {
	n, ok := x.(*syntax.NumberExpr)
	return ok && n.Value == level
}

// body rewrites the statements of a function. Those in blocks inside it assign to
// the variable that is declared in front of the statement with the block, or where
// there are gotos at the beginning.
func (e *environer) body(b *syntax.Block) {
	var stmts []syntax.Stmt
	inner := false
	for _, s := range b.Stmts {
		if call := e.replaces(s); call != nil && !e.hasGotos {
			stmts = append(stmts, syntax.MakeLocal(s, "_ENV", call))
			e.changed = true
			continue
		} else if call != nil {
			s, inner = syntax.MakeAssign(s, syntax.MakeName(s, "_ENV"), call), true
		} else if e.inside(s) {
			inner = true
			if !e.hasGotos {
				stmts = append(stmts, syntax.MakeLocal(s, "_ENV", syntax.MakeName(s, "_ENV")))
			}
		}
		stmts = append(stmts, s)
	}
	if inner && e.hasGotos {
		first := stmts[0]
		stmts = append([]syntax.Stmt{syntax.MakeLocal(first, "_ENV", syntax.MakeName(first, "_ENV"))}, stmts...)
	}
	e.changed = e.changed || inner
	b.Stmts = stmts
}

// inside rewrites the statements in the blocks of s, and reports whether there were
// any to rewrite.
func (e *environer) inside(s syntax.Stmt) bool {
	found := false
	syntax.Walk(s, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionExpr:
			return false
		case *syntax.Block:
			for i, s := range n.Stmts {
				if call := e.replaces(s); call != nil {
					n.Stmts[i] = syntax.MakeAssign(s, syntax.MakeName(s, "_ENV"), call)
					found = true
				}
			}
		}
		return true
	})
	return found
}

// replaces returns the call that replaces the environment of the function that s
// belongs to, with _ENV as an argument more, or nil.
func (e *environer) replaces(s syntax.Stmt) *syntax.CallExpr {
	stmt, ok := s.(*syntax.CallStmt)
	if !ok {
		return nil
	}
	call, ok := stmt.Call.(*syntax.CallExpr)
	if !ok {
		return nil
	}
	switch e.function(call.Fn) {
	case "setfenv":
		if len(call.Args) != 2 || !isLevel(call.Args[0], 1) {
			return nil
		}
	case "module":
		if len(call.Args) == 0 {
			return nil
		}
	default:
		return nil
	}
	call.Args = append(call.Args, syntax.MakeName(call, "_ENV"))
	return call
}
