// Package libtest checks library functions against the reference interpreter:
// a list of calls is made in Go and, as one script, under lua5.2, and the
// results are compared as text. It is imported by tests only.
package libtest

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
)

// A Call is one call of a function, "string.rep" say. Arguments are nil,
// booleans, numbers, strings, and Lists.
type Call struct {
	Fn   string
	Args []any
}

// A List is an argument that is a new table of these elements. After the call
// the results are followed by what the table then holds.
type List []any

// Of returns a call.
func Of(fn string, args ...any) Call { return Call{fn, args} }

// Compare makes the calls under both implementations and reports where they
// differ. open installs the libraries. Without lua5.2 the test is skipped.
func Compare(t *testing.T, open func(*rt.State), calls []Call) {
	t.Helper()
	CompareWith(t, "", open, calls)
}

// CompareWith is Compare with Lua code that the reference runs before the
// calls, for functions that open defines in Go.
func CompareWith(t *testing.T, setup string, open func(*rt.State), calls []Call) {
	t.Helper()
	want := reference(t, setup, calls)
	st := NewState(open)
	for i, c := range calls {
		if got := c.Run(st); got != want[i] {
			t.Errorf("%s:\n got %s\nwant %s", c, got, want[i])
		}
	}
}

// NewState returns a State with the libraries that open installs.
func NewState(open func(*rt.State)) *rt.State {
	st := rt.NewState(nil, nil)
	open(st)
	return st
}

// Function returns the function of that name, which may be global or a field
// of a global table.
func Function(st *rt.State, name string) rt.Value {
	v := st.Globals.Value()
	for _, field := range strings.Split(name, ".") {
		v = v.Table().GetString(field)
	}
	return v
}

// Run makes the call and returns its results as text: those values, or
// "error" and the message.
func (c Call) Run(st *rt.State) string {
	args := make([]rt.Value, len(c.Args))
	for i, a := range c.Args {
		args[i] = Value(a)
	}
	th := st.Main
	var results []rt.Value
	err := rt.Protect(th, func() {
		first, n := rt.CallSlice(th, Function(st, c.Fn), args)
		results = th.Results(first, n)
	})
	var parts []string
	if err != nil {
		parts = []string{"error", err.Value.String()}
	}
	for _, v := range results {
		parts = append(parts, show(v))
	}
	for i, a := range c.Args {
		if list, ok := a.(List); ok && err == nil {
			parts = append(parts, "->")
			for k := 1; k <= len(list)+2; k++ {
				parts = append(parts, show(args[i].Table().GetInt(k)))
			}
		}
	}
	return strings.Join(parts, " ")
}

// Value returns an argument as a Lua value.
func Value(a any) rt.Value {
	switch x := a.(type) {
	case nil:
		return rt.Value{}
	case bool:
		return rt.Bool(x)
	case int:
		return rt.Number(float64(x))
	case float64:
		return rt.Number(x)
	case string:
		return rt.NewString(x)
	case List:
		t := rt.NewTable()
		for i, e := range x {
			t.SetInt(i+1, Value(e))
		}
		return t.Value()
	}
	panic(fmt.Sprintf("libtest: an argument is a %T", a))
}

// show returns v as text.
func show(v rt.Value) string {
	switch v.Kind() {
	case rt.KindString:
		return quote(v.Str().String())
	case rt.KindTable, rt.KindFunction, rt.KindUserdata, rt.KindThread:
		return rt.TypeName(v)
	}
	return v.String()
}

// quote returns s in quotes, in Lua's and Go's notation at once.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			fmt.Fprintf(&b, "\\%03d", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// literal returns an argument as a Lua expression.
func literal(a any) string {
	switch x := a.(type) {
	case nil:
		return "nil"
	case int:
		return strconv.Itoa(x)
	case float64:
		switch {
		case x != x:
			return "(0/0)"
		case math.IsInf(x, 0):
			return fmt.Sprintf("(%.0f/0)", math.Copysign(1, x))
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	case string:
		return quote(x)
	case List:
		var parts []string
		for _, e := range x {
			parts = append(parts, literal(e))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(a)
}

// String returns the call as a Lua expression.
func (c Call) String() string {
	var parts []string
	for _, a := range c.Args {
		parts = append(parts, literal(a))
	}
	return c.Fn + "(" + strings.Join(parts, ", ") + ")"
}

// prelude defines what makes a call and prints its results.
const prelude = `
local function quote(s)
  return '"' .. s:gsub('[%z\1-\31"\\\127-\255]', function(c) return ("\\%03d"):format(c:byte()) end) .. '"'
end
local function show(v)
  if type(v) == "string" then return quote(v) end
  if type(v) == "nil" or type(v) == "boolean" or type(v) == "number" then return tostring(v) end
  return type(v)
end
local function c(lists, f, ...)
  local r = table.pack(pcall(f, ...))
  local parts = {}
  if not r[1] then parts[1], parts[2] = "error", tostring(r[2]) else
    for i = 2, r.n do parts[i - 1] = show(r[i]) end
    for i = 1, select("#", ...) do
      local n, t = lists[i], (select(i, ...))
      if n then
        parts[#parts + 1] = "->"
        for k = 1, n + 2 do parts[#parts + 1] = show(t[k]) end
      end
    end
  end
  print((table.concat(parts, " "):gsub("\n", "\\n")))
end
`

// qualified is a function's name as the reference gives it where it does not
// know what the caller called it.
var qualified = regexp.MustCompile(`'(?:_G|[a-z0-9]+)\.([a-z0-9]+)'`)

// reference returns the results under lua5.2, in the notation of Run.
func reference(t *testing.T, setup string, calls []Call) []string {
	t.Helper()
	path, err := exec.LookPath("lua5.2")
	if err != nil {
		t.Skip("lua5.2 is not installed")
	}
	var script strings.Builder
	script.WriteString(setup + prelude)
	for _, c := range calls {
		var lists []string
		for i, a := range c.Args {
			if list, ok := a.(List); ok {
				lists = append(lists, fmt.Sprintf("[%d]=%d", i+1, len(list)))
			}
		}
		args := strings.TrimSuffix(strings.TrimPrefix(c.String(), c.Fn+"("), ")")
		if args != "" {
			args = ", " + args
		}
		fmt.Fprintf(&script, "c({%s}, %s%s)\n", strings.Join(lists, ", "), c.Fn, args)
	}
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader(script.String())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("lua5.2: %v\n%s", err, stderr.String())
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(calls) {
		t.Fatalf("lua5.2 printed %d lines for %d calls", len(lines), len(calls))
	}
	for i, line := range lines {
		if strings.HasPrefix(line, "error") {
			line = qualified.ReplaceAllString(line, "'$1'")
		}
		lines[i] = line
	}
	return lines
}
