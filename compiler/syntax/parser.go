package syntax

import (
	"fmt"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
)

// Limits. maxDepth is Lua's own (LUAI_MAXCCALLS): it counts statements and
// expressions that stand inside one another. maxChain keeps trees so flat
// that later stages may walk them recursively; Lua has no such limit.
const (
	maxDepth = 200
	maxChain = 1 << 16
)

// Parse reads a file. It always returns a tree; where the sink has got an
// error about the file, parts of it are missing or, for expressions, nil.
func Parse(f *diag.File, sink *diag.Sink) *Chunk {
	p := &parser{sink: sink}
	p.scanner.report, p.scanner.warn = p.report, p.warn
	p.scanner.init(f)
	p.prevEnd = p.pos()
	if strings.HasPrefix(f.Text, "\x1bLua") {
		start := p.pos()
		p.report(diag.PrecompiledChunk, start, start, "precompiled chunk: only source text can be compiled")
		p.stop()
	} else if IsEncrypted(f.Text) {
		start := diag.Pos{File: f.Index, Line: 1, Col: 1}
		end := start
		end.Col += int32(len(encrypted))
		p.report(diag.EncryptedFile, start, end, "the file is encrypted; luago needs its Lua source")
		p.stop()
	}
	p.advance()
	chunk := &Chunk{File: f.Index, Name: f.Name, Body: p.chunkBody()}
	chunk.start = diag.Pos{File: f.Index, Line: 1, Col: 1}
	chunk.end = p.tok.end
	return chunk
}

// encrypted starts the files that the original host has encrypted.
const encrypted = "#ENCRYPT LUA CODE"

// IsEncrypted reports whether the text of a file is no Lua, but was encrypted by
// the host that scripts are written for.
func IsEncrypted(text string) bool {
	return strings.HasPrefix(strings.TrimPrefix(text, "\uFEFF"), encrypted)
}

// A parser is a recursive-descent parser, one function for each rule of the
// grammar, with one token in hand.
//
// Errors work as follows. fail reports the token in hand and makes the parser
// panicking: that token is put aside and replaced by one that no rule
// accepts, so all rules return without consuming anything, up to one that can
// resynchronise: a bracket skips to its closing one, the head of a block to
// its 'then' or 'do', a statement to where the next one seems to start. It
// takes the token up again, skips, and the parser goes on. A second error on
// the line of the last one is not reported: it is most likely the same error.
type parser struct {
	scanner
	sink *diag.Sink

	tok      token // in hand
	ahead    token // the one after it, if hasAhead
	hasAhead bool
	prev     kind     // of the token before
	prevEnd  diag.Pos // where it ended
	prevCut  bool     // whether it was cut: the brackets behind it are lost
	indent   int32    // column of the first token of the line of tok

	depth   int   // of statements and expressions
	stmtCol int32 // column at which the innermost statement starts

	panicking bool
	aside     token // while panicking: the real token in hand
	done      bool  // report nothing any more
	errors    int
	warnings  int
	errorLine int32   // of the last error
	suspect   *opener // the first block closed by an 'end' indented less
	unmatched int     // brackets that were reported as not closed
}

// An opener is what a closing keyword or bracket belongs to.
type opener struct {
	tok    token
	indent int32 // column of the first token of its line
	hint   string
}

// advance takes the next token in hand.
func (p *parser) advance() {
	p.prev, p.prevEnd, p.prevCut = p.tok.kind, p.tok.end, p.tok.cut
	if p.hasAhead {
		p.tok, p.hasAhead = p.ahead, false
	} else {
		p.next(&p.tok)
	}
	if p.tok.firstOnLn {
		p.indent = p.tok.start.Col
	}
}

// peekKind returns the kind of the token after the one in hand.
func (p *parser) peekKind() kind {
	if !p.hasAhead {
		p.next(&p.ahead)
		p.hasAhead = true
	}
	return p.ahead.kind
}

// accept consumes the token in hand if it is of kind k, and reports whether
// it was.
func (p *parser) accept(k kind) bool {
	if p.tok.kind != k {
		return false
	}
	p.advance()
	return true
}

// expect consumes a token of kind k or fails.
func (p *parser) expect(k kind) {
	if !p.accept(k) {
		p.failExpected(k.String())
	}
}

// open returns the token in hand as the opener of a block or bracket.
func (p *parser) open() opener { return opener{tok: p.tok, indent: p.indent} }

// spanFrom returns the span from start to the last consumed token.
func (p *parser) spanFrom(start diag.Pos) span {
	if p.prevEnd.Before(start) {
		return span{start, start} // nothing was consumed
	}
	return span{start, p.prevEnd}
}

// report reports an error without making the parser panic. All reports of
// scanner and parser come through here or reportNotes.
func (p *parser) report(code diag.Code, start, end diag.Pos, format string, args ...any) {
	p.reportNotes(code, start, end, fmt.Sprintf(format, args...))
}

// maxWarnings is the number of warnings about the spelling of one file that are
// shown: who reads the first ones knows how to go on.
const maxWarnings = 10

// warn reports what is read all the same.
func (p *parser) warn(code diag.Code, start, end diag.Pos, format string, args ...any) {
	if p.done || p.warnings == maxWarnings {
		return
	}
	p.warnings++
	p.sink.Warning(code, diag.Range{Start: start, End: end}, format, args...)
}

// reportNotes is report, and returns what notes can be added to.
func (p *parser) reportNotes(code diag.Code, start, end diag.Pos, message string) *diag.Diagnostic {
	if p.done || start.Line == p.errorLine {
		return &diag.Diagnostic{} // takes notes, goes nowhere
	}
	p.errorLine = start.Line
	d := p.sink.Error(code, diag.Range{Start: start, End: end}, "%s", message)
	if p.errors++; p.errors >= diag.MaxErrors {
		p.done = true
	}
	return d
}

// stop ends the parse: nothing more is read or reported.
func (p *parser) stop() {
	p.done = true
	p.panicking = false
	p.hasAhead = false
	p.off = len(p.src)
	p.tok = token{kind: tokEOF, start: p.prevEnd, end: p.prevEnd}
}

// fail reports an error at the token in hand and starts panicking.
func (p *parser) fail(code diag.Code, format string, args ...any) *diag.Diagnostic {
	if p.panicking {
		return &diag.Diagnostic{}
	}
	start, end := p.tok.start, p.tok.end
	if p.tok.kind == tokEOF { // show the last line of code, not what follows it
		start, end = p.prevEnd, p.prevEnd
	}
	message, hint := fmt.Sprintf(format, args...), ""
	if p.tok.kind == tokBad {
		code = diag.UnexpectedCharacter
		message, hint = badCharacter(p.tok.text)
	}
	if p.prevCut {
		p.panic()
		return &diag.Diagnostic{} // the unfinished string has been reported
	}
	d := p.reportNotes(code, start, end, message)
	if hint != "" {
		d.Hint("%s", hint)
	}
	p.panic()
	if p.done {
		p.stop()
	}
	return d
}

// failExpected fails with "expected X, found Y".
func (p *parser) failExpected(what string) *diag.Diagnostic {
	return p.fail(diag.UnexpectedToken, "expected %s, found %s", what, p.tok.describe())
}

// fatal reports an error at the token in hand and ends the parse.
func (p *parser) fatal(code diag.Code, format string, args ...any) {
	if !p.panicking && !p.done {
		p.errorLine = 0
		p.report(code, p.tok.start, p.tok.end, format, args...)
	}
	p.stop()
}

// panic makes all rules return.
func (p *parser) panic() {
	p.aside = p.tok
	p.tok.kind = tokBad
	p.panicking = true
}

// resume takes the real token in hand again.
func (p *parser) resume() {
	if p.panicking {
		p.tok = p.aside
		p.panicking = false
	}
}

// enter counts a level of nesting; leave takes it back.
func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fatal(diag.NestingTooDeep, "nesting too deep (limit is %d levels)", maxDepth)
	}
}

func (p *parser) leave() { p.depth-- }

// isBlockEnd reports whether k ends a block.
func isBlockEnd(k kind) bool {
	switch k {
	case tokEOF, tokEnd, tokElse, tokElseif, tokUntil:
		return true
	}
	return false
}

// startsStatement reports whether the token in hand, met while skipping, is
// where a statement starts: a keyword that can be nothing else, or a name or
// bracket at the start of a line that is indented no more than the broken
// statement.
func (p *parser) startsStatement() bool {
	switch p.tok.kind {
	case tokLocal, tokIf, tokWhile, tokFor, tokRepeat, tokReturn, tokBreak, tokGoto, tokDo, tokLabel:
		return true
	case tokFunction:
		return p.peekKind() == tokName
	case tokName, tokLeftParen:
		return p.tok.firstOnLn && p.tok.start.Col <= p.stmtCol
	}
	return false
}

// skipToken skips the token in hand, or the whole of an anonymous function.
func (p *parser) skipToken() {
	if p.tok.kind == tokFunction {
		start := p.tok.start
		p.enter()
		p.accept(tokFunction) // unless that was too deep
		p.functionBody(start, nil)
		p.leave()
		p.resume()
		return
	}
	p.advance()
}

// resync ends the panic at a token of kind target, which it consumes, at the
// end of the block or where a statement starts. Target may be tokSemicolon,
// the end of a statement.
func (p *parser) resync(target kind) {
	p.resume()
	for {
		switch {
		case p.accept(target):
			return
		case isBlockEnd(p.tok.kind), p.startsStatement():
			return
		}
		p.skipToken()
	}
}

// closeHead consumes the 'then' or 'do' after the head of a block.
func (p *parser) closeHead(k kind) {
	if p.accept(k) {
		return
	}
	p.failExpected(k.String())
	p.resync(k)
}

// closeBlock consumes the 'end' of a block.
func (p *parser) closeBlock(o *opener) {
	if p.tok.kind == tokEnd {
		if p.suspect == nil && p.tok.firstOnLn && p.tok.start.Col < o.indent {
			suspect := *o
			p.suspect = &suspect
		}
		p.advance()
		return
	}
	p.unclosed(tokEnd, o)
}

// unclosed reports a block whose closing keyword k is not here. The parser
// does not panic: the token in hand may belong to a block around.
func (p *parser) unclosed(k kind, o *opener) {
	d := p.fail(diag.UnclosedBlock, "expected %s, found %s", k, p.tok.describe())
	d.Note(diag.Range{Start: o.tok.start, End: o.tok.end}, "%s opened here", o.tok.kind)
	if o.hint != "" {
		d.Hint("%s", o.hint)
	}
	if s := p.suspect; s != nil && p.aside.kind == tokEOF {
		d.Note(diag.Range{Start: s.tok.start, End: s.tok.end}, "perhaps this %s is not closed: the next 'end' is indented less", s.tok.kind)
	}
	p.resume()
}

// closeBracket consumes the closing bracket k. Where it is missing, what lies
// before it is skipped; where it is not found the panic goes on.
func (p *parser) closeBracket(k kind, o *opener, also string) {
	if p.accept(k) {
		return
	}
	if !p.panicking {
		d := p.fail(diag.UnclosedBracket, "expected %s%s, found %s", also, k, p.tok.describe())
		if o.tok.start.Line != p.aside.start.Line {
			d.Note(diag.Range{Start: o.tok.start, End: o.tok.end}, "%s opened here", o.tok.kind)
		}
		if p.forgotten(o) {
			return
		}
	}
	if p.skipInBrackets(k, k) {
		p.accept(k)
	} else {
		p.unmatched++
	}
}

// forgotten reports whether the indentation of the token that the parser
// panics at says that the bracket was meant to be closed before it. Then the
// panic is over.
func (p *parser) forgotten(o *opener) bool {
	if !p.panicking || !p.aside.firstOnLn || p.aside.start.Col > o.indent {
		return false
	}
	p.resume()
	p.unmatched++
	return true
}

// skipInBrackets ends the panic at a token of kind a or b, not inside
// brackets that open before it, and reports true. Where it finds something
// that cannot stand in brackets, the panic goes on.
func (p *parser) skipInBrackets(a, b kind) bool {
	p.resume()
	depth := 0
	for {
		k := p.tok.kind
		if depth == 0 && (k == a || k == b) {
			return true
		}
		switch k {
		case tokLeftParen, tokLeftBracket, tokLeftBrace:
			if p.startsStatement() {
				p.panic()
				return false
			}
			depth++
		case tokRightParen, tokRightBracket, tokRightBrace:
			if depth == 0 {
				p.panic()
				return false
			}
			depth--
		default:
			if isBlockEnd(k) || p.startsStatement() {
				p.panic()
				return false
			}
		}
		p.skipToken()
	}
}
