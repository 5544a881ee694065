package resolve

import (
	"strings"

	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt/pattern"
)

// one is a single result.
func one(v value) []value { return []value{v} }

// library returns what is known of the results of a library function. Patterns
// are matched by the package that matches them when the program runs, so that both
// agree.
func (w *walker) library(name string, args []value) []value {
	var sure value
	sure = sure.guessed(args...)
	results := w.libraryCall(name, args)
	for i := range results {
		results[i] = results[i].guessed(sure)
	}
	return results
}

func (w *walker) libraryCall(name string, args []value) []value {
	switch name {
	case "select":
		return selected(args)
	case "assert":
		return args
	case "type":
		return one(typeOf(at(args, 0)))
	case "tostring":
		if s, ok := at(args, 0).str(); ok {
			return one(text(s))
		}
		return one(value{})
	case "table.concat":
		return one(concat(args))
	case "debug.getinfo":
		return one(w.chunkInfo(args))
	}
	method, ok := strings.CutPrefix(name, "string.")
	if !ok {
		return one(value{})
	}
	s, ok := at(args, 0).str()
	if !ok {
		return one(value{})
	}
	return stringCall(method, s, args[1:])
}

// selected is select (n, ...).
func selected(args []value) []value {
	n := at(args, 0)
	switch {
	case n.kind == stringKind && n.text == "#" && (len(args) == 1 || args[len(args)-1].kind != unknown):
		return one(number(float64(len(args) - 1)))
	case n.kind == numberKind && n.number >= 1:
		if int(n.number) < len(args) {
			return args[int(n.number):]
		}
		return one(at(args, int(n.number)))
	}
	return one(value{})
}

func typeOf(v value) value {
	switch v.kind {
	case nilKind:
		return text("nil")
	case boolKind:
		return text("boolean")
	case numberKind:
		return text("number")
	case stringKind:
		return text("string")
	case tableKind:
		return text("table")
	case functionKind:
		return text("function")
	}
	return value{}
}

// concat is table.concat (list [, sep]).
func concat(args []value) value {
	list, sep := at(args, 0), at(args, 1)
	if list.kind != tableKind || len(args) > 2 || sep.kind == unknown {
		return value{}
	}
	between, _ := sep.str()
	var parts []string
	result := text("")
	for _, v := range list.table.list {
		s, ok := v.str()
		if !ok {
			return value{}
		}
		parts = append(parts, s)
		result = result.guessed(v)
	}
	result.text = strings.Join(parts, between)
	if len(result.text) > maxText {
		return value{}
	}
	return result
}

// chunkInfo is debug.getinfo (1 [, what]) in the main function: the name of the
// file.
func (w *walker) chunkInfo(args []value) value {
	if level := at(args, 0); level.kind != numberKind || level.number != 1 || len(w.inside) > 0 {
		return value{}
	}
	t := &table{}
	t.set("source", text("@"+w.info.Chunk.Name))
	t.set("short_src", text(w.info.Chunk.Name))
	return value{kind: tableKind, table: t}
}

// stringCall returns what is known of a function of the string library, called for
// s.
func stringCall(method, s string, args []value) []value {
	var texts []string
	for _, a := range args {
		t, ok := a.str()
		if !ok && a.kind != boolKind && a.kind != tableKind {
			return one(value{})
		}
		texts = append(texts, t)
	}
	switch method {
	case "lower":
		return one(text(asciiMap(s, 'A', 'Z', 'a'-'A')))
	case "upper":
		return one(text(asciiMap(s, 'a', 'z', 'A'-'a')))
	case "len":
		return one(number(float64(len(s))))
	case "format":
		return one(format(s, texts))
	case "sub":
		return one(sub(s, args))
	case "rep":
		if len(args) == 1 && args[0].kind == numberKind && args[0].number*float64(len(s)) <= maxText {
			return one(text(strings.Repeat(s, max(0, int(args[0].number)))))
		}
	case "match":
		if len(args) == 1 {
			return match(s, texts[0], false)
		}
	case "find":
		if len(args) == 1 || len(args) == 3 && args[1].kind == numberKind && args[1].number == 1 {
			return find(s, texts[0], len(args) == 3 && args[2].kind == boolKind && args[2].number == 1)
		}
	case "gsub":
		if len(args) == 2 && args[1].kind <= stringKind && args[1].kind >= numberKind {
			return gsub(s, texts[0], texts[1])
		}
	}
	return one(value{})
}

// asciiMap adds delta to the letters of s from first to last.
func asciiMap(s string, first, last byte, delta int) string {
	b := []byte(s)
	for i, c := range b {
		if c >= first && c <= last {
			b[i] = byte(int(c) + delta)
		}
	}
	return string(b)
}

// format is string.format for "%s", "%d" of whole numbers, and "%%".
func format(f string, args []string) value {
	var b strings.Builder
	next := 0
	for i := 0; i < len(f); i++ {
		if f[i] != '%' {
			b.WriteByte(f[i])
			continue
		}
		i++
		switch {
		case i < len(f) && f[i] == '%':
			b.WriteByte('%')
		case i < len(f) && (f[i] == 's' || f[i] == 'd') && next < len(args):
			b.WriteString(args[next])
			next++
		default:
			return value{}
		}
	}
	if b.Len() > maxText {
		return value{}
	}
	return text(b.String())
}

// sub is string.sub.
func sub(s string, args []value) value {
	bounds := [2]int{1, -1}
	for i, a := range args {
		if a.kind != numberKind || i > 1 {
			return value{}
		}
		bounds[i] = int(max(-maxText, min(a.number, maxText)))
	}
	for i := range bounds {
		if bounds[i] < 0 {
			bounds[i] += len(s) + 1
		}
	}
	from, to := max(bounds[0], 1), min(bounds[1], len(s))
	if from > to {
		return text("")
	}
	return text(s[from-1 : to])
}

// match returns the captures of the first match of a pattern, or all of the match;
// with find also where it is.
func match(s, source string, find bool) []value {
	var m pattern.Match
	if !m.Find(pattern.Compile(source), s, 0) {
		if m.Err != "" {
			return one(value{})
		}
		return one(nothing)
	}
	var results []value
	if find {
		results = []value{number(float64(m.Start + 1)), number(float64(m.End))}
	} else if m.Captures() == 0 {
		return one(text(s[m.Start:m.End]))
	}
	for i := range m.Captures() {
		results = append(results, captured(&m, s, i))
	}
	return results
}

// captured returns capture i of a match.
func captured(m *pattern.Match, s string, i int) value {
	start, end, isPosition := m.Capture(i)
	switch {
	case m.Err != "":
		return value{}
	case isPosition:
		return number(float64(start + 1))
	}
	return text(s[start:end])
}

// find is string.find from the beginning of s.
func find(s, source string, plain bool) []value {
	if !plain && pattern.Compile(source).HasSpecials() {
		return match(s, source, true)
	}
	i := strings.Index(s, source)
	if i < 0 {
		return one(nothing)
	}
	return []value{number(float64(i + 1)), number(float64(i + len(source)))}
}

// gsub is string.gsub with a string for a replacement.
func gsub(s, source, replacement string) []value {
	p := pattern.Compile(source)
	var m pattern.Match
	var b strings.Builder
	count, done := 0, 0
	for m.Find(p, s, done) {
		count++
		b.WriteString(s[done:m.Start])
		if !expand(&b, &m, s, replacement) || b.Len() > maxText {
			return one(value{})
		}
		done = m.End
		if m.Start == m.End {
			if done == len(s) {
				break
			}
			b.WriteByte(s[done])
			done++
		}
		if p.Anchored() {
			break
		}
	}
	if m.Err != "" {
		return one(value{})
	}
	b.WriteString(s[done:])
	return []value{text(b.String()), number(float64(count))}
}

// expand writes the replacement of a match, and reports whether it could.
func expand(b *strings.Builder, m *pattern.Match, s, replacement string) bool {
	for i := 0; i < len(replacement); i++ {
		c := replacement[i]
		if c != '%' {
			b.WriteByte(c)
			continue
		}
		if i++; i == len(replacement) {
			return false
		}
		switch c = replacement[i]; {
		case c == '0', c == '1' && m.Captures() == 0:
			b.WriteString(s[m.Start:m.End])
		case c >= '1' && c <= '9' && int(c-'1') < m.Captures():
			t, ok := captured(m, s, int(c-'1')).str()
			if !ok {
				return false
			}
			b.WriteString(t)
		case c >= '1' && c <= '9':
			return false
		default:
			b.WriteByte(c)
		}
	}
	return true
}

// rounds returns the values that the variables of a generic for have in each round,
// where they are known: of ipairs and pairs over a table that a constructor made,
// and of gmatch.
func (w *walker) rounds(values []syntax.Expr) (rounds [][]value, known bool) {
	if len(values) != 1 {
		return nil, false
	}
	switch x := values[0].(type) {
	case *syntax.CallExpr:
		fn := w.eval(x.Fn)
		if fn.kind != builtinKind || len(x.Args) == 0 {
			return nil, false
		}
		arg := w.eval(x.Args[0])
		switch {
		case arg.kind == tableKind && (fn.text == "ipairs" || fn.text == "pairs"):
			for i, v := range arg.table.list {
				rounds = append(rounds, []value{number(float64(i + 1)), v})
			}
			for _, key := range arg.table.keys {
				if fn.text == "pairs" {
					rounds = append(rounds, []value{text(key), arg.table.fields[key]})
				}
			}
			return rounds, true
		case fn.text == "string.gmatch" && len(x.Args) == 2:
			return matches(arg, w.eval(x.Args[1]))
		}
	case *syntax.MethodCallExpr:
		if x.Method.Text == "gmatch" && len(x.Args) == 1 {
			return matches(w.eval(x.Recv), w.eval(x.Args[0]))
		}
	}
	return nil, false
}

// matches returns the rounds of string.gmatch.
func matches(subject, source value) (rounds [][]value, known bool) {
	if subject.kind != stringKind || source.kind != stringKind {
		return nil, false
	}
	s := subject.text
	p := pattern.CompileIterated(source.text)
	var m pattern.Match
	for at := 0; at <= len(s) && m.Find(p, s, at); {
		round := []value{text(s[m.Start:m.End])}
		for i := range m.Captures() {
			if i == 0 {
				round = nil
			}
			round = append(round, captured(&m, s, i))
		}
		rounds = append(rounds, round)
		if at = m.End; m.Start == m.End {
			at++
		}
	}
	return rounds, m.Err == ""
}
