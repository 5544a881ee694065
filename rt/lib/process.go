package lib

import (
	"os"
	"os/exec"
	"syscall"

	"github.com/luago-lang/luago/rt"
)

// Shell returns the command that runs a line by the system's shell.
func Shell(line string) *exec.Cmd {
	if os.PathSeparator == '\\' {
		return exec.Command("cmd", "/C", line)
	}
	return exec.Command("/bin/sh", "-c", line)
}

// ExecResult returns the results by which os.execute and the close of a popen
// file tell how a command ended: true or nil, "exit" or "signal", and the
// number. state is nil if the command did not run, because of err.
func ExecResult(th *rt.Thread, state *os.ProcessState, err error) (rt.Value, int) {
	if state == nil {
		return Failure(th, "", err)
	}
	what, code := "exit", state.ExitCode()
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		what, code = "signal", int(ws.Signal())
	}
	th.Ret[1] = rt.NewString(what)
	th.Ret[2] = rt.Number(float64(code))
	if what == "exit" && code == 0 {
		return rt.True(), 3
	}
	return rt.Value{}, 3
}
