package build

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

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
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			return "", err
		}
	}
	c.logf("runtime source: %s", dir)
	return dir, install(root, dir)
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
