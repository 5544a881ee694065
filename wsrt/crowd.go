package wsrt

import (
	"net/netip"
	"sync"
)

// A crowd counts the clients of a server, all and by address.
type crowd struct {
	mu        sync.Mutex
	all       int
	byAddress map[netip.Addr]int // nil while nobody asks for a limit
}

// enter counts a client from an address unless there are as many as may be: limit
// in all, perAddress from that one; 0 is no limit. It reports which of the two
// limits was met.
func (c *crowd) enter(a netip.Addr, limit, perAddress int) (full, fullAddress bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if limit > 0 && c.all >= limit {
		return true, false
	}
	if perAddress > 0 && a.IsValid() {
		if c.byAddress[a] >= perAddress {
			return false, true
		}
		if c.byAddress == nil {
			c.byAddress = map[netip.Addr]int{}
		}
		c.byAddress[a]++
	}
	c.all++
	return false, false
}

// leave takes back what enter has counted.
func (c *crowd) leave(a netip.Addr, perAddress int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if perAddress > 0 && a.IsValid() {
		if c.byAddress[a]--; c.byAddress[a] == 0 {
			delete(c.byAddress, a)
		}
	}
}
