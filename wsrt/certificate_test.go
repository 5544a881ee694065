//go:build unix

package wsrt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/luago-lang/luago/rt"
)

// writeCertificate writes a self-signed certificate for 127.0.0.1, with a
// serial number, and its key, and returns it.
func writeCertificate(t *testing.T, certFile, keyFile string, serial int64) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyBytes, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		name, kind string
		data       []byte
	}{{certFile, "CERTIFICATE", der}, {keyFile, "EC PRIVATE KEY", keyBytes}} {
		if err := os.WriteFile(f.name, pem.EncodeToMemory(&pem.Block{Type: f.kind, Bytes: f.data}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// A server with a certificate speaks TLS, to its last byte; SIGHUP has it use
// a new certificate, and a broken one changes nothing.
func TestCertificate(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	pool := x509.NewCertPool()
	pool.AddCert(writeCertificate(t, certFile, keyFile, 1))
	options := dict("cert", certFile, "key", keyFile)
	p := newProgram(t)
	var l *Listener
	p.start(func(th *rt.Thread) {
		l = ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, options))
		l.WhenNewConn(th, onConn(func(th *rt.Thread, conn *Conn) {
			p.note("tls %v", conn.Request(th).Table().GetString("tls").Truthy())
			echo(th, conn)
		}))
	})
	addr := fmt.Sprintf("wss://127.0.0.1:%d", l.port)
	open := func() (*websocket.Conn, int64) {
		dialer := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: pool}}
		ws, _, err := dialer.Dial(addr, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.Close() })
		return ws, ws.NetConn().(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	ws, serial := open()
	for _, n := range []int{0, 5, 70_000, 3 << 20} {
		text := strings.Repeat("é", n/2)
		if write(t, ws, text); read(ws) != text {
			t.Errorf("%d bytes came back differently", n)
		}
	}
	if serial != 1 {
		t.Errorf("certificate %d", serial)
	}
	said := captureStderr(t, func() {
		if err := os.WriteFile(certFile, []byte("broken"), 0o600); err != nil {
			t.Fatal(err)
		}
		hangUp(t)
		time.Sleep(50 * time.Millisecond)
		if _, serial := open(); serial != 1 {
			t.Errorf("certificate %d after a broken one", serial)
		}
		pool.AddCert(writeCertificate(t, certFile, keyFile, 2))
		hangUp(t)
		eventually(t, "the new certificate is used", func() bool {
			_, serial := open()
			return serial == 2
		})
	})
	if !strings.Contains(said, "bad_certificate") {
		t.Errorf("standard error: %q", said)
	}
	if write(t, ws, "still"); read(ws) != "still" {
		t.Error("the connection from before does not work any more")
	}
	if err := ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(patience)); err != nil {
		t.Error(err)
	}
	if got := read(ws); !strings.Contains(got, "close 1000") {
		t.Errorf("the end: %q", got)
	}
	p.halt()
	if p.notes() == "" || strings.Contains(p.notes(), "false") {
		t.Error(p.notes())
	}
}

func hangUp(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
}

// A certificate that cannot be read is a failed bind.
func TestNoCertificate(t *testing.T) {
	p := newProgram(t)
	p.start(func(th *rt.Thread) {
		l := ListenerOf(p.c.CreateWebsocketServer(th, "127.0.0.1", 0, dict("cert", "/nowhere/cert.pem", "key", "/nowhere/key.pem")))
		l.WhenDead(th, fn(func(_ *rt.Thread, reason rt.Value) { p.note("%s", str(reason)) }))
	})
	if status := p.wait(); status != 1 {
		t.Errorf("exit status %d", status)
	}
	p.want("certificate /nowhere/cert.pem: open /nowhere/cert.pem: no such file or directory")
}
