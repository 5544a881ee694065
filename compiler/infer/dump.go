package infer

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Dump writes the facts about p as text: those about the whole program, then a
// line for each of the others, in the order of the source. Nothing is left out; a
// program that can change variables from outside has fewer (Untyped).
//
//	globals: plain
//	libraries: math
//	evaluator: none
//	main.lua:1:7: function fib is called directly; its one result is a number
//	main.lua:1:7: fib is no variable, as nothing needs its value
//	main.lua:1:20: n is a number
//	main.lua:4:1: for i counts up; it fills t
func (f *Facts) Dump(w io.Writer, p *resolve.Program) error {
	d := &dumper{facts: f}
	d.program()
	if p.Needs().Upvalues || p.Instrumented() != "" {
		d.facts = f.Untyped()
		d.text.WriteString("variables: can be changed from outside\n")
	}
	for _, m := range p.All() {
		d.module(m.Info)
	}
	_, err := io.WriteString(w, d.text.String())
	return err
}

// A dumper collects the lines of a dump.
type dumper struct {
	facts *Facts
	text  strings.Builder
	lines []dumpLine // of one module
}

type dumpLine struct {
	pos  diag.Pos
	text string
}

func (d *dumper) program() {
	globals, libraries, evaluator := "may be reached as a table", "all", "none"
	if d.facts.PlainGlobals {
		globals = "plain"
	}
	if d.facts.Libraries != nil {
		libraries = strings.Join(d.facts.Libraries, ", ")
		if libraries == "" {
			libraries = "the basic ones"
		}
	}
	if !d.facts.NoEval {
		evaluator = cmp.Or(d.facts.EvalReason, "linked")
	}
	fmt.Fprintf(&d.text, "globals: %s\nlibraries: %s\nevaluator: %s\n", globals, libraries, evaluator)
}

func (d *dumper) add(pos diag.Pos, format string, args ...any) {
	d.lines = append(d.lines, dumpLine{pos, fmt.Sprintf(format, args...)})
}

func (d *dumper) module(info *resolve.Info) {
	d.lines = nil
	d.function(info.Main)
	syntax.Walk(info.Chunk, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.NumericForStmt:
			d.loop(n)
		case *syntax.MethodCallExpr:
			if m := d.facts.Classes.Call(n); m != nil {
				d.add(n.Method.Pos(), "%s is that of %s", n.Method.Text, m.Class.Name)
			}
		case *syntax.CallExpr:
			if s := d.facts.Callee(n); s != nil {
				d.add(n.Pos(), "calls function %s directly", staticName(s))
			}
			if name := d.facts.Library(info, n.Fn); name != "" {
				d.add(n.Pos(), "should call string.%s", name)
			}
		}
		return true
	})
	slices.SortStableFunc(d.lines, func(a, b dumpLine) int {
		return cmp.Or(cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Col, b.pos.Col))
	})
	for _, l := range d.lines {
		fmt.Fprintf(&d.text, "%s:%d:%d: %s\n", info.Chunk.Name, l.pos.Line, l.pos.Col, l.text)
	}
}

// function adds what is known of fn, its variables and the functions in it.
func (d *dumper) function(fn *resolve.Func) {
	if s := d.facts.Static(fn); s != nil {
		text := fmt.Sprintf("function %s is called directly", staticName(s))
		switch {
		case d.facts.NumberResult(s):
			text += "; its one result is a number"
		case s.Results == OneResult:
			text += "; it has one result"
		case s.Results == NoResult:
			text += "; it has no result"
		default:
			text += "; it has any number of results"
		}
		if s.Loops {
			text += "; its tail calls of itself are jumps"
		}
		if s.MayBeNil {
			text += "; it may not be there yet"
		}
		if s.Escapes {
			text += "; its value is needed, too"
		}
		d.add(fn.Node.Pos(), "%s", text)
	}
	for _, v := range fn.Locals {
		if d.facts.IsNumber(v) {
			d.add(v.Decl, "%s is a number", v.Name)
		}
		if d.facts.IsElided(v) {
			d.add(v.Decl, "%s is no variable, as nothing needs its value", v.Name)
		}
		switch name := d.facts.library[v]; name {
		case "":
		case stringLibrary:
			d.add(v.Decl, "%s should be the table string", v.Name)
		default:
			d.add(v.Decl, "%s should be string.%s", v.Name, name)
		}
	}
	for _, child := range fn.Children {
		d.function(child)
	}
}

// loop adds what is known of a numeric for.
func (d *dumper) loop(s *syntax.NumericForStmt) {
	direction := map[int]string{1: "up", -1: "down"}[d.facts.Counter(s)]
	if direction == "" {
		return
	}
	text := fmt.Sprintf("for %s counts %s", s.Var.Text, direction)
	if d.facts.counters[s].positive {
		text += ", from 1 or more"
	}
	for _, v := range d.facts.Fills(s) {
		text += "; it fills " + v.Name
	}
	d.add(s.Pos(), "%s", text)
}

// staticName returns what a dump calls a function.
func staticName(s *Static) string { return cmp.Or(s.Func.Node.Name, "without name") }
