package wsrt

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/luago-lang/luago/rt"
)

// Frames are read by a machine that can stop after each byte: all it knows is
// in an input, so that another goroutine can go on where one has stopped (see
// Conn.Replace), and an idle connection keeps no buffer and no deep stack.
//
//	header --> payload of a control frame --> onControl
//	       --> payload of a data frame --> (more frames) --> message
//
// A message that came whole with one read is unmasked in the read buffer and
// copied. What came in parts is gathered in memory that the string will keep,
// into which the rest is read straight from the socket: an echo of 64 KiB takes
// 65 us of processor time, and took 88 when the message was copied. That memory
// grows with what has come, not with what a header promises.

// An input is what is known of the frame and the message that are being read.
type input struct {
	rest []byte // read, not looked at yet: of the wire's read-ahead buffer

	head  [maxHeader]byte
	nHead int // bytes of the header that have come

	inFrame bool
	first   byte   // of the header
	left    int    // bytes of the payload that have not come
	key     uint32 // the mask, the first byte of which is for the next byte
	control []byte // payload of a control frame, in parts

	kind   byte   // of the message: opcode of its first frame; 0: none is begun
	packed bool   // the message is compressed
	mem    []byte // what there is of the message
	valid  int    // how much of it is known to be UTF-8
}

const (
	opContinue = 0
	opText     = 1
	opBinary   = 2
	opClose    = 8
	opPing     = 9
	opPong     = 10

	finalBit, maskBit = 0x80, 0x80
	// compressed is the bit RSV1 in the first byte of a message's first frame.
	compressed = 0x40
	// maxControl is how long the payload of a control frame may be, maxHeader
	// how long a header is at most.
	maxControl = 125
	maxHeader  = 14

	closeNormal    = 1000
	closeGoingAway = 1001
	closeProtocol  = 1002
	closeNone      = 1005 // a close frame without a code
	closeAbnormal  = 1006 // no close frame
	closeBadData   = 1007
	closeTooBig    = 1009
	closeTryAgain  = 1013
)

const (
	// directMin is how much of a frame must be missing for it to be read
	// without read-ahead.
	directMin = 4 << 10
	// maxGuess is how much memory a message gets before more has come.
	maxGuess = 1 << 20
)

// A violation is an error of the peer's, with what the close frame says of it.
type violation struct {
	code   int
	reason string
}

// Error returns the reason.
func (v *violation) Error() string { return v.reason }

// A farewell is the peer's close frame.
type farewell struct {
	code   int // 1005: none
	reason string
}

// Error says that it came.
func (*farewell) Error() string { return "close frame" }

var (
	errNotUTF8    = &violation{closeBadData, "invalid UTF-8"}
	errNotDeflate = &violation{closeBadData, "invalid compressed data"}
	errTooLarge   = &violation{closeTooBig, ""}
)

// breach is a violation of RFC 6455.
func breach(reason string) error { return &violation{closeProtocol, reason} }

// parse takes what has been read, until messages have to be posted.
func (c *Conn) parse() error {
	in := &c.in
	for len(in.rest) > 0 && c.nPending < postAfter && c.pendingBytes < postBytes && c.pauseUntil == 0 {
		var err error
		switch {
		case !in.inFrame:
			err = c.parseHeader()
		case in.first&0x8 != 0:
			err = c.parseControl()
		default:
			err = c.parseData()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// headerSize returns the length of a header that begins with these bytes.
func headerSize(second byte) int {
	n := 2
	switch second &^ maskBit {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if second&maskBit != 0 {
		n += 4
	}
	return n
}

// parseHeader takes a header, or what there is of it.
func (c *Conn) parseHeader() error {
	in := &c.in
	head := in.rest
	if in.nHead > 0 || len(head) < 2 || len(head) < headerSize(head[1]) {
		for in.nHead < 2 || in.nHead < headerSize(in.head[1]) {
			if len(in.rest) == 0 {
				return nil
			}
			in.head[in.nHead] = in.rest[0]
			in.nHead++
			in.rest = in.rest[1:]
		}
		head = in.head[:in.nHead]
		in.nHead = 0
	} else {
		head = head[:headerSize(head[1])]
		in.rest = in.rest[len(head):]
	}
	length := uint64(head[1] &^ maskBit)
	at := 2
	switch length {
	case 126:
		length = uint64(binary.BigEndian.Uint16(head[2:]))
		at += 2
	case 127:
		length = binary.BigEndian.Uint64(head[2:])
		at += 8
	}
	in.key = 0
	if head[1]&maskBit != 0 {
		in.key = binary.LittleEndian.Uint32(head[at:])
	}
	return c.begin(head[0], head[1]&maskBit != 0, length)
}

// begin begins a frame (RFC 6455, 5.2 to 5.5).
func (c *Conn) begin(first byte, masked bool, length uint64) error {
	in := &c.in
	op, final := first&0xf, first&finalBit != 0
	isPacked := first&compressed != 0
	switch {
	case first&0x30 != 0 || isPacked && (!c.deflate || op == opContinue || op >= 8):
		return breach("reserved bit")
	case masked == c.client:
		return breach("bad mask")
	case op > opPong || op > opBinary && op < opClose:
		return breach("bad opcode")
	case op >= opClose && (length > maxControl || !final):
		return breach("bad control frame")
	case op == opContinue && in.kind == 0:
		return breach("continuation of nothing")
	case (op == opText || op == opBinary) && in.kind != 0:
		return breach("message in a message")
	case length>>63 != 0:
		return breach("bad length")
	}
	if op < opClose {
		if limit := uint64(c.options.maxMessage); length > limit || uint64(len(in.mem))+length > limit {
			return errTooLarge
		}
		if op != opContinue {
			in.kind, in.packed, in.valid = op, isPacked, 0
		}
	}
	in.inFrame, in.first, in.left = true, first, int(length)
	if length > 0 {
		return nil
	}
	if op >= opClose {
		return c.parseControl()
	}
	return c.parseData()
}

// parseControl takes the payload of a control frame, or what there is of it.
func (c *Conn) parseControl() error {
	in := &c.in
	n := min(in.left, len(in.rest))
	payload := in.rest[:n]
	in.unmask(payload)
	in.rest = in.rest[n:]
	in.left -= n
	if in.left > 0 || len(in.control) > 0 {
		in.control = append(in.control, payload...)
		payload = in.control
	}
	if in.left > 0 {
		return nil
	}
	in.inFrame, in.control = false, nil
	return c.onControl(in.first&0xf, payload)
}

// onControl takes a control frame.
func (c *Conn) onControl(op byte, payload []byte) error {
	switch op {
	case opPing:
		c.onPing(string(payload))
	case opClose:
		if len(payload) == 0 {
			return &farewell{closeNone, ""}
		}
		if len(payload) == 1 {
			return breach("bad close frame")
		}
		end := &farewell{int(binary.BigEndian.Uint16(payload)), string(payload[2:])}
		if !validCloseCode(end.code) {
			return breach("bad close code")
		}
		if !utf8.ValidString(end.reason) {
			return breach("invalid UTF-8 in a close frame")
		}
		return end
	}
	return nil
}

// unmask removes the mask from the next bytes of the payload.
func (in *input) unmask(b []byte) {
	if in.key != 0 {
		maskBytes(b, in.key)
		shift := 8 * (len(b) & 3)
		in.key = in.key>>shift | in.key<<(32-shift)
	}
}

// parseData takes the payload of a data frame, or what there is of it.
func (c *Conn) parseData() error {
	in := &c.in
	n := min(in.left, len(in.rest))
	part := in.rest[:n]
	in.rest = in.rest[n:]
	if n == in.left && in.mem == nil && in.first&finalBit != 0 && !in.packed {
		in.unmask(part)
		in.inFrame = false
		return c.whole(part)
	}
	at := len(in.mem)
	in.grow()
	in.mem = append(in.mem, part...)
	return c.gathered(at)
}

// whole takes a message that has come in one piece, in memory that will be
// used for others.
func (c *Conn) whole(b []byte) error {
	isText := c.in.kind == opText
	c.in.kind = 0
	if isText && !utf8.Valid(b) {
		return errNotUTF8
	}
	c.wire.large = false
	c.add(rt.NewBytes(b), isText)
	return nil
}

// grow makes room for more of the message: twice what there is, or what is
// left of the frame if that is not much more, but no more than the message
// can have.
func (in *input) grow() {
	if len(in.mem) < cap(in.mem) || in.left == 0 {
		return
	}
	size := max(2*len(in.mem), len(in.mem)+min(in.left, maxGuess))
	if in.first&finalBit != 0 {
		size = min(size, len(in.mem)+in.left)
	}
	in.mem = append(uncleared(size)[:0], in.mem...)
}

// gathered takes what has been added to the message behind at.
func (c *Conn) gathered(at int) error {
	in := &c.in
	in.unmask(in.mem[at:])
	in.left -= len(in.mem) - at
	if in.kind == opText && !in.packed && !in.isText() {
		return errNotUTF8
	}
	if in.left > 0 {
		return nil
	}
	in.inFrame = false
	if in.first&finalBit == 0 {
		return nil
	}
	mem, isText := in.mem, in.kind == opText
	c.coromega.tidier.gone(cap(mem))
	isWhole := in.valid == len(mem)
	in.mem, in.kind = nil, 0
	if in.packed {
		var err error
		if mem, err = c.inflate(mem); err != nil {
			return err
		}
		isWhole = utf8.Valid(mem)
	}
	if isText && !isWhole {
		return errNotUTF8
	}
	if c.wire.large = len(mem) >= largeSize; c.wire.large {
		c.lastSize = len(mem)
	}
	if len(mem) == 0 {
		c.add(rt.NewString(""), isText)
		return nil
	}
	text := unsafe.String(&mem[0], len(mem))
	if cap(mem)-len(mem) > len(mem)/4 {
		text = strings.Clone(text)
	}
	c.add(rt.NewString(text), isText)
	return nil
}

// isText reports whether what has come of a message can become UTF-8: all but
// the last, unfinished character must be.
func (in *input) isText() bool {
	b := in.mem[in.valid:]
	n := len(b)
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if tail := b[len(b)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				n -= i
			}
			break
		}
	}
	in.valid += n
	return utf8.Valid(b[:n])
}

// isDirect reports whether what comes next is to be read where it stays.
func (in *input) isDirect() bool {
	return in.inFrame && in.first&0x8 == 0 && (in.left >= directMin || len(in.mem) >= directMin)
}

// readDirect reads more of the message.
func (c *Conn) readDirect(r io.Reader) error {
	in := &c.in
	in.grow()
	at := len(in.mem)
	n, err := r.Read(in.mem[at:min(cap(in.mem), at+in.left)])
	in.mem = in.mem[:at+n]
	if n > 0 {
		return c.gathered(at)
	}
	return err
}

// uncleared returns n bytes or more of new memory, with anything in them.
func uncleared(n int) []byte {
	var b strings.Builder
	b.Grow(n)
	b.WriteByte(0)
	return unsafe.Slice(unsafe.StringData(b.String()), b.Cap())
}
