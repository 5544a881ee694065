package rt

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A recorder is a writer that counts calls. It fails from call number fail on.
type recorder struct {
	mutex sync.Mutex
	text  strings.Builder
	calls int
	fail  int
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.calls++
	if r.fail > 0 && r.calls >= r.fail {
		return 0, errors.New("disk full")
	}
	return r.text.Write(b)
}

func (r *recorder) get() (text string, calls int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.text.String(), r.calls
}

// waitFor waits until the text has come.
func (r *recorder) waitFor(t *testing.T, want string) {
	t.Helper()
	for range 1000 {
		if text, _ := r.get(); text == want {
			return
		}
		time.Sleep(time.Millisecond)
	}
	text, _ := r.get()
	t.Fatalf("%q has come, want %q", text, want)
}

// TestOutputLeaves: what has been printed leaves without another call.
func TestOutputLeaves(t *testing.T) {
	var r recorder
	o := NewOutput(&r)
	want := ""
	for _, line := range []string{"a\n", "b\n", "c\n"} {
		o.AppendString(line)
		o.EndLine()
		want += line
		r.waitFor(t, want)
	}
	o.AppendString("part")
	o.EndWrite(false)
	r.waitFor(t, want+"part")
}

// TestOutputModes: when output leaves after setvbuf.
func TestOutputModes(t *testing.T) {
	for _, tt := range []struct {
		mode  Buffering
		print bool
		text  string
		want  string // at once
	}{
		{BufferNone, false, "part", "part"}, {BufferNone, true, "line\n", "line\n"},
		{BufferLine, false, "part", ""}, {BufferLine, false, "line\n", "line\n"}, {BufferLine, true, "line\n", "line\n"},
	} {
		var r recorder
		o := NewOutput(&r)
		o.SetBuffering(tt.mode)
		o.AppendString(tt.text)
		if tt.print {
			o.EndLine()
		} else {
			o.EndWrite(strings.Contains(tt.text, "\n"))
		}
		if got, _ := r.get(); got != tt.want {
			t.Errorf("mode %d: %q has come at once, want %q", tt.mode, got, tt.want)
		}
	}
	var r recorder
	o := NewOutput(&r)
	o.SetBuffering(BufferFull)
	o.AppendString("a")
	o.EndWrite(false)
	time.Sleep(4 * flushAfter)
	if got, _ := r.get(); got != "" {
		t.Errorf("full buffering: %q has come", got)
	}
	o.AppendString("b\n")
	o.EndLine()
	r.waitFor(t, "ab\n")
}

// TestOutputSaves: a loop that prints makes few calls.
func TestOutputSaves(t *testing.T) {
	var r recorder
	o := NewOutput(&r)
	start := time.Now()
	total := 0
	for i := range 200_000 {
		line := strconv.Itoa(i) + "\n"
		total += len(line)
		o.AppendString(line)
		o.EndLine()
	}
	elapsed := time.Since(start)
	o.Flush()
	text, calls := r.get()
	if len(text) != total {
		t.Errorf("%d bytes have come of %d", len(text), total)
	}
	if most := total/(len(o.buf)-16) + int(elapsed/flushAfter) + 3; calls > most {
		t.Errorf("%d calls in %v, want %d at most", calls, elapsed, most)
	}
}

// TestOutputHammer: nothing is lost, written twice or out of order.
func TestOutputHammer(t *testing.T) {
	var r recorder
	o := NewOutput(&r)
	var want strings.Builder
	long := strings.Repeat("x", 3*len(o.buf)/2)
	for i := range 30_000 {
		s := strconv.Itoa(i) + " "
		switch i % 1000 {
		case 0:
			time.Sleep(flushAfter)
		case 1:
			o.Flush()
		case 2:
			s = long
		case 3:
			s = long[:len(o.buf)]
		}
		want.WriteString(s)
		if i%2 == 0 {
			o.AppendString(s)
		} else {
			o.AppendBytes(append(o.Available(), s...))
		}
		o.AppendByte('\n')
		want.WriteByte('\n')
		o.EndWrite(true)
	}
	o.Flush()
	if text, _ := r.get(); text != want.String() {
		t.Errorf("%d bytes have come, want %d, or they differ", len(text), want.Len())
	}
}

// TestOutputFails: after an error everything fails.
func TestOutputFails(t *testing.T) {
	r := recorder{fail: 2}
	o := NewOutput(&r)
	o.AppendString("a\n")
	if err := o.EndLine(); err != nil {
		t.Fatal(err)
	}
	r.waitFor(t, "a\n")
	o.AppendString("b\n")
	o.EndLine()
	for range 1000 {
		if _, calls := r.get(); calls == 2 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err := o.Flush(); err == nil {
		t.Error("Flush gives no error")
	}
	o.AppendString("c\n")
	if err := o.EndLine(); err == nil {
		t.Error("EndLine gives no error")
	}
	if text, calls := r.get(); text != "a\n" || calls != 2 {
		t.Errorf("%q in %d calls", text, calls)
	}
}
