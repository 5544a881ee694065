package io

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/number"
)

// The buffering modes of a file, in the order of rt.Buffering.
type buffering uint8

const (
	full buffering = iota
	byLine
	unbuffered
)

// A file is what a script's file is about. Reading and writing share one
// position: the reader's read-ahead is given back before writing, and what
// was written goes out before reading.
type file struct {
	st                 *rt.State
	set                *fileSet // that it is in, if any
	f                  *os.File
	r                  *bufio.Reader // made by the first read
	w                  *bufio.Writer // made by the first write
	out                *rt.Output    // of standard output, instead of w
	cmd                *exec.Cmd     // of popen
	name               string        // of a standard file
	remove             string        // file to remove after closing
	readable, writable bool
	standard, closed   bool
	buffering          buffering
}

// openFile opens a file in a mode of C's fopen.
func openFile(name, mode string) (*file, error) {
	f := &file{readable: mode[0] == 'r', writable: mode[0] != 'r'}
	if strings.Contains(mode, "+") {
		f.readable, f.writable = true, true
	}
	flags := os.O_RDONLY
	switch {
	case f.readable && f.writable:
		flags = os.O_RDWR
	case f.writable:
		flags = os.O_WRONLY
	}
	switch mode[0] {
	case 'w':
		flags |= os.O_CREATE | os.O_TRUNC
	case 'a':
		flags |= os.O_CREATE | os.O_APPEND
	}
	var err error
	f.f, err = os.OpenFile(name, flags, 0o666)
	if err == nil && mode[0] == 'a' && !f.readable {
		f.f.Seek(0, io.SeekEnd) // what is no seekable file stays where it is
	}
	return f, err
}

// writeAll writes the arguments of a script's write from number first on.
func (f *file) writeAll(th *rt.Thread, n, first int, a0, a1, a2 rt.Value) error {
	if f.out != nil {
		return f.writeOut(th, n, first, a0, a1, a2)
	}
	for i := first; i < n; i++ {
		if err := f.write(th, i+1-first, n-first, th.Arg(i, n, a0, a1, a2)); err != nil {
			return err
		}
	}
	return nil
}

// writeOut is writeAll for standard output.
func (f *file) writeOut(th *rt.Thread, n, first int, a0, a1, a2 rt.Value) error {
	out := f.out
	line, byLine := false, out.IsByLine()
	for i := first; i < n; i++ {
		var err error
		switch v := th.Arg(i, n, a0, a1, a2); {
		case v.IsString():
			s := v.Str().String()
			err = out.AppendString(s)
			line = line || byLine && strings.IndexByte(s, '\n') >= 0
		case v.IsNumber():
			err = out.AppendBytes(number.Append(out.Available(), v.F))
		default:
			out.EndWrite(line)
			lib.Text(th, "write", i+1-first, n-first, v) // raises the error
		}
		if err != nil {
			return err
		}
	}
	return out.EndWrite(line)
}

// write writes argument i of n.
func (f *file) write(th *rt.Thread, i, n int, v rt.Value) error {
	if !v.IsString() && !v.IsNumber() {
		lib.Text(th, "write", i, n, v) // raises the error
	}
	if err := f.startWrite(); err != nil {
		return err
	}
	var err error
	line := false
	if v.IsString() {
		s := v.Str().String()
		_, err = f.w.WriteString(s)
		line = f.buffering == byLine && strings.IndexByte(s, '\n') >= 0
	} else {
		_, err = f.w.Write(number.Append(f.w.AvailableBuffer(), v.F))
	}
	if err == nil && (line || f.buffering == unbuffered) {
		if f.f == os.Stderr {
			f.st.Flush()
		}
		err = f.w.Flush()
	}
	return err
}

// startWrite prepares f for writing.
func (f *file) startWrite() error {
	if !f.writable {
		return syscall.EBADF
	}
	if f.w == nil {
		f.w = bufio.NewWriterSize(f.f, 1<<15)
	}
	return f.giveBack()
}

// giveBack moves the position of the file back over what has been read ahead.
func (f *file) giveBack() error {
	if f.r == nil || f.r.Buffered() == 0 {
		return nil
	}
	_, err := f.f.Seek(-int64(f.r.Buffered()), io.SeekCurrent)
	f.r.Reset(flushingReader{f})
	return err
}

// flush writes out what is buffered.
func (f *file) flush() error {
	switch {
	case f.out != nil:
		return f.out.Flush()
	case f.w != nil:
		return f.w.Flush()
	}
	return nil
}

// seek moves the position.
func (f *file) seek(offset int64, whence int) (int64, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	if whence == io.SeekCurrent && f.r != nil {
		offset -= int64(f.r.Buffered())
	}
	pos, err := f.f.Seek(offset, whence)
	if err == nil && f.r != nil {
		f.r.Reset(flushingReader{f})
	}
	return pos, err
}

// close closes f and returns the results of a script's close.
func (f *file) close(th *rt.Thread) (rt.Value, int) {
	if f.standard {
		f.flush()
		th.Ret[1] = rt.NewString("cannot close standard file")
		return rt.Value{}, 2
	}
	err := f.release()
	if f.cmd != nil {
		err = f.cmd.Wait()
		return lib.ExecResult(th, f.cmd.ProcessState, err)
	}
	if err != nil {
		return lib.Failure(th, "", err)
	}
	return rt.True(), 1
}

// release flushes and closes the file itself.
func (f *file) release() error {
	f.closed = true
	if f.set != nil {
		f.set.remove(f)
	}
	err := f.flush()
	if e := f.f.Close(); err == nil {
		err = e
	}
	if f.remove != "" {
		os.Remove(f.remove)
	}
	f.r, f.w = nil, nil
	return err
}

// A fileSet holds the open files of a State, which are flushed when the
// program ends. It knows the files, not their values: a value that becomes
// unreachable has its file closed.
type fileSet struct {
	mutex sync.Mutex
	open  map[*file]struct{}
}

// add adds f, whose value is u.
func (s *fileSet) add(u *rt.Userdata, f *file) {
	f.set = s
	s.mutex.Lock()
	s.open[f] = struct{}{}
	s.mutex.Unlock()
	runtime.AddCleanup(u, abandon, f)
}

// remove removes f.
func (s *fileSet) remove(f *file) {
	s.mutex.Lock()
	delete(s.open, f)
	s.mutex.Unlock()
}

// abandon closes a file whose value is gone.
func abandon(f *file) {
	if f.closed {
		return
	}
	f.release()
	if f.cmd != nil {
		go f.cmd.Wait()
	}
}

// flush writes out what the open files buffer.
func (s *fileSet) flush() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for f := range s.open {
		if !f.closed {
			f.flush()
		}
	}
}
