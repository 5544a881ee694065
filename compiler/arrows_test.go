package compiler_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// arrows are the imports among the packages of this module, tests apart:
//
//	cmd/luago --> compiler --> build, bind, emit --> infer --> resolve, surface --> syntax --> diag
//	              (a stage may import any stage to its right, never leftward)
//
//	generated Go --> rt, rt/lib/*, wsrt        wsrt --> rt        rt/lib/* --> rt
//	rt/eval (load, loadstring, dofile) --> rt, compiler/resolve, compiler/syntax
//	cmd/luago also links all of the runtime, for "luago run --eval",
//	and cmd/luago/verify, which the corpus uses, too
//	rt imports no package of ours but leaves below it
//	compiler/resolve imports one of these leaves, rt/pattern: the names of modules
//	that are made by gsub are found out with the code that would make them
//
// The table is the architecture. When a build breaks against it, the code is
// wrong: do not loosen the table to fix a build. A package that is not in the
// table may not exist; a name ending in /* stands for all folders there.
var arrows = map[string]string{
	"":                       "",
	"cmd/luago":              ". compiler compiler/bind compiler/build compiler/output compiler/surface cmd/luago/verify rt rt/eval rt/lib/* wsrt",
	"cmd/luago/verify":       "",
	"cmd/testlog":            "",
	"compiler":               "compiler/build compiler/output compiler/emit compiler/infer compiler/resolve compiler/surface compiler/syntax compiler/diag",
	"compiler/build":         "",
	"compiler/bind":          "compiler/surface",
	"compiler/output":        "",
	"compiler/emit":          "compiler/infer compiler/resolve compiler/stdlib compiler/surface compiler/syntax compiler/diag",
	"compiler/stdlib":        "",
	"compiler/infer":         "compiler/resolve compiler/stdlib compiler/surface compiler/syntax compiler/diag",
	"compiler/resolve":       "compiler/stdlib compiler/syntax compiler/diag rt/pattern", // it matches patterns as the program would
	"compiler/surface":       "compiler/syntax compiler/diag",
	"compiler/syntax":        "compiler/diag",
	"compiler/diag":          "",
	"compiler/diag/diagtest": "compiler/diag",
	"corpus":                 "compiler compiler/build compiler/diag cmd/luago/verify",
	"corpus/rename":          "compiler/resolve compiler/stdlib compiler/syntax compiler/diag",
	"corpus/generate":        "corpus/rename compiler/resolve compiler/syntax compiler/diag",
	"rt":                     "rt/number rt/pattern rt/real",
	"rt/number":              "",
	"rt/pattern":             "",
	"rt/real":                "",
	"rt/jsonvalue":           "rt rt/number",
	"rt/sched":               "rt",
	"rt/eval":                "rt compiler/resolve compiler/syntax compiler/diag",
	"rt/lib":                 "rt",
	"rt/lib/*":               "rt rt/lib rt/number rt/pattern rt/real rt/jsonvalue",
	"wsrt":                   "rt rt/sched rt/jsonvalue",
}

// modules are the modules of others that a package may import, tests apart.
var modules = map[string]string{
	"cmd/luago/verify": "github.com/Shopify/go-lua",
	"corpus":           "github.com/Shopify/go-lua golang.org/x/tools/txtar",
	"wsrt":             "github.com/gorilla/websocket",
}

const modulePath = "github.com/luago-lang/luago"

// A goPackage is what go list says about a package.
type goPackage struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", modulePath+"/...")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var list []goPackage
	for dec := json.NewDecoder(out); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(list) < 10 {
		t.Fatalf("go list found %d packages only", len(list))
	}
	return list
}

func TestArrows(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, message := range forbidden(p) {
			t.Error(message)
		}
	}
}

// forbidden returns what the table has against a package.
func forbidden(p goPackage) []string {
	name := relative(p.ImportPath)
	allowed, ok := arrows[name]
	if !ok {
		allowed, ok = arrows[path.Dir(name)+"/*"]
	}
	if !ok {
		return []string{"package " + name + " has no place in the architecture; see the table arrows"}
	}
	var messages []string
	for _, imp := range p.Imports {
		if strings.HasPrefix(imp+"/", modulePath+"/") {
			target := relative(imp)
			if target == "" {
				target = "."
			}
			if !isAllowed(allowed, target) {
				messages = append(messages, name+" imports "+target+": not an arrow of the architecture")
			}
			continue
		}
		first, _, _ := strings.Cut(imp, "/")
		if strings.Contains(first, ".") && !slices.Contains(strings.Fields(modules[name]), imp) {
			messages = append(messages, name+" imports "+imp+": not a module it may use")
		}
	}
	return messages
}

// isAllowed reports whether the list of packages has target.
func isAllowed(list, target string) bool {
	packages := strings.Fields(list)
	return slices.Contains(packages, target) || slices.Contains(packages, path.Dir(target)+"/*")
}

func relative(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, modulePath), "/")
}

func TestForbidden(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"rt", "compiler/syntax", "rt imports compiler/syntax"},
		{"compiler/syntax", "compiler/resolve", "compiler/syntax imports compiler/resolve"},
		{"compiler/emit", "rt", "compiler/emit imports rt"},
		{"wsrt", "rt/lib/json", "wsrt imports rt/lib/json"},
		{"rt/lib/base", "corpus", "rt/lib/base imports corpus"},
		{"rt/lib/base", "rt", ""},
		{"cmd/luago", "rt/lib/base", ""},
		{"cmd/luago", "rt/sched", "cmd/luago imports rt/sched"},
		{"compiler", "compiler/emit", ""},
		{"util", "rt", "package util has no place"},
	} {
		got := strings.Join(forbidden(goPackage{modulePath + "/" + tt.from, []string{modulePath + "/" + tt.to, "strings"}}), "\n")
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s importing %s: %q, want %q", tt.from, tt.to, got, tt.want)
		}
	}
	got := forbidden(goPackage{modulePath + "/rt", []string{"github.com/gorilla/websocket"}})
	if len(got) != 1 {
		t.Errorf("rt importing a foreign module: %q", got)
	}
}
