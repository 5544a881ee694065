package rt

import (
	"encoding/binary"
	"sync"
	"testing"
)

// States may run one constructor at the same time; each run makes a new table.
func TestDataInParallel(t *testing.T) {
	text := binary.AppendUvarint(nil, 2)
	for _, s := range []string{"a string of data", "another"} {
		text = append(binary.AppendUvarint(text, uint64(len(s))), s...)
	}
	text = append(text, DataTable, 2, 1, DataField, DataString, 0, DataInt, 84, DataItems, 2, DataString, 1, DataHole, 0, DataEnd)
	d := NewData(string(text))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			st := NewState(nil, nil)
			for i := range 100 {
				tab := d.Table(Number(float64(i)))
				if got := tab.GetString("a string of data"); got.F != 42 {
					t.Errorf("the field is %v", got)
				}
				if got := tab.GetInt(2); got.F != float64(i) {
					t.Errorf("the hole is %v, want %d", got, i)
				}
				tab.SetString("another", True())
				st.Globals.Set(tab.GetInt(1), tab.Value())
			}
		})
	}
	all.Wait()
}
