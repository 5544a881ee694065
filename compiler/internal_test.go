package compiler

import (
	"errors"
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
	"github.com/luago-lang/luago/compiler/emit"
)

type placedPanic struct{ pos diag.Pos }

func (p placedPanic) Pos() diag.Pos  { return p.pos }
func (p placedPanic) String() string { return "lost" }

// A panic of a stage becomes one line that names the place.
func TestInternalError(t *testing.T) {
	c := &compilation{Options: Options{Script: "x.lua"}}
	c.files.Add("x.lua", "return\n")
	for _, tt := range []struct {
		run  func() error
		want string
	}{
		{func() error { panic("lost") }, "internal compiler error at x.lua:1:1: lost (emit)"},
		{func() error { panic(placedPanic{diag.Pos{Line: 3, Col: 7}}) }, "internal compiler error at x.lua:3:7: lost (emit)"},
		{func() error { return &emit.InternalError{File: "x.go", Err: errors.New("lost")} }, "internal compiler error at x.lua:1:1: "},
		{func() error { var p *placedPanic; return errors.New(p.String()) }, "internal compiler error at x.lua:1:1: runtime error: "},
	} {
		err := c.stage("emit", tt.run)
		var internal *InternalError
		if !errors.As(err, &internal) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("error %v, want %s", err, tt.want)
		} else if strings.Contains(err.Error(), "goroutine") {
			t.Errorf("the message holds a stack trace: %v", err)
		}
	}
	if err := c.stage("emit", func() error { return errors.New("plain") }); err.Error() != "plain" {
		t.Errorf("plain error: %v", err)
	}
	if err := c.stage("emit", func() error { return nil }); err != nil {
		t.Errorf("no error: %v", err)
	}
}
