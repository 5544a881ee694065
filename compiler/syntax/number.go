package syntax

import (
	"strconv"
	"strings"
)

// parseNumber reads a whole numeral as C's strtod does: decimal or, after
// "0x", hexadecimal, both with an optional fraction and exponent. It does not
// accept signs, spaces, "inf" and "nan". What is too large is infinite.
func parseNumber(s string) (float64, bool) {
	if s == "" || strings.Contains(s, "_") { // strconv would skip underscores
		return 0, false
	}
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		if len(s) == 2 || s == "0x." || s == "0X." {
			return 0, false
		}
		if !strings.ContainsAny(s, "pP") {
			s += "p0" // strconv wants the exponent
		}
	} else if c := s[0]; c != '.' && (c < '0' || c > '9') {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if e, ok := err.(*strconv.NumError); ok && e.Err == strconv.ErrRange {
		return f, true
	}
	return f, err == nil
}
