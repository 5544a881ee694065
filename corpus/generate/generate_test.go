package generate

import (
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// TestPrograms checks that the programs are right, that a seed always gives
// the same one, and that all of them together hold what they are to test.
func TestPrograms(t *testing.T) {
	var all strings.Builder
	for seed := range uint64(150) {
		program := Program(seed)
		if Program(seed) != program {
			t.Fatalf("seed %d gives two programs", seed)
		}
		var files diag.Files
		var sink diag.Sink
		chunk := syntax.Parse(files.Add("main.lua", program), &sink)
		if !sink.HasErrors() {
			resolve.Resolve(chunk, &sink)
		}
		if sink.HasErrors() {
			var b strings.Builder
			if err := sink.Render(&b, &files); err != nil {
				t.Fatal(err)
			}
			t.Fatalf("seed %d: %s\n%s", seed, b.String(), program)
		}
		all.WriteString(program)
	}
	for _, part := range []string{
		"goto ", "break", "while ", "repeat", "until ", "in ipairs(", ", -1 do", "coroutine.yield(", "coroutine.wrap(", "coroutine.resume(", "xpcall(", "pcall(error",
		"setmetatable(", ".__add", ".__concat", ".__lt", ".__index = function", ".__call", ".__newindex", "...", "(0/0)", "-0.0", "2^53", "gsub(", "gmatch(", "string.format(",
		"table.insert", "table.sort", "table.remove", "local function", "elseif", "self.", `select("#", ...)`, "% ", "^2", "0x7fffffff", `"10"`,
		"local function ck(", "local t1", ".rt", "k_x(",
	} {
		if !strings.Contains(all.String(), part) {
			t.Errorf("no program has %q", part)
		}
	}
}

func TestReduce(t *testing.T) {
	program := strings.Replace(Program(7), "do\n", "do\nif needle(1) then G1 = 2 end\n", 1)
	asked := 0
	small := Reduce(program, func(programs []string) int {
		for i, p := range programs {
			asked++
			if strings.Contains(p, "needle(") {
				return i
			}
		}
		return -1
	})
	if len(small) > len("if needle() then\nend\n") {
		t.Errorf("reduced to %q", small)
	}
	if asked == 0 || asked > 20000 {
		t.Errorf("asked about %d programs", asked)
	}
	label := Reduce("goto l\nx = 1\n::l::\nfound()\n", func(programs []string) int {
		return slices.IndexFunc(programs, func(p string) bool {
			return strings.Contains(p, "found") || !strings.Contains(p, "::l::") && strings.Contains(p, "goto")
		})
	})
	if label != "found()\n" {
		t.Errorf("a jump was reduced to %q", label)
	}
	same := func([]string) int { return -1 }
	if got := Reduce("x = 1\n", same); got != "x = 1\n" {
		t.Errorf("nothing smaller shows it, but it became %q", got)
	}
	if got := Reduce("x = = 1", same); got != "x = = 1" {
		t.Errorf("what does not parse became %q", got)
	}
}
