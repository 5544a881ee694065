package infer

import (
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
)

// Library guesses which function of the string library x is, by the name it
// has there:
//
//	string.sub          sub
//	local cut, s = string.sub, string
//	cut                 sub
//	s.byte              byte
//
// It returns "" for anything else. Scripts may put another function in its
// place: whoever relies on the guess tests it when the program runs.
func (f *Facts) Library(info *resolve.Info, x syntax.Expr) string {
	switch x := x.(type) {
	case *syntax.NameExpr:
		if v := info.Uses[x]; v != nil && f != nil && f.library[v] != stringLibrary {
			return f.library[v]
		}
	case *syntax.IndexExpr:
		if key, ok := x.Key.(*syntax.StringExpr); ok && f.isStringLibrary(info, x.X) {
			return key.Value
		}
	}
	return ""
}

// stringLibrary stands for the table string itself; no function has that name.
const stringLibrary = "."

// isStringLibrary guesses whether x is the table string.
func (f *Facts) isStringLibrary(info *resolve.Info, x syntax.Expr) bool {
	if name, ok := x.(*syntax.NameExpr); ok && info.Uses[name] != nil {
		return f != nil && f.library[info.Uses[name]] == stringLibrary
	}
	return info.IsGlobal(x, "string")
}

// findLibrary decides Library for locals: those that nothing but their
// declaration assigns to.
func (f *Facts) findLibrary(modules []*resolve.Module) {
	for _, m := range modules {
		syntax.Walk(m.Info.Chunk, func(n syntax.Node) bool {
			s, ok := n.(*syntax.LocalStmt)
			if !ok {
				return true
			}
			for i, name := range s.Names {
				v, x := m.Info.Defs[name], alone(s.Values, i)
				switch {
				case v == nil || x == nil || v.Assigned > 0:
				case f.isStringLibrary(m.Info, x):
					f.library[v] = stringLibrary
				default:
					if guess := f.Library(m.Info, x); guess != "" {
						f.library[v] = guess
					}
				}
			}
			return true
		})
	}
}
