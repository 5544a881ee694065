package syntax

import "github.com/luago-lang/luago/compiler/diag"

// chunkBody reads the statements of a file up to its end.
func (p *parser) chunkBody() *Block {
	b := &Block{}
	start := p.tok.start
	for {
		p.statements(b)
		if p.tok.kind == tokEOF {
			break
		}
		found := p.tok.kind
		p.fail(diag.UnexpectedToken, "expected end of file, found %s", p.tok.describe()).
			Hint("no block is open here that %s could belong to", found)
		p.resume()
		if p.tok.kind != tokEOF { // fail may have stopped the parse
			p.advance()
		}
	}
	b.span = p.spanFrom(start)
	return b
}

// block reads the statements up to a token that ends a block.
func (p *parser) block() *Block {
	b := &Block{}
	if p.panicking {
		p.resync(tokSemicolon)
	}
	start := p.tok.start
	p.statements(b)
	b.span = p.spanFrom(start)
	return b
}

func (p *parser) statements(b *Block) {
	outer := p.stmtCol
	returned := false
	for !isBlockEnd(p.tok.kind) {
		if returned {
			p.fail(diag.AfterReturn, "expected end of block after 'return', found %s", p.tok.describe())
			p.resume()
			returned = false
			continue
		}
		p.stmtCol = p.tok.start.Col
		if s := p.statement(); s != nil {
			b.Stmts = append(b.Stmts, s)
			_, returned = s.(*ReturnStmt)
		}
		if p.panicking {
			p.resync(tokSemicolon)
		}
	}
	p.stmtCol = outer
}

// statement reads one statement; nil for an empty one.
func (p *parser) statement() Stmt {
	p.enter()
	defer p.leave()
	start := p.tok.start
	switch p.tok.kind {
	case tokSemicolon:
		p.advance()
		return nil
	case tokIf:
		return p.ifStmt()
	case tokWhile:
		return p.whileStmt()
	case tokDo:
		o := p.open()
		p.advance()
		s := &DoStmt{Body: p.block()}
		p.closeBlock(&o)
		s.span = p.spanFrom(start)
		return s
	case tokFor:
		return p.forStmt()
	case tokRepeat:
		return p.repeatStmt()
	case tokFunction:
		return p.functionStmt()
	case tokLocal:
		p.advance()
		if p.tok.kind == tokFunction {
			return p.localFunction(start)
		}
		return p.localStmt(start)
	case tokLabel:
		p.advance()
		s := &LabelStmt{Label: p.name()}
		if p.panicking {
			p.resync(tokLabel)
		} else {
			p.expect(tokLabel)
		}
		s.span = p.spanFrom(start)
		return s
	case tokReturn:
		return p.returnStmt()
	case tokBreak:
		p.advance()
		s := &BreakStmt{}
		s.span = p.spanFrom(start)
		return s
	case tokGoto:
		p.advance()
		s := &GotoStmt{Label: p.name()}
		s.span = p.spanFrom(start)
		return s
	case tokName, tokLeftParen:
		return p.exprStmt()
	case tokRightParen, tokRightBracket, tokRightBrace:
		if p.unmatched > 0 { // it belongs to a bracket given up before
			p.unmatched--
			p.advance()
			return nil
		}
	}
	p.failExpected("statement")
	return nil
}

func (p *parser) ifStmt() Stmt {
	start, o := p.tok.start, p.open()
	s := &IfStmt{}
	for {
		c := &IfClause{}
		from := p.tok.start
		p.advance() // 'if' or 'elseif'
		c.Cond = p.expr()
		c.Then = p.tok.start
		p.closeHead(tokThen)
		c.Body = p.block()
		c.span = p.spanFrom(from)
		s.Clauses = append(s.Clauses, c)
		if p.tok.kind != tokElseif {
			break
		}
	}
	if p.accept(tokElse) {
		if p.tok.kind == tokIf && p.prevEnd.Line == p.tok.start.Line {
			o.hint = "'else if' opens a second block with an 'end' of its own; 'elseif' does not"
		}
		s.Else = p.block()
		for p.tok.kind == tokElseif || p.tok.kind == tokElse {
			p.unclosed(tokEnd, &o) // and dropped
			if p.accept(tokElseif) {
				p.expr()
				p.closeHead(tokThen)
			} else {
				p.accept(tokElse)
			}
			p.block()
		}
	}
	p.closeBlock(&o)
	s.span = p.spanFrom(start)
	return s
}

func (p *parser) whileStmt() Stmt {
	start, o := p.tok.start, p.open()
	p.advance()
	s := &WhileStmt{Cond: p.expr()}
	p.closeHead(tokDo)
	s.Body = p.block()
	p.closeBlock(&o)
	s.span = p.spanFrom(start)
	return s
}

func (p *parser) repeatStmt() Stmt {
	start, o := p.tok.start, p.open()
	p.advance()
	s := &RepeatStmt{Body: p.block()}
	if p.accept(tokUntil) {
		s.Cond = p.expr()
	} else {
		p.unclosed(tokUntil, &o)
		// An 'end' below 'repeat' was meant to close it.
		if p.tok.kind == tokEnd && p.tok.firstOnLn && p.tok.start.Col == o.indent {
			p.advance()
		}
		s.Cond = p.missing()
	}
	s.span = p.spanFrom(start)
	return s
}

func (p *parser) forStmt() Stmt {
	start, o := p.tok.start, p.open()
	p.advance()
	first := p.name()
	if p.accept(tokAssign) {
		s := &NumericForStmt{Var: first}
		s.Start = p.expr()
		p.expect(tokComma)
		s.Limit = p.expr()
		if p.accept(tokComma) {
			s.Step = p.expr()
		}
		p.closeHead(tokDo)
		s.Body = p.block()
		p.closeBlock(&o)
		s.span = p.spanFrom(start)
		return s
	}
	s := &GenericForStmt{Vars: []*Name{first}}
	for p.accept(tokComma) {
		s.Vars = append(s.Vars, p.name())
	}
	if p.tok.kind != tokIn {
		if len(s.Vars) == 1 {
			p.failExpected("'=' or 'in'")
		} else {
			p.failExpected("'in'")
		}
	} else {
		p.advance()
		s.Values = p.exprList()
	}
	p.closeHead(tokDo)
	s.Body = p.block()
	p.closeBlock(&o)
	s.span = p.spanFrom(start)
	return s
}

// functionStmt reads "function a.b:c() end".
func (p *parser) functionStmt() Stmt {
	start := p.tok.start
	p.advance()
	from := p.tok.start
	name := p.name()
	full := name.Text
	x := &NameExpr{Name: name.Text}
	x.span = name.span
	s := &FunctionStmt{Target: x}
	var self *Name
	for self == nil && (p.tok.kind == tokDot || p.tok.kind == tokColon) {
		method := p.tok.kind == tokColon
		p.advance()
		field := p.name()
		if method {
			self = &Name{Text: "self"}
			self.span = span{field.start, field.start}
			full += ":" + field.Text
		} else {
			full += "." + field.Text
		}
		s.Target = p.field(s.Target, field, from)
	}
	s.Fn = p.functionBody(start, self)
	s.Fn.Name = full
	s.span = p.spanFrom(start)
	return s
}

// field returns x.name.
func (p *parser) field(x Expr, name *Name, start diag.Pos) *IndexExpr {
	key := &StringExpr{Value: name.Text}
	key.span = name.span
	n := &IndexExpr{X: x, Key: key, Dot: true}
	n.span = p.spanFrom(start)
	return n
}

func (p *parser) localFunction(start diag.Pos) Stmt {
	from := p.tok.start
	p.advance()
	s := &LocalFunctionStmt{Name: p.name()}
	s.Fn = p.functionBody(from, nil)
	s.Fn.Name = s.Name.Text
	s.span = p.spanFrom(start)
	return s
}

func (p *parser) localStmt(start diag.Pos) Stmt {
	s := &LocalStmt{Names: []*Name{p.name()}}
	for p.accept(tokComma) {
		s.Names = append(s.Names, p.name())
	}
	if p.accept(tokAssign) {
		s.Values = p.exprList()
		for i, v := range s.Values {
			if fn, ok := v.(*FunctionExpr); ok && i < len(s.Names) {
				fn.Name = s.Names[i].Text
			}
		}
	}
	s.span = p.spanFrom(start)
	return s
}

func (p *parser) returnStmt() Stmt {
	start := p.tok.start
	p.advance()
	s := &ReturnStmt{}
	if p.tok.kind != tokSemicolon && !isBlockEnd(p.tok.kind) {
		s.Values = p.exprList()
	}
	p.accept(tokSemicolon)
	s.span = p.spanFrom(start)
	return s
}

// exprStmt reads a call or an assignment.
func (p *parser) exprStmt() Stmt {
	start := p.tok.start
	x := p.suffixedExpr()
	if p.tok.kind == tokAssign || p.tok.kind == tokComma {
		return p.assignment(start, x)
	}
	switch x.(type) {
	case *CallExpr, *MethodCallExpr:
		s := &CallStmt{Call: x}
		s.span = p.spanFrom(start)
		return s
	}
	if !p.panicking {
		p.notAStatement(x)
	}
	return nil
}

// notAStatement reports x, which is neither called nor assigned to: at what
// follows it in its line, or at x.
func (p *parser) notAStatement(x Expr) {
	var d *diag.Diagnostic
	if isBlockEnd(p.tok.kind) || p.tok.firstOnLn {
		d = p.reportNotes(diag.NotAStatement, x.Pos(), x.End(), "expected a call or an assignment, found only an expression")
		p.panic()
	} else {
		d = p.fail(diag.NotAStatement, "expected '=' or arguments, found %s", p.tok.describe())
	}
	if p.panicking {
		p.statementHint(d, &p.aside, x)
	}
	if p.done {
		p.stop()
	}
}

func (p *parser) assignment(start diag.Pos, x Expr) Stmt {
	s := &AssignStmt{Targets: []Expr{p.target(x)}}
	for p.accept(tokComma) {
		s.Targets = append(s.Targets, p.target(p.suffixedExpr()))
	}
	if p.tok.kind != tokAssign {
		p.failExpected("'='")
		return nil
	}
	p.advance()
	s.Values = p.exprList()
	for i, v := range s.Values {
		if fn, ok := v.(*FunctionExpr); ok && i < len(s.Targets) {
			fn.Name = targetName(s.Targets[i])
		}
	}
	s.span = p.spanFrom(start)
	return s
}

// target checks that x can be assigned to.
func (p *parser) target(x Expr) Expr {
	switch x.(type) {
	case *NameExpr, *IndexExpr:
		return x
	}
	if p.panicking {
		return x
	}
	what := "an expression in brackets"
	switch x.(type) {
	case *CallExpr, *MethodCallExpr:
		what = "a call"
	}
	p.reportNotes(diag.BadAssignment, x.Pos(), x.End(), "cannot assign to "+what)
	if p.done {
		p.stop()
	}
	return x
}

// targetName returns what messages call a function that is assigned to x:
// "f", "t.f", or "" for other targets.
func targetName(x Expr) string {
	name := ""
	for range maxDepth {
		switch y := x.(type) {
		case *NameExpr:
			return y.Name + name
		case *IndexExpr:
			if !y.Dot {
				return ""
			}
			name = "." + y.Key.(*StringExpr).Value + name
			x = y.X
		default:
			return ""
		}
	}
	return ""
}

// name reads an identifier.
func (p *parser) name() *Name {
	n := &Name{Text: p.tok.text}
	if p.tok.kind != tokName {
		n.Text = "?"
		d := p.failExpected("name")
		if p.panicking {
			nameHint(d, &p.aside)
		}
		n.span = span{p.tok.start, p.tok.start}
		return n
	}
	n.span = span{p.tok.start, p.tok.end}
	p.advance()
	return n
}
