package rt

// What a table stands for in JSON text, beyond what its keys say. Lua has one
// kind of table where JSON has two kinds of values, and its nil is no element:
// package jsonvalue leaves marks on tables so that nothing is lost. Scripts
// cannot see them; they stay with a table as long as it lives.

// A JSONForm says what JSON text a table stands for.
type JSONForm uint8

const (
	JSONByKeys      JSONForm = iota // an array where the keys are 1..n or none, an object where they are strings
	JSONEmptyObject                 // the same, but an object where there are none
	JSONArray                       // an array; elements that are missing are null
	JSONObject                      // an object; keys that are numbers are written as strings
)

// JSONForm returns the form of t.
func (t *Table) JSONForm() JSONForm { return JSONForm(t.flags & tabJSON / tabJSONUnit) }

// SetJSONForm gives t a form.
func (t *Table) SetJSONForm(f JSONForm) {
	t.flags = t.flags&^tabJSON | uint8(f)*tabJSONUnit
}

// JSONNulls are the nulls of the text that a table was read from: nil to the
// script. They are null in JSON text as long as they are nil.
type JSONNulls struct {
	Keys []*String // of an object
	Len  int       // of an array
	Last int       // the last element of it that was not null, 0 if all were
}

// A nullsTable is a table that remembers nulls.
type nullsTable struct {
	Table
	nulls JSONNulls
}

// WithJSONNulls returns a table that has taken over the fields of t, which
// nothing refers to, and remembers nulls.
func (t *Table) WithJSONNulls(nulls JSONNulls) *Table {
	n := &nullsTable{Table: *t, nulls: nulls}
	n.flags |= tabNulls
	return &n.Table
}

// JSONNulls returns the nulls that t remembers, nil if there are none.
func (t *Table) JSONNulls() *JSONNulls {
	if t.flags&tabNulls == 0 {
		return nil
	}
	return &(*nullsTable)(t.Value().P).nulls
}
