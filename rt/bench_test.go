package rt_test

import (
	"testing"

	"github.com/luago-lang/luago/rt"
)

// The micro-benchmarks are written as emitted code is, and outside of package
// rt, so that they show whether the fast paths are inlined.

var (
	benchX     = rt.Const("bench_x")
	benchY     = rt.Const("bench_y")
	benchFunc  = rt.Const("bench_method")
	benchShape = rt.ShapeOf(benchX, benchY)

	sink      rt.Value
	sinkTable *rt.Table
)

func newThread() *rt.Thread { return rt.NewState(nil, nil).Main }

// self.x = self.x + 1; self.y = self.y + self.x
func BenchmarkFields(b *testing.B) {
	th := newThread()
	o := rt.NewObject(benchShape, rt.Number(0), rt.Number(0)).Value()
	var c [5]rt.FieldCache
	for range b.N {
		x := c[0].Get(o)
		if x.IsNil() {
			x = rt.Field(th, o, benchX, &c[0], "")
		}
		x = rt.Number(x.F + 1)
		if !c[1].Put(o, x) {
			rt.SetField(th, o, benchX, x, &c[1], "")
		}
		y := c[2].Get(o)
		if y.IsNil() {
			y = rt.Field(th, o, benchY, &c[2], "")
		}
		if x = c[3].Get(o); x.IsNil() {
			x = rt.Field(th, o, benchX, &c[3], "")
		}
		y = rt.Number(y.F + x.F)
		if !c[4].Put(o, y) {
			rt.SetField(th, o, benchY, y, &c[4], "")
		}
	}
}

func BenchmarkMethodLookup(b *testing.B) {
	th := newThread()
	class := classOf(th)
	o := rt.NewObject(benchShape, rt.Number(0), rt.Number(0))
	o.SetMetatable(class)
	benchMethod(b, th, o.Value())
}

func BenchmarkMethodLookupInherited(b *testing.B) {
	th := newThread()
	middle := rt.NewTable()
	middle.SetMetatable(classOf(th))
	middle.SetStr(rt.MetaIndex, middle.Value())
	o := rt.NewObject(benchShape, rt.Number(0), rt.Number(0))
	o.SetMetatable(middle)
	benchMethod(b, th, o.Value())
}

func benchMethod(b *testing.B, th *rt.Thread, v rt.Value) {
	var c rt.MethodCache
	for range b.N {
		f := c.Get(v)
		if f.IsNil() {
			f = rt.Method(th, v, benchFunc, &c, "")
		}
		sink = f
	}
}

func classOf(th *rt.Thread) *rt.Table {
	class := rt.NewTable()
	class.SetStr(benchFunc, rt.NewFunction(&rt.Proto{Chunk: "bench"}, identity))
	class.SetStr(rt.MetaIndex, class.Value())
	return class
}

func identity(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	if th.Depth++; th.Depth > rt.MaxDepth {
		th.Overflow()
	}
	th.Depth--
	return a0, 1
}

func BenchmarkNewObject(b *testing.B) {
	for range b.N {
		sinkTable = rt.NewObject(benchShape, rt.Number(1), rt.Number(2))
	}
}

// o = {}; o.x = 1; o.y = 2
func BenchmarkAddFields(b *testing.B) {
	th := newThread()
	var c [2]rt.FieldCache
	for range b.N {
		o := rt.NewTable().Value()
		if !c[0].Put(o, rt.Number(1)) {
			rt.SetField(th, o, benchX, rt.Number(1), &c[0], "")
		}
		if !c[1].Put(o, rt.Number(1)) {
			rt.SetField(th, o, benchY, rt.Number(1), &c[1], "")
		}
		sink = o
	}
}

func BenchmarkSetMetatable(b *testing.B) {
	class := classOf(newThread())
	for range b.N {
		o := rt.NewObject(benchShape, rt.Number(1), rt.Number(2))
		o.SetMetatable(class)
		sinkTable = o
	}
}

const benchLen = 1000

func numberArray() rt.Value {
	t := rt.NewTable()
	for i := range benchLen {
		t.Append(rt.Number(float64(i)))
	}
	return t.Value()
}

// for i = 1, 1000 do s = s + t[i] end
func BenchmarkArrayGet1000(b *testing.B) {
	th := newThread()
	t := numberArray()
	for range b.N {
		s := 0.0
		for i := 1; i <= benchLen; i++ {
			v := t.At(i)
			if v.IsNil() {
				v = rt.IndexInt(th, t, i, "")
			}
			if v.IsNumber() {
				s += v.F
			}
		}
		sink = rt.Number(s)
	}
}

// for i = 1, 1000 do t[i] = i end
func BenchmarkArraySet1000(b *testing.B) {
	th := newThread()
	t := numberArray()
	for range b.N {
		for i := 1; i <= benchLen; i++ {
			if x := rt.Number(float64(i)); !t.SetAt(i, x) {
				rt.SetIndexInt(th, t, i, x, "")
			}
		}
	}
}

func BenchmarkArrayFill1000(b *testing.B) {
	th := newThread()
	for range b.N {
		t := rt.NewTable().Value()
		for i := 1; i <= benchLen; i++ {
			if x := rt.Number(float64(i)); !t.SetAt(i, x) {
				rt.SetIndexInt(th, t, i, x, "")
			}
		}
	}
}

func BenchmarkCallUnknown(b *testing.B) {
	th := newThread()
	f := rt.NewFunction(&rt.Proto{Chunk: "bench"}, identity)
	for range b.N {
		r, n := f.Callee(th, "")(th, 1, rt.Number(1), rt.Value{}, rt.Value{})
		if n < 0 {
			r, _ = th.FinishTail()
		}
		sink = r
	}
}

func BenchmarkPCall(b *testing.B) {
	th := newThread()
	f := rt.NewFunction(&rt.Proto{Chunk: "bench"}, identity)
	for range b.N {
		sink, _, _ = rt.PCall(th, f, 1, rt.Number(1), rt.Value{}, rt.Value{})
	}
}

func BenchmarkThrow(b *testing.B) {
	th := newThread()
	f := rt.NewGoFunction("fail", func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		rt.Throw(th, a0)
		return a0, 1
	})
	for range b.N {
		rt.PCall(th, f, 1, rt.True(), rt.Value{}, rt.Value{})
	}
}

func BenchmarkThrowWithPosition(b *testing.B) {
	th := newThread()
	f := rt.NewFunction(&rt.Proto{Chunk: "bench"}, benchFail)
	for range b.N {
		rt.PCall(th, f, 1, rt.True(), rt.Value{}, rt.Value{})
	}
}

func BenchmarkHashGetNumber(b *testing.B) {
	t := rt.NewTable()
	for i := range 1000 {
		t.Set(rt.Number(float64(i)+0.5), rt.True())
	}
	i := 0
	for range b.N {
		sink = t.Get(rt.Number(float64(i) + 0.5))
		if i++; i == 1000 {
			i = 0
		}
	}
}

func stringKeys() (keys []rt.Value) {
	for i := range 1000 {
		keys = append(keys, rt.NewString("key number "+rt.Number(float64(i)).String()))
	}
	return keys
}

func BenchmarkHashGetString(b *testing.B) {
	th := newThread()
	keys := stringKeys()
	t := rt.NewTable()
	for _, k := range keys {
		t.Set(k, rt.True())
	}
	i := 0
	for range b.N {
		sink = rt.Index(th, t.Value(), keys[i], "")
		if i++; i == 1000 {
			i = 0
		}
	}
}

// The same with a new string object for every access.
func BenchmarkHashGetFreshString(b *testing.B) {
	th := newThread()
	keys := stringKeys()
	t := rt.NewTable()
	for _, k := range keys {
		t.Set(k, rt.True())
	}
	i := 0
	for range b.N {
		sink = rt.Index(th, t.Value(), rt.NewString(keys[i].Str().String()), "")
		if i++; i == 1000 {
			i = 0
		}
	}
}

func BenchmarkHashSetString(b *testing.B) {
	th := newThread()
	keys := stringKeys()
	t := rt.NewTable()
	i := 0
	for range b.N {
		rt.SetIndex(th, t.Value(), keys[i], rt.Number(float64(i)), "")
		if i++; i == 1000 {
			i = 0
		}
	}
}

// A new table with 1000 string keys.
func BenchmarkHashInsert1000(b *testing.B) {
	keys := stringKeys()
	for range b.N {
		t := rt.NewTable()
		for _, k := range keys {
			t.Set(k, k)
		}
	}
}

// for k, v in pairs(t) over 1000 string keys
func BenchmarkPairs1000(b *testing.B) {
	th := newThread()
	t := rt.NewTable()
	for _, k := range stringKeys() {
		t.Set(k, k)
	}
	for range b.N {
		n := 0
		it := rt.Iterate(th, rt.NextFunction(), t.Value(), rt.Value{})
		for it.Next(th) {
			n++
		}
		if n != 1000 {
			b.Fatal(n)
		}
	}
}

// for i, v in ipairs(t) over 1000 numbers
func BenchmarkIpairs1000(b *testing.B) {
	th := newThread()
	t := numberArray()
	for range b.N {
		it := rt.Iterate(th, rt.InextFunction(), t, rt.Number(0))
		for it.Next(th) {
			sink = it.V
		}
	}
}

// "key " .. 12 .. "=" .. "value"
func BenchmarkConcat4(b *testing.B) {
	th := newThread()
	k, eq, v := rt.NewString("key "), rt.NewString("="), rt.NewString("value")
	for range b.N {
		sink = rt.Concat(th, "", k, rt.Number(12), eq, v)
	}
}

// "key " .. "value"
func BenchmarkConcat2(b *testing.B) {
	th := newThread()
	k, v := rt.NewString("key "), rt.NewString("value")
	for range b.N {
		sink = rt.Concat2(th, "", k, v)
	}
}

// s = s .. "x", 30,000 times
func BenchmarkConcatLoop30000(b *testing.B) {
	th := newThread()
	x := rt.NewString("x")
	for range b.N {
		s := rt.NewString("")
		for range 30_000 {
			s = rt.Concat2(th, "", s, x)
		}
		sink = s
	}
}

func BenchmarkPowerOf3(b *testing.B) {
	x := 1.1
	for range b.N {
		sink = rt.Number(rt.PowNumbers(x, 3))
	}
}

func init() { rt.RegisterChunk("bench/bench.lua", "bench.lua") }

//line bench/bench.lua:7
func benchFail(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	return rt.Add(th, a0, a0, ""), 1
}
