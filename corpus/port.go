package corpus

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// Ports for tests lie below those that systems give to outgoing connections
// (from 32768 on), so that none of these takes one before its server does.
const (
	firstPort = 20_000
	lastPort  = 31_999
)

var usedPorts sync.Map

// FreePort returns a port on which nobody listens, and none that it returned
// before in this process; another process is most unlikely to be given it.
func FreePort() (int, error) {
	var err error
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		var l net.Listener
		if l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err != nil {
			continue
		}
		l.Close()
		if _, used := usedPorts.LoadOrStore(port, true); !used {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port: %w", err)
}

// holdPort waits until no other run, of this process or of another, holds the
// port: tests of several packages may run such a case at the same time.
func holdPort(port int) (release func(), err error) {
	name := filepath.Join(os.TempDir(), fmt.Sprintf("luago-corpus-port-%d", port))
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
