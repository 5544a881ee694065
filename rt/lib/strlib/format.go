package strlib

import (
	"strconv"
	"strings"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
	"github.com/luago-lang/luago/rt/number"
)

// format is string.format (formatstring, ...).
func (l *library) format(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := lib.Text(th, "format", 1, n, a0)
	if strings.IndexByte(f, '%') < 0 {
		return rt.NewString(f), 1
	}
	var few [8]rt.Value // copied: __tostring may overwrite th.Args
	args := few[:0]
	if n > 3 {
		args = append(args, a0, a1, a2)
		args = append(args, th.Args[3:n]...)
	} else {
		args = append(args, a0, a1, a2)[:n]
	}
	b := l.takeBuffer()
	next := 1
	for i := 0; ; {
		k := strings.IndexByte(f[i:], '%')
		if k < 0 {
			b = append(b, f[i:]...)
			break
		}
		b = append(b, f[i:i+k]...)
		i += k + 1
		if i < len(f) && f[i] == '%' {
			b = append(b, '%')
			i++
			continue
		}
		if next >= len(args) {
			l.putBuffer(b)
			th.ArgError("format", next+1, "no value")
		}
		spec, end, problem := number.ParseSpec(f, i)
		if problem != "" {
			l.putBuffer(b)
			th.Errorf("%s", problem)
		}
		b = l.convert(th, b, spec, args, next)
		next++
		i = end
	}
	result := th.NewBytes(b)
	l.putBuffer(b)
	return result, 1
}

// convert appends args[i], formatted as spec says.
func (l *library) convert(th *rt.Thread, b []byte, spec number.Spec, args []rt.Value, i int) []byte {
	v := args[i]
	switch spec.Verb {
	case 'd', 'i':
		f := l.number(th, v, len(args), i)
		k := int64(f)
		if diff := f - float64(k); !(-1 < diff && diff < 1) {
			l.refuse(th, b, i, "not a number in proper range")
		}
		return number.AppendSigned(b, spec, k)
	case 'o', 'u', 'x', 'X':
		f := l.number(th, v, len(args), i)
		k := toUnsigned(f)
		if diff := f - float64(k); !(-1 < diff && diff < 1) {
			l.refuse(th, b, i, "not a non-negative number in proper range")
		}
		return number.AppendUnsigned(b, spec, k)
	case 'a', 'A', 'e', 'E', 'f', 'g', 'G':
		return number.AppendSpec(b, spec, l.number(th, v, len(args), i))
	case 'c':
		c := [1]byte{byte(lib.Int(th, "format", i+1, len(args), v))}
		spec.Prec = -1
		return number.AppendText(b, spec, string(c[:]))
	case 'q':
		return appendQuoted(b, lib.Text(th, "format", i+1, len(args), v))
	case 's':
		if spec.Plain() {
			switch {
			case v.IsString():
				return append(b, v.Str().String()...)
			case v.IsNumber():
				return number.Append(b, v.F)
			}
		}
		return number.AppendText(b, spec, rt.ToStringMeta(th, v))
	case 0:
		th.Errorf("invalid option '%%\x00' to 'format'")
	}
	th.Errorf("invalid option '%%%s' to 'format'", string([]byte{spec.Verb}))
	return b
}

// number returns argument args[i], which must be a number or convert to one.
func (l *library) number(th *rt.Thread, v rt.Value, n, i int) float64 {
	if v.IsNumber() {
		return v.F
	}
	return rt.CheckNumber(th, "format", i+1, n, v)
}

// refuse raises an error about args[i].
func (l *library) refuse(th *rt.Thread, b []byte, i int, problem string) {
	l.putBuffer(b)
	th.ArgError("format", i+1, problem)
}

// toUnsigned converts as C does for numbers in range; others come out so that
// they differ from f.
func toUnsigned(f float64) uint64 {
	if f >= 1<<63 {
		if f >= 1<<64 {
			return 0
		}
		return uint64(f-1<<63) + 1<<63
	}
	return uint64(int64(f))
}

// appendQuoted appends s in quotes, so that the Lua reader gives s back.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n':
			b = append(b, '\\', c)
		case c < ' ' || c == 127:
			b = append(b, '\\')
			if i+1 < len(s) && '0' <= s[i+1] && s[i+1] <= '9' {
				b = append(b, '0'+c/100, '0'+c/10%10, '0'+c%10)
			} else {
				b = strconv.AppendUint(b, uint64(c), 10)
			}
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
