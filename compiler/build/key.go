package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// A Key collects what a binary depends on; its Sum names the cache entry.
type Key struct {
	h hash.Hash
}

// NewKey returns a key that covers the compiler (this executable, with the
// runtime embedded in it), the Go toolchain and the settings that change what
// go build makes. It starts no process: an unchanged program has to be found
// within a few milliseconds.
func NewKey() (*Key, error) {
	k := &Key{sha256.New()}
	if err := k.addCompiler(); err != nil {
		return nil, err
	}
	if err := k.addToolchain(); err != nil {
		return nil, err
	}
	k.Add("flags", []byte(strings.Join(goBuildFlags, " ")))
	return k, nil
}

// Add adds a named piece of data.
func (k *Key) Add(name string, data []byte) {
	fmt.Fprintf(k.h, "%q %d\n", name, len(data))
	k.h.Write(data)
}

// Sum returns the key as a word that can name a folder and a Go package.
func (k *Key) Sum() string {
	return "p" + hex.EncodeToString(k.h.Sum(nil))[:40]
}

func (k *Key) addCompiler() error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	k.Add("luago", h.Sum(nil))
	return nil
}

// addToolchain adds the go command and its settings. The command is told by
// its place, size and time, its version by the file VERSION beside it.
func (k *Key) addToolchain() error {
	path, err := exec.LookPath("go")
	if err != nil {
		return ErrNoGo
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	k.Add("go", fmt.Appendf(nil, "%s %d %d", path, info.Size(), info.ModTime().UnixNano()))
	if version, err := os.ReadFile(filepath.Join(filepath.Dir(path), "..", "VERSION")); err == nil {
		k.Add("go version", version)
	}
	if dir, err := os.UserConfigDir(); err == nil {
		settings := filepath.Join(dir, "go", "env")
		if s := os.Getenv("GOENV"); s != "" {
			settings = s
		}
		if data, err := os.ReadFile(settings); err == nil {
			k.Add("go env", data)
		}
	}
	env := os.Environ()
	sort.Strings(env)
	for _, s := range env {
		name, _, _ := strings.Cut(s, "=")
		switch {
		case name == "GOROOT", name == "GOTOOLCHAIN", name == "GOOS", name == "GOEXPERIMENT",
			name == "GOFIPS140", strings.HasPrefix(name, "GOARCH"), archSettings[name]:
			k.Add("env", []byte(s))
		}
	}
	return nil
}

// archSettings are the variables that choose a processor's features.
var archSettings = map[string]bool{
	"GO386": true, "GOAMD64": true, "GOARM": true, "GOARM64": true, "GOMIPS": true,
	"GOMIPS64": true, "GOPPC64": true, "GORISCV64": true, "GOWASM": true,
}
