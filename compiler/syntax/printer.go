package syntax

import (
	"math"
	"strconv"
	"strings"
)

// Print returns Lua source text for a tree that was parsed without errors:
// one statement a line, indented by two blanks, comments lost. Reading it
// back gives the same tree, positions apart.
func Print(c *Chunk) string {
	var p printer
	p.block(c.Body)
	return p.String()
}

// PrintExpr returns Lua source text for an expression.
func PrintExpr(x Expr) string {
	var p printer
	p.expr(x)
	return p.String()
}

type printer struct {
	strings.Builder
	indent int
}

// put writes its arguments: strings, Exprs, and lists of Exprs or Names.
func (p *printer) put(parts ...any) {
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			p.WriteString(part)
		case Expr:
			p.expr(part)
		case []Expr:
			for i, x := range part {
				if i > 0 {
					p.WriteString(", ")
				}
				p.expr(x)
			}
		case []*Name:
			for i, n := range part {
				if i > 0 {
					p.WriteString(", ")
				}
				p.WriteString(n.Text)
			}
		}
	}
}

func (p *printer) line() {
	p.WriteByte('\n')
	for range p.indent {
		p.WriteString("  ")
	}
}

func (p *printer) block(b *Block) {
	for i, s := range b.Stmts {
		if i > 0 || p.indent > 0 {
			p.line()
		}
		if startsWithParen(s) {
			p.put(";") // or it would go on with the line before
		}
		p.stmt(s)
	}
	if p.indent == 0 && p.Len() > 0 {
		p.put("\n")
	}
}

// body writes an indented block and what closes it.
func (p *printer) body(b *Block, end string) {
	p.indent++
	p.block(b)
	p.indent--
	p.line()
	p.put(end)
}

// startsWithParen reports whether the text of s begins with "(".
func startsWithParen(s Stmt) bool {
	var x Expr
	switch s := s.(type) {
	case *CallStmt:
		x = s.Call
	case *AssignStmt:
		x = s.Targets[0]
	}
	for {
		switch y := x.(type) {
		case *CallExpr:
			x = y.Fn
		case *MethodCallExpr:
			x = y.Recv
		case *IndexExpr:
			x = y.X
		case *ParenExpr:
			return true
		default:
			return false
		}
	}
}

func (p *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case *LocalStmt:
		p.put("local ", s.Names)
		if len(s.Values) > 0 {
			p.put(" = ", s.Values)
		}
	case *AssignStmt:
		p.put(s.Targets, " = ", s.Values)
	case *CallStmt:
		p.put(s.Call)
	case *DoStmt:
		p.put("do")
		p.body(s.Body, "end")
	case *WhileStmt:
		p.put("while ", s.Cond, " do")
		p.body(s.Body, "end")
	case *RepeatStmt:
		p.put("repeat")
		p.body(s.Body, "until ")
		p.put(s.Cond)
	case *IfStmt:
		p.ifStmt(s)
	case *NumericForStmt:
		p.put("for ", s.Var.Text, " = ", s.Start, ", ", s.Limit)
		if s.Step != nil {
			p.put(", ", s.Step)
		}
		p.put(" do")
		p.body(s.Body, "end")
	case *GenericForStmt:
		p.put("for ", s.Vars, " in ", s.Values, " do")
		p.body(s.Body, "end")
	case *FunctionStmt:
		p.functionStmt(s)
	case *LocalFunctionStmt:
		p.put("local function ", s.Name.Text)
		p.function(s.Fn)
	case *ReturnStmt:
		p.put("return")
		if len(s.Values) > 0 {
			p.put(" ", s.Values)
		}
	case *BreakStmt:
		p.put("break")
	case *GotoStmt:
		p.put("goto ", s.Label.Text)
	case *LabelStmt:
		p.put("::", s.Label.Text, "::")
	}
}

func (p *printer) ifStmt(s *IfStmt) {
	for i, c := range s.Clauses {
		if i > 0 {
			p.line()
			p.put("else")
		}
		p.put("if ", c.Cond, " then")
		p.indent++
		p.block(c.Body)
		p.indent--
	}
	if s.Else != nil {
		p.line()
		p.put("else")
		p.indent++
		p.block(s.Else)
		p.indent--
	}
	p.line()
	p.put("end")
}

func (p *printer) functionStmt(s *FunctionStmt) {
	p.put("function ")
	if s.Fn.IsMethod {
		t := s.Target.(*IndexExpr)
		p.put(t.X, ":", t.Key.(*StringExpr).Value)
	} else {
		p.put(s.Target)
	}
	p.function(s.Fn)
}

// function writes parameters and body.
func (p *printer) function(fn *FunctionExpr) {
	params := fn.Params
	if fn.IsMethod {
		params = params[1:]
	}
	p.put("(", params)
	if fn.IsVararg {
		if len(params) > 0 {
			p.put(", ")
		}
		p.put("...")
	}
	p.put(")")
	p.body(fn.Body, "end")
}

func (p *printer) expr(x Expr) {
	switch x := x.(type) {
	case *NilExpr:
		p.put("nil")
	case *TrueExpr:
		p.put("true")
	case *FalseExpr:
		p.put("false")
	case *VarargExpr:
		p.put("...")
	case *NumberExpr:
		if math.IsInf(x.Value, 1) {
			p.put("1e999")
			return
		}
		p.put(strconv.FormatFloat(x.Value, 'g', -1, 64))
	case *StringExpr:
		p.put(Quote(x.Value))
	case *NameExpr:
		p.put(x.Name)
	case *IndexExpr:
		if x.Dot {
			p.put(x.X, ".", x.Key.(*StringExpr).Value)
		} else {
			p.put(x.X, "[", x.Key, "]")
		}
	case *CallExpr:
		p.put(x.Fn, "(", x.Args, ")")
	case *MethodCallExpr:
		p.put(x.Recv, ":", x.Method.Text, "(", x.Args, ")")
	case *FunctionExpr:
		p.put("function")
		p.function(x)
	case *TableExpr:
		p.table(x)
	case *BinaryExpr:
		p.put(x.X, " ", x.Op.String(), " ", x.Y)
	case *UnaryExpr:
		p.put(x.Op.String())
		if _, nested := x.X.(*UnaryExpr); nested || x.Op == OpNot {
			p.put(" ") // "--" starts a comment
		}
		p.put(x.X)
	case *ParenExpr:
		p.put("(", x.X, ")")
	}
}

func (p *printer) table(x *TableExpr) {
	p.put("{")
	for i, f := range x.Fields {
		if i > 0 {
			p.put(", ")
		}
		if f.Key != nil {
			if key, ok := f.Key.(*StringExpr); ok && isName(key.Value) {
				p.put(key.Value, " = ")
			} else {
				p.put("[", f.Key, "] = ")
			}
		}
		p.put(f.Value)
	}
	p.put("}")
}

// isName reports whether s can be written as an identifier.
func isName(s string) bool {
	if s == "" || isKeyword(s) || isClass(s[0], classDigit) {
		return false
	}
	for i := range len(s) {
		if !isClass(s[i], classLetter|classDigit) {
			return false
		}
	}
	return true
}

// Quote returns s as a Lua string literal of printable ASCII characters.
func Quote(s string) string {
	b := make([]byte, 0, len(s)+2)
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c >= ' ' && c < 0x7F:
			b = append(b, c)
		default: // always three digits: a digit may follow
			b = append(b, '\\', '0'+c/100, '0'+c/10%10, '0'+c%10)
		}
	}
	return string(append(b, '"'))
}
