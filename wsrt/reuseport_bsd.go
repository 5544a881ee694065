//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package wsrt

import "syscall"

// setReusePort lets other sockets listen on the same port.
func setReusePort(fd uintptr) error {
	return syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEPORT, 1)
}
