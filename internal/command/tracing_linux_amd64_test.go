package command

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// whom says who dies at a point.
type whom int

const (
	everyone whom = iota // as when a terminal closes or the power goes
	caller               // the process that is about to write: the command, or a git of its
	command              // the command; its git goes on alone
	whoms
)

// traced is what a command under trace came to.
type traced struct {
	points int    // system calls that change a file
	last   string // the point at which it was killed
	exit   int    // of the command itself; -1 where it was killed
	out    string
}

// trace runs a command and all it starts under ptrace, and kills just before
// the point of that number is carried out; 0 only counts. Threads and children
// share one count, which strace's injection does not.
func trace(cmd *exec.Cmd, at int, who whom) (traced, error) {
	var got traced
	var err error
	onOwnThread(func() { got, err = traceHere(cmd, at, who) })
	return got, err
}

// onOwnThread runs f on a thread that has no child: a tracer waits for all of
// its thread's, and another test's command may have been started on it.
func onOwnThread(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		const noHang, exited, noReap = 0x1, 0x4, 0x01000000
		if _, _, no := syscall.RawSyscall6(syscall.SYS_WAITID, 0, 0, 0, noHang|exited|noReap|waitAll, 0, 0); no != syscall.ECHILD {
			onOwnThread(f) // on another one, since this is taken
			runtime.UnlockOSThread()
			return
		}
		f() // never unlocked: the tracer's thread ends with this
	}()
	<-done
}

// filtered is this binary as a program that stops only at calls that may be a
// point, and becomes the command it is given: a stop at every call of every
// git costs more than the gits.
const filtered = "stop-at-writes"

func init() { programs[filtered] = stopAtWrites }

func stopAtWrites() {
	runtime.LockOSThread() // the filter is a thread's, and goes on with what it becomes
	type instruction struct {
		code   uint16
		jt, jf uint8
		k      uint32
	}
	const load, jumpEqual, ret, toTracer, allow = 0x20, 0x15, 0x06, 0x7ff00000, 0x7fff0000
	calls := []uint64{syscall.SYS_OPEN, syscall.SYS_OPENAT}
	for nr := range byName {
		calls = append(calls, nr)
	}
	for nr := range byFile {
		calls = append(calls, nr)
	}
	filter := []instruction{{load, 0, 0, 0}} // of the call's number
	for i, nr := range calls {
		filter = append(filter, instruction{jumpEqual, uint8(len(calls) - i), 0, uint32(nr)})
	}
	filter = append(filter, instruction{ret, 0, 0, allow}, instruction{ret, 0, 0, toTracer})
	program := struct {
		len    uint16
		filter *instruction
	}{uint16(len(filter)), &filter[0]}
	const noNewPrivileges, setSeccomp, modeFilter = 38, 22, 2
	if _, _, no := syscall.RawSyscall6(syscall.SYS_PRCTL, noNewPrivileges, 1, 0, 0, 0, 0); no != 0 {
		panic(no)
	}
	if _, _, no := syscall.RawSyscall(syscall.SYS_PRCTL, setSeccomp, modeFilter, uintptr(unsafe.Pointer(&program))); no != 0 {
		panic(no)
	}
	path, err := exec.LookPath(os.Args[1])
	if err == nil {
		err = syscall.Exec(path, os.Args[1:], os.Environ())
	}
	panic(err)
}

// errNoTrace is a machine that lets nobody trace.
var errNoTrace = errors.New("ptrace is forbidden here")

func traceHere(cmd *exec.Cmd, at int, who whom) (traced, error) {
	said, err := os.CreateTemp("", "said-")
	if err != nil {
		return traced{}, err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	cmd.Args = append([]string{filtered}, cmd.Args...)
	if cmd.Path, err = exec.LookPath(filtered); err != nil {
		return traced{}, err
	}
	if err := cmd.Start(); err != nil {
		return traced{}, fmt.Errorf("%w: %w", errNoTrace, err)
	}
	t := &tracer{main: cmd.Process.Pid, at: at, who: who, known: map[int]bool{}}
	err = t.loop()
	if err != nil {
		t.kill(everyone, 0)
	}
	data, _ := os.ReadFile(said.Name())
	t.out = string(data)
	return t.traced, err
}

type tracer struct {
	traced
	main  int
	at    int
	who   whom
	known map[int]bool
}

const (
	seccompStop = 7                       // PTRACE_EVENT_SECCOMP
	waitAll     = 0x40000000 | 0x20000000 // __WALL | __WNOTHREAD: only this thread's, other tests have children too
	exitKill    = 0x00100000
	onSeccomp   = 0x00000080 // PTRACE_O_TRACESECCOMP
)

func (t *tracer) loop() error {
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(t.main, &ws, waitAll, nil); err != nil {
		return fmt.Errorf("%w: %w", errNoTrace, err)
	}
	options := onSeccomp | syscall.PTRACE_O_TRACEFORK | syscall.PTRACE_O_TRACEVFORK |
		syscall.PTRACE_O_TRACECLONE | syscall.PTRACE_O_TRACEEXEC | exitKill
	if err := syscall.PtraceSetOptions(t.main, options); err != nil {
		return fmt.Errorf("%w: %w", errNoTrace, err)
	}
	t.known[t.main] = true
	pid, deliver := t.main, 0
	for {
		_ = syscall.PtraceCont(pid, deliver) // gone, where it was killed meanwhile
		var err error
		if pid, err = syscall.Wait4(-1, &ws, waitAll, nil); errors.Is(err, syscall.ECHILD) {
			return nil
		} else if err != nil {
			return err
		}
		if deliver, err = t.stopped(pid, ws); err != nil {
			return err
		}
	}
}

// stopped looks at a stop and says which signal to go on with.
func (t *tracer) stopped(pid int, ws syscall.WaitStatus) (deliver int, err error) {
	switch {
	case ws.Exited() || ws.Signaled():
		if pid == t.main {
			t.exit = ws.ExitStatus()
		}
	case ws.StopSignal() == syscall.SIGTRAP && ws.TrapCause() == seccompStop:
		return 0, t.call(pid)
	case ws.StopSignal() == syscall.SIGTRAP && ws.TrapCause() > 0:
	case !t.known[pid] && ws.StopSignal() == syscall.SIGSTOP:
		t.known[pid] = true
	default:
		return int(ws.StopSignal()), nil
	}
	return 0, nil
}

// call counts a point, and kills at the one that was asked for.
func (t *tracer) call(pid int) error {
	t.known[pid] = true
	var info struct {
		op    uint8
		_     [3]uint8
		_     uint32
		_, _  uint64
		nr    uint64
		args  [6]uint64
		_, _2 uint64
	}
	const getSyscallInfo = 0x420e
	_, _, no := syscall.RawSyscall6(syscall.SYS_PTRACE, getSyscallInfo, uintptr(pid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if no == syscall.ESRCH {
		return nil
	} else if no != 0 {
		return fmt.Errorf("%w: PTRACE_GET_SYSCALL_INFO: %w", errNoTrace, no)
	}
	what := point(pid, info.nr, info.args)
	if what == "" {
		return nil
	}
	if t.points++; t.points == t.at {
		comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		t.last = strings.TrimSpace(string(comm)) + ": " + what
		t.kill(t.who, pid)
	}
	return nil
}

func (t *tracer) kill(who whom, pid int) {
	switch who {
	case caller:
		_ = syscall.Kill(pid, syscall.SIGKILL)
	case command:
		_ = syscall.Kill(t.main, syscall.SIGKILL)
	default:
		for p := range t.known {
			_ = syscall.Kill(p, syscall.SIGKILL)
		}
	}
}

// byName are the calls that always change something, with the index of the
// argument that says where.
var byName = map[uint64]string{
	syscall.SYS_RENAME: "rename", syscall.SYS_RENAMEAT: "renameat", 316: "renameat2",
	syscall.SYS_UNLINK: "unlink", syscall.SYS_UNLINKAT: "unlinkat", syscall.SYS_RMDIR: "rmdir",
	syscall.SYS_MKDIR: "mkdir", syscall.SYS_MKDIRAT: "mkdirat", syscall.SYS_LINK: "link", syscall.SYS_LINKAT: "linkat",
	syscall.SYS_SYMLINK: "symlink", syscall.SYS_SYMLINKAT: "symlinkat", syscall.SYS_UTIMENSAT: "utimensat",
	syscall.SYS_CHMOD: "chmod", syscall.SYS_FCHMODAT: "fchmodat", syscall.SYS_CREAT: "creat", syscall.SYS_TRUNCATE: "truncate",
}

// byFile are those that do where their first argument is a file's number.
var byFile = map[uint64]string{
	syscall.SYS_WRITE: "write", syscall.SYS_PWRITE64: "pwrite", syscall.SYS_WRITEV: "writev", 326: "copy_file_range",
	syscall.SYS_FTRUNCATE: "ftruncate", syscall.SYS_FSYNC: "fsync", syscall.SYS_FDATASYNC: "fdatasync", syscall.SYS_FCHMOD: "fchmod",
}

// point names a system call that changes a file, and the file where that is
// known by number; "" for any other.
func point(pid int, nr uint64, args [6]uint64) string {
	if name := byName[nr]; name != "" {
		return name
	}
	if name := byFile[nr]; name != "" {
		file, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, int32(args[0])))
		if err != nil || !filepath.IsAbs(file) || strings.HasPrefix(file, "/dev/") || strings.HasPrefix(filepath.Base(file), "said-") {
			return ""
		}
		return name + " " + file
	}
	const creates = syscall.O_CREAT | syscall.O_TRUNC
	if nr == syscall.SYS_OPENAT && args[2]&creates != 0 || nr == syscall.SYS_OPEN && args[1]&creates != 0 {
		return "open to write"
	}
	return ""
}

// traceable skips a test where nobody may trace.
func traceable(t *testing.T) {
	t.Helper()
	cmd := exec.Command("touch", filepath.Join(t.TempDir(), "x"))
	got, err := trace(cmd, 0, everyone)
	if errors.Is(err, errNoTrace) {
		t.Skip(err)
	}
	if err != nil || got.points == 0 {
		t.Fatalf("a file was made, and %d points were seen (%v)\n%s", got.points, err, got.out)
	}
}
