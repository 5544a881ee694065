package surface

import (
	"fmt"
	"strings"
)

// A typeParser reads the types of one documentation line.
//
//	type    ::= postfix {'|' postfix}
//	postfix ::= primary {'[]' | '?'}
//	primary ::= Name ['<' type {',' type} '>'] | String | Number
//	          | '(' type ')'
//	          | '{' [field {',' field}] '}'         field ::= Name ['?'] ':' type
//	          | 'fun' '(' [param {',' param}] ')' [':' type {',' type}]
//	param   ::= (Name | '...') ['?'] [':' type]
type typeParser struct {
	text string // the whole line
	off  int    // of the next byte
}

// A typeError is what is wrong with a documentation line, and where.
type typeError struct {
	off int
	msg string
}

// Error returns the message without its place.
func (e *typeError) Error() string { return e.msg }

// bail is the parser's way out of a line that it cannot read; the door is
// recoverType.
func (p *typeParser) bail(format string, args ...any) {
	panic(&typeError{p.off, fmt.Sprintf(format, args...)})
}

// recoverType is the deferred half of bail.
func recoverType(err **typeError) {
	switch e := recover().(type) {
	case nil:
	case *typeError:
		*err = e
	default:
		panic(e)
	}
}

func (p *typeParser) skipSpace() {
	for p.off < len(p.text) && (p.text[p.off] == ' ' || p.text[p.off] == '\t') {
		p.off++
	}
}

// got consumes s, after blanks, if it is there.
func (p *typeParser) got(s string) bool {
	p.skipSpace()
	if strings.HasPrefix(p.text[p.off:], s) {
		p.off += len(s)
		return true
	}
	return false
}

// gotClose consumes s if it follows without a blank before it, as the
// postfixes of a type do: "string ?" is a type and a description.
func (p *typeParser) gotClose(s string) bool {
	if strings.HasPrefix(p.text[p.off:], s) {
		p.off += len(s)
		return true
	}
	return false
}

func (p *typeParser) want(s string) {
	if !p.got(s) {
		p.bail("expected '%s' in type, found %s", s, p.found())
	}
}

// found describes the rest of the line for a message.
func (p *typeParser) found() string {
	p.skipSpace()
	rest := p.text[p.off:]
	if rest == "" {
		return "end of line"
	}
	if i := strings.IndexAny(rest, " \t"); i > 0 {
		rest = rest[:i]
	}
	return "'" + rest + "'"
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// name consumes an identifier, which may hold dots when it names a type.
func (p *typeParser) name(dots bool) string {
	p.skipSpace()
	start := p.off
	for p.off < len(p.text) && (isNameByte(p.text[p.off]) || dots && p.off > start && p.text[p.off] == '.' && !strings.HasPrefix(p.text[p.off:], "..")) {
		p.off++
	}
	return p.text[start:p.off]
}

// rest consumes what is left of the line, a description.
func (p *typeParser) rest() string {
	s := strings.TrimSpace(p.text[p.off:])
	p.off = len(p.text)
	return strings.TrimSpace(strings.TrimPrefix(s, "#"))
}

func (p *typeParser) parseType() *Type {
	t := p.postfix()
	for {
		save := p.off
		if !p.got("|") {
			p.off = save
			return t
		}
		t = union(t, p.postfix())
	}
}

// union returns the type of values of type a or of type b.
func union(a, b *Type) *Type {
	switch {
	case a.Kind == Nil:
		u := *b
		u.Optional = true
		return &u
	case b.Kind == Nil:
		u := *a
		u.Optional = true
		return &u
	case a.Kind == b.Kind && a.name == b.name && a.Func == nil && b.Func == nil:
		u := *a
		u.Optional = a.Optional || b.Optional
		return &u
	}
	return &Type{Kind: Any, Optional: a.Optional || b.Optional}
}

func (p *typeParser) postfix() *Type {
	t := p.primary()
	for {
		switch {
		case p.gotClose("[]"):
			t = &Type{Kind: Table}
		case p.gotClose("?"):
			u := *t
			u.Optional = true
			t = &u
		default:
			return t
		}
	}
}

func (p *typeParser) primary() *Type {
	p.skipSpace()
	if p.off < len(p.text) {
		switch c := p.text[p.off]; c {
		case '(':
			p.off++
			t := p.parseType()
			p.want(")")
			return t
		case '{':
			return p.tableLiteral()
		case '"', '\'', '`':
			end := strings.IndexByte(p.text[p.off+1:], c)
			if end < 0 {
				p.bail("unfinished literal type")
			}
			p.off += end + 2
			return &Type{Kind: String}
		}
	}
	start := p.off
	name := p.name(true)
	switch name {
	case "":
		p.bail("expected a type, found %s", p.found())
	case "fun":
		if p.gotClose("(") {
			return &Type{Kind: Function, Func: p.funcType()}
		}
	}
	if '0' <= name[0] && name[0] <= '9' {
		return &Type{Kind: Number}
	}
	if p.gotClose("<") {
		if name != "table" {
			p.off = start
			p.bail("type '%s' takes no parameters", name)
		}
		for {
			p.parseType()
			if !p.got(",") {
				break
			}
		}
		p.want(">")
	}
	if k, ok := basicTypes[name]; ok {
		return &Type{Kind: k}
	}
	return &Type{Kind: Host, name: name}
}

var basicTypes = map[string]Kind{
	"any": Any, "unknown": Any, "userdata": Any, "thread": Any, "lightuserdata": Any,
	"nil": Nil, "number": Number, "integer": Integer, "string": String,
	"boolean": Boolean, "true": Boolean, "false": Boolean,
	"table": Table, "function": Function,
}

func (p *typeParser) tableLiteral() *Type {
	p.want("{")
	for !p.got("}") {
		if p.got("[") {
			p.parseType()
			p.want("]")
		} else if p.name(false) == "" {
			p.bail("expected a field name, found %s", p.found())
		}
		p.gotClose("?")
		p.want(":")
		p.parseType()
		if !p.got(",") {
			p.want("}")
			break
		}
	}
	return &Type{Kind: Table}
}

// funcType reads a function type from after its opening bracket.
func (p *typeParser) funcType() *FuncType {
	f := new(FuncType)
	for !p.got(")") {
		if f.Variadic {
			p.bail("'...' must be the last parameter")
		}
		var par Param
		if p.got("...") {
			par.Name = "..."
			f.Variadic = true
		} else if par.Name = p.name(false); par.Name == "" {
			p.bail("expected a parameter name, found %s", p.found())
		}
		optional := p.gotClose("?")
		par.Type = &Type{Kind: Any}
		if p.got(":") {
			par.Type = p.parseType()
		}
		if optional {
			par.Type = union(par.Type, &Type{Kind: Nil})
		}
		f.Params = append(f.Params, par)
		if !p.got(",") {
			p.want(")")
			break
		}
	}
	save := p.off
	if !p.got(":") {
		p.off = save
		return f
	}
	for {
		f.Results = append(f.Results, p.parseType())
		save = p.off
		if !p.got(",") {
			p.off = save
			return f
		}
	}
}
