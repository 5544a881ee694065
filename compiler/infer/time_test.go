package infer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLinear checks that inference takes no time in the square of a program: a
// fifth of a second here for each of these, where it took half a minute.
func TestLinear(t *testing.T) {
	const n = 8_000
	chain := func(first, format, last string) string {
		var b strings.Builder
		b.WriteString(first)
		for i := 1; i < n; i++ {
			b.WriteString(strings.NewReplacer("$i", fmt.Sprint(i), "$last", fmt.Sprint(i-1), "$next", fmt.Sprint(i+1)).Replace(format))
		}
		return b.String() + last
	}
	for name, source := range map[string]string{
		"calls, from the end":    chain("function f0(x) return x end\n", "function f$i(x) return f$last(x) + 1 end\n", "print(f7('x'))"),
		"calls, from the start":  chain("", "function f$i(x) local y = f$next(x) return y + 1 end\n", fmt.Sprintf("function f%d(x) return {} end print(f7(1))", n)),
		"tail calls":             chain("function f0(x) return x end\n", "function f$i(x) return f$last(x) end\n", "print(f7(1))"),
		"tail calls to the next": chain("", "function f$i(x) return f$next(x) end\n", fmt.Sprintf("function f%d(x) return f1(x) end print(f7(1))", n)),
		"variables":              chain("local function f(n) do\n", "end do local x$i = n + $last n = n * x$i\n", "end n = {} end f(1)"),
	} {
		p := inferText(t, source)
		start := time.Now()
		Program(p.program, testSurface(t), &p.sink)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// TestCycles checks which calls are direct where tail calls lead in a circle:
// all but those that close it.
func TestCycles(t *testing.T) {
	for source, want := range map[string]string{
		"function a(n) return b(n) end function b(n) return a(n) end print(a(1))":                                           "b a",
		"function a(n) return b(n) end function b(n) return c(n) end function c(n) return b(n) end a(1)":                    "b c a",
		"function a(n) return a(n) end a(1)":                                                                                "a a",
		"local b local function a(n) return b(n), 1 end function b(n) return a(n) end print(a(1))":                          "b a a",
		"local function a(n) if n > 0 then return a(n - 1) end return (function() return a(n) end)() end print(a(1), a(2))": "a a a",
	} {
		p := inferText(t, source)
		var out strings.Builder
		if err := Program(p.program, testSurface(t), &p.sink).Dump(&out, p.program); err != nil {
			t.Fatal(err)
		}
		var called []string
		for _, line := range strings.Split(out.String(), "\n") {
			if _, rest, ok := strings.Cut(line, "calls function "); ok {
				called = append(called, strings.TrimSuffix(rest, " directly"))
			}
		}
		if got := strings.Join(called, " "); got != want {
			t.Errorf("%s: direct calls of %s, want %s", source, got, want)
		}
	}
}
