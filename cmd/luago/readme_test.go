//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/corpus"
)

// TestReadme does what the README tells a newcomer to do, line by line: its
// scripts are written, its commands run in a folder that looks like a clone.
// What make does is not done here, but listed: continuous integration does it.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("takes several go builds")
	}
	r := newReadme(t)
	ci := regexp.MustCompile(`(?m)^ci: (.*?) ##`).FindStringSubmatch(r.read("Makefile"))
	if ci == nil {
		t.Fatal("the Makefile has no target ci")
	}
	seen := map[string]bool{}
	for _, block := range blocks(r.read("README.md")) {
		first, _, _ := strings.Cut(block, "\n")
		if m := scriptHead.FindStringSubmatch(first); m != nil {
			r.write(m[1], strings.ReplaceAll(block, "8080", fmt.Sprint(r.port)))
			continue
		}
		if strings.Contains(block, ": warning: ") {
			r.mistake(block)
			continue
		}
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, "#")
			line = strings.TrimSpace(line)
			seen[line] = true
			target, isMake := strings.CutPrefix(line, "make ")
			switch {
			case line == "git clone https://github.com/luago-lang/luago && cd luago":
			case isMake:
				r.run("make -n " + target)
				if !strings.Contains(" "+ci[1]+" ", " "+target+" ") && !strings.HasPrefix(target, "test") {
					t.Errorf("make ci does not run %q", line)
				}
			case line == "bin/luago run echo.lua":
				r.serve(line)
			default:
				if out := r.run(line); strings.HasSuffix(line, " client.lua") && out != "echo: hello\n" {
					t.Errorf("%s: printed %q, not the echo", line, out)
				}
			}
		}
	}
	for _, line := range []string{"make run", "bin/luago run echo.lua", "bin/luago run client.lua", "bin/luago verify sum.lua", "go build -o echo ./echopkg"} {
		if !seen[line] {
			t.Errorf("the README does not say %q, or the test does not see it", line)
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(r.read("README.md"), -1) {
		if _, err := os.Stat(filepath.Join(r.root, m[1])); err != nil {
			t.Errorf("a link leads nowhere: %v", err)
		}
	}
}

var scriptHead = regexp.MustCompile(`^-- ([\w-]+\.lua)\b`)

// blocks returns the indented blocks of a text, without the indentation.
func blocks(text string) []string {
	var all []string
	for _, paragraphs := range regexp.MustCompile(`(?m)(?:^    .*\n|^\n)+`).FindAllString(text, -1) {
		block := regexp.MustCompile(`(?m)^    `).ReplaceAllString(paragraphs, "")
		if block = strings.TrimSpace(block); block != "" {
			all = append(all, block+"\n")
		}
	}
	return all
}

// A readme is the folder in which the commands run.
type readme struct {
	t    *testing.T
	root string // of luago
	dir  string
	port int
	env  []string
}

func newReadme(t *testing.T) *readme {
	r := &readme{t: t, dir: t.TempDir()}
	var err error
	if r.root, err = filepath.Abs("../.."); err != nil {
		t.Fatal(err)
	}
	if r.port, err = corpus.FreePort(); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"rt", "wsrt", "compiler"} {
		if err := os.Symlink(filepath.Join(r.root, name), filepath.Join(r.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "Makefile"} {
		r.write(name, r.read(name))
	}
	r.write("bin/luago", fmt.Sprintf("#!/bin/sh\n%s=1 exec %s \"$@\"\n", asLuago, self))
	r.env = append(os.Environ(), "LUAGO_CACHE="+cacheDir, "CGO_ENABLED=0", "GOFLAGS=-trimpath -mod=readonly", "PWD="+r.dir)
	return r
}

// read returns a file of luago.
func (r *readme) read(name string) string {
	r.t.Helper()
	data, err := os.ReadFile(filepath.Join(r.root, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(data)
}

// write writes a file of the folder.
func (r *readme) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o777); err != nil {
		r.t.Fatal(err)
	}
}

func (r *readme) command(line string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", "exec "+line)
	cmd.Dir = r.dir
	cmd.Env = r.env
	return cmd
}

// run runs a command line and returns what it prints.
func (r *readme) run(line string) string {
	r.t.Helper()
	cmd := r.command(line)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		r.t.Errorf("%s: %v\n%s%s", line, err, out, errs.String())
	}
	return string(out)
}

// serve starts a server, which ends with the test.
func (r *readme) serve(line string) {
	r.t.Helper()
	cmd := r.command(line)
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 600 {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", r.port))
		if err == nil {
			conn.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	r.t.Fatalf("%s: nothing listens", line)
}

// mistake makes the mistake that the README speaks of.
func (r *readme) mistake(warning string) {
	r.t.Helper()
	data, err := os.ReadFile(filepath.Join(r.dir, "echo.lua"))
	if err != nil {
		r.t.Fatal(err)
	}
	wrong := filepath.Join("wrong", "echo.lua")
	r.write(wrong, strings.Replace(string(data), "send_message", "send_mesage", 1))
	cmd := r.command("../bin/luago gen -o gen echo.lua")
	cmd.Dir = filepath.Join(r.dir, "wrong")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), warning) {
		r.t.Errorf("the mistake gives %q (%v), not %q", out, err, warning)
	}
}
