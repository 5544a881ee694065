package rt

import (
	"hash/fnv"
	"os"
	"weak"
)

// A State is one instance of a Lua program: its globals, its libraries, its
// threads. States share nothing but immutable data, so they may run in
// parallel; within one, one thread runs at a time.
type State struct {
	// Main is the main thread.
	Main *Thread
	// Globals is the table of globals (_G).
	Globals *Table
	// Loaded is package.loaded, Preload package.preload.
	Loaded, Preload *Table
	// Modules are the Lua files that are compiled into the program, by the
	// name that require knows them under.
	Modules map[string]Module
	// OwnPath reports whether the program sets package.path to what was unknown
	// when it was compiled: what lies there comes before Modules, and before the
	// modules of the host.
	OwnPath bool
	// Stdout buffers standard output. Flush empties it: at exit, before
	// anything is written to standard error, and when the program goes idle.
	Stdout *Output
	// Registry holds what libraries keep per State, by a key of their own.
	Registry map[any]any

	// Describe shows a table that is an error object which nobody has caught; nil
	// if nothing does.
	Describe func(v Value) string

	// Others are the methods that the host which this one is made after has
	// besides, with its name: a call of one says so.
	Others map[string]string

	// Instrumented reports whether the program is one that Instrument was
	// called for.
	Instrumented bool
	// Records is what the program records then; evaluated functions record all.
	Records Records

	hosts      map[string]Value          // loaders of the modules of the host
	kindMeta   [KindThread + 1]*Table    // metatables by kind; tables and userdata have their own
	methods    stringMethods             // see builtin.go
	recents    *recentStrings            // nil until there are some
	metaCaches []weak.Pointer[MetaCache] // those with a family: see family.go
	positions  map[uintptr]*position     // see position.go
	atExit     []func()
	atReturn   []func()

	loadEnv    Value // see LoadEnv; nil for Globals
	coroutines coroutinePool
	finalizers *finalizers
}

// NewState returns a new State. globals names the globals that live in slots:
// globals[i] in slots[i], which the caller may read and write directly (see
// GlobalMissing). The first State ends the time of Const.
func NewState(globals []*String, slots []Value) *State {
	freezeConstants()
	st := &State{
		Stdout:    NewOutput(os.Stdout),
		Registry:  map[any]any{},
		positions: map[uintptr]*position{},
		Loaded:    NewTable(),
		Preload:   NewTable(),
		Modules:   map[string]Module{},
		hosts:     map[string]Value{},

		finalizers: newFinalizers(),
	}
	st.Main = newThread(st)
	if globals == nil {
		st.Globals = NewTable()
	} else {
		st.Globals = newFixed(globals, slots)
	}
	return st
}

// A Module is a Lua file that is compiled into the program.
type Module struct {
	Path    string // of the file, as require passes it to the chunk
	Loader  Value  // the chunk's main function
	Problem string // what is wrong with the file; "" if there is a Loader
	Sum     uint64 // SourceSum of the file, where OwnPath
}

// RegisterHost makes a module of the host known to require, and to scripts as
// package.preload[name].
func (st *State) RegisterHost(name string, loader Value) {
	st.Preload.SetString(name, loader)
	st.hosts[name] = loader
}

// HostModule returns the loader of a module of the host, or nil.
func (st *State) HostModule(name string) Value { return st.hosts[name] }

// RegisterModule makes a compiled chunk known to require; a module of the host of
// that name goes.
func (st *State) RegisterModule(name, path string, loader Value) {
	st.dropHost(name)
	st.Modules[name] = Module{Path: path, Loader: loader}
}

func (st *State) dropHost(name string) {
	if _, ok := st.hosts[name]; ok {
		delete(st.hosts, name)
		st.Preload.SetString(name, Value{})
	}
}

// SearchPathFirst sets OwnPath. sums are hashes of the sources of the modules, by
// name: a file that is the same as what was compiled need not be loaded.
func (st *State) SearchPathFirst(sums map[string]uint64) {
	st.OwnPath = true
	for name, sum := range sums {
		m := st.Modules[name]
		m.Sum = sum
		st.Modules[name] = m
	}
}

// SourceSum returns the hash of a source text that SearchPathFirst expects.
func SourceSum(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

// RegisterBroken makes known to require that the file of a module cannot be
// compiled.
func (st *State) RegisterBroken(name, path, problem string) {
	st.dropHost(name)
	st.Modules[name] = Module{Path: path, Problem: problem}
}

// StringMeta returns the metatable of strings, or nil.
func (st *State) StringMeta() *Table { return st.kindMeta[KindString] }

// SetStringMeta sets the metatable of strings.
func (st *State) SetStringMeta(m *Table) { st.SetKindMeta(KindString, m) }

// SetKindMeta sets the metatable that all values of kind k share; tables and
// userdata have their own. A nil m removes it.
func (st *State) SetKindMeta(k Kind, m *Table) {
	if m != nil {
		m.becomeMetatable()
	}
	st.kindMeta[k] = m
	if k == KindString {
		st.methods.clear()
	}
}

// AtExit registers f to be run when the program ends; the last one registered
// runs first.
func (st *State) AtExit(f func()) { st.atExit = append(st.atExit, f) }

// AtReturn registers f to be run when the main chunk has returned, but not where it
// has ended the process.
func (st *State) AtReturn(f func()) { st.atReturn = append(st.atReturn, f) }

// Flush writes out what Stdout buffers.
func (st *State) Flush() { st.Stdout.Flush() }

// Close runs the functions registered with AtExit and flushes Stdout.
func (st *State) Close() {
	for len(st.atExit) > 0 {
		f := st.atExit[len(st.atExit)-1]
		st.atExit = st.atExit[:len(st.atExit)-1]
		f()
	}
	st.Flush()
}

// Exit closes st and ends the process with the given status.
func (st *State) Exit(status int) {
	st.Close()
	os.Exit(status)
}
