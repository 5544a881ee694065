package load

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	opText  = 1
	opClose = 8
	opPing  = 9
	opPong  = 10

	final   = 0x80
	masked  = 0x80
	maskKey = 0x5aa5c33c
)

// appendFrame appends a frame as a client sends it (RFC 6455, section 5.2).
func appendFrame(b []byte, op byte, payload []byte) []byte {
	b = append(b, final|op)
	switch n := len(payload); {
	case n < 126:
		b = append(b, masked|byte(n))
	case n < 1<<16:
		b = append(b, masked|126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, masked|127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	b = binary.BigEndian.AppendUint32(b, maskKey)
	for i, c := range payload {
		b = append(b, c^byte(uint32(maskKey)>>(8*(3-i%4))))
	}
	return b
}

// A parser counts the messages in a server's stream. It wants whole, unmasked
// text messages with one payload, which it compares as far as the stream's
// pieces let it do so cheaply: length, and the first and last bytes of each
// piece.
type parser struct {
	header [10]byte
	have   int  // bytes of header
	left   int  // bytes of the payload still to come
	op     byte // of the frame that left counts down
}

// feed takes the next piece of the stream, and returns how many messages have
// ended in it, and whether a ping has come.
func (p *parser) feed(b, want []byte) (messages int, pinged bool, err error) {
	for len(b) > 0 {
		if p.left > 0 {
			n := min(p.left, len(b))
			if p.op == opText {
				at := len(want) - p.left
				if b[0] != want[at] || b[n-1] != want[at+n-1] {
					return messages, pinged, errors.New("a message differs from what was sent")
				}
			}
			p.left -= n
			b = b[n:]
			if p.left == 0 && p.op == opText {
				messages++
			}
			continue
		}
		n := 0
		for p.have < 2 || p.have < headerLen(p.header[1]) {
			if n == len(b) {
				return messages, pinged, nil
			}
			p.header[p.have] = b[n]
			p.have++
			n++
		}
		b = b[n:]
		if err := p.start(len(want)); err != nil {
			return messages, pinged, err
		}
		pinged = pinged || p.op == opPing
	}
	return messages, pinged, nil
}

// start begins the frame that header describes.
func (p *parser) start(size int) error {
	p.have = 0
	p.op = p.header[0] &^ final
	switch p.left = int(p.header[1]); p.left {
	case 126:
		p.left = int(binary.BigEndian.Uint16(p.header[2:]))
	case 127:
		p.left = int(binary.BigEndian.Uint64(p.header[2:]))
	}
	switch {
	case p.op == opText && p.left == size && p.header[0]&final != 0:
	case p.op == opPing && p.left == 0, p.op == opPong:
	case p.op == opClose:
		return errors.New("the server closes the connection")
	default:
		return fmt.Errorf("unexpected frame % x", p.header)
	}
	return nil
}

// headerLen returns the length of an unmasked frame's header by its second
// byte.
func headerLen(second byte) int {
	switch second {
	case 126:
		return 4
	case 127:
		return 10
	}
	return 2
}
