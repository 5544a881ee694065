package emit

import "github.com/luago-lang/luago/compiler/syntax"

// Go forbids a goto to jump over the declaration of a variable into its
// scope. A block of Lua whose labels are reached by forward gotos is
// therefore written in one of two ways:
//
//	continue: the labels stand at the end of the block, and the statements
//	before them go into braces of their own
//
//	general: the block's locals are declared at its start, and each statement
//	goes into braces of its own
type gotoForm uint8

const (
	plainBlock gotoForm = iota
	continueBlock
	generalBlock
)

// gotoFormOf decides how b is written. split is the number of statements
// before the labels of a continueBlock.
func (f *function) gotoFormOf(b *syntax.Block) (form gotoForm, split int) {
	forward := map[*syntax.LabelStmt]bool{}
	backward := false
	for i, s := range b.Stmts {
		label, ok := s.(*syntax.LabelStmt)
		if !ok {
			continue
		}
		for j, t := range b.Stmts {
			if !f.jumpsTo(t, label) {
				continue
			}
			if j < i {
				forward[label] = true
			} else {
				backward = true
			}
		}
	}
	if len(forward) == 0 {
		return plainBlock, 0
	}
	split = len(b.Stmts)
	for split > 0 {
		if _, ok := b.Stmts[split-1].(*syntax.LabelStmt); !ok {
			break
		}
		split--
	}
	if backward {
		return generalBlock, 0
	}
	for _, s := range b.Stmts[:split] {
		if label, ok := s.(*syntax.LabelStmt); ok && forward[label] {
			return generalBlock, 0
		}
	}
	return continueBlock, split
}

// jumpsTo reports whether s holds a goto to label.
func (f *function) jumpsTo(s syntax.Stmt, label *syntax.LabelStmt) bool {
	found := false
	syntax.Walk(s, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionExpr:
			return false
		case *syntax.GotoStmt:
			if f.m.info.Gotos[n] == label {
				found = true
			}
		}
		return !found
	})
	return found
}

// hasGotos reports whether any goto leads to label; Go rejects unused labels.
func (f *function) hasGotos(label *syntax.LabelStmt) bool {
	if f.targets == nil {
		f.targets = map[*syntax.LabelStmt]bool{}
		for _, l := range f.m.info.Gotos {
			f.targets[l] = true
		}
	}
	return f.targets[label]
}

// label returns the Go label for a Lua label.
func (f *function) label(s *syntax.LabelStmt) string {
	name, ok := f.labels[s]
	if !ok {
		name = f.names.name("L_", s.Label.Text)
		f.labels[s] = name
	}
	return name
}

// block prints the statements of b into the current Go block.
func (f *function) block(b *syntax.Block) { f.blockFollowed(b, false) }

// blockFollowed is block where more code follows in the same Go block.
func (f *function) blockFollowed(b *syntax.Block, followed bool) {
	form, split := f.gotoFormOf(b)
	defer f.hideAfter(b, f.visible)
	switch form {
	case plainBlock:
		scope := len(f.keep)
		f.stmts(b.Stmts, followed)
		f.endScope(scope, !f.terminates(b))
	case continueBlock:
		scope, visible := len(f.keep), f.visible
		f.line("{")
		f.stmts(b.Stmts[:split], true)
		f.endScope(scope, true)
		f.line("}")
		f.visible = visible
		f.stmts(b.Stmts[split:], followed)
	case generalBlock:
		scope := len(f.keep)
		defer func() { f.endScope(scope, !f.terminates(b)) }()
		f.predeclare(b)
		for i, s := range b.Stmts {
			if _, ok := s.(*syntax.LabelStmt); ok {
				f.stmt(s, false)
				continue
			}
			f.line("{")
			f.stmt(s, followed || i < len(b.Stmts)-1)
			f.line("}")
		}
	}
}

// stmts prints a run of statements; followed reports whether others follow it
// in the same block.
func (f *function) stmts(list []syntax.Stmt, followed bool) {
	for i, s := range list {
		f.stmt(s, followed || i < len(list)-1)
	}
}

// stmt prints a statement. In Lua statements may follow one that control never
// passes, such as a goto; Go's vet would call them unreachable, so that one is
// made to look conditional.
func (f *function) stmt(s syntax.Stmt, followed bool) {
	f.m.pos = s.Pos()
	if followed && f.neverPassed(s) {
		f.line("if true {")
		f.statement(s)
		f.line("}")
		return
	}
	f.statement(s)
}

// predeclare declares the locals of b ahead of its statements.
func (f *function) predeclare(b *syntax.Block) {
	names := func(list ...*syntax.Name) {
		for _, name := range list {
			v := f.m.info.Defs[name]
			if f.m.facts.IsElided(v) {
				continue
			}
			g := f.declare(v)
			if !g.field {
				f.line("var " + g.name + " " + g.rep.goType())
				if v.Uses == 0 {
					f.line("_ = " + g.name)
				}
			}
			f.predeclared[v] = true
		}
	}
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *syntax.LocalStmt:
			names(s.Names...)
		case *syntax.LocalFunctionStmt:
			names(s.Name)
		}
	}
}
