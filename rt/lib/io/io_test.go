package io

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib/libtest"
)

// A script calls functions and methods of one State.
type script struct {
	t  *testing.T
	st *rt.State
}

func newScript(t *testing.T) *script { return &script{t, libtest.NewState(Open)} }

// results renders the results of a call, or its error, as text.
func (s *script) results(f rt.Value, args []rt.Value) (string, []rt.Value) {
	var rs []rt.Value
	err := rt.Protect(s.st.Main, func() {
		first, n := rt.CallSlice(s.st.Main, f, args)
		rs = s.st.Main.Results(first, n)
	})
	if err != nil {
		return "error " + err.Error(), nil
	}
	var parts []string
	for _, v := range rs {
		if v.Kind() == rt.KindUserdata {
			parts = append(parts, "file")
		} else {
			parts = append(parts, v.String())
		}
	}
	return strings.Join(parts, ","), rs
}

// values converts arguments.
func values(args []any) []rt.Value {
	vs := make([]rt.Value, len(args))
	for i, a := range args {
		if v, ok := a.(rt.Value); ok {
			vs[i] = v
		} else {
			vs[i] = libtest.Value(a)
		}
	}
	return vs
}

// io calls io.name and checks its results.
func (s *script) io(want, name string, args ...any) rt.Value {
	s.t.Helper()
	return s.check(want, name, libtest.Function(s.st, "io."+name), values(args))
}

// call calls file:name and checks its results.
func (s *script) call(want string, file rt.Value, name string, args ...any) rt.Value {
	s.t.Helper()
	method := rt.Index(s.st.Main, file, rt.NewString(name), "")
	return s.check(want, name, method, append([]rt.Value{file}, values(args)...))
}

func (s *script) check(want, name string, f rt.Value, args []rt.Value) rt.Value {
	s.t.Helper()
	got, rs := s.results(f, args)
	if got != want {
		s.t.Errorf("%s gives %q, want %q", name, got, want)
	}
	if len(rs) == 0 {
		return rt.Value{}
	}
	return rs[0]
}

// write makes a file and returns its name.
func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file.txt")
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestReadFormats(t *testing.T) {
	s := newScript(t)
	f := s.io("file", "open", write(t, "line one\nline two\n\n 12 0x1F -1.5e2,x\nrest\nof it"))
	s.call("line one", f, "read")
	s.call("line two\n", f, "read", "*L")
	s.call("", f, "read", "*l")
	s.call("12,31,-150", f, "read", "*n", "*n", "*number")
	s.call("nil", f, "read", "*n", "*l")
	s.call(",,", f, "read", 0, 1)
	s.call("x\nr", f, "read", 3)
	s.call("est,of it", f, "read", "*line", "*all")
	s.call("", f, "read", "*a")
	s.call("nil", f, "read")
	s.call("nil", f, "read", 0)
	s.call("nil", f, "read", 5)
	s.call("nil", f, "read", "*n")
	s.call("error bad argument #1 to 'read' (invalid option)", f, "read", "l")
	s.call("error bad argument #1 to 'read' (invalid format)", f, "read", "*x")
	s.call("true", f, "close")
	s.call("error attempt to use a closed file", f, "read")
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("0123456789", 20000)
	s := newScript(t)
	f := s.io("file", "open", write(t, long+"\nshort\n"+long))
	s.call(long, f, "read")
	s.call("short", f, "read")
	s.call(long[:100000], f, "read", 100000)
	s.call(long[100000:], f, "read", "*a")
}

func TestWriteSeekReadOneFile(t *testing.T) {
	s := newScript(t)
	name := filepath.Join(t.TempDir(), "new")
	f := s.io("file", "open", name, "w+")
	s.call("file", f, "write", "hello ", 12, " ", 1.5)
	s.call("12", f, "seek")
	s.call("0", f, "seek", "set")
	s.call("hello", f, "read", 5)
	s.call("file", f, "write", "XY")
	s.call("7", f, "seek", "cur")
	s.call("2 1.5", f, "read", "*a")
	s.call("10", f, "seek", "end", -2)
	s.call(".5", f, "read", "*a")
	s.call("nil,Invalid argument,22", f, "seek", "set", -1)
	s.call("error bad argument #1 to 'seek' (invalid option 'foo')", f, "seek", "foo")
	s.call("true", f, "setvbuf", "no")
	s.call("true", f, "setvbuf", "full", 1024)
	s.call("error bad argument #1 to 'setvbuf' (invalid option 'x')", f, "setvbuf", "x")
	s.call("error bad argument #2 to 'write' (string expected, got nil)", f, "write", "a", nil)
	s.call("true", f, "close")
	a := s.io("file", "open", name, "a")
	s.call("file", a, "write", "end")
	s.call("nil,Bad file descriptor,9", a, "read")
	s.call("true", a, "close")
	if data, _ := os.ReadFile(name); string(data) != "helloXY2 1.5aend" {
		t.Errorf("the file holds %q", data)
	}
}

func TestOpenFailures(t *testing.T) {
	s := newScript(t)
	s.io("nil,/nonexistent/x: No such file or directory,2", "open", "/nonexistent/x")
	for _, mode := range []string{"", "q", "rw", "r+b+", "rb+", "+r"} {
		s.io("error bad argument #2 to 'open' (invalid mode)", "open", "x", mode)
	}
	s.io("error cannot open file '/nonexistent' (No such file or directory)", "lines", "/nonexistent")
	s.io("error cannot open file '/nonexistent' (No such file or directory)", "input", "/nonexistent")
	s.io("error bad argument #1 to 'input' (FILE* expected, got table)", "input", libtest.List{})
	f := s.io("file", "open", write(t, "x"))
	s.call("nil,Bad file descriptor,9", f, "write", "x")
	s.io("nil,cannot close standard file", "close", libtest.Function(s.st, "io.stdout"))
}

// iterate calls an iterator until it gives no value.
func (s *script) iterate(next rt.Value) string {
	var all []string
	for len(all) < 20 {
		text, rs := s.results(next, nil)
		if len(rs) == 0 {
			return strings.Join(append(all, text), "|")
		}
		all = append(all, text)
	}
	return "no end"
}

func TestLines(t *testing.T) {
	s := newScript(t)
	name := write(t, "a\nb\n\nc")
	for want, formats := range map[string][]any{
		"a|b||c|":       nil,
		"a\n|b\n|\n|c|": {"*L"},
		"a\n|b\n|\nc|":  {2},
		"a,b|,c|":       {"*l", "*l"},
	} {
		_, rs := s.results(libtest.Function(s.st, "io.lines"), values(append([]any{name}, formats...)))
		if got := s.iterate(rs[0]); got != want {
			t.Errorf("lines with %v gives %q, want %q", formats, got, want)
		}
		if got, _ := s.results(rs[0], nil); got != "error file is already closed" {
			t.Errorf("after the end lines gives %q", got)
		}
	}
	f := s.io("file", "open", name)
	_, rs := s.results(rt.Index(s.st.Main, f, rt.NewString("lines"), ""), []rt.Value{f})
	if got := s.iterate(rs[0]); got != "a|b||c|" {
		t.Errorf("file:lines gives %q", got)
	}
	s.call("true", f, "close")
}

func TestDefaultFiles(t *testing.T) {
	s := newScript(t)
	in, out := write(t, "one\ntwo\n3\n"), filepath.Join(t.TempDir(), "out")
	s.io("file", "input", in)
	s.io("one", "read")
	s.io("two,3", "read", "*l", "*n")
	s.io("file", "output", out)
	s.io("file", "write", "text", 1)
	s.io("true", "flush")
	if data, _ := os.ReadFile(out); string(data) != "text1" {
		t.Errorf("after flush the file holds %q", data)
	}
	s.io("true", "close")
	s.io("error standard output file is closed", "write", "x")
	s.io("closed file", "type", s.io("file", "output"))
	s.io("file", "type", s.io("file", "input"))
	s.io("nil", "type", 1)
	s.io("error bad argument #1 to 'type' (value expected)", "type")
}

func TestFilesAreFlushedAtExit(t *testing.T) {
	s := newScript(t)
	name := filepath.Join(t.TempDir(), "out")
	f := s.io("file", "open", name, "w")
	s.call("file", f, "write", "buffered")
	if data, _ := os.ReadFile(name); len(data) != 0 {
		t.Errorf("written at once: %q", data)
	}
	s.st.Close()
	if data, _ := os.ReadFile(name); string(data) != "buffered" {
		t.Errorf("after the end the file holds %q", data)
	}
	runtime.KeepAlive(f)
}

func TestPopen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a Unix shell")
	}
	s := newScript(t)
	p := s.io("file", "popen", "echo hi; exit 4")
	s.call("hi\n", p, "read", "*a")
	s.call("nil,exit,4", p, "close")
	name := filepath.Join(t.TempDir(), "out")
	p = s.io("file", "popen", "cat > '"+name+"'", "w")
	s.call("file", p, "write", "to the command")
	s.call("true,exit,0", p, "close")
	if data, _ := os.ReadFile(name); string(data) != "to the command" {
		t.Errorf("the command wrote %q", data)
	}
	p = s.io("file", "popen", "kill -9 $$")
	s.call("nil,signal,9", p, "close")
	s.io("nil,true: Invalid argument,22", "popen", "true", "rw")
}

func TestTmpfile(t *testing.T) {
	s := newScript(t)
	f := s.io("file", "tmpfile")
	s.call("file", f, "write", "x")
	s.call("0", f, "seek", "set")
	s.call("x", f, "read", "*a")
	text := rt.ToStringMeta(s.st.Main, f)
	if !strings.HasPrefix(text, "file (0x") {
		t.Errorf("tostring gives %q", text)
	}
	s.call("true", f, "close")
	if text := rt.ToStringMeta(s.st.Main, f); text != "file (closed)" {
		t.Errorf("tostring gives %q", text)
	}
}

// Standard output leaves as setvbuf says.
func TestSetvbufOfStdout(t *testing.T) {
	var out strings.Builder
	s := &script{t, libtest.NewState(func(st *rt.State) {
		st.Stdout = rt.NewOutput(&out)
		Open(st)
	})}
	stdout := libtest.Function(s.st, "io.stdout")
	for _, step := range []struct{ mode, write, want string }{
		{"full", "a\n", ""}, {"no", "b", "a\nb"}, {"no", "c", "a\nbc"}, {"line", "d", "a\nbc"}, {"line", "e\nf", "a\nbcde\nf"}, {"full", "g\n", "a\nbcde\nf"},
	} {
		s.call("true", stdout, "setvbuf", step.mode)
		s.io("file", "write", step.write)
		if out.String() != step.want {
			t.Errorf("after %q in mode %s there is %q, want %q", step.write, step.mode, out.String(), step.want)
		}
	}
	s.io("true", "flush")
	if want := "a\nbcde\nfg\n"; out.String() != want {
		t.Errorf("after flush there is %q, want %q", out.String(), want)
	}
}
