package verify

import (
	"regexp"
	"slices"
	"strings"
)

// What another implementation lacks is no difference: a program that needs it
// is not compared with that implementation. The rule is narrow, so that it
// hides nothing else:
//
//   - go-lua says itself what it lacks when a program calls it, cannot read the
//     script, or dies (golua.go).
//   - Any: the program ends because it required one of luago's own modules, or
//     called one of the functions of 5.1 that only luago keeps.

// LacksStatus is the exit status with which "luago golua" says that go-lua
// lacks what the script needs; lacksSign and the reason are all that it then
// writes.
const (
	LacksStatus = 117
	lacksSign   = "luago: go-lua "
)

var (
	absentModule = regexp.MustCompile(`module '([^']*)' not found:`)
	absentGlobal = regexp.MustCompile(`attempt to call a nil value \((?:global|field|method) '(\w+)'\)`)
	// kept are the functions of Lua 5.1 that luago keeps, and its own.
	kept = []string{"unpack", "loadstring", "getfenv", "setfenv", "getn", "isyieldable"}
)

// Lacks returns what an implementation lacks that a program needed, judging by
// the end of the run, or "". The modules are those that only luago has.
func Lacks(r Result, modules []string) string {
	message := CleanStderr(Reword(r.Stderr))
	if r.Exit == LacksStatus {
		if reason, ok := strings.CutPrefix(message, lacksSign); ok {
			return strings.TrimSpace(reason)
		}
	}
	if r.Exit != 0 {
		if m := absentModule.FindStringSubmatch(message); m != nil && slices.Contains(modules, m[1]) {
			return "it has no module '" + m[1] + "'"
		}
		if m := absentGlobal.FindStringSubmatch(message); m != nil && slices.Contains(kept, m[1]) {
			return "it has no function '" + m[1] + "'"
		}
	}
	return ""
}
