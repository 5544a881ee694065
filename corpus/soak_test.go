package corpus

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// What a compiled server holds out under load: clients/echo.lua in a process of
// its own, clients in this one. The long forms, TestSoak, take a quarter of an
// hour, and run with LUAGO_SOAK=1 (make soak); the short ones are the same
// code.

// A soaked is a compiled echo server whose figures are watched.
type soaked struct {
	*testing.T
	addr   string
	stats  string
	closed atomic.Int64 // connections whose end the script was told of
	opened int64
}

func newSoaked(t *testing.T) *soaked {
	t.Helper()
	port, stats := freePort(t), freePort(t)
	s := &soaked{T: t, addr: fmt.Sprintf("ws://127.0.0.1:%d", port), stats: fmt.Sprintf("http://127.0.0.1:%d", stats)}
	cmd := exec.Command(compile(t, "echo.lua"), fmt.Sprint(port))
	// Clients answer no pings while they wait for one another.
	cmd.Env = append(os.Environ(), fmt.Sprintf("LUAGO_STATS=:%d", stats), "LUAGO_WS_PONG_TIMEOUT=600")
	printed := startServer(t, 128+int(syscall.SIGTERM), cmd)
	if line := next(t, printed); line != "listening" {
		t.Fatalf("the server said %q", line)
	}
	go func() {
		for range printed { // "closed"
			s.closed.Add(1)
		}
	}()
	return s
}

// needFiles lets this process open n files, or skips the test. The server is a
// Go program, which takes all that it may.
func needFiles(t *testing.T, n uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Max = max(limit.Max, n)
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Skipf("a process may not open %d files: %v", n, err)
	}
}

// get returns what the server's statistics have under a path.
func (s *soaked) get(path string) string {
	s.Helper()
	r, err := http.Get(s.stats + path)
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		s.Fatal(err)
	}
	return string(text)
}

// figures are the server's, by name.
func (s *soaked) figures() map[string]float64 {
	s.Helper()
	figures := map[string]float64{}
	for line := range strings.Lines(s.get("/metrics")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name != "#" {
			f, err := strconv.ParseFloat(value, 64)
			if err != nil {
				s.Fatalf("%s: %v", line, err)
			}
			figures[name] = f
		}
	}
	return figures
}

// settled are the figures after a collection of garbage.
func (s *soaked) settled() map[string]float64 {
	s.Helper()
	s.get("/debug/pprof/heap?gc=1")
	return s.figures()
}

// await waits until the server has so many connections.
func (s *soaked) await(connections int) {
	s.Helper()
	got := 0.0
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var ok bool
		if got, ok = s.figures()[`luago_connections{side="server"}`]; ok && int(got) == connections {
			return
		}
	}
	s.Fatalf("the server has %v connections, want %d", got, connections)
}

// dial opens connections, from an address of loopback of their own where there
// are several: closed ones occupy their ports for a while.
func (s *soaked) dial(n, wave int) []*websocket.Conn {
	s.Helper()
	const atOnce = 64
	network := net.Dialer{}
	if runtime.GOOS == "linux" {
		network.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+wave%200))}
	}
	dialer := websocket.Dialer{NetDialContext: network.DialContext, ReadBufferSize: 512, WriteBufferPool: &sync.Pool{}, HandshakeTimeout: time.Minute}
	conns := make([]*websocket.Conn, n)
	var all sync.WaitGroup
	for i := range atOnce {
		all.Go(func() {
			for j := i; j < n; j += atOnce {
				conn, _, err := dialer.Dial(s.addr, nil)
				if err != nil {
					s.Errorf("connection %d: %v", j, err)
					return
				}
				conn.SetReadDeadline(time.Now().Add(5 * time.Minute))
				conns[j] = conn
			}
		})
	}
	all.Wait()
	if s.Failed() {
		s.FailNow()
	}
	s.opened += int64(n)
	return conns
}

// each calls f for all connections at once.
func (s *soaked) each(conns []*websocket.Conn, f func(i int, conn *websocket.Conn) error) {
	s.Helper()
	var all sync.WaitGroup
	for i, conn := range conns {
		all.Go(func() {
			if err := f(i, conn); err != nil {
				s.Errorf("connection %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if s.Failed() {
		s.FailNow()
	}
}

// expect reads one message.
func expect(conn *websocket.Conn, want string) error {
	_, got, err := conn.ReadMessage()
	if err == nil && string(got) != want {
		err = fmt.Errorf("got %.60q (%d bytes) instead of %.60q (%d bytes)", got, len(got), want, len(want))
	}
	return err
}

// wave opens n connections, sends messages on all of them and wants them back
// in order, and ends the connections in each way there is.
func (s *soaked) wave(number, n, messages int) {
	s.Helper()
	conns := s.dial(n, number)
	s.await(n)
	padding := strings.Repeat("abcdefgh", 250)
	s.each(conns, func(i int, conn *websocket.Conn) error {
		rnd := rand.New(rand.NewPCG(uint64(number), uint64(i)))
		var sent []string
		for j := range messages {
			sent = append(sent, fmt.Sprintf("%d %d %s", i, j, padding[:rnd.IntN(len(padding))]))
			if err := conn.WriteMessage(websocket.TextMessage, []byte(sent[j])); err != nil {
				return err
			}
		}
		if err := expect(conn, "hello"); err != nil {
			return err
		}
		for _, text := range sent {
			if err := expect(conn, "echo: "+text); err != nil {
				return err
			}
		}
		return nil
	})
	s.each(conns, func(i int, conn *websocket.Conn) error {
		defer conn.Close()
		code := 1001
		switch i % 3 {
		case 0: // the client closes
			if err := conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Minute)); err != nil {
				return err
			}
		case 1: // the server does
			code = 4001
			if err := conn.WriteMessage(websocket.TextMessage, []byte("close")); err != nil {
				return err
			}
		case 2: // the client vanishes
			return nil
		}
		_, _, err := conn.ReadMessage()
		if end := (*websocket.CloseError)(nil); !errors.As(err, &end) || end.Code != code {
			return fmt.Errorf("%w instead of the end with code %d", err, code)
		}
		return nil
	})
	s.await(0)
	for deadline := time.Now().Add(time.Minute); s.closed.Load() < s.opened && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if got := s.closed.Load(); got != s.opened {
		s.Fatalf("the script was told of %d ends of %d connections", got, s.opened)
	}
}

// waves runs waves until limit is over, at least two, and wants the server's
// goroutines and heap back where they were before.
func waves(t *testing.T, n, messages int, limit time.Duration) {
	const spare = 100
	needFiles(t, uint64(n+spare))
	s := newSoaked(t)
	before := s.settled()
	start := time.Now()
	number := 0
	for ; number < 2 || time.Since(start) < limit; number++ {
		s.wave(number, n, messages)
	}
	after := s.figures()
	total := number * n * messages
	t.Logf("%d waves of %d connections in %.0f s, %d messages each way", number, n, time.Since(start).Seconds(), total)
	// The requests for "close" are messages too, and the greetings are answers.
	if got, want := after[`luago_messages_total{direction="in"}`], float64(total+number*((n+1)/3)); got != want {
		t.Errorf("the server has got %v messages, want %v", got, want)
	}
	if got, want := after[`luago_messages_total{direction="out"}`], float64(total+number*n); got != want {
		t.Errorf("the server has sent %v messages, want %v", got, want)
	}
	s.wantBack(before, n)
}

// wantBack wants the figures where they were before there were as many as
// peak connections at once; the rest of the pools goes with the second
// collection of garbage. Go keeps a descriptor of each goroutine for the next.
func (s *soaked) wantBack(before map[string]float64, peak int) {
	s.Helper()
	most := map[string]float64{
		"luago_goroutines":   before["luago_goroutines"] + 70, // finished coroutines wait for work
		"luago_heap_bytes":   before["luago_heap_bytes"] + 4<<20 + 700*float64(peak),
		"luago_coroutines":   before["luago_coroutines"],
		"luago_errors_total": 0, "luago_queued_messages": 0, "luago_queued_bytes": 0,
	}
	var left []string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		after := s.settled()
		left = nil
		for name, limit := range most {
			if got, ok := after[name]; !ok || got > limit {
				left = append(left, fmt.Sprintf("%s %v, at most %v", name, got, limit))
			}
		}
		if left == nil {
			s.Logf("goroutines %v, then %v; heap %.2f MB, then %.2f MB", before["luago_goroutines"], after["luago_goroutines"],
				before["luago_heap_bytes"]/1e6, after["luago_heap_bytes"]/1e6)
			return
		}
	}
	s.Errorf("left: %s", strings.Join(left, "; "))
}

// million sends messages through connections, each way, as fast as they go,
// and wants each back in its place.
func million(t *testing.T, n, messages int) {
	s := newSoaked(t)
	before := s.settled()
	conns := s.dial(n, 0)
	start := time.Now()
	s.each(conns, func(i int, conn *websocket.Conn) error {
		failed := make(chan error, 1)
		go func() {
			for j := range messages {
				if err := conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, "%d %d", i, j)); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
		if err := expect(conn, "hello"); err != nil {
			return err
		}
		for j := range messages {
			if err := expect(conn, fmt.Sprintf("echo: %d %d", i, j)); err != nil {
				return err
			}
		}
		return <-failed
	})
	seconds := time.Since(start).Seconds()
	after := s.figures()
	for direction, want := range map[string]int{"in": n * messages, "out": n*messages + n} {
		if got := after[`luago_messages_total{direction="`+direction+`"}`]; int(got) != want {
			t.Errorf("%s: the server counts %v messages, want %d", direction, got, want)
		}
	}
	t.Logf("%d messages each way through %d connections in %.1f s", n*messages, n, seconds)
	for _, conn := range conns {
		conn.Close()
	}
	s.await(0)
	s.wantBack(before, n)
}

// soak skips a long test.
func soak(t *testing.T) {
	if os.Getenv("LUAGO_SOAK") != "1" {
		t.Skip("takes minutes: set LUAGO_SOAK=1")
	}
}

func TestSoakWaves(t *testing.T) {
	soak(t)
	waves(t, 10_000, 10, 10*time.Minute)
}

func TestWaves(t *testing.T) { waves(t, 300, 10, 0) }

func TestSoakMillion(t *testing.T) {
	soak(t)
	million(t, 100, 10_000)
}

func TestMillion(t *testing.T) { million(t, 100, 200) }
