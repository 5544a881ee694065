package syntax

import "github.com/luago-lang/luago/compiler/diag"

// expr reads an expression.
func (p *parser) expr() Expr { return p.subExpr(0) }

// exprList reads one expression or more.
func (p *parser) exprList() []Expr {
	list := []Expr{p.expr()}
	for p.accept(tokComma) {
		list = append(list, p.expr())
	}
	return list
}

// missing stands for an expression that could not be read.
func (p *parser) missing() Expr {
	n := &NilExpr{}
	n.span = span{p.tok.start, p.tok.start}
	return n
}

// subExpr reads an expression whose binary operators all bind tighter than
// limit.
//
//	subexpr ::= (simpleexp | unop subexpr) {binop subexpr}
func (p *parser) subExpr(limit uint8) Expr {
	p.enter()
	defer p.leave()
	start := p.tok.start
	var x Expr
	if op := unaryOp(p.tok.kind); op != OpNone {
		p.advance()
		n := &UnaryExpr{Op: op, X: p.subExpr(unaryLevel)}
		n.span = p.spanFrom(start)
		x = n
	} else {
		x = p.simpleExpr()
	}
	for count := 0; int(p.tok.kind) < len(binaryOps); count++ {
		op := binaryOps[p.tok.kind]
		if op.left <= limit {
			break
		}
		if count >= maxChain {
			p.tooLong()
			break
		}
		if op.op == OpConcat {
			x = p.concat(x)
			continue
		}
		n := &BinaryExpr{Op: op.op, OpPos: p.tok.start, X: x}
		p.advance()
		n.Y = p.subExpr(op.right)
		n.span = p.spanFrom(start)
		x = n
	}
	return x
}

// concat reads the rest of a chain x .. y .. z. The tree leans to the right,
// but reading it takes no recursion.
func (p *parser) concat(x Expr) Expr {
	operands := []Expr{x}
	var ops []diag.Pos
	for p.tok.kind == tokConcat {
		if len(ops) >= maxChain {
			p.tooLong()
			break
		}
		ops = append(ops, p.tok.start)
		p.advance()
		operands = append(operands, p.subExpr(concatLevel))
	}
	x = operands[len(ops)]
	for i := len(ops) - 1; i >= 0; i-- {
		n := &BinaryExpr{Op: OpConcat, OpPos: ops[i], X: operands[i], Y: x}
		n.span = span{operands[i].Pos(), x.End()}
		x = n
	}
	return x
}

func (p *parser) tooLong() {
	p.fatal(diag.ExpressionTooLong, "expression too long (limit is %d operators in a chain)", maxChain)
}

// simpleExpr reads an expression without operators.
//
//	simpleexp ::= Number | String | nil | true | false | '...' |
//	              tableconstructor | function funcbody | suffixedexp
func (p *parser) simpleExpr() Expr {
	at := exprNode{span{p.tok.start, p.tok.end}}
	var x Expr
	switch p.tok.kind {
	case tokNumber:
		x = &NumberExpr{at, p.tok.number}
	case tokString:
		x = &StringExpr{at, p.tok.text}
	case tokNil:
		x = &NilExpr{at}
	case tokTrue:
		x = &TrueExpr{at}
	case tokFalse:
		x = &FalseExpr{at}
	case tokEllipsis:
		x = &VarargExpr{at}
	case tokLeftBrace:
		return p.table()
	case tokFunction:
		p.advance()
		return p.functionBody(at.start, nil)
	default:
		return p.suffixedExpr()
	}
	p.advance()
	return x
}

// primaryExpr reads what a suffix can follow.
//
//	primaryexp ::= Name | '(' expr ')'
func (p *parser) primaryExpr() Expr {
	start := p.tok.start
	switch p.tok.kind {
	case tokName:
		n := &NameExpr{Name: p.tok.text}
		p.advance()
		n.span = p.spanFrom(start)
		return n
	case tokLeftParen:
		o := p.open()
		p.advance()
		n := &ParenExpr{X: p.expr()}
		p.closeBracket(tokRightParen, &o, "")
		n.span = p.spanFrom(start)
		return n
	}
	d := p.failExpected("expression")
	if p.panicking {
		p.expressionHint(d, &p.aside)
	}
	return p.missing()
}

// suffixedExpr reads a primary expression with all indices and calls.
//
//	suffixedexp ::= primaryexp { '.' Name | '[' expr ']' | ':' Name args | args }
func (p *parser) suffixedExpr() Expr {
	start := p.tok.start
	x := p.primaryExpr()
	for count := 0; ; count++ {
		if count > maxChain {
			p.tooLong()
			return x
		}
		switch p.tok.kind {
		case tokDot:
			p.advance()
			name := p.name()
			x = p.field(x, name, start)
		case tokLeftBracket:
			o := p.open()
			p.advance()
			n := &IndexExpr{X: x, Key: p.expr()}
			p.closeBracket(tokRightBracket, &o, "")
			n.span = p.spanFrom(start)
			x = n
		case tokColon:
			p.advance()
			n := &MethodCallExpr{Recv: x, Method: p.name()}
			n.Open = p.tok.start
			n.Args = p.args()
			n.span = p.spanFrom(start)
			x = n
		case tokLeftParen, tokString, tokLeftBrace:
			n := &CallExpr{Fn: x, Open: p.tok.start}
			n.Args = p.args()
			n.span = p.spanFrom(start)
			x = n
		default:
			return x
		}
	}
}

// args reads the arguments of a call.
//
//	args ::= '(' [explist] ')' | tableconstructor | String
func (p *parser) args() []Expr {
	switch p.tok.kind {
	case tokString, tokLeftBrace:
		return []Expr{p.simpleExpr()}
	case tokLeftParen:
		o := p.open()
		p.advance()
		if p.accept(tokRightParen) {
			return nil
		}
		args := p.exprList()
		p.closeBracket(tokRightParen, &o, "',' or ")
		return args
	}
	p.failExpected("arguments")
	return nil
}

// functionBody reads parameters and body of a function, whose "function" at
// start has been consumed. Self is the invented first parameter of a method.
func (p *parser) functionBody(start diag.Pos, self *Name) *FunctionExpr {
	keyword := token{kind: tokFunction, start: start, end: start}
	keyword.end.Col += int32(len("function"))
	block := opener{tok: keyword, indent: p.indent}
	fn := &FunctionExpr{IsMethod: self != nil}
	if self != nil {
		fn.Params = append(fn.Params, self)
	}
	if p.tok.kind == tokLeftParen {
		o := p.open()
		p.advance()
		p.params(fn)
		p.closeBracket(tokRightParen, &o, "")
	} else {
		p.failExpected("'('")
	}
	fn.Body = p.block()
	p.closeBlock(&block)
	fn.span = p.spanFrom(start)
	return fn
}

// params reads the parameters of a function up to the closing bracket.
func (p *parser) params(fn *FunctionExpr) {
	if p.tok.kind == tokRightParen {
		return
	}
	for {
		if p.accept(tokEllipsis) {
			fn.IsVararg = true
			return
		}
		if p.tok.kind != tokName {
			d := p.failExpected("parameter name")
			if p.panicking {
				nameHint(d, &p.aside)
			}
			return
		}
		fn.Params = append(fn.Params, p.name())
		if !p.accept(tokComma) {
			return
		}
	}
}

// table reads a table constructor.
//
//	tableconstructor ::= '{' [field {(',' | ';') field} [',' | ';']] '}'
func (p *parser) table() Expr {
	start, o := p.tok.start, p.open()
	p.advance()
	n := &TableExpr{}
	for p.tok.kind != tokRightBrace {
		n.Fields = append(n.Fields, p.tableField())
		if p.accept(tokComma) || p.accept(tokSemicolon) {
			continue
		}
		if p.tok.kind == tokRightBrace {
			break
		}
		if !p.fieldEnd(&o) {
			break
		}
	}
	if p.panicking || p.tok.kind == tokRightBrace {
		p.closeBracket(tokRightBrace, &o, "")
	}
	n.span = p.spanFrom(start)
	return n
}

// fieldEnd recovers from an error in or after a field. It reports whether
// another field follows; if not, the table ends here unless the parser
// panics.
func (p *parser) fieldEnd(o *opener) bool {
	if !p.panicking {
		d := p.fail(diag.UnclosedBracket, "expected ',' or '}', found %s", p.tok.describe())
		if o.tok.start.Line != p.aside.start.Line {
			d.Note(diag.Range{Start: o.tok.start, End: o.tok.end}, "'{' opened here")
		}
		// Only the comma may be missing.
		switch a := &p.aside; a.kind {
		case tokName, tokLeftBracket, tokString, tokNumber, tokLeftBrace:
			if p.panicking && a.firstOnLn && a.start.Col > o.indent {
				p.resume()
				return true
			}
		}
		if p.forgotten(o) {
			return false
		}
	}
	if !p.skipInBrackets(tokComma, tokRightBrace) {
		return false
	}
	return p.accept(tokComma)
}

// tableField reads one entry of a table constructor.
//
//	field ::= '[' expr ']' '=' expr | Name '=' expr | expr
func (p *parser) tableField() *Field {
	start := p.tok.start
	f := &Field{}
	switch {
	case p.tok.kind == tokLeftBracket:
		o := p.open()
		p.advance()
		f.Key = p.expr()
		p.closeBracket(tokRightBracket, &o, "")
		p.expect(tokAssign)
	case p.tok.kind == tokName && p.peekKind() == tokAssign:
		name := p.name()
		key := &StringExpr{Value: name.Text}
		key.span = name.span
		f.Key = key
		p.advance()
	}
	f.Value = p.expr()
	if fn, ok := f.Value.(*FunctionExpr); ok && f.Key != nil {
		if key, ok := f.Key.(*StringExpr); ok {
			fn.Name = key.Value
		}
	}
	f.span = p.spanFrom(start)
	return f
}
