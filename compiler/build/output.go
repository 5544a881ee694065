package build

import (
	"bytes"
	"regexp"
	"strings"
)

// A goOutput takes what "go build -v" prints: the path of each package that it
// begins to compile, in a line of its own, and everything else.
type goOutput struct {
	progress func(Stage)
	partial  []byte // a line so far
	told     bool
	stage    Stage        // the last one told
	rest     bytes.Buffer // what is no progress
}

var packageLine = regexp.MustCompile(`^[\w.~/@+-]+\n$`)

// Write takes text in, line by line.
func (o *goOutput) Write(text []byte) (int, error) {
	o.partial = append(o.partial, text...)
	for {
		i := bytes.IndexByte(o.partial, '\n') + 1
		if i == 0 {
			return len(text), nil
		}
		line := string(o.partial[:i])
		o.partial = o.partial[i:]
		if !packageLine.MatchString(line) {
			o.rest.WriteString(line)
			continue
		}
		o.tell(stageOf(strings.TrimSuffix(line, "\n")))
	}
}

// tell passes on a change of the stage. The standard library and the runtime
// are compiled side by side: the one that begins gives both its name.
func (o *goOutput) tell(s Stage) {
	if o.progress == nil || o.told && (s != MainPackage || o.stage == MainPackage) {
		return
	}
	o.told, o.stage = true, s
	o.progress(s)
}

// text returns what was printed, but for the progress.
func (o *goOutput) text() string { return o.rest.String() + string(o.partial) }

// stageOf returns the stage in which a package is compiled. The first element
// of a path without a dot is that of the standard library.
func stageOf(path string) Stage {
	first, _, _ := strings.Cut(path, "/")
	switch {
	case strings.Contains(path, "/program/"):
		return MainPackage
	case strings.Contains(first, "."):
		return RuntimeModule
	}
	return StandardLibrary
}
