package rt

import (
	"path/filepath"
	"strconv"
	"strings"
)

// ScriptPosition returns the position of the innermost Lua function of a stack,
// such as "script.lua:12", or "". The stack is of any goroutine, in
// runtime.Stack's words, without their first line: of each call two lines,
//
//	package.function(arguments)
//		file:line +offset
func ScriptPosition(stack string) string {
	lines := strings.Split(stack, "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		file, line := splitPlace(lines[i+1])
		chunkMutex.RLock()
		c := chunkOf(packageOf(lines[i]), file)
		chunkMutex.RUnlock()
		if c != nil {
			return c.display + ":" + strconv.Itoa(line)
		}
	}
	return ""
}

// splitPlace returns the file and the line of "\tfile:line +offset".
func splitPlace(place string) (file string, line int) {
	place, _, _ = strings.Cut(strings.TrimPrefix(place, "\t"), " +0x")
	colon := strings.LastIndexByte(place, ':')
	if colon < 0 {
		return "", 0
	}
	line, _ = strconv.Atoi(place[colon+1:])
	return place[:colon], line
}

// chunkOf returns the script of a package that code comes from, as its file
// says, or nil. chunkMutex is held.
func chunkOf(pkg, file string) *chunk {
	for _, c := range chunks[pkg] {
		head, ok := strings.CutSuffix(filepath.ToSlash(file), c.id)
		if ok && (head == "" || head[len(head)-1] == '/') {
			return c
		}
	}
	return nil
}
