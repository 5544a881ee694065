package diag

import (
	"fmt"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	var files Files
	f := files.Add("f.lua", "one\ntwo\rthree\r\nfour\n\rfive\n\n\rseven")
	want := []string{"", "one", "two", "three", "four", "five", "", "seven", ""}
	for n, line := range want {
		if got := f.Line(int32(n)); got != line {
			t.Errorf("line %d is %q, want %q", n, got, line)
		}
	}
	if f.Line(-1) != "" || f.Line(1<<30) != "" {
		t.Error("lines that do not exist are not empty")
	}
	g := files.Add("g.lua", "")
	if g.Index != 1 || files.File(1) != g || files.Len() != 2 || files.File(2) != nil || files.File(-1) != nil {
		t.Error("files are not numbered in order")
	}
	if g.Line(1) != "" {
		t.Error("an empty file has a line")
	}
}

func TestSinkSortsAndCaps(t *testing.T) {
	var sink Sink
	var files Files
	files.Add("a.lua", "")
	for line := int32(30); line > 0; line-- {
		at := Range{Start: Pos{0, line, 1}}
		if line%10 == 0 {
			sink.Warning("w", at, "warning %d", line)
		} else {
			sink.Error("e", at, "error %d", line)
			sink.Error("e", at, "second %d", line)
		}
	}
	if sink.ErrorCount() != 54 || !sink.HasErrors() {
		t.Errorf("%d errors", sink.ErrorCount())
	}
	var got []string
	for _, d := range sink.Sorted() {
		got = append(got, d.Message)
	}
	want := "error 1, second 1, error 2, second 2, error 3, second 3, error 4, second 4, error 5, second 5, " +
		"warning 10, warning 20, warning 30"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	var b strings.Builder
	if err := sink.Render(&b, &files); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(b.String(), "too many errors (44 more errors not shown)\n") {
		t.Errorf("ends with %q", b.String()[b.Len()-60:])
	}
	if all := sink.All(); len(all) != 57 || all[0].Message != "warning 30" {
		t.Error("All is not in the order of the reports")
	}
}

func TestWarningsAreNoErrors(t *testing.T) {
	var sink Sink
	sink.Warning("w", Range{}, "careful")
	if sink.HasErrors() || len(sink.Sorted()) != 1 {
		t.Error("a warning counts as an error")
	}
}

func TestPosOrder(t *testing.T) {
	ordered := []Pos{{}, {0, 1, 1}, {0, 1, 2}, {0, 2, 1}, {1, 1, 1}}
	for i, p := range ordered {
		for j, q := range ordered {
			if p.Before(q) != (i < j) {
				t.Errorf("%v before %v: %v", p, q, p.Before(q))
			}
		}
	}
	if (Pos{}).IsValid() || !ordered[1].IsValid() {
		t.Error("IsValid")
	}
}

func TestSuggest(t *testing.T) {
	methods := []string{"create_websocket_server", "connect_to_websocket", "start_new", "sleep", "pause", "get_resume", "print", "run", "halt"}
	for _, c := range []struct{ name, want string }{
		{"slep", "sleep"},
		{"sleeep", "sleep"},
		{"selep", "sleep"}, // swapped
		{"Sleep", "sleep"},
		{"startNew", "start_new"},
		{"create_websocket_sever", "create_websocket_server"},
		{"connect_websocket", "connect_to_websocket"},
		{"ran", "run"},
		{"sleep", ""}, // itself
		{"zzz", ""},
		{"x", ""},
		{"", ""},
		{"completely_different", ""},
		{strings.Repeat("sleep", 20), ""},
	} {
		if got := Suggest(c.name, methods); got != c.want {
			t.Errorf("Suggest(%q) = %q, want %q", c.name, got, c.want)
		}
	}
	if got := Suggest("ab", []string{"ac", "ad"}); got != "ac" {
		t.Errorf("of equals, %q is chosen", got)
	}
	if got := Suggest("abc", nil); got != "" {
		t.Errorf("of nothing, %q is chosen", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "ab", 2}, {"ab", "", 2}, {"abc", "abc", 0}, {"abc", "axc", 1},
		{"abc", "acb", 1}, {"kitten", "sitting", 3}, {"abcdef", "badcfe", 3}, {"aaaa", "bbbb", 4},
		{"aaaaaaaaaaaa", "bbbbbbbbbbbb", 10}, // the limit
	} {
		for _, swap := range []bool{false, true} {
			a, b := c.a, c.b
			if swap {
				a, b = b, a
			}
			t.Run(fmt.Sprintf("%s/%s", a, b), func(t *testing.T) {
				if got := distance(a, b, 10); got != c.want {
					t.Errorf("%d, want %d", got, c.want)
				}
			})
		}
	}
}
