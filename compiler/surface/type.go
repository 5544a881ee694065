package surface

// A Kind is what a declared type comes down to for the compiler.
type Kind uint8

// The kinds of declared types.
const (
	Any      Kind = iota // any, unknown, unions of different kinds, type variables
	Nil                  // nil
	Number               // number
	Integer              // integer
	String               // string and string literals
	Boolean              // boolean
	Table                // table, T[], table<K, V>, {name: T}
	Function             // function, fun(...)
	Host                 // a class declared in a surface file
)

var kindNames = [...]string{
	Any: "any", Nil: "nil", Number: "number", Integer: "integer", String: "string",
	Boolean: "boolean", Table: "table", Function: "function", Host: "class",
}

// String returns the kind as surface files spell it.
func (k Kind) String() string { return kindNames[k] }

// A Type is a declared type. Types nested in tables are parsed, for their
// names must exist, and dropped: the compiler has no use for them.
type Type struct {
	Kind     Kind
	Optional bool      // nil is allowed too
	Class    *Class    // of a Host
	Func     *FuncType // of a Function written fun(...); else nil

	name string // the class that a Host names, until the reader resolves it
}

// A FuncType is the type of a function parameter: fun(conn: WebSocketConn).
type FuncType struct {
	Params   []Param
	Variadic bool // the last of Params is "..."
	Results  []*Type
}

// A Param is a parameter or a result of a function.
type Param struct {
	Name string
	Type *Type
	Doc  string
}

// String returns the type as a surface file spells it, shortened to what the
// compiler keeps of it.
func (t *Type) String() string {
	s := t.Kind.String()
	if t.Kind == Host {
		s = t.name
	}
	if t.Optional && t.Kind != Any && t.Kind != Nil {
		s += "?"
	}
	return s
}

// GoParam returns the Go type of a parameter of type t, as package pkg (its
// import path) writes it:
//
//	number   float64       boolean  bool
//	integer  int           table    *rt.Table
//	string   string        class    *Conn, or *wsrt.Conn outside its package
//
// Everything else is an rt.Value: functions, any, optionals, unions, and
// classes without a Go type.
func (t *Type) GoParam(pkg string) string {
	if t.Kind == Host && !t.Optional && t.Class.GoType != "" {
		return "*" + t.Class.GoTypeIn(pkg)
	}
	return t.GoResult()
}

// GoResult returns the Go type of a result of type t. It differs from
// GoParam in that a host object is an rt.Value: the Go function returns the
// object that the script sees.
func (t *Type) GoResult() string {
	if t.Optional {
		return goValue
	}
	switch t.Kind {
	case Number:
		return "float64"
	case Integer:
		return "int"
	case String:
		return "string"
	case Boolean:
		return "bool"
	case Table:
		return "*rt.Table"
	}
	return goValue
}

// ToValue returns the Go expression that turns a result of type t, the Go
// expression code, into an rt.Value.
func (t *Type) ToValue(code string) string {
	switch t.GoResult() {
	case "float64":
		return "rt.Number(" + code + ")"
	case "int":
		return "rt.Number(float64(" + code + "))"
	case "string":
		return "rt.NewString(" + code + ")"
	case "bool":
		return "rt.Bool(" + code + ")"
	case "*rt.Table":
		return code + ".Value()"
	}
	return code
}

const goValue = "rt.Value"
