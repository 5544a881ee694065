package wsrt

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The opening handshake (RFC 6455, section 4). The server's side is the library's.
// The client's is net/http's: the library's reads ahead, into a buffer that frames
// which come with the answer do not leave again, and takes no answer with other
// terms of compression than its own.

// acceptGUID is what goes into Sec-WebSocket-Accept behind the key.
const acceptGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// acceptKey returns the answer to a client's key.
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + acceptGUID))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// newKey returns a client's key.
func newKey() string {
	var b [16]byte
	rand.Read(b[:])
	return base64.StdEncoding.EncodeToString(b[:])
}

// headerTokens returns the entries of headers that are lists.
func headerTokens(h http.Header, name string) (list []string) {
	for _, line := range h.Values(name) {
		for entry := range strings.SplitSeq(line, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				list = append(list, entry)
			}
		}
	}
	return list
}

// hasToken reports whether a header that is a list has an entry, in any case.
func hasToken(h http.Header, name, token string) bool {
	for _, entry := range headerTokens(h, name) {
		if strings.EqualFold(entry, token) {
			return true
		}
	}
	return false
}

// upgrader answers the handshakes of clients. Extensions are negotiated here (see
// deflate.go), origins are looked at before.
var upgrader = websocket.Upgrader{
	ReadBufferSize:  256,
	WriteBufferPool: &sync.Pool{},
	CheckOrigin:     func(*http.Request) bool { return true },
	Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
		w.Header().Set("Sec-WebSocket-Version", "13")
		http.Error(w, strings.TrimPrefix(reason.Error(), "websocket: "), status)
	},
}

// upgrade answers a client's handshake with more headers and the extensions that
// have been agreed on, if any. It returns the wire, and what is above it if that is
// TLS; where the handshake is wrong the client has been told so.
func upgrade(w http.ResponseWriter, r *http.Request, header http.Header, extensions string, limit time.Duration) (*wire, io.ReadWriter, error) {
	if !r.ProtoAtLeast(1, 1) { // RFC 6455, section 4.1; the library takes any version
		http.Error(w, "a WebSocket handshake needs HTTP/1.1", http.StatusBadRequest)
		return nil, nil, websocket.ErrBadHandshake
	}
	u := upgrader
	u.HandshakeTimeout = limit
	ws, err := u.Upgrade(&hijacker{w, extensions}, r, header)
	if err != nil {
		return nil, nil, err
	}
	nc := ws.NetConn().(*answerConn).Conn
	if t, ok := nc.(*tls.Conn); ok {
		return t.NetConn().(*wire), t, nil
	}
	return nc.(*wire), nil, nil
}

// A hijacker puts the header of extensions, which the library writes for no terms
// but its own, into the answer.
type hijacker struct {
	http.ResponseWriter
	extensions string
}

// Hijack returns the connection.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	nc, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	return &answerConn{nc, h.extensions}, rw, err
}

// An answerConn is a connection whose first write is the answer to a handshake.
type answerConn struct {
	net.Conn
	extensions string // to be put into it
}

// Write writes the answer with the extensions behind its first line.
func (c *answerConn) Write(p []byte) (int, error) {
	i := bytes.IndexByte(p, '\n') + 1
	if c.extensions == "" || i == 0 {
		return c.Conn.Write(p)
	}
	answer := slices.Concat(p[:i], []byte("Sec-WebSocket-Extensions: "+c.extensions+"\r\n"), p[i:])
	c.extensions = ""
	if _, err := c.Conn.Write(answer); err != nil {
		return 0, err
	}
	return len(p), nil
}

// A badAnswer is what is wrong with a server's answer to a handshake.
type badAnswer string

// Error says it.
func (e badAnswer) Error() string { return string(e) }

// checkAnswer says what is wrong with a server's answer to the handshake with
// a key, which offered subprotocols; nil: nothing.
func checkAnswer(response *http.Response, key string, offered []string) error {
	h := response.Header
	switch {
	case response.StatusCode != http.StatusSwitchingProtocols:
		return badAnswer("the server answered with HTTP status " + response.Status)
	case !hasToken(h, "Upgrade", "websocket") || !hasToken(h, "Connection", "upgrade") || !slices.Equal(h.Values("Sec-WebSocket-Accept"), []string{acceptKey(key)}):
		return badAnswer("the server's answer is no WebSocket handshake")
	}
	for i, p := range h.Values("Sec-WebSocket-Protocol") {
		if i > 0 || !slices.Contains(offered, p) {
			return badAnswer("the server chose a subprotocol that was not asked for: " + p)
		}
	}
	return nil
}

// roundTrip sends a handshake and returns the answer. With status 101 its body
// is the connection, and bufferSize bytes at most have been read ahead.
func roundTrip(request *http.Request, config *tls.Config, dial func(ctx context.Context, network, address string) (net.Conn, error)) (*http.Response, error) {
	if config != nil {
		config = config.Clone()
	}
	transport := &http.Transport{
		Proxy:              http.ProxyFromEnvironment,
		DialContext:        dial,
		TLSClientConfig:    config,
		TLSNextProto:       map[string]func(string, *tls.Conn) http.RoundTripper{}, // not HTTP/2
		DisableCompression: true,
		DisableKeepAlives:  true,
		ReadBufferSize:     bufferSize,
		WriteBufferSize:    bufferSize,
	}
	return transport.RoundTrip(request)
}

// bufferSize is the size of net/http's buffers for a handshake.
const bufferSize = 1 << 10
