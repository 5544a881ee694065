package wsrt

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/jsonvalue"
)

// The functions of when_handshake and when_request are asked by goroutines of
// net/http's, which wait for the answer:
//
//	net/http              scheduler
//	ask --- event ------> f(req) in a new coroutine, may suspend
//	 |                      |
//	 | <----- answer -------+   or 500 where f raises an error
//	 |                          or 503 after answerWait
//	writes it

// An answer is what a function has said of a request.
type answer struct {
	status int // 101: go on with the handshake; 404: the function said nothing
	text   string
	header http.Header
	// protocol is the subprotocol that when_handshake has chosen; "" leaves that
	// to the list of the server's.
	protocol string
}

// statusText returns the answer of a status with the text that goes with it.
func statusText(status int) answer { return answer{status: status, text: http.StatusText(status)} }

// ask calls f with a request, in a new coroutine, and returns what read makes
// of the n results, of which first is one.
func (l *Listener) ask(r *http.Request, f rt.Value, req func() rt.Value, read func(th *rt.Thread, first rt.Value, n int) answer) answer {
	answered := make(chan answer, 1)
	e := &event{}
	e.set(func(th *rt.Thread) {
		a := statusText(http.StatusInternalServerError)
		defer func() { answered <- a }()
		first, n := l.s.Call(th, f, 1, req(), rt.Value{}, rt.Value{})
		a = read(th, first, n)
	})
	go l.s.Post(&e.Event) // the poster may find itself delivering others' events
	timer := time.NewTimer(l.options.answerWait)
	defer timer.Stop()
	select {
	case a := <-answered:
		return a
	case <-timer.C:
		return answer{status: http.StatusServiceUnavailable, text: "the program did not answer in time"}
	case <-r.Context().Done():
		return statusText(http.StatusServiceUnavailable)
	}
}

// write sends the answer. What stands in its header stays: the body is text
// unless that says otherwise.
func (a *answer) write(w http.ResponseWriter) {
	h := w.Header()
	maps.Copy(h, a.header)
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(a.text)))
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.text) // the client may have gone
}

// readHandshakeAnswer reads what a function of when_handshake has returned:
//
//	true                              go on
//	true, {protocol = p, headers = h} the same, and this belongs into the answer
//	false, 401, "text"                refuse, by default with 403
func (l *Listener) readHandshakeAnswer(offered []string) func(th *rt.Thread, first rt.Value, n int) answer {
	return func(th *rt.Thread, first rt.Value, n int) answer {
		second, third := th.Arg(1, n, first, th.Ret[1], th.Ret[2]), th.Arg(2, n, first, th.Ret[1], th.Ret[2])
		if !first.Truthy() {
			a := statusText(http.StatusForbidden)
			if !second.IsNil() {
				a = statusText(checkStatus(th, "when_handshake", second, http.StatusBadRequest))
			}
			if !third.IsNil() {
				a.text = checkBody(th, "when_handshake", third)
			}
			return a
		}
		a := answer{status: http.StatusSwitchingProtocols}
		if second.IsNil() {
			return a
		}
		if !second.IsTable() {
			th.Errorf("when_handshake: result #2: a table expected, got %s", rt.TypeName(second))
		}
		t := second.Table()
		if p := t.GetString("protocol"); !p.IsNil() {
			if !p.IsString() || !slices.Contains(offered, p.Str().String()) {
				th.Errorf("when_handshake: protocol %s was not offered by the client", describeOption(p))
			}
			a.protocol = p.Str().String()
		}
		if h := t.GetString("headers"); !h.IsNil() {
			a.header = answerHeader(th, "when_handshake", h)
		}
		return a
	}
}

// readRequestAnswer reads what a function of when_request has returned: status,
// body and headers, all optional; nothing at all is a 404. A table as the body
// becomes JSON.
func readRequestAnswer(th *rt.Thread, first rt.Value, n int) answer {
	body, headers := th.Arg(1, n, first, th.Ret[1], th.Ret[2]), th.Arg(2, n, first, th.Ret[1], th.Ret[2])
	if first.IsNil() {
		return statusText(http.StatusNotFound)
	}
	a := statusText(checkStatus(th, "when_request", first, http.StatusOK))
	if !headers.IsNil() {
		a.header = answerHeader(th, "when_request", headers)
	}
	switch {
	case body.IsTable():
		text, err := jsonvalue.Encode(body)
		if err != nil {
			th.Errorf("when_request: result #2: %s", err.Error())
		}
		a.text = text
		if a.header == nil {
			a.header = http.Header{}
		}
		if a.header.Get("Content-Type") == "" {
			a.header.Set("Content-Type", "application/json")
		}
	case !body.IsNil():
		a.text = checkBody(th, "when_request", body)
	}
	return a
}

// checkStatus returns a status code, which is at least least.
func checkStatus(th *rt.Thread, call string, v rt.Value, least int) int {
	status := 0
	if readCount(&status, v) != "" || status < least || status > 599 {
		th.Errorf("%s: a status from %d to 599 expected, got %s", call, least, describeOption(v))
	}
	return status
}

func checkBody(th *rt.Thread, call string, v rt.Value) string {
	text, ok := rt.ToString(v)
	if !ok {
		th.Errorf("%s: a string expected for the text, got %s", call, rt.TypeName(v))
	}
	return text
}

// answerHeader makes HTTP headers of a table; those that net/http and the
// handshake see to are errors.
func answerHeader(th *rt.Thread, call string, v rt.Value) http.Header {
	if !v.IsTable() {
		th.Errorf("%s: a table of headers expected, got %s", call, rt.TypeName(v))
	}
	return readHeaders(th, call, v.Table(), func(key string) bool {
		return handshakeOwns(key) || key == "Content-Length" || key == "Transfer-Encoding" || key == "Sec-Websocket-Protocol"
	})
}

var errBodyTooLarge = errors.New("the request is too large")

// readBody reads the body of a request that is no upgrade.
func (l *Listener) readBody(r *http.Request) (string, error) {
	limit := int64(l.options.maxBody)
	if r.ContentLength > limit {
		return "", errBodyTooLarge
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if int64(len(b)) > limit {
		return "", errBodyTooLarge
	}
	return string(b), err
}

// serveRequest answers a request that is no upgrade with what the function of
// when_request says, on a goroutine of net/http's.
func (l *Listener) serveRequest(w http.ResponseWriter, r *http.Request, f rt.Value) {
	l.moreTime(w)
	body, err := l.readBody(r)
	a := answer{}
	switch {
	case err == errBodyTooLarge:
		a = answer{status: http.StatusRequestEntityTooLarge, text: err.Error()}
	case err != nil:
		a = statusText(http.StatusBadRequest)
	default:
		q := readRequest(r, l.options.proxies)
		a = l.ask(r, f, func() rt.Value {
			t := q.table(l.coromega.headers)
			t.SetString("body", rt.NewString(body))
			return t.Value()
		}, readRequestAnswer)
	}
	a.write(w)
}

// moreTime moves the deadlines of a request whose answer the script decides.
func (l *Listener) moreTime(w http.ResponseWriter) {
	end := time.Now().Add(l.options.answerWait + l.options.headerWait)
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(end) // what has no deadlines needs none
	_ = c.SetWriteDeadline(end)
}
