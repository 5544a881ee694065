package emit

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/infer"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A function is one Lua function on its way to Go.
type function struct {
	m           *module
	fn          *resolve.Func
	names       *scope
	out         writer
	loops       int // depth of loops around the current statement
	inlineDepth int // of loops, from which on fast paths are written out
	vararg      string
	depth       string // weight of the function's frame for the depth counter, "" when it counts none
	labels      map[*syntax.LabelStmt]string
	targets     map[*syntax.LabelStmt]bool // of gotos; nil until asked for
	predeclared map[*resolve.Var]bool      // declared at the start of their block
	static      *infer.Static              // not nil in a static function
	again       string                     // the label at its start, for its tail calls of itself
	keep        []string                   // variables in scope, where the program can tell when objects die
	visible     int                        // variables in scope, in instrumented programs
	testedBody  *syntax.Block              // the body of the latest if or elseif
}

// noInline keeps Go from inlining what makes a closure: it would copy the
// closure, and inline nothing into the copy.
const noInline = "//\n//go:noinline\n"

// emit prints the module's main function and everything in it.
func (m *module) emit() {
	defer func() {
		if r := recover(); r != nil {
			panic(&fault{m.pos, r})
		}
	}()
	main := m.info.Main
	var body bytes.Buffer
	f := m.newFunction(main, newScope())
	f.literal(&body)
	fmt.Fprintf(&m.decls, "// %s makes the main function of %s.\n", m.ctor, comment(m.info.Chunk.Name))
	m.decls.WriteString(noInline)
	fmt.Fprintf(&m.decls, "func (p *program) %s() rt.Value {\nreturn %s\n}\n\n", m.ctor, m.newClosure(main, body.String()))
}

func (m *module) newFunction(fn *resolve.Func, names *scope) *function {
	f := &function{m: m, fn: fn, names: names, labels: map[*syntax.LabelStmt]string{}, predeclared: map[*resolve.Var]bool{}}
	if m.instrumented {
		names.own[activation] = true
	}
	f.inlineDepth = max(m.inlineDepth, inlineDepth(f.body()))
	return f
}

// body returns the function's statements.
func (f *function) body() *syntax.Block {
	if f.fn.Node == nil {
		return f.fn.Chunk.Body
	}
	return f.fn.Node.Body
}

// literal prints the function as a Go function literal.
func (f *function) literal(w *bytes.Buffer) {
	fn := f.fn
	params := [3]string{"_", "_", "_"}
	var prologue []string
	for i, v := range fn.Params {
		g := f.declare(v)
		if i < len(params) {
			params[i] = g.name
			continue
		}
		prologue = append(prologue, fmt.Sprintf("%s := th.Param(%d, nargs)", g.name, i))
		if v.Uses == 0 {
			prologue = append(prologue, "_ = "+g.name)
		}
	}
	if fn.IsVararg && (fn.UsesVararg || f.m.records >= resolve.RecordVariables) {
		for i := len(fn.Params); i < len(params); i++ {
			params[i] = f.names.numbered("a")
		}
		f.vararg, prologue = f.varargs(prologue, params)
	}
	nargs := "nargs"
	if len(prologue) == 0 {
		nargs = "_"
	}
	if fn.Node == nil {
		prologue = append(prologue, "ck := &"+f.m.typeName+"{program: p}", "_ = ck")
	}
	if env := f.m.info.Env; env != nil && fn.Node == nil {
		g := f.declare(env)
		define := " := "
		if g.field {
			define = " = "
		}
		prologue = append(prologue, g.code()+define+"th.State.Globals.Value()", "_ = "+g.code())
	}
	f.functionBody()

	f.lineDirective(w, f.start())
	fmt.Fprintf(w, "func(th *rt.Thread, %s%s int, %s, %s, %s rt.Value) (rt.Value, int) {\n", f.activationParam(), nargs, params[0], params[1], params[2])
	for _, s := range prologue {
		w.WriteString(s + "\n")
	}
	f.countDepth(w)
	w.Write(f.out.Bytes())
	w.WriteString("}")
}

// functionBody prints the statements of the function.
func (f *function) functionBody() {
	if f.fn.HasCalls {
		f.depth = strconv.Itoa(f.frameWeight())
		if f.vararg != "" {
			f.depth += "+len(" + f.vararg + ")>>rt.ValueShift"
		}
	}
	f.startCall()
	f.block(f.body())
	last := f.m.info.Chunk.LastLine(f.fn.Node)
	f.m.description(f.fn).lines[last] = true // even if control never gets there
	if !f.terminates(f.body()) {
		f.pointAtLine(last)
		f.leave()
		f.returnValues([]operand{nilOperand}[:f.atEnd()])
	}
}

// atEnd returns how many values the end of the function returns: none, but Go
// may ask for one where it does not see that control never gets there.
func (f *function) atEnd() int {
	if f.static != nil && f.static.Results == infer.OneResult {
		return 1
	}
	return 0
}

// countDepth prints the depth count at the start of the function.
func (f *function) countDepth(w *bytes.Buffer) {
	if f.depth != "" {
		fmt.Fprintf(w, "if th.Depth += %s; th.Depth > rt.MaxDepth {\n", f.depth)
		f.lineDirective(w, f.start())
		w.WriteString("th.Overflow()\n}\n")
	}
}

// varargs adds to prologue what takes the function's varargs, and returns the Go
// expression of the slice of them.
func (f *function) varargs(prologue []string, params [3]string) (string, []string) {
	given := fmt.Sprintf("nargs, %d, %s", len(f.fn.Params), strings.Join(params[:], ", "))
	if f.m.records >= resolve.RecordVariables {
		v := activation + ".Varargs"
		return v, append(prologue, fmt.Sprintf("%s = th.Varargs(%s)", v, given))
	}
	v := f.names.numbered("varargs")
	buffer := f.names.numbered("varargBuffer")
	return v, append(prologue, "var "+buffer+" [rt.VarargBuffer]rt.Value",
		fmt.Sprintf("%s := th.VarargsIn(%s[:], %s)", v, buffer, given))
}

// frameWeight returns the weight of a call for the depth counter.
func (f *function) frameWeight() int {
	if f.m.instrumented {
		return 1 + countOperations(f.body())/60
	}
	return 1 + countOperations(f.body())/80
}

func (f *function) start() diag.Pos {
	if f.fn.Node != nil {
		return f.fn.Node.Pos()
	}
	return diag.Pos{Line: 1, Col: 1}
}

// leave undoes the entry's depth count, before a return.
func (f *function) leave() {
	f.keepAlive(f.keep)
	if f.depth != "" {
		f.line("th.Depth -= " + f.depth)
	}
	if f.vararg != "" && f.m.records < resolve.RecordVariables {
		f.linef("th.DropVarargs(len(%s))", f.vararg)
	}
}

// declare gives v a Go name. Captured variables that exist once per run of
// the chunk become fields of the chunk; the others Go variables.
func (f *function) declare(v *resolve.Var) *variable {
	g := f.declareNumber(v)
	if f.m.needs.Deaths && g.rep == repValue && !g.field {
		f.keep = append(f.keep, g.name)
	}
	return g
}

// declareNumber is declare for a variable that holds a number, whatever infer
// knows of it.
func (f *function) declareNumber(v *resolve.Var) *variable {
	g := &variable{}
	if f.m.facts.IsNumber(v) {
		g.rep = repFloat
	}
	if v.ChunkLevel && v.Captured {
		g.name, g.field = f.m.fields.local(v.Name), true
		f.m.fieldDef = append(f.m.fieldDef, g.name+" "+g.rep.goType())
	} else {
		g.name = f.names.local(v.Name)
	}
	f.m.vars[v] = g
	return g
}

// closure returns an operand for a new closure of the function that x
// declares.
func (f *function) closure(x *syntax.FunctionExpr) operand {
	f.point(x.End())
	fn := f.m.info.Funcs[x]
	f.m.proto(fn) // in the order of the source
	if s := f.m.facts.Static(fn); s != nil {
		return f.staticClosure(x, s)
	}
	free := true
	for _, up := range fn.Upvalues {
		if !up.ChunkLevel {
			free = false
		}
	}
	if !free {
		g := f.m.newFunction(fn, f.names)
		var body bytes.Buffer
		g.literal(&body)
		t := f.names.numbered("f")
		f.line(t + " := " + f.m.newClosure(fn, body.String()))
		return temp(t)
	}
	method := f.m.fields.name("fn_", funcName(fn))
	f.m.goNames[fn] = method + ".func1"
	g := f.m.newFunction(fn, newScope())
	var body bytes.Buffer
	g.literal(&body)
	d := &f.m.decls
	fmt.Fprintf(d, "// %s makes a closure of the function at %s:%d.\n", method, comment(f.m.info.Chunk.Name), x.Pos().Line)
	d.WriteString(noInline)
	fmt.Fprintf(d, "func (ck *%s) %s() rt.Value {\nreturn %s\n}\n\n", f.m.typeName, method, f.m.newClosure(fn, body.String()))
	t := f.names.numbered("f")
	f.line(t + " := ck." + method + "()")
	return temp(t)
}

// funcName returns what a function is called in the source.
func funcName(fn *resolve.Func) string {
	if fn.Node == nil {
		return "main"
	}
	if fn.Node.Name == "" {
		return "anonymous"
	}
	return fn.Node.Name
}

// A description is the Go variable that describes a function to the runtime.
type description struct {
	m      *module
	name   string
	fn     *resolve.Func
	fields []string
	lines  map[int]bool // that debuggers can stop on
}

func (d *description) String() string {
	fields := d.fields
	if name := d.m.goNames[d.fn]; name != "" {
		fields = append(slices.Clone(fields), fmt.Sprintf("GoName: %q", name))
	}
	return fmt.Sprintf("%s = rt.Proto{%s}", d.name, strings.Join(fields, ", "))
}

// proto returns the name of the variable that describes fn.
func (m *module) proto(fn *resolve.Func) string { return m.description(fn).name }

// description returns the description of fn, which is complete when fn has been
// emitted.
func (m *module) description(fn *resolve.Func) *description {
	if d, ok := m.descriptions[fn]; ok {
		return d
	}
	d := &description{m: m, name: m.names.name("proto", funcName(fn)), fn: fn, lines: map[int]bool{}}
	m.descriptions[fn] = d
	m.protoIDs = append(m.protoIDs, d.name)
	label, line, end := "", 0, int(fn.Chunk.End().Line)
	if fn.Node != nil {
		label, line, end = fn.Node.Name, int(fn.Node.Pos().Line), int(fn.Node.End().Line)
	}
	field := func(format string, args ...any) { d.fields = append(d.fields, fmt.Sprintf(format, args...)) }
	field("Name: %q, Chunk: %q, Line: %d, EndLine: %d, Params: %d, Vararg: %t", label, m.info.Chunk.Name, line, end, len(fn.Params), fn.IsVararg)
	if m.needs.Source {
		field("Index: %d", fn.Index)
	}
	if m.needs.Upvalues {
		var names []string
		for _, v := range m.upvalues(fn) {
			names = append(names, strconv.Quote(upvalueName(v)))
		}
		field("Upvalues: []string{%s}", strings.Join(names, ", "))
	}
	m.protos = append(m.protos, d)
	return d
}
