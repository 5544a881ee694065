package wsrt

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/luago-lang/luago/rt"
)

// A request is what a script may know of an HTTP request: who asks, and for
// what. A connection keeps that of its handshake, in one piece of text, for as
// long as it lives; the table that a script sees is made when it asks.
type request struct {
	text   string     // see pack
	remote netip.Addr // the client's, seen through trusted proxies; the zero Addr on a Unix socket
	port   uint16     // of the client, 0 where that is not known
	tls    bool       // the client's connection is encrypted
}

// readRequest returns the part of r that is kept.
func readRequest(r *http.Request, proxies proxyList) request {
	q := request{tls: r.TLS != nil}
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		q.remote, q.port = at.Addr().Unmap(), at.Port()
	}
	if proxies.trusts(q.remote) {
		if client := proxies.client(r.Header["X-Forwarded-For"]); client.IsValid() {
			q.remote, q.port = client, 0
		}
		if proto := r.Header.Get("X-Forwarded-Proto"); proto != "" {
			q.tls = strings.EqualFold(proto, "https") || strings.EqualFold(proto, "wss")
		}
	}
	q.text = pack(r)
	return q
}

// pack joins method, path, query, host and headers: one line each, the headers
// sorted, with lower-case names. None of these can hold a line feed: net/http
// accepts no such request, but for the decoded path, which therefore stays
// encoded.
func pack(r *http.Request) string {
	var b strings.Builder
	for _, s := range []string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Host} {
		b.WriteString(s)
		b.WriteByte('\n')
	}
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(strings.ToLower(name))
		b.WriteByte('\n')
		b.WriteString(strings.Join(r.Header[name], ", "))
		b.WriteByte('\n')
	}
	return b.String()
}

// table returns the request as the script sees it; headers is the metatable of
// the table of headers.
func (q *request) table(headers *rt.Table) *rt.Table {
	lines := strings.Split(strings.TrimSuffix(q.text, "\n"), "\n")
	t := rt.NewTableSize(0, 10)
	path, err := url.PathUnescape(lines[1])
	if err != nil {
		path = lines[1]
	}
	t.SetString("method", rt.NewString(lines[0]))
	t.SetString("path", rt.NewString(path))
	t.SetString("raw_query", rt.NewString(lines[2]))
	t.SetString("query", queryTable(lines[2]).Value())
	t.SetString("host", rt.NewString(lines[3]))
	t.SetString("tls", rt.Bool(q.tls))
	if q.remote.IsValid() {
		t.SetString("remote", rt.NewString(q.remote.String()))
	} else {
		t.SetString("remote", rt.NewString("unix"))
	}
	if q.port != 0 {
		t.SetString("remote_port", rt.Number(float64(q.port)))
	}
	h := rt.NewTableSize(0, (len(lines)-4)/2)
	for i := 4; i+1 < len(lines); i += 2 {
		h.SetString(lines[i], rt.NewString(lines[i+1]))
	}
	h.SetMetatable(headers)
	t.SetString("headers", h.Value())
	return t
}

// queryTable decodes a query. Of a name that is given several times the first
// value counts; what is malformed is left out, as by net/url.
func queryTable(raw string) *rt.Table {
	values, _ := url.ParseQuery(raw)
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	t := rt.NewTableSize(0, len(names))
	for _, name := range names {
		t.SetString(name, rt.NewString(values[name][0]))
	}
	return t
}

// headerMeta returns the metatable that finds headers whatever the case of the
// name is.
func headerMeta() *rt.Table {
	meta := rt.NewTable()
	meta.SetString("__index", rt.NewGoFunction("header", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		if !a0.IsTable() || !a1.IsString() {
			return rt.Value{}, 1
		}
		return a0.Table().GetString(strings.ToLower(a1.Str().String())), 1
	}))
	return meta
}

// A proxyList is the proxies whose word about their clients counts:
// LUAGO_WS_TRUSTED_PROXIES.
type proxyList struct {
	networks []netip.Prefix
	unix     bool // whoever connects to a Unix socket
}

// readProxies reads addresses and networks (10.0.0.0/8) with spaces or commas
// between them; "loopback" stands for those of this machine, "unix" for whoever
// connects to a Unix socket. It also says which entries are none of these.
func readProxies(text string) (list proxyList, bad string) {
	for _, entry := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		switch entry {
		case "loopback":
			list.networks = append(list.networks, netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
			continue
		case "unix":
			list.unix = true
			continue
		}
		if p, err := netip.ParsePrefix(entry); err == nil {
			list.networks = append(list.networks, p.Masked())
		} else if a, err := netip.ParseAddr(entry); err == nil {
			list.networks = append(list.networks, netip.PrefixFrom(a, a.BitLen()))
		} else {
			bad = "LUAGO_WS_TRUSTED_PROXIES: '" + entry + "' is neither an address nor a network, such as 10.0.0.0/8"
		}
	}
	return list, bad
}

// trusts reports whether a is a trusted proxy's address; the zero Addr is the
// other end of a Unix socket.
func (list proxyList) trusts(a netip.Addr) bool {
	if !a.IsValid() {
		return list.unix
	}
	return slices.ContainsFunc(list.networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// client returns the client that the X-Forwarded-For headers tell of: the last
// address that is not a trusted proxy's, for what stands before it can be made
// up. It is not valid if there is none.
func (list proxyList) client(headers []string) netip.Addr {
	hops := strings.Split(strings.Join(headers, ","), ",")
	last := netip.Addr{}
	for _, hop := range slices.Backward(hops) {
		hop = strings.TrimSpace(hop)
		a, err := netip.ParseAddr(strings.Trim(hop, "[]"))
		if err != nil {
			host, _, splitErr := net.SplitHostPort(hop)
			if a, err = netip.ParseAddr(host); splitErr != nil || err != nil {
				break
			}
		}
		last = a.Unmap()
		if !list.trusts(last) {
			break
		}
	}
	return last
}
