package rt

import (
	"math"
	"math/bits"
	"unsafe"
)

// A numberHash holds the entries of a hash part whose keys are numbers, once
// there are more than a few. A lookup in a Hash misses the cache twice, in the
// index and in the entry; here key and value are found where the hash says.
// As in C Lua, nodes whose numbers belong in the same place are linked, a new
// number takes the place where it belongs from one that does not (Brent's
// variation), and the table is grown when no node is left that was never used:
//
//	| ^bits of k, v, next | 0, nil | ^bits of k, v | ^bits of k, nil |
//	                        free                     removed
//
// Integers lie in order, in blocks as long as the table, each block turned by a
// hash of its number. So keys that are near one another lie together, which is
// what loops over them with any stride need, and both ends of a queue, t[head]
// and t[tail], walk through memory; yet blocks do not meet systematically, as
// they would for the keys y * 1024 + x. Open addressing with groups of eight took
// 1.3 times as long for keys in the order of a modulus, and clustered.
//
// Removing a key keeps its node, for a traversal may stand there; a new number
// that belongs there takes it over, so that a queue never needs a new table.
type numberHash struct {
	nodes []numberNode
	live  int // nodes with a value
	used  int // nodes with a key
	first int // no node before it has a value
	free  int // no node from it on is free
	shift int // 64 less the number of bits of a position
}

type numberNode struct {
	key  uint64 // the complement of the number's bits: 0 is no number's
	v    Value
	next uint32 // 1 more than the position of the next node of the chain
}

// forgotten is the key of a node whose number has gone; it is a NaN's, which is
// no key.
const forgotten = 1

// minNumbers is how many numbers a full Hash must hold to get a numberHash.
const minNumbers = 8

func numberKey(f float64) uint64 { return ^math.Float64bits(f + 0) } // -0 is 0

// number returns the key of a node that is not free.
func (n *numberNode) number() float64 { return math.Float64frombits(^n.key) }

// start returns where f belongs.
func (h *numberHash) start(f float64) int {
	const golden = 0x9E3779B97F4A7C15
	i := int64(f)
	block := uint64(i >> ((64 - h.shift) & 63))
	if rest := f - float64(i); rest != 0 {
		b := math.Float64bits(rest)
		block ^= (b ^ b>>29) * golden
		block ^= block >> 32
	}
	return int((uint64(i) + block*golden>>(h.shift&63)) & uint64(len(h.nodes)-1))
}

// find returns the position of f, or -1.
func (h *numberHash) find(f float64) int {
	key := numberKey(f)
	for i := h.start(f); ; {
		n := &h.nodes[i]
		if n.key == key {
			return i
		}
		if i = int(n.next) - 1; i < 0 {
			return -1
		}
	}
}

// get returns the value of f.
func (h *numberHash) get(f float64) Value {
	key := numberKey(f)
	for i := h.start(f); i >= 0; {
		n := &h.nodes[i]
		if n.key == key {
			return n.v
		}
		i = int(n.next) - 1
	}
	return Value{}
}

// insert adds f, which is not present, with a value that is not nil, unless
// that would need a larger table.
func (h *numberHash) insert(f float64, x Value) bool {
	i := h.start(f)
	n := &h.nodes[i]
	switch {
	case n.key == 0:
		h.used++
	case n.v.P == nil: // it stays in its chain
	default:
		free := h.takeFree()
		if free < 0 {
			return false
		}
		h.used++
		if home := h.start(n.number()); home != i {
			h.move(home, i, free)
		} else {
			h.nodes[free].next = n.next
			n.next = uint32(free) + 1
			i, n = free, &h.nodes[free]
		}
	}
	n.key, n.v = numberKey(f), x
	h.live++
	h.first = min(h.first, i)
	return true
}

// takeFree returns the position of a node that has never been used, or -1.
func (h *numberHash) takeFree() int {
	for h.free > 0 {
		if h.free--; h.nodes[h.free].key == 0 {
			return h.free
		}
	}
	return -1
}

// move moves the node at position i, in the chain that starts at home, to the free
// one at to, and leaves i free.
func (h *numberHash) move(home, i, to int) {
	for int(h.nodes[home].next) != i+1 {
		home = int(h.nodes[home].next) - 1
	}
	h.nodes[home].next = uint32(to) + 1
	h.nodes[to] = h.nodes[i]
	h.nodes[i] = numberNode{}
	h.first = min(h.first, to)
}

// replace stores x, nil or not, in the node at i.
func (h *numberHash) replace(i int, x Value) {
	n := &h.nodes[i]
	switch {
	case x.P != nil && n.v.P == nil:
		h.live++
		h.first = min(h.first, i)
	case x.P == nil && n.v.P != nil:
		h.live--
	}
	n.v = x
}

// forget removes the node at i so that find finds its number no more: it goes
// to live in the array part.
func (h *numberHash) forget(i int) {
	h.replace(i, Value{})
	h.nodes[i].key = forgotten
}

// resize drops removed nodes and makes room for n numbers, and for nearly as many
// more, so that a queue that moves through the table does not come back soon.
func (h *numberHash) resize(n int) {
	size := minNumbers
	for size*9 < n*16 {
		size *= 2
	}
	old := h.nodes
	*h = numberHash{nodes: make([]numberNode, size), first: size, free: size, shift: bits.LeadingZeros64(uint64(size - 1))}
	for i := range old {
		if old[i].v.P != nil {
			h.insert(old[i].number(), old[i].v)
		}
	}
}

// step returns the first node with a value at or after position i, or -1.
func (h *numberHash) step(i int) int {
	i = max(i, h.first)
	fromFirst := i == h.first
	for i < len(h.nodes) && h.nodes[i].v.P == nil {
		i++
	}
	if fromFirst {
		h.first = i // what a loop that empties the table by next relies on
	}
	if i == len(h.nodes) {
		return -1
	}
	return i
}

// separateNumbers moves the entries whose keys are numbers to a numberHash with
// room for n numbers more.
func (h *Hash) separateNumbers(n int) {
	nums := &numberHash{}
	nums.resize(h.numbers + n)
	for i := range h.entries {
		e := &h.entries[i]
		if e.k.P != unsafe.Pointer(&numTag) {
			continue
		}
		if e.v.P != nil {
			nums.insert(e.k.F, e.v)
		}
		h.forget(i)
	}
	h.nums = nums
	h.numbers = nums.used
	h.resize(h.live + h.live/2)
}

// dropNumbers gives up the numberHash if numbers that went to the array part have
// left nothing in it.
func (h *Hash) dropNumbers() {
	if h.nums.live == 0 {
		h.nums, h.numbers = nil, 0
	}
}

// addNumber adds the number f, which is not present, with a value that is not nil.
func (h *Hash) addNumber(f float64, x Value) {
	nums := h.nums
	if !nums.insert(f, x) {
		nums.resize(nums.live + 1)
		nums.insert(f, x)
	}
	h.numbers = nums.used
}

// number returns the value of f.
func (h *Hash) number(f float64) Value {
	if h.nums != nil {
		return h.nums.get(f)
	}
	if pos := h.findNumber(f); pos >= 0 {
		return h.value(pos)
	}
	return Value{}
}

// takeNumber removes f and returns its value.
func (h *Hash) takeNumber(f float64) Value {
	if nums := h.nums; nums != nil {
		i := nums.find(f)
		if i < 0 {
			return Value{}
		}
		x := nums.nodes[i].v
		nums.forget(i)
		h.dropNumbers()
		return x
	}
	pos := h.findNumber(f)
	if pos < 0 {
		return Value{}
	}
	x := h.entries[pos].v
	h.forget(pos)
	return x
}
