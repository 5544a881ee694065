package number

import (
	"math"
	"math/bits"
	"strconv"
)

// A Spec is one conversion specification of string.format, such as "%-5.2f".
type Spec struct {
	Verb                          byte // the letter; 0 in a malformed one
	Minus, Plus, Space, Alt, Zero bool // the flags - + blank # 0
	Width                         int  // 0 if none
	Prec                          int  // -1 if none
}

// Plain reports whether the specification has neither flags nor width nor
// precision.
func (s *Spec) Plain() bool {
	return s.Width == 0 && s.Prec < 0 && !s.Minus && !s.Plus && !s.Space && !s.Alt && !s.Zero
}

// ParseSpec reads the specification whose first byte after the '%' is
// format[i]. It returns the index after the letter. The problem is "" or why
// Lua rejects it; an unknown letter is the caller's to reject, and one that is
// missing is 0.
func ParseSpec(format string, i int) (s Spec, next int, problem string) {
	s.Prec = -1
	start := i
	for ; i < len(format); i++ {
		switch format[i] {
		case '-':
			s.Minus = true
		case '+':
			s.Plus = true
		case ' ':
			s.Space = true
		case '#':
			s.Alt = true
		case '0':
			s.Zero = true
		default:
			goto width
		}
	}
width:
	if i-start > 5 {
		return s, i, "invalid format (repeated flags)"
	}
	s.Width, i = twoDigits(format, i)
	if i < len(format) && format[i] == '.' {
		s.Prec, i = twoDigits(format, i+1)
	}
	if i == len(format) {
		return s, i, ""
	}
	if isDigit(format[i]) {
		return s, i, "invalid format (width or precision too long)"
	}
	s.Verb = format[i]
	return s, i + 1, ""
}

// twoDigits reads a number of at most two digits at s[i].
func twoDigits(s string, i int) (n, next int) {
	for k := 0; k < 2 && i < len(s) && isDigit(s[i]); k++ {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, i
}

// AppendText appends s, cut to the precision and padded to the width, as %s
// does.
func AppendText(dst []byte, spec Spec, s string) []byte {
	if spec.Prec >= 0 && spec.Prec < len(s) {
		s = s[:spec.Prec]
	}
	pad := spec.Width - len(s)
	if !spec.Minus {
		dst = appendRepeated(dst, ' ', pad)
	}
	dst = append(dst, s...)
	if spec.Minus {
		dst = appendRepeated(dst, ' ', pad)
	}
	return dst
}

// appendRepeated appends n copies of c.
func appendRepeated(dst []byte, c byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, c)
	}
	return dst
}

// appendPadded appends prefix (a sign or a base mark), zeros and body, padded
// to the width; zeroPad says that the padding is zeros after the prefix.
func appendPadded(dst []byte, spec *Spec, prefix string, zeros int, body []byte, zeroPad bool) []byte {
	zeros = max(zeros, 0)
	pad := spec.Width - len(prefix) - zeros - len(body)
	if pad > 0 && !spec.Minus {
		if zeroPad {
			zeros += pad
		} else {
			dst = appendRepeated(dst, ' ', pad)
		}
	}
	dst = append(dst, prefix...)
	dst = appendRepeated(dst, '0', zeros)
	dst = append(dst, body...)
	if spec.Minus {
		dst = appendRepeated(dst, ' ', pad)
	}
	return dst
}

// sign returns what stands before a signed number.
func (s *Spec) sign(neg bool) string {
	switch {
	case neg:
		return "-"
	case s.Plus:
		return "+"
	case s.Space:
		return " "
	}
	return ""
}

// AppendSigned appends i as %d does.
func AppendSigned(dst []byte, spec Spec, i int64) []byte {
	if spec.Plain() {
		return strconv.AppendInt(dst, i, 10)
	}
	magnitude := uint64(i)
	if i < 0 {
		magnitude = -magnitude
	}
	var buf [32]byte
	body := strconv.AppendUint(buf[:0], magnitude, 10)
	if magnitude == 0 && spec.Prec == 0 {
		body = body[:0]
	}
	return appendPadded(dst, &spec, spec.sign(i < 0), spec.Prec-len(body), body, spec.Zero && spec.Prec < 0)
}

// AppendUnsigned appends u as %u, %o, %x or %X does, by spec.Verb.
func AppendUnsigned(dst []byte, spec Spec, u uint64) []byte {
	base, prefix := 10, ""
	switch spec.Verb {
	case 'o':
		base = 8
	case 'x', 'X':
		base = 16
		if spec.Alt && u != 0 {
			prefix = "0" + string(rune(spec.Verb))
		}
	}
	var buf [32]byte
	body := strconv.AppendUint(buf[:0], u, base)
	if u == 0 && spec.Prec == 0 {
		body = body[:0]
	}
	if spec.Verb == 'X' {
		upper(body)
	}
	zeros := spec.Prec - len(body)
	if spec.Verb == 'o' && spec.Alt && zeros <= 0 && (len(body) == 0 || body[0] != '0') {
		zeros = 1
	}
	return appendPadded(dst, &spec, prefix, zeros, body, spec.Zero && spec.Prec < 0)
}

// upper changes b to capitals.
func upper(b []byte) {
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
}

// AppendSpec appends f as the floating-point conversion spec.Verb (one of
// a A e E f F g G) does.
func AppendSpec(dst []byte, spec Spec, f float64) []byte {
	if spec.Width == 0 && !spec.Alt && f-f == 0 && spec.Verb >= 'e' {
		return appendUnpadded(dst, &spec, f)
	}
	var buf [512]byte
	prefix := spec.sign(math.Signbit(f))
	f = math.Abs(f)
	if f-f != 0 {
		body := appendNonFinite(buf[:0], f)
		if spec.Verb < 'a' {
			upper(body)
		}
		return appendPadded(dst, &spec, prefix, 0, body, false)
	}
	body := buf[:0]
	switch spec.Verb | 0x20 {
	case 'a':
		prefix += "0" + string(rune(spec.Verb+'x'-'a'))
		body = appendHex(body, f, spec.Prec, spec.Alt)
	case 'e':
		body = appendExponent(body, f, spec.precision(6), spec.Alt)
	case 'f':
		body = strconv.AppendFloat(body, f, 'f', spec.precision(6), 64)
		if spec.Alt && spec.Prec == 0 {
			body = append(body, '.')
		}
	case 'g':
		body = appendGeneral(body, f, max(spec.precision(6), 1), spec.Alt)
	}
	if spec.Verb < 'a' {
		upper(body)
	}
	return appendPadded(dst, &spec, prefix, 0, body, spec.Zero)
}

// appendUnpadded appends a finite f under %e, %f or %g without width.
func appendUnpadded(dst []byte, spec *Spec, f float64) []byte {
	dst = append(dst, spec.sign(math.Signbit(f))...)
	prec := spec.precision(6)
	if spec.Verb == 'g' {
		prec = max(prec, 1)
	}
	return strconv.AppendFloat(dst, math.Abs(f), spec.Verb, prec, 64)
}

// precision returns the precision, or def if there is none.
func (s *Spec) precision(def int) int {
	if s.Prec < 0 {
		return def
	}
	return s.Prec
}

// appendExponent appends f as %e does; alt keeps the point where no digit
// follows it.
func appendExponent(dst []byte, f float64, prec int, alt bool) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', prec, 64)
	if alt && prec == 0 {
		dst = append(dst, 0)
		copy(dst[start+2:], dst[start+1:])
		dst[start+1] = '.'
	}
	return dst
}

// appendGeneral appends f as %g does; alt keeps the trailing zeros, which
// strconv has no way to ask for.
func appendGeneral(dst []byte, f float64, prec int, alt bool) []byte {
	if !alt {
		return strconv.AppendFloat(dst, f, 'g', prec, 64)
	}
	var buf [128]byte
	digits := strconv.AppendFloat(buf[:0], f, 'e', prec-1, 64)
	i := len(digits) - 1
	for digits[i] != 'e' {
		i--
	}
	exponent, _ := strconv.Atoi(string(digits[i+1:]))
	if exponent < -4 || exponent >= prec {
		return appendExponent(dst, f, prec-1, true)
	}
	dst = strconv.AppendFloat(dst, f, 'f', prec-1-exponent, 64)
	if prec-1-exponent == 0 {
		dst = append(dst, '.')
	}
	return dst
}

// appendHex appends the nonnegative f as %a does, without the leading 0x:
// normal numbers with the digit 1 before the point, subnormal ones with 0, as
// glibc has it.
func appendHex(dst []byte, f float64, prec int, alt bool) []byte {
	const fractionBits = 52
	b := math.Float64bits(f)
	fraction := b & (1<<fractionBits - 1)
	lead, exponent := uint64(1), int(b>>fractionBits)-1023
	if exponent == -1023 {
		lead, exponent = 0, -1022
		if fraction == 0 {
			exponent = 0
		}
	}
	digits := 13
	if prec < 0 {
		digits -= bits.TrailingZeros64(fraction|1<<fractionBits) / 4
	} else if prec < digits {
		cut := 4 * (13 - prec)
		all := lead<<fractionBits | fraction
		half := uint64(1) << (cut - 1)
		rest := all & (half<<1 - 1)
		all >>= cut
		if rest > half || rest == half && all&1 == 1 {
			all++
		}
		all <<= cut
		lead, fraction = all>>fractionBits, all&(1<<fractionBits-1)
		digits = prec
	}
	dst = append(dst, byte('0'+lead))
	if digits > 0 || prec > 0 || alt {
		dst = append(dst, '.')
	}
	for i := 0; i < digits; i++ {
		dst = append(dst, "0123456789abcdef"[fraction>>(fractionBits-4)&15])
		fraction <<= 4
	}
	dst = appendRepeated(dst, '0', prec-digits)
	dst = append(dst, 'p')
	if exponent >= 0 {
		dst = append(dst, '+')
	}
	return strconv.AppendInt(dst, int64(exponent), 10)
}
