// Package pkglib is Lua's package library, and require. Modules that are
// compiled into the program are known to the State; files found only at run
// time need the evaluator (rt.Load).
package pkglib

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// defaultPath is package.path unless the environment says otherwise.
const defaultPath = "/usr/local/share/lua/5.2/?.lua;/usr/local/share/lua/5.2/?/init.lua;" +
	"/usr/local/lib/lua/5.2/?.lua;/usr/local/lib/lua/5.2/?/init.lua;" +
	"/usr/share/lua/5.2/?.lua;/usr/share/lua/5.2/?/init.lua;./?.lua"

// config is package.config.
const config = string(filepath.Separator) + "\n;\n?\n!\n-\n"

// Open installs the library into st.
func Open(st *rt.State) {
	l := &library{initial: InitialPath()}
	t := lib.Register(st, "package", []lib.Entry{
		{Name: "loadlib", Fn: loadlib},
		{Name: "searchpath", Fn: searchpath},
		{Name: "seeall", Fn: seeall},
	})
	l.table = t
	lib.Add(st.Globals, []lib.Entry{
		{Name: "module", Fn: module},
		{Name: "require", Fn: func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.require(th, n, a0, a1, a2)
		}},
	})
	searchers := rt.NewArray(
		rt.NewGoFunction("preload_searcher", searchPreload),
		rt.NewGoFunction("module_searcher", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.searchModules(th, n, a0, a1, a2)
		}),
		rt.NewGoFunction("path_searcher", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
			return l.searchFiles(th, n, a0, a1, a2)
		}))
	t.SetString("config", rt.NewString(config))
	t.SetString("cpath", rt.NewString(""))
	t.SetString("loaded", st.Loaded.Value())
	t.SetString("loaders", searchers.Value())
	t.SetString("path", rt.NewString(l.initial))
	t.SetString("preload", st.Preload.Value())
	t.SetString("searchers", searchers.Value())
}

// library is what require of one State keeps.
type library struct {
	table   *rt.Table // package
	initial string    // package.path as it was
}

// InitialPath returns package.path before a script changes it, as the
// environment has it: ;; stands for the default.
func InitialPath() string {
	p, ok := os.LookupEnv("LUA_PATH_5_2")
	if !ok {
		p, ok = os.LookupEnv("LUA_PATH")
	}
	if !ok {
		return defaultPath
	}
	p = strings.ReplaceAll(p, ";;", ";\x01;")
	return strings.Trim(strings.ReplaceAll(p, "\x01", defaultPath), ";")
}

// require is require (modname).
func (l *library) require(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name := lib.Text(th, "require", 1, n, a0)
	key := rt.NewString(name)
	loaded := th.State.Loaded
	if v := loaded.Get(key); v.Truthy() {
		return v, 1
	}
	searchers := l.table.GetString("searchers")
	if !searchers.IsTable() {
		th.Errorf("'package.searchers' must be a table")
	}
	var tried strings.Builder
	for i := 1; ; i++ {
		searcher := searchers.Table().GetInt(i)
		if searcher.IsNil() {
			th.Errorf("module '%s' not found:%s", name, tried.String())
		}
		loader, count := rt.Call(th, searcher, 1, key, rt.Value{}, rt.Value{})
		switch {
		case loader.IsFunction():
			extra := rt.Value{}
			if count > 1 {
				extra = th.Ret[1]
			}
			return finish(th, key, loader, extra)
		case loader.IsString():
			tried.WriteString(loader.Str().String())
		}
	}
}

// finish runs the loader of a module and returns the module's value.
func finish(th *rt.Thread, key, loader, extra rt.Value) (rt.Value, int) {
	loaded := th.State.Loaded
	v, _ := rt.Call(th, loader, 2, key, extra, rt.Value{})
	if !v.IsNil() {
		loaded.Set(key, v)
	} else if v = loaded.Get(key); v.IsNil() {
		v = rt.True()
		loaded.Set(key, v)
	}
	return v, 1
}

// searchPreload is the searcher of package.preload.
func searchPreload(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name := lib.Text(th, "preload_searcher", 1, n, a0)
	loader := th.State.Preload.GetString(name)
	if th.State.OwnPath && !loader.IsNil() && rt.RawEqual(loader, th.State.HostModule(name)) {
		return rt.Value{}, 1 // which comes after files of the program's own
	}
	if !loader.IsNil() {
		return loader, 1
	}
	return rt.NewString("\n\tno field package.preload['" + name + "']"), 1
}

// searchModules is the searcher of the modules that are compiled into the
// program.
func (l *library) searchModules(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name := lib.Text(th, "module_searcher", 1, n, a0)
	m, ok := th.State.Modules[name]
	if th.State.OwnPath {
		if file, text := l.inFront(name, m); file != "" {
			return l.load(th, name, file, text)
		}
		if loader := th.State.HostModule(name); !loader.IsNil() {
			return loader, 1
		}
	}
	if ok {
		if m.Problem != "" {
			notLoaded(th, name, m.Path, m.Problem)
		}
		th.Ret[1] = rt.NewString(m.Path)
		return m.Loader, 2
	}
	return rt.Value{}, 1
}

// searchFiles is the searcher of files along package.path.
func (l *library) searchFiles(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name := lib.Text(th, "path_searcher", 1, n, a0)
	template, ok := rt.ToString(l.table.GetString("path"))
	if !ok {
		th.Errorf("'package.path' must be a string")
	}
	file, tried := search(name, template, ".", string(filepath.Separator))
	if file == "" {
		return rt.NewString(tried), 1
	}
	text, err := os.ReadFile(file)
	if err != nil {
		why, _ := lib.Describe(err)
		notLoaded(th, name, file, "cannot read "+file+": "+why)
	}
	return l.load(th, name, file, string(text))
}

// inFront returns the file of a module that a template finds which the script has
// put in front of what package.path was, and its text: "" if there is none, or one
// that is the same as the module m, which was compiled.
func (l *library) inFront(name string, m rt.Module) (file, text string) {
	path, _ := rt.ToString(l.table.GetString("path"))
	before := strings.Split(l.initial, ";")
	var front []string
	for _, template := range strings.Split(path, ";") {
		if slices.Contains(before, template) {
			break
		}
		front = append(front, template)
	}
	file, _ = search(name, strings.Join(front, ";"), ".", string(filepath.Separator))
	if file == "" || rt.Load == nil {
		return "", ""
	}
	data, err := os.ReadFile(file)
	if err != nil || m.Sum != 0 && rt.SourceSum(string(data)) == m.Sum {
		return "", ""
	}
	return file, string(data)
}

// load returns the main function of a file that was found at run time.
func (l *library) load(th *rt.Thread, name, file, text string) (rt.Value, int) {
	if rt.Load == nil {
		notLoaded(th, name, file, "require: this program was compiled without the evaluator")
	}
	f, problem := rt.Load(th.State, text, "@"+file, th.State.LoadEnv())
	if problem != "" {
		notLoaded(th, name, file, problem)
	}
	th.Ret[1] = rt.NewString(file)
	return f, 2
}

// notLoaded raises the error about a module whose file is no use.
func notLoaded(th *rt.Thread, name, file, problem string) {
	th.Errorf("error loading module '%s' from file '%s':\n\t%s", name, file, problem)
}

// search returns the first file that a template of path names for the module
// and that can be read, or else a message that lists all.
func search(name, path, sep, replacement string) (file, tried string) {
	if sep != "" {
		name = strings.ReplaceAll(name, sep, replacement)
	}
	var b strings.Builder
	for _, template := range strings.Split(path, ";") {
		if template == "" {
			continue
		}
		file := strings.ReplaceAll(template, "?", name)
		if f, err := os.Open(file); err == nil {
			f.Close()
			return file, ""
		}
		b.WriteString("\n\tno file '" + file + "'")
	}
	return "", b.String()
}

// searchpath is package.searchpath (name, path [, sep [, rep]]).
func searchpath(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name, path := lib.Text(th, "searchpath", 1, n, a0), lib.Text(th, "searchpath", 2, n, a1)
	sep := rt.OptString(th, "searchpath", 3, n, a2, ".")
	replacement := rt.OptString(th, "searchpath", 4, n, th.Arg(3, n, a0, a1, a2), string(filepath.Separator))
	file, tried := search(name, path, sep, replacement)
	if file == "" {
		th.Ret[1] = rt.NewString(tried)
		return rt.Value{}, 2
	}
	return rt.NewString(file), 1
}

// loadlib is package.loadlib (libname, funcname): there are no C libraries.
func loadlib(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	lib.Text(th, "loadlib", 1, n, a0)
	lib.Text(th, "loadlib", 2, n, a1)
	th.Ret[1] = rt.NewString("dynamic libraries not enabled; check your Lua installation")
	th.Ret[2] = rt.NewString("absent")
	return rt.Value{}, 3
}

// module is module (name [, ...]) of Lua 5.1: it makes, or finds, the table of a
// module. A function that calls it passes its environment as one more argument and
// takes the result for its new one (compiler/resolve/fenv.go).
func module(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	name := lib.Text(th, "module", 1, n, a0)
	if n < 2 || !th.Arg(n-1, n, a0, a1, a2).IsTable() {
		th.Errorf("module('%s') is not supported here: call it as a statement, or write 'local M = {}' at the top of the file, define functions in M, and end with 'return M'", name)
	}
	options := make([]rt.Value, 0, n)
	for i := 1; i < n-1; i++ {
		options = append(options, th.Arg(i, n, a0, a1, a2))
	}
	loaded := th.State.Loaded
	m := loaded.GetString(name)
	if !m.IsTable() {
		if m = findTable(th.State.Globals, name); m.IsNil() {
			th.Errorf("name conflict for module '%s'", name)
		}
		loaded.SetString(name, m)
	}
	if rt.Index(th, m, rt.NewString("_NAME"), "").IsNil() {
		t := m.Table()
		t.SetString("_M", m)
		t.SetString("_NAME", rt.NewString(name))
		t.SetString("_PACKAGE", rt.NewString(name[:strings.LastIndexByte(name, '.')+1]))
	}
	for _, option := range options {
		if option.IsFunction() { // not the path that require passes with "..."
			rt.Call(th, option, 1, m, rt.Value{}, rt.Value{})
		}
	}
	return m, 1
}

// findTable returns the table that the fields of t in a name lead to, and makes what
// is missing: nil if something else is there.
func findTable(t *rt.Table, name string) rt.Value {
	for field := range strings.SplitSeq(name, ".") {
		next := t.GetString(field)
		switch {
		case next.IsNil():
			next = rt.NewTable().Value()
			t.SetString(field, next)
		case !next.IsTable():
			return rt.Value{}
		}
		t = next.Table()
	}
	return t.Value()
}

// seeall is package.seeall (module) of Lua 5.1.
func seeall(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t := rt.CheckTable(th, "seeall", 1, n, a0)
	m := t.Metatable()
	if m == nil {
		m = rt.NewTable()
		t.SetMetatable(m)
	}
	m.SetStr(rt.MetaIndex, th.State.Globals.Value())
	return rt.Value{}, 0
}
