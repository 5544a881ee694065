package wsrt

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"time"
)

// The options are limits that an operator may set by environment variables.
type options struct {
	maxMessage  int           // LUAGO_WS_MAX_MESSAGE: bytes, either way
	maxConns    int           // LUAGO_WS_MAX_CONNS: clients of all servers; 0: any number
	origins     originList    // LUAGO_WS_ORIGINS: of the pages that may connect
	pingEvery   time.Duration // LUAGO_WS_PING: seconds between pings
	pongTimeout time.Duration // LUAGO_WS_PONG_TIMEOUT: seconds without a sign of life
	closeWait   time.Duration // for the peer's part of a close handshake
	connectWait time.Duration // for connect_to_websocket
	headerWait  time.Duration // for a client's request
}

// readOptions reads the environment. It calls warn for what it cannot
// understand.
func readOptions(warn func(text string)) options {
	origins, bad := readOrigins(os.Getenv("LUAGO_WS_ORIGINS"))
	if bad != "" {
		warn(bad)
	}
	return options{
		maxMessage:  int(envNumber(warn, "LUAGO_WS_MAX_MESSAGE", 16<<20)),
		maxConns:    int(math.Ceil(envNumber(warn, "LUAGO_WS_MAX_CONNS", 0))),
		origins:     origins,
		pingEvery:   envSeconds(warn, "LUAGO_WS_PING", 30),
		pongTimeout: envSeconds(warn, "LUAGO_WS_PONG_TIMEOUT", 60),
		closeWait:   5 * time.Second,
		connectWait: 45 * time.Second,
		headerWait:  10 * time.Second,
	}
}

// envNumber returns the positive number in an environment variable, or def.
func envNumber(warn func(text string), name string, def float64) float64 {
	text := os.Getenv(name)
	if text == "" {
		return def
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f > 0 && f < 1e9 {
		return f
	}
	warn(fmt.Sprintf("%s: '%s' is not a positive number: %v is used", name, text, def))
	return def
}

func envSeconds(warn func(text string), name string, def float64) time.Duration {
	return time.Duration(envNumber(warn, name, def) * float64(time.Second))
}
