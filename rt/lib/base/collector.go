package base

import (
	"runtime"
	"runtime/debug"

	"github.com/luago-lang/luago/rt"
	"github.com/luago-lang/luago/rt/lib"
)

// A collector is what collectgarbage shows of Go's: it can be asked to run, to
// stop, and how much memory is in use; settings are remembered, but have no
// effect. Steps add up: when they come to as many bytes as are in use, a
// whole cycle is done.
type collector struct {
	stopped                  bool
	percent                  int // GOGC before stopping
	stepped                  uint64
	pause, stepMul, majorInc float64
}

// basicStep is what a step of size 0 counts for, in bytes.
const basicStep = 64 << 10

// init sets the settings to Lua's defaults.
func (c *collector) init() { c.pause, c.stepMul, c.majorInc = 200, 200, 200 }

// collectgarbage is collectgarbage ([opt [, arg]]).
func (c *collector) collectgarbage(th *rt.Thread, n int, a0, a1, a2 rt.Value) (rt.Value, int) {
	option := rt.OptString(th, "collectgarbage", 1, n, a0, "collect")
	arg := float64(lib.OptInt(th, "collectgarbage", 2, n, a1, 0))
	switch option {
	case "collect":
		c.stepped = 0
		th.Collect()
	case "count":
		bytes := heapBytes()
		th.Ret[1] = rt.Number(float64(bytes % 1024))
		return rt.Number(float64(bytes) / 1024), 2
	case "step":
		c.stepped += max(uint64(max(arg, 0))*1024, basicStep)
		if c.stepped < heapBytes() {
			return rt.False(), 1
		}
		c.stepped = 0
		th.Collect()
		return rt.True(), 1
	case "isrunning":
		return rt.Bool(!c.stopped), 1
	case "stop":
		if !c.stopped {
			c.stopped, c.percent = true, debug.SetGCPercent(-1)
		}
	case "restart":
		if c.stopped {
			c.stopped = false
			debug.SetGCPercent(c.percent)
		}
	case "setpause":
		return set(&c.pause, arg), 1
	case "setstepmul":
		return set(&c.stepMul, arg), 1
	case "setmajorinc":
		return set(&c.majorInc, arg), 1
	case "generational", "incremental":
	default:
		th.ArgError("collectgarbage", 1, "invalid option '"+option+"'")
	}
	return rt.Number(0), 1
}

// set changes a setting and returns its old value.
func set(setting *float64, f float64) rt.Value {
	old := *setting
	*setting = f
	return rt.Number(old)
}

// heapBytes returns the size of the objects on the heap. Package
// runtime/metrics would not stop the world for it, but does not see the latest
// few kilobytes of each size.
func heapBytes() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
