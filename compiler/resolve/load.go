package resolve

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/stdlib"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Options says where Load finds modules.
type Options struct {
	// Hosts are the names of the modules that the host offers. A file of the
	// program's own comes before them.
	Hosts []string
	// Path are templates like "lib/?.lua", where '?' stands for the module's
	// name, to be searched after those that Lua has by default.
	Path []string
	// HostMembers returns the names of what such a module has.
	HostMembers func(module string) []string
	// Link are names of modules that are linked whether or not they are required.
	Link []string
	// Strict makes errors of the warnings that the program will look for the file
	// of a module when it runs.
	Strict bool
	// CodePath is what omega.storage_path.get_code_path does with constant
	// arguments where a script sets package.path. If it is nil, such
	// templates are left to run time.
	CodePath func(parts ...string) string
	// ReadFile reads a file, os.ReadFile if it is nil.
	ReadFile func(name string) ([]byte, error)
	// ReadDir returns the names of what is in a folder. If it and ReadFile
	// are nil, folders of the disk are read.
	ReadDir func(name string) ([]string, error)
}

// defaultPath is package.path before a script changes it. A relative template
// is tried in the folder of the script, then in the current one.
const defaultPath = "./?.lua;./?/init.lua"

// standard are the modules that Lua itself has loaded.
var standard = stdlib.Names()

// Load reads a script and all modules that it requires, directly or not, by
// constant names, parses and resolves them. Mistakes in the script go to the
// sink; the error is about reading the script itself.
//
// A module with mistakes is no error but a warning, since the program may never
// require it: it is listed as broken, and require raises the error.
//
// Whether a module is found cannot always be known at compile time (a script
// may set package.path to anything), so one that is not found is no error:
// the program searches it when it runs.
func Load(files *diag.Files, script string, opts Options, sink *diag.Sink) (*Program, error) {
	if opts.ReadFile == nil {
		opts.ReadFile = os.ReadFile
		opts.ReadDir = readDir
	}
	l := &loader{
		Options: opts,
		program: &Program{Files: files},
		sink:    sink,
		dir:     filepath.ToSlash(filepath.Dir(script)),
		path:    strings.Join(append([]string{defaultPath}, opts.Path...), ";"),
		seen:    make(map[string]bool),
		globals: make(map[string]value),
	}
	for _, name := range standard {
		l.seen[name] = true
	}
	text, err := opts.ReadFile(script)
	if err != nil {
		return nil, err
	}
	l.program.Main, _ = l.parse("", script, script, text, sink)
	l.requires(l.program.Main)
	l.linkByHand()
	l.missing()
	return l.program, nil
}

type loader struct {
	Options
	program *Program
	sink    *diag.Sink
	dir     string           // of the script, with slashes
	path    string           // package.path as far as known
	seen    map[string]bool  // names of modules that need not be searched again
	globals map[string]value // what is known of global variables
}

// parse parses and resolves one file and reports its mistakes to sink. The module
// has no Info if the file has mistakes.
func (l *loader) parse(name, path, shown string, text []byte, sink *diag.Sink) (*Module, *syntax.Chunk) {
	m := &Module{Name: name, Path: path}
	before := sink.ErrorCount()
	chunk := syntax.Parse(l.program.Files.Add(shown, string(text)), sink)
	if sink.ErrorCount() == before {
		info := Resolve(chunk, sink)
		if sink.ErrorCount() == before {
			m.Info = info
		}
	}
	return m, chunk
}

// module searches the file of a module, and adds what is in it to the program. It
// reports whether there is one. Where quiet, the program may not mean that module
// at all, and nothing is said of mistakes in it.
func (l *loader) module(name string, quiet bool) bool {
	path, shown, text, ok := l.searchIn(name, strings.Split(l.path, ";"))
	if ok {
		l.add(name, path, shown, text, quiet)
	}
	return ok
}

// add adds the file of a module to the program.
func (l *loader) add(name, path, shown string, text []byte, quiet bool) {
	l.seen[name] = true
	var own diag.Sink
	m, chunk := l.parse(name, path, shown, text, &own)
	first := own.FirstError()
	if first != nil {
		file := l.program.Files.File(chunk.File)
		l.program.Broken = append(l.program.Broken, &Broken{name, shown, LoadMessage(file, chunk, first)})
	}
	for _, d := range own.Sorted() {
		if d.Severity == diag.Error {
			d.Severity = diag.Warning
			if d == first {
				d.Hint("the program is compiled without module '%s'; require raises the error", name)
			}
		}
		if !quiet {
			l.sink.Report(d)
		}
	}
	if first == nil {
		l.program.Modules = append(l.program.Modules, m)
		l.requires(m)
	}
}

// requires loads the modules that m requires and does not find loaded.
func (l *loader) requires(m *Module) {
	if m.Info == nil {
		return
	}
	if m.Info.Follow || len(m.Info.Computed) > 0 {
		l.walk(m)
		return
	}
	for _, req := range m.Info.Requires {
		l.link(req)
	}
}

// link adds the module that req requires to the program, unless it is there.
func (l *loader) link(req *Require) {
	switch {
	case l.seen[req.Name]:
	case slices.Contains(l.Hosts, req.Name):
		l.host(req)
	case !l.module(req.Name, false) && !slices.Contains(l.program.Unresolved, req):
		l.program.Unresolved = append(l.program.Unresolved, req)
	}
}

// searchIn looks for the file of a module: its path, its name for messages, as
// Lua would name it, and its text.
func (l *loader) searchIn(name string, templates []string) (path, shown string, text []byte, ok bool) {
	if name == "" || strings.ContainsRune(name, 0) {
		return "", "", nil, false
	}
	name = strings.ReplaceAll(name, ".", "/")
	for _, template := range templates {
		if template == "" {
			continue
		}
		for _, shown := range l.places(strings.ReplaceAll(template, "?", name)) {
			path := filepath.FromSlash(shown)
			if text, err := l.ReadFile(path); err == nil {
				return path, shown, text, true
			}
		}
	}
	return "", "", nil, false
}

// places returns where a path of package.path may lie: beside the script
// first, if it is relative.
func (l *loader) places(path string) []string {
	if l.dir == "." || filepath.IsAbs(path) {
		return []string{path}
	}
	return []string{l.dir + "/" + strings.TrimPrefix(path, "./"), path}
}
