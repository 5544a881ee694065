package os

import (
	"math/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

type list = libtest.List

func of(fn string, args ...any) libtest.Call { return libtest.Of("os."+fn, args...) }

func TestAgainstReference(t *testing.T) {
	calls := []libtest.Call{
		of("date", "!%c", 0), of("date", "!%x %X %p %j %U %W %V %G %g %u %w %y %D %F %r %R %T %e %h %n%t%C %Z %%", 1e9), of("date", "!%Ey%Od", 1e9), of("date", "%Ez"), of("date", "%"), of("date", "%Q"), of("date", "%E"),
		of("date", "!", 0), of("date", "!plain", 0), of("date", list{}), of("date", "!%Y", "x"), of("date", "%Y-%m-%d %H:%M:%S %z", 86400*200),
		of("time", list{}), of("time", 5), of("difftime", 5, 3), of("difftime", 5), of("difftime"), of("difftime", "x"),
		of("getenv", "LUAGO_NO_SUCH_VARIABLE"), of("getenv"), of("remove", "/nonexistent/x"), of("remove"), of("rename", "/nonexistent/x", "/nonexistent/y"), of("rename", "x"),
		of("setlocale"), of("setlocale", "C"), of("setlocale", "xx"), of("setlocale", "C", "foo"), of("setlocale", "C", "time"), of("setlocale", nil, "all"), of("execute"), of("execute", "exit 3"), of("execute", "true"), of("execute", "kill -9 $$"),
		of("exit", list{}),
	}
	r := rand.New(rand.NewSource(11))
	for i := 0; i < 500; i++ {
		at := float64(r.Int63n(4e9))
		calls = append(calls, of("date", "!%a %A %b %B %d %H %I %j %m %M %p %S %U %w %W %V %G %u %y %Y", at), of("date", "%c %z", at))
	}
	libtest.Compare(t, Open, calls)
}

// setup makes date tables by their fields, in Lua.
const setup = `function timeof(y, mo, d, h, mi, s) return os.time{year = y, month = mo, day = d, hour = h, min = mi, sec = s} end
function tableof(at) local t = os.date("!*t", at) return t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst end
`

// open is setup in Go.
func open(st *rt.State) {
	Open(st)
	st.Globals.SetString("timeof", rt.NewGoFunction("timeof", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		t := rt.NewTable()
		for i, v := range th.AllArgs(n, a0, a1, a2) {
			t.SetString([]string{"year", "month", "day", "hour", "min", "sec"}[i], v)
		}
		return rt.CallValues(th, libtest.Function(th.State, "os.time"), t.Value())
	}))
	st.Globals.SetString("tableof", rt.NewGoFunction("tableof", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		v, _ := rt.CallValues(th, libtest.Function(th.State, "os.date"), rt.NewString("!*t"), a0)
		var rs []rt.Value
		for _, key := range []string{"year", "month", "day", "hour", "min", "sec", "wday", "yday", "isdst"} {
			rs = append(rs, v.Table().GetString(key))
		}
		return th.ReturnSlice(rs)
	}))
}

func TestTimeTables(t *testing.T) {
	calls := []libtest.Call{libtest.Of("timeof", 2020, 14, -3, 0), libtest.Of("timeof", 2020, 1, 1), libtest.Of("timeof", 2021, 2, 30, 25, 61, 61), libtest.Of("timeof", "2000", "1", "1")}
	r := rand.New(rand.NewSource(12))
	for i := 0; i < 300; i++ {
		calls = append(calls, libtest.Of("timeof", 1971+r.Intn(100), r.Intn(30)-8, r.Intn(80)-20, r.Intn(60)-10, r.Intn(200)-50, r.Intn(200)-50), libtest.Of("tableof", float64(r.Int63n(4e9))))
	}
	libtest.CompareWith(t, setup, open, calls)
}

func TestFiles(t *testing.T) {
	st := libtest.NewState(Open)
	call := func(fn string, args ...any) string { return libtest.Of("os."+fn, args...).Run(st) }
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	if err := os.WriteFile(from, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := call("rename", from, to); got != "true" {
		t.Errorf("rename: %s", got)
	}
	if got := call("remove", to); got != "true" {
		t.Errorf("remove: %s", got)
	}
	t.Setenv("LUAGO_TEST_VARIABLE", "value")
	if got := call("getenv", "LUAGO_TEST_VARIABLE"); got != `"value"` {
		t.Errorf("getenv: %s", got)
	}
	name, _ := rt.CallValues(st.Main, libtest.Function(st, "os.tmpname"))
	if err := os.Remove(name.String()); err != nil {
		t.Errorf("tmpname: %v", err)
	}
}

func TestClocks(t *testing.T) {
	st := libtest.NewState(Open)
	clock := libtest.Function(st, "os.clock")
	start, _ := rt.CallValues(st.Main, clock)
	for sum, until := 0, time.Now().Add(20*time.Millisecond); time.Now().Before(until); sum++ {
		_ = sum
	}
	if end, _ := rt.CallValues(st.Main, clock); !(end.F > start.F) {
		t.Errorf("the clock went from %v to %v", start, end)
	}
	if now, _ := rt.CallValues(st.Main, libtest.Function(st, "os.time")); now.F < 1.7e9 || now.F != float64(int64(now.F)) {
		t.Errorf("time is %v", now)
	}
}
