// Package rename gives the names of Lua programs other spellings: those that
// the compiler and Go use for themselves. What a program does must not depend on
// them.
//
// Input: the files of a program. Output: the same files with other names, line by
// line as before. The package must not know how programs are compiled or run.
//
// A name is replaced by its spelling, wherever it stands: as local variable,
// parameter, upvalue, global, field, method or label. Two names stay two names, so
// that what hides what remains. These keep theirs: what the libraries of Lua call
// something, metamethods, self and _ENV. Strings are left alone, but for
// those that index something, t["x"]: a program that finds its fields by other
// strings does something else than before, as it does under any interpreter.
package rename

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/compiler/syntax"
)

// A File is one file of a program; only those that are Lua are changed.
type File struct{ Name, Text string }

// spellings are the new names: temporaries and other names of emitted code,
// names of the runtime, and words of Go. When they are used up they come again
// with a number behind them.
var spellings = strings.Fields(`
	t1 n1 ck th rt init main func type nil_ string len t2 n2 k_x g_x tb1 tab1 c1 ok1 it1 i1 f1 limit1 shape1
	call_f fn_f L_x protoF protoMain chunkMain loadMain program Program globals newState nargs p own frame
	a1 a2 a3 self1 m1 again1 varargs1 varargBuffer1 l_t1 l_l_t1 _1 __ x_2 k g r w m t n k_ k_2 g_2
	var const package import interface struct map chan range select switch case default defer go fallthrough
	int float64 bool uint byte error any append cap copy make new panic recover print println real complex
	min max clear delete iota true_ uintptr rune os io math json omega wsrt base strlib Value Number Call`)

// Program returns the program with other names; offset says with which spelling
// to begin.
func Program(files []File, offset int) []File {
	mentions := make([][]mention, len(files))
	r := &renamer{names: map[string]string{}, used: map[string]bool{"self": true, "_ENV": true}, next: offset % len(spellings)}
	for i, f := range files {
		mentions[i] = read(f)
		for _, m := range mentions[i] {
			if m.isKept() {
				r.used[m.name] = true // no other name may become it
			}
		}
	}
	renamed := slices.Clone(files)
	for i, list := range mentions {
		renamed[i].Text = r.rewrite(files[i].Text, list)
	}
	return renamed
}

// A mention is a place where a name stands.
type mention struct {
	name     string
	from, to int  // bytes of the file
	variable bool // a local variable or a label: never known outside the program
	quoted   bool // it is a string
}

// isKept reports whether the name has to stay as it is.
func (m *mention) isKept() bool {
	if m.name == "self" || m.name == "_ENV" {
		return true
	}
	return !m.variable && (library[m.name] || strings.HasPrefix(m.name, "__"))
}

// library holds the names that the libraries of Lua give to something.
var library = func() map[string]bool {
	names := map[string]bool{"n": true} // of table.pack
	for _, list := range [][]stdlib.Member{stdlib.FileMethods, stdlib.InfoFields, stdlib.DateFields} {
		for _, m := range list {
			names[m.Name] = true
		}
	}
	for _, l := range stdlib.Libraries {
		for _, m := range l.Members {
			names[m.Name] = true
		}
	}
	return names
}()

// A reader collects the mentions of one file.
type reader struct {
	text  string
	lines []int // where they start
	info  *resolve.Info
	list  []mention
}

// read returns the mentions in f, in order: none if it is no Lua.
func read(f File) []mention {
	if !strings.HasSuffix(f.Name, ".lua") {
		return nil
	}
	var files diag.Files
	var sink diag.Sink
	chunk := syntax.Parse(files.Add(f.Name, f.Text), &sink)
	if sink.HasErrors() {
		return nil
	}
	r := &reader{text: f.Text, lines: []int{0}, info: resolve.Resolve(chunk, &sink)}
	for i := range len(f.Text) {
		if f.Text[i] == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	syntax.Walk(chunk, r.visit)
	slices.SortStableFunc(r.list, func(a, b mention) int { return a.from - b.from })
	return slices.CompactFunc(r.list, func(a, b mention) bool { return a.from == b.from })
}

func (r *reader) visit(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.NameExpr:
		r.add(n, n.Name, r.info.Uses[n] != nil)
	case *syntax.MethodCallExpr:
		r.add(n.Method, n.Method.Text, false)
	case *syntax.IndexExpr:
		r.key(n.Key)
	case *syntax.Field:
		r.key(n.Key)
	case *syntax.Name: // of a declaration or a label, or of a method that is known already
		r.add(n, n.Text, true)
	}
	return true
}

var isName = regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9]*$`)

// key adds the key of an index expression or a field, if it is a string that
// could be a name.
func (r *reader) key(x syntax.Expr) {
	if s, ok := x.(*syntax.StringExpr); ok && isName.MatchString(s.Value) {
		r.add(s, s.Value, false)
	}
}

// add adds what stands at n, if anything does: the self of a method does not.
func (r *reader) add(n syntax.Node, name string, variable bool) {
	m := mention{name: name, variable: variable, from: r.offset(n.Pos()), to: r.offset(n.End())}
	switch written := r.text[m.from:m.to]; {
	case written == name:
	case written == strconv.Quote(name) || written == "'"+name+"'":
		m.quoted = true
	default:
		return
	}
	r.list = append(r.list, m)
}

func (r *reader) offset(p diag.Pos) int { return r.lines[p.Line-1] + int(p.Col) - 1 }

// A renamer chooses the new names.
type renamer struct {
	names map[string]string
	used  map[string]bool
	next  int
}

// rewrite returns text with the names in list replaced.
func (r *renamer) rewrite(text string, list []mention) string {
	var b strings.Builder
	at := 0
	for _, m := range list {
		if m.isKept() {
			continue
		}
		b.WriteString(text[at:m.from])
		if m.quoted {
			b.WriteString(strconv.Quote(r.name(m.name)))
		} else {
			b.WriteString(r.name(m.name))
		}
		at = m.to
	}
	return b.String() + text[at:]
}

// name returns the new spelling of a name.
func (r *renamer) name(name string) string {
	for r.names[name] == "" {
		spelling := spellings[r.next%len(spellings)]
		if r.next >= len(spellings) {
			spelling = fmt.Sprint(spelling, r.next/len(spellings))
		}
		r.next++
		if !r.used[spelling] {
			r.used[spelling] = true
			r.names[name] = spelling
		}
	}
	return r.names[name]
}
