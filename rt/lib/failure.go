package lib

import (
	"errors"
	"os"
	"syscall"

	"github.com/luago-lang/luago/rt"
)

// Failure returns the results by which io and os functions report a failed
// operation: nil, the message and the error number. name, if not empty, is
// the file's.
func Failure(th *rt.Thread, name string, err error) (rt.Value, int) {
	text, number := Describe(err)
	if name != "" {
		text = name + ": " + text
	}
	th.Ret[1] = rt.NewString(text)
	th.Ret[2] = rt.Number(float64(number))
	return rt.Value{}, 3
}

// Describe returns the message and the number that C has for a failed system
// call.
func Describe(err error) (text string, number int) {
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		text = errno.Error()
		return string(text[0]&^('a'-'A')) + text[1:], int(errno)
	case errors.Is(err, os.ErrClosed):
		return Describe(syscall.EBADF)
	}
	return err.Error(), 0
}
