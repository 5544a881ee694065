package io

import (
	"bufio"
	"errors"
	"io"
	"math"
	"strings"
	"syscall"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/number"
)

// readDefault is io.read (...).
func (l *library) readDefault(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := defaultFile(th, l.input, "input")
	if n == 0 {
		return f.readLines(th)
	}
	return f.read(th, th.AllArgs(n, a0, a1, a2))
}

// readMethod is file:read (...).
func readMethod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := checkFile(th, "read", n, a0)
	if n == 1 {
		return f.readLines(th)
	}
	return f.read(th, th.Varargs(n, 1, a0, a1, a2))
}

// linesOf is io.lines ([filename, ...]).
func (l *library) linesOf(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	formats := th.Varargs(n, 1, a0, a1, a2)
	if a0.IsNil() {
		defaultFile(th, l.input, "input")
		return lines(l.input, formats, false), 1
	}
	return lines(l.mustOpen(th, lib.Text(th, "lines", 1, n, a0), "r"), formats, true), 1
}

// linesMethod is file:lines (...).
func linesMethod(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	checkFile(th, "lines", n, a0)
	return lines(a0, th.Varargs(n, 1, a0, a1, a2), false), 1
}

// lines returns an iterator that reads from the file v by the formats, and
// closes it at its end if toClose is set.
func lines(v rt.Value, formats []rt.Value, toClose bool) rt.Value {
	return rt.NewGoFunction("for iterator", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		f := toFile(v)
		if f.closed {
			th.Errorf("file is already closed")
		}
		var first rt.Value
		var count int
		if len(formats) == 0 {
			first, count = f.readLines(th)
		} else {
			first, count = f.read(th, formats)
		}
		if first.IsNil() {
			if count > 1 {
				th.Errorf("%s", th.Ret[1].String())
			}
			if toClose {
				f.close(th)
			}
			return first, 0
		}
		return first, count
	})
}

// readLines reads a line, as read does without formats.
func (f *file) readLines(th *rt.Thread) (rt.Value, int) {
	if err := f.startRead(); err != nil {
		return lib.Failure(th, "", err)
	}
	v, err := f.line(false)
	return f.readResult(th, v, err)
}

// readResult returns the result of one reading: nil at the end of the file.
func (f *file) readResult(th *rt.Thread, v rt.Value, err error) (rt.Value, int) {
	if err != nil && !errors.Is(err, io.EOF) {
		return lib.Failure(th, "", err)
	}
	return v, 1
}

// read reads by the formats and returns the results.
func (f *file) read(th *rt.Thread, formats []rt.Value) (rt.Value, int) {
	if err := f.startRead(); err != nil {
		return lib.Failure(th, "", err)
	}
	th.GrowRet(len(formats))
	var first rt.Value
	for i, format := range formats {
		v, err := f.readFormat(th, i+1, format)
		if err != nil && !errors.Is(err, io.EOF) {
			return lib.Failure(th, "", err)
		}
		if i == 0 {
			first = v
		} else {
			th.Ret[i] = v
		}
		if v.IsNil() {
			return first, i + 1
		}
	}
	return first, len(formats)
}

// readFormat reads what the format, argument i, asks for.
func (f *file) readFormat(th *rt.Thread, i int, format rt.Value) (rt.Value, error) {
	if format.IsNumber() {
		return f.chars(int(format.F))
	}
	s, _ := rt.ToString(format)
	if s == "" || s[0] != '*' {
		th.ArgError("read", i, "invalid option")
	}
	switch s = s[1:]; {
	case strings.HasPrefix(s, "n"):
		return f.number()
	case strings.HasPrefix(s, "l"):
		return f.line(false)
	case strings.HasPrefix(s, "L"):
		return f.line(true)
	case strings.HasPrefix(s, "a"):
		return f.all()
	}
	th.ArgError("read", i, "invalid format")
	return rt.Value{}, nil
}

// startRead prepares f for reading: what was written goes out first.
func (f *file) startRead() error {
	if !f.readable {
		return syscall.EBADF
	}
	if f.w != nil && f.w.Buffered() > 0 {
		if err := f.w.Flush(); err != nil {
			return err
		}
	}
	if f.r == nil {
		f.r = bufio.NewReaderSize(flushingReader{f}, 1<<16)
	}
	return nil
}

// A flushingReader reads from a file. Before it waits for standard input or a
// command, it sends out what the program has printed.
type flushingReader struct{ f *file }

// Read implements io.Reader.
func (r flushingReader) Read(p []byte) (int, error) {
	if r.f.standard || r.f.cmd != nil {
		r.f.st.Flush()
	}
	return r.f.f.Read(p)
}

// line reads up to the end of a line, which is part of the result if keep is
// set.
func (f *file) line(keep bool) (rt.Value, error) {
	piece, err := f.r.ReadSlice('\n')
	if err == nil || err == io.EOF {
		if len(piece) == 0 {
			return rt.Value{}, err
		}
		return rt.NewBytes(withoutEnd(piece, keep)), nil
	}
	var b []byte
	for err == bufio.ErrBufferFull {
		b = append(b, piece...)
		piece, err = f.r.ReadSlice('\n')
	}
	b = append(b, piece...)
	if len(b) == 0 || err != nil && err != io.EOF {
		return rt.Value{}, err
	}
	return rt.NewBytes(withoutEnd(b, keep)), nil
}

// withoutEnd returns the line b without its end, unless keep is set.
func withoutEnd(b []byte, keep bool) []byte {
	if n := len(b); !keep && b[n-1] == '\n' {
		return b[:n-1]
	}
	return b
}

// all reads the rest of the file.
func (f *file) all() (rt.Value, error) {
	var b strings.Builder
	if info, err := f.f.Stat(); err == nil && info.Mode().IsRegular() {
		if pos, err := f.f.Seek(0, io.SeekCurrent); err == nil && info.Size() > pos {
			b.Grow(int(info.Size()-pos) + f.r.Buffered())
		}
	}
	if _, err := io.Copy(&b, f.r); err != nil {
		return rt.Value{}, err
	}
	return rt.NewString(b.String()), nil
}

// chars reads up to n bytes; 0 tests for the end of the file.
func (f *file) chars(n int) (rt.Value, error) {
	if n <= 0 {
		if _, err := f.r.Peek(1); err != nil {
			return rt.Value{}, err
		}
		return rt.NewString(""), nil
	}
	if piece, err := f.r.Peek(min(n, f.r.Size())); len(piece) == n {
		v := rt.NewBytes(piece)
		f.r.Discard(n)
		return v, err
	}
	var b strings.Builder
	if _, err := io.CopyN(&b, f.r, int64(n)); err != nil && err != io.EOF {
		return rt.Value{}, err
	}
	if b.Len() == 0 {
		return rt.Value{}, io.EOF
	}
	return rt.NewString(b.String()), nil
}

// maxNumeral is the longest text that is read as a number.
const maxNumeral = 200

// named reads infinity or NaN, in any case of letters, as C's scanf does; nil if it
// is neither, and then the first wrong character has been read, too. accept reads one
// of some characters.
func (f *file) named(accept func(set string) bool, negative bool) rt.Value {
	word := func(letters string) bool {
		for _, c := range letters {
			if !accept(string(c) + string(c-'a'+'A')) {
				f.r.ReadByte()
				return false
			}
		}
		return true
	}
	x := math.NaN()
	switch {
	case accept("nN"):
		if !word("an") {
			return rt.Value{}
		}
	case !word("inf") || accept("iI") && !word("nity"):
		return rt.Value{}
	default:
		x = math.Inf(1)
	}
	if negative {
		x = math.Copysign(x, -1)
	}
	return rt.Number(x)
}

// number reads a number, as far as the characters can belong to one.
func (f *file) number() (rt.Value, error) {
	var b [maxNumeral]byte
	n := 0
	peek := func() byte {
		if c, err := f.r.Peek(1); err == nil {
			return c[0]
		}
		return 0
	}
	accept := func(set string) bool {
		c := peek()
		if c == 0 || n == len(b) || strings.IndexByte(set, c) < 0 {
			return false
		}
		b[n] = c
		n++
		f.r.ReadByte()
		return true
	}
	for c := peek(); c == ' ' || '\t' <= c && c <= '\r'; c = peek() {
		f.r.ReadByte()
	}
	if _, err := f.r.Peek(1); err != nil {
		return rt.Value{}, err
	}
	accept("+-")
	if c := peek() | 0x20; c == 'i' || c == 'n' {
		return f.named(accept, n > 0 && b[0] == '-'), nil
	}
	digits, exponent := "0123456789", "eE"
	if accept("0") && accept("xX") {
		digits, exponent = "0123456789abcdefABCDEF", "pP"
	}
	some := n > 0 && b[n-1] == '0' // a digit
	for accept(digits) {
		some = true
	}
	if accept(".") {
		for accept(digits) {
			some = true
		}
	}
	end := n
	if some && accept(exponent) {
		accept("+-")
		for accept("0123456789") {
			end = n // without digits, an exponent is read and counts for nothing
		}
	}
	n = end
	v, ok := number.Parse(string(b[:n]))
	if !ok {
		return rt.Value{}, nil
	}
	return rt.Number(v), nil
}
