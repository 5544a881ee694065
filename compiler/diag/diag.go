package diag

import (
	"fmt"
	"slices"
)

// MaxErrors is the number of errors that a Sink shows.
const MaxErrors = 10

// A Code names a kind of message. The codes are constants of this package,
// each documented with an example that a test compiles.
type Code string

// Severity says whether a message stops the compilation.
type Severity uint8

const (
	Error   Severity = iota // no program comes out
	Warning                 // the program is compiled all the same
)

// A Diagnostic is one message about the source.
type Diagnostic struct {
	Code     Code
	Range    Range
	Severity Severity
	Message  string // lower case, no full stop, "expected X, found Y"
	Notes    []Note
}

// A Note adds to a Diagnostic. Its Range may be the zero Range.
type Note struct {
	Range   Range
	Message string
}

// Note adds a note about a place and returns d.
func (d *Diagnostic) Note(r Range, format string, args ...any) *Diagnostic {
	d.Notes = append(d.Notes, Note{r, fmt.Sprintf(format, args...)})
	return d
}

// Hint adds a note without a place and returns d.
func (d *Diagnostic) Hint(format string, args ...any) *Diagnostic {
	return d.Note(Range{}, format, args...)
}

// A Sink collects messages. The zero Sink is ready for use.
type Sink struct {
	list   []*Diagnostic
	errors int
}

// Report adds a message.
func (s *Sink) Report(d *Diagnostic) {
	s.list = append(s.list, d)
	if d.Severity == Error {
		s.errors++
	}
}

// Error reports an error and returns it, so that notes can be added.
func (s *Sink) Error(code Code, r Range, format string, args ...any) *Diagnostic {
	d := &Diagnostic{Code: code, Range: r, Message: fmt.Sprintf(format, args...)}
	s.Report(d)
	return d
}

// Warning reports a warning and returns it, so that notes can be added.
func (s *Sink) Warning(code Code, r Range, format string, args ...any) *Diagnostic {
	d := &Diagnostic{Code: code, Range: r, Severity: Warning, Message: fmt.Sprintf(format, args...)}
	s.Report(d)
	return d
}

// ErrorCount returns the number of errors reported so far.
func (s *Sink) ErrorCount() int { return s.errors }

// HasErrors reports whether an error was reported.
func (s *Sink) HasErrors() bool { return s.errors > 0 }

// All returns the messages in the order in which they were reported.
func (s *Sink) All() []*Diagnostic { return s.list }

// FirstError returns the error that stands first in the source, or nil.
func (s *Sink) FirstError() *Diagnostic {
	for _, d := range s.Sorted() {
		if d.Severity == Error {
			return d
		}
	}
	return nil
}

// Sorted returns the messages by position: every warning, and of the errors
// the first MaxErrors. Messages about the same place stay in the order in
// which they were reported.
func (s *Sink) Sorted() []*Diagnostic {
	all := slices.Clone(s.list)
	slices.SortStableFunc(all, func(a, b *Diagnostic) int {
		switch {
		case a.Range.Start.Before(b.Range.Start):
			return -1
		case b.Range.Start.Before(a.Range.Start):
			return 1
		}
		return 0
	})
	shown := all[:0]
	errors := 0
	for _, d := range all {
		if d.Severity == Error {
			if errors++; errors > MaxErrors {
				continue
			}
		}
		shown = append(shown, d)
	}
	return shown
}
