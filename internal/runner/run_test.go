//go:build unix

package runner

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func requireUnix(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a POSIX shell")
	}
}

// soon is long enough for a loaded machine and far below what the sleeping
// children of these tests would take.
const soon = 15 * time.Second

func TestRunReportsHowItEnded(t *testing.T) {
	requireUnix(t)
	t.Parallel()
	tests := []struct {
		name, line string
		deadline   time.Duration
		exit       int
		signal     string
		timedOut   bool
		log        string
	}{
		{"success", "echo out; echo err >&2", 0, 0, "", false, "out\nerr\n"},
		{"exit code", "echo x; exit 3", 0, 3, "", false, "x\n"},
		{"signal", "echo x; kill -SEGV $$", 0, -1, "SIGSEGV", false, "x\n"},
		{"deadline", "echo x; sleep 60", 200 * time.Millisecond, -1, "SIGTERM", true, "x\n"},
		{"deadline, tidy end", "trap 'echo bye; exit 5' TERM; echo x; sleep 60 & wait", 300 * time.Millisecond, 5, "", true, "x\nbye\n"},
		{"within the deadline", "echo x", time.Minute, 0, "", false, "x\n"},
		{"no output", "exit 0", 0, 0, "", false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, err := Run(t.Context(), Command{Args: Shell(test.line), Deadline: test.deadline})
			if err != nil {
				t.Fatal(err)
			}
			if out.Exit != test.exit || out.Signal != test.signal || out.TimedOut != test.timedOut || string(out.Log) != test.log {
				t.Errorf("got exit %d, signal %q, timed out %v, log %q; want %d, %q, %v, %q",
					out.Exit, out.Signal, out.TimedOut, out.Log, test.exit, test.signal, test.timedOut, test.log)
			}
			if out.Wall <= 0 || out.Wall > soon {
				t.Errorf("got wall time %s", out.Wall)
			}
		})
	}
}

// Each of these would hold a pipe open, or go on running, after the command.
func TestNothingIsLeftRunning(t *testing.T) {
	requireUnix(t)
	tests := []struct {
		name, line string
		deadline   time.Duration
		linux      bool // outside the group: found only with /proc
	}{
		{"child in the background", "sleep 300 & echo $!", 0, false},
		{"child in the background ignores TERM", "(trap '' TERM; while :; do sleep 300; done) & echo $!", 0, false},
		{"grandchild at a deadline", "sleep 300 & echo $!; wait", 300 * time.Millisecond, false},
		{"ignores TERM at a deadline", "trap '' TERM; echo $$; while :; do sleep 300; done", 300 * time.Millisecond, false},
		{"stopped", "sleep 300 & echo $!; kill -STOP $!", 0, false},
		{"left the group", "setsid sh -c 'echo $$; exec sleep 300' & sleep 0.3", 0, true},
		{"left the group, no pipe", "setsid sh -c 'echo $$; exec sleep 300 </dev/null >/dev/null 2>&1' & sleep 0.3", 0, true},
		{"left the group at a deadline", "setsid sh -c 'echo $$; exec sleep 300' & wait", 500 * time.Millisecond, true},
		{"daemon", "setsid sh -c 'setsid sh -c \"echo \\$\\$; exec sleep 300\" & exit' & sleep 0.5", 0, true},
		{"environment cleared, in the tree", "env -i setsid sh -c 'echo $$; exec sleep 300' & wait", 500 * time.Millisecond, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.linux && runtime.GOOS != "linux" {
				t.Skip("a process that left its group is found on Linux only")
			}
			t.Parallel()
			began := time.Now()
			out, err := Run(t.Context(), Command{Args: Shell(test.line), Deadline: test.deadline})
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > soon {
				t.Errorf("took %s", took)
			}
			pid, err := strconv.Atoi(strings.TrimSpace(string(out.Log)))
			if err != nil {
				t.Fatalf("got log %q, want a process id", out.Log)
			}
			if running(pid) {
				syscall.Kill(pid, syscall.SIGKILL)
				t.Errorf("process %d still runs", pid)
			}
		})
	}
}

// running takes a process that is dead and not yet collected by init for dead.
func running(pid int) bool {
	for range 40 {
		state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
		if err != nil || strings.HasPrefix(string(state), "Z") {
			return false
		}
		time.Sleep(50 * time.Millisecond)
	}
	return true
}

func TestABystanderSurvives(t *testing.T) {
	requireUnix(t)
	bystander := exec.Command("sleep", "300")
	if err := bystander.Start(); err != nil {
		t.Fatal(err)
	}
	defer bystander.Wait()
	defer bystander.Process.Kill()
	if _, err := Run(t.Context(), Command{Args: Shell("setsid sleep 300 & sleep 0.2")}); err != nil {
		t.Fatal(err)
	}
	if !running(bystander.Process.Pid) {
		t.Error("a child that isn't of the run was killed")
	}
}

func TestRunOfARun(t *testing.T) {
	requireUnix(t)
	t.Setenv(marker, "outer")
	out, err := Run(t.Context(), Command{Args: Shell("echo $" + marker)})
	if err != nil || !strings.HasPrefix(string(out.Log), "outer:") || len(out.Log) != len("outer:")+24+1 {
		t.Errorf("got %q, %v, want the outer run's mark and then our own", out.Log, err)
	}
}

func TestCancel(t *testing.T) {
	requireUnix(t)
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	because := errors.New("the user had enough")
	time.AfterFunc(200*time.Millisecond, func() { cancel(because) })
	out, err := Run(ctx, Command{Args: Shell("echo x; sleep 300")})
	if !errors.Is(err, because) {
		t.Errorf("got error %v, want %v", err, because)
	}
	if out.TimedOut || out.Signal != "SIGTERM" || string(out.Log) != "x\n" {
		t.Errorf("got %+v", out)
	}
	if _, err := Run(ctx, Command{Args: Shell("touch " + t.TempDir() + "/x")}); !errors.Is(err, context.Canceled) {
		t.Errorf("started under a context that had ended: %v", err)
	}
}

func TestCannotStart(t *testing.T) {
	t.Parallel()
	for _, c := range []Command{{}, {Args: []string{"/nonexistent/program"}}, {Args: []string{"ls"}, Dir: "/nonexistent"}} {
		if out, err := Run(t.Context(), c); err == nil {
			t.Errorf("%v: got %+v, want an error", c.Args, out)
		}
	}
}

func TestEnvironmentAndInput(t *testing.T) {
	requireUnix(t)
	t.Setenv("AUTORESEARCH_TEST_A", "parent")
	t.Setenv("AUTORESEARCH_TEST_B", "parent")
	out, err := Run(t.Context(), Command{
		Args:  Shell(`read line; echo "$line $AUTORESEARCH_TEST_A ${AUTORESEARCH_TEST_B-unset} $AUTORESEARCH_TEST_C"; pwd`),
		Dir:   "/",
		Env:   []string{"AUTORESEARCH_TEST_C=first", "AUTORESEARCH_TEST_A=ours", "AUTORESEARCH_TEST_C=second"},
		Unset: []string{"AUTORESEARCH_TEST_B"},
		Stdin: strings.NewReader("input\n" + strings.Repeat("more than a pipe holds\n", 10000)),
	})
	if want := "input ours unset second\n/\n"; err != nil || string(out.Log) != want {
		t.Errorf("got %q, %v, want %q", out.Log, err, want)
	}
}

func TestStandardOutputApart(t *testing.T) {
	requireUnix(t)
	t.Parallel()
	var data bytes.Buffer
	out, err := Run(t.Context(), Command{Args: Shell("echo warning >&2; head -c 300000 /dev/zero"), Stdout: &data, LogCap: 100})
	if err != nil || data.Len() != 300000 || string(out.Log) != "warning\n" || out.Cut {
		t.Errorf("got %d bytes, log %q, cut %v, %v", data.Len(), out.Log, out.Cut, err)
	}
	out, err = Run(t.Context(), Command{Args: Shell("head -c 300000 /dev/zero; exit 4"), Stdout: full{}})
	if !errors.Is(err, errFull) || out.Exit != 4 {
		t.Errorf("got exit %d, %v, want 4 and %v", out.Exit, err, errFull)
	}
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestResources(t *testing.T) {
	if _, err := exec.LookPath("dd"); err != nil {
		t.Skip("needs dd")
	}
	t.Parallel()
	out, err := Run(t.Context(), Command{Args: Shell("dd if=/dev/zero of=/dev/null bs=64M count=4 2>/dev/null; true")})
	if err != nil || out.MaxRSS < 64<<20 || out.MaxRSS > 4<<30 {
		t.Errorf("got a peak of %d bytes, %v, want at least 64 MiB (of the grandchild)", out.MaxRSS, err)
	}
	if out.User+out.System <= 0 {
		t.Errorf("got no processor time")
	}
}

func TestLogIsCapped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		limit  int
		writes []string
		want   string
		cut    bool
	}{
		{10, []string{"abc", "def"}, "abcdef", false},
		{10, []string{"0123456789"}, "0123456789", false},
		{10, []string{"0123456789a"}, "01234\n[… 1 bytes left out …]\n6789a", true},
		{4, []string{"a", "b", "c", "d", "e", "f", "g"}, "ab\n[… 3 bytes left out …]\nfg", true},
		{4, []string{"abcdefghijklmnop"}, "ab\n[… 12 bytes left out …]\nop", true},
		{5, []string{"ab", "cdefg", "hijklmnopqr", "s"}, "ab\n[… 14 bytes left out …]\nqrs", true},
		{1, []string{"abc"}, "\n[… 2 bytes left out …]\nc", true},
	}
	for _, test := range tests {
		c := newCapped(test.limit)
		for _, w := range test.writes {
			if n, err := c.Write([]byte(w)); n != len(w) || err != nil {
				t.Fatalf("write %q: got %d, %v", w, n, err)
			}
		}
		if got, cut := c.bytes(); string(got) != test.want || cut != test.cut {
			t.Errorf("limit %d, %q: got %q, %v, want %q, %v", test.limit, test.writes, got, cut, test.want, test.cut)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	if _, err := os.Stat("/bin/true"); err != nil {
		b.Skip("needs /bin/true")
	}
	for b.Loop() {
		if _, err := Run(b.Context(), Command{Args: []string{"/bin/true"}}); err != nil {
			b.Fatal(err)
		}
	}
}
