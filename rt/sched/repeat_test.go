package sched

import (
	"fmt"
	"testing"
	"time"
)

func TestRepeats(t *testing.T) {
	r := repeats{}
	start := time.Now()
	var got []string
	for i := range 3000 { // one a millisecond
		if held, ok := r.allow("here", start.Add(time.Duration(i)*time.Millisecond)); ok {
			got = append(got, fmt.Sprint(i, "+", held))
		}
	}
	want := "[0+0 1+0 2+0 3+0 4+0 5+0 6+0 7+0 8+0 9+0 1009+999 2009+999]"
	if fmt.Sprint(got) != want {
		t.Errorf("reported %v, want %s", got, want)
	}
	if _, ok := r.allow("there", start); !ok {
		t.Error("another place is not reported")
	}
	for i := range 2 * maxPlaces {
		if _, ok := r.allow(fmt.Sprint(i), start); !ok {
			t.Errorf("place %d is not reported", i)
		}
	}
	if len(r) > maxPlaces {
		t.Errorf("%d places are remembered", len(r))
	}
}
