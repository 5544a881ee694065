package emit

import (
	"fmt"
	"strconv"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/infer"
	"github.com/luago-lang/luago/compiler/syntax"
)

// results says what happens to the results of a call.
type results uint8

const (
	discardResults results = iota
	oneResult
	allResults
)

// callStmt prints a call for its effects.
func (f *function) callStmt(s *syntax.CallStmt) {
	if !f.raiseStmt(s.Call) {
		f.call(s.Call, discardResults)
	}
}

// maxName is the longest name of a script that the runtime does not shorten in
// messages.
const maxName = 59

// raiseStmt prints the statement error(...) in a function that can return a pending
// tail call; see rt.Thread.Raise.
func (f *function) raiseStmt(x syntax.Expr) bool {
	call, ok := x.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 || len(call.Args) > 2 || f.m.instrumented {
		return false
	}
	if f.static != nil && f.static.Results != infer.AnyResults || !f.m.info.IsGlobal(call.Fn, "error") {
		return false
	}
	if last := call.Args[len(call.Args)-1]; f.isMulti(last) {
		if _, isCall := last.(*syntax.VarargExpr); isCall || len(call.Args) > 1 {
			return false
		}
	}
	if len(f.m.info.Chunk.Name) > maxName {
		return false
	}
	c := f.callee(x)
	fixed, last := f.args(c.args, x.End())
	where := strconv.Quote(fmt.Sprintf("%s:%d: ", f.m.info.Chunk.Name, x.Pos().Line))
	if last.kind != noTail {
		f.at(x.Pos(), fmt.Sprintf("if th.RaiseSpread(%s, %s, %s, %s) {", c.fn, where, last.first.value(), last.count))
	} else {
		a1 := nilOperand
		if len(fixed) > 1 {
			a1 = fixed[1]
		}
		f.at(x.Pos(), fmt.Sprintf("if th.Raise(%s, %s, %d, %s, %s) {", c.fn, where, len(fixed), fixed[0].value(), a1.value()))
	}
	f.line("return rt.Value{}, -1\n}")
	return true
}

// callExpr prints a call and returns its first result.
func (f *function) callExpr(x syntax.Expr) operand {
	first, _ := f.call(x, oneResult)
	return first
}

// A tail is the last expression of a list where that has any number of values.
type tail struct {
	kind  tailKind
	first operand // the first value
	count string  // of a callTail: the Go variable of the number of values; the others are in th.Ret
}

type tailKind uint8

const (
	noTail     tailKind = iota
	varargTail          // "...": the values are those of function.vararg
	callTail
)

// multi evaluates x, a call or "...", to all of its values.
func (f *function) multi(x syntax.Expr) tail {
	if _, ok := x.(*syntax.VarargExpr); ok {
		return tail{kind: varargTail, first: operand{code: fmt.Sprintf("rt.Nth(%s, 0)", f.vararg)}}
	}
	first, n := f.call(x, allResults)
	return tail{callTail, first, n}
}

// args evaluates an argument list, which ends at end: fixed are the values before
// the tail.
func (f *function) args(list []syntax.Expr, end diag.Pos) (fixed []operand, last tail) {
	for i, x := range list {
		if i == len(list)-1 && f.isMulti(x) {
			return fixed, f.multi(x)
		}
		loaded := x.End()
		if i == len(list)-1 {
			loaded = end
		}
		o := f.loadAt(x, loaded)
		if !allSimple(list[i+1:]) {
			o = f.settle(o)
		}
		fixed = append(fixed, o)
	}
	return fixed, tail{}
}

// A callee is a function value about to be called, and the receiver that
// comes before its arguments, if any.
type callee struct {
	fn   string    // Go expression of type rt.Value
	name string    // quoted description for error messages
	self []operand // the receiver of a method call
	args []syntax.Expr
}

// callee evaluates what a call calls.
func (f *function) callee(x syntax.Expr) callee {
	switch x := x.(type) {
	case *syntax.CallExpr:
		fn := f.load(x.Fn)
		if !allSimple(x.Args) {
			fn = f.settle(fn)
		}
		return callee{fn: fn.value(), name: f.name1(x.Fn), args: x.Args}
	case *syntax.MethodCallExpr:
		recv := f.expr(x.Recv)
		if !recv.isName() || !allSimple(x.Args) && recv.changing {
			recv = f.settleValue(recv)
		}
		return callee{
			fn:   f.method(x, recv),
			name: strconv.Quote("method '" + x.Method.Text + "'"),
			self: []operand{recv},
			args: x.Args,
		}
	}
	panic(fmt.Sprintf("emit: cannot call %T", x))
}

// method looks a method up through an inline cache.
func (f *function) method(x *syntax.MethodCallExpr, recv operand) string {
	cache := f.m.cache(methodCache)
	t := f.names.numbered("t")
	f.point(x.Method.Pos())
	isBuiltin := f.stringMethod(x, recv, t)
	if isBuiltin {
		f.linef("if %s.IsNil() {\n%s = %s.Get(%s)", t, t, cache, recv.code)
	} else {
		f.linef("%s := %s.Get(%s)", t, cache, recv.code)
	}
	f.linef("if %s.IsNil() {", t)
	f.at(x.Method.Pos(), fmt.Sprintf("%s = rt.Method(th, %s, %s, &%s, %s)", t, recv.code, f.m.constant(x.Method.Text), cache, f.name1(x.Recv)))
	f.line("}")
	if isBuiltin {
		f.line("}")
	}
	return t
}

// call prints a call.
//
//	f(x)      t1, n1 := f.Callee(th, "global 'f'")(th, 1, x, rt.Value{}, rt.Value{})
//	          if n1 < 0 { t1, n1 = th.FinishTail() }
//
// Where code is to be small: t1, n1 := th.PlainCall(f, "global 'f'", 1, x, ...).
func (f *function) call(x syntax.Expr, want results) (first operand, n string) {
	if o, ok := f.hostCall(x, want); ok {
		return o, "1"
	}
	if o, n, ok := f.staticCall(x, want); ok {
		return o, n
	}
	if want == oneResult {
		if o, ok := f.selectCall(x); ok {
			return o, ""
		}
	}
	if o, n, ok := f.newMetaCall(x, want); ok {
		return o, n
	}
	c := f.callee(x)
	fixed, last := f.args(c.args, x.End())
	fixed = append(c.self, fixed...)
	var code string
	finished := true // the runtime's functions finish tail calls themselves
	switch {
	case last.kind == varargTail:
		code = fmt.Sprintf("th.CallVarargs(%s, %s, []rt.Value{%s}, %s)", c.fn, c.name, values(fixed), f.vararg)
	case last.kind == callTail:
		code = fmt.Sprintf("th.SpreadCall(%s, %s, []rt.Value{%s}, %s, %s)", c.fn, c.name, values(fixed), last.first.value(), last.count)
	case !f.inline():
		f.extraArgs(fixed)
		code = fmt.Sprintf("th.PlainCall(%s, %s, %d%s)", c.fn, c.name, len(fixed), firstArgs(fixed))
	default:
		f.extraArgs(fixed)
		finished = false
		code = fmt.Sprintf("%s.Callee(th, %s)(th, %d%s)", c.fn, c.name, len(fixed), firstArgs(fixed))
		if want == discardResults {
			break
		}
		if result, ok, done := f.builtinCall(x, c.fn, fixed); done {
			return f.elseCall(x, code, want, result, ok)
		}
	}
	if !finished {
		return f.finishCall(x, code, want)
	}
	switch want {
	case discardResults:
		f.at(x.Pos(), code)
		return nilOperand, ""
	case oneResult:
		t := f.names.numbered("t")
		f.at(x.Pos(), fmt.Sprintf("%s, _ := %s", t, code))
		return temp(t), ""
	}
	t := f.names.numbered("t")
	n = f.names.numbered("n")
	f.at(x.Pos(), fmt.Sprintf("%s, %s := %s", t, n, code))
	return temp(t), n
}

// finishCall prints a call whose results may be a pending tail call.
func (f *function) finishCall(x syntax.Expr, code string, want results) (first operand, n string) {
	switch want {
	case discardResults:
		n = f.names.numbered("n")
		f.at(x.Pos(), fmt.Sprintf("if _, %s := %s; %s < 0 {", n, code, n))
		f.at(x.Pos(), "th.FinishTail()\n}")
		return nilOperand, ""
	case oneResult:
		t := f.names.numbered("t")
		n = f.names.numbered("n")
		f.at(x.Pos(), fmt.Sprintf("%s, %s := %s\nif %s < 0 {", t, n, code, n))
		f.at(x.Pos(), fmt.Sprintf("%s, _ = th.FinishTail()\n}", t))
		return temp(t), ""
	}
	t := f.names.numbered("t")
	n = f.names.numbered("n")
	f.at(x.Pos(), fmt.Sprintf("%s, %s := %s", t, n, code))
	f.linef("if %s < 0 {", n)
	f.at(x.Pos(), fmt.Sprintf("%s, %s = th.FinishTail()\n}", t, n))
	return temp(t), n
}

// selectCall prints select(k, ...), of which one result is wanted, without
// passing the varargs on.
func (f *function) selectCall(x syntax.Expr) (operand, bool) {
	call, ok := x.(*syntax.CallExpr)
	if !ok || len(call.Args) != 2 || f.m.instrumented {
		return operand{}, false
	}
	if !f.m.info.IsGlobal(call.Fn, "select") {
		return operand{}, false
	}
	if _, ok := call.Args[1].(*syntax.VarargExpr); !ok {
		return operand{}, false
	}
	fn := f.settle(f.nameExpr(call.Fn.(*syntax.NameExpr)))
	k := f.expr(call.Args[0])
	t := f.names.numbered("t")
	f.at(x.Pos(), fmt.Sprintf("%s := rt.Select(th, %s, %s, %s)", t, fn.code, k.value(), f.vararg))
	return temp(t), true
}

// firstArgs returns the first three arguments of a call, missing ones as nil.
func firstArgs(args []operand) string {
	code := ""
	for i := range 3 {
		code += ", "
		if i < len(args) {
			code += args[i].value()
		} else {
			code += "rt.Value{}"
		}
	}
	return code
}

// extraArgs stores the arguments beyond the third.
func (f *function) extraArgs(args []operand) {
	if len(args) > 32 {
		f.linef("th.GrowArgs(%d)", len(args))
	}
	for i := 3; i < len(args); i++ {
		f.linef("th.Args[%d] = %s", i, args[i].value())
	}
}

// returnMulti prints "return f(...)", a proper tail call, or "return ...".
func (f *function) returnMulti(x syntax.Expr) {
	if _, ok := x.(*syntax.VarargExpr); ok {
		f.point(x.End())
		f.leave()
		f.linef("return th.ReturnValues(nil, %s)", f.vararg)
		return
	}
	if o, ok := f.hostCall(x, oneResult); ok {
		f.leave()
		f.returnValues([]operand{o})
		return
	}
	if f.returnStatic(x) || f.returnNewMeta(x) {
		return
	}
	c := f.callee(x)
	fixed, last := f.args(c.args, x.End())
	fixed = append(c.self, fixed...)
	switch {
	case last.kind == varargTail:
		f.leave()
		f.at(x.Pos(), fmt.Sprintf("return th.TailVarargs(%s, %s, []rt.Value{%s}, %s)", c.fn, c.name, values(fixed), f.vararg))
	case last.kind == callTail:
		f.leave()
		f.at(x.Pos(), fmt.Sprintf("return th.SpreadTail(%s, %s, []rt.Value{%s}, %s, %s)", c.fn, c.name, values(fixed), last.first.value(), last.count))
	default:
		if result, ok, done := f.builtinCall(x, c.fn, fixed); done {
			f.linef("if %s {", ok)
			f.leave()
			f.returnValues([]operand{temp(result)})
			f.line("}")
		}
		f.extraArgs(fixed)
		f.leave()
		f.at(x.Pos(), fmt.Sprintf("return th.TailCall(%s, %s, %d%s)", c.fn, c.name, len(fixed), firstArgs(fixed)))
	}
}
