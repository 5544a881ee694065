package wsrt

import (
	"math"
	"strconv"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/jsonvalue"
)

// Print writes its arguments to standard output: tables as JSON, numbers with
// a fraction with three decimals, everything else as tostring does; blanks
// between them and a newline.
func (c *Coromega) Print(th *rt.Thread, args []rt.Value) {
	var line []byte
	for i, v := range args {
		if i > 0 {
			line = append(line, ' ')
		}
		switch {
		case v.IsTable():
			line = append(line, jsonvalue.LooseEncode(v)...)
		case v.IsNumber() && v.F != math.Trunc(v.F):
			line = appendFraction(line, v.F)
		default:
			line = append(line, rt.ToStringMeta(th, v)...)
		}
	}
	out := th.State.Stdout
	out.AppendBytes(append(line, '\n'))
	out.EndLine()
}

// appendFraction appends what C's printf makes of a number with %0.3f.
func appendFraction(line []byte, f float64) []byte {
	if f != f {
		if math.Signbit(f) {
			line = append(line, '-')
		}
		return append(line, "nan"...)
	}
	return strconv.AppendFloat(line, f, 'f', 3, 64)
}
