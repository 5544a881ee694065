package emit

import (
	"fmt"
	"strconv"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// numericFor prints a numeric for statement (reference manual, section
// 3.3.5). Where infer found an integral counter:
//
//	for i = 1, n do         for i, limit := 1, rt.ForLimit(...); i <= limit; i++ {
//
// and otherwise a float64, to which the step is added as in C Lua.
func (f *function) numericFor(s *syntax.NumericForStmt) {
	v := f.m.info.Defs[s.Var]
	if direction := f.m.facts.Counter(s); direction != 0 {
		f.counterFor(s, direction)
		return
	}
	// All three are evaluated before any is looked at.
	start, limit, step := f.forOperand(s.Start), f.forOperand(s.Limit), numberOperand(1)
	if s.Step != nil {
		step = f.forOperand(s.Step)
	}
	start = f.forNumber(start, "initial value", headEnd(s))
	limit = f.forNumber(limit, "limit", headEnd(s))
	step = f.forNumber(step, "step", headEnd(s))
	i := f.names.numbered("i")
	f.line("{")
	var cond string
	switch {
	case step.literal && step.number > 0:
		cond = fmt.Sprintf("%s <= %s", i, limit.code)
	case step.literal && step.number < 0:
		cond = fmt.Sprintf("%s >= %s", i, limit.code)
	default:
		cond = fmt.Sprintf("rt.InRange(%s, %s, %s)", i, limit.code, step.typedFloat())
	}
	f.linef("for %s := rt.ForStart(%s, %s); %s; %s += %s {", i, start.code, step.code, cond, i, step.code)
	g := f.declareNumber(v)
	counter := operand{mode: temporary, rep: repFloat, code: i}
	f.linef("%s := %s", g.name, counter.as(g.rep))
	if v.Uses == 0 {
		f.line("_ = " + g.name)
	}
	f.showLoop(numericState, [3]operand{counter, limit, step}, v)
	f.loopBody(s.Body)
	f.loopPoint(1, s.Pos())
	f.line("}")
	f.line("}")
}

// counterFor prints a loop that counts in ints. Its start and step are
// numerals or control variables of loops around it.
func (f *function) counterFor(s *syntax.NumericForStmt, direction int) {
	v := f.m.info.Defs[s.Var]
	start := f.expr(s.Start)
	step := numberOperand(1)
	if s.Step != nil {
		step = f.expr(s.Step)
	}
	limit := f.expr(s.Limit)
	code := limit.code
	if !(limit.literal && limit.rep == repInt) {
		number := limit.float()
		if !limit.isNumber() {
			n := f.names.numbered("n")
			f.at(headEnd(s), fmt.Sprintf("%s := rt.ForNumber(th, %s, \"limit\")", n, limit.value()))
			number = n
		}
		code = f.names.numbered("limit")
		f.linef("%s := rt.ForLimit(%s, %d)", code, number, direction)
	}
	g := f.declareNumber(v)
	g.rep = repInt
	i := g.name
	compare, advance := "<=", i+" += "+step.code
	switch {
	case direction < 0:
		compare, advance = ">=", i+" -= "+strconv.FormatInt(int64(-step.number), 10)
		if step.number == -1 {
			advance = i + "--"
		}
	case step.literal && step.number == 1:
		advance = i + "++"
	}
	first := start.code
	if start.literal { // 1 + 0x7fffffff is an integer, too
		first = strconv.FormatInt(int64(start.number), 10)
	}
	for _, t := range f.m.facts.Fills(s) {
		f.linef("rt.ReserveLoop(%s, %s, %s)", f.m.variableOf(t).code(), first, code)
	}
	f.linef("for %s := %s; %s %s %s; %s {", i, first, i, compare, code, advance)
	f.loopBody(s.Body)
	f.line("}")
}

// headEnd returns where the head of a numeric for statement ends: the line on
// which wrong limits are reported.
func headEnd(s *syntax.NumericForStmt) diag.Pos {
	if s.Step != nil {
		return s.Step.End()
	}
	return s.Limit.End()
}

// forOperand evaluates one of the three expressions of a numeric for to an
// operand that later code cannot change.
func (f *function) forOperand(x syntax.Expr) operand {
	o := f.load(x)
	switch {
	case o.mode == constNumber:
		o.rep = repFloat
		return o
	case o.isNumber():
		t := f.names.numbered("n")
		f.linef("%s := %s", t, o.typedFloat())
		return operand{mode: temporary, rep: repFloat, code: t}
	}
	return f.settleCopy(o)
}

// forNumber makes such an operand a float64.
func (f *function) forNumber(o operand, what string, pos diag.Pos) operand {
	if o.isNumber() {
		return o
	}
	t := f.names.numbered("n")
	f.at(pos, fmt.Sprintf("%s := rt.ForNumber(th, %s, %q)", t, o.value(), what))
	return operand{mode: temporary, rep: repFloat, code: t}
}

// genericFor prints a generic for statement.
//
//	for k, v in pairs(t) do     for it := rt.Iterate(th, f, s, c); it.Next(th); {
//	                                k, v := it.K, it.V
func (f *function) genericFor(s *syntax.GenericForStmt) {
	list := f.exprList(s.Values, 3)
	if f.m.instrumented {
		for i := range list {
			list[i] = f.settleCopy(list[i])
		}
	}
	it := f.names.numbered("it")
	f.at(s.Values[0].Pos(), fmt.Sprintf("%s := rt.Iterate(th, %s)", it, values(list)))
	count := ""
	f.lineDirective(&f.out, s.Values[0].Pos())
	if len(s.Vars) <= 2 {
		f.linef("for %s.Next(th) {", it)
	} else {
		count = f.names.numbered("n")
		ok := f.names.numbered("ok")
		f.linef("for %s, %s := %s.NextN(th); %s; %s, %s = %s.NextN(th) {", count, ok, it, ok, count, ok, it)
		f.line("_ = " + count)
	}
	for i, name := range s.Vars {
		v := f.m.info.Defs[name]
		if v.Uses == 0 && v.Assigned == 0 && !f.m.instrumented {
			continue
		}
		g := f.declare(v)
		switch i {
		case 0:
			f.linef("%s := %s.K", g.name, it)
		case 1:
			f.linef("%s := %s.V", g.name, it)
		default:
			f.linef("%s := th.Result(%d, %s)", g.name, i, count)
		}
		if v.Uses == 0 {
			f.line("_ = " + g.name)
		}
	}
	vars := make([]*resolve.Var, len(s.Vars))
	for i, name := range s.Vars {
		vars[i] = f.m.info.Defs[name]
	}
	f.showLoop(genericState, [3]operand{list[0], list[1], {code: it + ".K"}}, vars...)
	f.loopBody(s.Body)
	f.loopPoint(len(vars), s.Values[0].Pos())
	f.line("}")
}
