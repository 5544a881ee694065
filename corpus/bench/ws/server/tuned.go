package main

import (
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// tuned is what can be made of gorilla's server without a change to the
// library, at three places: messages are read into buffers from a pool, answers
// to what came with one read leave with one write, and the loop runs in a
// goroutine of its own, so that net/http's buffers go.
func tuned(bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		conn.NetConn().(*tunedConn).collects = true
		go func() {
			defer conn.Close()
			for tunedEcho(conn) == nil {
			}
		}()
	}
}

var tunedBuffers = sync.Pool{New: func() any { return new([]byte) }}

// tunedEcho reads one message and answers it.
func tunedEcho(conn *websocket.Conn) error {
	kind, r, err := conn.NextReader()
	if err != nil {
		return err
	}
	pooled := tunedBuffers.Get().(*[]byte)
	defer tunedBuffers.Put(pooled)
	buf := (*pooled)[:0]
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, make([]byte, max(512, len(buf)))...)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		*pooled = buf
		if err == io.EOF {
			return conn.WriteMessage(kind, buf)
		}
		if err != nil {
			return err
		}
	}
}

// A tunedListener makes its connections tunedConns.
type tunedListener struct{ net.Listener }

// Accept waits for a client.
func (l tunedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &tunedConn{Conn: conn}, nil
}

// A tunedConn collects what is written, after the handshake, and writes it
// before it reads.
type tunedConn struct {
	net.Conn
	collects bool
	out      []byte
}

// Write collects.
func (c *tunedConn) Write(p []byte) (int, error) {
	if !c.collects || len(p) > 16<<10 && len(c.out) == 0 {
		return c.Conn.Write(p)
	}
	c.out = append(c.out, p...)
	return len(p), nil
}

// Read writes what was collected, and reads.
func (c *tunedConn) Read(p []byte) (int, error) {
	if len(c.out) > 0 {
		_, err := c.Conn.Write(c.out)
		c.out = c.out[:0]
		if err != nil {
			return 0, err
		}
	}
	return c.Conn.Read(p)
}
