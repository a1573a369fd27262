package runner

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// exited waits for the child without reaping it: until then nobody else can
// be given its process id, so signals to the group reach nobody else.
func (g *group) exited(cmd *exec.Cmd) {
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return
		}
	}
}

func (g *group) reap(cmd *exec.Cmd) error { return cmd.Wait() }

// alive reports whether anything but the dead child itself is left.
func (g *group) alive(nonce string) bool {
	for _, p := range processes() {
		if p.pid == g.id || p.zombie() {
			continue
		}
		if p.group == g.id || marked(p.pid, nonce) {
			return true
		}
	}
	return false
}

// strays are the descendants outside the group (setsid, setpgid): those whose
// environment has this run's marker, and those that still hang on the child's
// tree. One that both orphaned itself and cleared its environment is out of
// reach without a namespace of its own.
func (g *group) strays(nonce string) []int {
	all := processes()
	tree := map[int]bool{g.id: true}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if tree[p.parent] && !tree[p.pid] {
				tree[p.pid], grown = true, true
			}
		}
	}
	var pids []int
	for _, p := range all {
		if p.group != g.id && !p.zombie() && (tree[p.pid] || marked(p.pid, nonce)) {
			pids = append(pids, p.pid)
		}
	}
	return pids
}

// pidSignal goes through a process descriptor where the kernel has them: the
// process that was looked at is then the one that is signalled.
func pidSignal(pid int, _ string, s unix.Signal) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		if err == unix.ENOSYS {
			unix.Kill(pid, s)
		}
		return
	}
	defer unix.Close(fd)
	unix.PidfdSendSignal(fd, s, nil, 0)
}

type entry struct {
	pid, parent, group int
	state              byte
}

func (e entry) zombie() bool { return e.state == 'Z' || e.state == 'X' }

// processes lists what /proc shows; what vanishes meanwhile is left out.
func processes() []entry {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	self := os.Getpid()
	var all []entry
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil || pid == self {
			continue
		}
		stat, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue
		}
		// The command's name is in parentheses and may hold anything.
		f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(f) < 3 {
			continue
		}
		parent, _ := strconv.Atoi(f[1])
		group, _ := strconv.Atoi(f[2])
		all = append(all, entry{pid, parent, group, f[0][0]})
	}
	return all
}

// marked reports whether a process was started under this run. The files of
// other users' processes cannot be read, and need not be.
func marked(pid int, nonce string) bool {
	env, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return err == nil && bytes.Contains(env, []byte(nonce))
}
