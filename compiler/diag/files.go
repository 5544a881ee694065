package diag

import "strings"

// Files are the source files of one compilation, numbered from 0 in the
// order in which they were added. It is not safe for concurrent use.
type Files struct {
	list []*File
}

// A File is a source file that has been read.
type File struct {
	Index int32  // in its Files, and Pos.File of every place in it
	Name  string // as messages show it
	Text  string

	lines []int32 // offset of the first byte of each line; nil until needed
}

// Add registers a file and returns it.
func (fs *Files) Add(name, text string) *File {
	f := &File{Index: int32(len(fs.list)), Name: name, Text: text}
	fs.list = append(fs.list, f)
	return f
}

// Len returns the number of files.
func (fs *Files) Len() int { return len(fs.list) }

// File returns the file with the given index, or nil.
func (fs *Files) File(i int32) *File {
	if i < 0 || int(i) >= len(fs.list) {
		return nil
	}
	return fs.list[i]
}

// Line returns line n, counted from 1, without its end. Lines that the file
// does not have are empty.
func (f *File) Line(n int32) string {
	if f.lines == nil {
		f.lines = lineStarts(f.Text)
	}
	if n < 1 || int(n) > len(f.lines) {
		return ""
	}
	text := f.Text[f.lines[n-1]:]
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		text = text[:i]
	}
	return text
}

// lineStarts returns the offsets at which the lines of text begin. As in
// Lua, "\n", "\r", "\r\n" and "\n\r" each end one line.
func lineStarts(text string) []int32 {
	starts := []int32{0}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '\n' && c != '\r' {
			continue
		}
		if i+1 < len(text) && (text[i+1] == '\n' || text[i+1] == '\r') && text[i+1] != c {
			i++
		}
		starts = append(starts, int32(i+1))
	}
	return starts
}
