package rt

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestParallelStates runs programs that share constants, shapes and functions
// in parallel, each in a State of its own: for the race detector.
func TestParallelStates(t *testing.T) {
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			th := NewState(nil, nil).Main
			class := NewTable()
			class.SetStr(MetaIndex, class.Value())
			class.SetStr(keyMethod, NewGoFunction("method", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) {
				return Index(th, a0, keyX.Value(), ""), 1
			}))
			var c FieldCache
			var m MethodCache
			sum := 0.0
			for i := range 300 {
				o := NewObject(shapeXY, Number(float64(i)), Number(2))
				o.SetMetatable(class)
				for j := range 5 {
					putField(th, o.Value(), manyKeys[(i+j*worker)%len(manyKeys)], True(), &c)
				}
				o.SetString(fmt.Sprint("dynamic", i), True())
				v, _ := Call(th, getMethod(th, o.Value(), keyMethod, &m), 1, o.Value(), Value{}, Value{})
				sum += v.F
				for it := Iterate(th, NextFunction(), o.Value(), Value{}); it.Next(th); {
					sum++
				}
				if err := Protect(th, func() { Add(th, o.Value(), Value{}, "") }); err == nil {
					t.Error("no error")
				}
				NewGoFunction("f", func(th *Thread, n int, a0, a1, a2 Value) (Value, int) { return a0, 1 })
				Equal(th, keyX.Value(), dynamic("x"))
				NewString("q").Str().ownHash()
				o.SetString("q", True())
			}
			if sum < 300*299/2 {
				t.Errorf("sum is %v", sum)
			}
		})
	}
	wg.Wait()
}

func TestCloseRunsHooksAndFlushes(t *testing.T) {
	st := NewState(nil, nil)
	var out bytes.Buffer
	st.Stdout = NewOutput(&out)
	st.AtExit(func() { st.Stdout.AppendString("first ") })
	st.AtExit(func() { st.Stdout.AppendString("second ") })
	st.Stdout.AppendString("main ")
	st.Close()
	if out.String() != "main second first " {
		t.Errorf("output %q", out.String())
	}
}

func TestUserdata(t *testing.T) {
	st := NewState(nil, nil)
	u := NewUserdata("host", nil)
	if u.Metatable() != nil || st.Metatable(u.Value()) != nil || u.Value().Userdata().Host != "host" {
		t.Error("a new userdata is wrong")
	}
	meta := NewTable()
	meta.SetStr(MetaIndex, goFn(func(u, k, _ Value) Value { return NewString(u.Userdata().Host.(string) + k.String()) }))
	u.SetMetatable(meta)
	if v := Field(st.Main, u.Value(), keyX, &FieldCache{}, ""); v.String() != "hostx" {
		t.Errorf("field of a userdata is %s", v)
	}
	if v := Method(st.Main, u.Value(), keyX, &MethodCache{}, ""); v.String() != "hostx" {
		t.Errorf("method of a userdata is %s", v)
	}
	wantError(t, st.Main, "attempt to index a userdata value", func() { SetIndex(st.Main, u.Value(), keyX.Value(), True(), "") })
}

func TestErrorMessage(t *testing.T) {
	st := NewState(nil, nil)
	o := withMeta(MetaToString, goFn(func(_, _, _ Value) Value { return NewString("shown") }))
	for want, v := range map[string]Value{"text": NewString("text"), "1": Number(1), "(error object is a nil value)": {}, "shown": o.Value()} {
		if got := st.errorMessage(v); got != want {
			t.Errorf("message %q, want %q", got, want)
		}
	}
	st.Describe = func(Value) string { return strings.Repeat("é", 1000) }
	if got, want := st.errorMessage(NewTable().Value()), "(error object is a table value): "+strings.Repeat("é", 200)+"..."; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
	if got := st.errorMessage(o.Value()); got != "shown" {
		t.Errorf("message %q, want what __tostring says", got)
	}
}
