//go:build unix

package output

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

func write(t *testing.T, path, text string, perm fs.FileMode) {
	t.Helper()
	if err := Write(path, strings.NewReader(text), perm); err != nil {
		t.Fatal(err)
	}
}

// expect checks that the only things in a folder are the named files.
func expect(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if want, ok := files[e.Name()]; !ok || err != nil || string(data) != want {
			t.Errorf("%s holds %q (%v), want %q", e.Name(), data, err, want)
		}
	}
	if len(entries) != len(files) {
		t.Errorf("found %v, want %v", entries, files)
	}
}

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	mask := fs.FileMode(syscall.Umask(0o027))
	defer syscall.Umask(int(mask))
	write(t, path, "one", 0o777)
	if m := modeOf(t, path); m != 0o750 {
		t.Errorf("a new file has mode %v, want 0750", m)
	}
	old, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := os.Chmod(path, 0o604); err != nil {
		t.Fatal(err)
	}
	write(t, path, "two", 0o666)
	if m := modeOf(t, path); m != 0o604 {
		t.Errorf("replaced, it has mode %v, want 0604", m)
	}
	write(t, path, "three", 0o777)
	if m := modeOf(t, path); m != 0o705 {
		t.Errorf("replaced by an executable, it has mode %v, want 0705", m)
	}
	if data, err := io.ReadAll(old); err != nil || string(data) != "one" {
		t.Errorf("who has the old file open reads %q (%v)", data, err)
	}
	expect(t, dir, map[string]string{"x": "three"})
}

func TestWriteLink(t *testing.T) {
	dir := t.TempDir()
	link, chain, target := filepath.Join(dir, "link"), filepath.Join(dir, "chain"), filepath.Join(dir, "target")
	for name, to := range map[string]string{link: "target", chain: link} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	write(t, chain, "new", 0o666) // leads to nothing yet
	expect(t, dir, map[string]string{"link": "new", "chain": "new", "target": "new"})
	write(t, link, "newer", 0o666)
	expect(t, dir, map[string]string{"link": "newer", "chain": "newer", "target": "newer"})
	if modeOf(t, link)&fs.ModeSymlink == 0 || modeOf(t, target)&fs.ModeSymlink != 0 {
		t.Error("the link was replaced")
	}
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	if err := Write(loop, strings.NewReader("x"), 0o666); err == nil {
		t.Error("wrote through a link to itself")
	}
}

// A file that cannot be written whole does not appear, and the old one stays.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("no more")))
	if err := Write(filepath.Join(dir, "x"), broken, 0o666); err == nil {
		t.Error("no error from a reader that fails")
	}
	expect(t, dir, nil)
	write(t, filepath.Join(dir, "x"), "old", 0o666)
	broken = io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("no more")))
	if err := Write(filepath.Join(dir, "x"), broken, 0o666); err == nil {
		t.Error("no error from a reader that fails")
	}
	expect(t, dir, map[string]string{"x": "old"})
	if err := Write(filepath.Join(dir, "no", "folder"), strings.NewReader("x"), 0o666); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a folder that is none: %v", err)
	}
}

func TestWriteNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		data, err := os.ReadFile(pipe)
		if err != nil {
			t.Error(err)
		}
		got <- string(data)
	}()
	write(t, pipe, "through", 0o666)
	if text := <-got; text != "through" {
		t.Errorf("read %q from the pipe", text)
	}
	if modeOf(t, pipe)&fs.ModeNamedPipe == 0 {
		t.Error("the pipe was replaced")
	}

	write(t, os.DevNull, "away", 0o666)
	if modeOf(t, os.DevNull)&fs.ModeCharDevice == 0 {
		t.Error("the device was replaced")
	}

	socket := filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for path, want := range map[string]string{dir: "it is a folder", socket: "it is a socket"} {
		if err := Write(path, strings.NewReader("x"), 0o666); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}
