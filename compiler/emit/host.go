package emit

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/surface"
	"github.com/luago-lang/luago/compiler/syntax"
)

// hostMethod returns the declared method that x calls, if the object's class
// is known and emit can call the Go method directly; else nil.
func (f *function) hostMethod(x syntax.Expr, want results) *surface.Method {
	call, ok := x.(*syntax.MethodCallExpr)
	if !ok || want == allResults || f.m.facts == nil || f.m.facts.Classes == nil {
		return nil
	}
	m := f.m.facts.Classes.Call(call)
	if m == nil || m.GoName == "" || m.Static || !m.Class.IsHost() || m.Variadic != nil || m.Spread || len(m.Results) > 1 {
		return nil
	}
	for _, p := range m.Params {
		if p.Type.Kind == surface.Host && !p.Type.Optional {
			return nil
		}
	}
	if n := len(call.Args); n > 0 && f.isMulti(call.Args[n-1]) && n <= len(m.Params) {
		if _, vararg := call.Args[n-1].(*syntax.VarargExpr); vararg || n < len(m.Params) {
			return nil // later parameters could get its other values
		}
	}
	return m
}

// hostCall prints a method call on a host object of known class as a direct
// call of the Go method, and reports whether it did. The object is tested: it
// may be nil, and a script may give it fields of its own.
//
//	conn:send_message(s)     self1, ok1 := rt.HostOf(conn).(*wsrt.Conn)
//	                         ...
//	                         if ok1 {
//	                             t1 = self1.SendMessage(th, rt.CheckString(th, "send_message", 1, 1, s))
//	                         } else { the call as any other }
func (f *function) hostCall(x syntax.Expr, want results) (operand, bool) {
	m := f.hostMethod(x, want)
	if m == nil {
		return operand{}, false
	}
	call := x.(*syntax.MethodCallExpr)
	f.m.imports[m.Class.Module.PkgPath] = true
	recv := f.settleValue(f.expr(call.Recv))
	self, ok := f.names.numbered("self"), f.names.numbered("ok")
	f.linef("%s, %s := rt.HostOf(%s).(*%s)", self, ok, recv.code, m.Class.GoTypeIn(""))
	method := f.names.numbered("m")
	f.linef("var %s rt.Value", method)
	f.linef("if !%s {", ok)
	looked := f.method(call, recv)
	f.linef("%s = %s", method, looked)
	f.line("}")

	var args []operand
	for i, arg := range call.Args {
		o := f.expr(arg)
		if !allSimple(call.Args[i+1:]) {
			o = f.settle(o)
		}
		args = append(args, o)
	}
	result := nilOperand
	if want == oneResult {
		result = f.temp()
	}
	f.linef("if %s {", ok)
	direct := fmt.Sprintf("%s.%s(%s)", self, m.GoName, strings.Join(f.hostArgs(m, args, x.Pos()), ", "))
	if len(m.Results) == 1 && want == oneResult {
		direct = result.code + " = " + m.Results[0].Type.ToValue(direct)
	}
	f.at(x.Pos(), direct)
	f.line("} else {")
	all := append([]operand{recv}, args...)
	f.extraArgs(all)
	n, first := f.names.numbered("n"), "_"
	if want == oneResult {
		first = f.names.numbered("t")
	}
	f.at(x.Pos(), fmt.Sprintf("%s, %s := %s.Callee(th, %q)(th, %d%s)", first, n, method, "method '"+m.Name+"'", len(all), firstArgs(all)))
	f.linef("if %s < 0 {", n)
	if want == oneResult {
		f.at(x.Pos(), first+", _ = th.FinishTail()")
	} else {
		f.at(x.Pos(), "th.FinishTail()")
	}
	f.line("}")
	if want == oneResult {
		f.line(result.code + " = " + first)
	}
	f.line("}")
	return result, true
}

// hostArgs converts arguments to the declared parameter types.
func (f *function) hostArgs(m *surface.Method, args []operand, pos diag.Pos) []string {
	codes := []string{"th"}
	for i, p := range m.Params {
		arg := nilOperand
		if i < len(args) {
			arg = args[i]
		}
		codes = append(codes, f.hostArg(m, i, p.Type, arg, len(args), pos))
	}
	return codes
}

// checks are the runtime's functions that test an argument and return it as
// Go.
var checks = map[surface.Kind]string{
	surface.Number: "CheckNumber", surface.Integer: "CheckInt",
	surface.String: "CheckString", surface.Table: "CheckTable",
}

func (f *function) hostArg(m *surface.Method, i int, t *surface.Type, arg operand, given int, pos diag.Pos) string {
	check := func(fn string) string {
		return fmt.Sprintf("rt.%s(th, %q, %d, %d, %s)", fn, m.Name, i+1, given, arg.value())
	}
	switch {
	case t.Optional:
		if fn := checks[t.Kind]; fn != "" && arg.mode != constNil {
			arg = f.settleValue(arg)
			f.linef("if !%s.IsNil() {", arg.code)
			f.at(pos, check(fn))
			f.line("}")
		}
	case t.Kind == surface.Number && arg.isNumber():
		return arg.typedFloat()
	case t.Kind == surface.Boolean:
		return arg.value() + ".Truthy()"
	case t.Kind == surface.Function:
		f.at(pos, check("CheckFunction"))
	case checks[t.Kind] != "":
		return check(checks[t.Kind])
	}
	return arg.value()
}
