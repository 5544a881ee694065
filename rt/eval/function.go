package eval

import (
	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// A proto is a function that has been turned into closures: all that the
// functions made by one function expression share.
type proto struct {
	rt.Proto
	slots, cells int
	params       []place
	simple       bool // at most three parameters, all of them in slots, no varargs
	keeps        bool // calls keep their varargs
	weight       int  // of a call, for the depth counter
	startLine    int  // of an error on entry
	instrumented bool // see instrument.go
	body         stmt
}

// A place is where a function finds a variable.
type place struct {
	kind  placeKind
	index int
}

type placeKind uint8

const (
	inSlot placeKind = iota
	inCell
	inUpvalue
)

// A function is one function on its way to closures.
type function struct {
	*chunk
	fn     *resolve.Func
	proto  *proto
	places map[*resolve.Var]place // of the function's own variables
	ups    map[*resolve.Var]int   // upvalues, nil for _ENV

	slots, cells int // in use at the current statement
	labels       map[*syntax.LabelStmt]ctl
	testedBody   *syntax.Block // the body of the latest if or elseif
	visible      int           // variables in scope, if the chunk is instrumented
	lines        map[int]bool  // that debuggers can stop on
	stack        int           // estimated Go stack of the closures around the current node
	maxStack     int
}

// function turns fn into closures.
func (c *chunk) function(fn *resolve.Func) *proto {
	p := &proto{}
	f := &function{
		chunk: c, fn: fn, proto: p,
		places: map[*resolve.Var]place{},
		ups:    map[*resolve.Var]int{},
		labels: map[*syntax.LabelStmt]ctl{},
		lines:  map[int]bool{},
	}
	names := make([]string, len(c.upvalues[fn]))
	for i, v := range c.upvalues[fn] {
		f.ups[v] = i
		names[i] = "_ENV"
		if v != nil {
			names[i] = v.Name
		}
	}
	p.Proto = rt.Proto{Chunk: c.display, EndLine: int(c.info.Chunk.End().Line), Params: len(fn.Params), Vararg: fn.IsVararg}
	body := c.info.Chunk.Body
	if fn.Node != nil {
		body = fn.Node.Body
		p.Name, p.Line, p.EndLine = fn.Node.Name, line(fn.Node.Pos()), line(fn.Node.End())
	}
	rt.NewEvalProto(&p.Proto, c.source, names)
	p.Index = fn.Index
	p.SetSource(c.text)
	p.SetCalls(c.calls)

	p.startLine = max(p.Line, 1)
	p.keeps = fn.IsVararg && (fn.UsesVararg || c.instrumented)
	p.simple = len(fn.Params) <= 3 && !p.keeps
	for _, v := range fn.Params {
		at := f.declare(v)
		p.params = append(p.params, at)
		p.simple = p.simple && at.kind == inSlot
	}
	f.visible = len(p.params)
	p.body = f.functionBody(body)
	f.finish(p)
	p.weight = 1 + (callSize+f.maxStack)/unitSize
	return p
}

func line(p diag.Pos) int { return int(p.Line) }

// closure returns a new function.
func (p *proto) closure(upvalues []*rt.Value) rt.Value {
	cl := rt.NewClosure(&p.Proto, upvalues)
	cl.Fn = p.fn(cl)
	return cl.Value()
}

func init() { rt.RegisterEvaluator((&proto{}).fn(nil)) }

// fn returns the Go function of cl. It must not be inlined, or there would be
// several copies of that function's code.
//
//go:noinline
func (p *proto) fn(cl *rt.Closure) rt.Fn {
	return func(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
		var fr *frame
		if th.Active != nil {
			fr = th.Active.Next
		}
		if fr == nil {
			fr = th.NewActivation()
		}
		fr.Closure, fr.Line = cl, p.startLine
		fr.Upvalues = cl.Upvalues
		if cap(fr.Slots) < p.slots {
			fr.Slots = make([]rt.Value, p.slots+p.slots/2)
		}
		s := fr.Slots[:p.slots]
		fr.Slots = s
		th.Active = fr
		weight := p.weight
		if p.keeps {
			weight += n >> rt.ValueShift
		}
		if th.Depth += weight; th.Depth > rt.MaxDepth {
			th.Overflow()
		}
		if p.simple {
			switch len(p.params) {
			case 1:
				s[0] = a0
			case 2:
				s[1], s[0] = a1, a0
			case 3:
				s[2], s[1], s[0] = a2, a1, a0
			}
		}
		if !p.simple || p.cells > 0 {
			p.enter(fr, n, a0, a1, a2)
		}
		if p.instrumented {
			p.start(fr)
		}
		p.body(fr)
		first, count := fr.First, fr.Count
		fr.First, fr.Count = rt.Value{}, 0
		if p.instrumented {
			fr.Leave(count)
		}
		clear(s)
		if !p.simple || p.cells > 0 {
			clear(fr.Cells)
			fr.Varargs = nil
		}
		fr.Closure, fr.Upvalues = nil, nil
		th.Active = fr.Prev
		th.Depth -= weight
		return first, count
	}
}

// enter makes the cells, and takes the arguments of a function that is not
// simple.
func (p *proto) enter(fr *frame, n int, a0, a1, a2 rt.Value) {
	if cap(fr.Cells) < p.cells {
		fr.Cells = make([]*rt.Value, p.cells+p.cells/2)
	}
	fr.Cells = fr.Cells[:p.cells]
	if p.simple {
		return
	}
	for i, at := range p.params {
		v := fr.Thread.Arg(i, n, a0, a1, a2)
		if at.kind == inSlot {
			fr.Slots[at.index] = v
		} else {
			fr.Cells[at.index] = &v
		}
	}
	if p.keeps {
		fr.Varargs = fr.Thread.Varargs(n, len(p.params), a0, a1, a2)
	}
}

// ---- variables ----

// declare gives a variable of the function a place from here on.
func (f *function) declare(v *resolve.Var) place {
	at := f.newPlace(v.Captured)
	f.places[v] = at
	return at
}

// newPlace returns a new place, in a cell or not.
func (f *function) newPlace(cell bool) place {
	at := place{inSlot, f.slots}
	if cell {
		at = place{inCell, f.cells}
		f.cells++
		f.proto.cells = max(f.proto.cells, f.cells)
	} else {
		f.slots++
		f.proto.slots = max(f.proto.slots, f.slots)
	}
	return at
}

// place returns where the function finds v; nil stands for the chunk's _ENV.
func (f *function) place(v *resolve.Var) place {
	if v != nil && v.Kind == resolve.EnvVar {
		v = nil
	}
	if v != nil && v.Func == f.fn {
		return f.places[v]
	}
	return place{inUpvalue, f.ups[v]}
}

// define returns the closure that makes a variable with a given value.
func define(at place) func(fr *frame, v rt.Value) {
	i := at.index
	if at.kind == inSlot {
		return func(fr *frame, v rt.Value) { fr.Slots[i] = v }
	}
	return func(fr *frame, v rt.Value) { fr.Cells[i] = &v }
}

// read returns the closure that reads a variable.
func read(at place) expr {
	i := at.index
	switch at.kind {
	case inSlot:
		return func(fr *frame) rt.Value { return fr.Slots[i] }
	case inCell:
		return func(fr *frame) rt.Value { return *fr.Cells[i] }
	}
	return func(fr *frame) rt.Value { return *fr.Upvalues[i] }
}

// closureExpr makes a function value.
func (f *function) closureExpr(x *syntax.FunctionExpr) expr {
	fn := f.info.Funcs[x]
	p := f.chunk.function(fn)
	from := make([]place, len(f.upvalues[fn]))
	for i, v := range f.upvalues[fn] {
		from[i] = f.place(v)
	}
	return func(fr *frame) rt.Value {
		upvalues := make([]*rt.Value, len(from))
		for i, at := range from {
			if at.kind == inCell {
				upvalues[i] = fr.Cells[at.index]
			} else {
				upvalues[i] = fr.Upvalues[at.index]
			}
		}
		return p.closure(upvalues)
	}
}
