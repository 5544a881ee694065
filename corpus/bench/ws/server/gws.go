package main

import (
	"net/http"
	"sync"

	"github.com/lxzan/gws"
)

// newGWS is the server as the documentation of github.com/lxzan/gws has it.
func newGWS(broadcast bool) http.HandlerFunc {
	h := &gwsHandler{broadcast: broadcast, conns: map[*gws.Conn]bool{}}
	upgrader := gws.NewUpgrader(h, &gws.ServerOption{CheckUtf8Enabled: true})
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r)
		if err != nil {
			return
		}
		go conn.ReadLoop()
	}
}

type gwsHandler struct {
	gws.BuiltinEventHandler
	broadcast bool
	mu        sync.Mutex
	conns     map[*gws.Conn]bool
}

func (h *gwsHandler) OnOpen(conn *gws.Conn) {
	if h.broadcast {
		h.mu.Lock()
		h.conns[conn] = true
		h.mu.Unlock()
	}
}

func (h *gwsHandler) OnClose(conn *gws.Conn, _ error) {
	if h.broadcast {
		h.mu.Lock()
		delete(h.conns, conn)
		h.mu.Unlock()
	}
}

func (h *gwsHandler) OnMessage(conn *gws.Conn, msg *gws.Message) {
	defer msg.Close()
	if !h.broadcast {
		_ = conn.WriteMessage(msg.Opcode, msg.Bytes())
		return
	}
	b := gws.NewBroadcaster(msg.Opcode, msg.Bytes())
	defer b.Close()
	h.mu.Lock()
	defer h.mu.Unlock()
	for other := range h.conns {
		_ = b.Broadcast(other)
	}
}
