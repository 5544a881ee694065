package math

import (
	"math"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// Sizes of the generator, and its largest number.
const (
	randomDegree = 31
	randomTap    = 3
	randomMax    = 1<<31 - 1
)

// A random is the pseudo-random generator behind math.random: the additive
// feedback generator r[i] = r[i-3] + r[i-31] of which the C library's rand
// consists, so that a script that seeds it sees the numbers that it sees
// under the C implementation on Linux.
type random struct {
	state [randomDegree]uint32
	next  int
}

// newRandom returns a generator with the given seed.
func newRandom(seed uint32) *random {
	r := new(random)
	r.seed(seed)
	return r
}

// seed restarts the generator. The state is filled by a multiplicative
// generator modulo 2^31-1, and stirred by 310 steps.
func (r *random) seed(seed uint32) {
	if seed == 0 {
		seed = 1
	}
	word := int64(int32(seed))
	r.state[0] = seed
	for i := 1; i < randomDegree; i++ {
		word = 16807 * word % randomMax
		if word < 0 {
			word += randomMax
		}
		r.state[i] = uint32(word)
	}
	r.next = randomTap
	for i := 0; i < 10*randomDegree; i++ {
		r.int31()
	}
}

// int31 returns the next number, between 0 and randomMax.
func (r *random) int31() uint32 {
	tap := r.next + randomDegree - randomTap
	if tap >= randomDegree {
		tap -= randomDegree
	}
	r.state[r.next] += r.state[tap]
	v := r.state[r.next]
	if r.next++; r.next == randomDegree {
		r.next = 0
	}
	return v >> 1
}

// random is math.random ([m [, n]]).
func (r *random) random(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	f := float64(r.int31()%randomMax) / randomMax
	switch n {
	case 0:
		return rt.Number(f), 1
	case 1:
		high := lib.Float(th, "random", 1, n, a0)
		if !(1 <= high) {
			th.ArgError("random", 1, "interval is empty")
		}
		return rt.Number(math.Floor(f*high) + 1), 1
	case 2:
		low, high := lib.Float(th, "random", 1, n, a0), lib.Float(th, "random", 2, n, a1)
		if !(low <= high) {
			th.ArgError("random", 2, "interval is empty")
		}
		return rt.Number(math.Floor(f*(high-low+1)) + low), 1
	}
	th.Errorf("wrong number of arguments")
	return rt.Value{}, 0
}

// randomseed is math.randomseed (x).
func (r *random) randomseed(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	x := lib.Float(th, "randomseed", 1, n, a0)
	r.seed(uint32(int64(math.Mod(math.RoundToEven(x), 1<<32))))
	r.int31()
	return rt.Value{}, 0
}
