// Package output puts files where the user wants them.
//
// Input: a path and what is to be found there. Output: the file, whole or not at
// all. The package must not know what it writes.
package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Write makes the file at path hold data. A file appears at once, whole, in the
// place of an older one, whose readers keep what they have open; it gets the
// permissions of the older one, with leave to execute for those who may read if
// perm has that, or else perm less the umask. A symbolic link stays, and what it
// leads to is replaced. Devices and pipes are written to; anything else that is
// no file is refused.
func Write(path string, data io.Reader, perm fs.FileMode) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		target, err := followLinks(path)
		if err != nil {
			return err
		}
		return replace(target, data, perm, nil)
	case err != nil:
		return err
	case info.Mode().IsRegular():
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return err
		}
		return replace(target, data, perm, info)
	case info.Mode()&(fs.ModeCharDevice|fs.ModeNamedPipe) != 0:
		return writeThrough(path, data)
	}
	return fmt.Errorf("cannot write to %s: it is %s", path, kindOf(info.Mode()))
}

// kindOf names what is no file.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a disk"
	}
	return "no file"
}

// followLinks returns where a path leads at whose end there is nothing yet.
func followLinks(path string) (string, error) {
	const most = 40
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", fmt.Errorf("cannot write to %s: too many symbolic links", path)
}

// writeThrough writes to a device or a pipe.
func writeThrough(path string, data io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, data)
	return errors.Join(err, f.Close())
}

// replace writes a file beside path and renames it. old describes the file that
// is there, nil for none.
func replace(path string, data io.Reader, perm fs.FileMode, old fs.FileInfo) (err error) {
	f, err := createBeside(path, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = io.Copy(f, data)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if old != nil {
		keepOwner(f.Name(), old)
		mode := old.Mode().Perm()
		if perm&0o111 != 0 {
			mode |= mode & 0o444 >> 2
		}
		if err := os.Chmod(f.Name(), mode); err != nil {
			return err
		}
	}
	return os.Rename(f.Name(), path)
}

// createBeside creates a file with a new name in the folder of path. os.CreateTemp
// would not let the umask decide.
func createBeside(path string, perm fs.FileMode) (*os.File, error) {
	for {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".luago-%08x", rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
