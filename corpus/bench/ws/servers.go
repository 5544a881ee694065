package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A server is a program that is measured.
type server struct {
	name      string
	echo      []string // its command
	broadcast []string // nil: it has none
}

// measureName is the server that the others are compared with.
const measureName = "gorilla"

// build compiles the servers into dir. Those whose tools are missing are left
// out, with a note.
func build(dir string, names []string) ([]*server, error) {
	hand := filepath.Join(dir, "server")
	if err := command("go", "build", "-o", hand, "./server"); err != nil {
		return nil, err
	}
	script := func(name string) (string, error) {
		binary := filepath.Join(dir, name)
		return binary, command(*luago, "build", "-o", binary, name+".lua")
	}
	var servers []*server
	for _, name := range names {
		s := &server{name: name}
		switch name {
		case "luago":
			echo, err := script("echo")
			broadcast, err2 := script("broadcast")
			if err := errors.Join(err, err2); err != nil {
				return nil, err
			}
			s.echo, s.broadcast = []string{echo}, []string{broadcast}
		case "receive":
			echo, err := script("receive")
			if err != nil {
				return nil, err
			}
			s.echo = []string{echo}
		case "gorilla", "gws", "gopher-lua":
			s.echo = []string{hand, name, "echo"}
			s.broadcast = []string{hand, name, "broadcast"}
		case "tuned":
			s.echo = []string{hand, name, "echo"}
		case "node":
			if exec.Command("node", "-e", "require('ws')").Run() != nil {
				fmt.Println("node or its package ws is not installed: left out")
				continue
			}
			s.echo = []string{"node", "server/node.js", "echo"}
			s.broadcast = []string{"node", "server/node.js", "broadcast"}
		default:
			if !strings.Contains(name, "/") {
				return nil, fmt.Errorf("unknown server %q", name)
			}
			s.name = filepath.Base(name)
			s.echo = []string{name}
		}
		servers = append(servers, s)
	}
	return servers, nil
}

func command(args ...string) error {
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// A process is a server that runs.
type process struct {
	cmd  *exec.Cmd
	port int
}

// start runs a server, and waits until it listens.
func start(args []string) (*process, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd}
	timer := time.AfterFunc(10*time.Second, p.kill)
	defer timer.Stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("%s does not listen: %w", args[0], err)
	}
	if _, err := fmt.Sscanf(line, "listening %d\n", &p.port); err != nil {
		p.stop()
		return nil, fmt.Errorf("%s says %q", args[0], line)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return p, nil
}

func (p *process) kill() { _ = p.cmd.Process.Kill() }

// stop ends the server.
func (p *process) stop() {
	p.kill()
	_ = p.cmd.Wait()
}

// rss returns the server's resident memory in bytes.
func (p *process) rss() (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	var size, resident int
	_, err = fmt.Sscan(string(text), &size, &resident)
	return resident * os.Getpagesize(), err
}

// ticks is the unit of times in /proc, per second.
const ticks = 100

// A clock is the processor time used so far.
type clock struct {
	when  time.Time
	cpu   float64 // seconds of the server's
	other float64 // of all programs but the server and this one
}

// clock reads the times of the server and of the machine.
func (p *process) clock() (clock, error) {
	c := clock{when: time.Now()}
	cpu, err := processTime(fmt.Sprint(p.cmd.Process.Pid))
	if err != nil {
		return c, err
	}
	own, err := processTime("self")
	if err != nil {
		return c, err
	}
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return c, err
	}
	var user, nice, system float64
	if _, err := fmt.Sscanf(string(text), "cpu %f %f %f", &user, &nice, &system); err != nil {
		return c, fmt.Errorf("/proc/stat: %w", err)
	}
	c.cpu = cpu
	c.other = (user+nice+system)/ticks - cpu - own
	return c, nil
}

// processTime returns the processor time that a process has used, user and
// system, in seconds.
func processTime(pid string) (float64, error) {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0, err
	}
	// The second field is a name in parentheses, which may contain anything.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	const utime, stime = 11, 12 // from the third field on
	if len(fields) <= stime {
		return 0, fmt.Errorf("/proc/%s/stat: %q", pid, text)
	}
	sum := 0.0
	for _, field := range []string{fields[utime], fields[stime]} {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, err
		}
		sum += n / ticks
	}
	return sum, nil
}
