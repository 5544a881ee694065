package wsrt

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every promise in docs/testing.md has tests, and they exist.
func TestPromises(t *testing.T) {
	text, err := os.ReadFile("../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What a script may rely on\n")
	section, _, _ = strings.Cut(section, "\n## ")
	folders := map[string]string{"wsrt": ".", "sched": "../rt/sched", "jsonvalue": "../rt/jsonvalue", "resolve": "../compiler/resolve", "infer": "../compiler/infer", "rt": "../rt", "luago": "../cmd/luago"}
	functions := map[string]bool{}
	for pkg, folder := range folders {
		for _, name := range testFunctions(t, folder) {
			functions[pkg+"."+name] = true
		}
	}
	test := regexp.MustCompile("`([a-z]+(?:\\.Test[A-Za-z0-9]+|/[a-z-]+))`")
	promises := 0
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || strings.TrimSpace(cells[2]) == "" || strings.Contains(cells[1], "---") {
			continue
		}
		promises++
		names := test.FindAllStringSubmatch(cells[2], -1)
		if len(names) == 0 {
			t.Errorf("no test: %s", cells[1])
		}
		for _, match := range names {
			if name := match[1]; !functions[name] && !isScript(name) {
				t.Errorf("%s: there is no test %s", strings.TrimSpace(cells[1]), name)
			}
		}
	}
	if promises < 50 {
		t.Errorf("%d promises", promises)
	}
}

// testFunctions returns the names of the tests of a package.
func testFunctions(t *testing.T, folder string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no tests, %v", folder, err)
	}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range function.FindAllStringSubmatch(string(text), -1) {
			names = append(names, match[1])
		}
	}
	return names
}

// isScript reports whether name is a case of the corpus or a script of the
// command's tests.
func isScript(name string) bool {
	topic, file, _ := strings.Cut(name, "/")
	path := filepath.Join("../corpus", topic, file+".txtar")
	if topic == "script" {
		path = filepath.Join("../cmd/luago/testdata/script", file+".txtar")
	}
	_, err := os.Stat(path)
	return err == nil
}
