//go:build linux

package wsrt

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// A Unix socket serves as a TCP port does; one that a dead program has left is
// taken over, one that is in use is not, nor is a file that is none.
func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sock")
	left, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	left.(*net.UnixListener).SetUnlinkOnClose(false)
	left.Close()

	p := newProgram(t)
	p.c.options.proxies, _ = readProxies("unix")
	p.start(func(th *rt.Thread) {
		l := ListenerOf(p.c.CreateWebsocketServer(th, "unix:"+path, 0, rt.Value{}))
		l.WhenNewConn(th, onConn(func(th *rt.Thread, conn *Conn) {
			p.note("%s", str(conn.Request(th).Table().GetString("remote")))
			echo(th, conn)
		}))
		for _, taken := range []string{path, t.TempDir()} {
			l := ListenerOf(p.c.CreateWebsocketServer(th, "unix:"+taken, 0, rt.Value{}))
			l.WhenDead(th, fn(func(_ *rt.Thread, reason rt.Value) {
				if !strings.Contains(str(reason), "address already in use") {
					t.Errorf("%s: %s", taken, str(reason))
				}
			}))
		}
	})
	dialer := websocket.Dialer{NetDialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	for _, header := range []map[string][]string{nil, {"X-Forwarded-For": {"1.2.3.4"}}} {
		ws, _, err := dialer.Dial("ws://unix/", header)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		if write(t, ws, "hello"); read(ws) != "hello" {
			t.Error("no echo")
		}
	}
	p.halt()
	p.want("unix", "1.2.3.4")
	if _, err := os.Stat(path); err == nil {
		t.Error("the socket's file is still there")
	}
}

// Two servers share a port if both say so.
func TestReusePort(t *testing.T) {
	p := newProgram(t)
	opts := rt.NewTable()
	opts.SetString("reuse_port", rt.True())
	p.start(func(th *rt.Thread) {
		l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, opts.Value()))
		ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", float64(l.port), opts.Value())).WhenDead(th, fn(func(_ *rt.Thread, reason rt.Value) {
			p.note("second: %s", str(reason))
		}))
		ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", float64(l.port), rt.Value{})).WhenDead(th, fn(func(_ *rt.Thread, reason rt.Value) {
			p.note("third: %v", strings.Contains(str(reason), "address already in use"))
		}))
	})
	p.await(1)
	p.halt()
	p.want("third: true", "second: halt")
}

// A socket that was handed down is used for the server with its address, and the
// manager is told of the state.
func TestInherited(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	file, err := ln.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "notify")})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	states := make(chan string, 10)
	go func() {
		buf := make([]byte, 100)
		for {
			n, err := manager.Read(buf)
			if err != nil {
				close(states)
				return
			}
			states <- string(buf[:n])
		}
	}()

	addr := ln.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	// LISTEN_PID is that of the process: a shell knows it.
	cmd := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ exec "$0"`, os.Args[0])
	cmd.Env = append(os.Environ(), asChild+"=inherited", "LISTEN_FDS=1", "INHERITED_PORT="+port,
		"NOTIFY_SOCKET="+manager.LocalAddr().String())
	cmd.ExtraFiles = []*os.File{file}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	ws := peer(t, "ws://"+addr)
	if write(t, ws, "hello"); read(ws) != "hello" {
		t.Error("no echo")
	}
	if state := <-states; state != "READY=1" {
		t.Errorf("the manager hears %q", state)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if state := <-states; state != "STOPPING=1" {
		t.Errorf("the manager hears %q at the end", state)
	}
	if got := read(ws); !strings.Contains(got, "close 1001") {
		t.Errorf("the connection ended with %q", got)
	}
	out.Close()
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 130 {
		t.Errorf("the program ended with %v", err)
	}
}

func init() {
	children["inherited"] = func(p *childProgram) {
		var port float64
		fmt.Sscan(os.Getenv("INHERITED_PORT"), &port)
		l := ListenerOf(p.c.CreateWebsocketServer(p.st.Main, "127.0.0.1", port, rt.Value{}))
		l.WhenNewConn(p.st.Main, onConn(echo))
	}
}
