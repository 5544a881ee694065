package surface

import (
	"slices"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A Source is a surface file to read.
type Source struct {
	Name    string // as messages show it
	PkgPath string // import path of the Go package beside it
	Data    []byte
}

// Read reads surface files. Classes may be named before they are declared
// and in other files. What is wrong with them goes to sink; the Surface then
// holds what could be understood.
func Read(files *diag.Files, sink *diag.Sink, sources []Source) *Surface {
	s := &Surface{modules: map[string]*Module{}, classes: map[string]*Class{}}
	var pending []use
	for _, src := range sources {
		r := &reader{surface: s, sink: sink, values: map[string]*Class{}, byLine: map[int]*comment{}}
		r.read(files, src)
		pending = append(pending, r.uses...)
	}
	for _, u := range pending {
		if u.typ.Class = s.classes[u.typ.name]; u.typ.Class == nil {
			u.r.errorf(u.tag, u.off, "unknown type '%s'", u.typ.name)
			*u.typ = Type{Kind: Any}
		}
	}
	return s
}

// A reader reads one surface file.
type reader struct {
	surface  *Surface
	sink     *diag.Sink
	file     int32
	module   *Module
	values   map[string]*Class // of the locals that hold tables
	comments []*comment
	byLine   map[int]*comment // by the line after the comment's last
	uses     []use
}

// A use is a class name in a type, resolved when all files have been read.
type use struct {
	r   *reader
	typ *Type
	tag *tag
	off int
}

func (r *reader) errorf(t *tag, off int, format string, args ...any) {
	start := diag.Pos{File: r.file, Line: int32(t.line), Col: int32(t.col + off + 1)}
	end := start
	end.Col = int32(t.col + len(t.args) + 1)
	if end.Col <= start.Col {
		end.Col = start.Col + 1
	}
	r.sink.Error(diag.BadSurface, diag.Range{Start: start, End: end}, format, args...)
}

func (r *reader) nodeErrorf(n syntax.Node, format string, args ...any) {
	r.sink.Error(diag.BadSurface, diag.Range{Start: n.Pos(), End: n.End()}, format, args...)
}

func (r *reader) read(files *diag.Files, src Source) {
	file := files.Add(src.Name, string(src.Data))
	r.file = file.Index
	chunk := syntax.Parse(file, r.sink)
	r.module = &Module{File: src.Name, PkgPath: src.PkgPath}
	r.comments = comments(src.Data)
	for _, c := range r.comments {
		r.byLine[c.last+1] = c
		if t := c.get("meta"); t != nil {
			r.module.Name = strings.TrimSpace(t.args)
		}
	}
	for _, stmt := range chunk.Body.Stmts {
		r.stmt(stmt)
	}
	for _, cl := range r.module.Classes {
		cl.Others = slices.DeleteFunc(cl.Others, func(name string) bool { return cl.Method(name) != nil || cl.Field(name) != nil })
	}
	r.dangling()
	switch {
	case r.module.Name == "":
		r.errorf(&tag{line: 1}, 0, "surface file without ---@meta and the module's name")
	case r.surface.modules[r.module.Name] != nil:
		r.errorf(&tag{line: 1}, 0, "module '%s' is already declared in %s", r.module.Name, r.surface.modules[r.module.Name].File)
	case r.module.Class == nil:
		r.errorf(&tag{line: 1}, 0, "module '%s' returns no declared table", r.module.Name)
	default:
		r.surface.modules[r.module.Name] = r.module
	}
}

// dangling reports classes that no statement follows.
func (r *reader) dangling() {
	for _, c := range r.comments {
		if t := c.get("class"); t != nil && r.byLine[c.last+1] == c {
			r.errorf(t, 0, "---@class without a table below it")
		}
	}
}

// comment takes the comment that documents stmt, or nil.
func (r *reader) comment(stmt syntax.Stmt) *comment {
	line := int(stmt.Pos().Line)
	c := r.byLine[line]
	delete(r.byLine, line)
	return c
}

func (r *reader) stmt(stmt syntax.Stmt) {
	c := r.comment(stmt)
	switch stmt := stmt.(type) {
	case *syntax.LocalStmt:
		if len(stmt.Names) == 1 && len(stmt.Values) == 1 {
			if _, ok := stmt.Values[0].(*syntax.TableExpr); ok {
				r.class(stmt.Names[0].Text, c)
				return
			}
		}
	case *syntax.FunctionStmt:
		r.function(stmt, c)
		return
	case *syntax.AssignStmt:
		return // omega.storage_path = storage_path: for the language server; ---@field declares it
	case *syntax.ReturnStmt:
		if len(stmt.Values) == 1 {
			if name, ok := stmt.Values[0].(*syntax.NameExpr); ok && r.values[name.Name] != nil {
				r.module.Class = r.values[name.Name]
				return
			}
		}
		r.nodeErrorf(stmt, "a surface file returns the module's table")
		return
	}
	r.nodeErrorf(stmt, "a surface file holds tables, functions and a return only")
}

// class declares the table in local variable local.
func (r *reader) class(local string, c *comment) {
	cl := &Class{Name: local, Module: r.module}
	if c != nil {
		cl.Doc = c.text
		for i := range c.tags {
			r.classTag(cl, &c.tags[i])
		}
	}
	r.values[local] = cl
	r.module.Classes = append(r.module.Classes, cl)
	if old := r.surface.classes[cl.Name]; old != nil {
		r.errorf(c.get("class"), 0, "class '%s' is already declared in %s", cl.Name, old.Module.File)
		return
	}
	if c.get("class") != nil {
		r.surface.classes[cl.Name] = cl
	}
}

func (r *reader) classTag(cl *Class, t *tag) {
	p := &typeParser{text: t.args}
	switch t.name {
	case "class":
		if cl.Name = p.name(true); cl.Name == "" {
			r.errorf(t, 0, "expected a class name, found %s", p.found())
		}
	case "go":
		cl.GoType = strings.TrimPrefix(p.name(true), r.module.PkgName()+".")
		if cl.GoType == "" || strings.Contains(cl.GoType, ".") {
			r.errorf(t, 0, "expected a type of package %s, found %s", r.module.PkgName(), (&typeParser{text: t.args}).found())
		}
	case "field":
		f := Param{Name: p.name(false)}
		optional := p.gotClose("?")
		f.Type = r.typ(t, p, optional)
		f.Doc = p.rest()
		cl.Fields = append(cl.Fields, f)
	case "original":
		cl.Original = p.name(true)
		names := strings.Fields(p.rest())
		if cl.Original == "" || len(names) == 0 {
			r.errorf(t, 0, "expected the name of a host and names that it has")
		}
		cl.Others = append(cl.Others, names...)
	default:
		r.otherTag(t)
	}
}

// otherTag accepts the language server's tags that mean nothing to the
// compiler.
func (r *reader) otherTag(t *tag) {
	switch t.name {
	case "meta", "see", "deprecated", "nodiscard", "diagnostic", "version":
		return
	}
	r.errorf(t, 0, "unknown tag ---@%s", t.name)
}

// function declares a method or a function of a class's table.
func (r *reader) function(stmt *syntax.FunctionStmt, c *comment) {
	target, ok := stmt.Target.(*syntax.IndexExpr)
	var cl *Class
	if ok {
		if x, ok := target.X.(*syntax.NameExpr); ok {
			cl = r.values[x.Name]
		}
	}
	if cl == nil {
		r.nodeErrorf(stmt.Target, "a surface file declares functions of its tables only")
		return
	}
	m := &Method{Class: cl, Name: target.Key.(*syntax.StringExpr).Value, Static: !stmt.Fn.IsMethod}
	if cl.Method(m.Name) != nil {
		r.nodeErrorf(stmt.Target, "'%s' is declared twice", m)
	}
	cl.Methods = append(cl.Methods, m)
	params := map[string]*Param{}
	if c != nil {
		m.Doc, m.Example = c.text, c.example
		for i := range c.tags {
			r.methodTag(m, &c.tags[i], params)
		}
	}
	names := stmt.Fn.Params
	if stmt.Fn.IsMethod {
		names = names[1:]
	}
	for _, n := range names {
		p := params[n.Text]
		if p == nil {
			r.nodeErrorf(n, "parameter '%s' has no ---@param", n.Text)
			p = &Param{Name: n.Text, Type: &Type{Kind: Any}}
		}
		delete(params, n.Text)
		m.Params = append(m.Params, *p)
	}
	if stmt.Fn.IsVararg {
		m.Variadic = &Type{Kind: Any}
		if p := params["..."]; p != nil {
			m.Variadic = p.Type
			delete(params, "...")
		}
	}
	if len(params) > 0 {
		for i := range c.tags {
			t := &c.tags[i]
			if name, _, _ := strings.Cut(strings.Replace(t.args, "?", " ", 1), " "); t.name == "param" && params[name] != nil {
				r.errorf(t, 0, "'%s' has no parameter '%s'", m, name)
			}
		}
	}
}

func (r *reader) methodTag(m *Method, t *tag, params map[string]*Param) {
	p := &typeParser{text: t.args}
	switch t.name {
	case "param":
		par := Param{Name: "..."}
		if !p.got("...") {
			par.Name = p.name(false)
		}
		optional := p.gotClose("?")
		par.Type = r.typ(t, p, optional)
		par.Doc = p.rest()
		if par.Name == "" {
			r.errorf(t, 0, "expected a parameter name, found %s", (&typeParser{text: t.args}).found())
			return
		}
		params[par.Name] = &par
	case "return":
		res := Param{Type: r.typ(t, p, false)}
		if p.got("...") {
			m.Spread = true
			return
		}
		res.Name = p.name(false)
		res.Doc = p.rest()
		m.Results = append(m.Results, res)
	case "async":
		m.Async = true
	case "error":
		m.Errors = append(m.Errors, p.rest())
	case "needs":
		if m.Needs = p.name(false); m.Needs == "" {
			r.errorf(t, 0, "expected a method name, found %s", p.found())
		}
	case "go":
		m.GoName = p.name(false)
		switch attr := p.rest(); attr {
		case "":
		case "coroutine":
			m.Coroutine = true
		default:
			r.errorf(t, 0, "unknown attribute '%s' of ---@go; the only one is 'coroutine'", attr)
		}
		if m.GoName == "" {
			r.errorf(t, 0, "expected a Go name after ---@go")
		}
	default:
		r.otherTag(t)
	}
}

// typ reads a type from p, which stands in tag t, and notes the class names
// in it.
func (r *reader) typ(t *tag, p *typeParser, optional bool) *Type {
	var err *typeError
	typ := func() *Type {
		defer recoverType(&err)
		return p.parseType()
	}()
	if err != nil {
		r.errorf(t, err.off, "%s", err.msg)
		p.off = len(p.text)
		return &Type{Kind: Any}
	}
	if optional {
		typ = union(typ, &Type{Kind: Nil})
	}
	r.note(t, p, typ)
	return typ
}

func (r *reader) note(t *tag, p *typeParser, typ *Type) {
	if typ.Kind == Host {
		off := strings.Index(p.text, typ.name)
		r.uses = append(r.uses, use{r, typ, t, off})
	}
	if typ.Func == nil {
		return
	}
	for _, par := range typ.Func.Params {
		r.note(t, p, par.Type)
	}
	for _, res := range typ.Func.Results {
		r.note(t, p, res)
	}
}
