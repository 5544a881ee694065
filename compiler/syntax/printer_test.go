package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

// checkPrinted checks that the printed tree reads back as the same tree.
func checkPrinted(t *testing.T, chunk *Chunk) {
	t.Helper()
	printed := Print(chunk)
	var files diag.Files
	var sink diag.Sink
	again := Parse(files.Add("printed.lua", printed), &sink)
	if sink.HasErrors() {
		var b strings.Builder
		if err := sink.Render(&b, &files); err != nil {
			t.Fatal(err)
		}
		t.Fatalf("printed text is no Lua:\n%s\n%s", b.String(), printed)
	}
	if got, want := shape(again.Body), shape(chunk.Body); got != want {
		t.Fatalf("printed text reads as another tree\n got %s\nwant %s\n%s", got, want, printed)
	}
	if twice := Print(again); twice != printed {
		t.Fatalf("printing again differs\n%s\n--- first\n%s", twice, printed)
	}
}

// seeds returns the files of testdata/parse.
func seeds(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob("testdata/parse/*.lua")
	if err != nil || len(names) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	texts := make(map[string]string)
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(text)
	}
	return texts
}

func TestPrintFixpoint(t *testing.T) {
	for name, text := range seeds(t) {
		t.Run(name, func(t *testing.T) {
			checkPrinted(t, mustParse(t, text))
		})
	}
}

func TestPrint(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{"a=1;;b=2", "a = 1\nb = 2\n"},
		{"f();(g)()", "f()\n;(g)()\n"},
		{"f();(g).x=1", "f()\n;(g).x = 1\n"},
		{"x=- -1", "x = - -1\n"},
		{"x=-(-1)", "x = -(-1)\n"},
		{"x=not not a", "x = not not a\n"},
		{"x={a=1,['b']=2,['end']=3,['c d']=4,[1]=5;6}", "x = {a = 1, b = 2, [\"end\"] = 3, [\"c d\"] = 4, [1] = 5, 6}\n"},
		{"x='\\0001\\n\\200\\\"\\\\'", "x = \"\\0001\\n\\200\\\"\\\\\"\n"},
		{"x=1e999+0x10+1e100", "x = 1e999 + 16 + 1e+100\n"},
		{"do do x() end end", "do\n  do\n    x()\n  end\nend\n"},
		{"if a then elseif b then x() else end", "if a then\nelseif b then\n  x()\nelse\nend\n"},
		{"function a.b:c(...) end", "function a.b:c(...)\nend\n"},
		{"return", "return\n"},
	} {
		if got := Print(mustParse(t, c.src)); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.src, got, c.want)
		}
		checkPrinted(t, mustParse(t, c.src))
	}
}

func TestQuote(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, s := range []string{"", "plain", "\x001", "'\"\\\n\r", "é好", string(all)} {
		tokens, errors := scanAll(t, Quote(s))
		if len(tokens) != 1 || tokens[0].text != s || errors != nil {
			t.Errorf("%q is quoted as %s", s, Quote(s))
		}
	}
}

func TestWalkSkips(t *testing.T) {
	var names []string
	Walk(mustParse(t, "a = function() b() end c = d"), func(n Node) bool {
		if n, ok := n.(*NameExpr); ok {
			names = append(names, n.Name)
		}
		_, fn := n.(*FunctionExpr)
		return !fn
	})
	if got := strings.Join(names, " "); got != "a c d" {
		t.Errorf("visited %s", got)
	}
	Walk(nil, func(Node) bool { t.Error("nil is visited"); return false })
}
