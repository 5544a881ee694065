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

// A Key collects what a binary depends on; it names the cache entry.
type Key struct {
	h       hash.Hash // everything but the go command
	sources hash.Hash // the texts of the script and its modules
	goTool  string    // tells one go command from another; "" if there is none
}

// NewKey returns a key that covers the compiler (this executable, with the
// runtime embedded in it), the Go toolchain and the settings that change what
// go build makes. It starts no process: an unchanged program has to be found
// within a few milliseconds.
func NewKey() (*Key, error) {
	k := &Key{h: sha256.New(), sources: sha256.New()}
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

// AddSource adds a source text and the name under which messages show it.
func (k *Key) AddSource(name string, text []byte) {
	k.Add(name, text)
	k.sources.Write(text)
}

// program returns the name of the key without the go command.
func (k *Key) program() string {
	return "p" + hex.EncodeToString(k.h.Sum(nil))[:40]
}

// entry returns the name of the folder of the binary in the cache.
func (k *Key) entry() string {
	return k.program() + "-" + k.goTool
}

// Sources returns the SHA-256 of the texts of the script and its modules, one
// after the other.
func (k *Key) Sources() string {
	return hex.EncodeToString(k.sources.Sum(nil))
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
	if path, err := exec.LookPath("go"); err == nil {
		if k.goTool, err = toolHash(path); err != nil {
			return err
		}
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

// toolHash returns a word that tells the go command at path from others.
func toolHash(path string) (string, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
	if version, err := os.ReadFile(filepath.Join(filepath.Dir(path), "..", "VERSION")); err == nil {
		h.Write(version)
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

// archSettings are the variables that choose a processor's features.
var archSettings = map[string]bool{
	"GO386": true, "GOAMD64": true, "GOARM": true, "GOARM64": true, "GOMIPS": true,
	"GOMIPS64": true, "GOPPC64": true, "GORISCV64": true, "GOWASM": true,
}
