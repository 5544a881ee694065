//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package wsrt

// setReusePort fails.
func setReusePort(uintptr) error { return errNoReusePort }
