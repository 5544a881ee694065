package eval

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// A target is the left side of an assignment: a variable, or an object and
// how to store one of its fields.
type target struct {
	at  place
	obj expr // nil for a variable
	key expr // nil for a constant name
	// store stores v in the field k (unused for a constant name) of o.
	store func(fr *frame, o, k, v rt.Value)
	// late says that code in the values can change obj or key, which are
	// variables: a single assignment reads them last, as in the C
	// implementation.
	lateObj, lateKey bool
	keyRuns          bool // evaluating the key can run other code
}

// target turns the left side of an assignment; end is where it is reported to
// have failed.
func (f *function) target(x syntax.Expr, end diag.Pos) target {
	switch x := x.(type) {
	case *syntax.NameExpr:
		if v := f.info.Uses[x]; v != nil {
			return target{at: f.place(v)}
		}
		env := f.info.EnvOf[x]
		if env == nil && x.Name == "_ENV" {
			return target{at: f.place(nil)}
		}
		what := "local '_ENV'"
		at := f.place(env)
		if at.kind == inUpvalue {
			what = "upvalue '_ENV'"
		}
		return target{obj: read(at), store: f.storeField(x.Name, line(end), what)}
	case *syntax.IndexExpr:
		what := f.describeOne(x.X)
		t := target{obj: f.expr(x.X), lateObj: f.isChangingObject(x.X)}
		if key, ok := x.Key.(*syntax.StringExpr); ok {
			t.store = f.storeField(key.Value, line(end), what)
			return t
		}
		t.key, t.lateKey, t.keyRuns = f.expr(x.Key), f.isChanging(x.Key), !syntax.IsSimple(x.Key)
		t.store = storeIndex(line(end), what)
		return t
	}
	panic(fmt.Sprintf("eval: cannot assign to %T", x))
}

// storeField stores a field with a constant name.
func (f *function) storeField(name string, line int, what string) func(fr *frame, o, k, v rt.Value) {
	s := f.constant(name)
	if !s.IsConst() {
		key := s.Value()
		return func(fr *frame, o, _, v rt.Value) {
			fr.At(line)
			rt.SetIndex(fr.Thread, o, key, v, what)
		}
	}
	cache := new(rt.FieldCache)
	return func(fr *frame, o, _, v rt.Value) {
		if !cache.Put(o, v) {
			fr.At(line)
			rt.SetField(fr.Thread, o, s, v, cache, what)
		}
	}
}

func storeIndex(line int, what string) func(fr *frame, o, k, v rt.Value) {
	return func(fr *frame, o, k, v rt.Value) {
		if !k.IsNumber() || !o.SetAtNumber(k.F, v) {
			fr.At(line)
			rt.SetIndex(fr.Thread, o, k, v, what)
		}
	}
}

// assign returns the assignment of one value; calls says that the value can
// run other code.
func (t target) assign(value expr, calls bool) stmt {
	obj, key, store := t.obj, t.key, t.store
	switch {
	case obj == nil:
		return assignVariable(t.at, value)
	case key == nil && t.lateObj && calls:
		return func(fr *frame) ctl {
			v := value(fr)
			store(fr, obj(fr), rt.Value{}, v)
			return ctlNext
		}
	case key == nil:
		return func(fr *frame) ctl {
			o := obj(fr)
			store(fr, o, rt.Value{}, value(fr))
			return ctlNext
		}
	case t.lateObj && (calls || t.keyRuns) || t.lateKey && calls:
		return func(fr *frame) ctl {
			var o, k rt.Value
			if !t.lateObj {
				o = obj(fr)
			}
			if !t.lateKey {
				k = key(fr)
			}
			v := value(fr)
			if t.lateObj {
				o = obj(fr)
			}
			if t.lateKey {
				k = key(fr)
			}
			store(fr, o, k, v)
			return ctlNext
		}
	}
	return func(fr *frame) ctl {
		o := obj(fr)
		k := key(fr)
		store(fr, o, k, value(fr))
		return ctlNext
	}
}

func assignVariable(at place, value expr) stmt {
	i := at.index
	switch at.kind {
	case inSlot:
		return func(fr *frame) ctl {
			fr.Slots[i] = value(fr)
			return ctlNext
		}
	case inCell:
		return func(fr *frame) ctl {
			v := value(fr)
			*fr.Cells[i] = v
			return ctlNext
		}
	}
	return func(fr *frame) ctl {
		v := value(fr)
		*fr.Upvalues[i] = v
		return ctlNext
	}
}

// prepare evaluates the parts of a target before an assignment.
func (t *target) prepare(fr *frame) (o, k rt.Value) {
	if t.obj != nil {
		o = t.obj(fr)
		if t.key != nil {
			k = t.key(fr)
		}
	}
	return o, k
}

// put carries out the assignment of v to a prepared target.
func (t *target) put(fr *frame, o, k, v rt.Value) {
	switch {
	case t.obj != nil:
		t.store(fr, o, k, v)
	case t.at.kind == inSlot:
		fr.Slots[t.at.index] = v
	case t.at.kind == inCell:
		*fr.Cells[t.at.index] = v
	default:
		*fr.Upvalues[t.at.index] = v
	}
}

// assignStmt is an assignment. With several targets all expressions are
// evaluated before any assignment, and assigned from the last to the first,
// as the C implementation does.
func (f *function) assignStmt(s *syntax.AssignStmt) stmt {
	if len(s.Targets) == 1 && len(s.Values) == 1 {
		value := f.afterValue(f.expr(s.Values[0]), line(s.End()))
		return f.target(s.Targets[0], s.End()).assign(value, !syntax.IsSimple(s.Values[0]))
	}
	targets := make([]*target, len(s.Targets))
	for i, x := range s.Targets {
		t := f.target(x, s.End())
		targets[i] = &t
	}
	fixed, last := f.exprsMulti(s.Values)
	if len(targets) == 2 && len(fixed) == 2 && last == nil {
		t0, t1, first, second := targets[0], targets[1], fixed[0], fixed[1]
		return func(fr *frame) ctl {
			o0, k0 := t0.prepare(fr)
			o1, k1 := t1.prepare(fr)
			v0, v1 := first(fr), second(fr)
			t1.put(fr, o1, k1, v1)
			t0.put(fr, o0, k0, v0)
			return ctlNext
		}
	}
	n := len(targets)
	return func(fr *frame) ctl {
		var few [16]rt.Value
		prepared := few[:0]
		for _, t := range targets {
			o, k := t.prepare(fr)
			prepared = append(prepared, o, k)
		}
		all := values(fr, prepared, fixed, last)
		vs := all[2*n:]
		for i := n - 1; i >= 0; i-- {
			targets[i].put(fr, all[2*i], all[2*i+1], rt.Nth(vs, i))
		}
		return ctlNext
	}
}
