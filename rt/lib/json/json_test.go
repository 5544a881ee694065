package json

import (
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
)

func TestModule(t *testing.T) {
	st := rt.NewState(nil, nil)
	Open(st)
	th := st.Main
	module, _ := rt.CallValues(th, st.Preload.GetString("json"))
	call := func(name string, args ...rt.Value) []rt.Value {
		first, n := rt.CallValues(th, module.Table().GetString(name), args...)
		return th.Results(first, n)
	}
	v := call("decode", rt.NewString(`{"b":[1,2.5,null],"a":"x"}`))
	if rs := call("encode", v[0]); len(rs) != 1 || rs[0].String() != `{"a":"x","b":[1,2.5,null]}` {
		t.Errorf("encode gives %v", rs)
	}
	if rs := call("encode", module); len(rs) != 2 || !rs[0].IsNil() || !strings.Contains(rs[1].String(), "cannot encode a function") {
		t.Errorf("encode of functions gives %v", rs)
	}
	if rs := call("loose_encode", module); !strings.HasPrefix(rs[0].String(), `{"array":"function: 0x`) {
		t.Errorf("loose_encode gives %v", rs)
	}
	if rs := call("decode", rt.NewString("[1,")); len(rs) != 2 || !rs[0].IsNil() || !strings.Contains(rs[1].String(), "at offset 4") {
		t.Errorf("decode of a broken text gives %v", rs)
	}
	if rs := call("decode", rt.NewString("null")); len(rs) != 1 || !rs[0].IsNil() {
		t.Errorf("decode of null gives %v", rs)
	}
}
