// Package load is a load generator for WebSocket servers on this machine.
//
// Input: the port of a server, and how many connections, messages in flight
// and bytes. Output: how many messages came back and how long they took. The
// package must not know which server it talks to.
//
// One goroutine serves all connections: it waits with epoll, reads what there
// is, counts the messages in it, and answers all of them with one write from
// a buffer of frames that were masked beforehand. So it is not what limits the
// rate. Its processor time, as a part of what gorilla's server takes:
//
//	16 B, 1,000 connections, 1 in flight     0.6
//	16 B, 1,000 connections, 16 in flight    0.25
package load

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A Load is a number of open connections to a server.
type Load struct {
	conns   []*conn
	epoll   int
	timer   int // of Pace
	buf     []byte
	payload []byte
	frame   int    // the length of a frame
	batch   []byte // frames, written from any place on
	pong    []byte

	received int
	latency  histogram
	now      func() int64
}

// Open opens connections to a server that will carry messages of size bytes.
func Open(port, connections, size int) (*Load, error) {
	l := &Load{epoll: -1, buf: make([]byte, 256<<10)}
	start := time.Now()
	l.now = func() int64 { return int64(time.Since(start)) }
	l.payload = make([]byte, size)
	for i := range l.payload {
		l.payload[i] = 'a' + byte(i%26)
	}
	one := appendFrame(nil, opText, l.payload)
	l.frame = len(one)
	for range max(2, (16<<10)/len(one)+1) {
		l.batch = append(l.batch, one...)
	}
	l.pong = appendFrame(nil, opPong, nil)
	var err error
	if l.conns, err = dialAll(port, connections); err != nil {
		return nil, err
	}
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		l.Close()
		return nil, err
	}
	for i, c := range l.conns {
		event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: int32(i)}
		if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, c.fd, &event); err != nil {
			l.Close()
			return nil, err
		}
	}
	return l, nil
}

// Close resets all connections.
func (l *Load) Close() {
	closeAll(l.conns)
	l.conns = nil
	if l.epoll >= 0 {
		unix.Close(l.epoll)
		l.epoll = -1
	}
}

// A Result is what was measured between two moments.
type Result struct {
	Messages int
	P50, P99 time.Duration
}

// reset begins a measurement.
func (l *Load) reset() {
	l.received = 0
	l.latency = histogram{}
}

func (l *Load) result() Result {
	return Result{
		Messages: l.received,
		P50:      time.Duration(l.latency.quantile(0.50)),
		P99:      time.Duration(l.latency.quantile(0.99)),
	}
}

// Echo keeps inFlight messages on the way on every connection, first for a
// time of warm-up, then for the time of measurement, at whose beginning it
// calls begin.
func (l *Load) Echo(inFlight int, warmUp, measure time.Duration, begin func()) (Result, error) {
	for _, c := range l.conns {
		if err := l.send(c, inFlight); err != nil {
			return Result{}, err
		}
	}
	run := func(d time.Duration) error {
		for end := l.now() + int64(d); l.now() < end; {
			if err := l.poll(100, true); err != nil {
				return err
			}
		}
		return nil
	}
	if err := run(warmUp); err != nil {
		return Result{}, err
	}
	l.reset()
	begin()
	if err := run(measure); err != nil {
		return Result{}, err
	}
	return l.result(), nil
}

// Pace sends so many messages a second, spread over all connections, whether
// answers come or not; otherwise it is as Echo.
func (l *Load) Pace(perSecond float64, warmUp, measure time.Duration, begin func()) (Result, error) {
	const tick = 250 * time.Microsecond
	var err error
	if l.timer, err = newTimer(l.epoll, tick); err != nil {
		return Result{}, err
	}
	defer unix.Close(l.timer)
	start := l.now()
	sent, next, begun := 0, 0, false
	for {
		elapsed := time.Duration(l.now() - start)
		if !begun && elapsed > warmUp {
			begun = true
			l.reset()
			begin()
		}
		if elapsed > warmUp+measure {
			return l.result(), nil
		}
		for due := int(perSecond * elapsed.Seconds()); sent < due; sent++ {
			if err := l.send(l.conns[next], 1); err != nil {
				return Result{}, err
			}
			next = (next + 1) % len(l.conns)
		}
		if err := l.poll(100, false); err != nil {
			return Result{}, err
		}
	}
}

// timerID marks the timer among the connections.
const timerID = -1

// newTimer has epoll report an event every tick.
func newTimer(epoll int, tick time.Duration) (int, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return 0, err
	}
	every := unix.NsecToTimespec(int64(tick))
	if err := unix.TimerfdSettime(fd, 0, &unix.ItimerSpec{Interval: every, Value: every}, nil); err != nil {
		return 0, errors.Join(err, unix.Close(fd))
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: timerID}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return 0, errors.Join(err, unix.Close(fd))
	}
	return fd, nil
}

// Broadcast sends one message and waits until it has come on all connections.
func (l *Load) Broadcast(limit time.Duration) (time.Duration, error) {
	l.received = 0
	start := l.now()
	if err := l.send(l.conns[0], 1); err != nil {
		return 0, err
	}
	for l.received < len(l.conns) {
		if err := l.poll(100, false); err != nil {
			return 0, err
		}
		if time.Duration(l.now()-start) > limit {
			return 0, fmt.Errorf("broadcast: %d of %d messages after %v", l.received, len(l.conns), limit)
		}
	}
	return time.Duration(l.now() - start), nil
}

// Once sends one message on every connection, and waits for the echoes.
func (l *Load) Once(limit time.Duration) error {
	l.received = 0
	start := l.now()
	for _, c := range l.conns {
		if err := l.send(c, 1); err != nil {
			return err
		}
	}
	for l.received < len(l.conns) {
		if err := l.poll(100, false); err != nil {
			return err
		}
		if time.Duration(l.now()-start) > limit {
			return fmt.Errorf("%d of %d echoes after %v", l.received, len(l.conns), limit)
		}
	}
	return nil
}

// poll waits for the network, at most so many milliseconds, and serves it; it
// replaces messages that have come back by new ones, if it is to.
func (l *Load) poll(milliseconds int, replace bool) error {
	var events [256]unix.EpollEvent
	n, err := unix.EpollWait(l.epoll, events[:], milliseconds)
	if err != nil && err != unix.EINTR {
		return err
	}
	for _, e := range events[:max(n, 0)] {
		if e.Fd == timerID {
			// It does not go on before it has been read.
			var count [8]byte
			if _, err := unix.Read(l.timer, count[:]); err != nil && err != unix.EAGAIN && err != unix.EINTR {
				return err
			}
			continue
		}
		c := l.conns[e.Fd]
		if e.Events&unix.EPOLLOUT != 0 && c.owed > 0 {
			if err := l.write(c); err != nil {
				return err
			}
		}
		if e.Events&^unix.EPOLLOUT != 0 {
			if err := l.read(c, replace); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads until there is nothing more, for epoll tells of news only.
func (l *Load) read(c *conn, replace bool) error {
	for {
		n, err := unix.Read(c.fd, l.buf)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return nil
		case err != nil:
			return err
		case n == 0:
			return errors.New("the server has closed a connection")
		}
		messages, pinged, err := c.in.feed(l.buf[:n], l.payload)
		if err != nil {
			return err
		}
		l.received += messages
		now := l.now()
		for range min(messages, c.count) { // a broadcast brings more than was sent
			l.latency.add(now - c.sent[c.first])
			c.first = (c.first + 1) % len(c.sent)
			c.count--
		}
		if pinged && c.owed == 0 {
			if _, err := unix.Write(c.fd, l.pong); err != nil {
				return err
			}
		}
		if replace && messages > 0 {
			if err := l.send(c, messages); err != nil {
				return err
			}
		}
		if n < len(l.buf) {
			return nil
		}
	}
}

// send sends n messages.
func (l *Load) send(c *conn, n int) error {
	if need := c.count + n; need > len(c.sent) {
		ring := make([]int64, 2*need)
		for i := range c.count {
			ring[i] = c.sent[(c.first+i)%len(c.sent)]
		}
		c.sent, c.first = ring, 0
	}
	now := l.now()
	for range n {
		c.sent[(c.first+c.count)%len(c.sent)] = now
		c.count++
	}
	idle := c.owed == 0
	c.owed += n * l.frame
	if !idle { // it waits for the socket
		return nil
	}
	return l.write(c)
}

// write writes what is owed, as far as the socket takes it.
func (l *Load) write(c *conn) error {
	for c.owed > 0 {
		n, err := unix.Write(c.fd, l.batch[c.pos:min(c.pos+c.owed, len(l.batch))])
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return nil
		case err != nil:
			return err
		}
		c.owed -= n
		c.pos = (c.pos + n) % l.frame
	}
	return nil
}
