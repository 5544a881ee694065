package emit

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Instrumented programs. A program that can reach debug.sethook, getlocal or
// setlocal (see resolve.Program.Records), or that is built with -debug, is emitted in
// another form as a whole: each call keeps a record of itself, an rt.Activation,
// which tells the runtime what Go cannot: the function that is called, the line it
// is on, and which variables are in scope and where. All other programs are
// emitted as if this file did not exist.
//
// What is recorded is what can be asked for. getinfo(level, "f") needs the functions;
// lines are said only where something can fail or call, and fast paths stay. Hooks
// need all lines. The variables, which cost most, are for getlocal and setlocal.
//
//	local function f(a)                 rt.NewInstrumented(&protoF, func(th *rt.Thread, frame *rt.Activation, ...) (rt.Value, int) {
//	                                        frame.Declare(0, "a", &a)
//	                                        frame.Start()
//	  for i = 1, 2 do                       frame.At(2)
//	                                        for i1 := ...; {
//	                                            i := rt.Number(i1)
//	                                            frame.Declare(4, "i", &i)
//	                                            frame.Jump()
//	    local x = a                             frame.At(3)
//	                                            x := a
//	                                            frame.Declare(5, "x", &x)
//	    g(x)                                    frame.At(4)
//	                                            ...
//	                                            frame.Scope(5)
//	  end                                       frame.At(2)
//	                                        }
//	                                        frame.Scope(1)
//	end                                     frame.At(6)
//	                                        return rt.Value{}, 0
//
// Variables are numbered as C Lua numbers its registers, so where one is declared
// the number of those in scope is known, and the record needs no search; the
// hidden variables of loops count. The addresses make Go keep the variables on the
// heap, and reading them costs nothing until someone asks.
//
// Lines. A debugger's line hook runs when the line of C Lua's instructions changes,
// or control jumps back. Where an operation can fail or call, code is emitted by
// function.at, whose line is that of C Lua's instruction already; so at says the
// line, and the functions below add the instructions that cannot fail: loads of
// constants and variables, tests, jumps and returns. For every instruction the
// line must be said whether a fast path is taken or not, hence the calls of point
// before those, and inline fast paths are off.
//
// What a program does is the same in both forms; the corpus is run in this one by
// TestInstrumented.

// recordNames are the runtime's names of what is recorded.
var recordNames = map[resolve.Records]string{
	resolve.RecordFunctions: "RecordFunctions",
	resolve.RecordLines:     "RecordLines",
	resolve.RecordVariables: "RecordVariables",
}

// activation is the Go name of the record in each function.
const activation = "frame"

// activationParam returns the parameter that a function literal gets before the
// others.
func (f *function) activationParam() string {
	if !f.m.instrumented {
		return ""
	}
	return activation + " *rt.Activation, "
}

// instrument adds to the description of fn what debuggers ask for.
func (d *description) instrument(fn *resolve.Func, records resolve.Records) {
	names := make([]string, len(fn.Params))
	for i, v := range fn.Params {
		names[i] = strconv.Quote(v.Name)
	}
	lines := make([]string, 0, len(d.lines))
	for _, line := range slices.Sorted(maps.Keys(d.lines)) {
		lines = append(lines, strconv.Itoa(line))
	}
	d.fields = append(d.fields, "ParamNames: []string{"+strings.Join(names, ", ")+"}")
	if records >= resolve.RecordLines {
		d.fields = append(d.fields, "Lines: []int{"+strings.Join(lines, ", ")+"}")
	}
}

// startCall declares the parameters and says that the call has begun.
func (f *function) startCall() {
	if f.m.records < resolve.RecordLines {
		return
	}
	for _, v := range f.fn.Params {
		f.show(v)
	}
	f.line(activation + ".Start()")
}

// show says that v is in scope from here on.
func (f *function) show(v *resolve.Var) {
	if f.m.records >= resolve.RecordVariables {
		f.linef("%s.Declare(%d, %q, &%s)", activation, f.visible, v.Name, f.m.vars[v].code())
		f.visible++
	}
}

// hide says that only the first n variables are in scope from here on.
func (f *function) hide(n int) {
	if f.m.records >= resolve.RecordVariables {
		f.linef("%s.Scope(%d)", activation, n)
		f.visible = n
	}
}

// hideAfter is hide at the end of b, if control gets there.
func (f *function) hideAfter(b *syntax.Block, n int) {
	if f.visible > n && b != f.body() && !f.terminates(b) {
		f.hide(n)
	}
	f.visible = n
}

// The names of the hidden variables of loops.
var (
	numericState = [3]string{"(for index)", "(for limit)", "(for step)"}
	genericState = [3]string{"(for generator)", "(for state)", "(for control)"}
)

// showLoop says that a loop's hidden variables and its own are in scope; that is
// at the start of its body.
func (f *function) showLoop(hidden [3]string, values [3]operand, vars ...*resolve.Var) {
	if f.m.records < resolve.RecordVariables {
		f.jumpPoint()
		return
	}
	for i, name := range hidden {
		f.linef("%s.DeclareHidden(%d, %q, %s)", activation, f.visible, name, values[i].value())
		f.visible++
	}
	for _, v := range vars {
		f.show(v)
	}
	f.jumpPoint()
}

// point says that control comes to an instruction on the line of pos.
func (f *function) point(pos diag.Pos) { f.pointAtLine(int(pos.Line)) }

func (f *function) pointAtLine(line int) {
	if f.m.records >= resolve.RecordLines {
		f.sayLine(line)
	}
}

// sayLine prints that the function comes to a line.
func (f *function) sayLine(line int) {
	if !f.out.says(line) {
		f.out.say(line, activation+".At("+strconv.Itoa(line)+")\n")
		f.m.description(f.fn).lines[line] = true
	}
}

// load is expr where C Lua would put the value into a register.
func (f *function) load(x syntax.Expr) operand { return f.loadAt(x, x.End()) }

// loadAt is load where that happens at pos.
func (f *function) loadAt(x syntax.Expr, pos diag.Pos) operand {
	o := f.expr(x)
	if syntax.IsLoad(x) {
		f.point(pos)
	}
	return o
}

// testPoint is point for the test of a condition, if that needs one.
func (f *function) testPoint(cond syntax.Expr, pos diag.Pos) {
	if syntax.IsTested(cond) {
		f.point(pos)
	}
}

// leftPoint is point for the test of the left operand of "and" or "or", if that
// needs one.
func (f *function) leftPoint(x *syntax.BinaryExpr) {
	if syntax.IsLeftTested(x) {
		f.point(x.OpPos)
	}
}

// jumpPoint says that control jumps back.
func (f *function) jumpPoint() {
	if f.m.records >= resolve.RecordLines {
		f.line(activation + ".Jump()")
	}
}

// loopPoint says, at the end of the body of a for loop with so many variables,
// that control comes to the loop's own instruction.
func (f *function) loopPoint(vars int, pos diag.Pos) {
	if f.m.instrumented {
		f.hide(f.visible - vars)
		f.point(pos)
	}
}

// isJumpOfTest reports whether s, a break or goto, is what an if statement does
// first: then it is the jump of the test, and no instruction of its own.
func (f *function) isJumpOfTest(s syntax.Stmt) bool {
	return f.testedBody != nil && len(f.testedBody.Stmts) > 0 && f.testedBody.Stmts[0] == s
}

// gotoPoint says that control jumps to the label of s, perhaps back.
func (f *function) gotoPoint(s *syntax.GotoStmt) {
	if !f.isJumpOfTest(s) {
		f.point(s.Pos())
	}
	if f.m.info.Gotos[s].Pos().Before(s.Pos()) {
		f.jumpPoint()
	}
}

// rightOperand evaluates x.Y while the left operand a waits for it. Where x.Y can
// call, and a is no local variable, a becomes a value without a name that debuggers
// can see and change.
func (f *function) rightOperand(a *operand, x *syntax.BinaryExpr) operand {
	if f.m.records < resolve.RecordVariables || syntax.IsSimple(x.Y) || a.isConstant() || f.isLocal(x.X) {
		return f.expr(x.Y)
	}
	t := f.temp()
	f.line(t.code + " = " + a.value())
	f.linef("%s.Push(&%s)", activation, t.code)
	b := f.expr(x.Y)
	f.line(activation + ".Pop()")
	*a = t
	return b
}
