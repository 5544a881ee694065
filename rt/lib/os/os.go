// Package os is Lua's library of operating system facilities.
package os

import (
	"os"
	"slices"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Open installs the library into st.
func Open(st *rt.State) {
	lib.Register(st, "os", []lib.Entry{
		{Name: "clock", Fn: clock},
		{Name: "date", Fn: date},
		{Name: "difftime", Fn: difftime},
		{Name: "execute", Fn: execute},
		{Name: "exit", Fn: exit},
		{Name: "getenv", Fn: getenv},
		{Name: "remove", Fn: remove},
		{Name: "rename", Fn: rename},
		{Name: "setlocale", Fn: setlocale},
		{Name: "time", Fn: timeOf},
		{Name: "tmpname", Fn: tmpname},
	})
}

// clock is os.clock ().
func clock(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Number(cpuSeconds()), 1
}

// execute is os.execute ([command]).
func execute(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.IsNil() {
		return rt.True(), 1
	}
	cmd := lib.Shell(lib.Text(th, "execute", 1, n, a0))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	th.State.Flush()
	err := cmd.Run()
	return lib.ExecResult(th, cmd.ProcessState, err)
}

// exit is os.exit ([code [, close]]).
func exit(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	status := 0
	if a0.IsBool() {
		if !a0.IsTrue() {
			status = 1
		}
	} else {
		status = lib.OptInt(th, "exit", 1, n, a0, 0)
	}
	if a1.Truthy() {
		th.State.FinalizeAll()
	}
	th.State.Exit(status & 0xff)
	return rt.Value{}, 0
}

// getenv is os.getenv (varname).
func getenv(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	v, ok := os.LookupEnv(lib.Text(th, "getenv", 1, n, a0))
	if !ok {
		return rt.Value{}, 1
	}
	return rt.NewString(v), 1
}

// remove is os.remove (filename).
func remove(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name := lib.Text(th, "remove", 1, n, a0)
	if err := os.Remove(name); err != nil {
		return lib.Failure(th, name, err)
	}
	return rt.True(), 1
}

// rename is os.rename (oldname, newname).
func rename(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	from, to := lib.Text(th, "rename", 1, n, a0), lib.Text(th, "rename", 2, n, a1)
	if err := os.Rename(from, to); err != nil {
		return lib.Failure(th, "", err)
	}
	return rt.True(), 1
}

// setlocale is os.setlocale ([locale [, category]]); there is only the
// locale C.
func setlocale(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	locale := rt.OptString(th, "setlocale", 1, n, a0, "")
	category := rt.OptString(th, "setlocale", 2, n, a1, "all")
	if !slices.Contains([]string{"all", "collate", "ctype", "monetary", "numeric", "time"}, category) {
		th.ArgError("setlocale", 2, "invalid option '"+category+"'")
	}
	switch locale {
	case "", "C", "POSIX":
		return rt.NewString("C"), 1
	}
	return rt.Value{}, 1
}

// tmpname is os.tmpname ().
func tmpname(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f, err := os.CreateTemp("", "lua_")
	if err != nil {
		th.Errorf("unable to generate a unique filename")
	}
	f.Close()
	return rt.NewString(f.Name()), 1
}
