package wsrt

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/sched"
)

// A dial is a connection being made. Its goroutine becomes the reader.
type dial struct {
	event
	coromega *Coromega
	waiter   sched.Waiter
	addr     string
	header   http.Header
	options  endOptions
	conn     *Conn
	err      string
}

// ConnectToWebsocket connects to a server, with headers and options from tables
// or nil, and returns the connection, or nil and why that failed.
func (c *Coromega) ConnectToWebsocket(th *rt.Thread, addr string, headers, opts rt.Value) (rt.Value, rt.Value) {
	d := &dial{coromega: c, addr: addr, waiter: c.s.Waiter(th, "connect_to_websocket")}
	if !headers.IsNil() {
		d.header = readHeaders(th, "connect_to_websocket", headers.Table(), handshakeOwns)
	}
	d.options = readEndOptions(th, "connect_to_websocket", c.options, opts, clientOptions)
	if len(d.options.protocols) > 0 && len(d.header["Sec-Websocket-Protocol"]) > 0 {
		th.Errorf("connect_to_websocket: subprotocols both as the option 'protocols' and as a header")
	}
	if msg := checkAddress(addr); msg != "" {
		return rt.Value{}, rt.NewString(msg)
	}
	d.set(func(th *rt.Thread) {
		c.s.Release()
		d.waiter.Wake(th)
	})
	c.s.Hold()
	go d.run()
	d.waiter.Wait(th)
	if d.conn == nil {
		return rt.Value{}, rt.NewString(d.err)
	}
	return d.conn.open(), rt.Value{}
}

// checkAddress says what is wrong with a URL.
func checkAddress(addr string) string {
	u, err := url.Parse(addr)
	switch {
	case err != nil:
		return "malformed URL: " + strings.TrimPrefix(err.Error(), "parse ")
	case u.Scheme != "ws" && u.Scheme != "wss":
		return "malformed URL: it must begin with ws:// or wss://: " + addr
	case u.Host == "":
		return "malformed URL: no host: " + addr
	case u.User != nil:
		return "malformed URL: a user name is not allowed: " + addr
	}
	return ""
}

// run connects, and has the outcome delivered.
func (d *dial) run() {
	ctx, cancel := context.WithTimeout(context.Background(), d.options.connectWait)
	conn, err := d.connect(ctx)
	if err != nil {
		d.err = dialError(ctx, err)
		cancel()
		d.coromega.s.Post(&d.Event)
		return
	}
	cancel()
	d.conn = conn
	conn.pending.Add(&d.Event)
	go conn.read() // on a fresh stack
}

// connect makes the connection and does the handshake.
func (d *dial) connect(ctx context.Context) (*Conn, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.addr, nil)
	if err != nil {
		return nil, err
	}
	request.URL.Scheme = "http" + strings.TrimPrefix(request.URL.Scheme, "ws")
	key, h := newKey(), request.Header
	maps.Copy(h, d.header)
	if host := h.Get("Host"); host != "" {
		request.Host = host
	}
	offered := d.options.protocols
	if len(offered) > 0 {
		h["Sec-WebSocket-Protocol"] = []string{strings.Join(offered, ", ")}
	} else {
		offered = headerTokens(h, "Sec-WebSocket-Protocol")
	}
	h["Upgrade"], h["Connection"] = []string{"websocket"}, []string{"Upgrade"}
	h["Sec-WebSocket-Key"], h["Sec-WebSocket-Version"] = []string{key}, []string{"13"}
	if d.options.compression {
		h["Sec-WebSocket-Extensions"] = []string{deflateOffer}
	}
	var w *wire
	response, err := roundTrip(request, tlsConfig, func(ctx context.Context, network, address string) (net.Conn, error) {
		nc, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w = newWire(nc)
		w.budget, w.limited, w.asked = maxAnswer, true, make(chan struct{})
		return w, nil
	})
	if err != nil {
		return nil, err
	}
	terms, err := deflateTerms{}, checkAnswer(response, key, offered)
	if err == nil {
		terms, err = answeredDeflate(response.Header, d.options.compression)
	}
	layer, ok := response.Body.(io.ReadWriter)
	if err == nil && !ok {
		err = badAnswer("the server's answer is no WebSocket handshake")
	}
	if err != nil {
		response.Body.Close()
		return nil, err
	}
	var rest []byte
	if request.URL.Scheme == "http" {
		rest = takeBuffered(layer, w)
		layer = nil
	}
	conn := d.coromega.newConn(w, layer, true, &d.options.options)
	conn.in.rest = rest
	conn.deflate, conn.window = terms.agreed, terms.window
	conn.protocol = response.Header.Get("Sec-WebSocket-Protocol")
	return conn, nil
}

// takeBuffered takes out of net/http's buffer, above w, what the server has sent
// behind its answer.
func takeBuffered(body io.Reader, w *wire) []byte {
	w.dry = true
	rest := make([]byte, bufferSize)
	n, _ := body.Read(rest) // all there is, or the error of a dry wire
	w.dry = false
	return rest[:n:n]
}

// tlsConfig is for tests.
var tlsConfig *tls.Config

func dialError(ctx context.Context, err error) string {
	if errors.Is(err, errLongAnswer) {
		return errLongAnswer.Error()
	}
	if t, ok := err.(net.Error); ctx.Err() != nil || ok && t.Timeout() {
		return "timeout: " + err.Error()
	}
	return err.Error()
}

// handshakeOwns reports whether a header, in its canonical form, is one that the
// handshake sees to.
func handshakeOwns(key string) bool {
	return key == "Upgrade" || key == "Connection" || key == "Content-Length" || key == "Transfer-Encoding" ||
		strings.HasPrefix(key, "Sec-Websocket-") && key != "Sec-Websocket-Protocol"
}

// readHeaders makes HTTP headers of the table that a script gives to call; those
// that isOwned reports on, in their canonical form, are errors.
func readHeaders(th *rt.Thread, call string, t *rt.Table, isOwned func(key string) bool) http.Header {
	header := http.Header{}
	for k, v, _ := t.Next(rt.Value{}); !k.IsNil(); k, v, _ = t.Next(k) {
		name := ""
		if k.IsString() {
			name = k.Str().String()
		}
		if !isToken(name) {
			th.Errorf("%s: bad header name '%s'", call, rt.ToStringMeta(th, k))
		}
		key := http.CanonicalHeaderKey(name)
		if isOwned(key) {
			th.Errorf("%s: header '%s' belongs to the handshake", call, name)
		}
		if !v.IsTable() {
			header.Add(key, headerValue(th, call, name, v))
			continue
		}
		list := v.Table()
		n := 0
		for k, _, _ := list.Next(rt.Value{}); !k.IsNil(); k, _, _ = list.Next(k) {
			n++
		}
		for i := 1; i <= n; i++ {
			if list.GetInt(i).IsNil() {
				th.Errorf("%s: header '%s': a list of strings or numbers expected, got a table with other keys than 1 to %d", call, name, n)
			}
			header.Add(key, headerValue(th, call, name, list.GetInt(i)))
		}
	}
	return header
}

// headerValue returns a string, or a number as a string.
func headerValue(th *rt.Thread, call, name string, v rt.Value) string {
	text, ok := rt.ToString(v)
	if !ok {
		th.Errorf("%s: header '%s': a string, a number or a list of those expected, got %s", call, name, rt.TypeName(v))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		th.Errorf("%s: header '%s': control characters", call, name)
	}
	return text
}

// isToken reports whether s may be the name of a header (RFC 9110, 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
	})
}
