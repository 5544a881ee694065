package bit32

import (
	"math/rand"
	"testing"

	"github.com/luago-lang/luago/rt/lib/libtest"
)

func of(fn string, args ...any) libtest.Call { return libtest.Of("bit32."+fn, args...) }

func TestAgainstReference(t *testing.T) {
	calls := []libtest.Call{
		of("band"), of("bor"), of("bxor"), of("btest"), of("bnot", 0), of("bnot"), of("band", "x"), of("band", "15", 7.0), of("band", -1), of("band", 1<<40+5), of("band", -1<<40+5),
		of("extract", 0xff, 4, 4), of("extract", 1, 32), of("extract", 1, -1), of("extract", 1, 0, 0), of("extract", 1, 0, 33), of("extract", -1, 0, 32), of("extract", 1), of("extract", 5, 31),
		of("replace", 0, 5, 2, 3), of("replace", 1, 2, 30, 5), of("replace", -1, 0, 4, 8), of("replace", 0, 1, 31), of("replace", 0, 1), of("replace", 0, 1, 2, -1), of("arshift", 0x80000000, 4),
		of("band", 1, 3, 7, 15, 31), of("btest", 1, 2), of("btest", 3, 2, 6, 7),
	}
	r := rand.New(rand.NewSource(10))
	for i := 0; i < 2000; i++ {
		word := float64(r.Int63n(1<<33) - 1<<32)
		fn := []string{"arshift", "lshift", "rshift", "lrotate", "rrotate"}[r.Intn(5)]
		calls = append(calls, of(fn, word, r.Intn(80)-40), of([]string{"band", "bor", "bxor", "bnot"}[r.Intn(4)], word, float64(r.Int31())))
		calls = append(calls, of("bnot", float64(r.Intn(2000)-1000)/4))
	}
	libtest.Compare(t, Open, calls)
}
