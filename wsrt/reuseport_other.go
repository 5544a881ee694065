//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package wsrt

import "errors"

// setReusePort fails: the system has no SO_REUSEPORT.
func setReusePort(uintptr) error { return errors.New("reuse_port: this system cannot") }
