package emit

import (
	"testing"

	"github.com/luago-lang/luago/compiler/stdlib"
)

// TestBuiltins holds the table of builtins against the declaration of the string
// library.
func TestBuiltins(t *testing.T) {
	for name, b := range builtins {
		if stdlib.Find("string").Member(name) == nil {
			t.Errorf("no function of the string library is called %s", name)
		}
		if b.id != "Builtin"+capital(name) || b.call != "" && b.call != "Call"+capital(name) {
			t.Errorf("%s has the names %s and %s", name, b.id, b.call)
		}
	}
	for name := range goPackage {
		if stdlib.Find(name) == nil {
			t.Errorf("%s is no library", name)
		}
	}
}
