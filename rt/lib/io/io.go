// Package io is Lua's input and output library. Its files are buffered as C's
// are; standard output shares its buffer with print (State.Stdout).
package io

import (
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Open installs the library into st.
func Open(st *rt.State) {
	l := newLibrary(st)
	t := lib.Register(st, "io", []lib.Entry{
		{Name: "close", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.closeDefault(th, n, a0, a1, a2)
		}},
		{Name: "flush", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.flushDefault(th, n, a0, a1, a2)
		}},
		{Name: "input", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.setDefault(th, &l.input, "input", "r", n, a0)
		}},
		{Name: "lines", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.linesOf(th, n, a0, a1, a2)
		}},
		{Name: "open", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.open(th, n, a0, a1, a2)
		}},
		{Name: "output", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.setDefault(th, &l.output, "output", "w", n, a0)
		}},
		{Name: "popen", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.popen(th, n, a0, a1, a2)
		}},
		{Name: "read", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.readDefault(th, n, a0, a1, a2)
		}},
		{Name: "tmpfile", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.tmpfile(th, n, a0, a1, a2)
		}},
		{Name: "type", Fn: typeOf},
		{Name: "write", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.writeDefault(th, n, a0, a1, a2)
		}},
	})
	lib.Add(l.meta, []lib.Entry{
		{Name: "close", Fn: closeMethod},
		{Name: "flush", Fn: flushMethod},
		{Name: "lines", Fn: linesMethod},
		{Name: "read", Fn: readMethod},
		{Name: "seek", Fn: seekMethod},
		{Name: "setvbuf", Fn: setvbufMethod},
		{Name: "write", Fn: writeMethod},
	})
	t.SetString("stdin", l.stdin)
	t.SetString("stdout", l.stdout)
	t.SetString("stderr", l.stderr)
}

// library is what the functions of one State keep.
type library struct {
	st                    *rt.State
	files                 *fileSet
	meta                  *rt.Table // of files: their methods, and its own __index
	stdin, stdout, stderr rt.Value
	input, output         rt.Value // the default files
}

// newLibrary makes the standard files and the metatable of files.
func newLibrary(st *rt.State) *library {
	l := &library{st: st, files: &fileSet{open: map[*file]struct{}{}}, meta: rt.NewTable()}
	l.meta.SetStr(rt.MetaIndex, l.meta.Value())
	l.meta.SetStr(rt.MetaToString, rt.NewGoFunction("__tostring", toString))
	l.meta.SetStr(rt.MetaGC, rt.NewGoFunction("__gc", collected))
	standard := func(name string, f *file) rt.Value {
		f.name, f.standard, f.st = name, true, st
		return rt.NewUserdata(f, l.meta).Value()
	}
	l.stdin = standard("input", &file{f: os.Stdin, readable: true})
	l.stdout = standard("output", &file{f: os.Stdout, writable: true, out: st.Stdout})
	l.stderr = standard("error", &file{f: os.Stderr, writable: true, buffering: unbuffered})
	l.input, l.output = l.stdin, l.stdout
	st.AtExit(l.files.flush)
	return l
}

// toFile returns the file that v is, or nil if it is none.
func toFile(v rt.Value) *file {
	if v.Kind() != rt.KindUserdata {
		return nil
	}
	f, _ := v.Userdata().Host.(*file)
	return f
}

// checkFile returns argument 1 of the function name, which must be an open
// file.
func checkFile(th *rt.Thread, name string, n int, v rt.Value) *file {
	f := toFile(v)
	if f == nil {
		th.TypeError(name, 1, n, v, "FILE*")
	}
	if f.closed {
		th.Errorf("attempt to use a closed file")
	}
	return f
}

// defaultFile returns the default file v, which must be open.
func defaultFile(th *rt.Thread, v rt.Value, name string) *file {
	f := toFile(v)
	if f.closed {
		th.Errorf("standard %s file is closed", name)
	}
	return f
}

// collected is the __gc of files. Only scripts call it: files that are collected
// close themselves.
func collected(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := toFile(a0)
	if f == nil {
		th.TypeError("__gc", 1, n, a0, "FILE*")
	}
	if !f.closed && !f.standard {
		f.close(th)
	}
	return rt.Value{}, 0
}

// toString is the __tostring of files.
func toString(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := toFile(a0)
	if f == nil {
		th.TypeError("tostring", 1, n, a0, "FILE*")
	}
	if f.closed {
		return rt.NewString("file (closed)"), 1
	}
	return rt.NewString("file (" + a0.Address() + ")"), 1
}

// typeOf is io.type (obj).
func typeOf(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	rt.CheckAny(th, "type", 1, n, a0)
	switch f := toFile(a0); {
	case f == nil:
		return rt.Value{}, 1
	case f.closed:
		return rt.NewString("closed file"), 1
	}
	return rt.NewString("file"), 1
}

// open is io.open (filename [, mode]).
func (l *library) open(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name := lib.Text(th, "open", 1, n, a0)
	mode := rt.OptString(th, "open", 2, n, a1, "r")
	if !isMode(mode) {
		th.ArgError("open", 2, "invalid mode")
	}
	f, err := openFile(name, mode)
	if err != nil {
		return lib.Failure(th, name, err)
	}
	return l.newFile(f), 1
}

// isMode reports whether mode is one of r, w and a, then an optional +, then
// an optional b.
func isMode(mode string) bool {
	if mode == "" || !strings.ContainsRune("rwa", rune(mode[0])) {
		return false
	}
	return strings.TrimSuffix(strings.TrimPrefix(mode[1:], "+"), "b") == ""
}

// newFile returns a value for the open file f.
func (l *library) newFile(f *file) rt.Value {
	f.st = l.st
	u := rt.NewUserdata(f, l.meta)
	l.files.add(u, f)
	return u.Value()
}

// tmpfile is io.tmpfile ().
func (l *library) tmpfile(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f, err := os.CreateTemp("", "lua_")
	if err != nil {
		return lib.Failure(th, "", err)
	}
	t := &file{f: f, readable: true, writable: true}
	if os.Remove(f.Name()) != nil { // an open file cannot be removed everywhere
		t.remove = f.Name()
	}
	return l.newFile(t), 1
}

// popen is io.popen (prog [, mode]).
func (l *library) popen(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	line := lib.Text(th, "popen", 1, n, a0)
	mode := rt.OptString(th, "popen", 2, n, a1, "r")
	if mode != "r" && mode != "w" {
		return lib.Failure(th, line, syscall.EINVAL)
	}
	l.st.Flush()
	r, w, err := os.Pipe()
	if err != nil {
		return lib.Failure(th, line, err)
	}
	cmd := lib.Shell(line)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	f := &file{cmd: cmd}
	theirs := w
	if mode == "r" {
		f.f, f.readable = r, true
		cmd.Stdout = w
	} else {
		f.f, f.writable = w, true
		cmd.Stdin = r
		theirs = r
	}
	err = cmd.Start()
	theirs.Close()
	if err != nil {
		f.f.Close()
		return lib.Failure(th, line, err)
	}
	return l.newFile(f), 1
}

// setDefault is io.input ([file]) or io.output ([file]).
func (l *library) setDefault(th *rt.Thread, v *rt.Value, name, mode string, n int, a0 rt.Value) (rt.Value, int) {
	if a0.IsNil() {
		return *v, 1
	}
	if fileName, ok := rt.ToString(a0); ok {
		*v = l.mustOpen(th, fileName, mode)
	} else {
		if toFile(a0) == nil {
			th.TypeError(name, 1, n, a0, "FILE*")
		}
		*v = a0
	}
	return *v, 1
}

// mustOpen opens a file or raises an error.
func (l *library) mustOpen(th *rt.Thread, name, mode string) rt.Value {
	f, err := openFile(name, mode)
	if err != nil {
		why, _ := lib.Describe(err)
		th.Errorf("cannot open file '%s' (%s)", name, why)
	}
	return l.newFile(f)
}

// closeDefault is io.close ([file]).
func (l *library) closeDefault(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if n == 0 {
		return defaultFile(th, l.output, "output").close(th)
	}
	return checkFile(th, "close", n, a0).close(th)
}

// closeMethod is file:close ().
func closeMethod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return checkFile(th, "close", n, a0).close(th)
}

// flushDefault is io.flush ().
func (l *library) flushDefault(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return flushed(th, defaultFile(th, l.output, "output"))
}

// flushMethod is file:flush ().
func flushMethod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return flushed(th, checkFile(th, "flush", n, a0))
}

// flushed flushes f.
func flushed(th *rt.Thread, f *file) (rt.Value, int) {
	if err := f.flush(); err != nil {
		return lib.Failure(th, "", err)
	}
	return rt.True(), 1
}

// seekMethod is file:seek ([whence [, offset]]).
func seekMethod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := checkFile(th, "seek", n, a0)
	whence := rt.OptString(th, "seek", 1, n-1, a1, "cur")
	offset := lib.OptInt(th, "seek", 2, n-1, a2, 0)
	i := strings.Index("set cur end ", whence+" ") / 4
	if len(whence) != 3 || !strings.Contains("set cur end ", whence+" ") {
		th.ArgError("seek", 1, "invalid option '"+whence+"'")
	}
	pos, err := f.seek(int64(offset), i)
	if err != nil {
		return lib.Failure(th, "", err)
	}
	return rt.Number(float64(pos)), 1
}

// setvbufMethod is file:setvbuf (mode [, size]). Buffers have the size that they
// have.
func setvbufMethod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := checkFile(th, "setvbuf", n, a0)
	mode := lib.Text(th, "setvbuf", 1, n-1, a1)
	lib.OptInt(th, "setvbuf", 2, n-1, a2, 0)
	i := slices.Index([]string{"full", "line", "no"}, mode)
	if i < 0 {
		th.ArgError("setvbuf", 1, "invalid option '"+mode+"'")
	}
	if f.out != nil {
		f.out.SetBuffering(rt.BufferFull + rt.Buffering(i))
		return rt.True(), 1
	}
	f.buffering = full + buffering(i)
	if f.buffering == unbuffered {
		f.flush()
	}
	return rt.True(), 1
}

// writeDefault is io.write (...).
func (l *library) writeDefault(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := defaultFile(th, l.output, "output")
	if err := f.writeAll(th, n, 0, a0, a1, a2); err != nil {
		return lib.Failure(th, "", err)
	}
	return l.output, 1
}

// writeMethod is file:write (...).
func writeMethod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := checkFile(th, "write", n, a0)
	if err := f.writeAll(th, n, 1, a0, a1, a2); err != nil {
		return lib.Failure(th, "", err)
	}
	return a0, 1
}
