package wsrt

import (
	"bytes"
	"compress/flate"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// LUAGO_WS_COMPRESSION=1 switches permessage-deflate on (RFC 7692), for servers
// and clients. Each message is compressed by itself (no context takeover), so
// that connections keep no state between messages, and the window is 32 KB:
// offers that ask for anything else are declined, and the connection goes
// uncompressed.
//
//	who       says
//	server    permessage-deflate; server_no_context_takeover; client_no_context_takeover
//	client    the same, as an offer
//
// The library reads that much, and inflates; which offers and answers are
// sound is decided here, for it looks at no parameters. The limit for messages
// holds for what comes out: see readMessage.

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
		case "client_max_window_bits": // an offer says that the client can limit its own
			ok = isOffer && (value == "" || isWindow(value))
		case "server_max_window_bits": // an answer says what the server keeps to
			ok = !isOffer && isWindow(value)
		}
		if !ok {
			return false
		}
	}
	return true
}

// isWindow reports whether a value is a size of the window, as a power of two.
func isWindow(value string) bool {
	n, err := strconv.Atoi(value)
	return err == nil && n >= 8 && n <= 15 && value == strconv.Itoa(n)
}

// chooseDeflate reports whether one of a client's offers is to be accepted,
// and leaves in the request what the library is to see.
func chooseDeflate(r *http.Request, enabled bool) bool {
	offers := readExtensions(r.Header)
	r.Header.Del("Sec-WebSocket-Extensions")
	if !enabled {
		return false
	}
	for _, e := range offers {
		if e.isDeflate(true) {
			r.Header.Set("Sec-WebSocket-Extensions", e.name)
			return true
		}
	}
	return false
}

// answeredDeflate reports whether a server has accepted our offer, and whether
// its answer is sound: of what was not offered nothing may be accepted.
func answeredDeflate(h http.Header, offered bool) (deflate, sound bool) {
	answers := readExtensions(h)
	switch len(answers) {
	case 0:
		return false, true
	case 1:
		ok := offered && answers[0].isDeflate(false)
		return ok, ok
	}
	return false, false
}

const (
	// compressed is the bit RSV1 in the first byte of a message's first frame.
	compressed = 0x40
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

// inflateError tells malformed compressed data from a connection that has
// failed.
func inflateError(err error) error {
	switch err.(type) {
	case flate.CorruptInputError, flate.InternalError:
		return errNotDeflate
	}
	if err == io.ErrUnexpectedEOF { // the library's own is a CloseError
		return errNotDeflate
	}
	return err
}
