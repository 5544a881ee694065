package wsrt

import (
	"fmt"
	"slices"
	"strings"
)

// autobahnCases returns all cases, in the order of their numbers.
func autobahnCases() []wireCase {
	return slices.Concat(framingCases(), pingCases, reservedBitCases, opcodeCases, fragmentCases(),
		utf8Cases(), closeCases(), limitCases(), []wireCase{
			echoed("10.1.1", []string{asText + strings.Repeat("*", 65536)}, fragments(opText, strings.Repeat("*", 65536), 1300)...),
		})
}

// framingCases are messages of lengths at which the header changes.
func framingCases() []wireCase {
	var list []wireCase
	for kind, unit := range []string{"*", "\xfe"} {
		for i, n := range []int{0, 125, 126, 127, 128, 65535, 65536, 65536} {
			payload := strings.Repeat(unit, n)
			c := echoed(fmt.Sprintf("1.%d.%d", kind+1, i+1), []string{asText + payload}, f(text, payload))
			if kind == 1 {
				c = asBinaryCase(c)
			}
			if i == 7 {
				c.chop = 997
			}
			list = append(list, c)
		}
	}
	return list
}

// asBinaryCase makes the messages of a case binary ones.
func asBinaryCase(c wireCase) wireCase {
	c.binary = true
	c.send, c.want = slices.Clone(c.send), slices.Clone(c.want)
	c.send[0].op = c.send[0].op&fin | opBinary
	for i, w := range c.want {
		c.want[i] = asBinary + strings.TrimPrefix(w, asText)
	}
	return c
}

const octets = "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"

var longest = strings.Repeat("\xfe", 125) // in a control frame

var pingCases = []wireCase{
	echoed("2.1", []string{"pong "}, f(ping, "")),
	echoed("2.2", []string{"pong Hello, world!"}, f(ping, "Hello, world!")),
	echoed("2.3", []string{"pong " + octets}, f(ping, octets)),
	echoed("2.4", []string{"pong " + longest}, f(ping, longest)),
	failed("2.5", 1002, nil, f(ping, longest+"\xfe")),
	echoed("2.6", []string{"pong " + longest}, f(ping, longest)).chopped(1),
	echoed("2.7", nil, f(pong, "")),
	echoed("2.8", nil, f(pong, "unsolicited pong")),
	echoed("2.9", []string{"pong ping payload"}, f(pong, "unsolicited pong"), f(ping, "ping payload")),
	echoed("2.10", tenPongs, tenPings...),
	echoed("2.11", tenPongs, tenPings...).chopped(1),
}

var tenPings, tenPongs = func() (pings []frame, pongs []string) {
	for i := range 10 {
		payload := fmt.Sprintf("payload-%d", i)
		pings, pongs = append(pings, f(ping, payload)), append(pongs, "pong "+payload)
	}
	return
}()

const hello = "Hello, world!"

var helloEchoed = []string{asText + hello}

// rsv sets the reserved bits of a frame.
func rsv(bits byte, fr frame) frame { fr.op |= bits << 4; return fr }

var reservedBitCases = []wireCase{
	failed("3.1", 1002, nil, rsv(1, f(text, hello))),
	failed("3.2", 1002, helloEchoed, f(text, hello), rsv(2, f(text, hello)), f(ping, "")),
	failed("3.3", 1002, helloEchoed, f(text, hello), rsv(3, f(text, hello)), f(ping, "")).chopped(byFrame),
	failed("3.4", 1002, helloEchoed, f(text, hello), rsv(4, f(text, hello)), f(ping, "")).chopped(1),
	failed("3.5", 1002, nil, rsv(5, f(bin, octets))),
	failed("3.6", 1002, nil, rsv(6, f(ping, hello))),
	failed("3.7", 1002, nil, rsv(7, f(closing, ""))),
}

var opcodeCases = []wireCase{
	failed("4.1.1", 1002, nil, f(fin|3, "")),
	failed("4.1.2", 1002, nil, f(fin|4, "reserved opcode payload")),
	failed("4.1.3", 1002, helloEchoed, f(text, hello), f(fin|5, ""), f(ping, "")),
	failed("4.1.4", 1002, helloEchoed, f(text, hello), f(fin|6, hello), f(ping, "")),
	failed("4.1.5", 1002, helloEchoed, f(text, hello), f(fin|7, hello), f(ping, "")).chopped(1),
	failed("4.2.1", 1002, nil, f(fin|11, "")),
	failed("4.2.2", 1002, nil, f(fin|12, "reserved opcode payload")),
	failed("4.2.3", 1002, helloEchoed, f(text, hello), f(fin|13, ""), f(ping, "")),
	failed("4.2.4", 1002, helloEchoed, f(text, hello), f(fin|14, hello), f(ping, "")),
	failed("4.2.5", 1002, helloEchoed, f(text, hello), f(fin|15, hello), f(ping, "")).chopped(1),
}

func fragmentCases() []wireCase {
	const a, b, c, d = "fragment1", "fragment2", "fragment3", "fragment4"
	ab := []string{asText + a + b}
	pinged := []string{"pong ping payload", asText + a + b}
	two := []frame{f(opText, a), f(last, b)}
	withPing := []frame{f(opText, a), f(ping, "ping payload"), f(last, b)}
	lastOfNothing := []frame{f(last, "non-continuation payload"), f(text, hello)}
	moreOfNothing := []frame{f(more, "non-continuation payload"), f(text, hello)}
	five := []frame{f(opText, a), f(more, b), f(ping, "pongme 1!"), {op: more, payload: c, pause: true}, f(more, d),
		f(ping, "pongme 2!"), f(last, "fragment5")}
	fiveEchoed := []string{"pong pongme 1!", "pong pongme 2!", asText + a + b + c + d + "fragment5"}
	return []wireCase{
		failed("5.1", 1002, nil, f(opPing, a), f(last, b)),
		failed("5.2", 1002, nil, f(opPong, a), f(last, b)),
		echoed("5.3", ab, two...),
		echoed("5.4", ab, two...).chopped(byFrame),
		echoed("5.5", ab, two...).chopped(1),
		echoed("5.6", pinged, withPing...),
		echoed("5.7", pinged, withPing...).chopped(byFrame),
		echoed("5.8", pinged, withPing...).chopped(1),
		failed("5.9", 1002, nil, lastOfNothing...),
		failed("5.10", 1002, nil, lastOfNothing...).chopped(byFrame),
		failed("5.11", 1002, nil, lastOfNothing...).chopped(1),
		failed("5.12", 1002, nil, moreOfNothing...),
		failed("5.13", 1002, nil, moreOfNothing...).chopped(byFrame),
		failed("5.14", 1002, nil, moreOfNothing...).chopped(1),
		failed("5.15", 1002, ab, f(opText, a), f(last, b), f(more, c), f(text, d)),
		failed("5.16", 1002, nil, f(more, a), f(opText, b), f(last, c), f(more, a), f(opText, b), f(last, c)),
		failed("5.17", 1002, nil, f(last, a), f(opText, b), f(last, c), f(last, a), f(opText, b), f(last, c)),
		failed("5.18", 1002, nil, f(opText, a), f(text, b)),
		echoed("5.19", fiveEchoed, five...),
		echoed("5.20", fiveEchoed, five...).chopped(1),
	}
}

func closeCases() []wireCase {
	long := strings.Repeat("BAsd7&jh23", 256<<10/10+1)[:256<<10]
	normal := closeFrame(1000, "")
	invalid := cosmos + "\xed\xa0\x80edited"
	list := []wireCase{
		failed("7.1.1", 1000, helloEchoed, f(text, hello), normal),
		failed("7.1.2", 1000, nil, normal, normal),
		failed("7.1.3", 1000, nil, normal, f(ping, "")),
		failed("7.1.4", 1000, nil, normal, f(text, hello)),
		failed("7.1.5", 1000, nil, f(opText, "fragment1"), normal, f(last, "fragment2")),
		failed("7.1.6", 1000, []string{asText + long, asText + hello}, f(text, long), f(text, hello), normal, f(ping, "")),
		failed("7.3.1", noCode, nil, f(closing, "")),
		failed("7.3.2", 1002, nil, f(closing, "a")),
		failed("7.3.3", 1000, nil, normal),
		failed("7.3.4", 1000, nil, closeFrame(1000, hello)),
		failed("7.3.5", 1000, nil, closeFrame(1000, strings.Repeat("*", 123))),
		failed("7.3.6", 1002, nil, closeFrame(1000, strings.Repeat("*", 124))),
		failed("7.5.1", 1002, nil, closeFrame(1000, invalid)),
	}
	for i, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		list = append(list, failed(fmt.Sprintf("7.7.%d", i+1), code, nil, closeFrame(code, "")))
	}
	for i, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		list = append(list, failed(fmt.Sprintf("7.9.%d", i+1), 1002, nil, closeFrame(code, "")))
	}
	for i, code := range []int{5000, 65535} { // undefined, says Autobahn
		list = append(list, failed(fmt.Sprintf("7.13.%d", i+1), 1002, nil, closeFrame(code, "")))
	}
	return list
}

// limitCases are large messages: whole, in fragments, in many writes; and
// round trips.
func limitCases() []wireCase {
	const kb, mb = 1 << 10, 1 << 20
	payload := func(kind, n int) string {
		unit := []string{"BAsd7&jh23", "\x00\xfe\x23\xfa\xf0"}[kind]
		return strings.Repeat(unit, n/len(unit)+1)[:n]
	}
	var list []wireCase
	add := func(group, kind, i int, c wireCase) {
		c.name = fmt.Sprintf("9.%d.%d", group+kind, i+1)
		if kind == 1 {
			c = asBinaryCase(c)
		}
		list = append(list, c)
	}
	for kind := range 2 {
		for i, n := range []int{64 * kb, 256 * kb, mb, 4 * mb, 8 * mb, 16 * mb} {
			p := payload(kind, n)
			add(1, kind, i, echoed("", []string{asText + p}, f(text, p)))
		}
	}
	for kind := range 2 {
		for i, size := range []int{64, 256, kb, 4 * kb, 16 * kb, 64 * kb, 256 * kb, mb, 4 * mb} {
			p := payload(kind, 4*mb)
			add(3, kind, i, echoed("", []string{asText + p}, fragments(opText, p, size)...))
		}
	}
	for kind := range 2 {
		for i, chop := range []int{64, 128, 256, 512, kb, 2 * kb} {
			p := payload(kind, mb)
			add(5, kind, i, echoed("", []string{asText + p}, f(text, p)).chopped(chop))
		}
	}
	for kind := range 2 {
		for i, n := range []int{0, 16, 64, 256, kb, 4 * kb} {
			p := payload(kind, n)
			c := echoed("", []string{asText + p}, f(text, p))
			c.rounds = 1000
			add(7, kind, i, c)
		}
	}
	return list
}
