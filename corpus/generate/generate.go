// Package generate writes random Lua programs, to compare the ways in which
// luago can run a program with each other and with lua5.2, and reduces those
// in which two ways part.
//
// Input: a seed. Output: the text of a program that is right, ends, and prints
// a great deal about what it computes, errors with their messages included.
// The package must not know how programs are run.
//
// # What keeps a program comparable
//
// A program prints nothing that Lua leaves open:
//
//   - Addresses: values are printed by a function of the program's own, and
//     tables, functions and coroutines never become strings otherwise.
//   - The order of pairs: keys are visited sorted.
//   - The length of a table with holes: # and all that uses it is applied to
//     "lists" only, which get no nil.
//   - The order of assignments: no variable is assigned to twice in one
//     statement.
//   - Comparisons that make no order: only literals are sorted.
//
// It ends because loops are counted and because functions and uncounted loops
// call tick, which runs out of fuel; strings are cut before they are stored.
//
// # Kinds
//
// Every variable has a kind for its whole life, so that most operations find
// the operands that they need. Now and then an operand of any kind is put in
// their place: what then goes wrong is part of the test.
package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/luago-lang/luago/corpus/rename"
)

// A kind says what a variable holds.
type kind int

const (
	number   kind = iota
	text          // a string
	boolean       // true or false
	list          // a table without holes, of numbers
	record        // a table with the fields x, y and z, of anything
	object        // a table with one of the program's metatables
	function      // a function of the program
	any_          // anything, nil included
)

// valueKinds are the kinds of ordinary variables.
var valueKinds = []kind{number, number, number, text, boolean, list, record, object, any_}

// A variable is a name in scope.
type variable struct {
	name  string
	kind  kind
	fixed bool        // never assigned to
	sig   *signature  // of a function
	class *metatables // of an object, nil where it is unknown
}

// A signature says what a function takes and gives.
type signature struct {
	params  []kind
	vararg  bool
	results []kind
}

// A generator writes one program.
type generator struct {
	r      *rand.Rand
	out    strings.Builder
	indent int
	scope  []variable
	names  int // for names that must be new

	nested  int  // statements around the present one
	loops   int  // loops around it, in the present function
	vararg  bool // whether the present function has "..."
	yields  bool // whether the present function runs in a coroutine
	results []kind
	calm    bool // little that fails: nothing catches it
	busy    bool // whether the present function needs a tick
	grew    bool // whether the last expression may be a long string
}

// Program returns the program of a seed.
func Program(seed uint64) string {
	g := &generator{r: rand.New(rand.NewPCG(seed, 5))}
	g.out.WriteString(prelude)
	for i, k := range []kind{number, number, text, any_, record} {
		g.declareGlobal(fmt.Sprintf("G%d", i+1), k)
	}
	for range 1 + g.r.IntN(2) {
		g.class()
	}
	for i := range 4 + g.r.IntN(6) {
		g.section(i + 1)
	}
	if g.chance(0.1) {
		g.line("error(%s .. \"\")", g.expr(text, 2))
	}
	if seed%3 != 1 {
		return g.out.String()
	}
	// With names that the compiler uses itself.
	return rename.Program([]rename.File{{Name: "main.lua", Text: g.out.String()}}, int(seed))[0].Text
}

// prelude is the head of every program.
const prelude = `local fuel = 300
local function tick()
  fuel = fuel - 1
  if fuel < 0 then error("out of fuel", 0) end
end
local function cut(...)
  local s = ...
  if type(s) == "string" and #s > 60 then return s:sub(1, 60), select(2, ...) end
  return ...
end
local function value(o)
  if type(o) == "table" then o = rawget(o, "x") end
  return type(o) ~= "table" and o or 0
end
local function written(v) -- tostring, without addresses
  local t = type(v)
  return (t == "table" or t == "function" or t == "thread") and t or tostring(v)
end
local function describe(v, depth)
  local t = type(v)
  if t == "number" then return v ~= v and "nan" or ("%.17g"):format(v) end
  if t == "string" then return ("%q"):format(v:sub(1, 200)) end
  if t ~= "table" then return written(v) end
  if depth > 2 then return "{...}" end
  local parts = {}
  for k, x in next, v do
    if k == 0 then k = 0 end -- the key -0 keeps its sign in C Lua
    parts[#parts + 1] = describe(k, 3) .. "=" .. describe(x, depth + 1)
  end
  table.sort(parts)
  return "{" .. table.concat(parts, ",") .. "}"
end
local function show(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = describe((select(i, ...)), 0) end
  print((table.concat(parts, " "):sub(1, 1000)))
end
local function sorted(t)
  local keys, i = {}, 0
  for k in next, t do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) return describe(a, 0) < describe(b, 0) end)
  return function()
    i = i + 1
    return keys[i], t[keys[i]]
  end
end
`

// section writes one part of the program: open statements of the top level,
// or a function that is called so that its errors are caught.
func (g *generator) section(n int) {
	g.calm = true
	defer func() { g.calm = false }()
	switch g.r.IntN(6) {
	case 0:
		g.line("do")
		g.block(func() { g.statements(2 + g.r.IntN(4)) })
		g.line("end")
	case 1:
		g.statements(1 + g.r.IntN(3))
	case 2:
		g.coroutine()
	case 3:
		handler := "function(m) return m end"
		if g.chance(0.5) {
			handler = "function(m) show(\"handler\", m) return 1, m end"
		}
		g.out.WriteString(g.tabs() + fmt.Sprintf("show(%d, xpcall(", n))
		g.functionBody(g.signature(), "function", false)
		g.out.WriteString(fmt.Sprintf(", %s))\n", handler))
	default:
		g.out.WriteString(g.tabs() + fmt.Sprintf("show(%d, pcall(", n))
		sig := g.signature()
		g.functionBody(sig, "function", false)
		for _, k := range sig.params {
			g.out.WriteString(", " + g.expr(k, 1))
		}
		g.out.WriteString("))\n")
	}
}

// chance reports true with probability p.
func (g *generator) chance(p float64) bool { return g.r.Float64() < p }

// oneOf returns one of list.
func (g *generator) oneOf(list ...kind) kind { return list[g.r.IntN(len(list))] }

// word returns one of list.
func (g *generator) word(list ...string) string { return list[g.r.IntN(len(list))] }

// tabs returns the indentation of the present line.
func (g *generator) tabs() string { return strings.Repeat("  ", g.indent) }

// line writes a line.
func (g *generator) line(format string, args ...any) {
	g.out.WriteString(g.tabs())
	fmt.Fprintf(&g.out, format, args...)
	g.out.WriteByte('\n')
}

// block writes the statements of an inner block, whose variables end with it.
func (g *generator) block(write func()) {
	scope := len(g.scope)
	g.indent++
	g.nested++
	write()
	g.nested--
	g.indent--
	g.scope = g.scope[:scope]
}

// name returns a name for a new local variable; short ones repeat and shadow
// each other.
func (g *generator) name() string {
	return g.word("a", "b", "c", "d", "e", "f", "h", "k", "m", "p", "q", "s", "t", "u", "v", "w", "x", "y")
}

// fresh returns a name that no other variable has.
func (g *generator) fresh(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// declare adds a variable to the scope.
func (g *generator) declare(v variable) { g.scope = append(g.scope, v) }

// pick returns a visible variable that fits, or nil.
func (g *generator) pick(fits func(*variable) bool) *variable {
	var found []*variable
	seen := map[string]bool{}
	for i := len(g.scope) - 1; i >= 0; i-- {
		v := &g.scope[i]
		if !seen[v.name] && fits(v) {
			found = append(found, v)
		}
		seen[v.name] = true
	}
	if len(found) == 0 {
		return nil
	}
	if g.chance(0.5) {
		return found[g.r.IntN(min(3, len(found)))] // the inner ones matter more
	}
	return found[g.r.IntN(len(found))]
}

// pickKind returns the name of a visible variable of kind k, or "".
func (g *generator) pickKind(k kind) string {
	v := g.pick(func(v *variable) bool { return v.kind == k })
	if v == nil {
		return ""
	}
	return v.name
}
