// Command server is what compiled scripts are compared with: WebSocket servers
// as they are written in Go by hand.
//
// usage: server gorilla|tuned|gws|gopher-lua echo|broadcast
//
// It listens on a free port of the loopback interface, prints "listening PORT",
// and serves until it is killed.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

// A maker returns the handler of a server that echoes, or broadcasts.
type maker func(broadcast bool) http.HandlerFunc

var makers = map[string]maker{
	"gopher-lua": gopherLua,
	"gorilla":    gorilla,
	"gws":        newGWS,
	"tuned":      tuned, // echoes only
}

func main() {
	if len(os.Args) != 3 || makers[os.Args[1]] == nil {
		log.Fatal("usage: server gorilla|tuned|gws|gopher-lua echo|broadcast")
	}
	handler := makers[os.Args[1]](os.Args[2] == "broadcast")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	if os.Args[1] == "tuned" {
		ln = tunedListener{ln}
	}
	fmt.Println("listening", ln.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(ln, handler))
}
