//go:build unix

package output

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives the file at path to the owner of the old one, as far as it may.
func keepOwner(path string, old fs.FileInfo) {
	if stat, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = os.Chown(path, int(stat.Uid), int(stat.Gid))
	}
}
