package wsrt

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// The cases of groups 1 to 7, 9 and 10 of the Autobahn test suite, under its
// numbers: a raw peer, which may break every rule, against a program that
// echoes; once as the program's client, once as its server. Sizes and counts
// are those of Autobahn's; its waits of a second are 20 ms.
//
// A verdict is stricter than there: what the peer sees is compared up to the
// end of the stream, so a message that precedes an error must be echoed before
// the close frame, and nothing may follow that. That 6.4.1 to 6.4.4 fail fast
// is seen by TestNotUTF8FailsFast.
//
// One thing is done by the test: a script's messages are text, so what goes
// back for a binary message is written below send_message.

// A wireCase is one case.
type wireCase struct {
	name   string
	binary bool    // echo binary messages
	send   []frame // what the peer sends
	chop   int     // bytes in a write; 0: all at once; byFrame
	rounds int     // times that send is repeated, each after the last echo
	want   []string
	codes  []int // of the close frame that the peer gets
	closes bool  // the peer closes, with 1000, after it has got want
}

// A frame is a frame of a peer's; op is its first byte.
type frame struct {
	op      byte
	payload string
	pause   bool // wait before it
	raw     bool // no header: more of the payload of the frame before
	length  int  // that the header says, if not len(payload)
}

const (
	fin                                        = 0x80
	byFrame                                    = -1
	noCode                                     = 1005 // a close frame without one
	asText, asBinary                           = "text ", "binary "
	text, bin, ping, pong, closing, last, more = fin | opText, fin | opBinary, fin | opPing, fin | opPong, fin | opClose, fin | opContinue, opContinue
)

// echoed is a case in which the peer gets want, and then closes.
func echoed(name string, want []string, send ...frame) wireCase {
	return wireCase{name: name, send: send, want: want, codes: []int{1000}, closes: true}
}

// failed is a case in which the peer gets want, and a close frame with code.
func failed(name string, code int, want []string, send ...frame) wireCase {
	return wireCase{name: name, send: send, want: want, codes: []int{code}}
}

func (c wireCase) chopped(n int) wireCase { c.chop = n; return c }

func f(op byte, payload string) frame { return frame{op: op, payload: payload} }

// closeFrame is a close frame with a code.
func closeFrame(code int, reason string) frame {
	return f(closing, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

// fragments splits a message into frames of size bytes.
func fragments(op byte, payload string, size int) []frame {
	var list []frame
	for len(payload) > size {
		list = append(list, f(op, payload[:size]))
		op, payload = opContinue, payload[size:]
	}
	return append(list, f(op|fin, payload))
}

// bytes returns the frame as a client or a server sends it.
func (fr frame) bytes(mask bool) []byte {
	if fr.raw {
		return fr.masked(nil, mask)
	}
	n := fr.length
	if n == 0 {
		n = len(fr.payload)
	}
	bit := byte(0)
	if mask {
		bit = 0x80
	}
	b := []byte{fr.op}
	switch {
	case n < 126:
		b = append(b, bit|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, bit|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, bit|127), uint64(n))
	}
	if mask {
		b = append(b, 0x5a, 0x5a, 0x5a, 0x5a) // equal bytes: parts need no position
	}
	return fr.masked(b, mask)
}

func (fr frame) masked(b []byte, mask bool) []byte {
	at := len(b)
	b = append(b, fr.payload...)
	for i := at; mask && i < len(b); i++ {
		b[i] ^= 0x5a
	}
	return b
}

// A rawEnd is the peer's end of a connection.
type rawEnd struct {
	net.Conn
	r        *bufio.Reader
	client   bool
	deflate  bool // permessage-deflate has been agreed on
	inflated int  // messages that came compressed
}

// sendAll writes the frames of a case; if the program has closed the
// connection, what it has sent before says enough.
func (e *rawEnd) sendAll(c *wireCase) {
	var b []byte
	write := func() {
		n := c.chop
		if n <= 0 {
			n = len(b)
		}
		for len(b) > 0 {
			n = min(n, len(b))
			e.Write(b[:n])
			b = b[n:]
		}
	}
	for _, fr := range c.send {
		if fr.pause {
			write()
			time.Sleep(20 * time.Millisecond)
		}
		b = append(b, fr.bytes(e.client)...)
		if c.chop == byFrame {
			write()
		}
	}
	write()
}

// next returns the next message or control frame in words, with the code if it
// is a close frame. It checks what an endpoint must keep to in each frame.
func (e *rawEnd) next() (string, int, error) {
	message, kind, small := []byte(nil), byte(0), false
	for {
		head, err := e.r.Peek(2)
		if err != nil {
			return "", 0, err
		}
		e.r.Discard(2)
		op, masked, n := head[0], head[1]&0x80 != 0, int(head[1]&0x7f)
		var wide [8]byte
		switch {
		case n == 126:
			io.ReadFull(e.r, wide[:2])
			if n = int(binary.BigEndian.Uint16(wide[:])); n < 126 {
				return "", 0, fmt.Errorf("length %d takes 16 bits", n)
			}
		case n == 127:
			io.ReadFull(e.r, wide[:])
			if n = int(binary.BigEndian.Uint64(wide[:])); n < 1<<16 {
				return "", 0, fmt.Errorf("length %d takes 64 bits", n)
			}
		}
		if e.deflate && (op == bin|compressed || op == text|compressed) {
			op &^= compressed
			small = true
			e.inflated++
		}
		if op&0x70 != 0 || masked == e.client || op&8 != 0 && (op&fin == 0 || n > 125) {
			return "", 0, fmt.Errorf("bad frame: first byte %#x, masked %v, %d bytes", op, masked, n)
		}
		var key [4]byte
		if masked {
			io.ReadFull(e.r, key[:])
		}
		payload := make([]byte, n)
		if _, err := io.ReadFull(e.r, payload); err != nil {
			return "", 0, err
		}
		if masked {
			for i := range payload {
				payload[i] ^= key[i&3]
			}
		}
		switch op & 15 {
		case opPing:
			return "ping " + string(payload), 0, nil
		case opPong:
			return "pong " + string(payload), 0, nil
		case opClose:
			if n < 2 {
				return "close", noCode, nil
			}
			return "close", int(binary.BigEndian.Uint16(payload)), nil
		case opText, opBinary:
			kind = op & 15
		}
		if message = append(message, payload...); op&fin != 0 {
			if small {
				if message, err = inflate(message); err != nil {
					return "", 0, err
				}
			}
			return map[byte]string{opText: asText, opBinary: asBinary}[kind] + string(message), 0, nil
		}
	}
}

// play runs a case and returns what is wrong.
func (c *wireCase) play(e *rawEnd) error {
	e.SetDeadline(time.Now().Add(patience))
	for i := range max(c.rounds, 1) {
		if i > 0 {
			e.sendAll(c)
		} else {
			go e.sendAll(c)
		}
		for _, want := range c.want {
			got, code, err := e.next()
			if err != nil {
				return fmt.Errorf("%w instead of %.60q", err, want)
			}
			if got != want {
				return fmt.Errorf("got %.60q (%d bytes, code %d), want %.60q (%d bytes)", got, len(got), code, want, len(want))
			}
		}
	}
	if c.closes {
		if e.client {
			e.Write(closeFrame(1000, "").bytes(true))
		} else {
			e.Write(closeFrame(1000, "").bytes(false))
		}
	}
	got, code, err := e.next()
	if err != nil || got != "close" || !slices.Contains(c.codes, code) {
		return fmt.Errorf("got %.60q, code %d, %v; want a close frame, code %v", got, code, err, c.codes)
	}
	if got, _, err := e.next(); err != io.EOF {
		return fmt.Errorf("after the close frame: %.60q, %v", got, err)
	}
	return nil
}

// autobahn is a program that echoes what peers send.
type autobahn struct {
	*program
	addr   string
	binary atomic.Bool  // messages are echoed as binary ones
	ends   atomic.Int32 // connections that have ended, as the script was told
}

func newAutobahn(t *testing.T) *autobahn {
	if testing.Short() {
		t.Skip("sends hundreds of megabytes")
	}
	a := &autobahn{program: newProgram(t)}
	a.start(func(th *rt.Thread) { _, a.addr = a.serve(th, a.echo) })
	return a
}

func (a *autobahn) echo(th *rt.Thread, conn *Conn) {
	conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
		switch {
		case msg.IsNil():
			a.ends.Add(1)
		case a.binary.Load():
			conn.frameMessage(websocket.BinaryMessage, str(msg))
			conn.wire.Flush()
		default:
			if err := conn.SendMessage(th, str(msg)); !err.IsNil() {
				a.Errorf("send_message: %s", str(err))
			}
		}
	}))
}

// cases plays all cases with ends that dial makes.
func (a *autobahn) cases(dial func() *rawEnd) {
	passed, played, all := map[string]int{}, 0, autobahnCases()
	for _, c := range all {
		a.T.Run(c.name, func(t *testing.T) {
			played++
			a.binary.Store(c.binary)
			e := dial()
			err := c.play(e)
			e.Close()
			if err != nil {
				t.Error(err)
			}
			a.awaitEnds(t, int32(played))
			if err == nil {
				group, _, _ := strings.Cut(c.name, ".")
				passed[group]++
			}
		})
	}
	if played < len(all) { // -run chooses some
		return
	}
	want := map[string]int{"1": 16, "2": 11, "3": 7, "4": 10, "5": 20, "6": 145, "7": 37, "9": 54, "10": 1}
	if fmt.Sprint(passed) != fmt.Sprint(want) {
		a.Errorf("passed in each group: %v, want %v", passed, want)
	}
}

// awaitEnds waits until the script has been told of so many ends.
func (a *autobahn) awaitEnds(t *testing.T, want int32) {
	eventually(t, "the script is told of the end", func() bool { return a.ends.Load() >= want })
	if n := a.ends.Load(); n != want {
		t.Fatalf("the script was told of %d ends, want %d", n, want)
	}
}

// The server side.
func TestAutobahnServer(t *testing.T) {
	a := newAutobahn(t)
	a.cases(func() *rawEnd {
		nc, r := rawPeer(t, a.addr)
		return &rawEnd{Conn: nc, r: r, client: true}
	})
	a.halt()
}

// The client side.
func TestAutobahnClient(t *testing.T) {
	a := newAutobahn(t)
	connect := a.listen()
	a.cases(func() *rawEnd { return connect("") })
	a.halt()
}

// listen returns a function that has the program connect, and answers its
// handshake with more headers.
func (a *autobahn) listen() func(headers string) *rawEnd {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() { ln.Close() })
	return func(headers string) *rawEnd {
		a.do(func(th *rt.Thread) {
			a.c.StartNew(th, fn(func(th *rt.Thread, _ rt.Value) {
				a.echo(th, a.connect(th, "ws://"+ln.Addr().String()))
			}))
		})
		ln.(*net.TCPListener).SetDeadline(time.Now().Add(patience))
		nc, err := ln.Accept()
		if err != nil {
			a.Fatal(err)
		}
		return rawAccept(a.T, nc, headers)
	}
}

// rawAccept answers the handshake of a client, with more headers, and does
// nothing more.
func rawAccept(t *testing.T, nc net.Conn, headers string) *rawEnd {
	r := bufio.NewReader(nc)
	request, err := http.ReadRequest(r)
	if err != nil {
		t.Error(err)
		return nil
	}
	sum := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(nc, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n",
		base64.StdEncoding.EncodeToString(sum[:]), headers)
	return &rawEnd{Conn: nc, r: r}
}
