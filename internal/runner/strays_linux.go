package runner

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"

	"golang.org/x/sys/unix"
)

func (g *group) adopt(cmd *exec.Cmd) error {
	g.id = cmd.Process.Pid
	leader, _ := look(g.id) // unreaped, so it is there; zero makes every process a suspect
	g.started = leader.started
	return nil
}

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
		if p.group == g.id || p.started >= g.started && marked(p.pid, nonce) {
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
		if p.group != g.id && !p.zombie() && (tree[p.pid] || p.started >= g.started && marked(p.pid, nonce)) {
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
	started            uint64 // clock ticks since boot
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
		if e, ok := look(pid); ok {
			all = append(all, e)
		}
	}
	return all
}

// look reads /proc/PID/stat with three system calls: it is done for every
// process of the machine after every command.
func look(pid int) (entry, bool) {
	fd, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return entry{}, false
	}
	defer unix.Close(fd)
	var buf [1024]byte
	n, err := unix.Read(fd, buf[:])
	if err != nil || n <= 0 {
		return entry{}, false
	}
	// The command's name is in parentheses and may hold anything.
	f := bytes.Fields(buf[bytes.LastIndexByte(buf[:n], ')')+1 : n])
	if len(f) < 20 {
		return entry{}, false
	}
	parent, _ := strconv.Atoi(string(f[1]))
	group, _ := strconv.Atoi(string(f[2]))
	started, _ := strconv.ParseUint(string(f[19]), 10, 64)
	return entry{pid, parent, group, started, f[0][0]}, true
}

// marked reports whether a process was started under this run. The files of
// other users' processes cannot be read, and need not be.
func marked(pid int, nonce string) bool {
	env, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return err == nil && bytes.Contains(env, []byte(nonce))
}

// EndOwned ends, at once, every process whose environment holds the given
// NAME=value, and says how many there were: what a killed command left behind.
func EndOwned(variable string) int {
	n := 0
	for _, p := range processes() {
		if !p.zombie() && marked(p.pid, variable) {
			pidSignal(p.pid, "", unix.SIGKILL)
			n++
		}
	}
	return n
}
