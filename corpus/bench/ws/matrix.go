package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/luago-lang/luago/corpus/bench/ws/load"
)

// What a cell measures.
type kind int

const (
	echo      kind = iota // processor time per message, as fast as it goes
	pace                  // latency, at half the rate that gorilla reaches
	idle                  // memory
	broadcast             // time until the last connection has the message
)

// A cell of the matrix is a load. Its targets are for what luago's figure is,
// divided by gorilla's: messages per second of processor time, where more is
// better, or latency, memory or time, where less is.
type cell struct {
	kind     kind
	size     int
	conns    int
	inFlight int
	target   float64
	goal     float64
	gopher   float64 // the target against gopher-lua, or 0

	rate    float64 // of pace, messages per second
	samples map[string][]sample
}

var matrix = []cell{
	{kind: echo, size: 16, conns: 100, inFlight: 1, target: 0.85, goal: 1.05, gopher: 1.1},
	{kind: echo, size: 16, conns: 1_000, inFlight: 1, target: 0.85, goal: 1.05, gopher: 1.1},
	{kind: echo, size: 16, conns: 10_000, inFlight: 1, target: 0.85, goal: 1.05, gopher: 1.1},
	{kind: echo, size: 1 << 10, conns: 100, inFlight: 1, target: 0.85, goal: 1.05, gopher: 1.1},
	{kind: echo, size: 1 << 10, conns: 1_000, inFlight: 1, target: 0.85, goal: 1.05, gopher: 1.1},
	{kind: echo, size: 1 << 10, conns: 10_000, inFlight: 1, target: 0.85, goal: 1.05, gopher: 1.1},
	{kind: echo, size: 16, conns: 100, inFlight: 16, target: 3.5, goal: 6, gopher: 6},
	{kind: echo, size: 16, conns: 1_000, inFlight: 16, target: 3.5, goal: 6, gopher: 6},
	{kind: echo, size: 1 << 10, conns: 1_000, inFlight: 16, target: 1.8, goal: 4, gopher: 6},
	{kind: echo, size: 64 << 10, conns: 1_000, inFlight: 1, target: 1.4, goal: 2.2},
	{kind: pace, size: 16, conns: 1_000, target: 1.3, goal: 1},
	{kind: idle, size: 16, conns: 10_000, target: 0.75, goal: 0.6},
	{kind: broadcast, size: 64, conns: 10_000, target: 1.2, goal: 0.9},
}

func (c *cell) name() string {
	switch c.kind {
	case pace:
		return fmt.Sprintf("pace %dx%d", c.size, c.conns)
	case idle:
		return fmt.Sprintf("idle %d", c.conns)
	case broadcast:
		return fmt.Sprintf("broadcast %dx%d", c.size, c.conns)
	}
	return fmt.Sprintf("%dx%dx%d", c.size, c.conns, c.inFlight)
}

// unit names the figure that counts in c.
func (c *cell) unit() string { return [...]string{"CPU s/1M", "p99 ms", "KB/conn", "ms"}[c.kind] }

func (c *cell) has(s *server) bool { return c.kind != broadcast || s.broadcast != nil }

// A sample is what one run has measured.
type sample struct {
	figure  float64 // that counts, see unit
	rate    float64 // messages per second
	p50     time.Duration
	p99     time.Duration
	rss     float64 // MB
	foreign float64 // processors used by others
}

func (m sample) String() string {
	text := fmt.Sprintf("%8.2f", m.figure)
	if m.rate > 0 {
		text += fmt.Sprintf(" %8.0f/s p50 %6.2f ms p99 %6.2f ms", m.rate, ms(m.p50), ms(m.p99))
	}
	text += fmt.Sprintf(" %5.0f MB", m.rss)
	if m.foreign > *foreign {
		text += fmt.Sprintf(" (others used %.1f processors)", m.foreign)
	}
	return text
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (c *cell) add(s *server, m sample) {
	if c.samples == nil {
		c.samples = map[string][]sample{}
	}
	c.samples[s.name] = append(c.samples[s.name], m)
}

// median returns the median of a figure of a server's samples.
func (c *cell) median(name string, f func(m sample) float64) float64 {
	var all []float64
	for _, m := range c.samples[name] {
		all = append(all, f(m))
	}
	if len(all) == 0 {
		return math.NaN()
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// run measures a server once; it tries again if others used the processors.
func (c *cell) run(s, measured *server) (m sample, err error) {
	for range 3 {
		if m, err = c.runOnce(s, measured); err != nil || m.foreign <= *foreign {
			break
		}
	}
	return m, err
}

func (c *cell) runOnce(s, measured *server) (m sample, err error) {
	args := s.echo
	if c.kind == broadcast {
		args = s.broadcast
	}
	p, err := start(args)
	if err != nil {
		return m, err
	}
	defer p.stop()
	before, err := p.rss()
	if err != nil {
		return m, err
	}
	l, err := load.Open(p.port, c.conns, c.size)
	if err != nil {
		return m, err
	}
	defer l.Close()
	var first clock
	var clockErr error
	begin := func() { first, clockErr = p.clock() }
	var result load.Result
	switch c.kind {
	case echo:
		result, err = l.Echo(c.inFlight, *warmUp, *measure, begin)
	case pace:
		if c.rate == 0 { // the first run finds it, whatever the server
			c.rate, err = c.halfRate(measured)
		}
		if err == nil {
			result, err = l.Pace(c.rate, *warmUp, *measure, begin)
		}
	case idle:
		begin()
		err = l.Once(20 * time.Second)
		time.Sleep(5 * time.Second) // for the garbage of the handshakes
	case broadcast:
		begin()
		m.figure, err = broadcasts(l)
	}
	if err = errors.Join(err, clockErr); err != nil {
		return m, err
	}
	last, err := p.clock()
	if err != nil {
		return m, err
	}
	rss, err := p.rss()
	if err != nil {
		return m, err
	}
	seconds := last.when.Sub(first.when).Seconds()
	m.rate = float64(result.Messages) / seconds
	m.p50, m.p99 = result.P50, result.P99
	m.rss = float64(rss) / (1 << 20)
	m.foreign = (last.other - first.other) / seconds
	switch c.kind {
	case echo:
		m.figure = (last.cpu - first.cpu) / float64(result.Messages) * 1e6
	case pace:
		m.figure = ms(m.p99)
	case idle:
		m.figure = float64(rss-before) / float64(c.conns) / 1e3
	}
	return m, nil
}

// halfRate returns half of what the measure reaches with one message in
// flight.
func (c *cell) halfRate(measured *server) (float64, error) {
	full := *c
	full.kind, full.inFlight = echo, 1
	m, err := full.run(measured, measured)
	return m.rate / 2, err
}

// broadcasts returns the median time of some broadcasts, in milliseconds.
func broadcasts(l *load.Load) (float64, error) {
	const warmUps, count = 3, 15
	var times []float64
	for i := range warmUps + count {
		d, err := l.Broadcast(20 * time.Second)
		if err != nil {
			return 0, err
		}
		if i >= warmUps {
			times = append(times, ms(d))
		}
		time.Sleep(20 * time.Millisecond)
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

// report prints the medians, and the ratios to the measure.
func report(cells []*cell, servers []*server) {
	fmt.Printf("\nMedians of %d rounds\n%-18s %-10s %10s %10s %9s %9s %7s %8s\n", *rounds,
		"", "", "figure", "messages/s", "p50 ms", "p99 ms", "MB", "")
	for _, c := range cells {
		for _, s := range servers {
			if len(c.samples[s.name]) == 0 {
				continue
			}
			figure := func(f func(m sample) float64) float64 { return c.median(s.name, f) }
			fmt.Printf("%-18s %-10s %10.2f %10.0f %9.2f %9.2f %7.0f %8s\n", c.name(), s.name,
				figure(func(m sample) float64 { return m.figure }),
				figure(func(m sample) float64 { return m.rate }),
				figure(func(m sample) float64 { return ms(m.p50) }),
				figure(func(m sample) float64 { return ms(m.p99) }),
				figure(func(m sample) float64 { return m.rss }), c.unit())
		}
	}
	fmt.Printf("\nRatios to %s: messages per second of the server's processor time; pace, idle and broadcast: %s\n%-18s",
		measureName, "less is better", "")
	for _, s := range servers {
		fmt.Printf(" %10s", s.name)
	}
	fmt.Printf("   luago's target (goal)\n")
	for _, c := range cells {
		fmt.Printf("%-18s", c.name())
		for _, s := range servers {
			fmt.Printf(" %10.2f", c.ratio(s.name, measureName))
		}
		fmt.Println("   " + c.verdict())
	}
}

// ratio compares two servers.
func (c *cell) ratio(name, with string) float64 {
	figure := func(m sample) float64 { return m.figure }
	if c.kind == echo {
		return c.median(with, figure) / c.median(name, figure)
	}
	return c.median(name, figure) / c.median(with, figure)
}

// verdict says whether luago meets the cell's targets.
func (c *cell) verdict() string {
	meets := func(ratio, target float64) bool {
		if c.kind == echo {
			return ratio >= target
		}
		return ratio <= target
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%.2f (%.2f)", c.target, c.goal)
	switch ratio := c.ratio("luago", measureName); {
	case math.IsNaN(ratio):
	case meets(ratio, c.goal):
		text.WriteString(" goal")
	case meets(ratio, c.target):
		text.WriteString(" met")
	default:
		text.WriteString(" MISSED")
	}
	if ratio := c.ratio("luago", "gopher-lua"); c.gopher > 0 && !math.IsNaN(ratio) {
		fmt.Fprintf(&text, "; %.1f times gopher-lua, target %.1f", ratio, c.gopher)
		if ratio < c.gopher {
			text.WriteString(" MISSED")
		}
	}
	return text.String()
}
