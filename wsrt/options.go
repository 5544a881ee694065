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
	compression bool          // LUAGO_WS_COMPRESSION: permessage-deflate may be used
	pingEvery   time.Duration // LUAGO_WS_PING: seconds between pings
	pongTimeout time.Duration // LUAGO_WS_PONG_TIMEOUT: seconds without a sign of life
	closeWait   time.Duration // for the peer's part of a close handshake
	connectWait time.Duration // LUAGO_WS_CONNECT_TIMEOUT: seconds for connect_to_websocket
	headerWait  time.Duration // for a client's request

	proxies       proxyList     // LUAGO_WS_TRUSTED_PROXIES: whose X-Forwarded-For counts
	maxPerAddress int           // LUAGO_WS_MAX_CONNS_PER_ADDRESS: clients of a server; 0: any number
	rate          float64       // LUAGO_WS_MESSAGES_PER_SECOND: of a connection; 0: any number
	burst         int           // LUAGO_WS_BURST: how many messages may come at once all the same; 0: rate
	cert, key     string        // LUAGO_WS_CERT, LUAGO_WS_KEY: PEM files; "": no TLS
	maxBody       int           // LUAGO_WS_MAX_BODY: bytes of a request that is no upgrade
	answerWait    time.Duration // for the functions of when_handshake and when_request
}

// readOptions reads the environment. It calls warn for what it cannot
// understand.
func readOptions(warn func(text string)) options {
	origins, bad := readOrigins(os.Getenv("LUAGO_WS_ORIGINS"))
	if bad != "" {
		warn(bad)
	}
	proxies, bad := readProxies(os.Getenv("LUAGO_WS_TRUSTED_PROXIES"))
	if bad != "" {
		warn(bad)
	}
	cert, key := os.Getenv("LUAGO_WS_CERT"), os.Getenv("LUAGO_WS_KEY")
	if (cert == "") != (key == "") {
		warn("LUAGO_WS_CERT and LUAGO_WS_KEY belong together: one of them is not set, so neither is used")
		cert, key = "", ""
	}
	return options{
		maxMessage:  int(math.Ceil(envNumber(warn, "LUAGO_WS_MAX_MESSAGE", 16<<20))), // 0 would be no limit
		maxConns:    int(math.Ceil(envNumber(warn, "LUAGO_WS_MAX_CONNS", 0))),
		origins:     origins,
		compression: envSwitch(warn, "LUAGO_WS_COMPRESSION"),
		pingEvery:   envSeconds(warn, "LUAGO_WS_PING", 30),
		pongTimeout: envSeconds(warn, "LUAGO_WS_PONG_TIMEOUT", 60),
		closeWait:   5 * time.Second,
		connectWait: envSeconds(warn, "LUAGO_WS_CONNECT_TIMEOUT", 45),
		headerWait:  10 * time.Second,

		proxies:       proxies,
		maxPerAddress: int(math.Ceil(envNumber(warn, "LUAGO_WS_MAX_CONNS_PER_ADDRESS", 0))),
		rate:          envNumber(warn, "LUAGO_WS_MESSAGES_PER_SECOND", 0),
		burst:         int(math.Ceil(envNumber(warn, "LUAGO_WS_BURST", 0))),
		cert:          cert,
		key:           key,
		maxBody:       int(math.Ceil(envNumber(warn, "LUAGO_WS_MAX_BODY", 1<<20))),
		answerWait:    10 * time.Second,
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

// envSwitch reports whether an environment variable is 1; by default it is 0.
func envSwitch(warn func(text string), name string) bool {
	text := os.Getenv(name)
	if text != "" && text != "0" && text != "1" {
		warn(fmt.Sprintf("%s: '%s' is neither 0 nor 1: 0 is used", name, text))
	}
	return text == "1"
}

func envSeconds(warn func(text string), name string, def float64) time.Duration {
	return time.Duration(envNumber(warn, name, def) * float64(time.Second))
}
