package wsrt

import (
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/luago-lang/luago/rt"
)

// Which offers a server takes, and how.
func TestDeflateOffers(t *testing.T) {
	const declined, plain = "", "; "
	for _, tt := range []struct{ offers, want string }{ // of several headers, with newlines between them
		{"", declined},
		{"permessage-deflate", plain},
		{" permessage-deflate ; client_max_window_bits ", plain},
		{"permessage-deflate; client_max_window_bits=8", plain},
		{"permessage-deflate; client_max_window_bits=\"15\"", plain},
		{"permessage-deflate; client_max_window_bits = 12; server_no_context_takeover", plain},
		{"permessage-deflate; client_max_window_bits=7", declined},
		{"permessage-deflate; client_max_window_bits=16", declined},
		{"permessage-deflate; client_max_window_bits=08", declined},
		{"permessage-deflate; client_max_window_bits=", declined},
		{"permessage-deflate; client_max_window_bits=x", declined},
		{"permessage-deflate; client_max_window_bits; client_max_window_bits", declined},
		{"permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=15"},
		{"permessage-deflate; server_max_window_bits=12; client_max_window_bits", "; server_max_window_bits=12"},
		{"permessage-deflate; server_max_window_bits=8", "; server_max_window_bits=8"},
		{"permessage-deflate; server_max_window_bits=7", declined},
		{"permessage-deflate; server_max_window_bits", declined},
		{"permessage-deflate; server_no_context_takeover=1", declined},
		{"permessage-deflate; unknown", declined},
		{"permessage-deflate;", declined},
		{"x-webkit-deflate-frame", declined},
		{"foo, permessage-deflate", plain},
		{"foo; x=\"a,b;c\", permessage-deflate", plain},
		{"permessage-deflate; unknown, permessage-deflate", plain},
		{"permessage-deflate; server_max_window_bits=9, permessage-deflate", "; server_max_window_bits=9"},
		{"foo\npermessage-deflate", plain},
	} {
		for _, enabled := range []bool{false, true} {
			h := http.Header{}
			for line := range strings.SplitSeq(tt.offers, "\n") {
				if line != "" {
					h.Add("Sec-WebSocket-Extensions", line)
				}
			}
			terms, got := chooseDeflate(h, enabled)
			want := ""
			if tt.want != declined && enabled {
				want = deflateAnswer + strings.TrimSuffix(tt.want, plain)
			}
			if got != want || terms.agreed != (want != "") {
				t.Errorf("%q, enabled: %v: %+v, %q", tt.offers, enabled, terms, got)
			}
			if _, bits, _ := strings.Cut(tt.want, "="); enabled && bits != "" && strconv.Itoa(int(terms.window)) != bits {
				t.Errorf("%q: a window of %d bits", tt.offers, terms.window)
			}
		}
	}
}

// What servers answer a client: with what is valid it goes on.
func TestDeflateAnswers(t *testing.T) {
	const cannot = "the server chose a WebSocket extension that was not offered"
	for _, tt := range []struct {
		enabled, answer, want string
	}{
		{"1", "", "connected"},
		{"0", "", "connected"},
		{"1", noContext, "connected"},
		{"1", "permessage-deflate; server_no_context_takeover", "connected"},
		{"1", noContext + "; server_max_window_bits=9", "connected"},
		{"1", noContext + "; client_max_window_bits=9", "connected"},
		{"1", "permessage-deflate; server_no_context_takeover; client_max_window_bits=15; server_max_window_bits=15", "connected"},
		{"1", noContext + "; client_max_window_bits", cannot},
		{"1", noContext + "; client_max_window_bits=16", cannot},
		{"1", noContext + "; unknown", cannot},
		{"1", noContext + ", foo", cannot},
		{"1", noContext + ", " + noContext, cannot},
		{"1", "foo", cannot},
		{"1", "permessage-deflate", cannot},
		{"0", noContext, cannot},
		{"0", "foo", cannot},
	} {
		t.Setenv("LUAGO_WS_COMPRESSION", tt.enabled)
		header := ""
		if tt.answer != "" {
			header = "Sec-WebSocket-Extensions: " + tt.answer + "\r\n"
		}
		addr := rawServer(t, func(nc net.Conn) {
			rawAccept(t, nc, header)
			io.Copy(io.Discard, nc)
		})
		p := newProgram(t)
		p.run(func(th *rt.Thread) {
			p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
				msg := rt.NewString("connected")
				if conn, err := p.c.ConnectToWebsocket(th, addr, rt.Value{}, rt.Value{}); conn.IsNil() {
					msg = err
				}
				p.note("%s", str(msg))
				p.c.Halt(th)
			}))
		})
		if !strings.Contains(p.notes(), tt.want) {
			t.Errorf("compression %s, answer %q: %s", tt.enabled, tt.answer, p.notes())
		}
	}
}

// Messages that inflate to more than the limit, or to nothing: what came
// before is delivered, the peer gets a close frame.
func TestDeflateHostilePeers(t *testing.T) {
	t.Setenv("LUAGO_WS_COMPRESSION", "1")
	t.Setenv("LUAGO_WS_MAX_MESSAGE", "100000")
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			conn.WhenNewMsg(th, fn(func(_ *rt.Thread, msg rt.Value) { p.note("%.10q %d", str(msg), len(str(msg))) }))
		})
	})
	const text = 0x81 | compressed
	ok := raw(text, deflated("ok"))
	whole := deflated(strings.Repeat("x", 100_000))
	bomb := deflated(strings.Repeat("x", 64<<20))
	random := deflated(deflatePayloads[4].message(rand.New(rand.NewPCG(1, 1)), 90_000))
	for _, tt := range []struct {
		name, bytes string
		code        int
		want        string
	}{
		{"as large as may be", raw(text, whole), 0, `"xxxxxxxxxx" 100000`},
		{"one byte more", raw(text, deflated(strings.Repeat("x", 100_001))), 1009, ""},
		{"a bomb", raw(text, bomb), 1009, ""},
		{"a bomb in fragments", raw(1|compressed, bomb[:100]) + raw(0, bomb[100:200]) + raw(0x80, bomb[200:]), 1009, ""},
		{"no deflate", raw(text, "\xff\xff\xff\xff"), 1007, ""},
		{"cut off", raw(text, random[:1000]), 1007, ""},
		{"cut off, large", raw(text, random[:len(random)/2]), 1007, ""},
		{"invalid UTF-8", raw(text, deflated("\xff")), 1007, ""},
		{"invalid UTF-8, large", raw(text, deflated(strings.Repeat("\xff", 50_000))), 1007, ""},
		{"empty", raw(text, "\x00"), 0, `"" 0`},
		{"last block", raw(text, "\x01\x01\x00\xfe\xffx"), 0, `"x" 1`},
		{"not compressed", raw(0x81, "plain"), 0, `"plain" 5`},
		{"another reserved bit", raw(0x81|0x20, "x"), 1002, ""},
		{"large on the wire", raw(0x81, strings.Repeat("x", 100_001)), 1009, ""},
	} {
		p.log = nil
		nc, r, h := rawHandshake(t, addr, "Sec-WebSocket-Extensions: permessage-deflate\r\n")
		if got := h.Get("Sec-WebSocket-Extensions"); got != noContext {
			t.Fatalf("answer %q", got)
		}
		io.WriteString(nc, ok+tt.bytes)
		want := []string{`"ok" 2`}
		if tt.code == 0 {
			io.WriteString(nc, raw(0x88, "\x03\xe8"))
			tt.code = 1000
			want = append(want, tt.want)
		}
		want = append(want, `"nil" 3`)
		if code := closeCode(r); code != tt.code {
			t.Errorf("%s: close code %d, want %d", tt.name, code, tt.code)
		}
		p.await(len(want))
		if got := p.notes(); got != strings.Join(want, "\n") {
			t.Errorf("%s: %s", tt.name, got)
		}
		nc.Close()
	}
	p.halt()
}

// Two ends of this package agree on compression, and large messages get
// through in both directions; the same message to many is compressed once.
func TestDeflateBothEnds(t *testing.T) {
	t.Setenv("LUAGO_WS_COMPRESSION", "1")
	p := newProgram(t)
	p.run(func(th *rt.Thread) {
		var others []*Conn
		_, addr := p.serve(th, func(th *rt.Thread, conn *Conn) {
			others = append(others, conn)
			echo(th, conn)
		})
		p.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
			a, b := p.connect(th, addr), p.connect(th, addr)
			if !a.deflate || !b.deflate {
				t.Error("no compression")
			}
			for _, n := range []int{0, 1, 63, 64, 65, 1000, 32767, 32768, 32769, 100_000, 3 << 20, 5} {
				text := strings.Repeat("abcdefghijk", n/11+1)[:n]
				for _, conn := range []*Conn{a, b} {
					conn.SendMessage(th, text)
					if got := str(conn.ReceiveMessage(th)); got != text {
						t.Errorf("%d bytes came back as %d", n, len(got))
					}
				}
			}
			text := strings.Repeat("to all ", 100)
			for _, conn := range others {
				conn.SendMessage(th, text)
			}
			if p.c.deflater.last != text || len(p.c.deflater.out) >= len(text) {
				t.Error("the message is not kept")
			}
			for _, conn := range []*Conn{a, b} {
				if got := str(conn.ReceiveMessage(th)); got != text {
					t.Errorf("got %q", got)
				}
			}
			p.c.Halt(th)
		}))
	})
}
