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

// conversation is what each foreign client must report; see clients/talk.js.
var conversation = []string{"open", "ok", "ok", "ok", "ok", "ok", "close 4001 as you wish true"}

// echoServer compiles clients/echo.lua with luago build, starts it on a free
// port and returns its URL.
func echoServer(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "echo")
	if out, err := exec.Command(luago(t), "build", "-o", binary, "clients/echo.lua").CombinedOutput(); err != nil {
		t.Fatalf("luago build: %v\n%s", err, out)
	}
	port := freePort(t)
	cmd := exec.Command(binary, fmt.Sprint(port))
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
		timer := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 128+int(syscall.SIGTERM) {
			t.Errorf("the server ended with status %d after SIGTERM", code)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "listening\n" {
		t.Fatalf("the server said %q (%v)", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return fmt.Sprintf("ws://127.0.0.1:%d/any/path", port)
}

// TestNode lets node's package ws talk to a compiled server.
func TestNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	if out, err := exec.Command(node, "-e", "require('ws')").CombinedOutput(); err != nil {
		t.Skipf("node has no package ws (npm install ws, and its folder in NODE_PATH): %.100s", out)
	}
	out, err := exec.Command(node, "clients/node.js", echoServer(t)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := lines(string(out)); !slices.Equal(got, conversation) {
		t.Errorf("node reports %q", got)
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
	report := make(chan string, 1)
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("clients")))
	mux.HandleFunc("POST /result", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		report <- string(body)
	})
	web := httptest.NewServer(mux)
	defer web.Close()

	page := web.URL + "/browser.html?url=" + url.QueryEscape(echoServer(t))
	cmd := exec.Command(browsers[i], "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
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
		if got := lines(text); !slices.Equal(got, conversation) {
			t.Errorf("the browser reports %q", got)
		}
	case <-time.After(time.Minute):
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
