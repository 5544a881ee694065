package wsrt

import (
	"bytes"
	"compress/flate"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// LUAGO_WS_COMPRESSION=1 switches permessage-deflate on (RFC 7692), for servers
// and clients. Each message is compressed by itself (no context takeover), so
// that connections keep no state between messages:
//
//	who       says
//	server    permessage-deflate; server_no_context_takeover; client_no_context_takeover
//	          and server_max_window_bits, where the offer asks for it
//	client    the same two, as an offer, and client_max_window_bits
//
// A server that does not say client_no_context_takeover allows what is not
// done. Compression has a window of 32 KB; where a smaller one has been agreed
// on, only messages that fit in it are compressed, so that nothing refers
// further back. The limit for messages holds for what comes out.

// deflateOffer is what a client offers, deflateAnswer how a server's answer
// begins.
const (
	deflateAnswer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
	deflateOffer  = deflateAnswer + "; client_max_window_bits"
)

// deflateTerms are what two ends have agreed on.
type deflateTerms struct {
	agreed bool
	window uint8 // bits of the window in which this end compresses
}

const maxWindow = 15

// An extension is an entry of a Sec-WebSocket-Extensions header.
type extension struct {
	name   string
	params map[string]string // "" where there is no value
	bad    bool              // malformed, or a parameter twice
}

// readExtensions reads the headers. Commas and semicolons in quoted values
// need no care: what is quoted must be a token (RFC 6455, section 9.1), so such
// an entry is malformed however it is split.
func readExtensions(h http.Header) []extension {
	var list []extension
	for _, line := range h.Values("Sec-WebSocket-Extensions") {
		for entry := range strings.SplitSeq(line, ",") {
			parts := strings.Split(entry, ";")
			e := extension{name: strings.TrimSpace(parts[0]), params: map[string]string{}}
			e.bad = !isToken(e.name)
			for _, part := range parts[1:] {
				name, value, hasValue := strings.Cut(strings.TrimSpace(part), "=")
				name, value = strings.TrimSpace(name), strings.TrimSpace(value)
				if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
					value = value[1 : n-1]
				}
				_, twice := e.params[name]
				e.bad = e.bad || twice || !isToken(name) || hasValue && !isToken(value)
				e.params[name] = value
			}
			list = append(list, e)
		}
	}
	return list
}

// isDeflate reports whether e is permessage-deflate in a form that works here:
// as a client's offer, or as a server's answer to ours.
func (e extension) isDeflate(isOffer bool) bool {
	if e.bad || e.name != "permessage-deflate" {
		return false
	}
	for name, value := range e.params {
		ok := false
		switch name {
		case "server_no_context_takeover", "client_no_context_takeover":
			ok = value == ""
		case "client_max_window_bits": // an offer may say only that the client can limit its own
			ok = isWindow(value) || isOffer && value == ""
		case "server_max_window_bits":
			ok = isWindow(value)
		}
		if !ok {
			return false
		}
	}
	_, isFresh := e.params["server_no_context_takeover"]
	return isOffer || isFresh // the offer demands it
}

// terms returns what this end keeps to, where the parameter sets its window.
func (e extension) terms(param string) deflateTerms {
	window, err := strconv.Atoi(e.params[param])
	if err != nil {
		window = maxWindow
	}
	return deflateTerms{agreed: true, window: uint8(window)}
}

// isWindow reports whether a value is a size of the window, as a power of two.
func isWindow(value string) bool {
	n, err := strconv.Atoi(value)
	return err == nil && n >= 8 && n <= 15 && value == strconv.Itoa(n)
}

// chooseDeflate returns what a server accepts of a client's offers, and how it
// says so.
func chooseDeflate(h http.Header, enabled bool) (deflateTerms, string) {
	if !enabled {
		return deflateTerms{}, ""
	}
	for _, e := range readExtensions(h) {
		if e.isDeflate(true) {
			answer := deflateAnswer
			if bits := e.params["server_max_window_bits"]; bits != "" {
				answer += "; server_max_window_bits=" + bits
			}
			return e.terms("server_max_window_bits"), answer
		}
	}
	return deflateTerms{}, ""
}

const errExtension = badAnswer("the server chose a WebSocket extension that was not offered")

// answeredDeflate returns what a server has answered to our offer: of what was
// not offered nothing may be accepted.
func answeredDeflate(h http.Header, offered bool) (deflateTerms, error) {
	answers := readExtensions(h)
	switch {
	case len(answers) == 0:
		return deflateTerms{}, nil
	case len(answers) > 1 || !offered || !answers[0].isDeflate(false):
		return deflateTerms{}, errExtension
	}
	return answers[0].terms("client_max_window_bits"), nil
}

const (
	// deflateMin is the length from which on compression is tried.
	deflateMin = 64
	// deflateKept is the length up to which the last message is kept.
	deflateKept = 1 << 20
)

// A deflater compresses the messages of a program, one at a time: with the
// baton. A writer takes 800 KB, too much for each connection. The last message
// is kept, so that a broadcast compresses once.
type deflater struct {
	w    *flate.Writer
	buf  bytes.Buffer
	last string // a message
	out  string // and what has become of it
}

// deflate returns what a message is on the wire, and whether that is
// compressed: where it saves nothing, the message goes as it is.
func (d *deflater) deflate(message string) (string, bool) {
	if len(message) < deflateMin {
		return message, false
	}
	if message != d.last {
		if d.w == nil {
			d.w, _ = flate.NewWriter(&d.buf, flate.BestSpeed) // the level is valid
		}
		d.buf.Reset()
		d.w.Reset(&d.buf)
		_, _ = io.WriteString(d.w, message) // a Buffer never fails
		_ = d.w.Flush()
		out := d.buf.String()
		out = out[:len(out)-len("\x00\x00\xff\xff")] // RFC 7692, section 7.2.1
		if len(message) > deflateKept {
			d.buf = bytes.Buffer{}
			return shorter(out, message)
		}
		d.last, d.out = message, out
	}
	return shorter(d.out, message)
}

func shorter(out, message string) (string, bool) {
	if len(out) < len(message) {
		return out, true
	}
	return message, false
}

// packedReader reads a compressed message, and then what its sender has cut off
// (RFC 7692, section 7.2.2), with an empty last block.
type packedReader struct {
	part, tail []byte
}

var deflateTail = []byte("\x00\x00\xff\xff\x01\x00\x00\xff\xff")

// Read reads some bytes.
func (r *packedReader) Read(p []byte) (int, error) {
	if len(r.part) == 0 {
		r.part, r.tail = r.tail, nil
	}
	n := copy(p, r.part)
	if r.part = r.part[n:]; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// ReadByte reads one.
func (r *packedReader) ReadByte() (byte, error) {
	var b [1]byte
	_, err := r.Read(b[:])
	return b[0], err
}

// An inflater inflates one message at a time.
type inflater struct {
	packed packedReader
	r      io.ReadCloser
	buf    [inflateSize]byte
}

// inflateSize is up to which size messages are inflated without guessing.
const inflateSize = 32 << 10

var inflaters = sync.Pool{New: func() any { return &inflater{r: flate.NewReader(nil)} }}

// inflate returns what has been compressed, in memory of its own.
func (c *Conn) inflate(packed []byte) ([]byte, error) {
	i := inflaters.Get().(*inflater)
	defer inflaters.Put(i)
	i.packed = packedReader{packed, deflateTail}
	_ = i.r.(flate.Resetter).Reset(&i.packed, nil) // never fails
	n, err := readPart(i.r, i.buf[:])
	mem := make([]byte, n)
	copy(mem, i.buf[:])
	for err == nil && n <= c.options.maxMessage {
		more := uncleared(max(2*n, c.lastSize) + 1)
		copy(more, mem[:n])
		var k int
		k, err = readPart(i.r, more[n:])
		n += k
		mem = more[:n]
	}
	i.packed = packedReader{}
	switch {
	case n > c.options.maxMessage:
		return nil, errTooLarge
	case err != io.EOF:
		return nil, errNotDeflate
	}
	return mem, nil
}

// readPart reads until part is full, or the message has come to its end: then
// the error is io.EOF.
func readPart(r io.Reader, part []byte) (n int, err error) {
	for n < len(part) && err == nil {
		var k int
		k, err = r.Read(part[n:])
		n += k
	}
	return n, err
}
