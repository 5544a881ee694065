package verify

import (
	"slices"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/stdlib"
)

// TestDeclared holds the names of library functions that other implementations
// lack against the declaration of the libraries.
func TestDeclared(t *testing.T) {
	for _, m := range missing {
		library := stdlib.Find(m.library)
		if library == nil {
			t.Errorf("no library is called %s", m.library)
			continue
		}
		for name := range strings.FieldsSeq(m.functions) {
			if library.Member(name) == nil {
				t.Errorf("%s has no function %s that another implementation could lack", m.library, name)
			}
		}
	}
	for _, name := range kept {
		if !slices.ContainsFunc(stdlib.Libraries, func(l stdlib.Library) bool { return l.Member(name) != nil }) {
			t.Errorf("no library has the function %s, which only luago keeps", name)
		}
	}
}
