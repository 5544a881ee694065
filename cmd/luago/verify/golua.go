package verify

import (
	"fmt"
	"io"
	"os"
	"strings"

	golua "github.com/Shopify/go-lua"
)

// RunGoLua runs a script with its arguments under Shopify/go-lua, as a main
// program of this process, and returns the exit status. Where the script needs
// what go-lua lacks, the process ends at once with LacksStatus.
func RunGoLua(script string, args []string, stdout, stderr io.Writer) (status int) {
	lacks := func(reason string) {
		fmt.Fprintf(stderr, "%s%s\n", lacksSign, reason)
		os.Exit(LacksStatus)
	}
	defer func() {
		if p := recover(); p != nil {
			lacks(fmt.Sprintf("it crashes: %v", p))
		}
	}()
	l := NewGoLua(stdout)
	stubMissing(l, lacks)
	l.CreateTable(len(args), 1)
	for i, arg := range append([]string{script}, args...) {
		l.PushString(arg)
		l.RawSetInt(-2, i)
	}
	l.SetGlobal("arg")
	if err := golua.LoadFile(l, script, "t"); err != nil {
		lacks("it cannot read the script: " + message(l))
	}
	for _, arg := range args {
		l.PushString(arg)
	}
	if err := l.ProtectedCall(len(args), 0, 0); err != nil {
		fmt.Fprintf(stderr, "luago: %s\n", message(l))
		return 1
	}
	return 0
}

// message returns the text of the error on top of the stack.
func message(l *golua.State) string {
	s, _ := l.ToString(-1) // go-lua raises nothing but strings
	return s
}

// NewGoLua returns a state of go-lua with all its libraries, whose print and
// io.write go to out.
func NewGoLua(out io.Writer) *golua.State {
	l := golua.NewState()
	golua.OpenLibraries(l)
	l.Register("print", func(l *golua.State) int {
		var line strings.Builder
		n := l.Top()
		for i := 1; i <= n; i++ {
			s, _ := golua.ToStringMeta(l, i)
			if i > 1 {
				line.WriteByte('\t')
			}
			line.WriteString(s)
			l.Pop(1)
		}
		line.WriteByte('\n')
		io.WriteString(out, line.String())
		return 0
	})
	l.Global("io")
	l.PushGoFunction(func(l *golua.State) int {
		for i := 1; i <= l.Top(); i++ {
			io.WriteString(out, golua.CheckString(l, i))
		}
		l.Global("io")
		l.Field(-1, "stdout")
		return 1
	})
	l.SetField(-2, "write")
	l.Pop(1)
	return l
}

// missing are the functions of Lua 5.2 that go-lua lacks, by library.
var missing = []struct{ library, functions string }{
	{"coroutine", "create isyieldable resume running status wrap yield"},
	{"debug", "debug getinfo getlocal setlocal"},
	{"io", "input lines open popen read"},
	{"os", "date setlocale"},
	{"string", "dump gmatch gsub match"},
	{"table", "maxn"},
}

// stubMissing puts functions that call lacks into the place of those that
// go-lua has not, or only in part.
func stubMissing(l *golua.State, lacks func(reason string)) {
	for _, m := range missing {
		l.Global(m.library)
		if l.IsNil(-1) {
			l.Pop(1)
			l.NewTable()
			l.PushValue(-1)
			l.SetGlobal(m.library)
		}
		for name := range strings.FieldsSeq(m.functions) {
			l.PushGoFunction(func(*golua.State) int {
				lacks("it has no " + m.library + "." + name)
				return 0
			})
			l.SetField(-2, name)
		}
		l.Pop(1)
	}
	l.Global("string")
	l.PushGoFunction(func(l *golua.State) int { return plainFind(l, lacks) })
	l.SetField(-2, "find")
	l.Pop(1)
	l.Register("setmetatable", func(l *golua.State) int { return setMetatable(l, lacks) })
}

// plainFind is string.find without patterns, which go-lua does not know.
func plainFind(l *golua.State, lacks func(reason string)) int {
	s, what := golua.CheckString(l, 1), golua.CheckString(l, 2)
	if !l.ToBoolean(4) && strings.ContainsAny(what, "^$*+?.([%-") {
		lacks("its string.find knows no patterns")
	}
	init := golua.OptInteger(l, 3, 1)
	if init < 0 {
		init = max(len(s)+init+1, 1)
	}
	start := max(init, 1) - 1
	at := -1
	if start <= len(s) {
		at = strings.Index(s[start:], what)
	}
	if at < 0 {
		l.PushNil()
		return 1
	}
	l.PushInteger(start + at + 1)
	l.PushInteger(start + at + len(what))
	return 2
}

// setMetatable is setmetatable for metatables that ask for no weak table and
// no finalizer: go-lua has neither.
func setMetatable(l *golua.State, lacks func(reason string)) int {
	golua.CheckType(l, 1, golua.TypeTable)
	golua.ArgumentCheck(l, l.IsNil(2) || l.IsTable(2), 2, "nil or table expected")
	if golua.MetaField(l, 1, "__metatable") {
		golua.Errorf(l, "cannot change a protected metatable")
	}
	l.SetTop(2)
	if l.IsTable(2) {
		for _, key := range []string{"__gc", "__mode"} {
			l.PushString(key)
			l.RawGet(2)
			if !l.IsNil(-1) {
				lacks("it knows no " + key)
			}
			l.Pop(1)
		}
	}
	l.SetMetaTable(1)
	return 1
}
