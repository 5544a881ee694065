package rt

import (
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
)

// The constant pool: every string constant of the program and of the runtime
// has one canonical object. Because a constant key is thus found by comparing
// pointers, and a miss is definite, dynamic strings that equal a constant must
// be replaced by it when they serve as a key: canonical does, behind a Bloom
// filter of one load. The pool is complete before the first State exists, and
// read without a lock afterwards.
var (
	hashKeys = [2]uint64{rand.Uint64() | 1, rand.Uint64() | 1}

	constMutex  sync.Mutex
	constFrozen atomic.Bool
	constPool   = map[string]*String{}
	constBloom  [1 << 9]uint64
)

// Const returns the canonical object of the constant s. Only initialisers of
// package-level variables may introduce new ones: once the first State exists,
// Const of a text that is not in the pool panics.
func Const(s string) *String {
	if constFrozen.Load() {
		if c := constPool[s]; c != nil {
			return c
		}
		panic("rt.Const of a new constant after NewState: " + s)
	}
	constMutex.Lock()
	defer constMutex.Unlock()
	if c := constPool[s]; c != nil {
		return c
	}
	c := newString(s)
	c.flags |= strConst
	if strings.HasPrefix(s, "__") {
		c.flags |= strEvent
	}
	h := c.ownHash()
	constPool[s] = c
	constBloom[h>>6%uint32(len(constBloom))] |= 1 << (h & 63)
	return c
}

// Intern returns the object for a constant of a chunk that is loaded at run
// time: the canonical one where s is a constant of the program, else a new
// plain string. Before the first State exists it is Const.
func Intern(s string) *String {
	if !constFrozen.Load() {
		return Const(s)
	}
	if c := constPool[s]; c != nil {
		return c
	}
	x := newString(s)
	if len(s) > 1 {
		x.flags |= strPlain
	}
	return x
}

// IsConst reports whether s is the canonical object of a constant: one that
// Field, SetField and Method take.
func (s *String) IsConst() bool { return s.flags&strConst != 0 }

// freezeConstants ends the time of Const.
func freezeConstants() {
	constMutex.Lock()
	defer constMutex.Unlock()
	if constFrozen.Load() {
		return
	}
	for i := range byteStrings {
		if byteStrings[i].flags&strConst == 0 {
			byteStrings[i].flags |= strPlain
		}
	}
	if emptyString.flags&strConst == 0 {
		emptyString.flags |= strPlain
	}
	constFrozen.Store(true)
}

// canonical returns the constant that s equals, or nil.
func canonical(s *String) *String {
	if s.flags&(strConst|strPlain) != 0 {
		if s.flags&strConst != 0 {
			return s
		}
		return nil
	}
	return canonicalSlow(s)
}

func canonicalSlow(s *String) *String {
	if c := constantOf(s.s, s.ownHash()); c != nil {
		return c
	}
	if constFrozen.Load() {
		s.flags |= strPlain
	}
	return nil
}
