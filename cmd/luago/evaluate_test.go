package main

import (
	"os"
	"testing"
	"time"

	"github.com/luago-lang/luago/corpus"
)

// TestEvaluated runs the corpus with "luago run --eval": evaluated and compiled
// code must do the same. The short test takes a fifth of it.
func TestEvaluated(t *testing.T) {
	cases, err := corpus.Load("../../corpus")
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if c.Topic() == "errors" || testing.Short() && i%5 > 0 {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			if !c.PortFixed {
				t.Parallel()
			}
			d := *c
			if c.Port > 0 && !c.PortFixed {
				port, err := corpus.FreePort()
				if err != nil {
					t.Fatal(err)
				}
				d = *c.WithPort(port)
			}
			d.Env = append([]string{asLuago + "=1"}, c.Env...)
			dir := t.TempDir()
			if err := d.Write(dir); err != nil {
				t.Fatal(err)
			}
			r, err := d.Run(dir, 30*time.Second, exe, "run", "--eval", "main.lua")
			if err != nil {
				t.Fatalf("%v\nstdout: %s\nstderr: %s", err, r.Stdout, r.Stderr)
			}
			if diff := c.Check(r) + c.CheckLimits(r); diff != "" {
				t.Error(diff)
			}
		})
	}
}
