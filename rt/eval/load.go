package eval

import (
	"strings"
	"sync"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

var opened sync.Once

// Open makes load and its like work in st (and in all other States).
func Open(st *rt.State) {
	opened.Do(func() { rt.Load = load })
}

// load is rt.Load.
func load(st *rt.State, text, name string, env rt.Value) (f rt.Value, problem string) {
	dumped, dumpedName, index, isDump := rt.Undump(text)
	if isDump {
		text, name = dumped, dumpedName
	}
	display := chunkID(name)
	if strings.HasPrefix(text, "#") && !strings.HasPrefix(name, "@") && !syntax.IsEncrypted(text) {
		text = " " + text // only files have a first line to skip
	}
	var files diag.Files
	var sink diag.Sink
	file := files.Add(display, text)
	tree := syntax.Parse(file, &sink)
	var info *resolve.Info
	if !sink.HasErrors() {
		info = resolve.Resolve(tree, &sink)
	}
	if sink.HasErrors() {
		return rt.Value{}, resolve.LoadMessage(file, tree, sink.FirstError())
	}
	c := newChunk(info, text, name, st.Instrumented)
	if !isDump {
		return c.main(env), ""
	}
	if f = c.loaded(index, env); f.IsNil() {
		return f, display + ": truncated precompiled chunk"
	}
	return f, ""
}

// A Script is a main script with the modules that it requires statically,
// ready to be evaluated.
type Script struct {
	main         *chunk
	modules      []module
	broken       []*resolve.Broken
	sums         map[string]uint64 // of modules, where package.path comes before them; else nil
	instrumented bool
}

type module struct {
	name, path string
	chunk      *chunk
}

// NewScript prepares a program, which has been resolved without errors. If it
// comes before the first State, the script's constants are as fast as a
// compiled program's.
func NewScript(p *resolve.Program) *Script {
	instrumented := p.Instrumented() != ""
	prepare := func(m *resolve.Module) *chunk {
		return newChunk(m.Info, p.Files.File(m.Info.Chunk.File).Text, "@"+m.Info.Chunk.Name, instrumented)
	}
	s := &Script{main: prepare(p.Main), broken: p.Broken, instrumented: instrumented}
	if p.OwnPath {
		s.sums = map[string]uint64{}
	}
	for _, m := range p.Modules {
		if p.OwnPath {
			s.sums[m.Name] = rt.SourceSum(p.Files.File(m.Info.Chunk.File).Text)
		}
		s.modules = append(s.modules, module{m.Name, m.Info.Chunk.Name, prepare(m)})
	}
	return s
}

// Load registers the modules with st, whose libraries are open, as compiled ones
// are, and returns the
// main function.
func (s *Script) Load(st *rt.State) rt.Value {
	if s.instrumented {
		st.Instrument(rt.RecordVariables)
	}
	env := st.Globals.Value()
	for _, m := range s.modules {
		st.RegisterModule(m.name, m.path, m.chunk.main(env))
	}
	for _, m := range s.broken {
		st.RegisterBroken(m.Name, m.Path, m.Problem)
	}
	if s.sums != nil {
		st.SearchPathFirst(s.sums)
	}
	return s.main.main(env)
}

// idSize is LUA_IDSIZE: how long a chunk's name may be in messages, with a
// final zero byte.
const idSize = 60

// chunkID returns a chunk's name as messages show it: "=name" as it is,
// "@file" without the sign, cut at the front, and anything else, which is source
// text, as [string "first line..."].
func chunkID(name string) string {
	if i := strings.IndexByte(name, 0); i >= 0 {
		name = name[:i]
	}
	switch {
	case strings.HasPrefix(name, "="):
		return name[1:min(len(name), idSize)]
	case strings.HasPrefix(name, "@"):
		if len(name) <= idSize {
			return name[1:]
		}
		return "..." + name[len(name)-(idSize-4):]
	}
	const room = idSize - len(`[string "..."]`) - 1
	line, _, cut := strings.Cut(name, "\n")
	if !cut && len(line) < room {
		return `[string "` + line + `"]`
	}
	return `[string "` + line[:min(len(line), room)] + `..."]`
}
