package build

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// What the cache may hold. A program costs 2 to 7 MB, a runtime about 1 MB.
const (
	maxAge     = 14 * 24 * time.Hour // since the last use
	maxSize    = 1 << 30             // of all programs
	maxRuntime = 10                  // runtimes; each build of luago brings its own
	tmpAge     = time.Hour           // of work in progress that nobody finished
)

// touch notes that an entry was used, at most once a minute.
func touch(path string) {
	info, err := os.Stat(path)
	if now := time.Now(); err == nil && now.Sub(info.ModTime()) > time.Minute {
		os.Chtimes(path, now, now) // best effort
	}
}

// prune removes what has not been used for long, and the least recently used
// programs until the others take no more than maxSize. It never fails: a cache
// that cannot be pruned is merely large. A build has just taken seconds; this
// takes a millisecond.
func (c *Cache) prune(now time.Time) {
	keepRecent(filepath.Join(c.Dir, "bin"), now.Add(-maxAge), maxSize, folderSize)
	keepRecent(filepath.Join(c.Dir, "runtime"), now.Add(-maxAge), maxRuntime, func(string) int64 { return 1 })
	keepRecent(filepath.Join(c.Dir, "tmp"), now.Add(-tmpAge), maxSize, func(string) int64 { return 0 })
}

// keepRecent removes the entries of dir last used before since, and of the
// others the least recently used ones, until the sum of what size says of them
// is at most limit. It keeps the most recent one whatever its size.
func keepRecent(dir string, since time.Time, limit int64, size func(path string) int64) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	type entry struct {
		path string
		used time.Time
	}
	var all []entry
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all = append(all, entry{filepath.Join(dir, e.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return b.used.Compare(a.used) })
	var sum int64
	for i, e := range all {
		sum += size(e.path)
		if i > 0 && sum > limit || e.used.Before(since) {
			os.RemoveAll(e.path)
		}
	}
}

// folderSize returns how many bytes the files in a folder have.
func folderSize(dir string) int64 {
	var sum int64
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// Clean removes everything from the cache and returns how many bytes that was.
func (c *Cache) Clean() (int64, error) {
	var sum int64
	var errs []error
	for _, name := range []string{"bin", "runtime", "tmp"} {
		root := filepath.Join(c.Dir, name)
		filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
			if err == nil {
				if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
					sum += info.Size()
				}
			}
			return nil
		})
		errs = append(errs, os.RemoveAll(root))
	}
	return sum, errors.Join(errs...)
}
