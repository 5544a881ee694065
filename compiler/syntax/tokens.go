package syntax

import "github.com/luago-lang/luago/compiler/diag"

// A kind says what a token is.
type kind uint8

const (
	tokEOF kind = iota
	tokBad      // a byte sequence that is no token
	tokName
	tokNumber
	tokString

	tokAnd
	tokBreak
	tokDo
	tokElse
	tokElseif
	tokEnd
	tokFalse
	tokFor
	tokFunction
	tokGoto
	tokIf
	tokIn
	tokLocal
	tokNil
	tokNot
	tokOr
	tokRepeat
	tokReturn
	tokThen
	tokTrue
	tokUntil
	tokWhile

	tokPlus
	tokMinus
	tokStar
	tokSlash
	tokPercent
	tokCaret
	tokHash
	tokEqual
	tokNotEqual
	tokLessEqual
	tokGreaterEqual
	tokLess
	tokGreater
	tokAssign
	tokLeftParen
	tokRightParen
	tokLeftBrace
	tokRightBrace
	tokLeftBracket
	tokRightBracket
	tokLabel
	tokSemicolon
	tokColon
	tokComma
	tokDot
	tokConcat
	tokEllipsis
)

var kindNames = [...]string{
	tokEOF: "end of file", tokBad: "character", tokName: "name", tokNumber: "number", tokString: "string",

	tokAnd: "and", tokBreak: "break", tokDo: "do", tokElse: "else", tokElseif: "elseif", tokEnd: "end",
	tokFalse: "false", tokFor: "for", tokFunction: "function", tokGoto: "goto", tokIf: "if", tokIn: "in",
	tokLocal: "local", tokNil: "nil", tokNot: "not", tokOr: "or", tokRepeat: "repeat", tokReturn: "return",
	tokThen: "then", tokTrue: "true", tokUntil: "until", tokWhile: "while",

	tokPlus: "+", tokMinus: "-", tokStar: "*", tokSlash: "/", tokPercent: "%", tokCaret: "^", tokHash: "#",
	tokEqual: "==", tokNotEqual: "~=", tokLessEqual: "<=", tokGreaterEqual: ">=", tokLess: "<", tokGreater: ">",
	tokAssign: "=", tokLeftParen: "(", tokRightParen: ")", tokLeftBrace: "{", tokRightBrace: "}",
	tokLeftBracket: "[", tokRightBracket: "]", tokLabel: "::", tokSemicolon: ";", tokColon: ":", tokComma: ",",
	tokDot: ".", tokConcat: "..", tokEllipsis: "...",
}

// String returns the kind as messages show it.
func (k kind) String() string {
	if k <= tokString {
		return kindNames[k]
	}
	return "'" + kindNames[k] + "'"
}

// keywords maps the reserved words to their kinds.
var keywords = func() map[string]kind {
	m := make(map[string]kind)
	for k := tokAnd; k <= tokWhile; k++ {
		m[kindNames[k]] = k
	}
	return m
}()

// isKeyword reports whether s is a reserved word.
func isKeyword(s string) bool { return keywords[s] != tokEOF }

// A token is one word of the source.
type token struct {
	kind       kind
	firstOnLn  bool // no other token stands before it on its line
	cut        bool // a string without an end: what follows it on its line is lost
	start, end diag.Pos
	text       string  // of a name or bad token; the value of a string
	number     float64 // the value of a number
}

// describe returns the token as "found X" shows it.
func (t *token) describe() string {
	switch t.kind {
	case tokName:
		return "name '" + t.text + "'"
	case tokBad:
		return "'" + t.text + "'"
	}
	return t.kind.String()
}

// An operator is a binary operator that a token stands for, and how tightly it
// binds to the left and to the right; right below left is right-associative.
type operator struct {
	op          Op
	left, right uint8
}

// Binding strengths (reference manual, section 3.4.7).
const (
	concatLevel = 5
	unaryLevel  = 8
)

var binaryOps = [...]operator{
	tokOr:  {OpOr, 1, 1},
	tokAnd: {OpAnd, 2, 2},

	tokLess: {OpLess, 3, 3}, tokGreater: {OpGreater, 3, 3},
	tokLessEqual: {OpLessEqual, 3, 3}, tokGreaterEqual: {OpGreaterEqual, 3, 3},
	tokNotEqual: {OpNotEqual, 3, 3}, tokEqual: {OpEqual, 3, 3},

	tokConcat: {OpConcat, concatLevel, concatLevel - 1},
	tokPlus:   {OpAdd, 6, 6}, tokMinus: {OpSub, 6, 6},
	tokStar: {OpMul, 7, 7}, tokSlash: {OpDiv, 7, 7}, tokPercent: {OpMod, 7, 7},
	tokCaret: {OpPow, 10, 9},

	tokEllipsis: {}, // the table has an entry for every kind
}

// unaryOp returns the unary operator that the kind stands for, or OpNone.
func unaryOp(k kind) Op {
	switch k {
	case tokNot:
		return OpNot
	case tokMinus:
		return OpNeg
	case tokHash:
		return OpLen
	}
	return OpNone
}
