package eval

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// block turns a block with a scope of its own into a statement.
func (f *function) block(b *syntax.Block) stmt {
	slots, cells, visible := f.slots, f.cells, f.visible
	s := f.openBlock(b)
	s = f.forgetful(s, slots, cells)
	f.slots, f.cells = slots, cells
	if f.visible > visible {
		s = f.hiding(s, visible)
	}
	return s
}

// functionBody is block for the body of a function, whose variables stay in scope
// to its end.
func (f *function) functionBody(b *syntax.Block) stmt {
	slots, cells := f.slots, f.cells
	return f.forgetful(f.openBlock(b), slots, cells)
}

// forgetful makes s forget the variables from the given ones on when it ends,
// where the chunk could tell that what they refer to is not dead.
func (f *function) forgetful(s stmt, slots, cells int) stmt {
	lastSlot, lastCell := f.slots, f.cells
	if !f.seesDeath || lastSlot == slots && lastCell == cells {
		return s
	}
	return func(fr *frame) ctl {
		c := s(fr)
		clear(fr.Slots[slots:lastSlot])
		clear(fr.Cells[cells:lastCell])
		return c
	}
}

// openBlock is block, but leaves the scope open.
func (f *function) openBlock(b *syntax.Block) stmt {
	return nested(f, b, func() stmt {
		if s := f.labelled(b); s != nil {
			return s
		}
		var list []stmt
		if f.finalizes {
			list = append(list, func(fr *frame) ctl {
				fr.Thread.Finalize()
				return ctlNext
			})
		}
		for _, s := range b.Stmts {
			if s := f.statement(s); s != nil {
				list = append(list, s)
			}
		}
		return sequence(list)
	})
}

func nothing(*frame) ctl { return ctlNext }

// sequence runs statements one after the other.
func sequence(list []stmt) stmt {
	switch len(list) {
	case 0:
		return nothing
	case 1:
		return list[0]
	case 2:
		first, second := list[0], list[1]
		return func(fr *frame) ctl {
			if c := first(fr); c != ctlNext {
				return c
			}
			return second(fr)
		}
	case 3:
		first, second, third := list[0], list[1], list[2]
		return func(fr *frame) ctl {
			if c := first(fr); c != ctlNext {
				return c
			}
			if c := second(fr); c != ctlNext {
				return c
			}
			return third(fr)
		}
	}
	return func(fr *frame) ctl {
		for _, s := range list {
			if c := s(fr); c != ctlNext {
				return c
			}
		}
		return ctlNext
	}
}

// labelled is a block with labels, or nil if b has none. A goto to one of
// them, from wherever in the block, arrives here as a ctl.
func (f *function) labelled(b *syntax.Block) stmt {
	first := ctlGoto + ctl(len(f.labels))
	for _, s := range b.Stmts {
		if label, ok := s.(*syntax.LabelStmt); ok {
			f.labels[label] = ctlGoto + ctl(len(f.labels))
		}
	}
	end := ctlGoto + ctl(len(f.labels))
	if first == end {
		return nil
	}
	var list []stmt
	var targets []int // by label: the statement after it
	for _, s := range b.Stmts {
		if _, ok := s.(*syntax.LabelStmt); ok {
			targets = append(targets, len(list))
			if f.instrumented {
				list = append(list, f.hiding(nothing, f.visible))
			}
		} else if s := f.statement(s); s != nil {
			list = append(list, s)
		}
	}
	return func(fr *frame) ctl {
		for i := 0; i < len(list); {
			c := list[i](fr)
			i++
			if c != ctlNext {
				if c < first || c >= end {
					return c
				}
				i = targets[c-first]
			}
		}
		return ctlNext
	}
}

// statement turns a statement other than a label; nil does nothing.
func (f *function) statement(s syntax.Stmt) stmt {
	return nested(f, s, func() stmt {
		switch s := s.(type) {
		case *syntax.LocalStmt:
			return f.localStmt(s)
		case *syntax.AssignStmt:
			return f.assignStmt(s)
		case *syntax.CallStmt:
			call := f.callMulti(s.Call)
			return func(fr *frame) ctl {
				call(fr)
				return ctlNext
			}
		case *syntax.DoStmt:
			return f.block(s.Body)
		case *syntax.WhileStmt:
			visible := f.visible
			return f.hiding(f.whileStmt(s), visible)
		case *syntax.RepeatStmt:
			visible := f.visible
			return f.hiding(f.repeatStmt(s), visible)
		case *syntax.IfStmt:
			return f.ifStmt(s)
		case *syntax.NumericForStmt:
			visible := f.visible
			return f.hiding(f.numericFor(s), visible)
		case *syntax.GenericForStmt:
			visible := f.visible
			return f.hiding(f.genericFor(s), visible)
		case *syntax.FunctionStmt:
			t := f.target(s.Target, s.Pos())
			return t.assign(f.afterValue(f.expr(s.Fn), line(s.Pos())), false)
		case *syntax.LocalFunctionStmt:
			return f.localFunction(s)
		case *syntax.ReturnStmt:
			return f.returnStmt(s)
		case *syntax.BreakStmt:
			return f.instrumentJump(s, func(*frame) ctl { return ctlBreak }, false)
		case *syntax.GotoStmt:
			to := f.info.Gotos[s]
			label := f.labels[to]
			return f.instrumentJump(s, func(*frame) ctl { return label }, to.Pos().Before(s.Pos()))
		}
		panic(fmt.Sprintf("eval: unknown statement %T", s))
	})
}

// localStmt is a declaration. Each value is stored at once: the new variables
// are not yet visible to the values after it.
func (f *function) localStmt(s *syntax.LocalStmt) stmt {
	var fixed []expr
	var last multi
	if len(s.Names) > len(s.Values) {
		fixed, last = f.exprsMulti(s.Values)
	} else {
		fixed = f.exprs(s.Values)
	}
	places := make([]place, len(s.Names))
	vars := make([]*resolve.Var, len(s.Names))
	for i, name := range s.Names {
		vars[i] = f.info.Defs[name]
		places[i] = f.declare(vars[i])
	}
	if len(places) == 1 && len(fixed) == 1 {
		return f.showing(initialize(places[0], fixed[0]), vars...)
	}
	var list []stmt
	for i, value := range fixed {
		if i < len(places) {
			list = append(list, initialize(places[i], value))
		} else {
			list = append(list, func(fr *frame) ctl {
				value(fr)
				return ctlNext
			})
		}
	}
	if rest := places[min(len(fixed), len(places)):]; len(rest) > 0 {
		list = append(list, f.after(initializeRest(rest, last), line(s.End())))
	}
	return f.showing(sequence(list), vars...)
}

// initialize makes a variable.
func initialize(at place, value expr) stmt {
	i := at.index
	if at.kind == inCell {
		return func(fr *frame) ctl {
			v := value(fr)
			fr.Cells[i] = &v
			return ctlNext
		}
	}
	return func(fr *frame) ctl {
		fr.Slots[i] = value(fr)
		return ctlNext
	}
}

// initializeRest makes variables from all values of last, or as nil.
func initializeRest(rest []place, last multi) stmt {
	defines := make([]func(*frame, rt.Value), len(rest))
	for i, at := range rest {
		defines[i] = define(at)
	}
	if last == nil {
		return func(fr *frame) ctl {
			for _, d := range defines {
				d(fr, rt.Value{})
			}
			return ctlNext
		}
	}
	return func(fr *frame) ctl {
		v, n := last(fr)
		for i, d := range defines {
			if i > 0 {
				v = fr.Thread.Result(i, n)
			}
			d(fr, v)
		}
		return ctlNext
	}
}

// localFunction is "local function f"; f is in scope in its own body.
func (f *function) localFunction(s *syntax.LocalFunctionStmt) stmt {
	v := f.info.Defs[s.Name]
	at := f.declare(v)
	fn := f.expr(s.Fn)
	if at.kind == inSlot {
		return f.showing(initialize(at, fn), v)
	}
	i := at.index
	return f.showing(func(fr *frame) ctl {
		cell := new(rt.Value)
		fr.Cells[i] = cell
		*cell = fn(fr)
		return ctlNext
	}, v)
}

func (f *function) ifStmt(s *syntax.IfStmt) stmt {
	conds := make([]cond, len(s.Clauses))
	bodies := make([]stmt, len(s.Clauses))
	for i, c := range s.Clauses {
		conds[i] = f.test(c.Cond, line(c.Then))
		f.testedBody = c.Body
		bodies[i] = f.block(c.Body)
	}
	var other stmt
	if s.Else != nil {
		other = f.block(s.Else)
	}
	if len(conds) == 1 {
		test, body := conds[0], bodies[0]
		if other == nil {
			return func(fr *frame) ctl {
				if test(fr) {
					return body(fr)
				}
				return ctlNext
			}
		}
		return func(fr *frame) ctl {
			if test(fr) {
				return body(fr)
			}
			return other(fr)
		}
	}
	return func(fr *frame) ctl {
		for i, test := range conds {
			if test(fr) {
				return bodies[i](fr)
			}
		}
		if other != nil {
			return other(fr)
		}
		return ctlNext
	}
}

func (f *function) returnStmt(s *syntax.ReturnStmt) stmt {
	if len(s.Values) == 1 {
		if _, vararg := s.Values[0].(*syntax.VarargExpr); !vararg && syntax.IsMulti(s.Values[0]) {
			return f.tailCall(s.Values[0])
		}
	}
	return f.after(f.returnValues(s), line(s.End()))
}

// returnValues is a return statement that is no tail call.
func (f *function) returnValues(s *syntax.ReturnStmt) stmt {
	fixed, last := f.exprsMulti(s.Values)
	switch {
	case len(s.Values) == 0:
		return func(*frame) ctl { return ctlReturn }
	case last == nil && len(fixed) == 1:
		value := fixed[0]
		return func(fr *frame) ctl {
			fr.First, fr.Count = value(fr), 1
			return ctlReturn
		}
	case last == nil && len(fixed) == 2:
		first, second := fixed[0], fixed[1]
		return func(fr *frame) ctl {
			v := first(fr)
			fr.Thread.Ret[1] = second(fr)
			fr.First, fr.Count = v, 2
			return ctlReturn
		}
	}
	return func(fr *frame) ctl {
		var buf [8]rt.Value
		fr.First, fr.Count = fr.Thread.ReturnSlice(values(fr, buf[:0], fixed, last))
		return ctlReturn
	}
}
