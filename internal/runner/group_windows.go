package runner

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// group is a job object: a process cannot leave it, and closing it kills
// what is in it. The child joins just after it started; what it could have
// started within that instant is not in the job.
type group struct {
	job     windows.Handle
	process windows.Handle
	pid     uint32
}

func (g *group) prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
	if n := len(cmd.Args); n == 5 && cmd.Args[0] == "cmd" && cmd.Args[3] == "/c" {
		// cmd has quoting rules of its own: with /s it takes off the outer quotes and nothing else.
		cmd.SysProcAttr.CmdLine = strings.Join(cmd.Args[:4], " ") + ` "` + cmd.Args[4] + `"`
	}
}

func (g *group) adopt(cmd *exec.Cmd) error {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return err
	}
	g.job = job
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	if err == nil {
		g.pid = uint32(cmd.Process.Pid)
		const access = windows.PROCESS_SET_QUOTA | windows.PROCESS_TERMINATE | windows.SYNCHRONIZE
		g.process, err = windows.OpenProcess(access, false, g.pid)
	}
	if err == nil {
		err = windows.AssignProcessToJobObject(job, g.process)
	}
	if err != nil {
		g.release()
	}
	return err
}

func (g *group) release() {
	if g.process != 0 {
		windows.CloseHandle(g.process)
	}
	if g.job != 0 {
		windows.CloseHandle(g.job)
	}
	g.process, g.job = 0, 0
}

func (g *group) exited(*exec.Cmd) { windows.WaitForSingleObject(g.process, windows.INFINITE) }

func (g *group) reap(cmd *exec.Cmd) error { return cmd.Wait() }

func (g *group) terminate(string) {
	windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, g.pid)
}

func (g *group) kill(string) { windows.TerminateJobObject(g.job, 1) }

// alive reports whether the job has a running process.
func (g *group) alive(string) bool {
	var info struct {
		TotalUserTime, TotalKernelTime, PeriodUserTime, PeriodKernelTime int64
		PageFaults, Processes, Active, Terminated                        uint32
	}
	const accounting = 1 // JobObjectBasicAccountingInformation
	err := windows.QueryInformationJobObject(g.job, accounting,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), nil)
	return err == nil && info.Active > 0
}

func outcome(s *os.ProcessState) Outcome {
	if s == nil {
		return Outcome{Exit: -1}
	}
	return Outcome{Exit: s.ExitCode(), User: s.UserTime(), System: s.SystemTime()}
}

// EndOwned finds nothing to do: a job object ends its processes with the
// command that held it.
func EndOwned(string) int { return 0 }
