package surface

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/luago-lang/luago/compiler/diag"
)

// FileName is the name of a surface file beside its Go package.
const FileName = "surface.lua"

// modulePath is the Go module that the packages with surface files belong to.
const modulePath = "github.com/luago-lang/luago"

// Load reads all surface files of the runtime module's source.
func Load(runtime fs.FS) (*Surface, error) {
	var sources []Source
	for _, root := range []string{"rt", "wsrt"} {
		err := fs.WalkDir(runtime, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Base(name) != FileName {
				if name == root && errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				return err
			}
			data, err := fs.ReadFile(runtime, name)
			sources = append(sources, Source{name, path.Join(modulePath, path.Dir(name)), data})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var (
		files diag.Files
		sink  diag.Sink
	)
	s := Read(&files, &sink, sources)
	if !sink.HasErrors() {
		return s, nil
	}
	var messages strings.Builder
	sink.Render(&messages, &files)
	return nil, errors.New(strings.TrimSpace(messages.String()))
}
