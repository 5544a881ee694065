package jsonvalue

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
)

// table returns a table of alternating keys and values.
func table(kvs ...any) rt.Value {
	t := rt.NewTable()
	for i := 0; i < len(kvs); i += 2 {
		t.Set(value(kvs[i]), value(kvs[i+1]))
	}
	return t.Value()
}

// array returns a table with the given elements.
func array(vs ...any) rt.Value {
	t := rt.NewTable()
	for i, v := range vs {
		t.SetInt(i+1, value(v))
	}
	return t.Value()
}

func value(v any) rt.Value {
	switch x := v.(type) {
	case nil:
		return rt.Value{}
	case rt.Value:
		return x
	case bool:
		return rt.Bool(x)
	case int:
		return rt.Number(float64(x))
	case float64:
		return rt.Number(x)
	}
	return rt.NewString(v.(string))
}

// nested returns n tables, each but the last with the next one as its only
// element.
func nested(n int) rt.Value {
	v := array()
	for i := 1; i < n; i++ {
		v = array(v)
	}
	return v
}

var function = rt.NewGoFunction("f", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) { return a0, 1 })

func TestEncode(t *testing.T) {
	cases := []struct {
		v    rt.Value
		want string
	}{
		{value(nil), "null"}, {value(true), "true"}, {value(false), "false"}, {value(1), "1"}, {value(-5), "-5"}, {value(0.5), "0.5"}, {value(math.Copysign(0, -1)), "0"},
		{value(1e15), "1000000000000000"}, {value(1 << 53), "9007199254740992"}, {value(1e20), "100000000000000000000"}, {value(1e21), "1e+21"}, {value(1e-7), "1e-07"}, {value(math.Nextafter(0.3, 1)), "0.30000000000000004"},
		{value(""), `""`}, {value("a\"b\\c\n\r\t\b\f\x01\x1f\x7f/<é\u2028𝄞"), "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0001\\u001f\x7f/<é\u2028𝄞\""},
		{array(), "[]"}, {array(1, "a", true), `[1,"a",true]`}, {array(array(), array(1)), "[[],[1]]"}, {table("a", 1), `{"a":1}`}, {table("b", 1, "a", 2, "c", array(1)), `{"a":2,"b":1,"c":[1]}`},
		{table("k1", 1, "k3", 3, "k2", 2, "z", 1, "y", 2, "x", 3, "w", 4, "v", 5, "u", 6, "t", 7, "s", 8, "r", 9, "q", 0, "p", 0), `{"k1":1,"k2":2,"k3":3,"p":0,"q":0,"r":9,"s":8,"t":7,"u":6,"v":5,"w":4,"x":3,"y":2,"z":1}`},
		{table("o", table("b", table("x", 1), "a", table())), `{"o":{"a":[],"b":{"x":1}}}`}, {nested(MaxDepth), strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)},
	}
	for _, c := range cases {
		got, err := Encode(c.v)
		if err != nil || got != c.want {
			t.Errorf("Encode gives %s, %v, want %s", got, err, c.want)
		}
		if loose := LooseEncode(c.v); loose != c.want {
			t.Errorf("LooseEncode gives %s, want %s", loose, c.want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is not JSON", got)
		}
		b, err := Append([]byte("x"), c.v)
		if err != nil || string(b) != "x"+c.want {
			t.Errorf("Append gives %s, %v", b, err)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	cycle := array(1)
	cycle.Table().SetInt(2, cycle)
	field := table()
	field.Table().SetString("self", table("x", field))
	cases := []struct {
		v           rt.Value
		want, loose string
	}{
		{function, "cannot encode a function as JSON", "function: 0x"}, {array(function), "cannot encode a function as JSON", "function: 0x"},
		{value(math.NaN()), "cannot encode the number nan as JSON", `"nan"`}, {value(math.Inf(-1)), "cannot encode the number -inf as JSON", `"-inf"`},
		{cycle, "cannot encode a table that contains itself as JSON", `[1,"table: 0x`}, {field, "cannot encode a table that contains itself as JSON", `{"self":{"x":"table: 0x`},
		{table(1, "x", "a", 2), "mixed or other keys", `{"1":"x","a":2}`}, {table(2, "x"), "mixed or other keys", `{"2":"x"}`}, {array(1, nil, 3), "mixed or other keys", `{"1":1,"3":3}`}, {table(true, 1), "mixed or other keys", `{"true":1}`},
		{table(0.5, 1), "mixed or other keys", `{"0.5":1}`}, {table("a", 1, 1.5, 2), "mixed or other keys", `{"1.5":2,"a":1}`},
		{value("a\xffb\xc3"), "cannot encode a string that is not UTF-8 as JSON (byte 2)", "\"a\uFFFDb\uFFFD\""}, {nested(MaxDepth + 1), "nested more than 1000 deep", "[[["}, {table("\xff", 1), "not UTF-8", "{\"\uFFFD\":1}"},
	}
	for _, c := range cases {
		if s, err := Encode(c.v); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Encode gives %.60s, %v, want the error %s", s, err, c.want)
		}
		if s := LooseEncode(c.v); !strings.Contains(s, c.loose) || !json.Valid([]byte(s)) {
			t.Errorf("LooseEncode gives %.60s, want %s", s, c.loose)
		}
	}
	if s, err := Encode(array(1)); s != "[1]" || err != nil {
		t.Errorf("after errors Encode gives %s, %v", s, err)
	}
	shared := array(1)
	if s, err := Encode(array(shared, shared)); s != "[[1],[1]]" || err != nil {
		t.Errorf("a table used twice: %s, %v", s, err)
	}
}

func TestDecode(t *testing.T) {
	for in, want := range map[string]string{
		"null": "null", " true ": "true", "false": "false", "0": "0", "-0": "0", "12": "12", "-1.5e2": "-150", "1E-3": "0.001", "123456789012345678": "123456789012345680", `""`: `""`, `"a"`: `"a"`,
		`"\"\\\/\b\f\n\r\té\ud834\udd1e\ud834x\udd1e"`: "\"\\\"\\\\/\\b\\f\\n\\r\\té𝄞\uFFFDx\uFFFD\"", "[]": "[]", "[ ]": "[]", "[1, 2 ,3]": "[1,2,3]", "{}": "{}", "{ }": "{}", `[{},[],{"a":{}}]`: `[{},[],{"a":{}}]`,
		`{"a":1,"b":[true,{"c":null}]}`: `{"a":1,"b":[true,{"c":null}]}`, `{"a":1,"a":2}`: `{"a":2}`, `{"a":1,"a":null}`: `{"a":null}`, `{"a":null,"a":1}`: `{"a":1}`, `{"b":null,"a":null,"b":null}`: `{"a":null,"b":null}`, "[[[]]]": "[[[]]]", "[1,null]": "[1,null]", "[null,null]": "[null,null]", "[null,1]": "[null,1]", "[[null],null]": "[[null],null]", "\t\n\r [\"x\"] ": `["x"]`, `{"1":2}`: `{"1":2}`,
		strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth): strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), "1e999": "",
	} {
		v, err := Decode(in, rt.Value{})
		if err != nil {
			t.Errorf("Decode(%.60s): %v", in, err)
			continue
		}
		if got, _ := Encode(v); got != want {
			t.Errorf("Decode(%.60s) gives %.60s, want %.60s", in, got, want)
		}
	}
	v, _ := Decode("[1,null,3]", rt.NewString("null"))
	if s, _ := Encode(v); s != `[1,"null",3]` {
		t.Errorf("with a value for null: %s", s)
	}
}

// TestSketch: a sketch of a large table is short.
func TestSketch(t *testing.T) {
	var many []any
	for i := range 100_000 {
		many = append(many, i)
	}
	for _, tt := range []struct {
		v    rt.Value
		want string
	}{
		{array(1, table("a", function)), `[1,{"a":"function: `}, {array(many...), "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,3"}, {value(strings.Repeat("é", 100)), `"` + strings.Repeat("é", 49)},
	} {
		if got := Sketch(tt.v, 100); !strings.HasPrefix(got, tt.want) || len(got) > 100 {
			t.Errorf("Sketch gives %.200s, want %s", got, tt.want)
		}
	}
}

// decoded returns what JSON text stands for, changed by alternating keys and
// values.
func decoded(t *testing.T, text string, kvs ...any) rt.Value {
	t.Helper()
	v, err := Decode(text, rt.Value{})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(kvs); i += 2 {
		v.Table().Set(value(kvs[i]), value(kvs[i+1]))
	}
	return v
}

func formed(form rt.JSONForm, v rt.Value) rt.Value {
	v.Table().SetJSONForm(form)
	return v
}

// TestMarks: what has been decoded and changed is what its keys say, and what it
// was where they say nothing.
func TestMarks(t *testing.T) {
	far := table(1, 1, 5000, 2)
	cases := []struct {
		v           rt.Value
		want, loose string // loose is "" if it is the same
	}{
		{decoded(t, "{}", "a", 1), `{"a":1}`, ""}, {decoded(t, "{}", 1, "x"), `["x"]`, ""}, {decoded(t, `{"a":1}`, "a", nil), "{}", ""}, {decoded(t, "[1]", 1, nil), "[]", ""}, {decoded(t, "[]", "a", 1), `{"a":1}`, ""},
		{decoded(t, `{"a":null,"b":1}`, "b", nil), `{"a":null}`, ""}, {decoded(t, `{"a":null,"b":1}`, "a", 2), `{"a":2,"b":1}`, ""}, {decoded(t, `{"b":null}`, "a", 1, "c", 2), `{"a":1,"b":null,"c":2}`, ""}, {decoded(t, `{"a":null}`, 1, "x"), `["x"]`, ""}, {decoded(t, `{"a":null}`, true, "x"), "mixed", `{"a":null,"true":"x"}`},
		{decoded(t, "[1,null,3]", 2, 5), "[1,5,3]", ""}, {decoded(t, "[1,null,3]", 4, 5), "[1,null,3,5]", ""}, {decoded(t, "[1,null]", 1, nil), "[]", ""}, {decoded(t, "[null]", "a", 1), `{"a":1}`, ""}, {decoded(t, "[null,1]", "a", 1), "mixed", `{"2":1,"a":1}`}, {decoded(t, "["+strings.Repeat("null,", 2000)+"1]"), "[" + strings.Repeat("null,", 2000) + "1]", ""},
		{formed(rt.JSONArray, array()), "[]", ""}, {formed(rt.JSONArray, array(1, nil, 3)), "[1,null,3]", ""}, {formed(rt.JSONArray, table(3, "c")), `[null,null,"c"]`, ""}, {formed(rt.JSONArray, table("a", 1)), "array with other keys", `{"a":1}`}, {formed(rt.JSONArray, table(1.5, 1)), "array with other keys", `{"1.5":1}`},
		{formed(rt.JSONArray, far), "array that lacks 4998 elements", `{"1":1,"5000":2}`}, {formed(rt.JSONArray, decoded(t, "{}")), "[]", ""},
		{formed(rt.JSONObject, array()), "{}", ""}, {formed(rt.JSONObject, array("a", "b")), `{"1":"a","2":"b"}`, ""}, {formed(rt.JSONObject, table(-1, 1, 2.5, 2, "x", 3)), `{"-1":1,"2.5":2,"x":3}`, ""}, {formed(rt.JSONObject, table("1", 1, 1, 2)), `two keys "1"`, `{"1":`}, {formed(rt.JSONObject, table(true, 1)), "mixed", `{"true":1}`},
		{array(1, Null(rt.NewState(nil, nil)), 3), "[1,null,3]", ""}, {table("a", Null(rt.NewState(nil, nil))), `{"a":null}`, ""}, {rt.NewUserdata(nil, nil).Value(), "cannot encode a userdata", "userdata: 0x"},
	}
	for _, c := range cases {
		got, err := Encode(c.v)
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("Encode gives %.60s, want %.60s", got, c.want)
		}
		if c.loose == "" {
			c.loose = c.want
		}
		if s := LooseEncode(c.v); !strings.Contains(s, c.loose) {
			t.Errorf("LooseEncode gives %.60s, want %.60s", s, c.loose)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"": "unexpected end of JSON, expected a value at offset 1", " x": "unexpected 'x', expected a value at offset 2", "[1,]": "unexpected ']', expected a value at offset 4", "[1 2]": "unexpected '2', expected ',' or ']' at offset 4",
		"{1:2}": "unexpected '1', expected a key at offset 2", `{"a" 1}`: "unexpected '1', expected ':' at offset 6", `{"a":1,}`: "unexpected '}', expected a key at offset 8", `"abc`: "unexpected end of JSON, expected '\"' at offset 5",
		"\"a\nb\"": "control character in a string at offset 3", `"\x"`: "invalid escape in a string at offset 2", `"\u12g4"`: "invalid escape in a string at offset 2", "01": "unexpected '1', expected a number at offset 2", "-": "unexpected end of JSON, expected a number at offset 2",
		"1.": "unexpected end of JSON, expected a digit at offset 3", "1e+": "unexpected end of JSON, expected a digit at offset 4", "1 2": "unexpected text after the value at offset 3", "nul": "unexpected 'n', expected a value at offset 1", "tru": "", "[": "", "{": "", `{"a"`: "", `{"a":`: "", `{"a":1`: "", "+1": "", ".5": "", "'a'": "", "NaN": "", "\"\\": "", "\"\\u12": "",
		strings.Repeat("[", MaxDepth+1): "nesting deeper than 1000 at offset 1001", strings.Repeat(`{"a":`, MaxDepth+1): "nesting deeper than 1000 at offset 5001", "[1}": "", "\"\x01\"": "",
	} {
		v, err := Decode(in, rt.Value{})
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || want != "" && err.Error() != want || !v.IsNil() {
			t.Errorf("Decode(%.40s) = %v, %v, want %s", in, v, err, want)
		}
	}
}

// FuzzDecode checks that what decodes is JSON, and encodes to JSON of the same
// meaning.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x\u0041",null,true]}`, "[", `"\ud834"`, "-1e5", `{"a":{}}`, `{"a":null,"b":[null,1,null],"":{"a":null,"a":1}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := Decode(s, rt.Value{})
		if (err == nil) != json.Valid([]byte(s)) {
			if err != nil && strings.Contains(err.Error(), "nesting") {
				return
			}
			t.Fatalf("Decode(%q): %v", s, err)
		}
		if err != nil {
			return
		}
		again, err := Encode(v)
		if err != nil {
			return // not UTF-8, or too large a number
		}
		var before, after any
		if err := json.Unmarshal([]byte(s), &before); err != nil {
			return // too large a number
		}
		if err := json.Unmarshal([]byte(again), &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Fatalf("%q becomes %q", s, again)
		}
	})
}

func sample() rt.Value {
	var users []any
	for i := 0; i < 20; i++ {
		users = append(users, table("id", i, "name", "user name", "score", float64(i)*1.5, "tags", array("a", "b"), "active", true))
	}
	return table("type", "update", "users", array(users...), "at", 1700000000)
}

func BenchmarkEncode(b *testing.B) {
	v := sample()
	s, _ := Encode(v)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		Encode(v)
	}
}

func BenchmarkDecode(b *testing.B) {
	s, _ := Encode(sample())
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		Decode(s, rt.Value{})
	}
}

func BenchmarkDecodeStandard(b *testing.B) {
	s, _ := Encode(sample())
	b.SetBytes(int64(len(s)))
	for i := 0; i < b.N; i++ {
		var v any
		json.Unmarshal([]byte(s), &v)
	}
}
