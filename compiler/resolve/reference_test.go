package resolve

import (
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

// snippets are right; mutants of them mostly are not.
var snippets = []string{
	"local a, b = 1, 'x'; function t.a.b:m(x, ...) return x .. 'a', -x ^ 2, #x, {1, a = 2, [b] = 3; 4} end",
	"for i = 1, 10, 2 do print(i) break end for k, v in pairs(t) do if k then goto l end ::l:: end",
	"repeat local x = f() if x then break end until x == nil and not y or z ~= 1",
	"while a do if b then f() elseif c then g{...} else a:b 'c' end end return (f())",
	"do local a; goto l; ::l:: end do goto m local b ::m:: ::n:: end",
	"while a do local b if b then goto continue end local c ::continue:: end",
	"goto x do ::x:: end ::x:: ::a:: do local x goto a end ::b:: goto b",
	"local f = function(a, ...) return ... end local function g(...) return g, ... end x.y[1], z = f()[2].c",
	"local _ENV = {} _ENV = nil; (f)(); ((a)).b = 0x1p4 + .5e3 .. [==[ ]] ]==]",
}

// pieces are what mutants get inserted.
var pieces = strings.Fields(`and break do else elseif end false for function goto if in local nil not or repeat
	return then true until while + - * / % ^ # == ~= <= >= < > = ( ) { } [ ] :: ; : , . .. ... a b x f() "s" 1 0x 1e ::l:: goto\ l`)

var words = regexp.MustCompile(`\s+|\w+|[^\w\s]`)

// mutant changes a snippet at up to three places.
func mutant(random *rand.Rand) string {
	parts := words.FindAllString(snippets[random.IntN(len(snippets))], -1)
	for range random.IntN(4) {
		i, j := random.IntN(len(parts)), random.IntN(len(parts))
		switch random.IntN(3) {
		case 0:
			parts[i] = ""
		case 1:
			parts[i] += " " + strings.ReplaceAll(pieces[random.IntN(len(pieces))], `\`, " ") + " "
		case 2:
			parts[i], parts[j] = parts[j], parts[i]
		}
	}
	return strings.Join(parts, "")
}

// TestAcceptsWhatLuaAccepts compares parser and resolver with luac5.2 -p: both
// accept a program or both reject it.
func TestAcceptsWhatLuaAccepts(t *testing.T) {
	luac, err := exec.LookPath("luac5.2")
	if err != nil {
		t.Skip("luac5.2 is not installed")
	}
	random := rand.New(rand.NewPCG(5, 2))
	name := filepath.Join(t.TempDir(), "mutant.lua")
	accepted := 0
	for i := range 600 {
		src := mutant(random)
		if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(luac, "-p", name).CombinedOutput()
		var files diag.Files
		var sink diag.Sink
		compile(&files, files.Add("mutant.lua", src), &sink)
		if (err == nil) == sink.HasErrors() {
			var b strings.Builder
			if err := sink.Render(&b, &files); err != nil {
				t.Fatal(err)
			}
			t.Errorf("mutant %d: %s\nluac: %s\nluago: %s", i, src, out, b.String())
		}
		if err == nil {
			accepted++
		}
	}
	if accepted < 100 || accepted > 500 {
		t.Errorf("%d mutants are right: the test tests little", accepted)
	}
}

// FuzzResolve resolves what parses, without a panic, and renders what it says.
func FuzzResolve(f *testing.F) {
	for _, src := range snippets {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		var files diag.Files
		var sink diag.Sink
		compile(&files, files.Add("fuzz.lua", src), &sink)
		if err := sink.Render(io.Discard, &files); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkResolve reads and resolves a file of about 10 MB.
func BenchmarkResolve(b *testing.B) {
	unit := "do " + strings.Join(snippets[:7], " end do ") + " end\n"
	unit = strings.ReplaceAll(unit, "return (f())", "")
	text := strings.Repeat(unit, 10<<20/len(unit))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var files diag.Files
		var sink diag.Sink
		compile(&files, files.Add("bench.lua", text), &sink)
		if sink.HasErrors() {
			b.Fatal(sink.All()[0].Message)
		}
	}
}
