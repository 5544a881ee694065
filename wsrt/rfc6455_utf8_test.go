package wsrt

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/luago-lang/luago/rt"
)

const (
	greeting = "Hello-µ@ßöäüàá-UTF-8!!"
	cosmos   = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5" // κόσμε
	edited   = "edited"
)

// utf8Cases are text messages, valid or not: 6.1 to 6.4 in several fragments,
// then each sequence of utf8Sequences in one.
func utf8Cases() []wireCase {
	const surrogate, tooLarge = "\xed\xa0\x80", "\xf4\x90\x80\x80"
	whole := len(cosmos + tooLarge + edited)
	list := []wireCase{
		echoed("6.1.1", []string{asText}, f(text, "")),
		echoed("6.1.2", []string{asText}, f(opText, ""), f(more, ""), f(last, "")),
		echoed("6.1.3", []string{asText + "middle frame payload"}, f(opText, ""), f(more, "middle frame payload"), f(last, "")),
		echoed("6.2.1", []string{asText + greeting}, f(text, greeting)),
		echoed("6.2.2", []string{asText + greeting}, f(opText, "Hello-µ@ßöä"), f(last, "üàá-UTF-8!!")),
		echoed("6.2.3", []string{asText + greeting}, fragments(opText, greeting, 1)...),
		echoed("6.2.4", []string{asText + cosmos}, fragments(opText, cosmos, 1)...),
		failed("6.3.1", 1007, nil, f(text, cosmos+surrogate+edited)),
		failed("6.3.2", 1007, nil, fragments(opText, cosmos+surrogate+edited, 1)...),
		failed("6.4.1", 1007, nil, f(opText, cosmos), after(more, tooLarge), after(last, edited)),
		failed("6.4.2", 1007, nil, f(opText, cosmos+tooLarge[:1]), after(more, tooLarge[1:2]), after(last, tooLarge[2:]+edited)),
		failed("6.4.3", 1007, nil, frame{op: text, length: whole, payload: cosmos}, rest(tooLarge), rest(edited)),
		failed("6.4.4", 1007, nil, frame{op: text, length: whole, payload: cosmos + tooLarge[:1]}, rest(tooLarge[1:2]), rest(tooLarge[2:]+edited)),
	}
	for i, group := range utf8Sequences() {
		for j, s := range group.list {
			name := fmt.Sprintf("6.%d.%d", i+5, j+1)
			if group.isValid(s) {
				list = append(list, echoed(name, []string{asText + s}, f(text, s)))
			} else {
				list = append(list, failed(name, 1007, nil, f(text, s)))
			}
		}
	}
	return list
}

// after is a frame that is sent after a pause, rest more of a frame.
func after(op byte, payload string) frame { return frame{op: op, payload: payload, pause: true} }
func rest(payload string) frame           { return frame{raw: true, payload: payload, pause: true} }

type sequences struct {
	valid string // "yes", "no", or which ones
	list  []string
}

// isValid reports whether s of the group is valid. The table says so, not the
// package under test; where a group is mixed, the table lists the valid ones.
func (g sequences) isValid(s string) bool {
	return g.valid == "yes" || g.valid != "no" && strings.Contains(" "+g.valid+" ", " "+fmt.Sprintf("%x", s)+" ")
}

// utf8Sequences are the groups 6.5 to 6.23, after Markus Kuhn's decoder test.
func utf8Sequences() []sequences {
	const yes, no = "yes", "no"
	var prefixes []string
	var validPrefixes string
	for i := range cosmos {
		if i > 0 {
			validPrefixes += fmt.Sprintf("%x ", cosmos[:i])
		}
	}
	for i := range len(cosmos) {
		prefixes = append(prefixes, cosmos[:i+1])
	}
	validPrefixes += fmt.Sprintf("%x", cosmos)
	// Continuation bytes without a start, one of each.
	var all strings.Builder
	for b := 0x80; b < 0xbf; b++ {
		all.WriteByte(byte(b))
	}
	// Starts without a continuation, each before a space.
	var starts []string
	for _, r := range [][2]int{{0xc0, 0xdf}, {0xe0, 0xef}, {0xf0, 0xf7}, {0xf8, 0xfb}, {0xfc, 0xfd}} {
		var b strings.Builder
		for c := r[0]; c < r[1]; c++ {
			b.Write([]byte{byte(c), ' '})
		}
		starts = append(starts, b.String())
	}
	cut := []string{"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80",
		"\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf"}
	// The last two code points of each plane are no characters, but valid.
	nonCharacters := []string{"\xef\xbf\xbe", "\xef\xbf\xbf"}
	for plane := rune(1); plane <= 16; plane++ {
		for _, low := range []rune{0xfffe, 0xffff} {
			nonCharacters = append(nonCharacters, string(utf8.AppendRune(nil, plane<<16|low)))
		}
	}
	return []sequences{
		{yes, []string{"hello$world", "hello\xc2\xa2world", "hello\xe2\x82\xacworld", "hello\xf0\xa4\xad\xa2world", cosmos}},
		{validPrefixes, prefixes},
		{yes, []string{"\x00", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80"}},
		{no, []string{"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"}},
		{yes, []string{"\x7f", "\xdf\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"}},
		{no, []string{"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf"}},
		{"ed9fbf ee8080 efbfbd f48fbfbf", []string{"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80"}},
		{no, []string{"\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf", "\x80\xbf\x80\xbf\x80", "\x80\xbf\x80\xbf\x80\xbf", all.String()}},
		{no, starts},
		{no, cut},
		{no, []string{strings.Join(cut, "")}},
		{no, []string{"\xfe", "\xff", "\xfe\xfe\xff\xff"}},
		{no, []string{"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"}},
		{no, []string{"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"}},
		{no, []string{"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"}},
		{no, []string{"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf"}},
		{no, []string{"\xed\xa0\x80\xed\xb0\x80", "\xed\xa0\x80\xed\xbf\xbf", "\xed\xad\xbf\xed\xb0\x80", "\xed\xad\xbf\xed\xbf\xbf",
			"\xed\xae\x80\xed\xb0\x80", "\xed\xae\x80\xed\xbf\xbf", "\xed\xaf\xbf\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf"}},
		{yes, nonCharacters},
		{yes, []string{"\xef\xbf\xb9", "\xef\xbf\xba", "\xef\xbf\xbb", "\xef\xbf\xbc", "\xef\xbf\xbd", "\xef\xbf\xbe", "\xef\xbf\xbf"}},
	}
}

// A message that can no longer become UTF-8 is refused before it is complete:
// 6.4.1 to 6.4.4, without what follows.
func TestNotUTF8FailsFast(t *testing.T) {
	const tooLarge = "\xf4\x90\x80\x80"
	p := newProgram(t)
	var addr string
	p.start(func(th *rt.Thread) { _, addr = p.serve(th, echo) })
	for name, frames := range map[string][]frame{
		"6.4.1":            {f(opText, cosmos), after(more, tooLarge)},
		"6.4.2":            {f(opText, cosmos+tooLarge[:1]), after(more, tooLarge[1:2])},
		"6.4.3":            {{op: text, length: 100, payload: cosmos}, rest(tooLarge)},
		"6.4.4":            {{op: text, length: 100, payload: cosmos + tooLarge[:1]}, rest(tooLarge[1:2])},
		"in a large frame": {{op: text, length: 1 << 20, payload: strings.Repeat(cosmos, 2000)}, rest("\xff")},
	} {
		nc, r := rawPeer(t, addr)
		go (&rawEnd{Conn: nc, client: true}).sendAll(&wireCase{send: frames})
		if code := closeCode(r); code != 1007 {
			t.Errorf("%s: close code %d", name, code)
		}
	}
	p.halt()
}
