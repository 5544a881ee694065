package eval

import (
	"maps"
	"slices"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// Instrumented chunks: those of programs whose calls keep records for debuggers
// (see rt/activation.go, and compiler/emit/instrument.go, which does the same for
// compiled code). The closures of a statement or an expression are wrapped in
// others that say which line control comes to and which variables are in scope. In
// all other programs these functions return what they are given.

// at notes that debuggers can stop on a line.
func (f *function) at(line int) int {
	f.lines[line] = true
	return line
}

// after is s, with a point on line after it.
func (f *function) after(s stmt, line int) stmt {
	if !f.instrumented {
		return s
	}
	f.at(line)
	return func(fr *frame) ctl {
		c := s(fr)
		fr.At(line)
		return c
	}
}

// afterValue is x, with a point on line after it.
func (f *function) afterValue(x expr, line int) expr {
	if !f.instrumented {
		return x
	}
	f.at(line)
	return func(fr *frame) rt.Value {
		v := x(fr)
		fr.At(line)
		return v
	}
}

// instrumentExpr wraps what x has become, for the line of its instruction.
func (f *function) instrumentExpr(x syntax.Expr, e expr) expr {
	if !f.instrumented {
		return e
	}
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return f.instrumentExpr(x.X, e)
	case *syntax.TableExpr:
		line := f.at(line(x.Pos()))
		return func(fr *frame) rt.Value {
			fr.At(line)
			return e(fr)
		}
	case *syntax.FunctionExpr:
		return f.afterValue(e, line(x.End()))
	case *syntax.IndexExpr:
		return f.afterValue(e, line(x.End()))
	case *syntax.UnaryExpr:
		return f.afterValue(e, line(x.Pos()))
	case *syntax.NameExpr:
		if v := f.info.Uses[x]; v == nil || v.Func != f.fn {
			return f.afterValue(e, line(x.End()))
		}
	case *syntax.BinaryExpr:
		switch x.Op {
		case syntax.OpAnd, syntax.OpOr:
		case syntax.OpConcat:
			_, pos := syntax.ConcatChain(x)
			return f.afterValue(e, line(pos))
		case syntax.OpEqual, syntax.OpNotEqual, syntax.OpLess, syntax.OpLessEqual, syntax.OpGreater, syntax.OpGreaterEqual:
			return f.afterValue(e, line(x.Y.End()))
		default:
			return f.afterValue(e, line(x.OpPos))
		}
	}
	return e
}

// instrumentCond is instrumentExpr for a condition.
func (f *function) instrumentCond(x syntax.Expr, c cond) cond {
	if b, ok := x.(*syntax.BinaryExpr); ok && b.Op != syntax.OpAnd && b.Op != syntax.OpOr && !syntax.IsTested(x) {
		return f.tested(c, line(b.Y.End()))
	}
	return c
}

// test is the condition x of a statement, which is tested on line.
func (f *function) test(x syntax.Expr, line int) cond {
	c := f.cond(x)
	if syntax.IsTested(x) {
		return f.tested(c, line)
	}
	return c
}

func (f *function) tested(c cond, line int) cond {
	if !f.instrumented {
		return c
	}
	f.at(line)
	return func(fr *frame) bool {
		is := c(fr)
		fr.At(line)
		return is
	}
}

// load is expr where C Lua would put the value into a register.
func (f *function) load(x syntax.Expr) expr { return f.loadAt(x, x.End()) }

// loadAt is load where that happens at pos.
func (f *function) loadAt(x syntax.Expr, pos diag.Pos) expr {
	e := f.expr(x)
	if syntax.IsLoad(x) {
		return f.afterValue(e, line(pos))
	}
	return e
}

// left is the left operand of "and" or "or".
func (f *function) left(x *syntax.BinaryExpr, c cond) cond {
	if syntax.IsLeftTested(x) {
		return f.tested(c, line(x.OpPos))
	}
	return c
}

// instrumentJump is s, a break or goto.
func (f *function) instrumentJump(n syntax.Stmt, s stmt, isBack bool) stmt {
	if !f.instrumented {
		return s
	}
	line := f.at(line(n.Pos()))
	isPoint := f.testedBody == nil || len(f.testedBody.Stmts) == 0 || f.testedBody.Stmts[0] != n
	return func(fr *frame) ctl {
		if isPoint {
			fr.At(line)
		}
		if isBack {
			fr.Jump()
		}
		return s(fr)
	}
}

// jumping is the body s of a loop, after which control jumps back, from line.
func (f *function) jumping(s stmt, line int) stmt {
	if !f.instrumented {
		return s
	}
	f.at(line)
	return func(fr *frame) ctl {
		c := s(fr)
		if c == ctlNext {
			fr.At(line)
			fr.Jump()
		}
		return c
	}
}

// again is the condition at the end of a loop that goes on while it is false.
func (f *function) again(c cond) cond {
	if !f.instrumented {
		return c
	}
	return func(fr *frame) bool {
		is := c(fr)
		if !is {
			fr.Jump()
		}
		return is
	}
}

// waiting is an operation on a, which is no variable and waits for b, which can
// call: a value without a name that debuggers can see and change.
func waiting(a, b expr, slot, line int, names string, operation func(th *rt.Thread, a, b rt.Value, names string) rt.Value) expr {
	return func(fr *frame) rt.Value {
		v := a(fr)
		p := &fr.Slots[slot]
		*p = v
		fr.Push(p)
		w := b(fr)
		fr.Pop()
		fr.At(line)
		return operation(fr.Thread, *p, w, names)
	}
}

// address returns where the variable at a place is during a call.
func (at place) address(fr *frame) *rt.Value {
	if at.kind == inSlot {
		return &fr.Slots[at.index]
	}
	return fr.Cells[at.index]
}

// A declaration puts a variable into scope.
type declaration struct {
	name  string
	at    place
	index int // among those in scope
}

func (d *declaration) declare(fr *frame) { fr.Declare(d.index, d.name, d.at.address(fr)) }

// show gives v, or a hidden variable, the next index.
func (f *function) show(name string, at place) declaration {
	d := declaration{name, at, f.visible}
	f.visible++
	return d
}

// showing is s, after which the variables are in scope.
func (f *function) showing(s stmt, vars ...*resolve.Var) stmt {
	if !f.instrumented {
		return s
	}
	list := make([]declaration, len(vars))
	for i, v := range vars {
		list[i] = f.show(v.Name, f.places[v])
	}
	return func(fr *frame) ctl {
		c := s(fr)
		for i := range list {
			list[i].declare(fr)
		}
		return c
	}
}

// hiding is s, after which only the first n variables are in scope.
func (f *function) hiding(s stmt, n int) stmt {
	if !f.instrumented {
		return s
	}
	f.visible = n
	return func(fr *frame) ctl {
		c := s(fr)
		fr.Scope(n)
		return c
	}
}

// hidden makes room for the three hidden variables of a loop, whose names these
// are, and returns where.
func (f *function) hidden(names ...string) []declaration {
	if !f.instrumented {
		return nil
	}
	list := make([]declaration, len(names))
	for i, name := range names {
		list[i] = f.show(name, f.newPlace(false))
	}
	return list
}

// keeping is e, whose value becomes that of a hidden variable.
func (d *declaration) keeping(e expr) expr {
	slot := d.at.index
	return func(fr *frame) rt.Value {
		v := e(fr)
		fr.Slots[slot] = v
		return v
	}
}

// loopBody is the body of a for loop with the given hidden variables, of which
// counter follows the first of vars; line is that of the loop's own instruction.
func (f *function) loopBody(b *syntax.Block, line int, hidden []declaration, counter int, vars ...*resolve.Var) stmt {
	if !f.instrumented {
		return f.block(b)
	}
	all := slices.Clone(hidden)
	first := f.places[vars[0]]
	for _, v := range vars {
		all = append(all, f.show(v.Name, f.places[v]))
	}
	body := f.block(b)
	f.at(line)
	n := hidden[0].index + len(hidden)
	slot := hidden[counter].at.index
	return func(fr *frame) ctl {
		fr.Slots[slot] = *first.address(fr)
		for i := range all {
			all[i].declare(fr)
		}
		fr.Jump()
		c := body(fr)
		if c == ctlNext {
			fr.Scope(n)
			fr.At(line)
		}
		return c
	}
}

// finish completes the description of the function.
func (f *function) finish(p *proto) {
	if !f.instrumented {
		return
	}
	p.instrumented = true
	last := f.at(f.info.Chunk.LastLine(f.fn.Node))
	body := p.body
	p.body = func(fr *frame) ctl {
		c := body(fr)
		if c == ctlNext {
			fr.At(last)
		}
		return c
	}
	p.ParamNames = make([]string, len(f.fn.Params))
	for i, v := range f.fn.Params {
		p.ParamNames[i] = v.Name
	}
	p.Lines = slices.Sorted(maps.Keys(f.lines))
}

// start says that a call of an instrumented function has its arguments.
func (p *proto) start(fr *frame) {
	for i, at := range p.params {
		fr.Declare(i, p.ParamNames[i], at.address(fr))
	}
	fr.Jump()
	fr.Start()
}
