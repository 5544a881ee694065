package wsrt

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The opening handshake (RFC 6455, section 4), of either side, on top of
// net/http: that parses what the peer sends.

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

// isUpgrade reports whether a request wants to become a WebSocket.
func isUpgrade(r *http.Request) bool {
	return hasToken(r.Header, "Connection", "upgrade") && hasToken(r.Header, "Upgrade", "websocket")
}

// checkUpgrade says what is wrong with a client's handshake: a status and why,
// or 0.
func checkUpgrade(r *http.Request) (status int, why string) {
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-WebSocket-Key"))
	switch {
	case !r.ProtoAtLeast(1, 1):
		return http.StatusBadRequest, "a WebSocket handshake needs HTTP/1.1"
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "a WebSocket handshake is a GET request"
	case !hasToken(r.Header, "Sec-WebSocket-Version", "13"):
		return http.StatusUpgradeRequired, "the version of WebSocket must be 13"
	case err != nil || len(key) != 16:
		return http.StatusBadRequest, "Sec-WebSocket-Key must be 16 bytes in base64"
	}
	return 0, ""
}

var errEager = errors.New("the client sent data before the handshake was over")

// upgrade answers a client's handshake, which has been checked, with more
// headers, and returns the wire, and what is above it if that is TLS.
func upgrade(rw http.ResponseWriter, r *http.Request, header http.Header, limit time.Duration) (*wire, io.ReadWriter, error) {
	nc, buffered, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		return nil, nil, err
	}
	if buffered.Reader.Buffered() > 0 {
		nc.Close()
		return nil, nil, errEager
	}
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		acceptKey(r.Header.Get("Sec-WebSocket-Key")) + "\r\n")
	_ = header.Write(&b) // a Buffer never fails
	b.WriteString("\r\n")
	nc.SetDeadline(time.Time{})
	nc.SetWriteDeadline(time.Now().Add(limit))
	if _, err := nc.Write(b.Bytes()); err != nil {
		nc.Close()
		return nil, nil, err
	}
	nc.SetWriteDeadline(time.Time{})
	if t, ok := nc.(*tls.Conn); ok {
		return t.NetConn().(*wire), t, nil
	}
	return nc.(*wire), nil, nil
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
