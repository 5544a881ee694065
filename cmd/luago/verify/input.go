package verify

import (
	"io"
	"os"
	"sync"
)

// An Input is read once and given to any number of readers, each of which sees
// all of it. It is read on demand: a program that reads nothing does not wait
// for input that may never end.
type Input struct {
	src   io.Reader
	read  sync.Once
	mu    sync.Mutex
	more  sync.Cond
	data  []byte
	ended bool
}

// NewInput returns an input over src.
func NewInput(src io.Reader) *Input {
	in := &Input{src: src}
	in.more.L = &in.mu
	return in
}

// fill reads the source to its end.
func (in *Input) fill() {
	buf := make([]byte, 32<<10)
	for {
		n, err := in.src.Read(buf)
		in.mu.Lock()
		in.data = append(in.data, buf[:n]...)
		in.ended = err != nil
		in.more.Broadcast()
		in.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Pipe returns a file from which all of the input can be read, and a function
// that ends the copying into it and must be called. A file, and not a reader,
// because a process that got one would be waited for until the input ends.
func (in *Input) Pipe() (*os.File, func(), error) {
	in.read.Do(func() { go in.fill() })
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	var copier sync.WaitGroup
	stopped := false
	copier.Go(func() {
		defer w.Close()
		for at := 0; ; {
			in.mu.Lock()
			for len(in.data) == at && !in.ended && !stopped {
				in.more.Wait()
			}
			chunk, done := in.data[at:], stopped
			in.mu.Unlock()
			if len(chunk) == 0 || done {
				return
			}
			if _, err := w.Write(chunk); err != nil {
				return // the process has ended, or does not read
			}
			at += len(chunk)
		}
	})
	return r, func() {
		r.Close() // an interrupted write fails
		in.mu.Lock()
		stopped = true
		in.more.Broadcast()
		in.mu.Unlock()
		copier.Wait()
	}, nil
}
