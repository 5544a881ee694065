package wsrt

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/luago-lang/luago/rt"
)

// endOptions are those of one end: what the environment sets, and what the third
// argument of create_websocket_server or connect_to_websocket says instead.
type endOptions struct {
	options
	protocols []string // subprotocols, the preferred one first
	maxHere   int      // clients of this server at once; 0: any number
	reusePort bool     // other processes may listen on the same port
}

// An optionReader takes the value of an option of one end, or says what it should
// have been.
type optionReader = func(o *endOptions, v rt.Value) (expected string)

// clientOptions are the options of a client, by name.
var clientOptions = map[string]optionReader{
	"protocols":    func(o *endOptions, v rt.Value) string { return readTokens(&o.protocols, v) },
	"max_message":  func(o *endOptions, v rt.Value) string { return readCount(&o.maxMessage, v) },
	"ping":         func(o *endOptions, v rt.Value) string { return readSeconds(&o.pingEvery, v) },
	"pong_timeout": func(o *endOptions, v rt.Value) string { return readSeconds(&o.pongTimeout, v) },
	"timeout":      func(o *endOptions, v rt.Value) string { return readSeconds(&o.connectWait, v) },
	"compression":  func(o *endOptions, v rt.Value) string { return readSwitch(&o.compression, v) },
}

// serverOptions are the options of a server, by name.
var serverOptions = map[string]optionReader{
	"protocols":   func(o *endOptions, v rt.Value) string { return readTokens(&o.protocols, v) },
	"cert":        func(o *endOptions, v rt.Value) string { return readText(&o.cert, v) },
	"key":         func(o *endOptions, v rt.Value) string { return readText(&o.key, v) },
	"max_conns":   func(o *endOptions, v rt.Value) string { return readCount(&o.maxHere, v) },
	"max_message": func(o *endOptions, v rt.Value) string { return readCount(&o.maxMessage, v) },
	"max_body":    func(o *endOptions, v rt.Value) string { return readCount(&o.maxBody, v) },
	"max_conns_per_address": func(o *endOptions, v rt.Value) string {
		return readCount(&o.maxPerAddress, v)
	},
	"messages_per_second": func(o *endOptions, v rt.Value) string {
		return readPositive(&o.rate, v)
	},
	"reuse_port":   func(o *endOptions, v rt.Value) string { return readSwitch(&o.reusePort, v) },
	"burst":        func(o *endOptions, v rt.Value) string { return readCount(&o.burst, v) },
	"ping":         func(o *endOptions, v rt.Value) string { return readSeconds(&o.pingEvery, v) },
	"pong_timeout": func(o *endOptions, v rt.Value) string { return readSeconds(&o.pongTimeout, v) },
	"compression":  func(o *endOptions, v rt.Value) string { return readSwitch(&o.compression, v) },
	"origins": func(o *endOptions, v rt.Value) string {
		var list []string
		if expected := readTexts(&list, v); expected != "" {
			return expected
		}
		var bad string
		if o.origins, bad = readOrigins(strings.Join(list, " ")); bad != "" {
			return "origins, such as https://example.com,"
		}
		return ""
	},
}

// readEndOptions returns base with what v says instead, which is nil or a table
// of options that readers know.
func readEndOptions(th *rt.Thread, call string, base options, v rt.Value, readers map[string]optionReader) endOptions {
	o := endOptions{options: base}
	readOptionTable(th, call, &o, v, readers)
	if (o.cert == "") != (o.key == "") {
		th.Errorf("%s: the options cert and key belong together", call)
	}
	return o
}

// readOptionTable has readers take the options of v, which is nil or a table. What
// they cannot understand is a Lua error that names call and option.
func readOptionTable[T any](th *rt.Thread, call string, to *T, v rt.Value, readers map[string]func(*T, rt.Value) string) {
	if v.IsNil() {
		return
	}
	t := v.Table()
	for k, v, _ := t.Next(rt.Value{}); !k.IsNil(); k, v, _ = t.Next(k) {
		var read func(*T, rt.Value) string
		if k.IsString() {
			read = readers[k.Str().String()]
		}
		name := rt.ToStringMeta(th, k)
		if read == nil {
			th.Errorf("%s: unknown option '%s'; there are %s", call, name, strings.Join(slices.Sorted(maps.Keys(readers)), ", "))
		}
		if expected := read(to, v); expected != "" {
			th.Errorf("%s: option '%s': %s expected, got %s", call, name, expected, describeOption(v))
		}
	}
}

func readSwitch(to *bool, v rt.Value) string {
	if !v.IsBool() {
		return "true or false"
	}
	*to = v.IsTrue()
	return ""
}

// describeOption names a value that an option cannot have.
func describeOption(v rt.Value) string {
	if v.IsString() || v.IsNumber() {
		text, _ := rt.ToString(v)
		return fmt.Sprintf("'%s'", text)
	}
	return rt.TypeName(v)
}

func readText(to *string, v rt.Value) string {
	if !v.IsString() || v.Str().Len() == 0 {
		return "a file's name"
	}
	*to = v.Str().String()
	return ""
}

func readPositive(to *float64, v rt.Value) string {
	if !v.IsNumber() || !(v.F > 0 && v.F < 1e9) {
		return "a positive number"
	}
	*to = v.F
	return ""
}

func readCount(to *int, v rt.Value) string {
	if !v.IsNumber() || !(v.F >= 1 && v.F < 1<<31) || v.F != math.Trunc(v.F) {
		return "a positive integer"
	}
	*to = int(v.F)
	return ""
}

func readSeconds(to *time.Duration, v rt.Value) string {
	var seconds float64
	if readPositive(&seconds, v) != "" {
		return "a positive number of seconds"
	}
	*to = time.Duration(seconds * float64(time.Second))
	return ""
}

// readTexts reads a string, or a list of strings.
func readTexts(to *[]string, v rt.Value) string {
	const expected = "a string or a list of strings"
	if v.IsString() {
		*to = []string{v.Str().String()}
		return ""
	}
	if !v.IsTable() {
		return expected
	}
	t := v.Table()
	list := []string{}
	for i := 1; i <= t.Len(); i++ {
		if !t.GetInt(i).IsString() {
			return expected
		}
		list = append(list, t.GetInt(i).Str().String())
	}
	*to = list
	return ""
}

// readTokens is readTexts for what stands in a header as tokens (RFC 9110,
// section 5.6.2).
func readTokens(to *[]string, v rt.Value) string {
	var list []string
	if expected := readTexts(&list, v); expected != "" {
		return expected
	}
	for _, s := range list {
		if !isToken(s) {
			return "names without blanks or punctuation"
		}
	}
	*to = list
	return ""
}
