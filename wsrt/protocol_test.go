package wsrt

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/luago-lang/luago/rt"
)

var quietLog = log.New(io.Discard, "", 0)

// rawServer serves connections with f, and returns the address.
func rawServer(t *testing.T, f func(nc net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			go func() { f(nc); nc.Close() }()
		}
	}()
	return "ws://" + ln.Addr().String()
}

// rawPeer connects to addr and does the handshake, and nothing more.
func rawPeer(t *testing.T, addr string) (net.Conn, *bufio.Reader) {
	t.Helper()
	nc, r, _ := rawHandshake(t, addr, "")
	return nc, r
}

// rawDial connects to addr, and nothing more.
func rawDial(t *testing.T, addr string) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", strings.TrimPrefix(addr, "ws://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(patience))
	return nc
}

// rawHandshake does the handshake with more headers, and returns those of the
// answer.
func rawHandshake(t *testing.T, addr, headers string) (net.Conn, *bufio.Reader, http.Header) {
	t.Helper()
	nc := rawDial(t, addr)
	io.WriteString(nc, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+headers+"\r\n")
	r := bufio.NewReader(nc)
	response, err := http.ReadResponse(r, nil)
	if err != nil || response.StatusCode != 101 {
		t.Fatalf("handshake: %v, %v", response, err)
	}
	return nc, r, response.Header
}

// raw is a frame of a client: first is its first byte.
func raw(first byte, payload string) string {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	b = append(b, 1, 2, 3, 4)
	for i := range len(payload) {
		b = append(b, payload[i]^byte(i&3+1))
	}
	return string(b)
}

// closeCode reads frames until a close frame, and returns its code, or 0 at
// the end of the stream.
func closeCode(r *bufio.Reader) int {
	for {
		head := make([]byte, 2)
		if _, err := io.ReadFull(r, head); err != nil {
			return 0
		}
		payload := make([]byte, head[1]&0x7f)
		if _, err := io.ReadFull(r, payload); err != nil {
			return 0
		}
		if head[0]&15 == 8 {
			if len(payload) < 2 {
				return 1005
			}
			return int(binary.BigEndian.Uint16(payload))
		}
	}
}

// Peers that break the rules: what came before is delivered, they get a close
// frame that says why, and the script gets nil.
func TestMalformedPeers(t *testing.T) {
	p := newProgram(t)
	p.c.options.maxMessage = 100_000
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(_ *rt.Thread, msg rt.Value) { p.note("%.30q", str(msg)) }))
		})
	})
	const text, binary, final = 0x81, 0x82, 0x80
	ok := raw(text, "ok")
	for _, tt := range []struct {
		name, bytes string
		code        int
		msgs        string
	}{
		{"binary", ok + raw(binary, "\xff\x00") + raw(0x88, "\x03\xe8"), 1000, `"ok" "\xff\x00" "nil"`},
		{"fragments", raw(1, "a") + raw(0, "\xc3") + raw(0x89, "ping") + raw(0, "") + raw(final, "\xa9") + raw(0x88, ""), 1005, `"aé" "nil"`},
		{"invalid UTF-8", ok + raw(text, "a\xff"), 1007, `"ok" "nil"`},
		{"UTF-8 cut off", ok + raw(text, "\xc3"), 1007, `"ok" "nil"`},
		{"surrogate", ok + raw(text, "\xed\xa0\x80"), 1007, `"ok" "nil"`},
		{"too large", ok + raw(text, strings.Repeat("x", 100_001)), 1009, `"ok" "nil"`},
		{"too large in fragments", ok + raw(1, strings.Repeat("x", 60_000)) + raw(final, strings.Repeat("x", 60_000)), 1009, `"ok" "nil"`},
		{"as large as may be", raw(text, strings.Repeat("x", 100_000)) + raw(0x88, "\x0b\xb8x"), 3000, `"` + strings.Repeat("x", 30) + `" "nil"`},
		{"not masked", ok + "\x81\x01x", 1002, `"ok" "nil"`},
		{"reserved bit", ok + raw(0xc1, "x"), 1002, `"ok" "nil"`},
		{"reserved opcode", ok + raw(0x83, "x"), 1002, `"ok" "nil"`},
		{"long ping", ok + raw(0x89, strings.Repeat("x", 126)), 1002, `"ok" "nil"`},
		{"fragmented ping", ok + raw(9, "x"), 1002, `"ok" "nil"`},
		{"continuation of nothing", ok + raw(final, "x"), 1002, `"ok" "nil"`},
		{"message in a message", ok + raw(1, "x") + raw(text, "y"), 1002, `"ok" "nil"`},
		{"bad close code", ok + raw(0x88, "\x03\xec"), 1002, `"ok" "nil"`},
		{"close code without text", ok + raw(0x88, "\x0f\xa0"), 4000, `"ok" "nil"`},
		{"end of stream", ok + raw(1, "x"), 0, `"ok" "nil"`},
	} {
		for _, slow := range []bool{false, true} {
			if slow && len(tt.bytes) > 1000 {
				continue
			}
			p.log = nil
			nc, r := rawPeer(t, addr)
			if slow { // a segment for each byte
				nc.(*net.TCPConn).SetNoDelay(true)
				for i := range len(tt.bytes) {
					io.WriteString(nc, tt.bytes[i:i+1])
				}
			} else {
				io.WriteString(nc, tt.bytes)
			}
			if tt.code == 0 {
				nc.(*net.TCPConn).CloseWrite()
			}
			if code := closeCode(r); code != tt.code {
				t.Errorf("%s: close code %d, want %d", tt.name, code, tt.code)
			}
			p.await(strings.Count(tt.msgs, " ") + 1)
			if got := strings.ReplaceAll(p.notes(), "\n", " "); got != tt.msgs {
				t.Errorf("%s: messages %s, want %s", tt.name, got, tt.msgs)
			}
			nc.Close()
		}
	}
	p.halt()
}

// A flood of pings from a peer that does not read does not fill the memory:
// they are not answered.
func TestPingFlood(t *testing.T) {
	var conn *Conn
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, func(th *rt.Thread, c *Conn) { conn = c }) })
	nc, _ := rawPeer(t, addr)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		pings := strings.Repeat(raw(0x89, strings.Repeat("p", 125)), 1000)
		for range 300 {
			io.WriteString(nc, pings)
		}
	}()
	p.eventually("all pings are read", func() bool {
		if conn == nil {
			return false
		}
		conn.wire.mu.Lock()
		defer conn.wire.mu.Unlock()
		if n := conn.wire.queued; n > outHigh+2*readAhead {
			t.Errorf("%d bytes queued", n)
		}
		select {
		case <-sent:
			return true
		default:
			return false
		}
	})
	nc.Close()
	p.halt()
}

// repeat is an endless reader.
type repeat string

func (s repeat) Read(p []byte) (int, error) {
	n := 0
	for len(p)-n >= len(s) {
		n += copy(p[n:], s)
	}
	return n, nil
}

// A message of very many fragments is one message.
func TestFragments(t *testing.T) {
	const n = 200_000
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) { p.note("%d", len(str(conn.ReceiveMessage(th)))) })
	})
	nc, _ := rawPeer(t, addr)
	var b bytes.Buffer
	b.WriteString(raw(1, "x"))
	for range n - 2 {
		b.WriteString(raw(0, "y"))
	}
	b.WriteString(raw(0x80, "z"))
	nc.Write(b.Bytes())
	p.await(1)
	p.want(fmt.Sprint(n))
	nc.Close()
	p.halt()
}

// Frames of a client are masked, and round trips of all lengths work.
func TestLengths(t *testing.T) {
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		_, addr := p.serve(th, echo)
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			conn := p.connect(th, addr)
			for _, n := range []int{0, 1, 7, 8, 9, 125, 126, 127, 4095, 16383, 16384, 32767, 32768, 32769, 65535, 65536, 100_000, 1 << 20, 5 << 20, 3, 200_000} {
				text := strings.Repeat("abcdefghijk", n/11+1)[:n]
				conn.SendMessage(th, text)
				if got := str(conn.ReceiveMessage(th)); got != text {
					t.Errorf("%d bytes came back as %d", n, len(got))
				}
			}
			p.c.Halt(th)
		}))
	})
}
