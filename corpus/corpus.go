// Package corpus loads and runs the programs that say what luago must do: one
// txtar file each, under corpus/<topic>/<name>.txtar.
//
// Input is a folder of cases and a compiled binary or a reference interpreter;
// output is, for each case, what it printed and how it ended. The package must
// not know what a program is about: whatever a case needs, its file says.
//
// # The format
//
// The comment of a case says what it tests and why that is worth a test. Its
// last paragraph may hold trailers, one a line:
//
//	reference: lua5.1 (REASON) the reference interpreter is that one, because lua5.2 lacks what is tested
//	reference: none (REASON)   no reference interpreter can run it: stdout and exit are written by hand
//	differs: REASON            luago differs from the reference on purpose; the same line stands in docs/compatibility.md
//	go-lua: no (REASON)        Shopify/go-lua cannot run it
//	lines: first 2 in any order   the order of that many lines of stdout is free
//	port: 1042                 the port on which the program listens or to which it connects; the runner puts a free one in its place
//	port: 1042 (fixed)         as above, but the port stays as it is
//	limits: 8 s, 1000 MB       how much CPU time and memory luago may take for it
//	stop: after stdout         the program never ends by itself: it gets SIGTERM once it has printed what is expected
//
// The files are:
//
//	main.lua      the program; where it is absent it stands in name.lua beside name.txtar
//	*             anything else is put beside it: modules, data
//	stdout        what it prints
//	stderr        what it prints there, without tracebacks (optional: absent means unchecked)
//	exit          its exit status (optional: absent means 0)
//	stdin, args   what it reads; its arguments, one a line
//	env           settings of its environment, NAME=VALUE, one a line
//
// A case under corpus/errors is one that must not compile: its main.lua marks
// each offending token with a comment -- ERROR "text" behind it.
package corpus

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

// A Case is one program of the corpus with what is expected of it.
type Case struct {
	Name    string // topic/name, as in "strings/gsub-anchor"
	Path    string // the file that it was read from
	Comment string // what it tests and why, without the trailers

	Speaks    string // the reference interpreter, "lua5.2" or "lua5.1"
	Reference string // why no reference interpreter can run it; "" where it can
	Differs   string // why luago differs from the reference; "" where it does not
	GoLua     string // why go-lua cannot run it; "" where it can
	AnyOrder  int    // the order of so many first lines of stdout is free
	Port      int    // the port that the program names, 0 for none
	PortFixed bool   // that port must stay
	Stop      bool   // stop it once it has printed Stdout

	MaxCPU    time.Duration // 0 for no limit
	MaxMemory int64         // bytes, 0 for no limit

	Sources   []txtar.File // main.lua and the files that belong beside it
	Stdout    string
	Stderr    string
	HasStderr bool
	Exit      int
	Stdin     string
	Args      []string
	Env       []string
}

// Topic returns the folder of the case.
func (c *Case) Topic() string { return path.Dir(c.Name) }

// Source returns the text of main.lua.
func (c *Case) Source() string {
	for _, f := range c.Sources {
		if f.Name == "main.lua" {
			return string(f.Data)
		}
	}
	return ""
}

// Write puts the program's files into dir.
func (c *Case) Write(dir string) error {
	for _, f := range c.Sources {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// WithPort returns a copy of the case whose program names port where it named
// its own.
func (c *Case) WithPort(port int) *Case {
	d := *c
	d.Sources = slices.Clone(c.Sources)
	old, now := strconv.Itoa(c.Port), strconv.Itoa(port)
	for i, f := range d.Sources {
		d.Sources[i].Data = []byte(strings.ReplaceAll(string(f.Data), old, now))
	}
	d.Port = port
	return &d
}

// Load reads every case under root, ordered by name. No case at all is an
// error: a test over an empty glob would pass for nothing.
func Load(root string) ([]*Case, error) {
	files, err := filepath.Glob(filepath.Join(root, "*", "*.txtar"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no case matches %s", filepath.Join(root, "*", "*.txtar"))
	}
	slices.Sort(files)
	var cases []*Case
	for _, file := range files {
		c, err := ReadCase(file)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// ReadCase reads one case; its name is made of the last folder and the file's
// name.
func ReadCase(file string) (*Case, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(file, ".txtar")
	if program, err := os.ReadFile(base + ".lua"); err == nil {
		data = slices.Concat(data, []byte("-- main.lua --\n"), program)
	}
	name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(base)
	c, err := ParseCase(name, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	c.Path = file
	return c, nil
}

// ParseCase reads a case from the text of its file.
func ParseCase(name string, data []byte) (*Case, error) {
	c := &Case{Name: name, Speaks: reference}
	ar := txtar.Parse(data)
	if err := c.parseComment(string(ar.Comment)); err != nil {
		return nil, err
	}
	hasStdout := false
	for _, f := range ar.Files {
		text := string(f.Data)
		switch f.Name {
		case "stdout":
			c.Stdout, hasStdout = text, true
		case "stderr":
			c.Stderr, c.HasStderr = text, true
		case "exit":
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				return nil, fmt.Errorf("exit: %w", err)
			}
			c.Exit = n
		case "stdin":
			c.Stdin = text
		case "args":
			c.Args = lines(text)
		case "env":
			c.Env = lines(text)
		default:
			c.Sources = append(c.Sources, f)
		}
	}
	switch {
	case c.Comment == "":
		return nil, fmt.Errorf("no comment: say what the case tests and why")
	case c.Source() == "":
		return nil, fmt.Errorf("no main.lua")
	case !hasStdout && c.Reference != "" && c.Topic() != "errors":
		return nil, fmt.Errorf("no stdout, and no reference that could write it")
	}
	return c, nil
}

var trailer = regexp.MustCompile(`^(reference|differs|go-lua|limits|lines|port|stop): (.*)$`)

// parseComment parts the comment from the trailers of its last paragraph.
func (c *Case) parseComment(text string) error {
	var kept []string
	for line := range strings.Lines(text) {
		m := trailer.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			kept = append(kept, line)
			continue
		}
		if err := c.setTrailer(m[1], m[2]); err != nil {
			return err
		}
	}
	c.Comment = strings.TrimSpace(strings.Join(kept, ""))
	return nil
}

var (
	because = regexp.MustCompile(`^(?:no|none) \((.+)\)$`)
	older   = regexp.MustCompile(`^(lua5\.1) \(.+\)$`)
	portIs  = regexp.MustCompile(`^(\d+)( \(fixed\))?$`)
	limitIs = regexp.MustCompile(`^(\d+) s, (\d+) MB$`)
	orderIs = regexp.MustCompile(`^first (\d+) in any order$`)
)

// setTrailer takes one trailer in.
func (c *Case) setTrailer(key, value string) error {
	switch key {
	case "differs":
		c.Differs = value
		return nil
	case "limits":
		if m := limitIs.FindStringSubmatch(value); m != nil {
			seconds, _ := strconv.Atoi(m[1])
			c.MaxCPU = time.Duration(seconds) * time.Second
			c.MaxMemory, _ = strconv.ParseInt(m[2]+"000000", 10, 64)
			return nil
		}
	case "lines":
		if m := orderIs.FindStringSubmatch(value); m != nil {
			c.AnyOrder, _ = strconv.Atoi(m[1])
			return nil
		}
	case "stop":
		c.Stop = true
		if value == "after stdout" {
			return nil
		}
	case "port":
		if m := portIs.FindStringSubmatch(value); m != nil {
			c.Port, _ = strconv.Atoi(m[1])
			c.PortFixed = m[2] != ""
			return nil
		}
	case "reference", "go-lua":
		if m := because.FindStringSubmatch(value); m != nil {
			if key == "reference" {
				c.Reference = m[1]
			} else {
				c.GoLua = m[1]
			}
			return nil
		}
		if m := older.FindStringSubmatch(value); m != nil && key == "reference" {
			c.Speaks = m[1]
			return nil
		}
	}
	return fmt.Errorf("trailer %q: cannot read %q", key, value)
}

// lines splits text into its lines.
func lines(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
