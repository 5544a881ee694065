package os

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// difftime is os.difftime (t2 [, t1]).
func difftime(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	t2 := lib.Float(th, "difftime", 1, n, a0)
	return rt.Number(math.Trunc(t2) - math.Trunc(rt.OptNumber(th, "difftime", 2, n, a1, 0))), 1
}

// timeOf is os.time ([table]).
func timeOf(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if a0.IsNil() {
		return rt.Number(float64(time.Now().Unix())), 1
	}
	rt.CheckTable(th, "time", 1, n, a0)
	sec, minute, hour := dateField(th, a0, "sec", 0), dateField(th, a0, "min", 0), dateField(th, a0, "hour", 12)
	day, month, year := dateField(th, a0, "day", -1), dateField(th, a0, "month", -1), dateField(th, a0, "year", -1)
	// C's fields are ints, which count months from 0 and years from 1900.
	month, year = int(int32(month-1))+1, int(int32(year-1900))+1900
	t := time.Date(year, time.Month(month), day, hour, minute, sec, 0, time.Local)
	if isDST := rt.Index(th, a0, rt.NewString("isdst"), ""); !isDST.IsNil() {
		// The fields are in summer time, or not, whatever is in use then.
		switch said := isDST.Truthy(); {
		case said && !t.IsDST():
			t = t.Add(-time.Hour)
		case !said && t.IsDST():
			t = t.Add(time.Hour)
		}
	}
	if !isYear(t.Year()) || t.Unix() == -1 { // C's sign of failure
		return rt.Value{}, 1
	}
	return rt.Number(float64(t.Unix())), 1
}

// dateField returns an integer field of a date table; one without default,
// which is -1, must be there.
func dateField(th *rt.Thread, t rt.Value, key string, def int) int {
	v := rt.Index(th, t, rt.NewString(key), "")
	f, ok := rt.ToNumber(v)
	if !ok {
		if def < 0 {
			th.Errorf("field '%s' missing in date table", key)
		}
		return def
	}
	if !(math.Abs(f) < 1<<63) {
		return 0
	}
	return int(int32(int64(f))) // as C converts it
}

// isYear reports whether C's struct tm can hold year.
func isYear(year int) bool {
	year -= 1900
	return int(int32(year)) == year
}

// date is os.date ([format [, time]]).
func date(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	format := rt.OptString(th, "date", 1, n, a0, "%c")
	t := time.Now()
	if !a1.IsNil() {
		f := lib.Float(th, "date", 2, n, a1)
		if !(math.Abs(f) < 1<<57) || !isYear(time.Unix(int64(f), 0).UTC().Year()) {
			return rt.Value{}, 1
		}
		t = time.Unix(int64(f), 0)
	}
	utc := strings.HasPrefix(format, "!")
	if utc {
		t, format = t.UTC(), format[1:]
	} else {
		t = t.Local()
	}
	if format == "*t" {
		return dateTable(t).Value(), 1
	}
	b, wrong := appendDate(nil, format, t, utc)
	if wrong != "" {
		th.ArgError("date", 1, "invalid conversion specifier '"+wrong+"'")
	}
	return rt.NewBytes(b), 1
}

// dateTable returns the fields of t as a table.
func dateTable(t time.Time) *rt.Table {
	r := rt.NewTableSize(0, 9)
	for _, f := range []struct {
		key   string
		value int
	}{
		{"sec", t.Second()}, {"min", t.Minute()}, {"hour", t.Hour()}, {"day", t.Day()}, {"month", int(t.Month())},
		{"year", t.Year()}, {"wday", int(t.Weekday()) + 1}, {"yday", t.YearDay()},
	} {
		r.SetString(f.key, rt.Number(float64(f.value)))
	}
	r.SetString("isdst", rt.Bool(t.IsDST()))
	return r
}

// composed are the specifiers that stand for several others, in the locale C.
var composed = map[byte]string{
	'c': "%a %b %e %H:%M:%S %Y", 'D': "%m/%d/%y", 'F': "%Y-%m-%d", 'r': "%I:%M:%S %p", 'R': "%H:%M",
	'T': "%H:%M:%S", 'x': "%m/%d/%y", 'X': "%H:%M:%S",
}

// modified are the specifiers that may follow the modifiers E and O, which
// change nothing in the locale C.
var modified = map[byte]string{'E': "cCxXyY", 'O': "deHImMSuUVwWy"}

// appendDate appends t in the notation of C's strftime in the locale C. wrong
// is a specifier that C does not know.
func appendDate(b []byte, format string, t time.Time, utc bool) (_ []byte, wrong string) {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b = append(b, format[i])
			continue
		}
		i++
		if i == len(format) {
			return b, "%"
		}
		c := format[i]
		if options, ok := modified[c]; ok {
			if i+1 == len(format) || !strings.Contains(options, format[i+1:i+2]) {
				return b, "%" + format[i:min(i+2, len(format))]
			}
			i++
			c = format[i]
		}
		if f, ok := composed[c]; ok {
			b, _ = appendDate(b, f, t, utc)
			continue
		}
		var ok bool
		if b, ok = appendField(b, c, t, utc); !ok {
			return b, "%" + string(rune(c))
		}
	}
	return b, ""
}

// appendField appends one field of t, and reports whether there is such a one.
func appendField(b []byte, c byte, t time.Time, utc bool) ([]byte, bool) {
	switch c {
	case 'a':
		return append(b, t.Weekday().String()[:3]...), true
	case 'A':
		return append(b, t.Weekday().String()...), true
	case 'b', 'h':
		return append(b, t.Month().String()[:3]...), true
	case 'B':
		return append(b, t.Month().String()...), true
	case 'n':
		return append(b, '\n'), true
	case 'p':
		return append(b, t.Format("PM")...), true
	case 't':
		return append(b, '\t'), true
	case 'z':
		return append(b, t.Format("-0700")...), true
	case 'Z':
		if utc {
			return append(b, "GMT"...), true
		}
		return append(b, t.Format("MST")...), true
	case '%':
		return append(b, '%'), true
	case 'e':
		return appendNumber(b, t.Day(), 2, ' '), true
	case 'Y':
		return strconv.AppendInt(b, int64(t.Year()), 10), true
	}
	value, width := numericField(c, t)
	if width == 0 {
		return b, false
	}
	return appendNumber(b, value, width, '0'), true
}

// numericField returns the value and width of a numeric field, or the width 0.
func numericField(c byte, t time.Time) (value, width int) {
	weekday := int(t.Weekday())
	isoYear, isoWeek := t.ISOWeek()
	switch c {
	case 'C':
		return t.Year() / 100, 2
	case 'd':
		return t.Day(), 2
	case 'g':
		return isoYear % 100, 2
	case 'G':
		return isoYear, 4
	case 'H':
		return t.Hour(), 2
	case 'I':
		return (t.Hour()+11)%12 + 1, 2
	case 'j':
		return t.YearDay(), 3
	case 'm':
		return int(t.Month()), 2
	case 'M':
		return t.Minute(), 2
	case 'S':
		return t.Second(), 2
	case 'u':
		return (weekday+6)%7 + 1, 1
	case 'U':
		return (t.YearDay() + 6 - weekday) / 7, 2
	case 'V':
		return isoWeek, 2
	case 'w':
		return weekday, 1
	case 'W':
		return (t.YearDay() + 6 - (weekday+6)%7) / 7, 2
	case 'y':
		return t.Year() % 100, 2
	}
	return 0, 0
}

// appendNumber appends n, filled up to the width.
func appendNumber(b []byte, n, width int, fill byte) []byte {
	s := strconv.Itoa(n)
	for i := len(s); i < width; i++ {
		b = append(b, fill)
	}
	return append(b, s...)
}
