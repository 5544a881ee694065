package main

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// gorilla is the idiomatic server, the measure of all others: a goroutine per
// connection, ReadMessage, WriteMessage. A broadcast goes to one connection
// after the other, framed once.
func gorilla(broadcast bool) http.HandlerFunc {
	var all connSet
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		if broadcast {
			all.add(conn)
			defer all.remove(conn)
		}
		for {
			kind, msg, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if broadcast {
				err = all.send(kind, msg)
			} else {
				err = conn.WriteMessage(kind, msg)
			}
			if err != nil {
				return
			}
		}
	}
}

// A connSet is the connections of a broadcasting server.
type connSet struct {
	mu    sync.Mutex
	conns map[*websocket.Conn]bool
}

func (s *connSet) add(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		s.conns = map[*websocket.Conn]bool{}
	}
	s.conns[conn] = true
}

func (s *connSet) remove(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, conn)
}

// send sends to all; a connection that cannot be written to is closed, and
// its own goroutine removes it.
func (s *connSet) send(kind int, msg []byte) error {
	prepared, err := websocket.NewPreparedMessage(kind, msg)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		if err := conn.WritePreparedMessage(prepared); err != nil {
			conn.Close()
		}
	}
	return nil
}
