package rename

import "testing"

func TestProgram(t *testing.T) {
	files := []File{
		{"main.lua", "local x, type = 1, type\nfunction t.f(a, b) return a.x, t['b'], {c = x, [\"d\"] = 'e'} end\n" +
			"function t:g() goto l ::l:: return self.x, string.rep(type('x'), #_G.y) end\n"},
		{"other.lua", "return function(...) local _ENV = {x = ...} return x, y, _ENV.x end -- x"},
		{"broken.lua", "x ="},
		{"data.txt", "x"},
	}
	want := []string{
		"local t1, n1 = 1, type\nfunction ck.th(rt, init) return rt.t1, ck[\"init\"], {main = t1, [\"func\"] = 'e'} end\n" +
			"function ck:nil_() goto len ::len:: return self.t1, string.rep(n1('x'), #_G.t2) end\n",
		"return function(...) local _ENV = {t1 = ...} return t1, t2, _ENV.t1 end -- x",
		"x =",
		"x",
	}
	for i, f := range Program(files, 0) {
		if f.Text != want[i] || f.Name != files[i].Name {
			t.Errorf("%s became\n%s\nwant\n%s", f.Name, f.Text, want[i])
		}
	}
}

// TestMany checks that names stay different when the spellings are used up, and
// that one file's names are the other's.
func TestMany(t *testing.T) {
	text := ""
	for i := range 3 * len(spellings) {
		text += "x" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + "=1 "
	}
	seen := map[string]bool{}
	renamed := Program([]File{{"a.lua", text}, {"b.lua", text}}, 7)
	for _, m := range read(renamed[0]) {
		if seen[m.name] {
			t.Errorf("%s stands for two names", m.name)
		}
		seen[m.name] = true
	}
	if len(seen) < 2*len(spellings) || renamed[0].Text != renamed[1].Text {
		t.Errorf("%d names in\n%s\n%s", len(seen), renamed[0].Text, renamed[1].Text)
	}
}
