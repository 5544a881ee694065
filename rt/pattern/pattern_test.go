package pattern

import (
	"bytes"
	"fmt"
	"math/rand"
	"os/exec"
	"strings"
	"testing"
)

// describe renders the outcome of finding pattern in s: the error, "nil", or
// the bounds and the captures, as string.find returns them.
func describe(s, pattern string, init int) string {
	var m Match
	p := Compile(pattern)
	if !p.HasSpecials() {
		if i := strings.Index(s[init:], pattern); i >= 0 {
			return fmt.Sprint(init+i+1, " ", init+i+len(pattern))
		}
		return "nil"
	}
	if !m.Find(p, s, init) {
		if m.Err != "" {
			return "error " + m.Err
		}
		return "nil"
	}
	out := fmt.Sprint(m.Start+1, " ", m.End)
	for i := 0; i < m.Captures(); i++ {
		start, end, isPosition := m.Capture(i)
		switch {
		case m.Err != "":
			return "error " + m.Err
		case isPosition:
			out += fmt.Sprint(" ", start+1)
		default:
			out += " <" + s[start:end] + ">"
		}
	}
	return out
}

func TestFind(t *testing.T) {
	cases := []struct{ s, pattern, want string }{
		{"hello world", "o w", "5 7"}, {"hello", "l+", "3 4"}, {"hello", "xyz", "nil"}, {"", "", "1 0"}, {"alo", "", "1 0"},
		{"key = value", "^(%w+)%s*=%s*(%w+)$", "1 11 <key> <value>"}, {"  x", "^%s*()", "1 2 3"}, {"THE (quick) fox", "%((%a+)%)", "5 11 <quick>"},
		{"THE (quick) fox", "%b()", "5 11"}, {"((a)b", "%b()", "2 4"}, {"THE (quick) fox", "%f[%a]%a+%f[%A]", "1 3"},
		{"[[x]]", "%[%[(.-)%]%]", "1 5 <x>"}, {"aXb", "%u", "2 2"}, {"a.b", ".", "1 1"}, {"a.b", "%.", "2 2"}, {"a.b", "[.]", "2 2"},
		{"a]b", "[]]", "2 2"}, {"a]b", "[^]]", "1 1"}, {"a-b", "[a-]+", "1 2"}, {"x^y", "x^y", "1 3"}, {"a$b", "a$b", "1 3"},
		{"abab", "(ab)%1", "1 4 <ab>"}, {"'a\"b'", "([\"'])(.-)%1", "1 5 <'> <a\"b>"}, {"aaa", "a-", "1 0"}, {"aaab", "^a-b", "1 4"},
		{"color colour", "colou?r$", "7 12"}, {"a\x00b", "%z", "2 2"}, {"a\x00b", "[%z]b", "2 3"}, {"abc", "()b()", "2 2 2 3"}, {"aab", "a*ab", "1 3"},
		{"0x1F", "^0[xX](%x+)$", "1 4 <1F>"}, {"abc", "[a-c]+", "1 3"}, {"]", "[%]]", "1 1"}, {"abc", "((a)(b))", "1 2 <ab> <a> <b>"},
		{"a", "b[", "nil"}, {"b", "b[", "error malformed pattern (missing ']')"}, {"b", "b[^]", "error malformed pattern (missing ']')"},
		{"a", "%", "error malformed pattern (ends with '%')"}, {"a", "%f", "error missing '[' after '%f' in pattern"},
		{"a", "%b", "error malformed pattern (missing arguments to '%b')"}, {"a", "%bx", "error malformed pattern (missing arguments to '%b')"},
		{"a", "a-)", "error invalid pattern capture"}, {"a", "(a", "error unfinished capture"}, {"a", "%1", "error invalid capture index %1"},
		{"a", "(a%1)", "error invalid capture index %1"}, {"a", "%0", "error invalid capture index %0"}, {"a", "[a%", "error malformed pattern (missing ']')"},
		{"a", strings.Repeat("(a", 33), "nil"}, {strings.Repeat("a", 33), strings.Repeat("(a)", 33), "error too many captures"},
		{strings.Repeat("a", 300), strings.Repeat("a?", 300), "error pattern too complex"},
		{strings.Repeat("a", 300), strings.Repeat("a?", 150) + "b", "nil"},
	}
	for _, c := range cases {
		if strings.HasPrefix(c.want, "nil") && len(c.pattern) > 200 {
			continue // exponential by nature
		}
		if got := describe(c.s, c.pattern, 0); got != c.want {
			t.Errorf("find(%q, %q) = %s, want %s", c.s, c.pattern, got, c.want)
		}
	}
}

func TestIterated(t *testing.T) {
	p := CompileIterated("^a")
	var m Match
	if p.Anchored() || m.Find(p, "aa", 0) || !m.Find(p, "x^a", 0) || m.Start != 1 {
		t.Errorf("^ is not a plain character: %+v", m)
	}
}

func TestCache(t *testing.T) {
	var c Cache
	p := c.Get("^a+")
	if c.Get("^"+strings.Repeat("a", 1)+"+") != p {
		t.Error("equal texts give different patterns")
	}
	for i := 0; i < 2000; i++ {
		text := fmt.Sprint("x", i, "%d+")
		if q := c.Get(text); q.source != text {
			t.Fatalf("Get(%q) has the source %q", text, q.source)
		}
	}
	if len(c.texts) > cacheTexts {
		t.Errorf("%d patterns kept", len(c.texts))
	}
}

// randomCase returns a random subject and a random pattern, often wrong ones.
func randomCase(r *rand.Rand) (s, pattern string) {
	items := []string{"a", "b", ".", "%a", "%d", "%w", "[ab]", "[^a]", "[%d-]", "(", ")", "()", "*", "+", "-", "?", "%1", "%2", "%b()", "%bab",
		"%f[a]", "%f[%w]", "$", "^", "%", "[", "]", "[a-b%]]", "[]]", "%.", "1", "(a)", "(.-)", "%s", "[^%s]", "[%a_]"}
	subject := make([]byte, r.Intn(10))
	for i := range subject {
		subject[i] = "aab1 (.)]-_"[r.Intn(11)]
	}
	var b strings.Builder
	if r.Intn(6) == 0 {
		b.WriteByte('^')
	}
	for n := r.Intn(6); n >= 0; n-- {
		b.WriteString(items[r.Intn(len(items))])
	}
	return string(subject), b.String()
}

func TestAgainstReference(t *testing.T) {
	path, err := exec.LookPath("lua5.2")
	if err != nil {
		t.Skip("lua5.2 is not installed")
	}
	program := `
local function show(ok, s, e, ...)
  if not ok then print("error " .. s) return end
  if not s then print("nil") return end
  local out = s .. " " .. e
  for i = 1, select("#", ...) do
    local c = select(i, ...)
    out = out .. " " .. (type(c) == "number" and c or "<" .. c .. ">")
  end
  print(out)
end
local function t(s, p, init) show(pcall(string.find, s, p, init)) end
`
	r := rand.New(rand.NewSource(4))
	type input struct {
		s, pattern string
		init       int
	}
	var inputs []input
	var b strings.Builder
	b.WriteString(program)
	for i := 0; i < 30000; i++ {
		s, pattern := randomCase(r)
		in := input{s, pattern, r.Intn(len(s) + 1)}
		inputs = append(inputs, in)
		fmt.Fprintf(&b, "t(%q, %q, %d)\n", s, pattern, in.init+1)
	}
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader(b.String())
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("lua5.2: %v\n%s", err, errOut.String())
	}
	matched := 0
	for i, want := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		in := inputs[i]
		if !strings.HasPrefix(want, "nil") && !strings.HasPrefix(want, "error") {
			matched++
		}
		if got := describe(in.s, in.pattern, in.init); got != want {
			t.Errorf("find(%q, %q, %d) = %s, reference %s", in.s, in.pattern, in.init+1, got, want)
		}
	}
	if matched < len(inputs)/20 {
		t.Errorf("only %d of %d inputs matched", matched, len(inputs))
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	var c Cache
	var m Match
	pattern, s := "^(%w+)%s*=%s*(.-)%s*$", "key = some value  "
	c.Get(pattern)
	if n := testing.AllocsPerRun(100, func() {
		if !m.Find(c.Get(pattern), s, 0) {
			t.Fatal("no match")
		}
	}); n != 0 {
		t.Errorf("%v allocations per match", n)
	}
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("the quick brown fox jumps over the lazy dog 123 ", 20) + "key=value"
	for _, pattern := range []string{"%w+=%w+", "%d+", "(%a+)=(%a+)$", "key", "[^%s]+=", ".-="} {
		b.Run(pattern, func(b *testing.B) {
			var c Cache
			var m Match
			for i := 0; i < b.N; i++ {
				m.Find(c.Get(pattern), text, 0)
			}
		})
	}
}
