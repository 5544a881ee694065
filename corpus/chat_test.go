package corpus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// A chat is a running programs/chat/chat.lua.
type chat struct {
	*testing.T
	binary string
	port   int
	cmd    *exec.Cmd
}

func (c *chat) start() {
	c.Helper()
	c.cmd = exec.Command(c.binary, "127.0.0.1", fmt.Sprint(c.port))
	c.cmd.Env = append(os.Environ(), "CHAT_TOKENS=t1=alice,t2=bob")
	want := fmt.Sprintf("listening on port %d", c.port)
	if line := next(c.T, startServer(c.T, 128+int(syscall.SIGTERM), c.cmd)); line != want {
		c.Fatalf("the server says %q", line)
	}
}

// A member is a client of a chat's.
type member struct {
	*testing.T
	ws *websocket.Conn
}

// join connects a member, and shows what the server answers.
func (c *chat) join(room, token string) (*member, int) {
	c.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"chat"}}
	ws, response, err := dialer.Dial(fmt.Sprintf("ws://127.0.0.1:%d/room/%s?token=%s", c.port, room, token), nil)
	if response == nil {
		c.Fatal(err)
	}
	if err == nil {
		c.Cleanup(func() { ws.Close() })
	}
	return &member{c.T, ws}, response.StatusCode
}

// hears waits for a message, with fields as given; others before it are skipped.
func (m *member) hears(fields map[string]any) {
	m.Helper()
	var heard []string
	for {
		_ = m.ws.SetReadDeadline(time.Now().Add(time.Minute))
		var got map[string]any
		if err := m.ws.ReadJSON(&got); err != nil {
			m.Fatalf("no %v among %q: %v", fields, heard, err)
		}
		heard = append(heard, fmt.Sprint(got))
		same := true
		for k, v := range fields {
			same = same && fmt.Sprint(got[k]) == fmt.Sprint(v)
		}
		if same {
			return
		}
	}
}

func (m *member) says(text string) {
	m.Helper()
	if err := m.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		m.Error(err)
	}
}

// TestChat talks with the chat server of docs/guide-websocket.md: tokens, rooms,
// presence, history, the health check, and what happens to who says nonsense.
func TestChat(t *testing.T) {
	c := &chat{T: t, binary: compile(t, "../programs/chat/chat.lua"), port: freePort(t)}
	c.start()
	for path, want := range map[string]int{"/room/x?token=wrong": 401, "/room/x": 401, "/elsewhere?token=t1": 404} {
		_, response, err := websocket.DefaultDialer.Dial(fmt.Sprintf("ws://127.0.0.1:%d%s", c.port, path), nil)
		if err == nil || response.StatusCode != want {
			t.Errorf("%s: %v, want status %d", path, err, want)
		}
	}
	alice, _ := c.join("a", "t1")
	alice.hears(map[string]any{"type": "presence", "users": []any{"alice"}, "joined": "alice"})
	if p := alice.ws.Subprotocol(); p != "chat" {
		t.Errorf("subprotocol %q", p)
	}
	alice.says(`{"text":"early"}`)
	alice.hears(map[string]any{"type": "message", "from": "alice", "text": "early"})
	bob, _ := c.join("a", "t2")
	bob.hears(map[string]any{"text": "early"})
	alice.hears(map[string]any{"users": []any{"alice", "bob"}, "joined": "bob"})
	elsewhere, _ := c.join("b", "t2")
	bob.says(`not JSON`)
	bob.hears(map[string]any{"type": "error"})
	bob.says(`{"text":"hello"}`)
	alice.hears(map[string]any{"from": "bob", "text": "hello"})
	if got := get(t, fmt.Sprintf("http://127.0.0.1:%d/healthz", c.port)); !strings.HasPrefix(got, `{"members":3,"rooms":2,"up":`) {
		t.Errorf("health: %s", got)
	}
	bob.ws.Close()
	alice.hears(map[string]any{"users": []any{"alice"}, "left": "bob"})
	elsewhere.says(`{"text":"nobody of the other room hears this"}`)
	elsewhere.hears(map[string]any{"from": "bob"})
	alice.says(`{"text":"end"}`)
	alice.hears(map[string]any{"text": "end"})
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestChatPage opens the page that the chat server serves in Chromium: what is
// typed there others hear, and a restart of the server is a short gap.
func TestChatPage(t *testing.T) {
	i := slices.IndexFunc(browsers, func(name string) bool { _, err := exec.LookPath(name); return name != "" && err == nil })
	if i < 0 {
		t.Skip("Chromium is not installed")
	}
	c := &chat{T: t, binary: compile(t, "../programs/chat/chat.lua"), port: freePort(t)}
	c.start()
	bob, _ := c.join("lobby", "t2")
	page := openPage(t, browsers[i], fmt.Sprintf("http://127.0.0.1:%d/?token=t1", c.port))
	bob.hears(map[string]any{"joined": "alice"})
	bob.says(`{"text":"<b>hello</b>"}`)
	page.waitFor(`document.getElementById("log").textContent.includes("bob: <b>hello</b>")`)
	page.evaluate(`document.getElementById("text").value = "from the page"; document.getElementById("form").requestSubmit()`)
	bob.hears(map[string]any{"from": "alice", "text": "from the page"})

	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	page.waitFor(`document.getElementById("state").textContent === "disconnected"`)
	if _, _, err := bob.ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("the connection ended with %v", err)
	}
	_ = c.cmd.Wait()
	c.start()
	page.waitFor(`document.getElementById("state").textContent === "connected"`)
	bob, _ = c.join("lobby", "t2")
	bob.hears(map[string]any{"users": []any{"alice", "bob"}})
}

// A page is one in Chromium, spoken to by its DevTools protocol.
type page struct {
	*testing.T
	ws *websocket.Conn
	id int
}

// openPage starts Chromium, without a window.
func openPage(t *testing.T, browser, url string) *page {
	t.Helper()
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--remote-debugging-port=0", "--user-data-dir="+t.TempDir(), url)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	address := make(chan string, 1)
	go func() {
		for in := bufio.NewScanner(stderr); in.Scan(); {
			if _, rest, ok := strings.Cut(in.Text(), "DevTools listening on ws://"); ok {
				host, _, _ := strings.Cut(rest, "/")
				address <- host
			}
		}
	}()
	var host string
	select {
	case host = <-address:
	case <-time.After(2 * time.Minute):
		t.Fatal("Chromium does not say where it listens")
	}
	for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(50 * time.Millisecond) {
		var targets []struct{ Type, URL, WebSocketDebuggerURL string }
		if err := json.Unmarshal([]byte(get(t, "http://"+host+"/json/list")), &targets); err != nil {
			t.Fatal(err)
		}
		for _, target := range targets {
			if target.Type != "page" || target.URL != url {
				continue
			}
			ws, _, err := websocket.DefaultDialer.Dial(target.WebSocketDebuggerURL, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { ws.Close() })
			return &page{T: t, ws: ws}
		}
	}
	t.Fatal("Chromium does not open the page")
	return nil
}

// evaluate returns the value of a JavaScript expression in the page.
func (p *page) evaluate(expression string) any {
	p.Helper()
	p.id++
	request := map[string]any{"id": p.id, "method": "Runtime.evaluate", "params": map[string]any{"expression": expression, "returnByValue": true}}
	if err := p.ws.WriteJSON(request); err != nil {
		p.Fatal(err)
	}
	for {
		_ = p.ws.SetReadDeadline(time.Now().Add(time.Minute))
		var answer struct {
			ID     int
			Result struct{ Result struct{ Value any } }
		}
		if err := p.ws.ReadJSON(&answer); err != nil {
			p.Fatal(err)
		}
		if answer.ID == p.id {
			return answer.Result.Result.Value
		}
	}
}

// waitFor waits until an expression is true in the page.
func (p *page) waitFor(expression string) {
	p.Helper()
	for start := time.Now(); p.evaluate(expression) != true; time.Sleep(50 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			p.Fatalf("never: %s", expression)
		}
	}
}
