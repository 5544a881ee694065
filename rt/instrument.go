package rt

// Instrumented programs: functions that keep activations with their variables,
// and run hooks. See compiler/emit/instrument.go for what emitted code looks
// like.

// An InstrumentedFn is the body of an instrumented function: a Fn that gets its
// activation.
type InstrumentedFn = func(th *Thread, fr *Activation, n int, a0, a1, a2 Value) (Value, int)

// A Variable is a local variable in scope.
type Variable struct {
	Name  string
	Value *Value
}

// NewInstrumented is NewOpenFunction for a function of an instrumented program.
func NewInstrumented(p *Proto, body InstrumentedFn, upvalue func(i int) *Value) Value {
	f := &openFunction{Function{kind: KindFunction, Proto: p}, upvalue}
	f.Fn = instrument(&f.Function, body)
	return f.Value()
}

// instrument returns the code of f, which keeps an activation while body runs.
// It must not be inlined, or there would be several copies of that code.
//
//go:noinline
func instrument(f *Function, body InstrumentedFn) Fn {
	return func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
		var fr *Activation
		if th.Active != nil {
			fr = th.Active.Next
		}
		if fr == nil {
			fr = th.NewActivation()
		}
		fr.function, fr.Closure, fr.Line, fr.jumped = f, nil, f.Proto.Line, true
		th.Active = fr
		r, k := body(th, fr, n, a0, a1, a2)
		fr.Leave(k)
		fr.Varargs = nil
		th.Active = fr.Prev
		return r, k
	}
}

// forget drops what the activation refers to.
func (fr *Activation) forget() {
	clear(fr.variables[:cap(fr.variables)])
	clear(fr.pending[:cap(fr.pending)])
	clear(fr.arguments)
	fr.variables, fr.pending, fr.arguments = fr.variables[:0], fr.pending[:0], fr.arguments[:0]
	fr.function = nil
}

// Declare puts the variable called name into scope, where i others are.
func (fr *Activation) Declare(i int, name string, v *Value) {
	fr.variables = append(fr.variables[:i], Variable{name, v})
}

// DeclareHidden declares a variable that scripts cannot name, such as the
// counter of a loop; only its value now is known.
func (fr *Activation) DeclareHidden(i int, name string, v Value) { fr.Declare(i, name, &v) }

// Scope leaves the first n variables in scope.
func (fr *Activation) Scope(n int) { fr.variables = fr.variables[:n] }

// Push notes an operand that waits for another one to be evaluated; Pop says
// that it waits no longer.
func (fr *Activation) Push(v *Value) { fr.pending = append(fr.pending, v) }

// Pop is described with Push.
func (fr *Activation) Pop() { fr.pending = fr.pending[:len(fr.pending)-1] }

// temporary is what values without a name are called.
const temporary = "(*temporary)"

// Variable returns name and address of variable i: those in scope, counted from
// 1, then values without a name; the varargs count from -1 downwards. The name
// is empty if there is no such variable.
func (fr *Activation) Variable(i int) (name string, v *Value) {
	if i < 0 {
		if i = -i - 1; i < len(fr.Varargs) {
			return "(*vararg)", &fr.Varargs[i]
		}
		return "", nil
	}
	i--
	switch {
	case i < 0:
		return "", nil
	case i < len(fr.variables):
		return fr.variables[i].Name, fr.variables[i].Value
	}
	i -= len(fr.variables)
	switch {
	case i < len(fr.pending):
		return temporary, fr.pending[i]
	case i < len(fr.arguments):
		return temporary, &fr.arguments[i]
	}
	return "", nil
}

// Records says what an instrumented program records of its calls.
type Records uint8

// What is recorded: the functions that are called, also the lines that they are on,
// also their variables.
const (
	RecordFunctions Records = iota + 1
	RecordLines
	RecordVariables
)

// Instrument makes st one that runs an instrumented program: the library
// functions that scripts can reach keep activations.
func (st *State) Instrument(what Records) {
	st.Instrumented, st.Records = true, what
	seen := map[*Table]bool{}
	st.instrumentAll(st.Globals.Value(), seen)
	st.instrumentAll(st.Loaded.Value(), seen)
	for _, m := range st.kindMeta {
		if m != nil {
			st.instrumentAll(m.Value(), seen)
		}
	}
}

// instrumentAll instruments the library functions in the table v and in those
// that it holds.
func (st *State) instrumentAll(v Value, seen map[*Table]bool) {
	if !v.IsTable() || seen[v.Table()] {
		return
	}
	t := v.Table()
	seen[t] = true
	pos, k, x := t.step(0)
	for ; k.P != nil; pos, k, x = t.step(pos) {
		switch {
		case x.IsTable():
			st.instrumentAll(x, seen)
		case x.Kind() == KindUserdata:
			if m := st.Metatable(x); m != nil {
				st.instrumentAll(m.Value(), seen)
			}
		case x.IsFunction() && x.Function().IsGo() && x.Function() != nextFunction && x.Function() != inextFunction:
			x.Function().instrument()
		}
	}
}

// instrument makes the library function f keep activations.
func (f *Function) instrument() {
	if f.instrumented() {
		return // known by two names
	}
	fn := f.Fn
	f.Fn = instrument(f, func(th *Thread, fr *Activation, n int, a0, a1, a2 Value) (Value, int) {
		fr.arguments = append(fr.arguments, a0, a1, a2)[:min(n, 3)]
		if n > 3 {
			fr.arguments = append(fr.arguments, th.Args[3:n]...)
		}
		fr.Start()
		return fn(th, n, a0, a1, a2)
	})
}
