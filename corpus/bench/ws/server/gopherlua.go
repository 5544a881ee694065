package main

import (
	"log"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
	lua "github.com/yuin/gopher-lua"
)

const gopherScript = `
conns = {}
function opened(conn) conns[conn] = true end
function ended(conn) conns[conn] = nil end
function echo(conn, msg) conn:send_message(msg) end
function broadcast(conn, msg)
    for other in pairs(conns) do other:send_message(msg) end
end
`

// gopherLua is gorilla's server with its handlers in Lua, interpreted: one
// Lua state behind a mutex.
func gopherLua(broadcast bool) http.HandlerFunc {
	l := lua.NewState()
	if err := l.DoString(gopherScript); err != nil {
		log.Fatal(err)
	}
	meta := l.NewTypeMetatable("conn")
	l.SetField(meta, "__index", l.SetFuncs(l.NewTable(), map[string]lua.LGFunction{"send_message": gopherSend}))
	name := "echo"
	if broadcast {
		name = "broadcast"
	}
	onMessage, opened, ended := l.GetGlobal(name), l.GetGlobal("opened"), l.GetGlobal("ended")
	var mu sync.Mutex
	call := func(f lua.LValue, args ...lua.LValue) error {
		mu.Lock()
		defer mu.Unlock()
		return l.CallByParam(lua.P{Fn: f, Protect: true}, args...)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		self := &lua.LUserData{Value: conn, Metatable: meta}
		if err := call(opened, self); err != nil {
			log.Fatal(err)
		}
		defer func() { _ = call(ended, self) }()
		for {
			_, msg, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if err := call(onMessage, self, lua.LString(msg)); err != nil {
				return
			}
		}
	}
}

func gopherSend(l *lua.LState) int {
	conn := l.CheckUserData(1).Value.(*websocket.Conn)
	if err := conn.WriteMessage(websocket.TextMessage, []byte(l.CheckString(2))); err != nil {
		l.RaiseError("%v", err)
	}
	return 0
}
