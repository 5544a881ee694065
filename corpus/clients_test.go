package corpus

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/tools/txtar"
)

// conversation is what each foreign client must report, see clients/talk.js,
// and what the compiled client must, see clients/talk.lua.
func conversation(compression string) []string {
	return []string{"open" + agreed[compression], "ok", "ok", "ok", "ok", "ok", "close 4001 as you wish true"}
}

var ownConversation = []string{"open", "ok", "ok", "ok", "ok", "ok", "closed", "closed"}

// agreed is what the other side says of compression, with LUAGO_WS_COMPRESSION
// as given.
var agreed = map[string]string{"0": "", "1": " deflate"}

// compile builds a program of clients/ and returns where it is.
func compile(t *testing.T, script string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command(luago(t), "build", "-o", binary, "clients/"+script).CombinedOutput(); err != nil {
		t.Fatalf("luago build: %v\n%s", err, out)
	}
	return binary
}

// startServer starts a server and returns a channel with the lines that it
// prints. At the end of the test it gets SIGTERM, and must end with a status.
func startServer(t *testing.T, status int, cmd *exec.Cmd) <-chan string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != status {
			t.Errorf("the server ended with status %d after SIGTERM", code)
		}
	})
	printed := make(chan string, 100)
	go func() {
		defer close(printed)
		for in := bufio.NewScanner(out); in.Scan(); {
			printed <- in.Text()
		}
	}()
	return printed
}

// next returns the next line that a server prints.
func next(t *testing.T, printed <-chan string) string {
	t.Helper()
	select {
	case line := <-printed:
		return line
	case <-time.After(time.Minute):
		t.Fatal("the server prints nothing")
		return ""
	}
}

// echoServer starts clients/echo.lua, compiled, on a free port and returns its
// address, without the scheme.
func echoServer(t *testing.T, compression string) string {
	t.Helper()
	port := freePort(t)
	cmd := exec.Command(compile(t, "echo.lua"), fmt.Sprint(port))
	cmd.Env = append(os.Environ(), "LUAGO_WS_COMPRESSION="+compression)
	if line := next(t, startServer(t, 128+int(syscall.SIGTERM), cmd)); line != "listening" {
		t.Fatalf("the server said %q", line)
	}
	return fmt.Sprintf("127.0.0.1:%d/any/path", port)
}

// talksToUs runs a foreign client, which is given the URL of a compiled server
// and 0 or 1.
func talksToUs(t *testing.T, client ...string) {
	for _, compression := range []string{"0", "1"} {
		t.Run("client, compression "+compression, func(t *testing.T) {
			args := append(client[1:], "ws://"+echoServer(t, compression), compression)
			out, err := exec.Command(client[0], args...).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := lines(string(out)); !slices.Equal(got, conversation(compression)) {
				t.Errorf("the client reports %q", got)
			}
		})
	}
}

// isTalkedTo runs a foreign server, which is given 0 or 1, and the compiled
// client.
func isTalkedTo(t *testing.T, server ...string) {
	for _, compression := range []string{"0", "1"} {
		deflate := agreed[compression]
		t.Run("server, compression "+compression, func(t *testing.T) {
			printed := startServer(t, -1, exec.Command(server[0], append(server[1:], compression)...))
			var port int
			if line := next(t, printed); !strings.HasPrefix(line, "listening ") {
				t.Fatalf("the server says %q", line)
			} else if _, err := fmt.Sscanf(line, "listening %d", &port); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(compile(t, "talk.lua"), fmt.Sprintf("ws://127.0.0.1:%d/path?query", port))
			cmd.Env = append(os.Environ(), "LUAGO_WS_COMPRESSION="+compression)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := lines(string(out)); !slices.Equal(got, ownConversation) {
				t.Errorf("the compiled client reports %q", got)
			}
			// The second connection may open before the first has quite ended.
			want := []string{"close 4001", "close 4002 enough", "open" + deflate, "open" + deflate}
			var got []string
			for range want {
				got = append(got, strings.TrimSpace(next(t, printed)))
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("the server says %q", got)
			}
		})
	}
}

// TestNode lets node's package ws talk to a compiled server, and a compiled
// client to its server.
func TestNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	if out, err := exec.Command(node, "-e", "require('ws')").CombinedOutput(); err != nil {
		t.Skipf("node has no package ws (npm install ws, and its folder in NODE_PATH): %.100s", out)
	}
	talksToUs(t, node, "clients/node.js")
	isTalkedTo(t, node, "clients/server.js")
}

// TestPython does the same with Python's package websockets.
func TestPython(t *testing.T) {
	talksToUs(t, python(t), "clients/talk.py")
	isTalkedTo(t, python(t), "clients/server.py")
}

// python returns a Python that has the package websockets.
func python(t *testing.T) string {
	t.Helper()
	pythons := []string{"python3", "/usr/bin/python3"} // the second is the one that packages of the system are for
	i := slices.IndexFunc(pythons, func(name string) bool { return exec.Command(name, "-c", "import websockets").Run() == nil })
	if i < 0 {
		t.Skip("Python and its package websockets are not installed")
	}
	return pythons[i]
}

// TestCurl asks a compiled server with curl for what is not a handshake and
// for what is one, and talks ws with it where it can.
func TestCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	addr := echoServer(t, "0")
	run := func(args ...string) string {
		// It does not end by itself where the protocol is switched.
		out, _ := exec.Command(curl, append(args, "-sSN", "--noproxy", "*", "--max-time", "5")...).CombinedOutput()
		return string(out)
	}
	ask := func(args ...string) string { return run(append(args, "-i", "--http1.1", "http://"+addr)...) }
	hasAll := func(answer string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(answer, w) {
				t.Errorf("no %q in %q", w, answer)
			}
		}
	}
	hasAll(ask(), "HTTP/1.1 426 Upgrade Required\r\n", "Upgrade: websocket\r\n", "Sec-Websocket-Version: 13\r\n", "this is a WebSocket server")
	hasAll(ask("-X", "POST", "-d", "x=1"), "HTTP/1.1 426 ")
	upgrade := []string{"-H", "Connection: Upgrade", "-H", "Upgrade: websocket"}
	hasAll(ask(append(upgrade, "-H", "Sec-WebSocket-Version: 12", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")...),
		"HTTP/1.1 400 ", "Sec-Websocket-Version: 13\r\n")
	hasAll(ask(append(upgrade, "-H", "Sec-WebSocket-Version: 13")...), "HTTP/1.1 400 ")
	// The answer to the sample of RFC 6455, section 1.3, and the first frame.
	hasAll(ask(append(upgrade, "-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")...),
		"HTTP/1.1 101 Switching Protocols\r\n", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", "\x81\x05hello")
	if _, protocols, _ := strings.Cut(run("--version"), "\nProtocols:"); strings.Contains(protocols, " ws ") {
		hasAll(run("ws://"+addr), "hello")
	} else {
		t.Log("this curl has no ws")
	}
}

// browsers are the names that Chromium has; $CHROMIUM comes first.
var browsers = []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "chrome", "chrome-headless-shell"}

// TestBrowser lets Chromium's WebSocket talk to a compiled server, from a page
// that posts its report back.
func TestBrowser(t *testing.T) {
	i := slices.IndexFunc(browsers, func(name string) bool { _, err := exec.LookPath(name); return name != "" && err == nil })
	if i < 0 {
		t.Skip("Chromium is not installed")
	}
	for _, compression := range []string{"0", "1"} {
		t.Run("compression "+compression, func(t *testing.T) { browse(t, browsers[i], compression) })
	}
}

func browse(t *testing.T, browser, compression string) {
	report := make(chan string, 1)
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("clients")))
	mux.HandleFunc("POST /result", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		report <- string(body)
	})
	web := httptest.NewServer(mux)
	defer web.Close()

	page := web.URL + "/browser.html?url=" + url.QueryEscape("ws://"+echoServer(t, compression))
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--user-data-dir="+t.TempDir(), page)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	}()
	select {
	case text := <-report:
		if got := lines(text); !slices.Equal(got, conversation(compression)) {
			t.Errorf("the browser reports %q", got)
		}
	case <-time.After(2 * time.Minute):
		t.Error("the browser reported nothing")
	}
}

// TestHeaders runs the page's block about headers against a server that looks
// at what came over the wire.
func TestHeaders(t *testing.T) {
	c, err := ReadCase("websocket/connect-with-headers.txtar")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan http.Header, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header
		var up websocket.Upgrader
		if conn, err := up.Upgrade(w, r, nil); err == nil {
			conn.Close()
		}
	}))
	defer server.Close()

	c = c.WithPort(server.Listener.Addr().(*net.TCPAddr).Port)
	c.Sources = slices.DeleteFunc(c.Sources, func(f txtar.File) bool { return f.Name == "main.lua" })
	c.Sources = append(c.Sources, txtar.File{Name: "main.lua", Data: []byte(`
coromega = require("coromega").from(require("omega"))
require("block")
coromega:run()
`)})
	dir := t.TempDir()
	if err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(dir, time.Minute, luago(t), "run", "main.lua")
	if err != nil || r.Exit != 0 {
		t.Fatalf("status %d, %v\n%s", r.Exit, err, r.Stderr)
	}
	select {
	case h := <-got:
		for name, want := range map[string]string{"header1": "a|2|c", "header2": "some headers", "header3": "header3,some values"} {
			if values := strings.Join(h.Values(name), "|"); values != want {
				t.Errorf("%s arrived as %q, expected %q", name, values, want)
			}
		}
	default:
		t.Error("the program did not connect")
	}
}
