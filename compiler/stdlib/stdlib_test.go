package stdlib_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/eval"
	"github.com/luago-lang/luago/rt/lib/base"
	"github.com/luago-lang/luago/rt/lib/bit32"
	"github.com/luago-lang/luago/rt/lib/coroutine"
	"github.com/luago-lang/luago/rt/lib/debug"
	"github.com/luago-lang/luago/rt/lib/io"
	"github.com/luago-lang/luago/rt/lib/math"
	"github.com/luago-lang/luago/rt/lib/os"
	"github.com/luago-lang/luago/rt/lib/pkglib"
	"github.com/luago-lang/luago/rt/lib/strlib"
	"github.com/luago-lang/luago/rt/lib/table"
)

// script prints the names in the libraries, in the metatable of files, and in the
// tables that two functions return.
const script = `
local function list(what, t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  print(what .. ": " .. table.concat(names, " "))
end
for _, library in ipairs{...} do list(library, _G[library]) end
list("files", getmetatable(io.stdout))
local function info() local t = debug.getinfo(1, "nSlutfL") return t end
list("getinfo", (info()))
list("date", os.date("*t"))
`

// TestRuntime holds the declaration against the libraries themselves, name by
// name.
func TestRuntime(t *testing.T) {
	st := rt.NewState(nil, nil)
	for _, open := range []func(*rt.State){
		base.Open, bit32.Open, coroutine.Open, debug.Open, io.Open, math.Open, os.Open, pkglib.Open, strlib.Open, table.Open, eval.Open,
	} {
		open(st)
	}
	var out bytes.Buffer
	st.Stdout = rt.NewOutput(&out)
	st.Globals.SetString("arg", rt.NewTable().Value()) // as rt.Main does
	var want strings.Builder
	var libraries []rt.Value
	for _, l := range stdlib.Libraries {
		libraries = append(libraries, rt.NewString(l.Name))
		want.WriteString(line(l.Name, l.Members))
	}
	want.WriteString(line("files", append(slices.Clone(stdlib.FileMethods),
		stdlib.Member{Name: "__gc"}, stdlib.Member{Name: "__index"}, stdlib.Member{Name: "__tostring"})))
	want.WriteString(line("getinfo", stdlib.InfoFields))
	want.WriteString(line("date", stdlib.DateFields))
	err := rt.Protect(st.Main, func() {
		chunk, _ := rt.CallValues(st.Main, st.Globals.GetString("load"), rt.NewString(script))
		rt.CallValues(st.Main, chunk, libraries...)
	})
	if err != nil {
		t.Fatal(err)
	}
	st.Flush()
	if out.String() != want.String() {
		t.Errorf("the runtime has\n%s\ndeclared is\n%s", &out, &want)
	}
}

// line returns a line of what script prints.
func line(what string, members []stdlib.Member) string {
	var names []string
	for _, m := range members {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	return what + ": " + strings.Join(names, " ") + "\n"
}

// TestGlobals checks what other parts of the table say of the globals.
func TestGlobals(t *testing.T) {
	for _, l := range stdlib.Libraries {
		g, ok := stdlib.Global(l.Name)
		if needs := g.Needs == l.Name; !ok || needs == l.Always {
			t.Errorf("the global %s needs %q", l.Name, g.Needs)
		}
	}
	for _, m := range stdlib.Find("_G").Members {
		if m.Needs != "" && stdlib.Find(m.Needs) == nil {
			t.Errorf("%s needs %s, which is no library", m.Name, m.Needs)
		}
		if m.Has(stdlib.LoadsCode) && !m.Has(stdlib.OpensGlobals) {
			t.Errorf("%s loads code, which can reach the globals", m.Name)
		}
	}
	if _, ok := stdlib.Global("sub"); ok || stdlib.Find("string").Member("sub") == nil || stdlib.Find("strings") != nil {
		t.Error("sub is in the library string alone")
	}
}
