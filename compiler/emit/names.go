package emit

import (
	"strconv"
	"strings"
)

// reserved are the identifiers that emitted code uses with a fixed meaning,
// Go's keywords, and the predeclared names that it mentions. No Lua name
// becomes one of them.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(`
		break case chan const continue default defer else fallthrough for func go
		goto if import interface map package range return select struct switch type var
		true false nil iota bool int float64 string uint append len cap copy make new panic init main
		rt th nargs upvalue ck wsrt json omega`) {
		m[s] = true
	}
	return m
}()

// A scope hands out identifiers that are unique within one nest of Go
// functions (or within the package): the one renamer of emitted code. A Lua
// name keeps its spelling where it can, and gets _2, _3, ... where not.
type scope struct {
	parent *scope // names taken here are taken in this scope too; may be nil
	taken  map[string]bool
	last   map[string]int
}

func newScope(parent *scope) *scope {
	return &scope{parent: parent, taken: map[string]bool{}, last: map[string]int{}}
}

func (s *scope) isTaken(name string) bool {
	if reserved[name] {
		return true
	}
	for ; s != nil; s = s.parent {
		if s.taken[name] {
			return true
		}
	}
	return false
}

// packagePrefixes start the package-level names of emitted code.
var packagePrefixes = []string{"k_", "g_", "proto", "shape", "chunk", "load", "fn_"}

// local returns an unused identifier for a Lua variable. The second variable
// called k is k2: k_2 is the constant "2".
func (s *scope) local(want string) string {
	gap := "_"
	for _, prefix := range packagePrefixes {
		if strings.HasPrefix(want, prefix) {
			want = "l_" + want
		}
		if want+gap == prefix {
			gap = ""
		}
	}
	return s.unused(want, gap)
}

// name returns an unused identifier like want.
func (s *scope) name(want string) string { return s.unused(want, "_") }

// unused returns want, or want with a gap and a number behind it.
func (s *scope) unused(want, gap string) string {
	if strings.Trim(want, "_") == "" {
		want = "blank"
	}
	name := want
	for n := max(s.last[want], 1); s.isTaken(name); {
		n++
		name = want + gap + strconv.Itoa(n)
		s.last[want] = n
	}
	s.taken[name] = true
	return name
}

// numbered returns an unused identifier: prefix and a number.
func (s *scope) numbered(prefix string) string {
	for {
		s.last[prefix]++
		name := prefix + strconv.Itoa(s.last[prefix])
		if !s.isTaken(name) {
			s.taken[name] = true
			return name
		}
	}
}

// identifier turns arbitrary text into the middle of a Go identifier: letters
// and digits stay, runs of others become one underscore, at most 24 bytes.
func identifier(text string) string {
	var b strings.Builder
	gap := false
	for i := 0; i < len(text) && b.Len() < 24; i++ {
		c := text[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteByte(c)
		} else {
			gap = true
		}
	}
	return b.String()
}

// capital capitalises the first letter of an identifier part, for joining:
// chunk + Main.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
