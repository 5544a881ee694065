package resolve

import (
	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A block is a scope of local variables and labels.
type block struct {
	outer  *block
	active int // len(function.active) at its start
	shadow int // len(resolver.shadow) at its start
	labels map[string]*label
	gotos  []*jump // in it, or in blocks inside it that lack the label
}

func (r *resolver) openBlock() {
	r.fn.block = &block{outer: r.fn.block, active: len(r.fn.active), shadow: len(r.shadow)}
}

func (r *resolver) closeBlock() {
	b := r.fn.block
	r.fn.block = b.outer
	r.closeGotos(b)
	for i := len(r.shadow) - 1; i >= b.shadow; i-- {
		if r.shadow[i].name == "_ENV" {
			r.localEnvs--
		}
		if v := r.shadow[i].v; v != nil {
			r.names[r.shadow[i].name] = v
		} else {
			delete(r.names, r.shadow[i].name)
		}
	}
	r.shadow = r.shadow[:b.shadow]
	r.fn.active = r.fn.active[:b.active]
}

// declare makes a variable visible from here to the end of the block.
func (r *resolver) declare(name *syntax.Name, kind VarKind) *Var {
	fn := r.fn
	v := &Var{Name: name.Text, Kind: kind, Decl: name.Pos(), Func: fn.Func, InLoop: fn.loops > 0}
	r.info.Defs[name] = v
	fn.Locals = append(fn.Locals, v)
	fn.active = append(fn.active, v)
	r.shadow = append(r.shadow, binding{v.Name, r.names[v.Name]})
	r.names[v.Name] = v
	if v.Name == "_ENV" {
		r.localEnvs++
	}
	if len(fn.active)+fn.hidden > maxLocals && !fn.tooManyLocals {
		fn.tooManyLocals = true
		r.sink.Error(diag.TooManyLocals, rangeOf(name), "too many local variables (limit is %d in a function)", maxLocals)
	}
	return v
}

// envVar returns the variable that globals mentioned here are fields of, or
// nil where that is the globals table.
func (r *resolver) envVar() *Var {
	if r.localEnvs > 0 {
		return r.names["_ENV"]
	}
	return r.env
}

// mention resolves a name that is read or assigned to.
func (r *resolver) mention(n *syntax.NameExpr, assigned bool) {
	v := r.names[n.Name]
	if v == nil && n.Name == "_ENV" {
		if v = r.env; v == nil {
			if assigned {
				r.envAssigned = true
			} else {
				r.info.EnvRead = true
			}
			return
		}
	}
	if v == nil {
		r.fenv = r.fenv || fenvNames[n.Name]
		if env := r.envVar(); env != nil {
			r.info.EnvOf[n] = env
			env.Uses++
			r.capture(env, n)
		} else {
			r.globals[n.Name] = true
			if n.Name == "require" {
				r.mentions++
			}
		}
		return
	}
	r.info.Uses[n] = v
	if assigned {
		v.Assigned++
	} else {
		v.Uses++
	}
	r.capture(v, n)
}

// capture notes v as an upvalue of all functions between here and its
// declaration.
func (r *resolver) capture(v *Var, n *syntax.NameExpr) {
	for fn := r.fn; fn.Func != v.Func; fn = fn.outer {
		v.Captured = true
		if fn.upvalues[v] {
			return // and of the functions further out, too
		}
		if fn.upvalues == nil {
			fn.upvalues = make(map[*Var]bool)
		}
		fn.upvalues[v] = true
		fn.Upvalues = append(fn.Upvalues, v)
		if len(fn.Upvalues) > maxUpvalues && !fn.tooManyUpvalues {
			fn.tooManyUpvalues = true
			r.sink.Error(diag.TooManyUpvalues, rangeOf(n), "too many upvalues (limit is %d in a function)", maxUpvalues)
		}
	}
}
