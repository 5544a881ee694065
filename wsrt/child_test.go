//go:build unix

package wsrt

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// Programs in a process of their own: what signals and a lack of file
// descriptors do to one.

// asChild has the test binary be one of children.
const asChild = "LUAGO_TEST_CHILD"

var children = map[string]func(p *childProgram){
	// An echo server with few file descriptors.
	"few files": func(p *childProgram) {
		limit := syscall.Rlimit{Cur: fewFiles, Max: fewFiles}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
			panic(err)
		}
		p.c.options.headerWait = 10 * patience
		p.serve(echo)
	},
	"echo": func(p *childProgram) { p.serve(echo) },
	// A server whose end takes for ever.
	"slow end": func(p *childProgram) {
		l := p.serve(echo)
		l.WhenDead(p.st.Main, fn(func(th *rt.Thread, reason rt.Value) {
			fmt.Println("dead:", str(reason))
			for {
				p.c.Sleep(th, 1000)
			}
		}))
	},
	// A server whose handler never lets go of the baton.
	"busy": func(p *childProgram) {
		p.serve(func(*rt.Thread, *Conn) {
			fmt.Println("busy")
			for forever := new(atomic.Bool); !forever.Load(); {
			}
		})
	},
}

const fewFiles = 48

// A childProgram is a program in a child process.
type childProgram struct {
	st *rt.State
	c  *Coromega
}

// serve creates a server, and prints its address once signals are watched.
func (p *childProgram) serve(f func(th *rt.Thread, conn *Conn)) *Listener {
	l := ListenerOf(p.c.CreateWebsocketServer(p.st.Main, "127.0.0.1", 0, rt.Value{}))
	l.WhenNewConn(p.st.Main, onConn(f))
	p.c.StartNew(p.st.Main, fn(func(th *rt.Thread, _ rt.Value) {
		p.c.Sleep(th, 0)
		fmt.Printf("ws://127.0.0.1:%d\n", l.port)
	}))
	return l
}

func TestMain(m *testing.M) {
	name := os.Getenv(asChild)
	if name == "" {
		os.Exit(m.Run())
	}
	p := &childProgram{st: rt.NewState(nil, nil)}
	p.c = of(p.st)
	if text := os.Getenv("LUAGO_TEST_GRACE"); text != "" {
		p.c.s.Grace, _ = time.ParseDuration(text)
	}
	go func() {
		children[name](p)
		p.c.Run(p.st.Main)
	}()
	select {}
}

// A child is a child process.
type child struct {
	*testing.T
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer
}

func startChild(t *testing.T, name string, env ...string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{T: t, cmd: exec.Command(self)}
	c.cmd.Env = append(append(os.Environ(), asChild+"="+name), env...)
	c.cmd.Stderr = &c.stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.stdout = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.cmd.Process.Kill() })
	return c
}

// line returns the next line that the child prints.
func (c *child) line() string {
	c.Helper()
	timer := time.AfterFunc(patience, func() { c.cmd.Process.Kill() })
	defer timer.Stop()
	line, err := c.stdout.ReadString('\n')
	if err != nil {
		c.Fatalf("the child printed %q: %v", line, err)
	}
	return strings.TrimSuffix(line, "\n")
}

func (c *child) signal(sig syscall.Signal) {
	c.Helper()
	if err := c.cmd.Process.Signal(sig); err != nil {
		c.Error(err)
	}
}

// end waits for the end of the child and returns its exit status.
func (c *child) end() int {
	c.Helper()
	timer := time.AfterFunc(patience, func() { c.cmd.Process.Kill() })
	defer timer.Stop()
	io.Copy(io.Discard, c.stdout)
	err := c.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.Fatal(err)
	}
	return c.cmd.ProcessState.ExitCode()
}

// After a signal the program ends after a while, whatever its coroutines do.
func TestSignalGrace(t *testing.T) {
	if g := newProgram(t).c.s.Grace; g != 5*time.Second {
		t.Errorf("the end may take %v", g)
	}
	for sig, want := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGINT: 130} {
		c := startChild(t, "slow end", "LUAGO_TEST_GRACE=100ms")
		c.line()
		c.signal(sig)
		if got := c.line(); got != "dead: signal: "+sig.String() {
			t.Error(got)
		}
		if status := c.end(); status != want {
			t.Errorf("%v: exit status %d", sig, status)
		}
	}
	c := startChild(t, "busy", "LUAGO_TEST_GRACE=100ms")
	peer(t, c.line())
	if got := c.line(); got != "busy" {
		t.Error(got)
	}
	c.signal(syscall.SIGTERM)
	if status := c.end(); status != 143 {
		t.Errorf("exit status %d of a busy program", status)
	}
}

// A second signal ends the program at once.
func TestSecondSignal(t *testing.T) {
	c := startChild(t, "slow end", "LUAGO_TEST_GRACE=1h")
	c.line()
	c.signal(syscall.SIGTERM)
	c.line()
	c.signal(syscall.SIGINT)
	if status := c.end(); status != 143 {
		t.Errorf("exit status %d", status)
	}
}

// Memory of large messages, whole or not, is given back within seconds, also
// while others talk.
func TestLargeMessagesTidied(t *testing.T) {
	if testing.Short() {
		t.Skip("moves 300 MB, and counts resident memory, of which the race detector has its share")
	}
	c := startChild(t, "echo")
	addr := c.line()
	talker := peer(t, addr)
	talk(t, talker, "before")
	const clients, size = 20, 15 << 20
	part := strings.Repeat("x", 1<<20)
	var all []io.Closer
	for range clients {
		nc, _ := rawPeer(t, addr)
		io.WriteString(nc, "\x82\xff\x00\x00\x00\x00\x00\xf0\x00\x00\x00\x00\x00\x00") // 15 MiB, of which 1 is missing
		for range size>>20 - 1 {
			io.WriteString(nc, part)
		}
		all = append(all, nc)
	}
	eventually(t, "the messages are in memory", func() bool { return residentKB(c.cmd.Process.Pid) > clients*10<<10 })
	for _, nc := range all {
		nc.Close()
	}
	start := time.Now()
	eventually(t, "memory is given back", func() bool {
		talk(t, talker, strings.Repeat("y", 10_000)) // allocates 10 MB a second
		return residentKB(c.cmd.Process.Pid) < 40<<10
	})
	if d := time.Since(start); d > 15*time.Second { // 5 s on a machine that does nothing else
		t.Errorf("that takes %v", d)
	}
	c.signal(syscall.SIGTERM)
	c.end()
}

// A program that was stopped for longer than peers may be silent gives none of
// them up that has something to say.
func TestStopped(t *testing.T) {
	c := startChild(t, "echo", "LUAGO_WS_PING=0.2", "LUAGO_WS_PONG_TIMEOUT=1")
	addr := c.line()
	silent, talker := peer(t, addr), peer(t, addr)
	pings := make(chan error, 1)
	go func() { // silent answers pings, which ReadMessage does
		_, _, err := silent.ReadMessage()
		pings <- err
	}()
	talk(t, talker, "before")
	for range 3 {
		c.signal(syscall.SIGSTOP)
		time.Sleep(1500 * time.Millisecond)
		c.signal(syscall.SIGCONT)
		time.Sleep(300 * time.Millisecond)
		talk(t, talker, "after")
	}
	select {
	case err := <-pings:
		t.Error(err)
	default:
	}
	c.signal(syscall.SIGTERM)
	c.end()
}

// talk has a client's message come back.
func talk(t *testing.T, ws *websocket.Conn, text string) {
	t.Helper()
	write(t, ws, text)
	if got := read(ws); got != text {
		t.Errorf("got %q, want %q", got, text)
	}
}

// tryPeer connects a foreign client, or returns why that fails; a client that is
// kept waiting is an error of the test.
func tryPeer(t *testing.T, addr string) (*websocket.Conn, error) {
	t.Helper()
	d := websocket.Dialer{HandshakeTimeout: patience}
	ws, _, err := d.Dial(addr, nil)
	if err != nil {
		if timeout, ok := err.(interface{ Timeout() bool }); ok && timeout.Timeout() {
			t.Errorf("a client is neither served nor turned away: %v", err)
		}
		return nil, err
	}
	t.Cleanup(func() { ws.Close() })
	return ws, nil
}

// More connections that never finish their handshake than there are file
// descriptors: clients are served all the same, old and new ones, and the
// memory stays small.
func TestHalfOpenHandshakes(t *testing.T) {
	c := startChild(t, "few files")
	addr := c.line()
	first := peer(t, addr)
	talk(t, first, "first")
	for i := range 5 * fewFiles {
		nc := rawDial(t, addr)
		io.WriteString(nc, "GET / HTTP/1.1\r\nHost: x\r\nX: "[:1+i%28])
	}
	talk(t, first, "while they wait")
	for i := range 3 {
		var ws *websocket.Conn
		eventually(t, "a new client is served", func() (ok bool) {
			var err error
			ws, err = tryPeer(t, addr)
			return err == nil
		})
		talk(t, ws, fmt.Sprint(i))
		talk(t, first, fmt.Sprint(i))
	}
	if kb := residentKB(c.cmd.Process.Pid); kb > 300<<10 {
		t.Errorf("%d KB of memory", kb)
	}
	c.signal(syscall.SIGKILL)
	c.end()
	if text := c.stderr.String(); strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "luago: level=warn event=out_of_files listener=127.0.0.1:") {
		t.Errorf("standard error: %s", text)
	}
}

// residentKB returns how much memory a process has, or 0 where the system does
// not say.
func residentKB(pid int) (kb int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "\nVmRSS:")
	fmt.Sscan(after, &kb)
	return kb
}

// As many clients as there are file descriptors: surplus ones are turned away
// at once, the others are served, and when some leave there is room again.
func TestNoFilesLeft(t *testing.T) {
	c := startChild(t, "few files")
	addr := c.line()
	var inside []*websocket.Conn
	for {
		ws, err := tryPeer(t, addr)
		if err != nil {
			break
		}
		if inside = append(inside, ws); len(inside) > fewFiles {
			t.Fatal("more clients than file descriptors")
		}
	}
	if len(inside) < fewFiles/2 {
		t.Fatalf("%d clients", len(inside))
	}
	for range 20 {
		if _, err := tryPeer(t, addr); err == nil {
			t.Error("a surplus client is served")
		}
	}
	for i, ws := range inside {
		talk(t, ws, fmt.Sprint(i))
	}
	for _, ws := range inside[:5] {
		ws.Close()
	}
	eventually(t, "there is room again", func() bool {
		ws, err := tryPeer(t, addr)
		if err == nil {
			talk(t, ws, "new")
		}
		return err == nil
	})
	c.signal(syscall.SIGKILL)
	c.end()
}
