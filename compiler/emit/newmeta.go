package emit

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/syntax"
)

// Calls setmetatable(o, {k = v, ...}) make no metatable: the runtime knows one
// with these contents, which all such objects share (rt/family.go). What is
// called is looked up as ever, and the runtime declines what is not the library's
// function, or not the usual case, which is then an ordinary call.
//
//	t1, ok1 := rt.SetNewMeta(th, setmetatable, o, &ck.nm[0], shape1, v...)
//	if !ok1 { the call, with rt.NewObject(shape1, v...) }

// newMetatable is syntax.NewMetatable for constructors that the runtime's function
// can do.
func (f *function) newMetatable(x syntax.Expr) *syntax.TableExpr {
	meta := syntax.NewMetatable(x)
	if meta == nil || f.m.instrumented {
		return nil
	}
	if named, _, _ := sortFields(meta); len(named) != len(meta.Fields) {
		return nil
	}
	return meta
}

// setNewMeta prints the usual case of x, for which newMetatable returns meta. In
// Go, ok says whether it was the usual case, and result is its only result; c and
// args are for the call that it is else.
func (f *function) setNewMeta(x syntax.Expr, meta *syntax.TableExpr, want results) (c callee, args []operand, result, ok string) {
	c = f.callee(x)
	o := f.settleValue(f.loadAt(c.args[0], c.args[0].End()))
	f.point(meta.Pos())
	list := f.fieldValues(meta.Fields, meta.End())
	keys := make([]string, len(list))
	for i, field := range meta.Fields {
		keys[i] = field.Key.(*syntax.StringExpr).Value
		if !list[i].isConstant() {
			list[i] = f.settleValue(list[i]) // it is there twice
		}
	}
	shape := f.m.shape(keys)
	result, ok = "_", f.names.numbered("ok")
	if want != discardResults {
		result = f.names.numbered("t")
	}
	f.linef("%s, %s := rt.SetNewMeta(th, %s, %s, &%s, %s, %s)", result, ok, c.fn, o.value(), f.m.cache(metaCache), shape, values(list))
	return c, []operand{o, {code: fmt.Sprintf("rt.NewObject(%s, %s).Value()", shape, values(list))}}, result, ok
}

// newMetaCall prints x if it is a call that newMetatable knows, and reports whether
// it is.
func (f *function) newMetaCall(x syntax.Expr, want results) (first operand, n string, done bool) {
	meta := f.newMetatable(x)
	if meta == nil {
		return operand{}, "", false
	}
	c, args, result, ok := f.setNewMeta(x, meta, want)
	code := fmt.Sprintf("%s.Callee(th, %s)(th, 2%s)", c.fn, c.name, firstArgs(args))
	first, n = f.elseCall(x, code, want, result, ok)
	return first, n, true
}

// returnNewMeta is newMetaCall for "return x".
func (f *function) returnNewMeta(x syntax.Expr) bool {
	meta := f.newMetatable(x)
	if meta == nil {
		return false
	}
	c, args, result, ok := f.setNewMeta(x, meta, oneResult)
	f.linef("if %s {", ok)
	f.leave()
	f.returnValues([]operand{temp(result)})
	f.line("}")
	f.leave()
	f.at(x.Pos(), fmt.Sprintf("return th.TailCall(%s, %s, 2%s)", c.fn, c.name, firstArgs(args)))
	return true
}
