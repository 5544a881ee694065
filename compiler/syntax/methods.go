package syntax

import (
	"fmt"
	"slices"
	"strings"
)

// MethodCalls lists the method calls of a chunk, for error messages about
// arguments, which number those of a method from the one after self: lines
// "12 rep", sorted, of which the first and the last are empty. Calls that share
// their line with a plain call of a function of that name are left out.
func MethodCalls(c *Chunk) string {
	methods := map[string]bool{}
	site := func(n Node, name string) string { return fmt.Sprintf("%d %s", n.Pos().Line, name) }
	var plain []string
	Walk(c, func(n Node) bool {
		switch n := n.(type) {
		case *MethodCallExpr:
			methods[site(n, n.Method.Text)] = true
		case *CallExpr:
			switch fn := n.Fn.(type) {
			case *NameExpr:
				plain = append(plain, site(n, fn.Name))
			case *IndexExpr:
				if key, ok := fn.Key.(*StringExpr); ok {
					plain = append(plain, site(n, key.Value))
				}
			}
		}
		return true
	})
	for _, s := range plain {
		delete(methods, s)
	}
	if len(methods) == 0 {
		return ""
	}
	list := []string{""}
	for s := range methods {
		list = append(list, s)
	}
	slices.Sort(list)
	return strings.Join(append(list, ""), "\n")
}
