package eval

import (
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// A newMeta is the call setmetatable(o, {k = v, ...}), for which rt.SetNewMeta may
// make no metatable. That the name tells is but a guess: rt.SetNewMeta looks at
// the function.
type newMeta struct {
	fn, object expr
	shape      *rt.Shape
	items      []expr
	line       int
	cache      rt.MetaCache
}

// newMeta returns x as a newMeta, or nil if it is another call.
func (f *function) newMeta(x *syntax.CallExpr) *newMeta {
	meta := syntax.NewMetatable(x)
	if meta == nil || f.instrumented {
		return nil
	}
	shape, items := f.objectParts(meta)
	if shape == nil {
		return nil
	}
	return &newMeta{fn: f.load(x.Fn), object: f.load(x.Args[0]), shape: shape, items: items, line: line(x.Pos())}
}

// set evaluates what the call consists of, and does the usual case; if done is
// false, the caller calls fn(o, meta).
func (c *newMeta) set(fr *frame) (fn, o, meta rt.Value, done bool) {
	var buf [8]rt.Value
	fn, o = c.fn(fr), c.object(fr)
	vs := values(fr, buf[:0], c.items, nil)
	fr.At(c.line)
	if _, ok := rt.SetNewMeta(fr.Thread, fn, o, &c.cache, c.shape, vs...); ok {
		return fn, o, rt.Value{}, true
	}
	return fn, o, rt.NewObject(c.shape, vs...).Value(), false
}

// call is the call; name describes what is called.
func (c *newMeta) call(name string) multi {
	return func(fr *frame) (rt.Value, int) {
		fn, o, meta, done := c.set(fr)
		if done {
			return o, 1
		}
		th := fr.Thread
		r, k := fn.Callee(th, name)(th, 2, o, meta, rt.Value{})
		if k < 0 {
			return th.FinishTail()
		}
		return r, k
	}
}

// tailCall is call as a statement "return fn(...)".
func (c *newMeta) tailCall(name string) stmt {
	return func(fr *frame) ctl {
		fn, o, meta, done := c.set(fr)
		if fr.First, fr.Count = o, 1; !done {
			fr.First, fr.Count = fr.Thread.RequestTail(fn, name, 2, o, meta, rt.Value{})
		}
		return ctlReturn
	}
}
