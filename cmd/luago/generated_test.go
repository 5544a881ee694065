package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/luago-lang/luago/cmd/luago/verify"
	"github.com/luago-lang/luago/corpus"
	"github.com/luago-lang/luago/corpus/generate"
)

var (
	generateFor  = flag.Duration("generate", 0, "compare generated programs for so long, from a new seed; 0: a few")
	generateSeed = flag.Uint64("seed", 0, "the first seed of generated programs")
)

// A generatedWay is a way to run a generated program.
type generatedWay int

const (
	evaluatedWay generatedWay = iota
	referenceWay
	dynamicWay
	typedWay
)

var wayNames = [...]string{"evaluated", "lua5.2", "dynamic", "typed"}

// wayModes are the modes of the ways that compile.
var wayModes = map[generatedWay]corpus.Mode{dynamicWay: corpus.Dynamic, typedWay: corpus.Typed}

// TestGenerated runs random programs (package generate) compiled with and
// without inference, evaluated, and under lua5.2 where that is installed: all
// must do the same. The failure shows the seed and a small program.
//
//	go test ./cmd/luago -run TestGenerated -generate 10m
//	go test ./cmd/luago -run TestGenerated -seed 4711
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a go build")
	}
	g := newGeneratedTest(t)
	seed, compiled, others := *generateSeed, 4, 0
	if *generateFor > 0 {
		compiled = 40
		if g.lua != "" {
			others = 400 // are only evaluated: compiling takes long
		}
		if seed == 0 {
			seed = rand.Uint64N(1 << 40)
		}
	}
	programs := func(n int) (list []string) {
		for i := range n {
			list = append(list, generate.Program(seed+uint64(i)))
		}
		return list
	}
	first, rounds := seed, 0
	for end := time.Now().Add(*generateFor); ; {
		g.compare(seed, programs(compiled), g.ways)
		seed += uint64(compiled)
		g.compare(seed, programs(others), []generatedWay{evaluatedWay, referenceWay})
		seed += uint64(others)
		rounds++
		if t.Failed() || !time.Now().Before(end) {
			break
		}
	}
	t.Logf("compared %d programs, from seed %d on; %d of them also compiled", rounds*(compiled+others), first, rounds*compiled)
}

// A generatedTest runs generated programs.
type generatedTest struct {
	t       *testing.T
	exe     string // this binary, as luago
	root    string // of the module
	ways    []generatedWay
	lua     string
	workers chan struct{}
}

func newGeneratedTest(t *testing.T) *generatedTest {
	g := &generatedTest{t: t, ways: []generatedWay{evaluatedWay, dynamicWay, typedWay}, workers: make(chan struct{}, 2)}
	var err error
	if g.exe, err = os.Executable(); err != nil {
		t.Fatal(err)
	}
	if g.root, err = filepath.Abs("../.."); err != nil {
		t.Fatal(err)
	}
	if g.lua, err = corpus.FindReference(); err == nil {
		g.ways = append(g.ways, referenceWay)
	} else {
		g.lua = ""
		t.Log("the programs do not run under lua5.2: ", err)
	}
	return g
}

// reduceFor is how long the reduction of a program may take.
const reduceFor = 5 * time.Minute

// compare runs programs in several ways. Of the differences it reduces the
// first.
func (g *generatedTest) compare(seed uint64, programs []string, ways []generatedWay) {
	results := g.run(programs, ways)
	reduced := false
	for i, program := range programs {
		a, b, d := firstDifference(results[i], ways)
		if d == nil {
			continue
		}
		message := fmt.Sprintf("seed %d: %s and %s differ at %s\n  %s\n  %s", seed+uint64(i), wayNames[a], wayNames[b], d.Where, d.A, d.B)
		g.t.Error(message)
		if !reduced {
			reduced = true
			end := time.Now().Add(reduceFor)
			small := generate.Reduce(program, func(programs []string) int {
				if time.Now().After(end) {
					return -1
				}
				for i, r := range g.run(programs, []generatedWay{a, b}) {
					if _, _, d := firstDifference(r, []generatedWay{a, b}); d != nil {
						return i
					}
				}
				return -1
			})
			g.t.Log("it shows in:\n" + small)
		}
	}
}

// firstDifference returns two ways whose results differ, or no difference.
// The first of ways is compared with the others; but lua5.2 gives up after 200
// levels of its own C functions, where luago has no such limit.
func firstDifference(results map[generatedWay]verify.Result, ways []generatedWay) (a, b generatedWay, d *verify.Difference) {
	first, ok := results[ways[0]]
	if !ok {
		return 0, 0, nil
	}
	for _, w := range ways[1:] {
		r, ok := results[w]
		if !ok || w == referenceWay && strings.Contains(r.Stdout, "C stack overflow") {
			continue
		}
		same := first
		same.Stdout, r.Stdout = comparableText(same.Stdout), comparableText(r.Stdout)
		if w == referenceWay {
			same.Stderr = noMessage.ReplaceAllString(first.Stderr, "(no error message)")
			r.Stderr = nilMessage.ReplaceAllString(r.Stderr, "$1(no error message)")
		}
		if d := verify.Compare(same, r); d != nil {
			return ways[0], w, d
		}
	}
	return 0, 0, nil
}

// What luago, like Lua 5.3, says of an uncaught error that is no string, and what
// lua5.2 says of nil.
var (
	noMessage  = regexp.MustCompile(`\(error object is a \w+ value\)`)
	nilMessage = regexp.MustCompile(`^(\S+: )nil\n`)
)

// comparableText returns out without what may differ.
func comparableText(out string) string {
	return address.ReplaceAllString(signOfNaN.ReplaceAllString(out, "$1"), "$1")
}

// address finds where an object lies.
var address = regexp.MustCompile(`\b(function|table|thread): 0x[0-9a-f]+`)

// signOfNaN finds NaN with its sign, which depends on the order of operands in
// machine code; a pattern may have put a bracket in between, or changed its case.
var signOfNaN = regexp.MustCompile(`(?i)-(\[?nan)`)

// run runs programs in some ways. What takes too long has no result.
func (g *generatedTest) run(programs []string, ways []generatedWay) []map[generatedWay]verify.Result {
	g.t.Helper()
	cases := make([]*corpus.Case, len(programs))
	results := make([]map[generatedWay]verify.Result, len(programs))
	for i, program := range programs {
		cases[i] = &corpus.Case{
			Name:    fmt.Sprintf("generated/n%d", i),
			Sources: []txtar.File{{Name: "main.lua", Data: []byte(program)}},
		}
		results[i] = map[generatedWay]verify.Result{}
	}
	binary := g.build(cases, ways)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, c := range cases {
		for _, w := range ways {
			g.workers <- struct{}{}
			wg.Go(func() {
				defer func() { <-g.workers }()
				r, ok := g.runOne(c, w, binary)
				mu.Lock()
				defer mu.Unlock()
				if ok {
					results[i][w] = r
				}
			})
		}
	}
	wg.Wait()
	return results
}

// compiledCase returns the case as one of the two in the binary.
func compiledCase(c *corpus.Case, w generatedWay) *corpus.Case {
	d := *c
	d.Name = wayNames[w] + "/" + strings.TrimPrefix(c.Name, "generated/")
	return &d
}

// build builds one binary of all programs in all ways that compile. A program
// that does not compile is none: the reduction makes such.
func (g *generatedTest) build(cases []*corpus.Case, ways []generatedWay) *corpus.Binary {
	var packages []*corpus.Package
	for _, w := range ways {
		mode, compiled := wayModes[w]
		for _, c := range cases {
			if !compiled {
				continue
			}
			if p, err := compiledCase(c, w).Compile(os.DirFS(g.root), mode); err == nil {
				packages = append(packages, p)
			}
		}
	}
	if len(packages) == 0 {
		return nil
	}
	b, err := corpus.Build(context.Background(), g.root, g.t.TempDir(), "generated", packages)
	if err != nil {
		g.t.Fatal(err)
	}
	return b
}

// runOne runs one program in one way.
func (g *generatedTest) runOne(c *corpus.Case, w generatedWay, b *corpus.Binary) (verify.Result, bool) {
	dir, err := os.MkdirTemp("", "luago-generated-*")
	if err != nil {
		g.t.Error(err)
		return verify.Result{}, false
	}
	defer os.RemoveAll(dir)
	if err := c.Write(dir); err != nil {
		g.t.Error(err)
		return verify.Result{}, false
	}
	d := *c
	c = &d
	var r verify.Result
	const limit = 10 * time.Second
	switch w {
	case evaluatedWay:
		c.Env = []string{asLuago + "=1"}
		r, err = c.Run(dir, limit, g.exe, "run", "--eval", "main.lua")
	case referenceWay:
		r, err = c.Run(dir, limit, g.lua, "main.lua")
		r.Stdout, r.Stderr = verify.Reword(r.Stdout), verify.Reword(r.Stderr)
	default:
		c = compiledCase(c, w)
		if text, ok := b.Broken[c.Name]; ok {
			return verify.Result{Stdout: "go build rejects what is emitted:\n" + text, Exit: -1}, true
		}
		c.Env = []string{b.Setting(c)}
		r, err = c.Run(dir, limit, b.Path)
	}
	if err != nil && !errors.Is(err, verify.ErrTimeout) {
		g.t.Error(err)
	}
	// The sign of NaN is the processor's affair, as in C.
	r.Stdout, r.Stderr = strings.ReplaceAll(r.Stdout, "-nan", "nan"), strings.ReplaceAll(r.Stderr, "-nan", "nan")
	return r, err == nil
}
