package eval

import (
	"fmt"

	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// callExpr is a call of which the first result matters.
func (f *function) callExpr(x syntax.Expr) expr {
	call := f.callMulti(x)
	return func(fr *frame) rt.Value {
		v, _ := call(fr)
		return v
	}
}

// callMulti is a call.
func (f *function) callMulti(x syntax.Expr) multi {
	switch x := x.(type) {
	case *syntax.CallExpr:
		return f.plainCall(x)
	case *syntax.MethodCallExpr:
		return f.methodCall(x)
	}
	panic(fmt.Sprintf("eval: cannot call %T", x))
}

// plainCall is fn(...). Calls with up to three arguments have closures of
// their own.
func (f *function) plainCall(x *syntax.CallExpr) multi {
	if c := f.newMeta(x); c != nil {
		return c.call(f.describeOne(x.Fn))
	}
	fn, line, name := f.load(x.Fn), line(x.Pos()), f.describeOne(x.Fn)
	fixed, last := f.args(x.Args, x.End())
	if last != nil || len(fixed) > 3 {
		args := arguments(fixed, last)
		return func(fr *frame) (rt.Value, int) {
			v := fn(fr)
			n, a0, a1, a2 := args(fr)
			fr.At(line)
			th := fr.Thread
			r, k := v.Callee(th, name)(th, n, a0, a1, a2)
			if k < 0 {
				return th.FinishTail()
			}
			return r, k
		}
	}
	switch len(fixed) {
	case 0:
		return func(fr *frame) (rt.Value, int) {
			v := fn(fr)
			fr.At(line)
			th := fr.Thread
			r, k := v.Callee(th, name)(th, 0, rt.Value{}, rt.Value{}, rt.Value{})
			if k < 0 {
				return th.FinishTail()
			}
			return r, k
		}
	case 1:
		first := fixed[0]
		return func(fr *frame) (rt.Value, int) {
			v := fn(fr)
			a0 := first(fr)
			fr.At(line)
			th := fr.Thread
			r, k := v.Callee(th, name)(th, 1, a0, rt.Value{}, rt.Value{})
			if k < 0 {
				return th.FinishTail()
			}
			return r, k
		}
	case 2:
		first, second := fixed[0], fixed[1]
		return func(fr *frame) (rt.Value, int) {
			v := fn(fr)
			a0, a1 := first(fr), second(fr)
			fr.At(line)
			th := fr.Thread
			r, k := v.Callee(th, name)(th, 2, a0, a1, rt.Value{})
			if k < 0 {
				return th.FinishTail()
			}
			return r, k
		}
	}
	first, second, third := fixed[0], fixed[1], fixed[2]
	return func(fr *frame) (rt.Value, int) {
		v := fn(fr)
		a0, a1, a2 := first(fr), second(fr), third(fr)
		fr.At(line)
		th := fr.Thread
		r, k := v.Callee(th, name)(th, 3, a0, a1, a2)
		if k < 0 {
			return th.FinishTail()
		}
		return r, k
	}
}

// methodCall is recv:name(...).
func (f *function) methodCall(x *syntax.MethodCallExpr) multi {
	method, line, name := f.method(x), line(x.Pos()), "method '"+x.Method.Text+"'"
	fixed, last := f.args(x.Args, x.End())
	if last == nil && len(fixed) <= 1 {
		first := constant(rt.Value{})
		n := 1
		if len(fixed) > 0 {
			first, n = fixed[0], 2
		}
		return func(fr *frame) (rt.Value, int) {
			v, self := method(fr)
			a1 := first(fr)
			fr.At(line)
			th := fr.Thread
			r, k := v.Callee(th, name)(th, n, self, a1, rt.Value{})
			if k < 0 {
				return th.FinishTail()
			}
			return r, k
		}
	}
	args := selfArguments(fixed, last)
	return func(fr *frame) (rt.Value, int) {
		v, self := method(fr)
		n, a1, a2 := args(fr, self)
		fr.At(line)
		th := fr.Thread
		r, k := v.Callee(th, name)(th, n, self, a1, a2)
		if k < 0 {
			return th.FinishTail()
		}
		return r, k
	}
}

// method looks a method up; it returns the receiver, too.
func (f *function) method(x *syntax.MethodCallExpr) func(fr *frame) (fn, self rt.Value) {
	recv, line, what := f.expr(x.Recv), line(x.Method.Pos()), f.describeOne(x.Recv)
	k := f.constant(x.Method.Text)
	if !k.IsConst() {
		key := k.Value()
		return func(fr *frame) (fn, self rt.Value) {
			o := recv(fr)
			fr.At(line)
			return rt.Index(fr.Thread, o, key, what), o
		}
	}
	cache := new(rt.MethodCache)
	return func(fr *frame) (fn, self rt.Value) {
		o := recv(fr)
		v := cache.Get(o)
		if v.IsNil() {
			fr.At(line)
			v = rt.Method(fr.Thread, o, k, cache, what)
		}
		return v, o
	}
}

// arguments evaluates arguments to what a Fn gets: their number, the first
// three, and the others in th.Args.
func arguments(fixed []expr, last multi) func(fr *frame) (n int, a0, a1, a2 rt.Value) {
	if last == nil && len(fixed) <= 3 {
		var few [3]expr
		for i := range few {
			few[i] = constant(rt.Value{})
		}
		copy(few[:], fixed)
		n := len(fixed)
		return func(fr *frame) (int, rt.Value, rt.Value, rt.Value) {
			a0, a1, a2 := few[0](fr), few[1](fr), few[2](fr)
			return n, a0, a1, a2
		}
	}
	return func(fr *frame) (n int, a0, a1, a2 rt.Value) {
		var buf [8]rt.Value
		vs := values(fr, buf[:0], fixed, last)
		n = len(vs)
		switch {
		case n > 3:
			fr.Thread.GrowArgs(n)
			copy(fr.Thread.Args[3:n], vs[3:])
			fallthrough
		case n == 3:
			return n, vs[0], vs[1], vs[2]
		case n == 2:
			return n, vs[0], vs[1], rt.Value{}
		case n == 1:
			return n, vs[0], rt.Value{}, rt.Value{}
		}
		return 0, rt.Value{}, rt.Value{}, rt.Value{}
	}
}

// selfArguments is arguments after the receiver of a method call, which
// becomes the first.
func selfArguments(fixed []expr, last multi) func(fr *frame, self rt.Value) (n int, a1, a2 rt.Value) {
	return func(fr *frame, self rt.Value) (n int, a1, a2 rt.Value) {
		var buf [8]rt.Value
		buf[0] = self
		vs := values(fr, buf[:1], fixed, last)
		n = len(vs)
		switch {
		case n > 3:
			fr.Thread.GrowArgs(n)
			copy(fr.Thread.Args[3:n], vs[3:])
			fallthrough
		case n == 3:
			return n, vs[1], vs[2]
		case n == 2:
			return n, vs[1], rt.Value{}
		}
		return n, rt.Value{}, rt.Value{}
	}
}

// values appends the values of fixed and last, if that is not nil, to vs.
func values(fr *frame, vs []rt.Value, fixed []expr, last multi) []rt.Value {
	for _, x := range fixed {
		vs = append(vs, x(fr))
	}
	if last != nil {
		first, n := last(fr)
		if n > 0 {
			vs = append(vs, first)
			vs = append(vs, fr.Thread.Ret[1:n]...)
		}
	}
	return vs
}

// tailCall is "return fn(...)".
func (f *function) tailCall(x syntax.Expr) stmt {
	switch x := x.(type) {
	case *syntax.CallExpr:
		if c := f.newMeta(x); c != nil {
			return c.tailCall(f.describeOne(x.Fn))
		}
		fn, line, name := f.load(x.Fn), line(x.Pos()), f.describeOne(x.Fn)
		args := arguments(f.args(x.Args, x.End()))
		return func(fr *frame) ctl {
			v := fn(fr)
			n, a0, a1, a2 := args(fr)
			fr.At(line)
			fr.First, fr.Count = fr.Thread.RequestTail(v, name, n, a0, a1, a2)
			return ctlReturn
		}
	case *syntax.MethodCallExpr:
		method, line, name := f.method(x), line(x.Pos()), "method '"+x.Method.Text+"'"
		args := selfArguments(f.args(x.Args, x.End()))
		return func(fr *frame) ctl {
			v, self := method(fr)
			n, a1, a2 := args(fr, self)
			fr.At(line)
			fr.First, fr.Count = fr.Thread.RequestTail(v, name, n, self, a1, a2)
			return ctlReturn
		}
	}
	panic(fmt.Sprintf("eval: cannot call %T", x))
}
