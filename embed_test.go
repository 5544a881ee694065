package luago

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestModules checks that the modules which luago carries are the ones that
// go.mod requires, to the last byte: by the hashes in go.sum, as the go command
// does when it downloads one.
func TestModules(t *testing.T) {
	sums, err := fs.ReadFile(RuntimeSource, "go.sum")
	if err != nil {
		t.Fatal(err)
	}
	required, err := fs.ReadFile(RuntimeSource, "go.mod")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = fs.WalkDir(RuntimeSource, "modules", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".zip" {
			return err
		}
		found++
		path, version, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(name, "modules/"), ".zip"), "@")
		if !strings.Contains(string(required), fmt.Sprintf("\t%s %s\n", path, version)) {
			t.Errorf("go.mod does not require %s; run make modules", name)
		}
		hash, err := hashModule(name)
		if err != nil {
			return err
		}
		if line := fmt.Sprintf("%s %s %s\n", path, version, hash); !strings.Contains(string(sums), line) {
			t.Errorf("%s is not the module that go.sum names: its hash is %s", name, hash)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found != 1 {
		t.Errorf("found %d modules, want gorilla/websocket", found)
	}
}

// hashModule returns the hash of a module's archive as go.sum has it: of the
// names of its files and of their hashes.
func hashModule(name string) (string, error) {
	f, err := RuntimeSource.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	archive, err := zip.NewReader(f.(io.ReaderAt), info.Size())
	if err != nil {
		return "", err
	}
	slices.SortFunc(archive.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	all := sha256.New()
	for _, file := range archive.File {
		in, err := file.Open()
		if err != nil {
			return "", err
		}
		one := sha256.New()
		if _, err := io.Copy(one, in); err != nil {
			return "", err
		}
		fmt.Fprintf(all, "%x  %s\n", one.Sum(nil), file.Name)
	}
	return "h1:" + base64.StdEncoding.EncodeToString(all.Sum(nil)), nil
}
