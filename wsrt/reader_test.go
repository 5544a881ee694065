package wsrt

import (
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// Messages of all sizes arrive whole, however large the ones before were, and
// in however many fragments.
func TestMessageSizes(t *testing.T) {
	sizes := []int{
		0, 1, headSize - 1, headSize, headSize + 1, inflateSize - 1, inflateSize, inflateSize + 1,
		2*inflateSize - 1, 2 * inflateSize, 2*inflateSize + 1, 300_000, 1, 300_000, 300_001, headSize, 0,
		300_000, inflateSize - 1, inflateSize + 1, 1_000_000, 2_000_001, 40_000, 40_000, 12,
	}
	pattern := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz.", 60_000)
	withPeer(t, func(_ *program, th *rt.Thread, conn *Conn) { echo(th, conn) }, func(_ *program, ws *websocket.Conn) {
		for i, size := range sizes {
			want := pattern[i : i+size]
			if i%2 == 0 {
				write(t, ws, want)
			} else {
				w, err := ws.NextWriter(websocket.TextMessage)
				if err != nil {
					t.Fatal(err)
				}
				for rest := want; rest != ""; {
					n := min(len(rest), max(1, size/7))
					if _, err := w.Write([]byte(rest[:n])); err != nil {
						t.Fatal(err)
					}
					rest = rest[n:]
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if got := read(ws); got != want {
				t.Fatalf("message %d, of %d bytes, comes back with %d bytes", i, size, len(got))
			}
		}
	})
}

// A large message that ends the UTF-8 in its middle is refused as a small one
// is.
func TestLargeNotUTF8(t *testing.T) {
	text := strings.Repeat("ä", inflateSize)
	for _, before := range []string{"small", text} {
		withPeer(t, func(_ *program, th *rt.Thread, conn *Conn) { echo(th, conn) }, func(_ *program, ws *websocket.Conn) {
			write(t, ws, before)
			if got := read(ws); got != before {
				t.Fatalf("%d bytes come back as %d", len(before), len(got))
			}
			write(t, ws, text[:len(text)-1])
			if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseInvalidFramePayloadData) {
				t.Errorf("after %d bytes: %v", len(before), err)
			}
		})
	}
}
