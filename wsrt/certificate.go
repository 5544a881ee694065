package wsrt

import (
	"crypto/tls"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/luago-lang/luago/rt/sched"
)

// A certificate is a server's, read from two PEM files. SIGHUP has it read
// again, so that a renewed one is used without a restart; connections that are
// open keep the old one.
type certificate struct {
	certFile, keyFile string
	loaded            atomic.Pointer[tls.Certificate]
}

// loadCertificate reads a certificate for the first time.
func loadCertificate(certFile, keyFile string) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile}
	return c, c.load()
}

func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate %s: %w", c.certFile, err)
	}
	c.loaded.Store(&pair)
	return nil
}

// config returns the configuration of a server with the certificate.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.loaded.Load(), nil },
	}
}

// certificates are those of a program that SIGHUP has read again.
type certificates struct {
	mu      sync.Mutex
	list    []*certificate
	hangups chan os.Signal // nil while there are none
}

// add has c read again at each SIGHUP, until remove.
func (cs *certificates) add(c *certificate) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.list = append(cs.list, c)
	if cs.hangups == nil {
		cs.hangups = make(chan os.Signal, 1)
		signal.Notify(cs.hangups, syscall.SIGHUP)
		go cs.watch(cs.hangups)
	}
}

// remove ends what add has begun.
func (cs *certificates) remove(c *certificate) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for i, other := range cs.list {
		if other == c {
			cs.list = append(cs.list[:i:i], cs.list[i+1:]...)
			break
		}
	}
	if len(cs.list) == 0 && cs.hangups != nil {
		signal.Stop(cs.hangups)
		close(cs.hangups)
		cs.hangups = nil
	}
}

func (cs *certificates) watch(hangups chan os.Signal) {
	for range hangups {
		cs.mu.Lock()
		list := cs.list
		cs.mu.Unlock()
		for _, c := range list {
			if err := c.load(); err != nil {
				sched.Log("bad_certificate", err.Error()+": the one before is used", "cert", c.certFile)
			} else {
				sched.Log("certificate", "read again", "cert", c.certFile)
			}
		}
	}
}
