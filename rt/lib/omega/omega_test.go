package omega

import (
	"path/filepath"
	"testing"

	"github.com/luago-lang/luago/rt"
)

func TestGetCodePath(t *testing.T) {
	st := rt.NewState(nil, nil)
	Open(st)
	module, _ := rt.CallValues(st.Main, st.Preload.GetString("omega"))
	f := module.Table().GetString("storage_path").Table().GetString("get_code_path")
	get := func(args ...rt.Value) string {
		v, _ := rt.CallValues(st.Main, f, args...)
		return filepath.ToSlash(v.String())
	}
	t.Setenv("LUAGO_STORAGE", "")
	if got := get(rt.NewString("a"), rt.NewString("?.lua")); got != "./storage/lang/a/?.lua" {
		t.Errorf("path %q", got)
	}
	t.Setenv("LUAGO_STORAGE", "/data")
	if got := get(rt.NewString("1"), rt.Number(2), rt.NewString("3"), rt.NewString("4")); got != "/data/lang/1/2/3/4" {
		t.Errorf("path %q", got)
	}
	if got := get(); got != "/data/lang" {
		t.Errorf("path %q", got)
	}
}
