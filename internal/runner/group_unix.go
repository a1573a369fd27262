//go:build unix

package runner

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// group is the process group that a command leads, and what left it.
type group struct {
	id      int
	started uint64 // when its leader was, in the unit of /proc
	waited  error  //nolint:unused // of a child that had to be reaped early: not on Linux
}

func (g *group) prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func (g *group) release() {}

// terminate asks; a stopped process must be continued to hear it.
func (g *group) terminate(nonce string) { g.signal(nonce, unix.SIGTERM, unix.SIGCONT) }

func (g *group) kill(nonce string) { g.signal(nonce, unix.SIGKILL) }

func (g *group) signal(nonce string, signals ...unix.Signal) {
	strays := g.strays(nonce)
	for _, s := range signals {
		unix.Kill(-g.id, s)
		for _, pid := range strays {
			pidSignal(pid, nonce, s)
		}
	}
}

// outcome reads what the kernel counted for the child and for all of its
// descendants that were waited for. On Linux MaxRSS has a floor: between fork
// and exec the child shares this process's memory, and the kernel counts it.
func outcome(s *os.ProcessState) Outcome {
	if s == nil {
		return Outcome{Exit: -1}
	}
	out := Outcome{Exit: s.ExitCode(), User: s.UserTime(), System: s.SystemTime()}
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		out.Signal = unix.SignalName(w.Signal())
	}
	if u, ok := s.SysUsage().(*syscall.Rusage); ok {
		out.MaxRSS = int64(u.Maxrss)
		if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
			out.MaxRSS *= 1024
		}
	}
	return out
}
