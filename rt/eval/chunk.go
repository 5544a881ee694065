package eval

import (
	"github.com/luago-lang/luago/compiler/resolve"
	"github.com/luago-lang/luago/compiler/syntax"
	"github.com/luago-lang/luago/rt"
)

// frame is a call in progress.
type frame = rt.Activation

// What parts of a tree become.
type (
	expr  func(fr *frame) rt.Value        // one value
	multi func(fr *frame) (rt.Value, int) // any number, as the results of a Fn; never a pending tail call
	cond  func(fr *frame) bool            // a condition
	stmt  func(fr *frame) ctl
)

// A ctl says what happens after a statement. From ctlGoto on it is a label of
// the function.
type ctl int

const (
	ctlNext ctl = iota
	ctlBreak
	ctlReturn // the results are in the frame
	ctlGoto
)

// A chunk is a chunk that has been turned into closures.
type chunk struct {
	info    *resolve.Info
	display string // its name as messages show it
	source  string // as load got it
	text    string
	strings map[string]*rt.String
	// upvalues are the variables that a function finds outside itself, in the
	// order of first mention; nil stands for the chunk's _ENV.
	upvalues map[*resolve.Func][]*resolve.Var
	proto    *proto
	calls    *rt.CallList // of all its functions

	instrumented bool // see instrument.go

	finalizes bool // it speaks of "__gc": blocks run finalizers
	seesDeath bool // it speaks of "__gc" or "__mode": blocks forget their variables
}

// newChunk turns a chunk of the given text into closures; source is its name as load
// got it.
func newChunk(info *resolve.Info, text, source string, instrumented bool) *chunk {
	c := &chunk{
		info: info, display: rt.ShortName(info.Chunk.Name), source: source, text: text, instrumented: instrumented,
		strings:  map[string]*rt.String{},
		upvalues: map[*resolve.Func][]*resolve.Var{},
		calls:    rt.NewCallList(info.Calls),
	}
	syntax.Walk(info.Chunk.Body, func(n syntax.Node) bool {
		if s, ok := n.(*syntax.StringExpr); ok {
			c.finalizes = c.finalizes || s.Value == "__gc"
			c.seesDeath = c.seesDeath || c.finalizes || s.Value == "__mode"
		}
		return true
	})
	c.findUpvalues(info.Main, info.Chunk.Body)
	c.upvalues[info.Main] = []*resolve.Var{nil}
	c.proto = c.function(info.Main)
	return c
}

// main returns a new main function.
func (c *chunk) main(env rt.Value) rt.Value {
	return c.proto.closure([]*rt.Value{&env})
}

// loaded returns a new function as the one with the given index was when it was
// dumped, with upvalues of its own: _ENV, and what else is the only one, is env, and
// others are nil. It is nil if there is no such function.
func (c *chunk) loaded(index int, env rt.Value) rt.Value {
	fn := c.info.Main.At(index)
	if fn == nil {
		return rt.Value{}
	}
	upvalues := make([]*rt.Value, len(c.upvalues[fn]))
	for i, v := range c.upvalues[fn] {
		upvalues[i] = new(rt.Value)
		if v == nil || len(upvalues) == 1 {
			*upvalues[i] = env
		}
	}
	return c.function(fn).closure(upvalues)
}

// constant returns the string object of a constant.
func (c *chunk) constant(s string) *rt.String {
	k := c.strings[s]
	if k == nil {
		k = rt.Intern(s)
		c.strings[s] = k
	}
	return k
}

// findUpvalues finds the upvalues of fn and of the functions inside it. What
// the resolver lists lacks the chunk's _ENV.
func (c *chunk) findUpvalues(fn *resolve.Func, body *syntax.Block) {
	seen := map[*resolve.Var]bool{}
	var list []*resolve.Var
	mention := func(v *resolve.Var) {
		if v != nil && v.Kind == resolve.EnvVar {
			v = nil
		}
		if !seen[v] && (v == nil || v.Func != fn) {
			seen[v] = true
			list = append(list, v)
		}
	}
	syntax.Walk(body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.NameExpr:
			if v := c.info.Uses[n]; v != nil {
				mention(v)
			} else {
				mention(c.info.EnvOf[n])
			}
		case *syntax.FunctionExpr:
			inner := c.info.Funcs[n]
			c.findUpvalues(inner, n.Body)
			for _, v := range c.upvalues[inner] {
				mention(v)
			}
			return false
		}
		return true
	})
	c.upvalues[fn] = list
}
