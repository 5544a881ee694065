package build

import (
	"slices"
	"testing"
)

func TestGoOutput(t *testing.T) {
	for _, tt := range []struct {
		name   string
		text   string
		stages []Stage
		rest   string
	}{
		{"nothing", "", nil, ""},
		{"a script", "github.com/luago-lang/luago/program/v1/abc\n", []Stage{MainPackage}, ""},
		{"a new runtime", "github.com/luago-lang/luago/rt\ngithub.com/luago-lang/luago/program/v1/abc\n", []Stage{RuntimeModule, MainPackage}, ""},
		{"the first build", "internal/goarch\ngithub.com/luago-lang/luago/rt/number\nnet/http\ngithub.com/luago-lang/luago/program/v1/abc\n",
			[]Stage{StandardLibrary, MainPackage}, ""},
		{"errors", "net/http\n# net/http\nx.go:1: no\nsignal: killed", []Stage{StandardLibrary}, "# net/http\nx.go:1: no\nsignal: killed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stages []Stage
			o := goOutput{progress: func(s Stage) { stages = append(stages, s) }}
			for _, b := range []byte(tt.text) {
				o.Write([]byte{b})
			}
			if !slices.Equal(stages, tt.stages) || o.text() != tt.rest {
				t.Errorf("stages %v, want %v; text %q, want %q", stages, tt.stages, o.text(), tt.rest)
			}
		})
	}
}
