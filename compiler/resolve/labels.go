package resolve

import (
	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Gotos are resolved at the end of each block, from the inside out: a goto
// whose label the block does not have is handed to the block around it. That
// is Lua's rule ("jumps to any visible label") at a constant cost for each
// goto and block around it.

// A label is a LabelStmt in its block.
type label struct {
	stmt   *syntax.LabelStmt
	active int // visible local variables that a goto must have, too
	locals int // len(Func.Locals)
	order  int
}

// A jump is a goto that waits for the end of the block.
type jump struct {
	stmt   *syntax.GotoStmt
	active int // local variables visible at the goto, as far as the block goes
	locals int // len(Func.Locals)
	order  int
	inLoop bool
}

// label declares a label. atEnd says that only labels follow in the block.
func (r *resolver) label(s *syntax.LabelStmt, atEnd bool) {
	fn, b := r.fn, r.fn.block
	name := s.Label.Text
	if old := b.labels[name]; old != nil {
		r.sink.Error(diag.DuplicateLabel, rangeOf(s.Label), "label '%s' is already defined in this block", name).
			Note(rangeOf(old.stmt.Label), "other definition of '%s' here", name)
		return
	}
	l := &label{stmt: s, active: len(fn.active), locals: len(fn.Locals), order: fn.gotos}
	if atEnd {
		l.active = b.active
	}
	fn.gotos++
	fn.labels = append(fn.labels, s)
	if b.labels == nil {
		b.labels = make(map[string]*label)
	}
	b.labels[name] = l
}

func (r *resolver) jump(s *syntax.GotoStmt) {
	fn := r.fn
	j := &jump{stmt: s, active: len(fn.active), locals: len(fn.Locals), order: fn.gotos, inLoop: fn.loops > 0}
	fn.gotos++
	fn.block.gotos = append(fn.block.gotos, j)
}

// closeGotos resolves the gotos of a block that ends, or hands them on. The
// local variables of the block are still active.
func (r *resolver) closeGotos(b *block) {
	fn := r.fn
	for _, j := range b.gotos {
		l := b.labels[j.stmt.Label.Text]
		if l == nil {
			j.active = min(j.active, b.active)
			if b.outer != nil {
				b.outer.gotos = append(b.outer.gotos, j)
			} else {
				r.undefinedLabel(j)
			}
			continue
		}
		r.info.Gotos[j.stmt] = l.stmt
		if j.active < l.active {
			v := fn.active[j.active]
			at := diag.Range{Start: v.Decl, End: v.Decl}
			r.sink.Error(diag.JumpIntoScope, rangeOf(j.stmt.Label), "goto '%s' jumps into the scope of local '%s'", l.stmt.Label.Text, v.Name).
				Note(at, "'%s' declared here", v.Name).
				Note(rangeOf(l.stmt.Label), "label '%s' here", l.stmt.Label.Text)
		}
		if l.order < j.order && l.locals < j.locals {
			fn.repeats = append(fn.repeats, struct{ from, to int }{l.locals, j.locals})
		}
	}
}

// undefinedLabel reports a goto without a visible label.
func (r *resolver) undefinedLabel(j *jump) {
	name := j.stmt.Label.Text
	d := r.sink.Error(diag.UndefinedLabel, rangeOf(j.stmt.Label), "no visible label '%s'", name)
	if r.sink.ErrorCount() > diag.MaxErrors {
		return // hardly worth the search
	}
	var known []string
	for fn := r.fn; fn != nil; fn = fn.outer {
		for _, l := range fn.labels {
			switch {
			case l.Label.Text != name:
				if fn == r.fn {
					known = append(known, l.Label.Text)
				}
			case fn != r.fn:
				d.Note(rangeOf(l.Label), "this label is in another function")
				return
			default:
				d.Note(rangeOf(l.Label), "this label is in a block that the goto is not in")
				return
			}
		}
	}
	if s := diag.Suggest(name, known); s != "" {
		d.Hint("did you mean '%s'?", s)
	} else if name == "continue" && j.inLoop {
		d.Hint("write '::continue::' at the end of the loop's body")
	}
}

// markRepeats sets InLoop of the variables that a goto back to a label makes
// repeat.
func (fn *function) markRepeats() {
	if len(fn.repeats) == 0 {
		return
	}
	change := make([]int, len(fn.Locals)+1) // in the number of pieces around
	for _, p := range fn.repeats {
		change[p.from]++
		change[p.to]--
	}
	around := 0
	for i, v := range fn.Locals {
		if around += change[i]; around > 0 {
			v.InLoop = true
		}
	}
}
