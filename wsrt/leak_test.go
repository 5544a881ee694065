package wsrt

import (
	"os"
	"runtime"
	"testing"
	"weak"

	"github.com/luago-lang/luago/rt"
)

// After the end of a connection no file descriptor of it stays, and no memory
// that the script does not hold on to; whoever has ended it, in whatever way.
func TestNothingStays(t *testing.T) {
	p := newProgram(t)
	p.c.options.closeWait = 10 * patience // its timer must not hold on to anything
	var addr string
	var ends []weak.Pointer[Conn] // of both sides
	p.start(func(th *rt.Thread) {
		_, addr = p.serve(th, func(th *rt.Thread, conn *Conn) {
			ends = append(ends, weak.Make(conn))
			conn.WhenNewMsg(th, fn(func(th *rt.Thread, msg rt.Value) {
				if str(msg) == "close" {
					conn.Close(th, rt.Value{}, rt.Value{})
				} else if !msg.IsNil() {
					conn.SendMessage(th, str(msg))
				}
			}))
		})
	})
	peer(t, addr).Close() // the listener has what it needs
	p.eventually("a connection has come and gone", func() bool { return len(ends) == 1 && p.c.s.Sources() == 1 })
	before := openFiles()
	p.do(func(th *rt.Thread) {
		for i := range 30 {
			conn := p.connect(th, addr)
			ends = append(ends, weak.Make(conn))
			conn.SendMessage(th, "x")
			conn.ReceiveMessage(th)
			switch i % 3 {
			case 0:
				conn.Close(th, rt.Value{}, rt.Value{})
			case 1:
				conn.SendMessage(th, "close")
			case 2:
				conn.wire.fail(errWire)
			}
			if v := conn.ReceiveMessage(th); !v.IsNil() {
				t.Errorf("got %s after the end", str(v))
			}
		}
	})
	p.eventually("the listener is the only source", func() bool { return p.c.s.Sources() == 1 })
	eventually(t, "as many file descriptors as before", func() bool { return openFiles() <= before })
	p.eventually("the memory is free", func() bool {
		runtime.GC()
		for _, end := range ends {
			if end.Value() != nil {
				return false
			}
		}
		return true
	})
	if len(ends) != 61 {
		t.Errorf("%d ends of connections", len(ends))
	}
	p.halt()
}

// openFiles returns the number of open file descriptors, where the system says.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}
