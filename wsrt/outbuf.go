package wsrt

import "sync"

// Output buffers come from pools of four sizes. A buffer that is full moves
// to the next size, so that what is queued leaves in one write; beyond the
// largest it grows as slices do.
const (
	outSmall  = 2 << 10
	outMiddle = 16 << 10
	outLarge  = 68 << 10 // a message of 64 KiB
	outHuge   = 272 << 10
)

var (
	smallPool  = sync.Pool{New: func() any { return new([outSmall]byte) }}
	middlePool = sync.Pool{New: func() any { return new([outMiddle]byte) }}
	largePool  = sync.Pool{New: func() any { return new([outLarge]byte) }}
	hugePool   = sync.Pool{New: func() any { return new([outHuge]byte) }}
)

// growOut returns buf with room for n more bytes.
func growOut(buf []byte, n int) []byte {
	if cap(buf)-len(buf) >= n {
		return buf
	}
	var to []byte
	switch need := len(buf) + n; {
	case need <= outSmall:
		to = smallPool.Get().(*[outSmall]byte)[:0]
	case need <= outMiddle:
		to = middlePool.Get().(*[outMiddle]byte)[:0]
	case need <= outLarge:
		to = largePool.Get().(*[outLarge]byte)[:0]
	case need <= outHuge:
		to = hugePool.Get().(*[outHuge]byte)[:0]
	default:
		to = make([]byte, 0, need+need/2)
	}
	to = append(to, buf...)
	freeOut(buf)
	return to
}

// appendOut appends p to the output buffer buf.
func appendOut(buf, p []byte) []byte { return append(growOut(buf, len(p)), p...) }

// freeOut gives a buffer back; buf may be any part that begins where the
// buffer begins.
func freeOut(buf []byte) {
	switch cap(buf) {
	case outSmall:
		smallPool.Put((*[outSmall]byte)(buf[:outSmall]))
	case outMiddle:
		middlePool.Put((*[outMiddle]byte)(buf[:outMiddle]))
	case outLarge:
		largePool.Put((*[outLarge]byte)(buf[:outLarge]))
	case outHuge:
		hugePool.Put((*[outHuge]byte)(buf[:outHuge]))
	}
}
