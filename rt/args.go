package rt

// Argument checks for library functions. In all of them name is the
// function's, for messages; i the argument's number, from 1; n how many
// arguments there are; v the argument.

// ArgError raises "bad argument #1 to 'insert' (msg)". Arguments of methods count
// from the one after self.
func (th *Thread) ArgError(name string, i int, msg string) {
	name, isMethod := th.calledAs(name)
	if isMethod {
		i--
		if i == 0 {
			th.Errorf("calling '%s' on bad self (%s)", name, msg)
		}
	}
	th.Errorf("bad argument #%d to '%s' (%s)", i, name, msg)
}

// TypeError raises "bad argument #1 to 'insert' (want expected, got nil)".
func (th *Thread) TypeError(name string, i, n int, v Value, want string) {
	got := "no value"
	if i <= n {
		got = TypeName(v)
	}
	th.ArgError(name, i, want+" expected, got "+got)
}

// CheckNumber returns a number, or a string that looks like one, as a number.
func CheckNumber(th *Thread, name string, i, n int, v Value) float64 {
	if v.IsNumber() {
		return v.F
	}
	f, ok := ToNumber(v)
	if !ok {
		th.TypeError(name, i, n, v, "number")
	}
	return f
}

// CheckInt is CheckNumber, truncated.
func CheckInt(th *Thread, name string, i, n int, v Value) int {
	return toInt(CheckNumber(th, name, i, n, v))
}

// CheckString returns a string, or a number as a string.
func CheckString(th *Thread, name string, i, n int, v Value) string {
	if v.IsString() {
		return v.Str().s
	}
	s, ok := ToString(v)
	if !ok {
		th.TypeError(name, i, n, v, "string")
	}
	return s
}

// CheckTable returns a table.
func CheckTable(th *Thread, name string, i, n int, v Value) *Table {
	if !v.IsTable() {
		th.TypeError(name, i, n, v, "table")
	}
	return v.Table()
}

// CheckFunction returns a function.
func CheckFunction(th *Thread, name string, i, n int, v Value) *Function {
	if !v.IsFunction() {
		th.TypeError(name, i, n, v, "function")
	}
	return v.Function()
}

// CheckAny makes sure that there is an argument i, be it nil.
func CheckAny(th *Thread, name string, i, n int, v Value) {
	if i > n {
		th.ArgError(name, i, "value expected")
	}
}

// OptNumber is CheckNumber, but nil or no argument gives def.
func OptNumber(th *Thread, name string, i, n int, v Value, def float64) float64 {
	if v.IsNil() {
		return def
	}
	return CheckNumber(th, name, i, n, v)
}

// OptInt is CheckInt, but nil or no argument gives def.
func OptInt(th *Thread, name string, i, n int, v Value, def int) int {
	if v.IsNil() {
		return def
	}
	return CheckInt(th, name, i, n, v)
}

// OptString is CheckString, but nil or no argument gives def.
func OptString(th *Thread, name string, i, n int, v Value, def string) string {
	if v.IsNil() {
		return def
	}
	return CheckString(th, name, i, n, v)
}
