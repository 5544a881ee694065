// Package omega is the host module omega: where the host keeps the files of
// scripts.
package omega

import (
	"os"
	"path/filepath"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Open makes the module known to require.
func Open(st *rt.State) {
	st.RegisterHost("omega", rt.NewGoFunction("omega", load))
}

// load returns the module's table.
func load(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	storagePath := rt.NewTable()
	lib.Add(storagePath, []lib.Entry{
		{Name: "get_code_path", Fn: getCodePath},
	})
	t := rt.NewTable()
	t.SetString("storage_path", storagePath.Value())
	return t.Value(), 1
}

// getCodePath is omega.storage_path.get_code_path (...).
func getCodePath(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	storage := os.Getenv("LUAGO_STORAGE")
	if storage == "" {
		storage = "." + string(filepath.Separator) + "storage"
	}
	path := storage + string(filepath.Separator) + "lang"
	for i := 0; i < n; i++ {
		path += string(filepath.Separator) + lib.Text(th, "get_code_path", i+1, n, th.Arg(i, n, a0, a1, a2))
	}
	return rt.NewString(path), 1
}
