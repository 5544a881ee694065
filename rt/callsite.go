package rt

import (
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// Method calls. An error about an argument counts from the one after self
// where the library function was called as a method. What says so is a list of
// the method calls in each chunk (see syntax.MethodCalls), consulted with the
// line of the caller.
//
// That is for the libraries whose functions scripts call both ways, string and
// table. Methods of files and host objects always count from self.

// calledBothWays are the functions of those libraries.
var calledBothWays = map[string]bool{
	"byte": true, "find": true, "format": true, "gmatch": true, "gsub": true, "len": true, "lower": true,
	"match": true, "rep": true, "reverse": true, "sub": true, "upper": true,
	"concat": true, "insert": true, "maxn": true, "remove": true, "sort": true, "unpack": true,
}

// RegisterMethods says which method calls the registered chunk with the file id
// has.
func RegisterMethods(id, calls string) {
	pc, _, _, _ := runtime.Caller(1)
	pkg := packageOf(runtime.FuncForPC(pc).Name())
	chunkMutex.Lock()
	defer chunkMutex.Unlock()
	for _, c := range chunks[pkg] {
		if c.id == id {
			c.methods = func() string { return calls }
		}
	}
}

// SetMethods says how to find out which method calls are in the chunk of an
// evaluated function.
func (p *EvalProto) SetMethods(calls func() string) { p.chunk.methods = calls }

// calledAs says how the running library function has been called: as a method,
// and by which name. A function that another library function calls has no name
// there, and is named by where it is in a library, as in C Lua: "table.sort".
func (th *Thread) calledAs(name string) (as string, isMethod bool) {
	stack := th.stack(3)
	if len(stack) < 2 || stack[0].chunk != nil {
		return name, false
	}
	p := stack[1]
	if p.chunk == nil {
		return th.State.qualified(name, stack[0].entry), false
	}
	return name, calledBothWays[name] && p.chunk.methods != nil &&
		strings.Contains(p.chunk.methods(), "\n"+strconv.Itoa(p.line)+" "+name+"\n")
}

// qualified returns the name of the library function with the code at entry, with
// its library.
func (st *State) qualified(name string, entry uintptr) string {
	pos, lib, t := st.Loaded.step(0)
	for ; lib.P != nil; pos, lib, t = st.Loaded.step(pos) {
		if !t.IsTable() || !lib.IsString() {
			continue
		}
		f := t.Table().GetString(name)
		if f.IsFunction() && f.Function().IsGo() && **(**uintptr)(unsafe.Pointer(&f.Function().Fn)) == entry {
			return strings.TrimPrefix(lib.Str().s+"."+name, "_G.")
		}
	}
	return name
}
