//go:build !unix

package os

import "time"

var started = time.Now()

// cpuSeconds returns the time since the start, which is the best guess at the
// processor time where the system does not tell it.
func cpuSeconds() float64 { return time.Since(started).Seconds() }
