package load

import (
	"bytes"
	"testing"
)

func TestParser(t *testing.T) {
	for _, size := range []int{1, 125, 126, 65535, 65536} {
		want := bytes.Repeat([]byte("xyz"), size)[:size]
		// A server's frame is a client's without the mask.
		frame := appendFrame(nil, opText, want)
		head := len(frame) - size - 4
		frame[1] &^= masked
		frame = append(frame[:head:head], want...)
		stream := bytes.Repeat(frame, 3)
		stream = append(append(stream, final|opPing, 0), frame...)
		for _, step := range []int{1, 2, 3, 7, 1000, len(stream)} {
			var p parser
			messages, pings := 0, 0
			for b := stream; len(b) > 0; b = b[min(step, len(b)):] {
				n, pinged, err := p.feed(b[:min(step, len(b))], want)
				if err != nil {
					t.Fatalf("%d bytes by %d: %v", size, step, err)
				}
				messages += n
				if pinged {
					pings++
				}
			}
			if messages != 4 || pings != 1 {
				t.Errorf("%d bytes by %d: %d messages, %d pings", size, step, messages, pings)
			}
		}
	}
}

func TestParserRefuses(t *testing.T) {
	for _, stream := range []string{"\x81\x02ac", "\x81\x03abc", "\x82\x02ab", "\x01\x02ab", "\x88\x00"} {
		var p parser
		if _, _, err := p.feed([]byte(stream), []byte("ab")); err == nil {
			t.Errorf("%q was taken", stream)
		}
	}
}

func TestHistogram(t *testing.T) {
	var h histogram
	for i := range int64(100_000) {
		h.add(i)
	}
	for _, q := range []float64{0.0001, 0.1, 0.5, 0.99, 0.99999} {
		want := int64(q * 100_000)
		if got := h.quantile(q); got > want || got < want-want/32-1 {
			t.Errorf("quantile %v: %d, want %d or a little less", q, got, want)
		}
	}
}
