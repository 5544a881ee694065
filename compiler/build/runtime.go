package build

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// modulesDir is the folder of the runtime module with the modules that it
// requires: an archive each, as the Go module proxy serves it, named
// <path>@<version>.zip, and the modules.txt that "go mod vendor" writes. On the
// disk they become the module's folder vendor, where go build looks for them
// and nowhere else: no network, no module cache.
const modulesDir = "modules"

// runtimeDir returns the folder that holds the runtime module, after writing
// it if need be. Its name is a hash of the module's content, so that an
// existing one is right.
func (c *Cache) runtimeDir() (string, error) {
	names, hash, err := runtimeFiles(c.Runtime)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(c.Dir, "runtime", hash)
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		touch(dir)
		return dir, nil
	}
	tmp, err := c.tempDir()
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	root := filepath.Join(tmp, "module")
	for _, name := range names {
		data, err := fs.ReadFile(c.Runtime, name)
		if err != nil {
			return "", err
		}
		if err := writeRuntimeFile(root, name, data); err != nil {
			return "", err
		}
	}
	c.logf("runtime source: %s", dir)
	return dir, install(root, dir)
}

// writeRuntimeFile writes a file of the runtime module below folder root.
func writeRuntimeFile(root, name string, data []byte) error {
	if inner, ok := strings.CutPrefix(name, modulesDir+"/"); ok {
		if module, ok := strings.CutSuffix(inner, ".zip"); ok {
			return extractModule(filepath.Join(root, "vendor"), module, data)
		}
		name = "vendor/" + inner
	}
	return writeFile(filepath.Join(root, filepath.FromSlash(name)), data)
}

// extractModule writes the packages of a module ("path@version"), with its
// licence and its authors, to a vendor folder.
func extractModule(vendor, module string, archive []byte) error {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return fmt.Errorf("module %s: %w", module, err)
	}
	modulePath, _, _ := strings.Cut(module, "@")
	for _, f := range r.File {
		name, ok := strings.CutPrefix(f.Name, module+"/")
		if !ok || !fs.ValidPath(name) || !isVendored(name) {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return fmt.Errorf("module %s: %w", module, err)
		}
		data, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close()); err != nil {
			return fmt.Errorf("module %s: %w", module, err)
		}
		if err := writeFile(filepath.Join(vendor, filepath.FromSlash(modulePath+"/"+name)), data); err != nil {
			return err
		}
	}
	return nil
}

// isVendored reports whether a file of a module is needed to build with it, or
// has to go with it.
func isVendored(name string) bool {
	base := path.Base(name)
	return path.Ext(base) == ".go" && !strings.HasSuffix(base, "_test.go") || base == "LICENSE" || base == "AUTHORS"
}

// writeFile writes a file and makes the folders above it.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o666)
}

// runtimeFiles returns the files of the runtime module that a build needs,
// sorted, and a hash of their names and contents.
func runtimeFiles(fsys fs.FS) (names []string, hash string, err error) {
	h := sha256.New()
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		names = append(names, name)
		fmt.Fprintf(h, "%s\n%d\n", name, len(data))
		h.Write(data)
		return nil
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("luago was built without its runtime")
	}
	return names, fmt.Sprintf("%x", h.Sum(nil))[:32], err
}
