package rt

import (
	"math"
	"math/bits"
	"unsafe"
)

// A numberHash holds the entries of a hash part whose keys are numbers, once
// there are more than a few. A lookup in a Hash misses the cache twice, in the
// index and in the entry; here key and value are found where the hash says:
//
//	| ^bits of k, v | 0, nil | ^bits of k, v | ^bits of k, nil |
//	                  free                     removed
//
// Open addressing, at most 3/4 used. Keys that are near one another lie in groups
// of eight, so that loops over them, and the two ends of a queue, t[head] and
// t[tail], walk through memory. Where that makes keys collide, say random ones
// between 0 and 1, they are scattered instead, until the next growth. Removing a
// key keeps its place, for a traversal may stand there.
type numberHash struct {
	nodes []numberNode
	live  int // nodes with a value
	used  int // and removed ones
	first int // no node before it has a value
	shift int // 64 less the number of bits of a position

	probes    int  // steps of all inserts since the last resize
	scattered bool // keys are not grouped
}

type numberNode struct {
	key uint64 // the complement of the number's bits: 0 is no number's
	v   Value
}

// maxProbes is how many steps an insert may take on average before keys are
// scattered.
const maxProbes = 8

// forgotten is the key of a node whose number has gone; it is a NaN's, which is
// no key.
const forgotten = 1

// minNumbers is how many numbers a full Hash must hold to get a numberHash.
const minNumbers = 16

func numberKey(f float64) uint64 { return ^math.Float64bits(f + 0) } // -0 is 0

// number returns the key of a node that is not free.
func (n *numberNode) number() float64 { return math.Float64frombits(^n.key) }

// start returns where the search for f starts.
func (h *numberHash) start(f float64) int {
	const golden = 0x9E3779B97F4A7C15
	b := math.Float64bits(f + 0)
	if h.scattered {
		return int((b ^ b>>29) * golden >> (h.shift & 63))
	}
	i := int64(f)
	place := uint64(i)
	if float64(i) != f {
		place = b * golden >> 61
	}
	return int(uint64(i>>3)*golden>>((h.shift+3)&63)<<3 | place&7)
}

// find returns the position of f, or -1.
func (h *numberHash) find(f float64) int {
	key, mask := numberKey(f), len(h.nodes)-1
	for i := h.start(f); ; i = (i + 1) & mask {
		switch h.nodes[i].key {
		case key:
			return i
		case 0:
			return -1
		}
	}
}

// get returns the value of f.
func (h *numberHash) get(f float64) Value {
	if i := h.find(f); i >= 0 {
		return h.nodes[i].v
	}
	return Value{}
}

// full reports whether the next insert has to grow.
func (h *numberHash) full() bool { return (h.used+1)*4 > len(h.nodes)*3 }

// insert adds f, which is not present, with a value that is not nil.
func (h *numberHash) insert(f float64, x Value) {
	if h.full() {
		h.resize(h.live + 1)
	}
	h.place(f, x)
	if h.collides() {
		h.rehash(len(h.nodes), true)
	}
}

// place is insert where there is room.
func (h *numberHash) place(f float64, x Value) {
	mask := len(h.nodes) - 1
	i := h.start(f)
	for h.nodes[i].key != 0 {
		i = (i + 1) & mask
		h.probes++
	}
	h.nodes[i] = numberNode{numberKey(f), x}
	h.used++
	h.live++
	h.first = min(h.first, i)
}

// collides reports whether grouping has turned out bad for the keys.
func (h *numberHash) collides() bool {
	return !h.scattered && h.probes > maxProbes*(h.used+minNumbers)
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

// resize drops removed nodes and makes room for at least half as many numbers
// again as n.
func (h *numberHash) resize(n int) {
	size := 2 * minNumbers
	for size*3 < n*6 {
		size *= 2
	}
	if h.rehash(size, h.scattered && size <= len(h.nodes)); h.collides() {
		h.rehash(size, true)
	}
}

// rehash moves the numbers to size nodes.
func (h *numberHash) rehash(size int, scattered bool) {
	old := h.nodes
	*h = numberHash{
		nodes: make([]numberNode, size), first: size,
		shift: bits.LeadingZeros64(uint64(size - 1)), scattered: scattered,
	}
	for i := range old {
		if old[i].v.P != nil {
			h.place(old[i].number(), old[i].v)
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

// setNumber stores x in the number f; the caller has seen to it that there is
// room, or that the table may keep f here.
func (h *Hash) setNumber(f float64, x Value) {
	nums := h.nums
	if i := nums.find(f); i >= 0 {
		nums.replace(i, x)
	} else if x.P != nil {
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
