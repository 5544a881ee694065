package pattern

// Sizes of a Cache: slots found by a quick hash, and patterns found by text.
const (
	cacheSlots = 128
	cacheTexts = 512
)

// A Cache keeps compiled patterns, so that a pattern used again costs one
// comparison of strings; for a constant of the program that is one of
// pointers, 4 ns in all. The zero Cache is ready; a Cache must not be used by
// two goroutines at once.
type Cache struct {
	slots [cacheSlots]*Pattern
	texts map[string]*Pattern
}

// Get returns the compiled form of source.
func (c *Cache) Get(source string) *Pattern {
	n := len(source)
	hash := uint(n)
	if n > 0 {
		hash += uint(source[0])*31 + uint(source[n/2])*37 + uint(source[n-1])*41
	}
	slot := &c.slots[hash%cacheSlots]
	if p := *slot; p != nil && p.source == source {
		return p
	}
	p := c.texts[source]
	if p == nil {
		p = Compile(source)
		if c.texts == nil || len(c.texts) >= cacheTexts {
			c.texts = make(map[string]*Pattern)
		}
		c.texts[source] = p
	}
	*slot = p
	return p
}
