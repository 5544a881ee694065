// Package debug is Lua's debug library. What compiled code does not tell without
// being asked when it is compiled (hooks, the variables and functions of calls in
// progress, upvalues) is there in programs that name the functions that need it,
// or are built with -debug.
package debug

import (
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Open installs the library into st.
func Open(st *rt.State) {
	registry := rt.NewTable().Value()
	lib.Register(st, "debug", []lib.Entry{
		{Name: "debug", Fn: unsupported("debug")},
		{Name: "gethook", Fn: gethook},
		{Name: "getinfo", Fn: getinfo},
		{Name: "getlocal", Fn: getlocal},
		{Name: "getmetatable", Fn: getmetatable},
		{Name: "getregistry", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return registry, 1
		}},
		{Name: "getupvalue", Fn: getupvalue},
		{Name: "getuservalue", Fn: getuservalue},
		{Name: "sethook", Fn: sethook},
		{Name: "setlocal", Fn: setlocal},
		{Name: "setmetatable", Fn: setmetatable},
		{Name: "setupvalue", Fn: setupvalue},
		{Name: "setuservalue", Fn: setuservalue},
		{Name: "traceback", Fn: traceback},
		{Name: "upvalueid", Fn: upvalueid},
		{Name: "upvaluejoin", Fn: upvaluejoin},
	})
}

// unsupported returns a function that raises an error that names it.
func unsupported(name string) rt.Fn {
	return func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		th.Errorf("debug.%s is not supported in compiled programs", name)
		return rt.Value{}, 0
	}
}

// An info collects what getinfo returns.
type info struct {
	frame      rt.Frame
	proto      *rt.Proto
	function   rt.Value // if it is known
	isActive   bool     // it is a call in progress
	isFunction bool     // getinfo was given a function
}

// getinfo is debug.getinfo ([thread,] f [, what]).
func getinfo(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	shift := 0
	var other *rt.Coroutine
	if a0.IsCoroutine() {
		other = a0.Coroutine()
		a0, a1, shift = a1, a2, 1
	}
	what := rt.OptString(th, "getinfo", 2+shift, n, a1, "flnSrtu")
	if strings.Trim(what, "SlnrutLf") != "" {
		th.ArgError("getinfo", 2+shift, "invalid option")
	}
	var i info
	switch {
	case a0.IsFunction():
		i.function, i.proto, i.isFunction = a0, a0.Function().Proto, true
		i.frame.Chunk = i.proto.Chunk
	case isNumber(a0):
		level := lib.Int(th, "getinfo", 1+shift, n, a0)
		if other == nil && !strings.ContainsAny(what, "nt") {
			i.frame, i.isActive = th.FrameLine(level)
		} else {
			i.frame, i.isActive = frame(th, other, level)
		}
		if !i.isActive {
			return rt.Value{}, 1
		}
		i.proto, i.function = i.frame.Proto, i.frame.Function()
	default:
		th.ArgError("getinfo", 1+shift, "function or level expected")
	}
	return i.table(what).Value(), 1
}

// isNumber reports whether v can be used as a number.
func isNumber(v rt.Value) bool {
	_, ok := rt.ToNumber(v)
	return ok
}

// frame returns the call at a level of co, or of th if co is nil.
func frame(th *rt.Thread, co *rt.Coroutine, level int) (rt.Frame, bool) {
	if co != nil && co != th.Coroutine() {
		return co.Frame(th, level)
	}
	return th.Frame(level)
}

// The fields of what getinfo returns.
var (
	keyActivelines     = rt.Const("activelines")
	keyCurrentline     = rt.Const("currentline")
	keyFunc            = rt.Const("func")
	keyIstailcall      = rt.Const("istailcall")
	keyIsvararg        = rt.Const("isvararg")
	keyLastlinedefined = rt.Const("lastlinedefined")
	keyLinedefined     = rt.Const("linedefined")
	keyName            = rt.Const("name")
	keyNamewhat        = rt.Const("namewhat")
	keyNparams         = rt.Const("nparams")
	keyNups            = rt.Const("nups")
	keyShort_src       = rt.Const("short_src")
	keySource          = rt.Const("source")
	keyWhat            = rt.Const("what")
)

// table returns the fields that what asks for.
func (i *info) table(what string) *rt.Table {
	t := rt.NewTable()
	number := func(key *rt.String, n int) { t.SetStr(key, rt.Number(float64(n))) }
	text := func(key *rt.String, s string) { t.SetStr(key, rt.NewString(s)) }
	isGo := i.frame.Chunk == "" && (i.proto == nil || i.proto.Eval == nil) // loaded chunks may be named "="
	for _, c := range []byte(what) {
		switch c {
		case 'S':
			i.source(isGo, number, text)
		case 'l':
			number(keyCurrentline, -1)
			if i.isActive && !isGo {
				number(keyCurrentline, i.frame.Line)
			}
		case 'n':
			text(keyNamewhat, i.frame.NameWhat)
			if i.frame.NameWhat != "" {
				text(keyName, i.frame.Name)
			}
		case 't':
			t.SetStr(keyIstailcall, rt.Bool(i.frame.IsTail))
		case 'u':
			number(keyNups, i.upvalues())
			number(keyNparams, 0)
			t.SetStr(keyIsvararg, rt.True())
			if i.proto != nil && !isGo {
				number(keyNparams, i.proto.Params)
				t.SetStr(keyIsvararg, rt.Bool(i.proto.Vararg))
			}
		case 'f':
			t.SetStr(keyFunc, i.function)
		case 'L':
			if i.proto != nil && !isGo {
				lines := rt.NewTable()
				for _, line := range i.proto.Lines {
					lines.SetInt(line, rt.True())
				}
				if i.proto.Lines == nil { // not known: all of the body
					for line := min(i.proto.Line+1, i.proto.EndLine); line <= i.proto.EndLine; line++ {
						lines.SetInt(line, rt.True())
					}
				}
				t.SetStr(keyActivelines, lines.Value())
			}
		}
	}
	return t
}

// upvalues returns the number of upvalues of the function.
func (i *info) upvalues() int {
	switch {
	case i.proto == nil:
		return 0
	case i.proto.Eval != nil:
		return len(i.proto.Eval.Upvalues)
	}
	return len(i.proto.Upvalues)
}

// source sets the fields that say where the function was written.
func (i *info) source(isGo bool, number func(*rt.String, int), text func(*rt.String, string)) {
	if isGo {
		text(keySource, "=[C]")
		text(keyShort_src, "[C]")
		text(keyWhat, "C")
		number(keyLinedefined, -1)
		number(keyLastlinedefined, -1)
		return
	}
	text(keySource, "@"+i.frame.Chunk)
	if i.proto != nil && i.proto.Eval != nil {
		text(keySource, i.proto.Eval.Source)
	}
	text(keyShort_src, rt.ShortName(i.frame.Chunk))
	text(keyWhat, "Lua")
	if i.proto == nil || i.proto.Line == 0 {
		text(keyWhat, "main")
		number(keyLinedefined, 0)
		number(keyLastlinedefined, 0)
		return
	}
	number(keyLinedefined, i.proto.Line)
	number(keyLastlinedefined, i.proto.EndLine)
}

// getuservalue is debug.getuservalue (u).
func getuservalue(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.Kind() != rt.KindUserdata {
		return rt.Value{}, 1
	}
	return a0.Userdata().User, 1
}

// setuservalue is debug.setuservalue (u, value).
func setuservalue(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.Kind() != rt.KindUserdata {
		th.TypeError("setuservalue", 1, n, a0, "userdata")
	}
	u := a0.Userdata()
	if _, ok := u.Host.(upvalueID); ok {
		th.ArgError("setuservalue", 1, "full userdata expected, got light userdata")
	}
	if !a1.IsNil() {
		rt.CheckTable(th, "setuservalue", 2, n, a1)
	}
	u.User = a1
	return a0, 1
}

// getmetatable is debug.getmetatable (value).
func getmetatable(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "getmetatable", 1, n, a0)
	if m := th.State.Metatable(a0); m != nil {
		return m.Value(), 1
	}
	return rt.Value{}, 1
}

// setmetatable is debug.setmetatable (value, table).
func setmetatable(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	var m *rt.Table
	switch {
	case a1.IsTable():
		m = a1.Table()
	case n < 2 || !a1.IsNil():
		th.ArgError("setmetatable", 2, "nil or table expected")
	}
	switch a0.Kind() {
	case rt.KindTable:
		a0.Table().SetMetatable(m)
		th.SetFinalizer(a0)
	case rt.KindUserdata:
		a0.Userdata().SetMetatable(m)
		th.SetFinalizer(a0)
	default:
		th.State.SetKindMeta(a0.Kind(), m)
	}
	return a0, 1
}

// traceback is debug.traceback ([thread,] [message [, level]]).
func traceback(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	var other *rt.Coroutine
	if a0.IsCoroutine() {
		other = a0.Coroutine()
		a0, a1 = a1, a2
	}
	message, ok := rt.ToString(a0)
	if !ok && !a0.IsNil() {
		return a0, 1
	}
	if ok {
		message += "\n"
	}
	if other != nil && other != th.Coroutine() {
		return rt.NewString(message + other.Traceback(th, lib.OptInt(th, "traceback", 3, n, a1, 0))), 1
	}
	return rt.NewString(message + th.Traceback(lib.OptInt(th, "traceback", 2, n, a1, 1))), 1
}
