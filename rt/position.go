package rt

import (
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Positions. Emitted code carries //line directives, so Go's own tables say
// which script line a return address belongs to. A return address is looked
// up once per State and then found in a map: an error with a position costs
// about 0.4 us instead of 1.
//
// A return address belongs to a line of a script if the function is in a
// package that has registered the script; or to a Go function that a script
// can call, if that was made by NewGoFunction; or to the evaluator, which keeps
// the positions itself (see activation.go); or to the runtime's own machinery,
// which counts as nothing.

// A chunk is a registered script.
type chunk struct {
	id      string // as in //line directives
	name    string // of the script
	display string // the same as messages show it
	protos  []*Proto
	calls   *CallList // see callsite.go; nil if it is unknown
	source  string    // its text, if functions can be dumped
}

// A position is what is known about a return address.
type position struct {
	chunk    *chunk // of a Lua function
	proto    *Proto // which one, nil if that is not known
	line     int
	name     string // of a Go function that scripts can call
	entry    uintptr
	function *Function // which one, if that is known
	known    bool      // one of the two

	active   *Activation // the record of the call, while it lasts
	isActive bool        // it has or had one

	// via is what the functions of the runtime between the function and its
	// caller stand for, or, where known is false, this one itself; see
	// callsite.go. isTail reports whether there was a tail call.
	via    string
	isTail bool
}

var (
	chunkMutex sync.RWMutex
	chunks     = map[string][]*chunk{} // by package path

	goFunctionMutex sync.RWMutex
	goFunctions     = map[uintptr]string{} // by entry address
	goFunctionSeen  [1 << 10]atomic.Uintptr
)

// RegisterChunk says that the package that calls it contains the script whose
// //line directives name the file id, that the script is called name, and which
// functions it has.
func RegisterChunk(id, name string, protos ...*Proto) {
	pc, _, _, _ := runtime.Caller(1)
	pkg := packageOf(runtime.FuncForPC(pc).Name())
	chunkMutex.Lock()
	defer chunkMutex.Unlock()
	c := &chunk{id: id, name: name, display: ShortName(name), protos: protos}
	for _, p := range protos {
		p.chunk = c
	}
	chunks[pkg] = append(chunks[pkg], c)
}

// maxName is the number of bytes of a script's name that messages show, as in C Lua.
const maxName = 59

// ShortName returns the name of a script as messages show it: the end of a long one.
func ShortName(name string) string {
	if len(name) <= maxName {
		return name
	}
	return "..." + name[len(name)-maxName+len("..."):]
}

// amendChunk calls f for the chunk with the file id that the package of the code
// at pc has registered.
func amendChunk(pc uintptr, id string, f func(c *chunk)) {
	pkg := packageOf(runtime.FuncForPC(pc).Name())
	chunkMutex.Lock()
	defer chunkMutex.Unlock()
	for _, c := range chunks[pkg] {
		if c.id == id {
			f(c)
		}
	}
}

// packageOf returns the package path of a function's full name.
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	if dot := strings.IndexByte(function[slash:], '.'); dot >= 0 {
		return function[:slash+dot]
	}
	return function
}

// NewGoFunction returns a new function written in Go, known to scripts as
// name.
func NewGoFunction(name string, fn Fn) Value {
	registerGo(name, fn)
	return NewFunction(&Proto{Name: name}, fn)
}

// registerGo makes the code of fn known as that of a function that scripts can
// call.
func registerGo(name string, fn Fn) {
	entry := **(**uintptr)(unsafe.Pointer(&fn))
	if seen := &goFunctionSeen[entry>>4%uintptr(len(goFunctionSeen))]; seen.Load() != entry {
		goFunctionMutex.Lock()
		goFunctions[runtime.FuncForPC(entry).Entry()] = name
		goFunctionMutex.Unlock()
		seen.Store(entry)
	}
}

// lookup returns what is known about the return address pc.
func (st *State) lookup(pc uintptr) *position {
	p := st.positions[pc]
	if p == nil {
		at := resolvePosition(pc)
		p = &at
		st.positions[pc] = p
	}
	return p
}

// tailCallFolder is where //line directives put the script for a direct tail call
// of emitted code.
const tailCallFolder = "/tailcall/"

func resolvePosition(pc uintptr) position {
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	pkg := packageOf(frame.Function)
	if pkg == runtimePackage {
		name := frame.Function[len(pkg)+1:]
		if name == "Main" {
			return position{known: true} // what C Lua shows as "[C]: in ?"
		}
		if via := vias[name]; via != "" {
			return position{via: via}
		}
	}
	chunkMutex.RLock()
	c := chunkOf(pkg, frame.File)
	chunkMutex.RUnlock()
	if c != nil {
		p := position{chunk: c, proto: c.proto(frame), line: frame.Line, known: true}
		if strings.HasSuffix("/"+filepath.ToSlash(frame.File), tailCallFolder+c.id) {
			p.via = viaReplaced
		}
		return p
	}
	if frame.Func != nil {
		goFunctionMutex.RLock()
		name, ok := goFunctions[frame.Func.Entry()]
		goFunctionMutex.RUnlock()
		return position{name: name, entry: frame.Func.Entry(), known: ok}
	}
	return position{}
}

// runtimePackage is the path of this package.
var runtimePackage = func() string {
	pc, _, _, _ := runtime.Caller(0)
	return packageOf(runtime.FuncForPC(pc).Name())
}()

// proto returns the function of c that a Go function stands for, of which
// frame is a call, or nil. A function of the script begins on the line where
// the Go function begins; of several the name in Go decides. The main function is
// made by a method called load.
func (c *chunk) proto(frame runtime.Frame) *Proto {
	start, isMain := -1, false
	if frame.Func != nil {
		_, start = frame.Func.FileLine(frame.Func.Entry())
		isMain = strings.HasSuffix(frame.Function, ".func1") && strings.Contains(frame.Function, ".(*program).load") &&
			strings.Count(frame.Function, ".func") == 1
	}
	var best *Proto
	most := 0
	for _, p := range c.protos {
		if p.Line > frame.Line || frame.Line > p.EndLine || isMain != (p.Line == 0) && start >= 0 {
			continue
		}
		points := 1
		if p.Line == start {
			points += 2
		}
		if p.GoName != "" && strings.HasSuffix(frame.Function, "."+p.GoName) {
			points++
		}
		if best == nil || points > most || points == most && p.EndLine-p.Line <= best.EndLine-best.Line {
			best, most = p, points
		}
	}
	return best
}

// Where returns "script.lua:12: ", the position of a function on the stack,
// for messages of the running library function: level 1 is the function that
// called it, level 2 the one that called that, and so on. The result is empty
// for functions that are not Lua functions.
func (th *Thread) Where(level int) string { return string(th.appendWhere(nil, level, 3)) }

// Located returns msg preceded by Where(level).
func (th *Thread) Located(level int, msg string) Value {
	var buf [128]byte
	return NewBytes(append(th.appendWhere(buf[:0], level, 3), msg...))
}

// appendWhere implements Where; skip is how many frames to leave out, that of
// appendWhere itself being number 1. At level 0 it is about the running
// function itself, be it a library function or not.
func (th *Thread) appendWhere(b []byte, level, skip int) []byte {
	if th.State.Instrumented {
		return th.appendWhereActive(b, level)
	}
	var few [4]uintptr
	pcs := few[:]
	first := true
	w := th.walk()
	for {
		n := runtime.Callers(skip, pcs)
		for _, pc := range pcs[:n] {
			p := w.next(pc)
			if !p.known {
				continue
			}
			if first {
				first = false
				if level > 0 {
					level--
					if p.chunk == nil {
						continue // the library function itself
					}
				}
			}
			if level == 0 {
				if p.chunk == nil {
					return b
				}
				b = append(append(b, p.chunk.display...), ':')
				return append(strconv.AppendInt(b, int64(p.line), 10), ": "...)
			}
			level--
		}
		if n < len(pcs) {
			return b
		}
		skip += n
		pcs = make([]uintptr, 12+2*len(pcs)) // walking the stack from its top is what costs
	}
}

// appendWhereActive is appendWhere in instrumented programs, where a call is more
// than one function on the Go stack.
func (th *Thread) appendWhereActive(b []byte, level int) []byte {
	stack := th.top(2, level+1)
	if level > 0 && len(stack) > 0 && stack[0].chunk != nil {
		level--
	}
	if level >= len(stack) || stack[level].chunk == nil {
		return b
	}
	p := &stack[level]
	b = append(append(b, p.chunk.display...), ':')
	return append(strconv.AppendInt(b, int64(p.line), 10), ": "...)
}
