//go:build unix

package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A signal to "luago run" is one to the program.
func TestSignal(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a go build")
	}
	script := filepath.Join(t.TempDir(), "wait.lua")
	err := os.WriteFile(script, []byte(`
local coromega = require("coromega").from(require("omega"))
coromega:start_new(function()
	print("ready")
	coromega:sleep(60)
end)
coromega:run()
`), 0o666)
	if err != nil {
		t.Fatal(err)
	}
	cmd, out := start(t, "run", script)
	line, err := out.ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("program printed %q: %v", line, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 143 {
		t.Errorf("program ended with %v, want status 143", err)
	}
}

// A signal that comes before run ends the program in order, once it comes to run:
// listeners hear of it, and nothing that was printed is lost.
func TestSignalBeforeRun(t *testing.T) {
	script := filepath.Join(t.TempDir(), "early.lua")
	err := os.WriteFile(script, []byte(`
local coromega = require("coromega").from(require("omega"))
local server = coromega:create_websocket_server("127.0.0.1", 0)
server:when_dead(function(reason) print("dead: " .. reason) end)
print("ready")
coromega:sleep(0.5)
print("run")
coromega:run()
`), 0o666)
	if err != nil {
		t.Fatal(err)
	}
	cmd, out := start(t, "run", "--eval", script)
	line, err := out.ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("program printed %q: %v", line, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(out)
	if want := "run\ndead: signal: terminated\n"; err != nil || string(rest) != want {
		t.Errorf("program printed %q (%v), want %q", rest, err, want)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 143 {
		t.Errorf("program ended with %v, want status 143", err)
	}
}

// start starts luago as a process of its own, for at most two minutes.
func start(t *testing.T, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), asLuago+"=1", "LUAGO_CACHE="+cacheDir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	t.Cleanup(func() { timer.Stop() })
	return cmd, bufio.NewReader(out)
}

// What a program has printed leaves although it is busy from then on, also on
// one processor.
func TestBusyProgram(t *testing.T) {
	t.Setenv("GOMAXPROCS", "1")
	script := filepath.Join(t.TempDir(), "busy.lua")
	err := os.WriteFile(script, []byte(`
print("a line")
io.write("and a part;")
local n = 0
while true do n = n + 1 end
`), 0o666)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"run", "--eval", script}, {"run", script}} {
		cmd, out := start(t, args...)
		got, err := out.ReadString(';')
		if want := "a line\nand a part;"; err != nil || got != want {
			t.Errorf("luago %v: %q, %v, want %q", args, got, err, want)
		}
		cmd.Process.Kill()
		cmd.Wait()
	}
}
