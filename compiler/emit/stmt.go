package emit

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// loopBody prints b between the braces of a loop that the caller writes.
func (f *function) loopBody(b *syntax.Block) {
	f.finalize(b)
	f.loops++
	f.blockFollowed(b, f.m.instrumented)
	f.loops--
}

// finalize prints, at the start of a loop's body, a call of the finalizers of
// objects that the garbage collector has found dead.
func (f *function) finalize(b *syntax.Block) {
	if f.m.needs.Finalizers {
		f.at(b.Pos(), "th.Finalize()")
	}
}

// endScope ends the scope of the variables in f.keep[scope:]; isPassed reports
// whether control gets here.
func (f *function) endScope(scope int, isPassed bool) {
	if isPassed {
		f.keepAlive(f.keep[scope:])
	}
	f.keep = f.keep[:scope]
}

// keepAlive prints that variables are in scope up to here, for Go drops what a
// variable refers to after its last use.
func (f *function) keepAlive(vars []string) {
	for _, v := range vars {
		f.line("rt.KeepAlive(" + v + ")")
	}
}

// statement prints one statement.
func (f *function) statement(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.LocalStmt:
		f.localStmt(s)
	case *syntax.AssignStmt:
		f.assignStmt(s)
	case *syntax.CallStmt:
		f.callStmt(s)
	case *syntax.DoStmt:
		f.line("{")
		f.block(s.Body)
		f.line("}")
	case *syntax.WhileStmt:
		f.whileStmt(s)
		if !f.neverPassed(s) {
			f.hide(f.visible)
		}
	case *syntax.RepeatStmt:
		f.repeatStmt(s)
		f.hide(f.visible)
	case *syntax.IfStmt:
		f.ifStmt(s)
	case *syntax.NumericForStmt:
		visible := f.visible
		f.numericFor(s)
		f.hide(visible)
	case *syntax.GenericForStmt:
		scope, visible := len(f.keep), f.visible
		f.genericFor(s)
		f.endScope(scope, false)
		f.hide(visible)
	case *syntax.FunctionStmt:
		fn := f.closure(s.Fn)
		f.store(f.target(s.Target, s.Pos()), fn)
	case *syntax.LocalFunctionStmt:
		f.localFunction(s)
	case *syntax.ReturnStmt:
		f.returnStmt(s)
	case *syntax.BreakStmt:
		if !f.isJumpOfTest(s) {
			f.point(s.Pos())
		}
		f.line("break")
	case *syntax.GotoStmt:
		f.gotoPoint(s)
		f.line("goto " + f.label(f.m.info.Gotos[s]))
	case *syntax.LabelStmt:
		if f.hasGotos(s) {
			f.line(f.label(s) + ":")
			f.hide(f.visible)
		}
	default:
		panic(fmt.Sprintf("emit: unknown statement %T", s))
	}
}

// localStmt prints a declaration.
//
//	local a, b = f()        a, n1 := ...; b := th.Result(1, n1)
func (f *function) localStmt(s *syntax.LocalStmt) {
	if len(s.Names) == 1 && len(s.Values) == 1 {
		v := f.m.info.Defs[s.Names[0]]
		x := f.load(s.Values[0])
		if f.m.facts.IsElided(v) {
			return
		}
		f.define(v, x)
		return
	}
	values := f.exprList(s.Values, len(s.Names))
	if len(s.Values) < len(s.Names) {
		f.point(s.End())
	}
	for i, name := range s.Names {
		f.define(f.m.info.Defs[name], values[i])
	}
}

// localFunction prints "local function f"; f is in scope in its own body.
func (f *function) localFunction(s *syntax.LocalFunctionStmt) {
	v := f.m.info.Defs[s.Name]
	if f.m.facts.IsElided(v) {
		f.closure(s.Fn)
		return
	}
	g := f.m.vars[v]
	if !f.predeclared[v] {
		g = f.declare(v)
		if !g.field {
			f.line("var " + g.name + " rt.Value")
			if v.Uses == 0 {
				f.line("_ = " + g.name)
			}
		}
	}
	fn := f.closure(s.Fn)
	f.line(g.code() + " = " + fn.value())
	f.show(v)
}

// define declares v with the initial value x.
func (f *function) define(v *resolve.Var, x operand) {
	g := f.m.vars[v]
	if !f.predeclared[v] {
		g = f.declare(v)
	}
	if g.field || f.predeclared[v] {
		f.line(g.code() + " = " + x.as(g.rep))
	} else {
		f.line(g.name + " := " + x.as(g.rep))
		if v.Uses == 0 {
			f.line("_ = " + g.name)
		}
	}
	f.show(v)
}

// exprList evaluates a list of expressions and adjusts it to want values, as
// settled operands: later statements cannot change them.
func (f *function) exprList(list []syntax.Expr, want int) []operand {
	var values []operand
	for i, x := range list {
		last := i == len(list)-1
		if last && f.isMulti(x) && want > len(list) {
			last := f.multi(x)
			values = append(values, last.first)
			for j := 1; len(values) < want; j++ {
				t := f.names.numbered("t")
				if last.kind == varargTail {
					f.linef("%s := rt.Nth(%s, %d)", t, f.vararg, j)
				} else {
					f.linef("%s := th.Result(%d, %s)", t, j, last.count)
				}
				values = append(values, temp(t))
			}
			return values
		}
		if i >= want {
			f.discard(x)
			continue
		}
		values = append(values, f.settle(f.load(x)))
	}
	for len(values) < want {
		values = append(values, nilOperand)
	}
	return values
}

// settle copies an operand that later code could change into a temporary.
func (f *function) settle(x operand) operand {
	if !x.changing {
		return x
	}
	return f.copy(x)
}

// copy copies an operand, in its representation, into a temporary.
func (f *function) copy(x operand) operand {
	t := f.names.numbered("t")
	f.line(t + " := " + x.code)
	return operand{mode: temporary, rep: x.rep, code: t, derived: x.derived}
}

// ---- assignment ----

// A target is the left side of an assignment, its parts evaluated.
type target struct {
	v      *variable // a local, or ...
	global string    // the name of a global, or ...
	index  bool      // a table and its key
	obj    operand
	what   string            // describes obj
	key    operand           // a constant string makes it a field
	x      *syntax.IndexExpr // nil for a field of _ENV
	end    diag.Pos          // of the statement, where an error is reported
}

// isField reports whether the key is a constant string.
func (t *target) isField() bool { return t.key.mode == constString }

// target evaluates the parts of an assignment's left side.
func (f *function) target(x syntax.Expr, end diag.Pos) target {
	switch x := x.(type) {
	case *syntax.NameExpr:
		if v := f.m.info.Uses[x]; v != nil {
			return target{v: f.m.variableOf(v)}
		}
		if env := f.m.info.EnvOf[x]; env != nil {
			obj := f.m.variableOf(env).operand(true)
			return target{index: true, obj: obj, what: f.envName(env), key: f.m.stringOperand(x.Name), end: end}
		}
		return target{global: x.Name, end: end}
	case *syntax.IndexExpr:
		t := target{index: true, obj: f.expr(x.X), what: f.name1(x.X), x: x, end: end}
		if !syntax.IsSimple(x.Key) {
			t.obj = f.settleUnlessLocal(t.obj, x.X)
		}
		t.key = f.expr(x.Key)
		return t
	}
	panic(fmt.Sprintf("emit: cannot assign to %T", x))
}

// settleUnlessLocal settles x's operand, unless x is a local of this function:
// the reference implementation reads those from their register when the
// operation is carried out.
func (f *function) settleUnlessLocal(o operand, x syntax.Expr) operand {
	if f.isLocal(x) {
		return o
	}
	return f.settle(o)
}

// isLocal reports whether x is a local variable of this function.
func (f *function) isLocal(x syntax.Expr) bool {
	name, ok := x.(*syntax.NameExpr)
	return ok && f.m.info.Uses[name] != nil && f.m.info.Uses[name].Func == f.fn
}

// store prints the assignment of x to t.
func (f *function) store(t target, x operand) {
	switch {
	case t.v != nil:
		if x.v == t.v {
			f.line("_ = " + x.code) // x = x, which may be all that x is used for
			return
		}
		f.line(t.v.code() + " = " + x.as(t.v.rep))
	case t.global != "":
		slot := f.m.global(t.global)
		f.point(t.end)
		if f.m.facts != nil && f.m.facts.PlainGlobals {
			f.line(slot + " = " + x.value())
			return
		}
		x = f.settleValue(x)
		f.linef("if %s.IsNil() {", slot)
		f.at(t.end, fmt.Sprintf("rt.SetGlobalMissing(th, &%s, %s, %s)", slot, f.m.constant(t.global), x.code))
		f.line("} else {")
		f.line(slot + " = " + x.code)
		f.line("}")
	case t.isField():
		f.storeField(t, x)
	default:
		f.storeIndex(t, x)
	}
}

// settleValue makes x an rt.Value in a variable.
func (f *function) settleValue(x operand) operand {
	if x.isName() && !x.changing {
		return x
	}
	t := f.names.numbered("t")
	f.line(t + " := " + x.value())
	return temp(t)
}

func (f *function) storeField(t target, x operand) {
	f.point(t.end)
	obj := f.settleValue(t.obj)
	cache := f.m.cache(writeCache)
	f.linef("if !%s.Put(%s, %s) {", cache, obj.code, x.value())
	f.at(t.end, fmt.Sprintf("rt.SetField(th, %s, %s, %s, &%s, %s)", obj.code, t.key.object, x.value(), cache, t.what))
	f.line("}")
}

func (f *function) storeIndex(t target, x operand) {
	f.point(t.end)
	obj := f.settleValue(t.obj)
	switch {
	case t.key.rep == repInt:
		if t.key.isZero() {
			f.linef("if !%s.SetAtZero(%s) {", obj.code, x.value())
		} else {
			f.linef("if !%s.SetAt(%s, %s) {", obj.code, t.key.code, x.value())
		}
		f.at(t.end, fmt.Sprintf("rt.SetIndexInt(th, %s, %s, %s, %s)", obj.code, t.key.code, x.value(), t.what))
		f.line("}")
	case !f.inline() || t.key.rep == repBool:
		f.at(t.end, fmt.Sprintf("rt.SetIndex(th, %s, %s, %s, %s)", obj.code, t.key.value(), x.value(), t.what))
	case t.key.rep == repFloat:
		f.linef("if !%s.SetAtNumber(%s, %s) {", obj.code, t.key.code, x.value())
		f.at(t.end, fmt.Sprintf("rt.SetIndex(th, %s, %s, %s, %s)", obj.code, t.key.value(), x.value(), t.what))
		f.line("}")
	default:
		key := f.settleLocalName(t.key)
		f.linef("if !%s.IsNumber() || !%s.SetAtNumber(%s.F, %s) {", key.code, obj.code, key.code, x.value())
		f.at(t.end, fmt.Sprintf("rt.SetIndex(th, %s, %s, %s, %s)", obj.code, key.code, x.value(), t.what))
		f.line("}")
	}
}

// settleLocalName puts a value that is read more than once into a variable.
func (f *function) settleLocalName(x operand) operand {
	if x.isName() {
		return x
	}
	return f.settleValue(x)
}

// assignStmt prints an assignment. With several targets all expressions are
// evaluated before any assignment, and assigned from the last to the first,
// as the reference implementation does.
func (f *function) assignStmt(s *syntax.AssignStmt) {
	if len(s.Targets) == 1 && len(s.Values) == 1 {
		t := f.target(s.Targets[0], s.End())
		if t.x != nil && !syntax.IsSimple(s.Values[0]) {
			t.obj = f.settleUnlessLocal(t.obj, t.x.X)
			if !t.isField() {
				t.key = f.settleUnlessLocal(t.key, t.x.Key)
			}
		}
		x := f.load(s.Values[0])
		f.point(s.End())
		f.store(t, x)
		return
	}
	targets := make([]target, len(s.Targets))
	for i, x := range s.Targets {
		t := f.target(x, s.End())
		if t.index {
			t.obj = f.settleCopy(t.obj)
			if !t.isField() {
				t.key = f.settleCopy(t.key)
			}
		}
		targets[i] = t
	}
	values := f.exprList(s.Values, len(s.Targets))
	for i := range values {
		values[i] = f.settleCopy(values[i])
	}
	f.point(s.End())
	for i := len(targets) - 1; i >= 0; i-- {
		f.store(targets[i], values[i])
	}
}

// settleCopy copies x unless it is a constant or a temporary.
func (f *function) settleCopy(x operand) operand {
	if x.isConstant() || x.mode == temporary {
		return x
	}
	return f.copy(x)
}

// ---- control ----

func (f *function) ifStmt(s *syntax.IfStmt) {
	closing := 1
	for i, c := range s.Clauses {
		var cond condition
		prelude := f.capture(func() {
			cond = f.cond(c.Cond)
			f.testPoint(c.Cond, c.Then)
		})
		switch {
		case i == 0:
			f.out.append(prelude)
			f.linef("if %s {", cond.code)
		case prelude.isEmpty():
			f.linef("} else if %s {", cond.code)
		default:
			f.line("} else {")
			f.out.append(prelude)
			f.linef("if %s {", cond.code)
			closing++
		}
		f.testedBody = c.Body
		f.block(c.Body)
	}
	if s.Else != nil {
		f.line("} else {")
		f.block(s.Else)
	}
	for range closing {
		f.line("}")
	}
}

func (f *function) whileStmt(s *syntax.WhileStmt) {
	f.loops++
	var cond condition
	prelude := f.capture(func() {
		cond = f.cond(s.Cond)
		f.testPoint(s.Cond, s.Cond.End())
	})
	switch {
	case isTrue(s.Cond) && f.loopsForever(s):
		f.line("for {")
	case prelude.isEmpty():
		if cond.kind == alwaysTrue {
			cond = operand{code: "rt.True()"}.truthiness() // Go takes code after "for {" for unreachable
		}
		f.linef("for %s {", cond.code)
	default:
		f.line("for {")
		f.out.append(prelude)
		f.linef("if %s {\nbreak\n}", cond.not().code)
	}
	f.finalize(s.Body)
	f.blockFollowed(s.Body, f.m.instrumented)
	f.point(s.Body.LastPos(s.Cond.End()))
	f.jumpPoint()
	f.line("}")
	f.loops--
}

// loopsForever reports whether s is a "while true" that nothing but a return
// or a goto leaves, at the end of its function, where Go wants no return.
func (f *function) loopsForever(s *syntax.WhileStmt) bool {
	b := f.body().Stmts
	return len(b) > 0 && b[len(b)-1] == syntax.Stmt(s) && !hasBreak(s.Body)
}

func hasBreak(b *syntax.Block) bool {
	found := false
	syntax.Walk(b, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.BreakStmt:
			found = true
		case *syntax.WhileStmt, *syntax.RepeatStmt, *syntax.NumericForStmt, *syntax.GenericForStmt, *syntax.FunctionExpr:
			return false
		}
		return true
	})
	return found
}

func (f *function) repeatStmt(s *syntax.RepeatStmt) {
	f.line("for {")
	f.finalize(s.Body)
	f.loops++
	f.blockFollowed(s.Body, true)
	cond := f.cond(s.Cond)
	f.testPoint(s.Cond, s.Cond.End())
	f.linef("if %s {\nbreak\n}", cond.code)
	f.jumpPoint()
	f.line("}")
	f.loops--
}

func (f *function) returnStmt(s *syntax.ReturnStmt) {
	switch {
	case len(s.Values) == 0:
		f.point(s.End())
		f.leave()
		f.returnValues(nil)
	case len(s.Values) == 1 && syntax.IsMulti(s.Values[0]):
		f.returnMulti(s.Values[0])
	case f.isMulti(s.Values[len(s.Values)-1]):
		fixed, last := f.args(s.Values, s.End())
		f.point(s.End())
		f.leave()
		if last.kind == varargTail {
			f.linef("return th.ReturnValues([]rt.Value{%s}, %s)", values(fixed), f.vararg)
		} else {
			f.linef("return th.ReturnSpread([]rt.Value{%s}, %s, %s)", values(fixed), last.first.value(), last.count)
		}
	case len(s.Values) == 1:
		x := f.load(s.Values[0])
		f.point(s.End())
		f.leave()
		f.returnValues([]operand{x})
	default:
		list := make([]operand, len(s.Values))
		for i, x := range s.Values {
			list[i] = f.load(x)
			if !allSimple(s.Values[i+1:]) {
				list[i] = f.settle(list[i])
			}
		}
		f.point(s.End())
		if len(list) > 32 {
			f.linef("th.GrowRet(%d)", len(list))
		}
		for i, x := range list[1:] {
			f.linef("th.Ret[%d] = %s", i+1, x.value())
		}
		f.leave()
		f.linef("return %s, %d", list[0].value(), len(list))
	}
}

// values joins operands as rt.Values.
func values(list []operand) string {
	var codes []string
	for _, x := range list {
		codes = append(codes, x.value())
	}
	return strings.Join(codes, ", ")
}

// terminates reports whether control never reaches the end of b, in a way
// that Go sees.
func (f *function) terminates(b *syntax.Block) bool {
	n := len(b.Stmts)
	return n > 0 && f.neverPassed(b.Stmts[n-1])
}

// neverPassed reports whether control never passes the end of s, in a way that
// Go sees.
func (f *function) neverPassed(s syntax.Stmt) bool {
	switch s := s.(type) {
	case *syntax.ReturnStmt, *syntax.GotoStmt, *syntax.BreakStmt:
		return true
	case *syntax.DoStmt:
		return f.terminates(s.Body)
	case *syntax.WhileStmt:
		return isTrue(s.Cond) && f.loopsForever(s)
	case *syntax.IfStmt:
		if s.Else == nil || !f.terminates(s.Else) {
			return false
		}
		for _, c := range s.Clauses {
			if !f.terminates(c.Body) {
				return false
			}
		}
		return true
	}
	return false
}

// isTrue reports whether x is a literal that counts as true.
func isTrue(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.TrueExpr, *syntax.NumberExpr, *syntax.StringExpr:
		return true
	case *syntax.ParenExpr:
		return isTrue(x.X)
	}
	return false
}
