package surface

import "strings"

// A comment is a run of documentation lines.
type comment struct {
	first, last int // line numbers, from 1
	text        string
	example     string
	tags        []tag
}

// A tag is one line of the form ---@name args.
type tag struct {
	name string
	line int // from 1
	col  int // byte offset of args in the line, from 0
	args string
}

// get returns the first tag called name, or nil.
func (c *comment) get(name string) *tag {
	if c == nil {
		return nil
	}
	for i := range c.tags {
		if c.tags[i].name == name {
			return &c.tags[i]
		}
	}
	return nil
}

// comments finds the documentation lines of src: those that start with three
// hyphens, after blanks. It reads lines, not tokens: a long string with such
// a line in it has no place in a surface file.
func comments(src []byte) []*comment {
	var (
		all []*comment
		cur *comment
	)
	for i, line := range strings.Split(string(src), "\n") {
		line = strings.TrimSuffix(line, "\r")
		trimmed := strings.TrimLeft(line, " \t")
		text, ok := strings.CutPrefix(trimmed, "---")
		if !ok || strings.HasPrefix(text, "-") {
			cur = nil
			continue
		}
		if cur == nil {
			cur = &comment{first: i + 1}
			all = append(all, cur)
		}
		cur.last = i + 1
		body := strings.TrimLeft(text, " \t")
		rest, ok := strings.CutPrefix(body, "@")
		if !ok {
			cur.text += strings.TrimRight(strings.TrimPrefix(text, " "), " \t") + "\n"
			continue
		}
		name, args, _ := strings.Cut(rest, " ")
		cur.tags = append(cur.tags, tag{name, i + 1, len(line) - len(args), args})
	}
	for _, c := range all {
		c.text, c.example = cutExample(strings.TrimSpace(c.text))
	}
	return all
}

// cutExample takes the example out of a text: what stands between a line
// "```lua" and a line "```".
func cutExample(text string) (rest, example string) {
	before, after, ok := strings.Cut(text+"\n", "```lua\n")
	if !ok {
		return text, ""
	}
	example, after, _ = strings.Cut(after, "```\n")
	return strings.TrimSpace(before + after), example
}
