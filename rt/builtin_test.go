package rt

import (
	"testing"

	"github.com/luago-lang/luago/compiler/stdlib"
)

// TestLibraryNames holds the names of library functions that the runtime knows
// against their declaration.
func TestLibraryNames(t *testing.T) {
	for _, name := range builtinNames[noBuiltin+1:] {
		if stdlib.Find("string").Member(name) == nil {
			t.Errorf("a builtin is called %s, and no function of the string library is", name)
		}
	}
	methods := map[string]bool{}
	for _, l := range stdlib.Libraries {
		for _, m := range l.Members {
			if m.Has(stdlib.IsMethod) {
				methods[m.Name] = true
			}
		}
	}
	for name := range methods {
		if !calledBothWays[name] {
			t.Errorf("%s is not among the functions that are called as methods, too", name)
		}
	}
	for name := range calledBothWays {
		if !methods[name] {
			t.Errorf("%s is not declared as a function that is called as a method, too", name)
		}
	}
}
