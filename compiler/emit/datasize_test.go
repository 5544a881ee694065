package emit_test

import (
	"fmt"
	"strings"
	"testing"
)

// What is data costs Go's compiler next to nothing: constants are in a text, and
// only what is none is code.
func TestDataSize(t *testing.T) {
	const fields = 2000
	for _, c := range []struct {
		name, field string
		uses        int // of the runtime, for each field
	}{
		{"numbers", "%d", 0},
		{"strings", "\"text %d\"", 0},
		{"records", "{%d, name = \"n\", v = 2}", 0},
		{"keyed", "[\"item %d\"] = {id = 7, tags = {\"a\", \"b\"}, price = 2.5}", 0},
		{"some are none", "{id = %d, f = print, 1, 2, 3}", 2},
	} {
		var b strings.Builder
		b.WriteString("local t = {\n")
		for i := range fields {
			fmt.Fprintf(&b, c.field+",\n", i)
		}
		b.WriteString("}\nprint(#t)\n")
		out := compile(t, b.String(), false)
		if uses := strings.Count(out, "rt."); uses > c.uses*fields+200 || len(out) > 5*b.Len() {
			t.Errorf("%s: %d fields in %d bytes use the runtime %d times in %d bytes of Go", c.name, fields, b.Len(), uses, len(out))
		}
	}
}
