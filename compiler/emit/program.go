package emit

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/infer"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

const runtimePath = "github.com/luago-lang/luago/"

// A program collects what the modules of one Lua program share: constants,
// global variables, function descriptions.
type program struct {
	res     *resolve.Program
	facts   *infer.Facts
	opts    Options
	names   *scope // package level
	modules []*module

	constants   map[string]string // string constant: Go variable
	globals     map[string]string // global's name: Go constant of its slot
	protos      []*description    // of functions
	shapes      map[string]string // "k_x, k_y": Go variable
	shapeList   []string
	data        []string // constructors, see data.go
	pool        []poolEntry
	hosts       map[string]bool // host modules required by constant name
	inlineDepth int             // see programInlineDepth
	needs       resolve.Needs

	instrumented bool // see instrument.go
	records      resolve.Records
}

// A poolEntry is a string constant and its Go variable.
type poolEntry struct{ name, value string }

// A module is one Lua file on its way to Go.
type module struct {
	*program
	mod          *resolve.Module
	info         *resolve.Info
	id           string // in //line directives and the registration
	fileName     string
	typeName     string // of the chunk struct
	ctor         string // method of program that makes the chunk's function
	fields       *scope
	fieldDef     []string // lines of the chunk struct: captured locals
	caches       [len(cacheKinds)]int
	decls        bytes.Buffer
	vars         map[*resolve.Var]*variable
	imports      map[string]bool
	descriptions map[*resolve.Func]*description
	statics      map[*resolve.Func]string // methods
	goNames      map[*resolve.Func]string // of functions that methods are or make
	protoIDs     []string
	pos          diag.Pos // of the statement being emitted
}

func newProgram(p *resolve.Program, facts *infer.Facts, opts Options) *program {
	g := &program{
		res: p, facts: facts, opts: opts, names: newScope(),
		constants: map[string]string{}, globals: map[string]string{},
		shapes: map[string]string{}, hosts: map[string]bool{},
	}
	ids := newScope()
	var chunks []*syntax.Chunk
	for i, m := range p.All() {
		base := strings.TrimSuffix(path.Base(m.Info.Chunk.Name), ".lua")
		if i > 0 {
			base = m.Name
		}
		id := identifier(base)
		if id == "" {
			id = "script"
		}
		id = ids.unused(id)
		mod := &module{
			program: g, mod: m, info: m.Info,
			id:           id + ".lua",
			fileName:     strings.ToLower(id) + "_" + strconv.Itoa(i) + "_lua.go",
			typeName:     g.names.name("chunk", id),
			ctor:         g.names.name("load", id),
			fields:       newScope("program", "g"), // of the embedded program
			vars:         map[*resolve.Var]*variable{},
			imports:      map[string]bool{},
			descriptions: map[*resolve.Func]*description{},
			statics:      map[*resolve.Func]string{},
			goNames:      map[*resolve.Func]string{},
		}
		for _, kind := range cacheKinds {
			mod.fields.own[kind.field] = true
		}
		for _, r := range m.Info.Requires {
			if _, ok := hostModules[r.Name]; ok && !p.IsLinked(r.Name) {
				g.hosts[r.Name] = true
			}
		}
		g.modules = append(g.modules, mod)
		chunks = append(chunks, m.Info.Chunk)
	}
	g.inlineDepth = programInlineDepth(chunks)
	g.needs = p.Needs()
	if g.records, _ = p.Records(); opts.Instrument {
		g.records = resolve.RecordVariables
	}
	g.instrumented = g.records > resolve.NoRecords
	g.needs.Upvalues = g.needs.Upvalues || g.records >= resolve.RecordLines
	if g.needs.Upvalues || g.instrumented {
		g.facts = g.facts.Untyped()
	}
	return g
}

// constant returns the Go variable of a string constant (a *rt.String).
func (g *program) constant(s string) string {
	if name, ok := g.constants[s]; ok {
		return name
	}
	name := g.names.name("k_", s)
	g.constants[s] = name
	g.pool = append(g.pool, poolEntry{name, s})
	return name
}

// global returns the Go expression of a global variable's slot.
func (g *program) global(name string) string {
	slot, ok := g.globals[name]
	if !ok {
		slot = g.names.name("g_", name)
		g.globals[name] = slot
	}
	return "ck.g[" + slot + "]"
}

// shape returns the Go variable of the shape with the given fields, in order.
func (g *program) shape(keys []string) string {
	var consts []string
	for _, k := range keys {
		consts = append(consts, g.constant(k))
	}
	list := strings.Join(consts, ", ")
	if name, ok := g.shapes[list]; ok {
		return name
	}
	name := g.names.numbered("shape")
	g.shapes[list] = name
	g.shapeList = append(g.shapeList, fmt.Sprintf("%s = rt.ShapeOf(%s)", name, list))
	return name
}

// source prints program.go.
func (g *program) source() []byte {
	var b bytes.Buffer
	main := g.modules[0]
	imports := []string{runtimePath + "rt"}
	libs := g.libraries()
	for _, lib := range libs {
		imports = append(imports, lib.path)
	}
	sort.Strings(imports)
	header(&b, main.info.Chunk.Name, g.opts.Package, imports)

	globals := make([]string, 0, len(g.globals))
	for name := range g.globals {
		globals = append(globals, name)
	}
	sort.Strings(globals)
	for _, name := range globals {
		g.constant(name)
	}
	b.WriteString("// globals are the slots of the global variables that the program names.\n")
	fmt.Fprintf(&b, "type globals [%d]rt.Value\n\n", len(globals))
	if len(globals) > 0 {
		b.WriteString("const (\n")
		for i, name := range globals {
			b.WriteString(g.globals[name])
			if i == 0 {
				b.WriteString(" = iota")
			}
			b.WriteByte('\n')
		}
		b.WriteString(")\n\n")
	}
	b.WriteString("// program is one running instance.\ntype program struct {\ng *globals\n}\n\n")
	if len(g.pool) > 0 {
		b.WriteString("// String constants.\nvar (\n")
		for _, c := range g.pool {
			fmt.Fprintf(&b, "%s = rt.Const(%s)\n", c.name, strconv.Quote(c.value))
		}
		b.WriteString(")\n\n")
	}
	if len(g.shapeList) > 0 {
		b.WriteString("// Shapes of table constructors.\nvar (\n" + strings.Join(g.shapeList, "\n") + "\n)\n\n")
	}
	if len(g.data) > 0 {
		b.WriteString("// Large table constructors.\nvar (\n" + strings.Join(g.data, "\n") + "\n)\n\n")
	}
	b.WriteString("// Descriptions of functions, for error messages and tracebacks.\nvar (\n")
	for _, d := range g.protos {
		if g.instrumented {
			d.instrument(d.fn, g.records)
		}
		fmt.Fprintln(&b, d)
	}
	b.WriteString(")\n\n")

	b.WriteString("func init() {\n")
	for _, m := range g.modules {
		fmt.Fprintf(&b, "rt.RegisterChunk(%q, %q, %s)\n", m.id, m.info.Chunk.Name, "&"+strings.Join(m.protoIDs, ", &"))
		if g.needs.Source {
			fmt.Fprintf(&b, "rt.RegisterSource(%q, %q)\n", m.id, g.res.Files.File(m.info.Chunk.File).Text)
		}
		if calls := m.info.Calls(); calls != "" {
			fmt.Fprintf(&b, "rt.RegisterCalls(%q, %q)\n", m.id, calls)
		}
	}
	b.WriteString("}\n\n")

	fmt.Fprintf(&b, "// Program is %s, ready to run.\nvar Program = rt.Program{Name: %q, New: newState}\n\n", comment(main.info.Chunk.Name), main.info.Chunk.Name)
	b.WriteString("// newState returns a fresh Lua state with its libraries open, and the main function.\n")
	b.WriteString("func newState() (*rt.State, rt.Value) {\np := &program{g: new(globals)}\n")
	b.WriteString("st := rt.NewState([]*rt.String{")
	for i, name := range globals {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(g.constant(name))
	}
	b.WriteString("}, p.g[:])\n")
	for _, lib := range libs {
		fmt.Fprintf(&b, "%s.Open(st)\n", lib.name)
	}
	if g.instrumented {
		fmt.Fprintf(&b, "st.Instrument(rt.%s)\n", recordNames[g.records])
	}
	for _, m := range g.modules[1:] {
		fmt.Fprintf(&b, "st.RegisterModule(%q, %q, p.%s())\n", m.mod.Name, m.info.Chunk.Name, m.ctor)
	}
	for _, m := range g.res.Broken {
		fmt.Fprintf(&b, "st.RegisterBroken(%q, %q, %q)\n", m.Name, m.Path, m.Problem)
	}
	if g.res.OwnPath {
		b.WriteString("st.SearchPathFirst(map[string]uint64{\n")
		for _, m := range g.modules[1:] {
			fmt.Fprintf(&b, "%q: %#x,\n", m.mod.Name, sourceSum(g.res.Files.File(m.info.Chunk.File).Text))
		}
		b.WriteString("})\n")
	}
	fmt.Fprintf(&b, "return st, p.%s()\n}\n", main.ctor)
	if g.opts.Main {
		b.WriteString("\nfunc main() {\nrt.Run(Program)\n}\n")
	}
	return b.Bytes()
}

// sourceSum is rt.SourceSum.
func sourceSum(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

// source prints the module's file.
func (m *module) source() []byte {
	var b bytes.Buffer
	imports := []string{runtimePath + "rt"}
	for path := range m.imports {
		imports = append(imports, path)
	}
	sort.Strings(imports)
	header(&b, m.info.Chunk.Name, m.opts.Package, imports)
	fmt.Fprintf(&b, "// %s is one run of %s: captured locals of its top level, and inline caches.\n", m.typeName, comment(m.info.Chunk.Name))
	fields := m.fieldDef
	for i, kind := range cacheKinds {
		if n := m.caches[i]; n > 0 {
			fields = append(fields, fmt.Sprintf("%s [%d]%s", kind.field, n, kind.typ))
		}
	}
	fmt.Fprintf(&b, "type %s struct {\n*program\n%s\n}\n\n", m.typeName, strings.Join(fields, "\n"))
	b.Write(m.decls.Bytes())
	return b.Bytes()
}

// A cacheKind is one of the kinds of inline caches.
type cacheKind int

const (
	readCache   cacheKind = iota // of reading fields
	writeCache                   // of writing them
	methodCache                  // of looking methods up
	metaCache                    // of metatables made anew
)

// cacheKinds are the chunk's fields that hold the inline caches, one array a
// kind: Go searches the fields of a struct one after the other.
var cacheKinds = [...]struct{ field, typ string }{
	readCache:   {"r", "rt.FieldCache"},
	writeCache:  {"w", "rt.FieldCache"},
	methodCache: {"m", "rt.MethodCache"},
	metaCache:   {"nm", "rt.MetaCache"},
}

// cache adds an inline cache to the chunk and returns the expression that
// names it.
func (m *module) cache(kind cacheKind) string {
	i := m.caches[kind]
	m.caches[kind]++
	return fmt.Sprintf("ck.%s[%d]", cacheKinds[kind].field, i)
}
