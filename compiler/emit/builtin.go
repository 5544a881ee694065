package emit

import (
	"strings"

	"github.com/luago-lang/luago/compiler/syntax"
)

// Functions of the string library that a script calls by name: the runtime
// looks up the methods of strings faster, and does the usual case of some of
// them itself (rt/builtin.go).

// A builtin is what the runtime has for a function of the string library.
type builtin struct {
	id    string   // number of the function in rt
	call  string   // function of rt that does the usual case, or ""
	min   int      // arguments that it takes, self among them
	makes bool     // call takes the thread, too
	more  []string // what stands for those beyond min if they are absent
}

var builtins = map[string]builtin{
	"byte":    {id: "BuiltinByte", call: "CallByte", min: 1, more: []string{"rt.Number(1)"}},
	"char":    {id: "BuiltinChar", call: "CallChar", min: 1},
	"find":    {id: "BuiltinFind"},
	"format":  {id: "BuiltinFormat"},
	"gmatch":  {id: "BuiltinGmatch"},
	"gsub":    {id: "BuiltinGsub"},
	"len":     {id: "BuiltinLen", call: "CallLen", min: 1},
	"lower":   {id: "BuiltinLower"},
	"match":   {id: "BuiltinMatch"},
	"rep":     {id: "BuiltinRep"},
	"reverse": {id: "BuiltinReverse"},
	"sub":     {id: "BuiltinSub", call: "CallSub", makes: true, min: 2, more: []string{"rt.Number(-1)"}},
	"upper":   {id: "BuiltinUpper"},
}

// builtinOf returns the builtin that x, a call, seems to reach.
func (f *function) builtinOf(x syntax.Expr) builtin {
	switch x := x.(type) {
	case *syntax.CallExpr:
		return builtins[f.m.facts.Library(f.m.info, x.Fn)]
	case *syntax.MethodCallExpr:
		return builtins[x.Method.Text]
	}
	return builtin{}
}

// builtinCall prints the usual case of a call of fn with args, if x seems to
// reach a builtin that the runtime has one for, and reports whether it did. In Go,
// ok says whether it was the usual case, and result is its only result.
//
//	s:sub(i, j)     t2, ok1 := rt.CallSub(t1, s, i, j)
//	                if !ok1 { the call as any other }
func (f *function) builtinCall(x syntax.Expr, fn string, args []operand) (result, ok string, done bool) {
	b := f.builtinOf(x)
	if b.call == "" || !f.inline() || len(args) < b.min || len(args) > b.min+len(b.more) {
		return "", "", false
	}
	codes := []string{fn}
	if b.makes {
		codes = []string{"th", fn}
	}
	for _, o := range args {
		codes = append(codes, o.value())
	}
	codes = append(codes, b.more[len(args)-b.min:]...)
	result, ok = f.names.numbered("t"), f.names.numbered("ok")
	f.linef("%s, %s := rt.%s(%s)", result, ok, b.call, strings.Join(codes, ", "))
	return result, ok, true
}

// elseCall prints the call that finishCall does, for what builtinCall has not done.
func (f *function) elseCall(x syntax.Expr, code string, want results, result, ok string) (first operand, n string) {
	if want == allResults {
		n = f.names.numbered("n")
		f.linef("%s := 1", n)
	}
	f.linef("if !%s {", ok)
	called, count := f.finishCall(x, code, want)
	switch want {
	case oneResult:
		f.linef("%s = %s", result, called.code)
	case allResults:
		f.linef("%s, %s = %s, %s", result, n, called.code, count)
	}
	f.line("}")
	return temp(result), n
}

// stringMethod starts the lookup of the method of x in recv: t is the Go
// variable for it. It reports whether it did.
func (f *function) stringMethod(x *syntax.MethodCallExpr, recv operand, t string) bool {
	b, known := builtins[x.Method.Text]
	if !known || !f.inline() {
		return false
	}
	f.linef("%s := th.StringMethod(%s, rt.%s)", t, recv.code, b.id)
	return true
}
