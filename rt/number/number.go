// Package number converts between Lua numbers and text: printing as C's
// "%.14g" does, reading as tostring's inverse tonumber does, and the numeric
// conversions of string.format (printf.go).
//
// Input and output are Go strings, byte slices and float64; the package must
// not know what a Lua value is.
package number

import (
	"math"
	"strconv"
)

// Append appends f to dst as C's printf("%.14g") writes it, which is how Lua
// 5.2 turns numbers into strings: integral values have no fraction and switch
// to an exponent from 1e14 on.
//
// Numbers without a fraction take 4 to 10 ns; others go through strconv's
// fixed-precision conversion.
func Append(dst []byte, f float64) []byte {
	if i := int64(f); float64(i) == f && -1e14 < f && f < 1e14 {
		if i == 0 && math.Signbit(f) {
			return append(dst, "-0"...)
		}
		return strconv.AppendInt(dst, i, 10)
	}
	if f-f != 0 {
		return appendNonFinite(dst, f)
	}
	return strconv.AppendFloat(dst, f, 'g', 14, 64)
}

// appendNonFinite appends an infinity or a NaN with glibc's spelling.
func appendNonFinite(dst []byte, f float64) []byte {
	if math.Signbit(f) {
		dst = append(dst, '-')
	}
	if f != f {
		return append(dst, "nan"...)
	}
	return append(dst, "inf"...)
}

// Format returns f as Append writes it.
func Format(f float64) string {
	if i := int64(f); float64(i) == f && -1e14 < f && f < 1e14 && (i != 0 || !math.Signbit(f)) {
		return strconv.FormatInt(i, 10)
	}
	var buf [32]byte
	return string(Append(buf[:0], f))
}

// isSpace reports whether c is white space in the C locale.
func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// trimSpace removes white space from both ends of s.
func trimSpace(s string) string {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// isDigit reports whether c is a decimal digit.
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// digit returns the value of c as a digit of base 36, or 36 if it is none.
func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'Z':
		return int(c-'A') + 10
	}
	return 36
}

// Parse reads s as Lua's tonumber does: decimal or hexadecimal, with optional
// sign, fraction and exponent (hexadecimal ones with p), surrounded by white
// space. It reports false when s is anything else; the spellings "inf" and
// "nan" are no numbers, and numbers too large are infinite.
func Parse(s string) (float64, bool) {
	s = trimSpace(s)
	t := s
	neg := false
	if len(t) > 0 && (t[0] == '-' || t[0] == '+') {
		neg = t[0] == '-'
		t = t[1:]
	}
	if len(t) > 2 && t[0] == '0' && t[1]|0x20 == 'x' {
		return parseHex(t[2:], neg)
	}
	digits, i := 0, 0
	var mantissa int64
	for ; i < len(t) && isDigit(t[i]); i++ {
		digits++
		if digits < 16 {
			mantissa = mantissa*10 + int64(t[i]-'0')
		}
	}
	if i == len(t) && 0 < digits && digits < 16 {
		if neg {
			return -float64(mantissa), true
		}
		return float64(mantissa), true
	}
	if i < len(t) && t[i] == '.' {
		i++
		for ; i < len(t) && isDigit(t[i]); i++ {
			digits++
		}
	}
	if digits == 0 {
		return 0, false
	}
	if i < len(t) && t[i]|0x20 == 'e' {
		if i = skipExponent(t, i+1); i < 0 {
			return 0, false
		}
	}
	if i < len(t) {
		return 0, false
	}
	return parseFloat(s), true
}

// skipExponent returns the index after the signed decimal exponent that must
// start at t[i], or -1 if there is none.
func skipExponent(t string, i int) int {
	if i < len(t) && (t[i] == '-' || t[i] == '+') {
		i++
	}
	start := i
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	if i == start {
		return -1
	}
	return i
}

// parseFloat converts a well-formed numeral; one out of range becomes 0 or an
// infinity, as strtod has it.
func parseFloat(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

// parseHex reads the hexadecimal numeral t, whose sign and 0x are cut off.
func parseHex(t string, neg bool) (float64, bool) {
	digits, i := 0, 0
	var mantissa uint64
	for ; i < len(t) && digit(t[i]) < 16; i++ {
		digits++
		mantissa = mantissa<<4 | uint64(digit(t[i]))
	}
	if i == len(t) && 0 < digits && digits < 14 {
		if neg {
			return -float64(mantissa), true
		}
		return float64(mantissa), true
	}
	if i < len(t) && t[i] == '.' {
		i++
		for ; i < len(t) && digit(t[i]) < 16; i++ {
			digits++
		}
	}
	if digits == 0 {
		return 0, false
	}
	exponent := "p0"
	if i < len(t) && t[i]|0x20 == 'p' {
		if skipExponent(t, i+1) != len(t) {
			return 0, false
		}
		exponent = ""
	} else if i < len(t) {
		return 0, false
	}
	f := parseFloat("0x" + t + exponent)
	if neg {
		f = -f
	}
	return f, true
}

// ParseBase reads s as an integer of the given base, 2 to 36, with optional
// sign and surrounding white space. Digits beyond 53 bits are rounded away.
func ParseBase(s string, base int) (float64, bool) {
	s = trimSpace(s)
	neg := false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	n := 0.0
	for i := 0; i < len(s); i++ {
		d := digit(s[i])
		if d >= base {
			return 0, false
		}
		n = float64(n*float64(base)) + float64(d)
	}
	if neg {
		n = -n
	}
	return n, true
}
