package corpus

import (
	"slices"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/luago-lang/luago/cmd/luago/verify"
	"github.com/luago-lang/luago/corpus/rename"
)

// again is how often the reference must repeat what it prints only under other
// names.
const again = 5

// TestRenamed runs the cases with other names: those that the compiler and Go use
// themselves. What is expected is what the reference interpreter does with the
// renamed programs.
func TestRenamed(t *testing.T) {
	skipShort(t)
	if _, err := FindReference(); err != nil {
		t.Skip("no expectations for renamed programs: ", err)
	}
	all := chosen(t, third(t, local(t), 2))
	cases := make([]*Case, len(all))
	var wg sync.WaitGroup
	room := make(chan bool, 2)
	for i, c := range all {
		if c.Reference != "" || c.Differs != "" {
			continue
		}
		wg.Go(func() {
			room <- true
			defer func() { <-room }()
			d := c.renamed(7 * i)
			r, err := d.RunReference(t.TempDir())
			// One that printed a value by its name may print an address or a time now, or
			// one of several names.
			for i := 0; i < again && err == nil && r.Stdout != c.Stdout; i++ {
				var other verify.Result
				if other, err = d.RunReference(t.TempDir()); other.Stdout != r.Stdout {
					return
				}
			}
			if err != nil {
				t.Errorf("%s: %v", c.Name, err)
				return
			}
			d.Stdout, d.Exit, d.Stderr = r.Stdout, r.Exit, verify.CleanStderr(r.Stderr)
			cases[i] = d
		})
	}
	wg.Wait()
	same := 0
	for i, d := range cases {
		if d != nil && d.Stdout == all[i].Stdout && d.Exit == all[i].Exit {
			same++
		}
	}
	count := len(cases)
	cases = slices.DeleteFunc(cases, func(c *Case) bool { return c == nil })
	t.Logf("%d of %d cases have a reference; %d print under other names what they printed", len(cases), count, same)
	if count > 100 && same < count/2 {
		t.Errorf("only %d of %d cases print under other names what they printed", same, count)
	}
	runAll(t, cases, Typed, "renamed", unoptimised)
}

// renamed returns the case with other names in its program; offset chooses among
// them.
func (c *Case) renamed(offset int) *Case {
	files := make([]rename.File, len(c.Sources))
	for i, f := range c.Sources {
		files[i] = rename.File{Name: f.Name, Text: string(f.Data)}
	}
	d := *c
	d.Sources = nil
	for _, f := range rename.Program(files, offset) {
		d.Sources = append(d.Sources, txtar.File{Name: f.Name, Data: []byte(f.Text)})
	}
	return &d
}
