package emit

import (
	"strconv"
	"strings"
)

// Names. Two kinds of identifiers meet in emitted code: those that emit makes up
// (temporaries, methods, constants) and those of Lua variables. They can never be
// equal, whatever a script calls its variables, because of their form:
//
//	made up      a word of the list fixed
//	             a prefix of the list numbered, and a number     t1, limit2, shape3
//	             a prefix of the list labelled, and any text     k_x, g_print, L_continue
//	             a prefix of the list titled, and no small letter   protoAdd, chunkMain
//	Lua's        anything else; what has one of those forms gets l_ in front,
//	             a form that nothing made up has
//
// So a local x is x, the next one x_2, and one called t1 is l_t1. All identifiers
// are ASCII.

// fixed are the identifiers with a meaning of their own: Go's keywords and
// predeclared names, the packages that modules import, and the parameters that
// every function has.
var fixed = words(`
	break case chan const continue default defer else fallthrough for func go
	goto if import interface map package range return select struct switch type var
	any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string
	uint uint8 uint16 uint32 uint64 uintptr true false iota nil
	append cap clear close complex copy delete imag len make max min new panic print println real recover
	init main
	rt th nargs ck p wsrt json omega`)

// numbered, labelled and titled are the prefixes of names that emit makes up; see
// above.
var (
	numbered = words("a again c data f i it limit m n ok self shape t tab tb varargBuffer varargs")
	labelled = words("call_ fn_ g_ k_ L_")
	titled   = words("chunk load proto")
)

// words returns the set of the words in text.
func words(text string) map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(text) {
		m[s] = true
	}
	return m
}

// isMadeUp reports whether name has the form of a name that emit makes up.
func isMadeUp(name string) bool {
	if fixed[name] || numbered[strings.TrimRight(name, "0123456789")] && !numbered[name] {
		return true
	}
	for prefix := range labelled {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	for prefix := range titled {
		if rest, ok := strings.CutPrefix(name, prefix); ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
			return true
		}
	}
	return false
}

// A scope hands out identifiers that are unique within one nest of Go functions,
// one struct, or the package: the one renamer of emitted code.
type scope struct {
	own   map[string]bool // made up, with a meaning in this scope alone
	taken map[string]bool
	last  map[string]int
}

// newScope returns a scope in which the names own have a meaning already.
func newScope(own ...string) *scope {
	s := &scope{own: map[string]bool{}, taken: map[string]bool{}, last: map[string]int{}}
	for _, name := range own {
		s.own[name] = true
	}
	return s
}

// local returns the identifier of a Lua variable called want: want itself, or
// want_2, want_3, ...
func (s *scope) local(want string) string {
	if strings.Trim(want, "_") == "" {
		want = "blank" + want // Go's _ is no variable
	}
	for n := max(s.last[want], 1); ; n++ {
		name := want
		if n > 1 {
			name += "_" + strconv.Itoa(n)
		}
		if isMadeUp(name) || s.own[name] {
			name = "l_" + name
		}
		if !s.taken[name] {
			s.taken[name] = true
			s.last[want] = n
			return name
		}
	}
}

// name returns a made-up identifier: prefix, which is labelled or titled, and
// what identifier leaves of text.
func (s *scope) name(prefix, text string) string {
	text = identifier(text)
	if titled[prefix] {
		text = capital(text)
	} else if !labelled[prefix] {
		panic("emit: no name starts with " + prefix)
	}
	return s.unused(prefix + text)
}

// unused returns want, or want_2, want_3, ...
func (s *scope) unused(want string) string {
	name := want
	for n := max(s.last[want], 1); s.taken[name]; {
		n++
		name = want + "_" + strconv.Itoa(n)
		s.last[want] = n
	}
	s.taken[name] = true
	return name
}

// numbered returns a made-up identifier: prefix, which is numbered, and a number.
func (s *scope) numbered(prefix string) string {
	if !numbered[prefix] {
		panic("emit: no name is " + prefix + " and a number")
	}
	s.last[prefix+"#"]++
	return prefix + strconv.Itoa(s.last[prefix+"#"])
}

// identifier turns arbitrary text into the end of a Go identifier: letters and
// digits stay, runs of others become one underscore, at most 24 bytes.
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
