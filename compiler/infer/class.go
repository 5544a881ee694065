package infer

import (
	"maps"
	"slices"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Host classes.
//
// A script gets host objects in few ways, and keeps them in few places:
//
//	local coromega = require("coromega").from(omega)       a Coromega
//	coromega:create_websocket_server(h, p)                 its listener, and
//	    :when_new_conn(function(conn)                      conn a WebSocketConn
//	        conn:send_message("hello")
//	    end)
//
// The pass follows declared results, from require on, through local variables
// that are never assigned again, and declared callback parameters into
// function literals that are passed directly. It needs no iteration: what an
// expression holds depends on one initialiser or one call only.
//
// "e has class C" means: if e holds a host object at all, it is a C. It may
// be nil where the declaration says so, and a script can do odd things to its
// host objects, so the emitter tests the object before it calls the Go method
// directly. Global variables count too when the whole program assigns them
// once; a compile error is raised for what holds without any such guess.

// Classes holds the host classes of a program's expressions.
type Classes struct {
	surface *surface.Surface
	program *resolve.Program
	infos   map[int32]*resolve.Info // by file

	inits     map[*resolve.Var]value       // of locals and loop-free variables
	callbacks map[*resolve.Var]callback    // parameters of function literals in argument lists
	globals   map[string]*globalAssignment // by name
	requires  map[*syntax.CallExpr]string  // module names
	fieldSets map[string]bool              // names of fields that the program assigns
	openSets  []syntax.Expr                // tables that are assigned a field of unknown name
	openAny   bool                         // rawset is a value: any table may be
	vars      map[*resolve.Var]*fact       // memo; nil while in progress
	exprs     map[value]fact               // memo
	calls     map[*syntax.MethodCallExpr]*surface.Method
	named     map[string]bool                   // all names of methods, and string constants
	unmet     map[string]*syntax.MethodCallExpr // by the method that they need: the first call
}

// A value is result number index of an expression: more than 0 only where the
// expression is a call that ends a list.
type value struct {
	expr  syntax.Expr
	index int
}

// A callback is parameter number param of a function literal that is argument
// number arg of a call.
type callback struct {
	call       syntax.Expr
	arg, param int
}

// A globalAssignment counts the assignments to a global variable.
type globalAssignment struct {
	count int
	value value
}

// A fact is what the pass knows of an expression.
type fact struct {
	class *surface.Class // nil: nothing
	sure  bool           // no global variable is involved
}

// InferClasses finds the host classes of p's expressions, and reports the
// misuse that they bring to light: unknown names as warnings, calls outside a
// coroutine as errors.
func InferClasses(p *resolve.Program, s *surface.Surface, sink *diag.Sink) *Classes {
	c := &Classes{
		surface: s, program: p, infos: map[int32]*resolve.Info{},
		inits: map[*resolve.Var]value{}, callbacks: map[*resolve.Var]callback{},
		globals: map[string]*globalAssignment{}, requires: map[*syntax.CallExpr]string{},
		fieldSets: map[string]bool{}, vars: map[*resolve.Var]*fact{}, exprs: map[value]fact{},
		calls: map[*syntax.MethodCallExpr]*surface.Method{},
		named: map[string]bool{}, unmet: map[string]*syntax.MethodCallExpr{},
	}
	modules := p.All()
	for _, m := range modules {
		c.infos[m.Info.Chunk.File] = m.Info
		for _, r := range m.Info.Requires {
			if !p.IsLinked(r.Name) {
				c.requires[r.Call] = r.Name
			}
		}
		c.collect(m.Info)
	}
	if c.globals["require"] != nil {
		clear(c.requires)
	}
	for _, m := range modules {
		ck := &classChecker{Classes: c, info: m.Info, sink: sink, isMain: m == p.Main}
		ck.check()
	}
	if len(p.Unresolved) == 0 {
		c.checkNeeds(sink)
	}
	return c
}

// checkNeeds warns of calls that need another one which the program, all of which
// is known, cannot make: it does not even have its name.
func (c *Classes) checkNeeds(sink *diag.Sink) {
	for _, need := range slices.Sorted(maps.Keys(c.unmet)) {
		call := c.unmet[need]
		if m := c.calls[call]; !c.named[need] {
			sink.Warning(diag.NeverRun, diag.Range{Start: call.Method.Pos(), End: call.Method.End()},
				"%s waits for %s:%s(), which the program never calls", m.Name, m.Class.Name, need).
				Hint("the program ends with its main chunk: what it has started, and its listeners, end with it")
		}
	}
}

// Call returns the declared method that call calls if its receiver is the
// host object that it seems to be, or nil if that is unknown.
func (c *Classes) Call(call *syntax.MethodCallExpr) *surface.Method {
	if c == nil {
		return nil
	}
	return c.calls[call]
}

// ClassOf returns the class of the host object, or of the module table, that
// e holds if it holds one at all, or nil if that is unknown.
func (c *Classes) ClassOf(e syntax.Expr) *surface.Class {
	if c == nil {
		return nil
	}
	return c.of(value{e, 0}).class
}

// collect notes where the chunk's variables get their values.
func (c *Classes) collect(info *resolve.Info) {
	called := map[syntax.Expr]bool{}
	syntax.Walk(info.Chunk.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.LocalStmt:
			for i, name := range n.Names {
				if v := info.Defs[name]; v != nil && v.Assigned == 0 {
					c.inits[v] = valueAt(n.Values, i)
				}
			}
		case *syntax.AssignStmt:
			for i, target := range n.Targets {
				c.assign(info, target, valueAt(n.Values, i))
			}
		case *syntax.FunctionStmt:
			c.assign(info, n.Target, value{n.Fn, 0})
		case *syntax.CallExpr:
			c.collectArgs(info, n, n.Args)
			if info.IsGlobal(n.Fn, "rawset") && len(n.Args) > 0 {
				called[n.Fn] = true
				c.openSets = append(c.openSets, n.Args[0])
			}
		case *syntax.NameExpr:
			c.openAny = c.openAny || info.IsGlobal(n, "rawset") && !called[n]
		case *syntax.MethodCallExpr:
			c.collectArgs(info, n, n.Args)
			c.named[n.Method.Text] = true
		case *syntax.StringExpr:
			c.named[n.Value] = true
		}
		return true
	})
}

// valueAt returns the value of number i of a list of expressions.
func valueAt(list []syntax.Expr, i int) value {
	if i < len(list) {
		return value{list[i], 0}
	}
	if len(list) == 0 {
		return value{}
	}
	last := len(list) - 1
	return value{list[last], i - last}
}

// assign notes an assignment to a global variable or a field.
func (c *Classes) assign(info *resolve.Info, target syntax.Expr, v value) {
	switch target := target.(type) {
	case *syntax.NameExpr:
		if info.Uses[target] != nil {
			return
		}
		g := c.globals[target.Name]
		if g == nil {
			g = new(globalAssignment)
			c.globals[target.Name] = g
		}
		g.count++
		g.value = v
	case *syntax.IndexExpr:
		if key, ok := target.Key.(*syntax.StringExpr); ok {
			c.fieldSets[key.Value] = true
		} else {
			c.openSets = append(c.openSets, target.X)
		}
	}
}

// collectArgs notes the parameters of the function literals among args.
func (c *Classes) collectArgs(info *resolve.Info, call syntax.Expr, args []syntax.Expr) {
	for i, arg := range args {
		fn, ok := arg.(*syntax.FunctionExpr)
		if !ok {
			continue
		}
		for j, name := range fn.Params {
			if v := info.Defs[name]; v != nil && v.Assigned == 0 {
				c.callbacks[v] = callback{call, i, j}
			}
		}
	}
}

// of returns what is known of a value.
func (c *Classes) of(v value) fact {
	switch v.expr.(type) {
	case *syntax.IndexExpr, *syntax.CallExpr, *syntax.MethodCallExpr:
		// Remembered, or a long chain of calls would take quadratic time.
		f, ok := c.exprs[v]
		if !ok {
			f = c.compute(v)
			c.exprs[v] = f
		}
		return f
	}
	return c.compute(v)
}

func (c *Classes) compute(v value) fact {
	switch e := v.expr.(type) {
	case *syntax.ParenExpr:
		if v.index == 0 {
			return c.of(value{e.X, 0})
		}
	case *syntax.NameExpr:
		if v.index == 0 {
			return c.ofName(e)
		}
	case *syntax.IndexExpr:
		name, ok := e.Key.(*syntax.StringExpr)
		if !ok || v.index != 0 {
			return fact{}
		}
		x := c.of(value{e.X, 0})
		if x.class != nil {
			return classFact(x.class.Field(name.Value), x.sure && !c.fieldSets[name.Value])
		}
	case *syntax.CallExpr, *syntax.MethodCallExpr:
		if name, ok := c.required(e); ok && v.index == 0 {
			m := c.surface.Module(name)
			if m == nil {
				return fact{}
			}
			return fact{m.Class, !c.fieldSets[name]}
		}
		if m, sure := c.method(e); m != nil {
			return classFact(m.Result(v.index), sure)
		}
	}
	return fact{}
}

// required returns the name of the host module that a call requires.
func (c *Classes) required(e syntax.Expr) (string, bool) {
	call, ok := e.(*syntax.CallExpr)
	if !ok {
		return "", false
	}
	name, ok := c.requires[call]
	return name, ok
}

func classFact(t *surface.Type, sure bool) fact {
	if t == nil || t.Kind != surface.Host {
		return fact{}
	}
	return fact{t.Class, sure}
}

// ofName returns what is known of a variable.
func (c *Classes) ofName(e *syntax.NameExpr) fact {
	info := c.infos[e.Pos().File]
	v := info.Uses[e]
	if v == nil {
		g := c.globals[e.Name]
		if g == nil || g.count != 1 || info.EnvOf[e] != nil {
			return fact{}
		}
		g.count = 0 // a global in terms of itself has no class
		f := c.of(g.value)
		g.count = 1
		return fact{class: f.class}
	}
	if f, ok := c.vars[v]; ok {
		if f == nil {
			return fact{}
		}
		return *f
	}
	c.vars[v] = nil
	f := c.ofVar(v)
	c.vars[v] = &f
	return f
}

func (c *Classes) ofVar(v *resolve.Var) fact {
	if init, ok := c.inits[v]; ok {
		return c.of(init)
	}
	cb, ok := c.callbacks[v]
	if !ok {
		return fact{}
	}
	m, sure := c.method(cb.call)
	if m == nil || cb.arg >= len(m.Params) {
		return fact{}
	}
	fn := m.Params[cb.arg].Type.Func
	if fn == nil || cb.param >= len(fn.Params) {
		return fact{}
	}
	return classFact(fn.Params[cb.param].Type, sure)
}

// method returns the declared method or function that a call calls, and
// whether that is sure.
func (c *Classes) method(e syntax.Expr) (*surface.Method, bool) {
	var (
		recv   syntax.Expr
		name   string
		static bool
	)
	switch e := e.(type) {
	case *syntax.MethodCallExpr:
		recv, name = e.Recv, e.Method.Text
	case *syntax.CallExpr:
		index, ok := e.Fn.(*syntax.IndexExpr)
		if !ok {
			return nil, false
		}
		key, ok := index.Key.(*syntax.StringExpr)
		if !ok {
			return nil, false
		}
		recv, name, static = index.X, key.Value, true
	}
	f := c.of(value{recv, 0})
	if f.class == nil {
		return nil, false
	}
	m := f.class.Method(name)
	if m == nil || m.Static != static {
		return nil, false
	}
	return m, f.sure && !c.fieldSets[name]
}
