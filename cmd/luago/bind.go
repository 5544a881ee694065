package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/luago-lang/luago/compiler/bind"
	"github.com/luago-lang/luago/compiler/output"
	"github.com/luago-lang/luago/compiler/surface"
)

const bindDetail = `For the development of luago itself: reads DIR/surface.lua of a package of the
runtime and writes the adapters that it declares to DIR/` + bind.FileName + `.
DIR is relative to the root of luago's source. With a FILE.md instead, writes
what all surface files declare to that, for people.
`

func runBind(_ *terminal, c *command, args []string) error {
	if len(args) != 1 {
		return &usageError{c, "expected one folder"}
	}
	dir := filepath.ToSlash(filepath.Clean(args[0]))
	s, err := surface.Load(os.DirFS("."))
	if err != nil {
		return err
	}
	if filepath.Ext(dir) == ".md" {
		return os.WriteFile(dir, bind.Document(s), 0o666)
	}
	for _, m := range s.Modules() {
		if m.File != dir+"/surface.lua" {
			continue
		}
		data, err := bind.Generate(m)
		if err != nil {
			return err
		}
		return output.Write(filepath.Join(dir, bind.FileName), bytes.NewReader(data), 0o666)
	}
	return fmt.Errorf("no surface file in %s", dir)
}
