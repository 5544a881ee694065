package eval

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// An operand is an expression together with what makes it cheap, if anything.
type operand struct {
	eval   expr
	isSlot bool // it is the variable in slot
	slot   int
	isNum  bool // it is the constant num
	num    float64
}

// operand turns x into an operand.
func (f *function) operand(x syntax.Expr) operand {
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return f.operand(x.X)
	case *syntax.NameExpr:
		if v := f.info.Uses[x]; v != nil {
			if at := f.place(v); at.kind == inSlot {
				return operand{eval: read(at), isSlot: true, slot: at.index}
			}
		}
	}
	if n, ok := constantNumber(x); ok {
		return operand{eval: constant(rt.Number(n)), isNum: true, num: n}
	}
	return operand{eval: f.expr(x)}
}

func constant(v rt.Value) expr {
	return func(*frame) rt.Value { return v }
}

// expr turns an expression into one value.
func (f *function) expr(x syntax.Expr) expr {
	return f.instrumentExpr(x, nested(f, x, func() expr { return f.expression(x) }))
}

func (f *function) expression(x syntax.Expr) expr {
	if n, ok := constantNumber(x); ok {
		return constant(rt.Number(n))
	}
	switch x := x.(type) {
	case *syntax.NilExpr:
		return constant(rt.Value{})
	case *syntax.TrueExpr:
		return constant(rt.True())
	case *syntax.FalseExpr:
		return constant(rt.False())
	case *syntax.StringExpr:
		return constant(f.constant(x.Value).Value())
	case *syntax.VarargExpr:
		return func(fr *frame) rt.Value { return rt.Nth(fr.Varargs, 0) }
	case *syntax.NameExpr:
		return f.nameExpr(x)
	case *syntax.ParenExpr:
		return f.expression(x.X)
	case *syntax.FunctionExpr:
		return f.closureExpr(x)
	case *syntax.IndexExpr:
		return f.indexExpr(x)
	case *syntax.CallExpr, *syntax.MethodCallExpr:
		return f.callExpr(x)
	case *syntax.TableExpr:
		return f.tableExpr(x)
	case *syntax.UnaryExpr:
		return f.unaryExpr(x)
	case *syntax.BinaryExpr:
		return f.binaryExpr(x)
	}
	panic(fmt.Sprintf("eval: unknown expression %T", x))
}

// multi turns x, a call or "...", into all of its values.
func (f *function) multi(x syntax.Expr) multi {
	if _, ok := x.(*syntax.VarargExpr); ok {
		return func(fr *frame) (rt.Value, int) { return fr.Thread.ReturnSlice(fr.Varargs) }
	}
	return nested(f, x, func() multi { return f.callMulti(x) })
}

// exprs turns a list of expressions into one value each.
func (f *function) exprs(list []syntax.Expr) []expr {
	all := make([]expr, len(list))
	for i, x := range list {
		all[i] = f.load(x)
	}
	return all
}

// exprsMulti is exprs, but keeps all values of the last expression where that
// can have more or less than one; otherwise last is nil.
func (f *function) exprsMulti(list []syntax.Expr) (fixed []expr, last multi) {
	if n := len(list) - 1; n >= 0 {
		return f.args(list, list[n].End())
	}
	return nil, nil
}

// args is exprsMulti for the arguments of a call that ends at end.
func (f *function) args(list []syntax.Expr, end diag.Pos) (fixed []expr, last multi) {
	n := len(list) - 1
	switch {
	case n < 0:
		return nil, nil
	case syntax.IsMulti(list[n]):
		return f.exprs(list[:n]), f.multi(list[n])
	}
	return append(f.exprs(list[:n]), f.loadAt(list[n], end)), nil
}

// isChanging reports whether x is a local variable of this function that code
// inside a later operand can assign to. As in the C implementation, an
// operation reads such an operand when it is carried out, after the others.
func (f *function) isChanging(x syntax.Expr) bool {
	v := f.captured(x)
	return v != nil && v.Func == f.fn
}

// isChangingObject is isChanging for what is indexed, which may also be an
// upvalue.
func (f *function) isChangingObject(x syntax.Expr) bool { return f.captured(x) != nil }

// captured returns the variable x if it can change while other functions run,
// else nil.
func (f *function) captured(x syntax.Expr) *resolve.Var {
	if name, ok := x.(*syntax.NameExpr); ok {
		if v := f.info.Uses[name]; v != nil && v.Captured && v.Assigned > 0 && v.Kind != resolve.EnvVar {
			return v
		}
	}
	return nil
}

// ---- names in messages ----

// describe names x for error messages: "local 'x'", "field 'y'"; empty when
// there is nothing to say.
func (f *function) describe(x syntax.Expr) string {
	switch x := syntax.Selected(x).(type) {
	case *syntax.NameExpr:
		switch v := f.info.Uses[x]; {
		case v == nil && x.Name == "_ENV":
			return "upvalue '_ENV'"
		case v == nil:
			return "global '" + x.Name + "'"
		case v.Func != f.fn || v.Kind == resolve.EnvVar:
			return "upvalue '" + x.Name + "'"
		default:
			return "local '" + x.Name + "'"
		}
	case *syntax.IndexExpr:
		key, ok := x.Key.(*syntax.StringExpr)
		if !ok {
			return "field '?'"
		}
		if env, ok := x.X.(*syntax.NameExpr); ok && env.Name == "_ENV" {
			return "global '" + key.Value + "'"
		}
		return "field '" + key.Value + "'"
	}
	return ""
}

// describeAll describes the operands of an operation, joined by '|'.
func (f *function) describeAll(list ...syntax.Expr) string {
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = strings.ReplaceAll(f.describe(x), "|", "")
	}
	return strings.Join(parts, "|")
}

// describeOne describes the operand of an operation with one operand.
func (f *function) describeOne(x syntax.Expr) string {
	if s, ok := syntax.Selected(x).(*syntax.StringExpr); ok {
		return "constant '" + s.Value + "'"
	}
	return f.describe(x)
}

// ---- variables and fields ----

func (f *function) nameExpr(x *syntax.NameExpr) expr {
	if v := f.info.Uses[x]; v != nil {
		return read(f.place(v))
	}
	env := f.info.EnvOf[x]
	if env == nil && x.Name == "_ENV" {
		return read(f.place(nil))
	}
	at := f.place(env)
	if at.kind == inUpvalue {
		return f.globalExpr(at.index, x)
	}
	return f.field(read(at), x.Name, line(x.End()), "local '_ENV'")
}

// globalExpr reads a field of the _ENV in an upvalue.
func (f *function) globalExpr(up int, x *syntax.NameExpr) expr {
	k, line := f.constant(x.Name), line(x.Pos())
	const name = "upvalue '_ENV'"
	if !k.IsConst() {
		key := k.Value()
		return func(fr *frame) rt.Value {
			env := *fr.Upvalues[up]
			if env.IsTable() {
				if v := env.Table().GetStr(k); !v.IsNil() {
					return v
				}
			}
			fr.At(line)
			return rt.Index(fr.Thread, env, key, name)
		}
	}
	cache := new(rt.FieldCache)
	return func(fr *frame) rt.Value {
		env := *fr.Upvalues[up]
		v := cache.Get(env)
		if v.IsNil() {
			fr.At(line)
			v = rt.Field(fr.Thread, env, k, cache, name)
		}
		return v
	}
}

// field reads a field with a constant name; what describes the object.
func (f *function) field(obj expr, name string, line int, what string) expr {
	k := f.constant(name)
	if !k.IsConst() {
		key := k.Value()
		return func(fr *frame) rt.Value {
			o := obj(fr)
			fr.At(line)
			return rt.Index(fr.Thread, o, key, what)
		}
	}
	cache := new(rt.FieldCache)
	return func(fr *frame) rt.Value {
		o := obj(fr)
		v := cache.Get(o)
		if v.IsNil() {
			fr.At(line)
			v = rt.Field(fr.Thread, o, k, cache, what)
		}
		return v
	}
}

func (f *function) indexExpr(x *syntax.IndexExpr) expr {
	line, what := line(x.End()), f.describeOne(x.X)
	if key, ok := x.Key.(*syntax.StringExpr); ok {
		return f.field(f.expr(x.X), key.Value, line, what)
	}
	obj, key := f.operand(x.X), f.operand(x.Key)
	switch {
	case f.isChangingObject(x.X) && !syntax.IsSimple(x.Key):
		return func(fr *frame) rt.Value {
			k := key.eval(fr)
			o := obj.eval(fr)
			fr.At(line)
			return rt.Index(fr.Thread, o, k, what)
		}
	case obj.isSlot && key.isSlot:
		return func(fr *frame) rt.Value {
			o, k := fr.Slots[obj.slot], fr.Slots[key.slot]
			if k.IsNumber() {
				if v := o.AtNumber(k.F); !v.IsNil() {
					return v
				}
			}
			fr.At(line)
			return rt.Index(fr.Thread, o, k, what)
		}
	case key.isNum:
		n := key.num
		return func(fr *frame) rt.Value {
			o := obj.eval(fr)
			v := o.AtNumber(n)
			if v.IsNil() {
				fr.At(line)
				v = rt.Index(fr.Thread, o, rt.Number(n), what)
			}
			return v
		}
	}
	object, index := obj.eval, key.eval
	return func(fr *frame) rt.Value {
		o := object(fr)
		k := index(fr)
		if k.IsNumber() {
			if v := o.AtNumber(k.F); !v.IsNil() {
				return v
			}
		}
		fr.At(line)
		return rt.Index(fr.Thread, o, k, what)
	}
}
