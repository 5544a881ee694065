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

// A busy program keeps its memory.
func TestTidyBusy(t *testing.T) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.NumForcedGC
	var busy tidier
	busy.init()
	busy.changes.Store(tidyAfter)
	for range 3 {
		sink = make([]byte, 2*tidyBusy)
		busy.tidy()
		if !busy.timer.Stop() {
			t.Fatal("it does not look again")
		}
	}
	if runtime.ReadMemStats(&m); m.NumForcedGC != before {
		t.Error("it has collected")
	}
	sink = nil
	busy.tidy()
	if n := busy.changes.Load(); n != 0 {
		t.Errorf("%d changes are left when it is quiet", n)
	}
}

var sink []byte // what is allocated goes there, or it would not be
