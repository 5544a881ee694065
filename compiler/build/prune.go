package build

import (
	"os"
	"path/filepath"
	"sort"
	"time"
)

// What the cache may hold. A program costs 2 to 7 MB, a runtime about 1 MB.
const (
	maxAge     = 14 * 24 * time.Hour // since the last use
	maxEntries = 100                 // programs
	pruneEvery = 24 * time.Hour
	tmpAge     = time.Hour // of work in progress that nobody finished
)

// touch notes that an entry was used, at most once an hour.
func touch(path string) {
	info, err := os.Stat(path)
	if now := time.Now(); err == nil && now.Sub(info.ModTime()) > time.Hour {
		os.Chtimes(path, now, now) // best effort
	}
}

// prune removes what has not been used for long, now and then. It never
// fails: a cache that cannot be pruned is merely large.
func (c *Cache) prune(now time.Time) {
	mark := filepath.Join(c.Dir, "pruned")
	if info, err := os.Stat(mark); err == nil && now.Sub(info.ModTime()) < pruneEvery {
		return
	}
	if err := os.WriteFile(mark, nil, 0o666); err != nil {
		return
	}
	os.Chtimes(mark, now, now)
	pruneDir(filepath.Join(c.Dir, "bin"), now, maxAge, maxEntries)
	pruneDir(filepath.Join(c.Dir, "runtime"), now, maxAge, maxEntries)
	pruneDir(filepath.Join(c.Dir, "tmp"), now, tmpAge, maxEntries)
}

// pruneDir removes the entries of dir that are older than age, and the oldest
// of the others until at most keep are left.
func pruneDir(dir string, now time.Time, age time.Duration, keep int) {
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
	sort.Slice(all, func(i, j int) bool { return all[i].used.After(all[j].used) })
	for i, e := range all {
		if i >= keep || now.Sub(e.used) > age {
			os.RemoveAll(e.path)
		}
	}
}
