package wsrt

import (
	"runtime"
	"testing"
	"time"
)

// After many changes, and not after few, memory is given back.
func TestTidy(t *testing.T) {
	forced := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NumForcedGC
	}
	var few, many tidier
	few.init()
	many.init()
	before := forced()
	for range tidyAfter - 1 {
		few.changed()
		many.changed()
	}
	if few.timer.Stop() {
		t.Error("it begins after too few changes")
	}
	many.changed()
	for deadline := time.Now().Add(20 * time.Second); forced() == before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing was collected")
		}
	}
	if n := many.changes.Load(); n != 0 {
		t.Errorf("%d changes are left", n)
	}
}
