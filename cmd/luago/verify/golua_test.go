package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunGoLua(t *testing.T) {
	for _, tt := range []struct {
		script string
		stdout string
		stderr string // without the name of the script
		status int
	}{
		{"print(1, 'a', ...) io.write(arg[1], '\\n'):write('')", "1\ta\tx\ty\nx\n", "", 0},
		{"print(('a.b'):find('b', 1), ('a.b'):find('.', 1, true))", "3\t2\t2\n", "", 0},
		{"print(('abc'):find('', 10), ('abc'):find('', -1))", "nil\t3\t2\n", "", 0},
		{"local t = setmetatable({}, {__index = {x = 1}}) print(t.x, getmetatable(setmetatable(t, nil)))", "1\tnil\n", "", 0},
		{"print(1) error('oops', 0)", "1\n", "luago: oops\n", 1},
	} {
		path := filepath.Join(t.TempDir(), "x.lua")
		if err := os.WriteFile(path, []byte(tt.script), 0o666); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr strings.Builder
		status := RunGoLua(path, []string{"x", "y"}, &stdout, &stderr)
		if stdout.String() != tt.stdout || stderr.String() != tt.stderr || status != tt.status {
			t.Errorf("%s: %q, %q, status %d", tt.script, stdout.String(), stderr.String(), status)
		}
	}
}
