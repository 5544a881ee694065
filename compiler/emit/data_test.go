package emit

import (
	"fmt"
	"testing"

	"github.com/luago-lang/luago/rt"
)

// The format's tags are those of the runtime.
func TestDataTags(t *testing.T) {
	ours := []byte{dataNil, dataFalse, dataTrue, dataInt, dataFloat, dataString, dataHole, dataRecord, dataTable, dataItems, dataField, dataEnd}
	theirs := []byte{rt.DataNil, rt.DataFalse, rt.DataTrue, rt.DataInt, rt.DataFloat, rt.DataString, rt.DataHole, rt.DataRecord,
		rt.DataTable, rt.DataItems, rt.DataField, rt.DataEnd}
	if fmt.Sprint(ours) != fmt.Sprint(theirs) {
		t.Errorf("emit has %v, rt %v", ours, theirs)
	}
}
