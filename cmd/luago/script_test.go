package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// asLuago makes the test binary be luago.
const asLuago = "LUAGO_TEST_AS_LUAGO"

var cacheDir string // of all tests

func TestMain(m *testing.M) {
	if os.Getenv(asLuago) != "" {
		main() // and so are the processes that it starts of itself
	}
	var err error
	if cacheDir, err = os.MkdirTemp("", "luago-test-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(cacheDir)
	os.Exit(status)
}

func TestScript(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			if testing.Short() && !buildsNothing[filepath.Base(file)] {
				t.Skip("takes a go build")
			}
			t.Parallel()
			runScript(t, file)
		})
	}
}

// buildsNothing are the scripts that run no go build.
var buildsNothing = map[string]bool{"eval.txtar": true, "gen.txtar": true, "usage.txtar": true}

// A script is the state of one running test script.
type script struct {
	t              *testing.T
	file           string
	line           int
	dir            string
	env            []string
	stdout, stderr []byte
	status         int
}

func runScript(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{t: t, file: file, dir: t.TempDir()}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(os.Environ(), "LUAGO_CACHE="+cacheDir, "WORK="+s.dir, "LUAGO="+self)
	if goCmd, err := exec.LookPath("go"); err == nil {
		s.env = append(s.env, "GO="+filepath.Dir(goCmd))
	}
	for _, f := range archive.Files {
		path := filepath.Join(s.dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for i, line := range strings.Split(string(archive.Comment), "\n") {
		s.line = i + 1
		words := s.split(line)
		if len(words) == 0 {
			continue
		}
		negated := words[0] == "!"
		if negated {
			words = words[1:]
		}
		s.command(words[0], words[1:], negated)
	}
}

func (s *script) fatalf(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("%s:%d: %s\nlast status: %d\nlast stdout:\n%s\nlast stderr:\n%s",
		s.file, s.line, fmt.Sprintf(format, args...), s.status, s.stdout, s.stderr)
}

// split cuts a line into words and replaces variables outside quotes.
func (s *script) split(line string) []string {
	var (
		words  []string
		word   strings.Builder
		inWord bool
	)
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			word.WriteString(part)
			inWord = true
			continue
		}
		if before, _, ok := strings.Cut(part, "#"); ok {
			part, line = before, ""
		}
		part = os.Expand(part, s.getenv)
		for j, field := range strings.Split(part, " ") {
			if j > 0 && inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
			if field != "" {
				word.WriteString(field)
				inWord = true
			}
		}
		if line == "" {
			break
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}

func (s *script) getenv(name string) string {
	for _, e := range slices.Backward(s.env) {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

func (s *script) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.dir, name)
}

func (s *script) command(name string, args []string, negated bool) {
	s.t.Helper()
	switch name {
	case "luago":
		self, err := os.Executable()
		s.check(err)
		s.run(self, append(slices.Clone(s.env), asLuago+"=1"), args, negated)
	case "exec":
		s.run(s.path(args[0]), s.env, args[1:], negated)
	case "status":
		if want, err := strconv.Atoi(args[0]); err != nil || s.status != want {
			s.fatalf("status %d, want %s", s.status, args[0])
		}
	case "stdout", "stderr":
		re, err := regexp.Compile("(?m)" + args[0])
		s.check(err)
		if re.Match(s.output(name)) == negated {
			s.fatalf("%s %s: negated %v", name, args[0], negated)
		}
	case "cmp":
		want, err := os.ReadFile(s.path(args[1]))
		s.check(err)
		got := s.output(args[0])
		if args[0] != "stdout" && args[0] != "stderr" {
			got, err = os.ReadFile(s.path(args[0]))
			s.check(err)
		}
		if !bytes.Equal(got, want) {
			s.fatalf("%s differs from %s:\n%s", args[0], args[1], want)
		}
	case "exists":
		for _, file := range args {
			if _, err := os.Stat(s.path(file)); (err == nil) == negated {
				s.fatalf("existence of %s: %v", file, err)
			}
		}
	case "cd":
		s.dir = s.path(args[0])
	case "mkdir":
		s.check(os.MkdirAll(s.path(args[0]), 0o777))
	case "rm":
		s.check(os.RemoveAll(s.path(args[0])))
	case "cp":
		data, err := os.ReadFile(s.path(args[0]))
		s.check(err)
		s.check(os.WriteFile(s.path(args[1]), data, 0o777))
	case "env":
		s.env = append(s.env, args[0])
	case "append":
		f, err := os.OpenFile(s.path(args[0]), os.O_APPEND|os.O_WRONLY, 0)
		s.check(err)
		_, err = fmt.Fprintln(f, args[1])
		s.check(errors.Join(err, f.Close()))
	case "skip":
		if runtime.GOOS == args[0] {
			s.t.Skipf("not for %s", args[0])
		}
	default:
		s.fatalf("unknown command %s", name)
	}
}

func (s *script) check(err error) {
	s.t.Helper()
	if err != nil {
		s.fatalf("%v", err)
	}
}

func (s *script) output(name string) []byte {
	if name == "stderr" {
		return s.stderr
	}
	return s.stdout
}

// soFar is what luago says of its progress on a machine that is slow or busy.
var soFar = regexp.MustCompile(`(?m)^luago: .*: \d+ s so far\n`)

func (s *script) run(program string, env, args []string, fails bool) {
	s.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = s.dir
	cmd.Env = append(env, "PWD="+s.dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	s.stdout, s.stderr = stdout.Bytes(), soFar.ReplaceAll(stderr.Bytes(), nil)
	s.status = cmd.ProcessState.ExitCode()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.fatalf("%v", err)
	}
	if (err != nil) != fails {
		s.fatalf("%s: %v", strings.Join(append([]string{filepath.Base(program)}, args...), " "), err)
	}
}
