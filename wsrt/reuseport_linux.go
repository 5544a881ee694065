package wsrt

import "syscall"

// soReusePort is SO_REUSEPORT of Linux, which package syscall lacks.
const soReusePort = 0xf

// setReusePort lets other sockets listen on the same port.
func setReusePort(fd uintptr) error {
	return syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, soReusePort, 1)
}
