package resolve

import (
	"math"
	"strconv"

	"github.com/luago-lang/luago/compiler/syntax"
)

// Constants that a module makes of its own name.
//
// A module often finds the others of its library by the name that it was itself
// required by:
//
//	local PATH = (...):gsub("%.init$", "")
//	local util = require(PATH .. ".util")
//
// That name is known when the module is linked, and so is all that is made of it
// with constants, the string library, tables that are written out, and local
// functions that only do such things. The walker (walker.go) goes through the
// statements of a chunk in order, with what is known of each variable; this file
// has the values and the expressions, foldlib.go the library functions.
//
// The domain is small on purpose: nil, booleans, numbers, strings, tables made by
// constructors, local functions, and the functions of the libraries. Everything
// else is unknown, and what is made of it, too. Nothing here has to be certain:
// a name that is wrong links a module too many, a name that is unknown leaves its
// file to run time.

// A kind says what a value is.
type kind uint8

const (
	unknown kind = iota
	nilKind
	boolKind
	numberKind
	stringKind
	tableKind
	functionKind // a function of the chunk
	builtinKind  // a function or a table of the libraries, by its name
)

// A value is what is known of a Lua value.
type value struct {
	kind   kind
	text   string  // of a string; the name of a builtin, as "string.gsub"
	number float64 // 1 for true
	table  *table
	fn     *syntax.FunctionExpr
	// guess says that the value is not certain: "lib" of (arg[1] or "lib").
	guess bool
}

// A table is one that a constructor has made.
type table struct {
	fields map[string]value
	keys   []string // of fields, in order of first assignment
	list   []value
}

func (t *table) set(key string, v value) {
	if _, ok := t.fields[key]; !ok {
		t.keys = append(t.keys, key)
	}
	if t.fields == nil {
		t.fields = map[string]value{}
	}
	t.fields[key] = v
}

func text(s string) value       { return value{kind: stringKind, text: s} }
func number(n float64) value    { return value{kind: numberKind, number: n} }
func builtin(name string) value { return value{kind: builtinKind, text: name} }

func boolean(b bool) value {
	if b {
		return value{kind: boolKind, number: 1}
	}
	return value{kind: boolKind}
}

var nothing = value{kind: nilKind}

// truth returns whether v counts as true, where that is known.
func (v value) truth() (truth, known bool) {
	switch v.kind {
	case unknown:
		return false, false
	case nilKind:
		return false, true
	case boolKind:
		return v.number != 0, true
	}
	return true, true
}

// str returns v as a string, where it is one or a whole number.
func (v value) str() (string, bool) {
	switch {
	case v.kind == stringKind:
		return v.text, true
	case v.kind == numberKind && v.number == math.Trunc(v.number) && math.Abs(v.number) < 1e14:
		return strconv.FormatInt(int64(v.number), 10), true
	}
	return "", false
}

// guessed returns v, as a guess if one of others is.
func (v value) guessed(others ...value) value {
	for _, o := range others {
		v.guess = v.guess || o.guess
	}
	return v
}

// maxText is how long strings may get.
const maxText = 1 << 16

// eval returns what is known of the first value of x.
func (w *walker) eval(x syntax.Expr) value {
	if values := w.evalMulti(x); len(values) > 0 {
		return values[0]
	}
	return nothing
}

// evalMulti returns what is known of the values of x: of a call or "..." as many
// as it is known to have, else one.
func (w *walker) evalMulti(x syntax.Expr) []value {
	w.steps++
	switch x := x.(type) {
	case *syntax.VarargExpr:
		return w.varargs
	case *syntax.CallExpr:
		return w.call(x)
	case *syntax.MethodCallExpr:
		recv := w.eval(x.Recv)
		args := append([]value{recv}, w.list(x.Args)...)
		if recv.kind == stringKind {
			return w.library("string."+x.Method.Text, args)
		}
		return []value{{}}
	}
	return []value{w.single(x)}
}

// single evaluates what always has one value.
func (w *walker) single(x syntax.Expr) value {
	switch x := x.(type) {
	case *syntax.NilExpr:
		return nothing
	case *syntax.TrueExpr:
		return boolean(true)
	case *syntax.FalseExpr:
		return boolean(false)
	case *syntax.NumberExpr:
		return number(x.Value)
	case *syntax.StringExpr:
		return text(x.Value)
	case *syntax.ParenExpr:
		return w.eval(x.X)
	case *syntax.NameExpr:
		return w.name(x)
	case *syntax.IndexExpr:
		return w.index(x)
	case *syntax.FunctionExpr:
		return w.function(x)
	case *syntax.TableExpr:
		return w.constructor(x)
	case *syntax.UnaryExpr:
		return w.unary(x)
	case *syntax.BinaryExpr:
		return w.binary(x)
	}
	return value{}
}

// list evaluates a list of expressions; the last one may add any number.
func (w *walker) list(list []syntax.Expr) []value {
	var values []value
	for i, x := range list {
		if i == len(list)-1 {
			return append(values, w.evalMulti(x)...)
		}
		values = append(values, w.eval(x))
	}
	return values
}

// at returns values[i], nil beyond the end. After an unknown last value anything
// may come.
func at(values []value, i int) value {
	switch {
	case i < len(values):
		return values[i]
	case len(values) > 0 && values[len(values)-1].kind == unknown:
		return value{}
	}
	return nothing
}

// name returns what is known of a variable.
func (w *walker) name(n *syntax.NameExpr) value {
	if v := w.info.Uses[n]; v != nil {
		return w.variable(v)
	}
	if w.info.EnvOf[n] != nil {
		return value{}
	}
	return w.global(n.Name)
}

// global returns what is known of a global variable.
func (w *walker) global(name string) value {
	if v, ok := w.globals[name]; ok {
		return v
	}
	switch name {
	case "_VERSION":
		return text("Lua 5.2")
	case "_G", "require", "pcall", "select", "tostring", "type", "assert", "ipairs", "pairs", "string", "table", "package", "debug", "arg":
		return builtin(name)
	}
	return value{}
}

// index returns what is known of a field.
func (w *walker) index(x *syntax.IndexExpr) value {
	of, key := w.eval(x.X), w.eval(x.Key)
	switch {
	case of.kind == tableKind && key.kind == stringKind:
		return of.table.fields[key.text].guessed(of, key)
	case of.kind == tableKind && key.kind == numberKind:
		if i := int(key.number); float64(i) == key.number && i >= 1 && i <= len(of.table.list) {
			return of.table.list[i-1].guessed(of, key)
		}
	case of.kind == builtinKind && of.text == "_G" && key.kind == stringKind:
		return w.global(key.text)
	case of.kind == builtinKind && key.kind == stringKind:
		if of.text == "package" && key.text == "path" {
			return value{kind: stringKind, text: w.path, guess: w.program.OwnPath}
		}
		return builtin(of.text + "." + key.text)
	case of.kind == builtinKind && of.text == "arg" && key.kind == numberKind && key.number == 0:
		return value{kind: stringKind, text: w.program.Main.Path, guess: true}
	}
	return value{}
}

// constructor makes a table.
func (w *walker) constructor(x *syntax.TableExpr) value {
	t := &table{}
	for i, f := range x.Fields {
		switch {
		case f.Key != nil:
			key, v := w.eval(f.Key), w.eval(f.Value)
			if key.kind == stringKind {
				t.set(key.text, v)
			}
		case i == len(x.Fields)-1:
			t.list = append(t.list, w.evalMulti(f.Value)...)
		default:
			t.list = append(t.list, w.eval(f.Value))
		}
	}
	return value{kind: tableKind, table: t}
}

func (w *walker) unary(x *syntax.UnaryExpr) value {
	v := w.eval(x.X)
	switch x.Op {
	case syntax.OpNot:
		if truth, known := v.truth(); known {
			return boolean(!truth).guessed(v)
		}
	case syntax.OpLen:
		if v.kind == stringKind {
			return number(float64(len(v.text))).guessed(v)
		}
		if v.kind == tableKind {
			return number(float64(len(v.table.list))).guessed(v)
		}
	case syntax.OpNeg:
		if v.kind == numberKind {
			return number(-v.number).guessed(v)
		}
	}
	return value{}
}

func (w *walker) binary(x *syntax.BinaryExpr) value {
	a := w.eval(x.X)
	if x.Op == syntax.OpAnd || x.Op == syntax.OpOr {
		truth, known := a.truth()
		b := w.eval(x.Y) // evaluated in any case: a require in it is one
		switch {
		case known && truth == (x.Op == syntax.OpOr):
			return a
		case !known && x.Op == syntax.OpAnd:
			return value{}
		case !known:
			b.guess = true
		}
		return b.guessed(a)
	}
	b := w.eval(x.Y)
	if a.kind == unknown || b.kind == unknown {
		return beginning(x.Op, a, b)
	}
	switch x.Op {
	case syntax.OpConcat:
		s, ok := a.str()
		t, ok2 := b.str()
		if ok && ok2 && len(s)+len(t) <= maxText {
			return text(s+t).guessed(a, b)
		}
	case syntax.OpEqual, syntax.OpNotEqual:
		if a.kind <= stringKind && b.kind <= stringKind || a.kind == nilKind || b.kind == nilKind {
			equal := a.kind == b.kind && a.text == b.text && a.number == b.number
			return boolean(equal == (x.Op == syntax.OpEqual)).guessed(a, b)
		}
	case syntax.OpAdd, syntax.OpSub:
		if a.kind == numberKind && b.kind == numberKind {
			if x.Op == syntax.OpSub {
				b.number = -b.number
			}
			return number(a.number+b.number).guessed(a, b)
		}
	case syntax.OpLess, syntax.OpLessEqual, syntax.OpGreater, syntax.OpGreaterEqual:
		return compare(x.Op, a, b).guessed(a, b)
	}
	return value{}
}

// beginning returns an unknown value with the text that it is known to start with,
// if it is a string: what is known of the left operand, and where that is all of it,
// of the right one.
func beginning(op syntax.Op, a, b value) value {
	left, known := a.str()
	switch {
	case op != syntax.OpConcat:
		return value{}
	case a.kind == unknown:
		return value{text: a.text}
	case !known:
		return value{}
	}
	right, _ := b.str()
	if b.kind == unknown {
		right = b.text
	}
	return value{text: left + right}.guessed(a, b)
}

// compare evaluates an order.
func compare(op syntax.Op, a, b value) value {
	order := 0
	switch {
	case a.kind == numberKind && b.kind == numberKind:
		order = sign(a.number - b.number)
	case a.kind == stringKind && b.kind == stringKind:
		if a.text < b.text {
			order = -1
		} else if a.text > b.text {
			order = 1
		}
	default:
		return value{}
	}
	switch op {
	case syntax.OpLess:
		return boolean(order < 0)
	case syntax.OpLessEqual:
		return boolean(order <= 0)
	case syntax.OpGreater:
		return boolean(order > 0)
	}
	return boolean(order >= 0)
}

func sign(n float64) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}
