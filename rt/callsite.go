package rt

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

// How functions are called. Lua names a function in tracebacks and messages by
// the expression that it was called with, which is known to the caller: a list
// of the calls in each chunk (see resolve.Info.Calls), consulted with the
// caller's line. Where a line has several calls, the one that sounds like the
// function's own name is taken.
//
// What the runtime calls on behalf of a script, such as metamethods, shows by
// the functions of this package that lie between the two on the Go stack.

// A callSite is one call in a chunk.
type callSite struct {
	what string // global, local, upvalue, method or field, "" for a call without name
	name string
}

// A CallList is the calls of a chunk, by function and line.
type CallList struct {
	text  func() string // as resolve.Info.Calls writes it
	once  sync.Once
	sites map[callLine][]callSite
}

// A callLine is a line of the function that begins on line start.
type callLine struct{ start, line int }

// RegisterCalls says which calls the registered chunk with the file id has.
func RegisterCalls(id, calls string) {
	pc, _, _, _ := runtime.Caller(1)
	list := NewCallList(func() string { return calls })
	amendChunk(pc, id, func(c *chunk) { c.calls = list })
}

// NewCallList returns the list that text writes when it is first needed.
func NewCallList(text func() string) *CallList { return &CallList{text: text} }

// SetCalls says which calls are in the chunk of an evaluated function; the
// functions of a chunk share the list.
func (p *Proto) SetCalls(calls *CallList) { p.chunk.calls = calls }

// read parses the list.
func (l *CallList) read() {
	l.sites = map[callLine][]callSite{}
	for s := range strings.Lines(l.text()) {
		words := append(strings.SplitN(strings.TrimSuffix(s, "\n"), " ", 4), "", "")
		start, _ := strconv.Atoi(words[0])
		line, _ := strconv.Atoi(words[1])
		at := callLine{start, line}
		l.sites[at] = append(l.sites[at], callSite{words[2], words[3]})
	}
}

// on returns the calls on a line. The nil list has none.
func (l *CallList) on(line callLine) []callSite {
	if l == nil {
		return nil
	}
	l.once.Do(l.read)
	return l.sites[line]
}

// find returns the call that the function caller executes, if that calls a
// function whose own name is own, and whether all calls there by that name are
// method calls.
func (st *State) find(caller *position, own string) (site callSite, isMethod bool) {
	start := 0
	if caller.proto != nil {
		start = caller.proto.Line
	}
	own = own[strings.LastIndexAny(own, ".:")+1:]
	exact, others := 0, 0
	var other callSite
	for _, s := range caller.chunk.calls.on(callLine{start, caller.line}) {
		switch {
		case s.name == own && own != "":
			isMethod = (exact == 0 || isMethod) && s.what == "method"
			site = s
			exact++
		case s.what == "global" && st.isLibraryFunction(s.name):
			// It calls that.
		default:
			other = s
			others++
		}
	}
	switch {
	case exact > 0:
		return site, isMethod
	case others == 1:
		return other, other.what == "method"
	case own == "":
		return callSite{}, false
	}
	return callSite{"global", own}, false
}

// isLibraryFunction reports whether the global called name is the library
// function of that name.
func (st *State) isLibraryFunction(name string) bool {
	f := st.Globals.GetString(name)
	return f.IsFunction() && f.Function().IsGo() && f.Function().Proto.Name == name
}

// What can lie between a function and its caller, apart from the metamethods.
const (
	viaTail     = "tail call"
	viaReplaced = "ordinary tail call" // see tailWalker
	viaRuntime  = "runtime"            // no name is known
	viaIterator = "for iterator"
)

// vias says what the functions of this package stand for where they lie between
// a function and its caller. The outermost decides.
var vias = map[string]string{
	"(*Thread).FinishTail": viaTail,
	"(*Thread).TailCall":   viaReplaced,
	"Call":                 viaRuntime,
	"startCall":            viaRuntime,
	"(*Iterator).Next":     viaIterator,
	"Field":                "__index", "Index": "__index", "IndexInt": "__index",
	"Method": "__index", "GlobalMissing": "__index",
	"SetField": "__newindex", "SetIndex": "__newindex", "SetIndexInt": "__newindex", "SetGlobalMissing": "__newindex",
	"Add": "__add", "Sub": "__sub", "Mul": "__mul", "Div": "__div", "Mod": "__mod", "Pow": "__pow",
	"Neg": "__unm", "Len": "__len", "Concat": "__concat", "Concat2": "__concat",
	"Equal": "__eq", "Less": "__lt", "LessEqual": "__le",
}

// calledBy says by what name, and as what, the function caller calls p; both
// are empty if there is no name.
func (st *State) calledBy(p, caller *position) (name, what string) {
	switch {
	case p.isTail || caller.chunk == nil || p.via == viaRuntime:
		return "", ""
	case p.via == viaIterator:
		return p.via, p.via
	case p.via != "":
		return p.via, "metamethod"
	}
	site, _ := st.find(caller, p.ownName())
	return site.name, site.what
}

// ownName returns the name that the function was written with, "" if it has
// none.
func (p *position) ownName() string {
	if p.proto != nil {
		return p.proto.Name
	}
	return p.name
}

// calledBothWays are the library functions that scripts call as methods, too:
// those of string and table. An error about an argument of a method counts from
// the one after self. Methods of files and host objects always do.
var calledBothWays = map[string]bool{
	"byte": true, "find": true, "format": true, "gmatch": true, "gsub": true, "len": true, "lower": true,
	"match": true, "rep": true, "reverse": true, "sub": true, "upper": true,
	"concat": true, "insert": true, "maxn": true, "remove": true, "sort": true, "unpack": true,
}

// calledAs says how the running library function, whose own name is name, has
// been called: by which name, and whether as a method. A function that another
// library function calls, or that is the body of a coroutine, has no name there,
// and is named by where it is in a library, as in C Lua: "table.sort".
func (th *Thread) calledAs(name string) (as string, isMethod bool) {
	stack := th.top(2, 2)
	if len(stack) == 0 || stack[0].chunk != nil || len(stack) == 1 && th == th.State.Main {
		return name, false
	}
	if len(stack) == 1 {
		return th.State.qualified(name, &stack[0]), false
	}
	p, caller := &stack[0], &stack[1]
	if as, _ = th.State.calledBy(p, caller); as == "" {
		return th.State.qualified(name, p), false
	}
	if p.via == "" {
		_, isMethod = th.State.find(caller, name)
	}
	return as, isMethod && calledBothWays[name]
}

// qualified returns the name of the library function p with its library.
func (st *State) qualified(name string, p *position) string {
	if q := st.global(name, p); q != "" {
		return q
	}
	return name
}

// global returns the name of the library function p, with its library; "" if no
// library has it by that name.
func (st *State) global(name string, p *position) string {
	pos, lib, t := st.Loaded.step(0)
	for ; lib.P != nil; pos, lib, t = st.Loaded.step(pos) {
		if !t.IsTable() || !lib.IsString() {
			continue
		}
		f := t.Table().GetString(name)
		if f.IsFunction() && f.Function().IsGo() && p.isOf(f.Function()) {
			return strings.TrimPrefix(lib.Str().s+"."+name, "_G.")
		}
	}
	return ""
}

// isOf reports whether p is a call of the library function f.
func (p *position) isOf(f *Function) bool {
	if p.function != nil {
		return p.function == f
	}
	return **(**uintptr)(unsafe.Pointer(&f.Fn)) == p.entry
}
