package pattern

import "testing"

// A model matches by trying everything, straight from the reference manual:
// each item is a function from a position to the positions where it may end,
// best first. It has no captures and no %f, %b or back references.
func model(s, pattern string) (start, end int, ok bool) {
	anchored := pattern != "" && pattern[0] == '^'
	if anchored {
		pattern = pattern[1:]
	}
	for start := 0; start <= len(s); start++ {
		if end, ok := modelAt(s, start, pattern); ok {
			return start, end, true
		}
		if anchored {
			break
		}
	}
	return 0, 0, false
}

// modelAt matches pattern at s[i].
func modelAt(s string, i int, pattern string) (end int, ok bool) {
	if pattern == "" {
		return i, true
	}
	if pattern == "$" {
		return i, i == len(s)
	}
	c, rest := pattern[0], pattern[1:]
	matches := func(i int) bool { return i < len(s) && (c == '.' || s[i] == c) }
	mark := byte(0)
	if rest != "" {
		mark = rest[0]
	}
	switch mark {
	case '*', '+', '?':
		n := 0
		for matches(i+n) && (mark != '?' || n == 0) {
			n++
		}
		least := 0
		if mark == '+' {
			least = 1
		}
		for ; n >= least; n-- {
			if end, ok := modelAt(s, i+n, rest[1:]); ok {
				return end, true
			}
		}
		return 0, false
	case '-':
		for {
			if end, ok := modelAt(s, i, rest[1:]); ok {
				return end, true
			}
			if !matches(i) {
				return 0, false
			}
			i++
		}
	}
	if !matches(i) {
		return 0, false
	}
	return modelAt(s, i+1, rest)
}

// FuzzFind checks that no pattern panics, that bounds and captures lie in the
// subject, and that simple patterns match what the model says.
func FuzzFind(f *testing.F) {
	for _, seed := range [][2]string{{"hello", "l+"}, {"a(b)c", "%b()"}, {"THE", "%f[%a](%a+)%1"}, {"aab", "a-b$"}, {"x", "[^%]x-]*"}, {"a", "%"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, s, pattern string) {
		if len(s) > 14 || len(pattern) > 10 {
			return // backtracking is exponential, as in C
		}
		var m Match
		ok := m.Find(Compile(pattern), s, 0)
		if ok {
			if m.Start < 0 || m.Start > m.End || m.End > len(s) {
				t.Fatalf("find(%q, %q) = %d, %d", s, pattern, m.Start, m.End)
			}
			for i := 0; i < m.Captures(); i++ {
				if start, end, _ := m.Capture(i); m.Err == "" && (start < 0 || start > end || end > len(s)) {
					t.Fatalf("find(%q, %q): capture %d is %d, %d", s, pattern, i, start, end)
				}
			}
		}
		for i := 0; i < len(pattern); i++ {
			if c := pattern[i]; c == '%' || c == '[' || c == '(' || c == ')' {
				return
			}
		}
		start, end, want := model(s, pattern)
		if m.Err != "" || ok != want || ok && (m.Start != start || m.End != end) {
			t.Fatalf("find(%q, %q) = %v %d %d %s, model %v %d %d", s, pattern, ok, m.Start, m.End, m.Err, want, start, end)
		}
	})
}
