package diag

// A Pos is a place in a source file. Line and Col count from 1; Col counts
// bytes. The zero Pos means "nowhere". File indexes the Files of one
// compilation and is 0 for its first file.
type Pos struct {
	File int32
	Line int32
	Col  int32
}

// IsValid reports whether p is a place.
func (p Pos) IsValid() bool { return p.Line > 0 }

// Before reports whether p stands before q in the order of files, lines and
// columns.
func (p Pos) Before(q Pos) bool {
	if p.File != q.File {
		return p.File < q.File
	}
	if p.Line != q.Line {
		return p.Line < q.Line
	}
	return p.Col < q.Col
}

// A Range spans source text from Start up to, not including, End.
type Range struct {
	Start, End Pos
}
