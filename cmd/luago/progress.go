package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// When what takes its time is spoken of: on a terminal in a line that counts the
// seconds and goes away, elsewhere in one line that stays.
const (
	patienceTerminal = time.Second
	patiencePipe     = 10 * time.Second
)

// A progress tells the user of something that takes its time.
type progress struct {
	w        io.Writer
	terminal bool // w is one
	start    time.Time
	done     chan struct{} // closed by stop
	stopped  chan struct{} // closed when nothing more is written

	mu    sync.Mutex
	what  string
	shown int // columns of the line on the terminal
}

// progress begins to watch over what is done, "compiling x.lua"; stop must be
// called.
func (t *terminal) progress(what string) *progress {
	return startProgress(t.err, isTerminal(t.err), what)
}

func startProgress(w io.Writer, terminal bool, what string) *progress {
	p := &progress{
		w: w, terminal: terminal, start: time.Now(), what: what,
		done: make(chan struct{}), stopped: make(chan struct{}),
	}
	go p.tell()
	return p
}

// isTerminal reports whether w is a terminal that can go back in a line.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// tell writes until stop is called.
func (p *progress) tell() {
	defer close(p.stopped)
	patience := patiencePipe
	if p.terminal {
		patience = patienceTerminal
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-timer.C:
		}
		p.mu.Lock()
		seconds := int(time.Since(p.start).Round(time.Second) / time.Second)
		line := fmt.Sprintf("%s: %d s", p.what, seconds)
		if !p.terminal {
			fmt.Fprintf(p.w, "luago: %s so far\n", line)
			p.mu.Unlock()
			return
		}
		p.erase()
		io.WriteString(p.w, line)
		p.shown = len([]rune(line))
		p.mu.Unlock()
		timer.Reset(time.Second)
	}
}

// erase removes the line from the terminal.
func (p *progress) erase() {
	if p.shown > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.shown))
		p.shown = 0
	}
}

// set says what is done now.
func (p *progress) set(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = what
}

// Write writes what others have to say, above the line.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	return p.w.Write(text)
}

// stop ends the watch and leaves no line on a terminal. It may be called twice.
func (p *progress) stop() {
	select {
	case <-p.done:
	default:
		close(p.done)
	}
	<-p.stopped
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
}
