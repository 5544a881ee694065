package wsrt

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// Groups 12 and 13 of the Autobahn test suite, permessage-deflate, under its
// numbers: five kinds of payload, then seven offers, each in 18 sizes of
// messages and fragments. Payloads are made here, of the same kinds; of its
// 1,000 messages a case, as many are sent as fit into deflateVolume.
//
// Verdicts are stricter than there: whether an offer is accepted is part of
// the case, and what is declined must not come compressed.

const deflateVolume = 16 << 10

// deflateSizes are the 18 lengths of messages, and of fragments, 0: none.
var deflateSizes = [][2]int{
	{16, 0}, {64, 0}, {256, 0}, {1024, 0}, {4096, 0}, {8192, 0}, {16384, 0}, {32768, 0}, {65536, 0}, {131072, 0},
	{8192, 256}, {16384, 256}, {32768, 256}, {65536, 256}, {131072, 256}, {131072, 1024}, {131072, 4096}, {131072, 32768},
}

// A deflatePayload is endless data of some kind.
type deflatePayload struct {
	binary bool
	random bool
	next   func(rnd *rand.Rand) string // some more of it
}

var deflateWords = strings.Fields("Habe nun ach Philosophie Juristerei und Medizin durchaus studiert mit heißem Bemühn " +
	"Da steh ich armer Tor und bin so klug als wie zuvor heiße Magister gar und ziehe schon an die zehen Jahr")

func word(rnd *rand.Rand) string { return deflateWords[rnd.IntN(len(deflateWords))] }

// deflatePayloads are those of 12.1 to 12.5: records in JSON, a picture, a
// book, a page of HTML, and a document that is compressed already.
var deflatePayloads = []deflatePayload{
	{false, false, func(rnd *rand.Rand) string {
		return fmt.Sprintf(`{"id": %d, "name": %q, "active": %v, "balance": %.2f}, `, rnd.IntN(1e6), word(rnd), rnd.IntN(2) == 0, rnd.Float64()*1e4)
	}},
	{true, false, func(rnd *rand.Rand) string {
		grey := byte(rnd.IntN(256))
		return strings.Repeat(string([]byte{grey}), 1+rnd.IntN(4)) + string([]byte{grey + 1, grey + 2, grey + 1})
	}},
	{true, false, func(rnd *rand.Rand) string { return word(rnd) + []string{" ", " ", " ", ", ", "!\r\n"}[rnd.IntN(5)] }},
	{false, false, func(rnd *rand.Rand) string {
		return fmt.Sprintf("<li class=\"item\"><a href=\"/wiki/%[1]s_%[2]d\">%[1]s</a> %[3]s</li>\n", word(rnd), rnd.IntN(1000), word(rnd))
	}},
	{true, true, func(rnd *rand.Rand) string {
		var b [64]byte
		for i := range b {
			b[i] = byte(rnd.Uint32())
		}
		return string(b[:])
	}},
}

// message returns a message of size bytes.
func (p deflatePayload) message(rnd *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(p.next(rnd))
	}
	text := b.String()[:size]
	if !p.binary {
		text = strings.ToValidUTF8(text, "")
		text += strings.Repeat(".", size-len(text))
	}
	return text
}

// deflateOffers are those of group 13, as a client makes them; 12 uses the
// first.
var deflateOffers = []struct {
	offer  string
	window int // bits, of what the server compresses
}{
	{pmd + canLimit, 15},
	{pmd + canLimit + "; server_no_context_takeover", 15},
	{pmd + canLimit + "; server_max_window_bits=9", 9},
	{pmd + canLimit + "; server_max_window_bits=15", 15},
	{pmd + canLimit + "; server_no_context_takeover; server_max_window_bits=9", 9},
	{pmd + canLimit + "; server_no_context_takeover; server_max_window_bits=15", 15},
	{pmd + canLimit + "; server_no_context_takeover; server_max_window_bits=9, " +
		pmd + canLimit + "; server_no_context_takeover, " + pmd + canLimit, 9},
}

const (
	pmd      = "permessage-deflate"
	canLimit = "; client_no_context_takeover; client_max_window_bits"
	// noContext is what both sides agree on.
	noContext = pmd + "; server_no_context_takeover; client_no_context_takeover"
)

// playDeflate runs the 18 cases of a number; the program compresses in a window
// of so many bits.
func (a *autobahn) playDeflate(name string, payload deflatePayload, window int, dial func(t *testing.T) *rawEnd) {
	for i, size := range deflateSizes {
		a.T.Run(fmt.Sprintf("%s.%d", name, i+1), func(t *testing.T) {
			a.binary.Store(payload.binary)
			ends := a.ends.Load()
			e := dial(t)
			if !e.deflate {
				t.Fatal("no compression has been agreed on")
			}
			e.SetDeadline(time.Now().Add(patience))
			rnd := rand.New(rand.NewPCG(1, uint64(i)))
			n := max(2, min(deflateVolume/size[0], 1000))
			for range n {
				e.exchange(t, payload.message(rnd, size[0]), size[1], payload.binary)
			}
			if fits := size[0] <= 1<<window; !fits && e.inflated > 0 || fits && !payload.random && size[0] >= 4096 && e.inflated != n {
				t.Errorf("%d of %d messages came compressed; the window has %d bits", e.inflated, n, window)
			}
			e.Write(closeFrame(1000, "").bytes(e.client))
			if got, code, err := e.next(); got != "close" || code != 1000 {
				t.Errorf("%.60q, code %d, %v instead of the close frame", got, code, err)
			}
			e.Close()
			a.awaitEnds(t, ends+1)
		})
	}
}

// exchange sends a message, compressed if that has been agreed on, and wants
// it back.
func (e *rawEnd) exchange(t *testing.T, message string, fragment int, binary bool) {
	t.Helper()
	op, want := byte(opText), asText+message
	if binary {
		op, want = opBinary, asBinary+message
	}
	payload := message
	if e.deflate {
		payload = deflated(message)
	}
	if fragment == 0 {
		fragment = len(payload) + 1
	}
	frames := fragments(op, payload, fragment)
	if e.deflate {
		frames[0].op |= compressed
	}
	go e.sendAll(&wireCase{send: frames})
	if got, _, err := e.next(); got != want {
		t.Fatalf("%d bytes came back as %d: %.60q, %v", len(message), len(got), got, err)
	}
}

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, 6)
	if err != nil {
		panic(err)
	}
	return w
}}

// deflated compresses a message.
func deflated(message string) string {
	var b bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&b)
	io.WriteString(w, message)
	w.Flush()
	return strings.TrimSuffix(b.String(), "\x00\x00\xff\xff")
}

// inflate is the opposite.
func inflate(b []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReader(io.MultiReader(bytes.NewReader(b), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))))
}

// deflateGroups plays both groups, with ends that dial makes for an offer.
func (a *autobahn) deflateGroups(dial func(t *testing.T, offer string, window int) *rawEnd) {
	for i, payload := range deflatePayloads {
		a.playDeflate(fmt.Sprintf("12.%d", i+1), payload, 15, func(t *testing.T) *rawEnd { return dial(t, deflateOffers[0].offer, 15) })
	}
	for i, o := range deflateOffers {
		a.playDeflate(fmt.Sprintf("13.%d", i+1), deflatePayloads[0], o.window, func(t *testing.T) *rawEnd { return dial(t, o.offer, o.window) })
	}
}

// The server side.
func TestAutobahnDeflateServer(t *testing.T) {
	t.Setenv("LUAGO_WS_COMPRESSION", "1")
	a := newAutobahn(t)
	a.deflateGroups(func(t *testing.T, offer string, window int) *rawEnd {
		nc, r, h := rawHandshake(t, a.addr, "Sec-WebSocket-Extensions: "+offer+"\r\n")
		want := noContext
		if strings.Contains(offer, "server_max_window_bits") {
			want += fmt.Sprintf("; server_max_window_bits=%d", window)
		}
		if answer := h.Get("Sec-WebSocket-Extensions"); answer != want {
			t.Fatalf("the server answers %q, want %q", answer, want)
		}
		return &rawEnd{Conn: nc, r: r, client: true, deflate: true}
	})
	a.halt()
}

// The client side: the server limits the program's window, or does not.
func TestAutobahnDeflateClient(t *testing.T) {
	t.Setenv("LUAGO_WS_COMPRESSION", "1")
	a := newAutobahn(t)
	connect := a.listen()
	a.deflateGroups(func(t *testing.T, offer string, window int) *rawEnd {
		answer := noContext
		if window < 15 {
			answer += fmt.Sprintf("; client_max_window_bits=%d", window)
		}
		e := connect("Sec-WebSocket-Extensions: " + answer + "\r\n")
		e.deflate = true
		return e
	})
	a.halt()
}
