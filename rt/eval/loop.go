package eval

import (
	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

func (f *function) whileStmt(s *syntax.WhileStmt) stmt {
	test, body := f.test(s.Cond, line(s.Cond.End())), f.jumping(f.block(s.Body), line(s.Body.LastPos(s.Cond.End())))
	return func(fr *frame) ctl {
		for test(fr) {
			if c := body(fr); c != ctlNext {
				if c == ctlBreak {
					break
				}
				return c
			}
		}
		return ctlNext
	}
}

func (f *function) repeatStmt(s *syntax.RepeatStmt) stmt {
	slots, cells := f.slots, f.cells
	body := f.openBlock(s.Body)
	test := f.again(f.test(s.Cond, line(s.Cond.End())))
	f.slots, f.cells = slots, cells
	return func(fr *frame) ctl {
		for {
			if c := body(fr); c != ctlNext {
				if c == ctlBreak {
					return ctlNext
				}
				return c
			}
			if test(fr) {
				return ctlNext
			}
		}
	}
}

// numericFor counts in float64, as the C implementation does.
func (f *function) numericFor(s *syntax.NumericForStmt) stmt {
	last := s.Limit
	if s.Step != nil {
		last = s.Step
	}
	at := last.End()
	start, limit, step := f.forNumber(s.Start, "initial value", at), f.forNumber(s.Limit, "limit", at), f.forNumber(s.Step, "step", at)
	slots, cells := f.slots, f.cells
	hidden := f.hidden("(for index)", "(for limit)", "(for step)")
	for i := range hidden {
		b := [...]*bound{&start, &limit, &step}[i]
		b.value = hidden[i].keeping(b.value)
	}
	v := f.declare(f.info.Defs[s.Var])
	body := f.loopBody(s.Body, line(s.Pos()), hidden, 0, f.info.Defs[s.Var])
	f.slots, f.cells = slots, cells
	if v.kind == inCell {
		return countingLoop(start, limit, step, define(v), body)
	}
	if n, ok := stepOf(s); ok && n == 1 && !f.instrumented {
		return f.upwards(start, limit, v.index, body)
	}
	slot := v.index
	return countingLoop(start, limit, step, func(fr *frame, v rt.Value) { fr.Slots[slot] = v }, body)
}

// stepOf returns the step of a loop, if it is a constant.
func stepOf(s *syntax.NumericForStmt) (float64, bool) {
	if s.Step == nil {
		return 1, true
	}
	return constantNumber(s.Step)
}

// A bound is one of the three expressions of a numeric for statement.
type bound struct {
	value expr
	what  string
	line  int
}

// number converts the value v of the bound.
func (b *bound) number(fr *frame, v rt.Value) float64 {
	if v.IsNumber() {
		return v.F
	}
	fr.At(b.line)
	return rt.ForNumber(fr.Thread, v, b.what)
}

// forNumber turns one of the expressions. The C implementation looks at all of
// them when it comes to the word do, after the last one.
func (f *function) forNumber(x syntax.Expr, what string, do diag.Pos) bound {
	if x == nil {
		return bound{value: constant(rt.Number(1))}
	}
	return bound{f.load(x), what, line(do)}
}

// upwards is a loop with step 1 over a variable in a slot.
func (f *function) upwards(start, limit bound, slot int, body stmt) stmt {
	return func(fr *frame) ctl {
		from, to := start.value(fr), limit.value(fr)
		i := start.number(fr, from)
		last := limit.number(fr, to)
		for i = rt.ForStart(i, 1); i <= last; i++ {
			fr.Slots[slot] = rt.Number(i)
			if c := body(fr); c != ctlNext {
				if c == ctlBreak {
					break
				}
				return c
			}
		}
		return ctlNext
	}
}

func countingLoop(start, limit, step bound, set func(*frame, rt.Value), body stmt) stmt {
	return func(fr *frame) ctl {
		from, to, by := start.value(fr), limit.value(fr), step.value(fr)
		i := start.number(fr, from)
		last := limit.number(fr, to)
		advance := step.number(fr, by)
		for i = rt.ForStart(i, advance); rt.InRange(i, last, advance); i += advance {
			set(fr, rt.Number(i))
			if c := body(fr); c != ctlNext {
				if c == ctlBreak {
					break
				}
				return c
			}
		}
		return ctlNext
	}
}

func (f *function) genericFor(s *syntax.GenericForStmt) stmt {
	fixed, last := f.exprsMulti(s.Values)
	line := line(s.Values[0].Pos()) // as in the C implementation
	slots, cells := f.slots, f.cells
	hidden := f.hidden("(for generator)", "(for state)", "(for control)")
	var vars []func(*frame, rt.Value)
	var declared []*resolve.Var
	inSlots := len(s.Vars) <= 2
	var at place
	for _, name := range s.Vars {
		declared = append(declared, f.info.Defs[name])
		at = f.declare(f.info.Defs[name])
		inSlots = inSlots && at.kind == inSlot
		vars = append(vars, define(at))
	}
	body := f.forgetful(f.loopBody(s.Body, line, hidden, 2, declared...), slots, cells)
	f.slots, f.cells = slots, cells
	values := threeValues(fixed, last, hidden)
	if len(vars) > 2 {
		return longLoop(values, line, vars, body)
	}
	k := vars[0]
	v := func(*frame, rt.Value) {}
	if len(vars) == 2 {
		v = vars[1]
	}
	two, slot := len(vars) == 2, at.index
	return func(fr *frame) ctl {
		a, b, c := values(fr)
		fr.At(line)
		it := rt.Iterate(fr.Thread, a, b, c)
		for it.Next(fr.Thread) {
			switch {
			case !inSlots:
				k(fr, it.K)
				v(fr, it.V)
			case two:
				fr.Slots[slot-1], fr.Slots[slot] = it.K, it.V
			default:
				fr.Slots[slot] = it.K
			}
			if c := body(fr); c != ctlNext {
				if c == ctlBreak {
					break
				}
				return c
			}
			fr.At(line)
		}
		return ctlNext
	}
}

// longLoop is a generic for statement with more than two variables.
func longLoop(values func(*frame) (a, b, c rt.Value), line int, vars []func(*frame, rt.Value), body stmt) stmt {
	return func(fr *frame) ctl {
		a, b, c := values(fr)
		fr.At(line)
		it := rt.Iterate(fr.Thread, a, b, c)
		for {
			n, ok := it.NextN(fr.Thread)
			if !ok {
				return ctlNext
			}
			vars[0](fr, it.K)
			vars[1](fr, it.V)
			for i, set := range vars[2:] {
				set(fr, fr.Thread.Result(i+2, n))
			}
			if c := body(fr); c != ctlNext {
				if c == ctlBreak {
					return ctlNext
				}
				return c
			}
			fr.At(line)
		}
	}
}

// threeValues evaluates the expressions of a generic for statement to three values,
// which hidden variables keep, if there are any.
func threeValues(fixed []expr, last multi, hidden []declaration) func(*frame) (a, b, c rt.Value) {
	return func(fr *frame) (a, b, c rt.Value) {
		var buf [8]rt.Value
		vs := values(fr, buf[:0], fixed, last)
		for i := range hidden {
			fr.Slots[hidden[i].at.index] = rt.Nth(vs, i)
		}
		return rt.Nth(vs, 0), rt.Nth(vs, 1), rt.Nth(vs, 2)
	}
}
