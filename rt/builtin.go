package rt

// Builtins are library functions that emitted code knows by name. Where a
// script says s:sub(i, j) or string.sub(s, i, j), emitted code looks the
// function up as ever, and hands it to CallSub with the arguments: that does
// the usual case itself, if the function is what its name promises, and
// declines everything else, which is then an ordinary call.

// A Builtin is the number of a library function.
type Builtin uint8

// The builtins, in the order of their names.
const (
	noBuiltin Builtin = iota
	BuiltinByte
	BuiltinChar
	BuiltinFind
	BuiltinFormat
	BuiltinGmatch
	BuiltinGsub
	BuiltinLen
	BuiltinLower
	BuiltinMatch
	BuiltinRep
	BuiltinReverse
	BuiltinSub
	BuiltinUpper
	numBuiltins
)

// builtinNames are the names of the builtins in the string library.
var builtinNames = [numBuiltins]string{
	"", "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse", "sub", "upper",
}

// stringMethods are the builtins that are methods of strings: nil where a
// script has put something else in their place.
type stringMethods [numBuiltins]Value

// OpenStrings makes the functions in t, the string library, builtins and t the
// __index of strings.
func (st *State) OpenStrings(t *Table) {
	meta := NewTable()
	meta.SetStr(MetaIndex, t.Value())
	st.SetStringMeta(meta)
	for b := noBuiltin + 1; b < numBuiltins; b++ {
		v := t.GetString(builtinNames[b])
		v.Function().builtin = b
		st.methods[b] = v
	}
	t.becomeMetatable() // for metaChanged
	t.Shape.info.methods = &st.methods
	meta.Shape.info.methods = &st.methods
}

// changed takes notice that the field k of the string library or of the
// metatable of strings does not hold old any more.
func (m *stringMethods) changed(k *String, old Value) {
	switch {
	case k == MetaIndex:
		m.clear()
	case old.IsFunction():
		m[old.Function().builtin] = Value{}
	}
}

// clear makes all methods of strings unknown.
func (m *stringMethods) clear() { *m = stringMethods{} }

// StringMethod returns the method b of o if that is a string, and the method
// the library's; else nil.
func (th *Thread) StringMethod(o Value, b Builtin) Value {
	if o.IsString() {
		return th.State.methods[b]
	}
	return Value{}
}

// is reports whether v is the builtin b.
func (v Value) is(b Builtin) bool {
	return v.P != nil && (*header)(v.P).kind == KindFunction && Builtin((*header)(v.P).flags) == b
}

// index returns v as an integer, and whether it is one.
func (v Value) index() (int, bool) {
	i := int(v.F)
	return i, v.IsNumber() && float64(i) == v.F
}

// CallByte calls fn(s, i) if fn is string.byte, s a string and i the position
// of a byte.
func CallByte(fn, s, i Value) (Value, bool) {
	if !fn.is(BuiltinByte) || !s.IsString() {
		return Value{}, false
	}
	text := s.Str().s
	k, ok := i.index()
	if k < 0 {
		k += len(text) + 1
	}
	if !ok || uint(k-1) >= uint(len(text)) {
		return Value{}, false
	}
	return Number(float64(text[k-1])), true
}

// CallChar calls fn(c) if fn is string.char and c a byte.
func CallChar(fn, c Value) (Value, bool) {
	k, ok := c.index()
	if !ok || uint(k) > 255 || !fn.is(BuiltinChar) {
		return Value{}, false
	}
	return byteStrings[k].Value(), true
}

// CallLen calls fn(s) if fn is string.len and s a string.
func CallLen(fn, s Value) (Value, bool) {
	if !fn.is(BuiltinLen) || !s.IsString() {
		return Value{}, false
	}
	return Number(float64(len(s.Str().s))), true
}

// CallSub calls fn(s, i, j) if fn is string.sub, s a string, and i and j are
// integers.
func CallSub(th *Thread, fn, s, i, j Value) (Value, bool) {
	if !fn.is(BuiltinSub) || !s.IsString() {
		return Value{}, false
	}
	from, ok1 := i.index()
	to, ok2 := j.index()
	if !ok1 || !ok2 {
		return Value{}, false
	}
	return th.Substring(s.Str(), from, to), true
}

// Substring returns what string.sub(s, i, j) does (reference manual, section 6.4).
func (th *Thread) Substring(s *String, i, j int) Value {
	n := len(s.s)
	if i < 0 {
		i = max(i+n+1, 1)
	} else if i == 0 {
		i = 1
	}
	if j < 0 {
		j += n + 1
	} else if j > n {
		j = n
	}
	switch {
	case i > j:
		return emptyString.Value()
	case i == j:
		return byteStrings[s.s[i-1]].Value()
	case i == 1 && j == n:
		return s.Value()
	}
	return th.Part(s.s, i-1, j)
}
