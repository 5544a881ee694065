package sched

import (
	"time"

	"github.com/luago-lang/luago/rt"
)

// Errors that escape coroutines are reported with their tracebacks. A handler that
// fails for each message would fill the log: of one place the first few reports are
// written, then one a second, which says how many there were in between.

const (
	// maxReports is how many reports of one place are all written.
	maxReports = 10
	// reportEvery is how often one is written after those.
	reportEvery = time.Second
	// maxPlaces is how many places are remembered.
	maxPlaces = 1000
)

// repeats are the places that errors came from.
type repeats map[string]*repeat

// A repeat is one place.
type repeat struct {
	n    int       // reports so far, written or not
	held int       // not written since the last one that was
	last time.Time // when that was
}

// allow reports whether an error that came at now from a place is to be reported,
// and how many of that place were not since the last one that was.
func (r repeats) allow(place string, now time.Time) (held int, ok bool) {
	p := r[place]
	if p == nil {
		if len(r) >= maxPlaces {
			clear(r)
		}
		p = &repeat{}
		r[place] = p
	}
	p.n++
	if p.n > maxReports && now.Sub(p.last) < reportEvery {
		p.held++
		return 0, false
	}
	held, p.held, p.last = p.held, 0, now
	return held, true
}

// placeOf returns what tells the place of an error from others: its traceback, or
// its message if it has none.
func placeOf(err *rt.Error) string {
	if err.Traceback != "" {
		return err.Traceback
	}
	return err.Error()
}
