// Package stdlib declares what the standard libraries of Lua hold: one table of
// names and of what the compiler has to know of them.
//
// It is data. Whatever else in the compiler needs to know a library function's
// name asks here, and a test holds the table against the libraries of the
// runtime, name by name. The package must not know what the functions do, nor
// who asks.
package stdlib

import (
	"slices"
	"strings"
)

// An Effect is something that a name lets a program do.
type Effect uint

const (
	// LoadsCode marks functions that make functions of text which the compiler
	// has not seen.
	LoadsCode Effect = 1 << iota
	// OpensGlobals marks what gives a program the globals table as a table, or
	// lets it run code that the compiler has not seen.
	OpensGlobals
	// ReachesAll marks tables and functions through which a program can get at
	// all library functions without naming them.
	ReachesAll
	// IsMethod marks functions that scripts call as methods of their first
	// argument, too.
	IsMethod
	// RecordsCalls marks functions for which a program must keep records of its
	// calls: those that see its variables and lines.
	RecordsCalls
	// TouchesUpvalues marks functions that read or change upvalues.
	TouchesUpvalues
	// NeedsSource marks functions that turn functions into text.
	NeedsSource
	// IsText marks fields that hold strings, no functions or tables.
	IsText
)

// A Member is a name in a library, or in the global environment.
type Member struct {
	Name    string
	Effects Effect
	// Needs is the library that has to be linked for a global, or "".
	Needs string
}

// Has reports whether m has the effect.
func (m Member) Has(e Effect) bool { return m.Effects&e != 0 }

// A Library is one of the standard libraries.
type Library struct {
	Name    string // of its global, and for require; "_G" for the basic functions
	Members []Member
	// Always is set for libraries that are part of every program: the basic
	// functions, strings (every string has their methods), and package (require).
	Always bool
}

// Libraries are the standard libraries, in the order in which a program opens
// them. A library called string is a global called string as well.
var Libraries = []Library{
	{Name: "_G", Always: true, Members: []Member{
		{Name: "_G", Effects: OpensGlobals | ReachesAll}, {Name: "_VERSION"}, {Name: "arg"}, {Name: "assert"},
		{Name: "bit32", Needs: "bit32"}, {Name: "collectgarbage"}, {Name: "coroutine", Needs: "coroutine"},
		{Name: "debug", Effects: OpensGlobals, Needs: "debug"}, {Name: "dofile", Effects: LoadsCode | OpensGlobals},
		{Name: "error"}, {Name: "getfenv", Effects: OpensGlobals | ReachesAll}, {Name: "getmetatable"},
		{Name: "io", Needs: "io"}, {Name: "ipairs"}, {Name: "load", Effects: LoadsCode | OpensGlobals},
		{Name: "loadfile", Effects: LoadsCode | OpensGlobals}, {Name: "loadstring", Effects: LoadsCode | OpensGlobals},
		{Name: "math", Needs: "math"}, {Name: "module", Effects: OpensGlobals}, {Name: "next"},
		{Name: "os", Needs: "os"}, {Name: "package", Effects: ReachesAll}, {Name: "pairs"}, {Name: "pcall"},
		{Name: "print"}, {Name: "rawequal"}, {Name: "rawget"}, {Name: "rawlen"}, {Name: "rawset"},
		{Name: "require", Effects: ReachesAll}, {Name: "select"}, {Name: "setfenv", Effects: OpensGlobals},
		{Name: "setmetatable"}, {Name: "string"}, {Name: "table", Needs: "table"}, {Name: "tonumber"},
		{Name: "tostring"}, {Name: "type"}, {Name: "unpack", Needs: "table"}, {Name: "xpcall"},
	}},
	{Name: "package", Always: true, Members: append(
		slices.Concat(with(IsText, "config cpath path"), members("loaded preload searchpath")),
		Member{Name: "loaders", Effects: LoadsCode}, Member{Name: "loadlib", Effects: LoadsCode},
		Member{Name: "searchers", Effects: LoadsCode}, Member{Name: "seeall", Effects: ReachesAll},
	)},
	{Name: "string", Always: true, Members: append(
		methods("byte find format gmatch gsub len lower match rep reverse sub upper"),
		Member{Name: "char"}, Member{Name: "dump", Effects: NeedsSource})},
	{Name: "table", Members: append(
		methods("concat insert maxn remove sort unpack"),
		members("getn pack")...)},
	{Name: "math", Members: members(`abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge ldexp
		log log10 max min modf pi pow rad random randomseed sin sinh sqrt tan tanh`)},
	{Name: "bit32", Members: members("arshift band bnot bor btest bxor extract lrotate lshift replace rrotate rshift")},
	{Name: "coroutine", Members: members("create isyieldable resume running status wrap yield")},
	{Name: "os", Members: members("clock date difftime execute exit getenv remove rename setlocale time tmpname")},
	{Name: "io", Members: members("close flush input lines open output popen read stderr stdin stdout tmpfile type write")},
	{Name: "debug", Members: slices.Concat(
		members("debug gethook getinfo getmetatable getregistry getuservalue setmetatable setuservalue traceback"),
		with(RecordsCalls, "getlocal sethook setlocal"),
		with(TouchesUpvalues, "getupvalue setupvalue upvalueid upvaluejoin"),
	)},
}

// FileMethods are the methods of files.
var FileMethods = members("close flush lines read seek setvbuf write")

// Tables of other names that Lua gives a meaning to.
var (
	// InfoFields are the fields of the tables that debug.getinfo returns.
	InfoFields = members(`activelines currentline func isvararg istailcall lastlinedefined linedefined name namewhat
		nparams nups short_src source what`)
	// DateFields are the fields of the tables of os.date and os.time.
	DateFields = members("day hour isdst min month sec wday yday year")
)

// members returns members without effects.
func members(names string) []Member { return with(0, names) }

// methods returns members that are called as methods, too.
func methods(names string) []Member { return with(IsMethod, names) }

func with(e Effect, names string) []Member {
	var list []Member
	for name := range strings.FieldsSeq(names) {
		list = append(list, Member{Name: name, Effects: e})
	}
	return list
}

// Find returns the library called name, or nil.
func Find(name string) *Library {
	i := slices.IndexFunc(Libraries, func(l Library) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	return &Libraries[i]
}

// Member returns the member called name, or nil.
func (l *Library) Member(name string) *Member {
	i := slices.IndexFunc(l.Members, func(m Member) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &l.Members[i]
}

// globals are the members of the global environment, by name.
var globals = func() map[string]Member {
	m := map[string]Member{}
	for _, g := range Find("_G").Members {
		m[g.Name] = g
	}
	return m
}()

// Global returns the global called name, and whether it exists without the
// program's doing.
func Global(name string) (Member, bool) {
	m, ok := globals[name]
	return m, ok
}

// Names returns the names by which require knows the standard libraries.
func Names() []string {
	var names []string
	for _, l := range Libraries {
		names = append(names, l.Name)
	}
	return names
}
