//go:build unix && !linux

package runner

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

func (g *group) adopt(cmd *exec.Cmd) error {
	g.id = cmd.Process.Pid
	return nil
}

// exited waits for the child. Without Linux's waitid it is reaped here, and
// the group's id is protected only as long as the group has members.
func (g *group) exited(cmd *exec.Cmd) { g.waited = cmd.Wait() }

func (g *group) reap(*exec.Cmd) error { return g.waited }

// alive asks the kernel whether the group has a member.
func (g *group) alive(string) bool {
	err := unix.Kill(-g.id, 0)
	return err == nil || err == syscall.EPERM
}

// strays: a process that left the group cannot be found without /proc.
func (g *group) strays(string) []int { return nil }

func pidSignal(int, string, unix.Signal) {}

// EndOwned needs /proc: elsewhere what a killed command left runs to its end.
func EndOwned(string) int { return 0 }
