package wsrt

import "time"

// A pace holds a connection to so many messages a second: a token bucket. A
// message takes a token; where there is none, the socket is not read until there
// is, and the peer feels that.
type pace struct {
	rate   float64 // tokens a second
	burst  float64 // tokens at most
	tokens float64
	at     int64 // when tokens was right, by clock
}

// newPace returns the pace that the options ask for, nil for none.
func newPace(o *options) *pace {
	if o.rate == 0 {
		return nil
	}
	burst := float64(o.burst)
	if burst == 0 {
		burst = max(o.rate, 1)
	}
	return &pace{rate: o.rate, burst: burst, tokens: burst, at: clock()}
}

// take takes the token of a message that has been read at now, and returns how
// long the next one has to wait.
func (p *pace) take(now int64) time.Duration {
	p.tokens = min(p.burst, p.tokens+p.rate*time.Duration(now-p.at).Seconds())
	p.at = now
	p.tokens--
	if p.tokens >= 1 {
		return 0
	}
	return time.Duration((1 - p.tokens) / p.rate * float64(time.Second))
}

// keepPace notes that a message has been read, and until when the next one has
// to wait; on the reader's goroutine.
func (c *Conn) keepPace() {
	now := clock()
	if wait := c.pace.take(now); wait > 0 {
		c.coromega.counters.paced.Add(1)
		c.pauseUntil = now + int64(wait)
	}
}

// pause flushes, and reads nothing until end.
func (w *wire) pause(end int64) error {
	d := time.Duration(end - clock())
	if d <= 0 {
		return nil
	}
	timer := time.AfterFunc(d, w.room)
	defer timer.Stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	for clock() < end && w.err == nil {
		if len(w.out) > 0 && !w.writing && !w.behind {
			w.flushLocked()
			continue
		}
		w.parked, w.waiting, w.paused = true, true, true
		w.roomCond.Wait()
		w.parked, w.waiting, w.paused = false, false, false
	}
	return w.err
}
