package load

import "math/bits"

// A histogram counts durations in buckets that are at most 1/32 wide.
type histogram struct {
	counts [64 * 32]int
	total  int
}

func (h *histogram) add(ns int64) {
	h.counts[bucket(ns)]++
	h.total++
}

func bucket(ns int64) int {
	if ns < 32 {
		return int(max(ns, 0))
	}
	shift := bits.Len64(uint64(ns)) - 6
	return shift*32 + int(ns>>shift)
}

// quantile returns the lower bound of the bucket in which the quantile q is.
func (h *histogram) quantile(q float64) int64 {
	rank := int(q * float64(h.total))
	for i, n := range h.counts {
		if rank -= n; rank < 0 {
			if i < 64 {
				return int64(i)
			}
			shift := i/32 - 1
			return int64(i-shift*32) << shift
		}
	}
	return 0
}
