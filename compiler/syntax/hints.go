package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/luago-lang/luago/compiler/diag"
)

// What people write who come from elsewhere, and what Lua has for it. Each
// hint is a note to an error that is reported in any case.

// badHints maps characters that are no token of Lua to a hint.
var badHints = map[string]string{
	"!=": "inequality is '~=' in Lua",
	"!":  "negation is 'not' in Lua",
	"&&": "conjunction is 'and' in Lua",
	"||": "disjunction is 'or' in Lua",
	"&":  "Lua 5.2 has no bitwise operators; see the library bit32",
	"|":  "Lua 5.2 has no bitwise operators; see the library bit32",
	"~":  "Lua 5.2 has no bitwise operators; see the library bit32",
	"“":  `strings are written with " or '`,
	"”":  `strings are written with " or '`,
	"‘":  `strings are written with " or '`,
	"’":  `strings are written with " or '`,
}

// badCharacter returns the message for a character that is no token, and a
// hint or "".
func badCharacter(text string) (message, hint string) {
	message = "unexpected character '" + text + "'"
	if hint = badHints[text]; hint != "" {
		return strings.Replace(message, "character ", "", 1), hint
	}
	r, _ := utf8.DecodeRuneInString(text)
	switch {
	case r >= '\uFF01' && r <= '\uFF5E':
		return message, "this is a full-width character; did you mean '" + string(r-'\uFF01'+'!') + "'?"
	case r == '。':
		return message, "this is a full-width character; did you mean '.'?"
	case r == '、':
		return message, "this is a full-width character; did you mean ','?"
	case r == '\u00A0' || r == '\u3000':
		return "unexpected space that is not an ASCII space", ""
	case r >= utf8.RuneSelf:
		return message, "names consist of ASCII letters, digits and '_'"
	}
	return message, ""
}

// keywordList holds the reserved words in order, for suggestions.
var keywordList = kindNames[tokAnd : tokWhile+1]

// statementHint adds to d, an error about the token in hand after the
// expression x, where a statement started with x.
func (p *parser) statementHint(d *diag.Diagnostic, found *token, x Expr) {
	if name, ok := x.(*NameExpr); ok && x.End() == p.prevEnd {
		switch name.Name {
		case "continue":
			d.Hint("Lua 5.2 has no 'continue'; jump to a label at the end of the loop with 'goto'")
			return
		case "elif", "elsif":
			d.Hint("did you mean 'elseif'?")
			return
		}
		if s := diag.Suggest(name.Name, keywordList); s != "" && len(name.Name) > 3 {
			d.Hint("did you mean '%s'?", s)
			return
		}
	}
	op := found.kind.String()
	switch next := p.peekKind(); {
	case p.ahead.start != found.end:
	case next == tokAssign && int(found.kind) < len(binaryOps) && binaryOps[found.kind].op != OpNone:
		d.Hint("Lua has no compound assignment; write x = x %s ...", strings.Trim(op, "'"))
	case next == found.kind && next == tokPlus:
		d.Hint("Lua has no '++'; write x = x + 1")
	}
}

// expressionHint adds to d, an error about the token in hand where an
// expression should start.
func (p *parser) expressionHint(d *diag.Diagnostic, found *token) {
	if p.prevEnd != found.start {
		return
	}
	switch {
	case p.prev == tokSlash && found.kind == tokSlash:
		d.Hint("'//' is Lua 5.3; write math.floor(a / b)")
	case p.prev == tokLess && found.kind == tokLess, p.prev == tokGreater && found.kind == tokGreater:
		d.Hint("Lua 5.2 has no bitwise operators; see the library bit32")
	}
}

// nameHint adds to d, an error about a token that stands in the place of a
// name.
func nameHint(d *diag.Diagnostic, found *token) {
	if found.kind >= tokAnd && found.kind <= tokWhile {
		d.Hint("%s is a reserved word", found.kind)
	}
}
