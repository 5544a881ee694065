package surface

import (
	"path"
	"slices"
	"sort"
)

// A Surface is everything that the host declares.
type Surface struct {
	modules map[string]*Module
	classes map[string]*Class
}

// A Module is what one surface file declares: a module that require can
// give, and the classes of the objects behind it.
type Module struct {
	Name    string   // as require names it
	File    string   // the surface file, as messages show it
	PkgPath string   // import path of the Go package beside the file
	Class   *Class   // of the module's value
	Classes []*Class // all that the file declares, in source order
}

// PkgName returns the name of the module's Go package.
func (m *Module) PkgName() string { return path.Base(m.PkgPath) }

// A Class is a declared class: a kind of host object, or a plain table of
// functions when it has no Go type.
type Class struct {
	Name    string
	GoType  string // without package, for example "Conn"; "" for a plain table
	Module  *Module
	Methods []*Method // in source order
	Fields  []Param   // declared with ---@field
	Doc     string

	// Original is the host that the class is made after, Others the names that it
	// has there and that are not declared, in source order.
	Original string
	Others   []string
}

// A Method is a declared function of a class.
type Method struct {
	Class     *Class
	Name      string
	GoName    string   // of the Go method, or function if Static; "" when it is reached through its table only
	Static    bool     // declared with a dot: no self
	Params    []Param  // without self and "..."
	Variadic  *Type    // of the arguments from len(Params) on; nil if there are none
	Results   []Param  // without "..."
	Spread    bool     // the results are any number of values: ---@return any ...
	Async     bool     // it may suspend
	Coroutine bool     // it is an error outside a coroutine
	Errors    []string // when it raises one, besides for arguments of other types
	Example   string   // Lua, with the objects that it is about in local variables
	Needs     string   // a method of the class without which a call of this one is of no use
	Doc       string
}

// Module returns the module that require(name) gives, or nil.
func (s *Surface) Module(name string) *Module { return s.modules[name] }

// Modules returns all modules, sorted by name.
func (s *Surface) Modules() []*Module {
	ms := make([]*Module, 0, len(s.modules))
	for _, m := range s.modules {
		ms = append(ms, m)
	}
	sort.Slice(ms, func(i, j int) bool { return ms[i].Name < ms[j].Name })
	return ms
}

// Class returns the class called name, or nil.
func (s *Surface) Class(name string) *Class { return s.classes[name] }

// GoTypeIn returns the class's Go type as package pkg, an import path, writes
// it: "Conn" in its own package, "wsrt.Conn" elsewhere.
func (c *Class) GoTypeIn(pkg string) string {
	if c.Module.PkgPath == pkg {
		return c.GoType
	}
	return c.Module.PkgName() + "." + c.GoType
}

// IsHost reports whether values of the class are host objects.
func (c *Class) IsHost() bool { return c.GoType != "" }

// Method returns the method called name, or nil.
func (c *Class) Method(name string) *Method {
	for _, m := range c.Methods {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Field returns the declared type of the field called name, or nil.
func (c *Class) Field(name string) *Type {
	for _, f := range c.Fields {
		if f.Name == name {
			return f.Type
		}
	}
	return nil
}

// IsOther reports whether the class has the name only where it is made after.
func (c *Class) IsOther(name string) bool { return slices.Contains(c.Others, name) }

// Names returns the names of the methods and fields, in source order.
func (c *Class) Names() []string {
	var names []string
	for _, m := range c.Methods {
		names = append(names, m.Name)
	}
	for _, f := range c.Fields {
		names = append(names, f.Name)
	}
	return names
}

// Result returns the type of result i, counted from 0, or nil if the method
// declares none there.
func (m *Method) Result(i int) *Type {
	if i < len(m.Results) {
		return m.Results[i].Type
	}
	return nil
}

// String returns the method as a script calls it: "WebSocketConn:close".
func (m *Method) String() string {
	if m.Static {
		return m.Class.Name + "." + m.Name
	}
	return m.Class.Name + ":" + m.Name
}

// GoParams returns the Go types of the parameters after the *rt.Thread, as
// package pkg writes them; a variadic method's last one is a slice.
func (m *Method) GoParams(pkg string) []string {
	var types []string
	for _, p := range m.Params {
		types = append(types, p.Type.GoParam(pkg))
	}
	if m.Variadic != nil {
		types = append(types, "[]rt.Value")
	}
	return types
}

// GoResults returns the Go types of the results. A method with Spread set
// returns as every Lua function does: its first result and their number.
func (m *Method) GoResults() []string {
	if m.Spread {
		return []string{goValue, "int"}
	}
	var types []string
	for _, p := range m.Results {
		types = append(types, p.Type.GoResult())
	}
	return types
}
