package wsrt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Where a server listens. The host "unix:/run/x.sock" is a Unix socket; then
// there is no port. A socket that the system's manager has opened and handed
// down (socket activation: LISTEN_PID, LISTEN_FDS, sd_listen_fds(3)) is taken
// instead of a new one where the address is the same: it has been open all the
// time, so that no client was refused while the program started.

// unixPrefix begins a host that is the path of a Unix socket.
const unixPrefix = "unix:"

// listen returns the listener of a server.
func listen(host string, port int, reusePort bool) (net.Listener, error) {
	if path, ok := strings.CutPrefix(host, unixPrefix); ok {
		if ln := inheritedSockets().take("unix", path, 0); ln != nil {
			return ln, nil
		}
		return listenUnix(path)
	}
	if ln := inheritedSockets().take("tcp", host, port); ln != nil {
		return ln, nil
	}
	var config net.ListenConfig
	if reusePort {
		config.Control = func(_, _ string, c syscall.RawConn) error {
			var err error
			if controlErr := c.Control(func(fd uintptr) { err = setReusePort(fd) }); controlErr != nil {
				return controlErr
			}
			return err
		}
	}
	return config.Listen(context.Background(), "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
}

// listenUnix listens on a Unix socket. A file that a program has left there
// which did not end in order is removed: nobody answers behind it.
func listenUnix(path string) (net.Listener, error) {
	ln, err := net.Listen("unix", path)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return ln, err
	}
	if info, statErr := os.Stat(path); statErr != nil || info.Mode()&os.ModeSocket == 0 {
		return nil, err
	}
	if nc, dialErr := net.Dial("unix", path); dialErr == nil {
		nc.Close()
		return nil, err
	} else if !errors.Is(dialErr, syscall.ECONNREFUSED) {
		return nil, err
	}
	if removeErr := os.Remove(path); removeErr != nil {
		return nil, removeErr
	}
	return net.Listen("unix", path)
}

// An inheritance is the listening sockets that the process was started with.
type inheritance struct {
	mu   sync.Mutex
	list []net.Listener
}

// firstInherited is the number of the first descriptor of LISTEN_FDS.
const firstInherited = 3

// inheritedSockets returns the sockets that the environment tells of.
var inheritedSockets = sync.OnceValue(func() *inheritance {
	i := &inheritance{}
	n, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if err != nil || os.Getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return i
	}
	for fd := firstInherited; fd < firstInherited+n; fd++ {
		f := os.NewFile(uintptr(fd), "LISTEN_FD_"+strconv.Itoa(fd))
		if ln, err := net.FileListener(f); err == nil { // a copy of it
			i.list = append(i.list, ln)
		}
		f.Close()
	}
	return i
})

// take returns the socket with an address and takes it out of the list, nil if
// there is none. Port 0 is any.
func (i *inheritance) take(network, host string, port int) net.Listener {
	i.mu.Lock()
	defer i.mu.Unlock()
	for k, ln := range i.list {
		if isAt(ln.Addr(), network, host, port) {
			i.list = append(i.list[:k:k], i.list[k+1:]...)
			return ln
		}
	}
	return nil
}

// isAt reports whether a is the address that a script means with host and port.
func isAt(a net.Addr, network, host string, port int) bool {
	switch a := a.(type) {
	case *net.UnixAddr:
		return network == "unix" && a.Name == host
	case *net.TCPAddr:
		if network != "tcp" || port != 0 && a.Port != port {
			return false
		}
		if host == "localhost" {
			return a.IP.IsLoopback()
		}
		ip := net.ParseIP(host)
		return host == "" && a.IP.IsUnspecified() || ip != nil && (ip.Equal(a.IP) || ip.IsUnspecified() && a.IP.IsUnspecified())
	}
	return false
}

// notify tells the system's manager about the state of the program, such as
// "READY=1", where NOTIFY_SOCKET says that it wants to know (sd_notify(3)).
func notify(state string) error {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return nil
	}
	nc, err := net.Dial("unixgram", name) // a leading @ is the abstract namespace
	if err != nil {
		return fmt.Errorf("NOTIFY_SOCKET: %w", err)
	}
	defer nc.Close()
	_, err = nc.Write([]byte(state))
	return err
}
