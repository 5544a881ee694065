package strlib

import (
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt/lib/libtest"
)

// FuzzFormat calls string.format with any format: results or an error of Lua's,
// and no panic.
func FuzzFormat(f *testing.F) {
	for _, seed := range []string{"%d %s", "%5.1f|%-10s|%q", "%%", "%", "%y", "%123d", "%------d", "%c%c", "%.3q", "%#x %a %i", "%s%s%s%s%s", "a\x00%s"} {
		f.Add(seed, 12.5, "te\x00xt")
	}
	f.Fuzz(func(t *testing.T, format string, n float64, s string) {
		if strings.Count(format, "%") > 20 {
			return
		}
		st := libtest.NewState(Open)
		for _, args := range [][]any{{format}, {format, n, n, n, n}, {format, s, s, s, s}, {format, n, s, nil, true, libtest.List{}}} {
			if of("format", args...).Run(st) == "" {
				t.Errorf("%q: no result", format)
			}
		}
	})
}

// FuzzGsub calls the functions that take patterns with any subject, pattern
// and replacement.
func FuzzGsub(f *testing.F) {
	for _, seed := range [][3]string{{"hello world", "(o)(.)", "%2%1"}, {"abc", "%f[%w]", "<%0>"}, {"x(y)z", "%b()", "%%"}, {"aXbX", "", "-"}, {"a", "[", "%"}, {"k=v", "(%w+)=(%w+)", "%9"}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, s, pattern, replacement string) {
		if len(s) > 14 || len(pattern) > 10 || len(replacement) > 20 {
			return // backtracking is exponential, as in C
		}
		st := libtest.NewState(Open)
		found := of("find", s, pattern).Run(st)
		replaced := of("gsub", s, pattern, replacement).Run(st)
		unchanged := of("gsub", s, pattern, "%0").Run(st)
		switch {
		case strings.HasPrefix(found, "error") || strings.HasPrefix(replaced, "error") || strings.HasPrefix(unchanged, "error"):
		case !strings.HasPrefix(unchanged, of("sub", s, 1).Run(st)):
			t.Errorf("gsub(%q, %q, %%0) = %s", s, pattern, unchanged)
		case found == "nil" && !strings.HasPrefix(replaced, of("sub", s, 1).Run(st)) && !strings.HasPrefix(pattern, "^"):
			t.Errorf("find(%q, %q) finds nothing, gsub gives %s", s, pattern, replaced)
		}
	})
}
