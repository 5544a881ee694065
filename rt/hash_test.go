package rt

import (
	"math/rand"
	"strings"
	"testing"
)

// The hash part against a Go map, with keys of which many are removed and come
// back, under equal strings that are other objects, too.
func TestRemovedKeys(t *testing.T) {
	for _, n := range []int{4, 8, 9, 300} {
		rnd := rand.New(rand.NewSource(int64(n)))
		keys := make([]Value, n)
		names := map[int]string{} // of keys that are strings
		for i := range keys {
			switch i % 3 {
			case 0:
				keys[i] = NewTable().Value()
			case 1:
				names[i] = strings.Repeat("k", longString+i)
				keys[i] = NewString(names[i])
			default:
				names[i] = "short" + strings.Repeat("k", i%20)
				keys[i] = NewString(names[i])
			}
		}
		key := func(i int) (string, Value) {
			if s, ok := names[i]; ok && rnd.Intn(2) == 0 {
				return s, NewString(s)
			}
			return names[i], keys[i]
		}
		model := map[any]int{}
		tab := NewTable()
		id := func(i int) any {
			if s, ok := names[i]; ok {
				return s
			}
			return i
		}
		for step := range 20 * n {
			i := rnd.Intn(n)
			_, k := key(i)
			if rnd.Intn(3) > 0 {
				tab.Set(k, Value{})
				delete(model, id(i))
			} else {
				tab.Set(k, Number(float64(step)))
				model[id(i)] = step
			}
			j := rnd.Intn(n)
			_, k = key(j)
			want, ok := model[id(j)]
			if v := tab.Get(k); v.IsNil() == ok || ok && v.F != float64(want) {
				t.Fatalf("n = %d, step %d: key %d holds %v, want %v (%v)", n, step, j, v, want, ok)
			}
			count := 0
			for pos, k, _ := tab.step(0); !k.IsNil(); pos, k, _ = tab.step(pos) {
				count++
			}
			if count != len(model) {
				t.Fatalf("n = %d, step %d: %d keys, want %d", n, step, count, len(model))
			}
		}
	}
}
