package wsrt

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// An originList says from which web pages browsers may connect. An empty list
// allows every one.
type originList []string

// readOrigins reads a list from text: origins with spaces or commas between
// them.
//
//	https://example.com:8443   this one
//	https://*.example.com      every host below example.com
//	same                       that of the request's own host
//	null                       pages without one: files, sandboxed frames
//	*                          every one
//
// It also says which entries are none of these; they match nothing.
func readOrigins(text string) (list originList, bad string) {
	entries := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ',' })
	if len(entries) == 0 && text != "" {
		entries = []string{text} // not "every one"
	}
	for _, entry := range entries {
		u, err := url.Parse(strings.Replace(entry, "://*.", "://", 1))
		switch {
		case entry == "same" || entry == "null" || entry == "*":
		case err != nil || u.Scheme == "" || u.Host == "" || u.User != nil || u.Path+u.RawQuery+u.Fragment != "" || strings.Contains(u.Host, "*"):
			bad = fmt.Sprintf("LUAGO_WS_ORIGINS: '%s' is no origin, such as https://example.com", entry)
		}
		list = append(list, entry)
	}
	return list, bad
}

// allows reports whether a request may come from where it says. Only browsers
// say; what says nothing is allowed.
func (list originList) allows(r *http.Request) bool {
	values := r.Header["Origin"]
	if len(list) == 0 || len(values) == 0 {
		return true
	}
	if len(values) > 1 {
		return false
	}
	origin := strings.ToLower(values[0])
	scheme, host, _ := strings.Cut(origin, "://")
	for _, entry := range list {
		entryScheme, below, isBelow := strings.Cut(entry, "://*.")
		switch {
		case entry == "*":
			return true
		case entry == "same":
			if host != "" && strings.EqualFold(host, r.Host) {
				return true
			}
		case isBelow:
			if scheme == entryScheme && strings.HasSuffix(host, "."+below) {
				return true
			}
		case entry == origin:
			return true
		}
	}
	return false
}
