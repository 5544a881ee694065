// Command ws compares WebSocket servers: scripts compiled by luago, and
// servers written by hand (folder server), in particular the idiomatic one
// with gorilla/websocket, which is the measure, and what can be made of it
// ("tuned").
//
// usage: go run . [-luago FILE] [-rounds N] [-only REGEXP] [-servers LIST]
//
// Every cell of the matrix is run once a round for every server, one after the
// other and each time with a fresh process, so that a slow spell of the
// machine hits all alike; medians count. What is compared is, first of all,
// the processor time that the server takes for a million messages: load
// generator and server share the processors, and messages per second would
// measure both. All traffic is on the loopback interface. Linux only.
//
// For node's server, package ws must be where node finds it (NODE_PATH).
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

var (
	luago   = flag.String("luago", "../../../bin/luago", "the luago that compiles the scripts")
	rounds  = flag.Int("rounds", 5, "how often each cell is run for each server")
	only    = flag.String("only", "", "a regular expression: which cells")
	names   = flag.String("servers", "luago,receive,gorilla,tuned,gws,gopher-lua,node", "which servers; a path is a program built already, that echoes")
	warmUp  = flag.Duration("warmup", 500*time.Millisecond, "warm-up of each run")
	measure = flag.Duration("time", 2*time.Second, "measured time of each run")
	foreign = flag.Float64("foreign", 0.3, "repeat a run (twice at most) if other programs use so many processors")
)

func main() {
	flag.Parse()
	// Servers are killed when the thread that has started them ends.
	runtime.LockOSThread()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "ws:", err)
		os.Exit(1)
	}
}

func run() error {
	wanted, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	files, err := raiseFileLimit()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "luago-ws")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	servers, err := build(dir, strings.Split(*names, ","))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(servers, func(s *server) bool { return s.name == measureName })
	if at < 0 {
		return fmt.Errorf("-servers must contain %s", measureName)
	}
	measured := servers[at]
	var chosen []*cell
	for i := range matrix {
		c := &matrix[i]
		switch {
		case !wanted.MatchString(c.name()):
		case c.conns+spareFiles > files:
			fmt.Printf("%s: left out, for only %d files may be open\n", c.name(), files)
		default:
			chosen = append(chosen, c)
		}
	}
	for round := range *rounds {
		for _, c := range chosen {
			for i := range servers {
				s := servers[(i+round)%len(servers)]
				if !c.has(s) {
					continue
				}
				m, err := c.run(s, measured)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", c.name(), s.name, err)
				}
				c.add(s, m)
				fmt.Fprintf(os.Stderr, "%d/%d %-18s %-10s %s\n", round+1, *rounds, c.name(), s.name, m)
			}
		}
	}
	report(chosen, servers)
	return nil
}

// spareFiles is how many files a process has open besides its connections.
const spareFiles = 50

// raiseFileLimit lets this process, and the servers, open as many files as
// they may.
func raiseFileLimit() (int, error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0, err
	}
	limit.Cur = limit.Max
	return int(limit.Cur), unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
}
