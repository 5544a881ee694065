package jsonvalue

import (
	"errors"
	"math"
	"strconv"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/number"
)

// maxMissing is how many elements of an array may be missing: one element far
// out must not fill the memory with nulls.
const maxMissing = 1000

// appendMarked appends a table that has a form of its own or remembers nulls.
func (e *encoder) appendMarked(b []byte, t *rt.Table, form rt.JSONForm) ([]byte, error) {
	nulls := t.JSONNulls()
	if nulls == nil {
		nulls = &rt.JSONNulls{}
	}
	last, count := 0, 0
	if form != rt.JSONObject {
		last, count = extent(t)
	}
	switch {
	case form == rt.JSONObject, last <= 0 && len(nulls.Keys) > 0 && form != rt.JSONArray:
		return e.appendNamed(b, t, form, nulls)
	case last < 0 && form == rt.JSONArray && !e.loose:
		return b, errors.New("cannot encode an array with other keys than 1..n as JSON")
	case last < 0 || form != rt.JSONArray && nulls.Len == 0:
		return e.appendByKeys(b, t)
	}
	missing, size := last-count, last
	if nulls.Len > 0 && last == nulls.Last {
		missing, size = 0, nulls.Len
	}
	switch {
	case missing <= maxMissing:
		return e.appendSparse(b, t, size)
	case e.loose:
		return e.appendByKeys(b, t)
	}
	return b, errors.New("cannot encode an array that lacks " + strconv.Itoa(missing) + " elements as JSON")
}

// extent returns the greatest key of t and the number of keys, or -1 if not all
// of them are positive integers.
func extent(t *rt.Table) (last, count int) {
	for k, _, _ := t.Next(rt.Value{}); !k.IsNil(); k, _, _ = t.Next(k) {
		if !k.IsNumber() || k.F < 1 || k.F > math.MaxInt32 || k.F != math.Trunc(k.F) {
			return -1, 0
		}
		last = max(last, int(k.F))
		count++
	}
	return last, count
}

// appendSparse appends elements 1 to size; those that are nil are null.
func (e *encoder) appendSparse(b []byte, t *rt.Table, size int) ([]byte, error) {
	b = append(b, '[')
	var err error
	for i := 1; i <= size; i++ {
		if i > 1 {
			b = append(b, ',')
		}
		if b, err = e.append(b, t.GetInt(i)); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

// appendNamed appends t as an object, with the nulls that it remembers.
func (e *encoder) appendNamed(b []byte, t *rt.Table, form rt.JSONForm, nulls *rt.JSONNulls) ([]byte, error) {
	base := len(e.fields)
	for k, v, _ := t.Next(rt.Value{}); !k.IsNil(); k, v, _ = t.Next(k) {
		name := ""
		switch {
		case k.IsString():
			name = k.Str().String()
		case k.IsNumber() && form == rt.JSONObject:
			name = number.Format(k.F)
		case e.loose:
			name = k.String()
		default:
			return b, errKeys
		}
		e.fields = append(e.fields, field{name, v})
	}
	for _, k := range nulls.Keys {
		if t.GetStr(k).IsNil() {
			e.fields = append(e.fields, field{k.String(), rt.Value{}})
		}
	}
	fields := e.fields[base:]
	sortFields(fields)
	for i := 1; i < len(fields) && !e.loose; i++ {
		if fields[i].key == fields[i-1].key {
			return b, errors.New("cannot encode a table with two keys " + strconv.Quote(fields[i].key) + " as JSON")
		}
	}
	return e.appendFields(b, base)
}

// null is the Go value behind json.null.
type null struct{}

type nullKey struct{}

// Null returns the value that stands for null in st where nil cannot: json.null.
func Null(st *rt.State) rt.Value {
	if v, ok := st.Registry[nullKey{}].(rt.Value); ok {
		return v
	}
	meta := rt.NewTable()
	meta.SetStr(rt.MetaMetatable, rt.NewString("null"))
	meta.SetStr(rt.MetaToString, rt.NewGoFunction("__tostring", func(*rt.Thread, int, rt.Value, rt.Value, rt.Value) (rt.Value, int) {
		return rt.NewString("null"), 1
	}))
	v := rt.NewUserdata(null{}, meta).Value()
	st.Registry[nullKey{}] = v
	return v
}

// IsNull reports whether v is json.null.
func IsNull(v rt.Value) bool {
	if v.Kind() != rt.KindUserdata {
		return false
	}
	_, ok := v.Userdata().Host.(null)
	return ok
}
