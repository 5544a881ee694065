package rt

import (
	"math"
	"math/rand"
	"strings"
	"testing"
)

func TestArithmetic(t *testing.T) {
	th := NewState(nil, nil).Main
	ops := map[string]func(*Thread, Value, Value, string) Value{"+": Add, "-": Sub, "*": Mul, "/": Div, "%": Mod, "^": Pow}
	for _, test := range []struct {
		op         string
		a, b, want float64
	}{
		{"+", 1, 2, 3}, {"-", 1, 2, -1}, {"*", 3, 4, 12}, {"/", 1, 4, 0.25}, {"%", 5, 3, 2}, {"%", -5, 3, 1},
		{"%", 5, -3, -1}, {"%", 5.5, 2, 1.5}, {"^", 2, 10, 1024}, {"^", 2, 0.5, math.Sqrt2}, {"^", 2, -1, 0.5},
		{"^", 10, 15, 1e15}, {"^", 3, 0, 1}, {"^", math.Inf(-1), 0.5, math.Inf(1)}, {"^", -2, 3, -8}, {"^", 0, -1, math.Inf(1)},
		{"^", 2, 1023, 0x1p1023}, {"^", 2, -1074, 0x1p-1074}, {"^", 2, 1024, math.Inf(1)}, {"^", 1.5, 2, 2.25}, {"^", 7, 1, 7},
	} {
		a, b := Number(test.a), Number(test.b)
		for _, x := range []Value{a, NewString(a.String())} {
			for _, y := range []Value{b, NewString(b.String())} {
				if math.IsInf(test.a, 0) && x != a || test.op == "^" && y != b {
					continue
				}
				if got := ops[test.op](th, x, y, ""); got != Number(test.want) {
					t.Errorf("%s %s %s = %s, want %v", x, test.op, y, got, test.want)
				}
			}
		}
	}
	for op, event := range map[string]*String{"+": MetaAdd, "-": MetaSub, "*": MetaMul, "/": MetaDiv, "%": MetaMod, "^": MetaPow} {
		o := withMeta(event, goFn(func(a, b, _ Value) Value { return NewString(TypeName(a) + op + TypeName(b)) })).Value()
		if got := ops[op](th, o, Number(1), ""); got.String() != "table"+op+"number" {
			t.Errorf("%s: %s", op, got)
		}
		if got := ops[op](th, NewString("x"), o, ""); got.String() != "string"+op+"table" {
			t.Errorf("%s: %s", op, got)
		}
		wantError(t, th, "attempt to perform arithmetic on a string value (local 'x')", func() { ops[op](th, NewString("x"), Value{}, "local 'x'|local 'y'") })
		wantError(t, th, "attempt to perform arithmetic on a nil value (local 'y')", func() { ops[op](th, Number(1), Value{}, "local 'x'|local 'y'") })
		wantError(t, th, "attempt to perform arithmetic on a boolean value", func() { ops[op](th, Number(1), True(), "local 'x'|") })
	}
	neg := withMeta(MetaUnm, goFn(func(a, b, _ Value) Value { return Bool(a == b) })).Value()
	if Neg(th, Number(3), "") != Number(-3) || Neg(th, NewString("0x10"), "") != Number(-16) || Neg(th, neg, "") != True() {
		t.Error("unary minus is wrong")
	}
	wantError(t, th, "attempt to perform arithmetic on a nil value (field 'f')", func() { Neg(th, Value{}, "field 'f'") })
	length := withMeta(MetaLen, goFn(func(a, b, _ Value) Value { return NewString("long") })).Value()
	if Len(th, NewString("abc"), "") != Number(3) || Len(th, NewArray(True(), True()).Value(), "") != Number(2) || Len(th, length, "").String() != "long" {
		t.Error("length is wrong")
	}
	wantError(t, th, "attempt to get length of a number value (local 'n')", func() { Len(th, Number(1), "local 'n'") })
	if !math.Signbit(PowNumbers(math.Copysign(0, -1), 3)) || math.Signbit(PowNumbers(math.Copysign(0, -1), 0.5)) {
		t.Error("powers of -0 have the wrong sign")
	}
}

func TestPowersOfIntegersAreExact(t *testing.T) {
	for a := 2; a < 40; a++ {
		exact := 1.0
		for n := 1; exact*float64(a) < 1<<53; n++ {
			exact *= float64(a)
			if got := PowNumbers(float64(a), float64(n)); got != exact {
				t.Errorf("%d^%d = %v, want %v", a, n, got, exact)
			}
		}
	}
	r := rand.New(rand.NewSource(1))
	for range 100_000 {
		a, n := math.Exp(r.NormFloat64()*5), float64(r.Intn(61)-30)
		got, want := PowNumbers(a, n), math.Pow(a, n)
		if math.Abs(got-want) > 1e-14*want {
			t.Fatalf("%v^%v = %v, math.Pow says %v", a, n, got, want)
		}
	}
}

func TestLargePowersKeepTheirDigits(t *testing.T) {
	for _, test := range [][3]float64{ // a, b and what C's pow says
		{1.0000001, 1e7, 2.7182816941320818},
		{1.0001, 123456.7, 229820.24931718214},
		{0.9999, -123456.5, 230099.55076020194},
	} {
		if got, want := PowNumbers(test[0], test[1]), test[2]; math.Abs(got-want) > 1e-15*want {
			t.Errorf("%v^%v = %v, want %v", test[0], test[1], got, want)
		}
	}
}

func TestForLimits(t *testing.T) {
	const most = 1 << 53
	for _, test := range []struct {
		f    float64
		step int
		want int
	}{
		{10, 1, 10}, {10.5, 1, 10}, {10.5, -1, 11}, {-10.5, 1, -11}, {-10.5, -1, -10}, {math.Inf(1), 1, most},
		{math.Inf(-1), -1, -most}, {1e300, 1, most}, {math.NaN(), 1, math.MinInt}, {math.NaN(), -1, math.MaxInt},
	} {
		if got := ForLimit(test.f, test.step); got != test.want {
			t.Errorf("limit %v, step %d: %d, want %d", test.f, test.step, got, test.want)
		}
	}
	th := NewState(nil, nil).Main
	if ForNumber(th, NewString("7"), "limit") != 7 {
		t.Error("a string is no limit")
	}
	wantError(t, th, "'for' initial value must be a number", func() { ForNumber(th, Value{}, "initial value") })
}

func TestComparison(t *testing.T) {
	th := NewState(nil, nil).Main
	a, b := NewString("a"), NewString("b")
	if !Less(th, a, b) || Less(th, b, a) || !LessEqual(th, a, a) || !Less(th, Number(1), Number(2)) || LessEqual(th, Number(nan()), Number(1)) {
		t.Error("plain comparisons are wrong")
	}
	lt := goFn(func(a, b, _ Value) Value { return Bool(a.Table().GetInt(1).F < b.Table().GetInt(1).F) })
	meta := NewTable()
	meta.SetStr(MetaLt, lt)
	x, y := NewArray(Number(1)), NewArray(Number(2))
	x.SetMetatable(meta)
	if !Less(th, x.Value(), y.Value()) || Less(th, y.Value(), x.Value()) || !LessEqual(th, x.Value(), y.Value()) || LessEqual(th, y.Value(), x.Value()) {
		t.Error("comparison by __lt is wrong")
	}
	meta.SetStr(MetaLe, goFn(func(_, _, _ Value) Value { return NewString("true enough") }))
	if !LessEqual(th, y.Value(), x.Value()) {
		t.Error("__le is not used")
	}
	wantError(t, th, "attempt to compare two table values", func() { Less(th, y.Value(), y.Value()) })
	wantError(t, th, "attempt to compare number with nil", func() { LessEqual(th, Number(1), Value{}) })
	wantError(t, th, "attempt to compare string with number", func() { Less(th, a, Number(1)) })

	eq := goFn(func(_, _, _ Value) Value { return True() })
	p, q := withMeta(MetaEq, eq), withMeta(MetaEq, eq)
	other := withMeta(MetaEq, goFn(func(_, _, _ Value) Value { return True() }))
	for _, test := range []struct {
		a, b     Value
		raw, eql bool
	}{
		{p.Value(), q.Value(), false, true}, {p.Value(), other.Value(), false, false}, {p.Value(), y.Value(), false, false},
		{p.Value(), p.Value(), true, true}, {Number(1), Number(1), true, true}, {Number(nan()), Number(nan()), false, false},
		{dynamic("x"), keyX.Value(), true, true}, {dynamic("long string"), dynamic("long string"), true, true},
		{dynamic("ab"), dynamic("ac"), false, false}, {Value{}, Value{}, true, true}, {Value{}, False(), false, false},
		{NewString("1"), Number(1), false, false}, {keyX.Value(), keyY.Value(), false, false}, {True(), Bool(true), true, true},
	} {
		if RawEqual(test.a, test.b) != test.raw || Equal(th, test.a, test.b) != test.eql || Equal(th, test.b, test.a) != test.eql {
			t.Errorf("equality of %s and %s is wrong", test.a, test.b)
		}
	}
}

func TestConcat(t *testing.T) {
	th := NewState(nil, nil).Main
	if got := Concat(th, "", NewString("a"), Number(1), NewString(""), Number(2.5), NewString("z")).String(); got != "a12.5z" {
		t.Error(got)
	}
	if got := Concat2(th, "", Number(1), Number(2)); got.String() != "12" || !got.IsString() {
		t.Error(got)
	}
	if got := Concat2(th, "", NewString(""), NewString("")); got.String() != "" {
		t.Error(got)
	}
	o := withMeta(MetaConcat, goFn(func(a, b, _ Value) Value {
		text := func(v Value) string {
			if v.IsTable() {
				return "o"
			}
			return v.String()
		}
		return NewString("(" + text(a) + "," + text(b) + ")")
	})).Value()
	for _, test := range []struct {
		want string
		vs   []Value
	}{
		{"(o,12)", []Value{o, Number(1), Number(2)}},
		{"1(2,o)", []Value{Number(1), Number(2), o}},
		{"1(o,2)", []Value{Number(1), o, Number(2)}},
		{"(o,(o,o))", []Value{o, o, o}},
	} {
		if got := Concat(th, "", test.vs...); got.String() != test.want {
			t.Errorf("%v is %s, want %s", test.vs, got, test.want)
		}
	}
	wantError(t, th, "attempt to concatenate a nil value (local 'x')", func() { Concat2(th, "local 'x'|", Value{}, NewString("a")) })
	wantError(t, th, "attempt to concatenate a boolean value (local 'y')", func() { Concat2(th, "|local 'y'", NewString("a"), True()) })
	wantError(t, th, "attempt to concatenate a nil value (field 'f')", func() {
		Concat(th, "||field 'f'|", NewString("a"), NewString("b"), Value{}, NewString("c"))
	})
}

func TestConcatInPlace(t *testing.T) {
	th := NewState(nil, nil).Main
	s, want := NewString(""), ""
	var old []Value
	for i := range 3000 {
		piece := strings.Repeat(string(rune('a'+i%26)), i%7)
		switch i % 3 {
		case 0:
			s = Concat2(th, "", s, NewString(piece))
			want += piece
		case 1:
			s = Concat(th, "", s, Number(float64(i)), NewString(piece))
			want += Number(float64(i)).String() + piece
		default:
			// A branch: both results must be right.
			branch := Concat2(th, "", s, NewString("branch"))
			if branch.String() != want+"branch" {
				t.Fatal("a branch is wrong")
			}
			s = Concat2(th, "", s, NewString(piece))
			want += piece
		}
		if s.String() != want {
			t.Fatalf("round %d is wrong", i)
		}
		if i%100 == 0 {
			old = append(old, s, NewString(strings.Clone(want)))
		}
	}
	if s.Str().flags&strBuilder == 0 {
		t.Error("a long concatenation is not done in place")
	}
	for i := 0; i < len(old); i += 2 {
		if !RawEqual(old[i], old[i+1]) || old[i].Str().ownHash() != old[i+1].Str().ownHash() {
			t.Fatal("an older string has changed")
		}
	}
}

func TestConversion(t *testing.T) {
	th := NewState(nil, nil).Main
	for want, v := range map[string]Value{"nil": {}, "true": True(), "false": False(), "1": Number(1), "-0.5": Number(-0.5), "x": NewString("x")} {
		if got := ToStringMeta(th, v); got != want {
			t.Errorf("tostring gives %s, want %s", got, want)
		}
	}
	if s := ToStringMeta(th, NewTable().Value()); !strings.HasPrefix(s, "table: 0x") {
		t.Errorf("tostring of a table gives %s", s)
	}
	if s := ToStringMeta(th, withMeta(MetaToString, goFn(func(_, _, _ Value) Value { return NewString("me") })).Value()); s != "me" {
		t.Errorf("__tostring gives %s", s)
	}
	wantError(t, th, "'tostring' must return a string to 'print'", func() {
		ToStringMeta(th, withMeta(MetaToString, goFn(func(_, _, _ Value) Value { return True() })).Value())
	})
	for _, test := range []struct {
		v  Value
		n  int
		ok bool
	}{
		{Number(3.9), 3, true}, {Number(-3.9), -3, true}, {NewString("0x1F"), 31, true}, {NewString("x"), 0, false}, {Value{}, 0, false},
		{Number(math.Inf(1)), math.MaxInt, true}, {Number(-1e300), math.MinInt, true}, {Number(nan()), 0, true},
	} {
		if n, ok := ToInt(test.v); n != test.n || ok != test.ok {
			t.Errorf("ToInt(%s) = %d, %v", test.v, n, ok)
		}
	}
}

func TestStrings(t *testing.T) {
	seen := map[uint32]string{}
	for n := range 70 {
		for _, c := range "ab" {
			s := strings.Repeat(string(c), n)
			h := hashString(s)
			if n > 0 && seen[h] != "" {
				t.Errorf("%q and %q have the same hash", s, seen[h])
			}
			seen[h] = s
			if dynamic(s).Str().ownHash() != h || h == 0 {
				t.Errorf("the hash of %q is not stable", s)
			}
		}
	}
	if Const("x") != keyX || NewString("x").Str() != keyX {
		t.Error("a constant of one byte is not canonical")
	}
	defer func() {
		if recover() == nil {
			t.Error("Const accepts new constants after NewState")
		}
	}()
	NewState(nil, nil)
	Const("a constant that nobody has introduced")
}
