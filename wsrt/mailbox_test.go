package wsrt

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A connection that has been asked with receive_message loses nothing while
// its coroutine does something else, however much comes.
func TestReceiveBursts(t *testing.T) {
	const n = 3000
	for _, size := range []int{10, 2000} {
		var conn *Conn
		most, mostBytes := 0, 0
		warning := captureStderr(t, func() {
			withPeer(t, func(p *program, th *rt.Thread, c *Conn) {
				conn = c
				for i := range n {
					if got, _, _ := strings.Cut(str(conn.ReceiveMessage(th)), " "); got != fmt.Sprint(i) {
						t.Errorf("got %s, want %d", got, i)
						break
					}
					most, mostBytes = max(most, len(conn.kept)), max(mostBytes, conn.keptBytes)
					p.c.Sleep(th, 0)
				}
				p.note("done")
			}, func(p *program, ws *websocket.Conn) {
				text := strings.Repeat("x", size)
				for i := range n {
					write(t, ws, fmt.Sprint(i, " ", text))
				}
				p.await(1)
			})
		})
		// What one read brings is all delivered.
		if most > maxKept+maxUnread+readAhead/8 || mostBytes > 2*maxKeptBytes {
			t.Errorf("%d messages, %d bytes are kept", most, mostBytes)
		}
		if warning != "" {
			t.Error(warning)
		}
	}
}

// Two ends of a program that send more than fits between them before they
// receive lose nothing: they wait, and a warning says for what.
func TestBothSendFirst(t *testing.T) {
	const n = 40
	text := strings.Repeat("x", 1<<20)
	received := [2]int{}
	warning := captureStderr(t, func() {
		p := newProgram(t)
		p.start(func(th *rt.Thread) {
			both := func(th *rt.Thread, conn *Conn, count *int) {
				for range n {
					conn.SendMessage(th, text)
				}
				p.note("sent")
				for !conn.ReceiveMessage(th).IsNil() {
					if *count++; *count == n {
						p.note("received")
					}
				}
			}
			_, addr := p.serve(th, func(th *rt.Thread, conn *Conn) { both(th, conn, &received[0]) })
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) { both(th, p.connect(th, addr), &received[1]) }))
		})
		var conns []*Conn
		p.eventually("a warning", func() bool {
			conns = conns[:0]
			stuck := 0
			p.c.s.EachSource(func(src sched.Source) {
				if s, ok := src.(connSource); ok {
					conns = append(conns, s.c)
					if s.c.stuck {
						stuck++
					}
				}
			})
			return stuck == 2
		})
		p.do(func(th *rt.Thread) {
			conn := conns[0]
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) { // somebody receives: both go on
				for range n {
					if len(conn.ReceiveMessage(th).Str().String()) != len(text) {
						t.Error("a message is not whole")
					}
				}
				p.note("received")
			}))
		})
		p.await(4)
		p.halt()
	})
	if !regexp.MustCompile(`^(luago: level=warn event=stuck peer=127\.0\.0\.1:\d+ senders=1 kept=\d+ text="send_message waits [^\n]*"\n){2}$`).MatchString(warning) {
		t.Errorf("warnings: %q", warning)
	}
}
