package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgressTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := startProgress(&out, true, "compiling x.lua")
		time.Sleep(patienceTerminal - time.Millisecond)
		synctest.Wait()
		if out.Len() > 0 {
			t.Errorf("within the first second: %q", out.String())
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		p.set("compiling Go's standard library")
		p.Write([]byte("a warning\n"))
		time.Sleep(time.Second)
		synctest.Wait()
		p.stop()
		p.stop()
		blank := func(s string) string { return "\r" + strings.Repeat(" ", len(s)) + "\r" }
		x1, x2, library := "compiling x.lua: 1 s", "compiling x.lua: 2 s", "compiling Go's standard library: 3 s"
		if want := x1 + blank(x1) + x2 + blank(x2) + "a warning\n" + library + blank(library); out.String() != want {
			t.Errorf("got  %q\nwant %q", out.String(), want)
		}
	})
}

func TestProgressPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := startProgress(&out, false, "compiling x.lua")
		time.Sleep(patiencePipe - time.Millisecond)
		synctest.Wait()
		if out.Len() > 0 {
			t.Errorf("within the patience: %q", out.String())
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		p.stop()
		if want := "luago: compiling x.lua: 10 s so far\n"; out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}

// What is quick leaves no trace.
func TestProgressQuick(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			startProgress(&out, terminal, "compiling x.lua").stop()
			if out.Len() > 0 {
				t.Errorf("got %q", out.String())
			}
		})
	}
}
