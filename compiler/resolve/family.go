package resolve

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Programs with stages or plugins require them by computed names:
//
//	for _, name in ipairs(stages) do require("app.stages." .. name) end
//
// Which ones cannot be known, so every file that such a name can stand for is
// linked in: the program then does not need the files when it runs, and runs
// compiled what it requires of them. Names for which there is no file are left
// to run time.

// family loads the modules whose names begin with start, which has a dot in
// it, and go on without one; not the one of the file self, which requires them. It
// reports whether there are any.
func (l *loader) family(start, self string) bool {
	if l.ReadDir == nil {
		return false
	}
	folder := strings.ReplaceAll(start[:strings.LastIndexByte(start, '.')], ".", "/")
	var names []string
	for template := range strings.SplitSeq(l.path, ";") {
		before, after, ok := strings.Cut(template, "?")
		if !ok || strings.Contains(after, "?") {
			continue
		}
		for _, dir := range l.places(before + folder) {
			names = append(names, l.members(dir, start, after)...)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		path, shown, text, ok := l.searchIn(name, strings.Split(l.path, ";"))
		if ok && path != self && !l.seen[name] {
			l.add(name, path, shown, text, true)
		}
	}
	return len(names) > 0
}

// members returns the names of the modules in a folder, for a template that
// goes on with after behind the name.
func (l *loader) members(dir, start, after string) []string {
	entries, err := l.ReadDir(filepath.FromSlash(dir))
	if err != nil {
		return nil
	}
	parent := start[:strings.LastIndexByte(start, '.')+1]
	var names []string
	for _, name := range entries {
		if !strings.HasPrefix(after, "/") {
			var ok bool
			if name, ok = strings.CutSuffix(name, after); !ok {
				continue
			}
		}
		if name = parent + name; strings.HasPrefix(name, start) && !strings.Contains(name[len(parent):], ".") {
			names = append(names, name)
		}
	}
	return names
}

// readDir lists a folder of the disk.
func readDir(name string) ([]string, error) {
	entries, err := os.ReadDir(name)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names, err
}
