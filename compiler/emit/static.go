package emit

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/infer"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Static functions become methods of the chunk, which calls name directly:
//
//	local function add(a, b)        func (ck *chunkMain) call_add(th *rt.Thread, a, b float64) float64 {
//	    return a + b                    return (a + b)
//	end                             }
//
// Where its value is needed as well, a closure passes arguments on to it.
// Tail calls of the function itself are jumps to its start.

// wrapperFile is what //line directives call the code of such closures: no
// file of the program, so that positions and tracebacks leave it out.
const wrapperFile = "closure.go"

// staticName returns the name of the method for a static function.
func (m *module) staticName(fn *resolve.Func) string {
	name, ok := m.statics[fn]
	if !ok {
		name = m.fields.name("call_", funcName(fn))
		m.statics[fn], m.goNames[fn] = name, name
	}
	return name
}

// resultType returns the Go results of a static function.
func (m *module) resultType(s *infer.Static) string {
	switch {
	case s.Results == infer.NoResult:
		return ""
	case s.Results == infer.OneResult:
		return m.resultRep(s).goType()
	}
	return "(rt.Value, int)"
}

// resultRep returns how the one result of s is represented.
func (m *module) resultRep(s *infer.Static) rep {
	if m.facts.NumberResult(s) {
		return repFloat
	}
	return repValue
}

// staticClosure prints the method of the static function that x declares, and
// returns an operand for the function's value: true where nothing needs it but
// to see that it is there.
func (f *function) staticClosure(x *syntax.FunctionExpr, s *infer.Static) operand {
	m := f.m
	g := m.newFunction(s.Func, newScope())
	g.static = s
	var body bytes.Buffer
	g.asMethod(&body)
	d := &m.decls
	name := m.staticName(s.Func)
	fmt.Fprintf(d, "// %s is the function at %s:%d.\n//\n", name, comment(m.info.Chunk.Name), x.Pos().Line)
	d.Write(body.Bytes())
	d.WriteString("\n\n")
	if !s.Escapes {
		return booleanOperand(true)
	}
	maker := m.fields.name("fn_", funcName(s.Func))
	fmt.Fprintf(d, "// %s makes a closure of %s.\n", maker, name)
	d.WriteString(noInline)
	fmt.Fprintf(d, "func (ck *%s) %s() rt.Value {\nreturn %s\n}\n\n", m.typeName, maker, m.newClosure(s.Func, m.wrapper(s)))
	t := f.names.numbered("f")
	f.line(t + " := ck." + maker + "()")
	return temp(t)
}

// wrapper returns a Go function literal of type rt.Fn that calls s.
func (m *module) wrapper(s *infer.Static) string {
	args := []string{"th"}
	for i := range s.Func.Params {
		if i < 3 {
			args = append(args, fmt.Sprintf("a%d", i))
		} else {
			args = append(args, fmt.Sprintf("th.Param(%d, nargs)", i))
		}
	}
	call := fmt.Sprintf("ck.%s(%s)", m.staticName(s.Func), strings.Join(args, ", "))
	switch {
	case s.Results == infer.NoResult:
		call += "\nreturn rt.Value{}, 0"
	case s.Results == infer.OneResult:
		call = "return " + operand{code: call, rep: m.resultRep(s)}.value() + ", 1"
	default:
		call = "return " + call
	}
	return fmt.Sprintf("//line %s:1\nfunc(th *rt.Thread, nargs int, a0, a1, a2 rt.Value) (rt.Value, int) {\n%s\n}", wrapperFile, call)
}

// asMethod prints the static function as a method of the chunk.
func (f *function) asMethod(w *bytes.Buffer) {
	var params []string
	for _, v := range f.fn.Params {
		g := f.declare(v)
		params = append(params, ", "+g.name+" "+g.rep.goType())
	}
	if f.static.Loops {
		f.again = f.names.numbered("again")
	}
	f.functionBody()
	f.lineDirective(w, f.start())
	fmt.Fprintf(w, "func (ck *%s) %s(th *rt.Thread%s) %s {\n", f.m.typeName, f.m.staticName(f.fn), strings.Join(params, ""), f.m.resultType(f.static))
	f.countDepth(w)
	if f.again != "" {
		w.WriteString(f.again + ":\n")
	}
	w.Write(f.out.Bytes())
	w.WriteString("}")
}

// staticCall prints a call of a static function.
//
//	f(x)      t1 := ck.call_f(th, x)
func (f *function) staticCall(x syntax.Expr, want results) (first operand, n string, ok bool) {
	call, isCall := x.(*syntax.CallExpr)
	if !isCall {
		return operand{}, "", false
	}
	s := f.m.facts.Callee(call)
	if s == nil {
		return operand{}, "", false
	}
	code := f.staticCode(call, s)
	switch s.Results {
	case infer.NoResult:
		f.at(x.Pos(), code)
		if want == oneResult {
			return f.temp(), "0", true
		}
		return nilOperand, "0", true
	case infer.OneResult:
		if want == discardResults {
			f.at(x.Pos(), code)
			return nilOperand, "1", true
		}
		t := f.names.numbered("t")
		f.at(x.Pos(), t+" := "+code)
		return operand{mode: temporary, code: t, rep: f.m.resultRep(s)}, "1", true
	}
	first, n = f.finishCall(x, code, want)
	return first, n, true
}

// staticCode evaluates the arguments of a static call and returns the Go
// expression of the call.
func (f *function) staticCode(call *syntax.CallExpr, s *infer.Static) string {
	var fn operand
	if s.MayBeNil {
		fn = f.nameExpr(call.Fn.(*syntax.NameExpr))
		if !allSimple(call.Args) {
			fn = f.settle(fn)
		}
	}
	args := f.staticArgs(call, s)
	if s.MayBeNil {
		f.linef("if %s.IsNil() {", fn.code)
		f.at(call.Pos(), fmt.Sprintf("rt.Value{}.Callee(th, %s)", f.name1(call.Fn)))
		f.line("}")
	}
	code := "ck." + f.m.staticName(s.Func) + "(th"
	for i, v := range s.Func.Params {
		r := repValue
		if f.m.facts.IsNumber(v) {
			r = repFloat
		}
		code += ", " + args[i].as(r)
	}
	return code + ")"
}

// staticArgs evaluates the arguments of a static call: one for each parameter.
func (f *function) staticArgs(call *syntax.CallExpr, s *infer.Static) []operand {
	want := len(s.Func.Params)
	var args []operand
	for i, x := range call.Args {
		if i == len(call.Args)-1 && f.isMulti(x) && i+1 < want {
			return append(args, f.exprList(call.Args[i:], want-i)...)
		}
		if i >= want {
			f.drop(x)
			continue
		}
		o := f.expr(x)
		if !allSimple(call.Args[i+1:]) {
			o = f.settle(o)
		}
		args = append(args, o)
	}
	for len(args) < want {
		args = append(args, nilOperand)
	}
	return args
}

// drop evaluates an argument that the function does not take. What it mentions
// may be used by nothing else.
func (f *function) drop(x syntax.Expr) {
	f.discard(x)
	if _, ok := x.(*syntax.VarargExpr); ok || syntax.IsSimple(x) {
		f.use(x)
	}
}

// returnStatic prints "return f(...)" where f is a static function.
func (f *function) returnStatic(x syntax.Expr) bool {
	call, isCall := x.(*syntax.CallExpr)
	if !isCall {
		return false
	}
	s := f.m.facts.Callee(call)
	if s == nil {
		return false
	}
	if s == f.static {
		f.jumpBack(call, s)
		return true
	}
	code := f.staticCode(call, s)
	f.leave()
	f.tailDirective(x.Pos())
	switch {
	case s.Results == infer.NoResult:
		f.line(code)
		f.returnValues(nil)
	case s.Results == infer.OneResult:
		f.returnValues([]operand{{code: code, rep: f.m.resultRep(s)}})
	default:
		f.line("return " + code)
	}
	return true
}

// jumpBack prints a tail call of the function itself.
func (f *function) jumpBack(call *syntax.CallExpr, s *infer.Static) {
	if s.MayBeNil {
		// It is being executed: it has been assigned.
		f.line("_ = " + f.nameExpr(call.Fn.(*syntax.NameExpr)).code)
	}
	args := f.staticArgs(call, s)
	for i := range args {
		args[i] = f.settleCopy(args[i])
	}
	for i, v := range s.Func.Params {
		g := f.m.variableOf(v)
		f.line(g.code() + " = " + args[i].as(g.rep))
	}
	f.line("goto " + f.again)
}

// returnValues prints the return of no value or one from any function.
func (f *function) returnValues(list []operand) {
	results := infer.AnyResults
	if f.static != nil {
		results = f.static.Results
	}
	switch {
	case results == infer.NoResult:
		f.line("return")
	case results == infer.OneResult:
		f.line("return " + list[0].as(f.m.resultRep(f.static)))
	case len(list) == 0:
		f.line("return rt.Value{}, 0")
	default:
		f.linef("return %s, 1", list[0].value())
	}
}

// isMulti reports whether x can have any number of values.
func (f *function) isMulti(x syntax.Expr) bool {
	if call, ok := x.(*syntax.CallExpr); ok {
		if s := f.m.facts.Callee(call); s != nil && s.Results == infer.OneResult {
			return false
		}
	}
	return syntax.IsMulti(x)
}
