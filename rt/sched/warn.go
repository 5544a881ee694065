package sched

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Warnings are lines of key=value pairs on standard error, for people and for
// what collects logs:
//
//	luago: level=warn event=messages_dropped peer=127.0.0.1:53122 text="nobody listens"
//
// docs/operations.md lists the events. Errors of scripts are no warnings: they
// have Lua's own form, with a traceback.

// Warn writes a warning, after what standard output still buffers; with the
// baton. The attributes are names and values in turn.
func (s *Scheduler) Warn(event, text string, attributes ...any) {
	s.st.Flush()
	Log(event, text, attributes...)
}

// Log is Warn for those who do not have the baton.
func Log(event, text string, attributes ...any) {
	var b strings.Builder
	b.WriteString("luago: level=warn event=" + event)
	for i := 0; i < len(attributes); i += 2 {
		fmt.Fprintf(&b, " %s=%s", attributes[i], quoted(fmt.Sprint(attributes[i+1])))
	}
	b.WriteString(" text=" + strconv.Quote(text) + "\n")
	os.Stderr.WriteString(b.String())
}

// quoted returns a value as it may stand behind "=".
func quoted(value string) string {
	if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == '"' || r == '=' || r == 0x7f }) {
		return strconv.Quote(value)
	}
	return value
}
