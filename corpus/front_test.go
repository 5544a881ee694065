package corpus

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// testCertificate writes the certificate of net/http/httptest, which is for
// 127.0.0.1, and its key, as PEM files.
func testCertificate(t *testing.T) (cert, key string) {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	keyBytes, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, data []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	return write("cert.pem", "CERTIFICATE", server.Certificate().Raw), write("key.pem", "PRIVATE KEY", keyBytes)
}

// TestFront lets Python's websockets and curl look at a compiled server that
// looks at them: tokens in the query, subprotocols, headers of the answer, pages
// on the same port; plain and with TLS.
func TestFront(t *testing.T) {
	binary := compile(t, "front.lua")
	cert, key := testCertificate(t)
	for _, secure := range []bool{false, true} {
		name, args, scheme, isTLS := "plain", []string{}, "", "false"
		if secure {
			name, args, scheme, isTLS = "TLS", []string{cert, key}, "s", "true"
		}
		t.Run(name, func(t *testing.T) {
			addr := "127.0.0.1:" + next(t, startServer(t, 128+int(syscall.SIGTERM), exec.Command(binary, args...)))
			t.Run("curl", func(t *testing.T) { curlsFront(t, "http"+scheme+"://"+addr, cert) })
			t.Run("Python", func(t *testing.T) {
				client := []string{"clients/front.py", "ws" + scheme + "://" + addr}
				if secure {
					client = append(client, cert)
				}
				out, err := exec.Command(python(t), client...).CombinedOutput()
				if err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				want := []string{"refused 401", "open v2.chat /room 7",
					`{"host":true,"path":"/room 7","protocol":"v2.chat","remote":"127.0.0.1","tls":` + isTLS + `}`}
				if got := lines(string(out)); !slices.Equal(got, want) {
					t.Errorf("the client reports %q, want %q", got, want)
				}
			})
		})
	}
}

func curlsFront(t *testing.T, url, cert string) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	for _, tt := range []struct {
		path string
		args []string
		want string
	}{
		{"/healthz", nil, "ok\n200"},
		{"/echo", []string{"-A", "peer", "-d", "data"}, `{"agent":"peer","body":"data","method":"POST"}201`},
		{"/nowhere", nil, "Not Found404"},
	} {
		args := append(tt.args, "-sS", "--noproxy", "*", "--max-time", "30", "--cacert", cert, "-w", "%{http_code}", url+tt.path)
		out, err := exec.Command(curl, args...).CombinedOutput()
		if got := string(out); err != nil || strings.ReplaceAll(got, "\r", "") != tt.want {
			t.Errorf("%s: %q (%v), want %q", tt.path, got, err, tt.want)
		}
	}
}
