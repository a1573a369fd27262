//go:build unix

package command

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// victim is a repository with a running experiment whose score is the number
// in its target.
type victim struct {
	t    *testing.T
	dir  string
	env  []string
	best int // the value that the target holds when nothing is being tried
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	v := newNumbers(t, "1\n", "echo METRIC score=$(cat value.txt)\n", fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	v.best = 1
	return v
}

func (v *victim) write(name, text string) {
	v.t.Helper()
	p := filepath.Join(v.dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		v.t.Fatal(err)
	}
}

func (v *victim) command(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(name, args...)
	var out bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = v.dir, v.env, &out, &out
	cmd.WaitDelay = 10 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, &out
}

func (v *victim) run(name string, args ...string) string {
	v.t.Helper()
	cmd, out := v.command(name, args...)
	if err := cmd.Run(); err != nil {
		v.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return out.String()
}

// mine is what a run must never change: the user's files and index entries.
func (v *victim) mine() string {
	v.t.Helper()
	var b strings.Builder
	for _, f := range []string{"mine.txt", "untracked.md", "eval.sh", "autoresearch/numbers/experiment.yaml"} {
		data, err := os.ReadFile(filepath.Join(v.dir, f))
		if err != nil {
			v.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %q\n", f, data)
	}
	for _, line := range strings.Split(v.run("git", "ls-files", "-s", "-t"), "\n") {
		if !strings.HasSuffix(line, "\tvalue.txt") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// outcomes reads the journal: the state folder holds one experiment.
func (v *victim) outcomes() []journal.Record {
	v.t.Helper()
	found, err := filepath.Glob(filepath.Join(homeOf(v.env), "state", "*", "*", "numbers", "journal.jsonl"))
	if err != nil || len(found) != 1 {
		v.t.Fatalf("journals: %q, %v", found, err)
	}
	records, err := journal.Load(found[0])
	if err != nil {
		v.t.Fatal(err)
	}
	var out []journal.Record
	for _, r := range records {
		if r.Type == journal.TypeOutcome {
			out = append(out, r)
		}
	}
	return out
}

func homeOf(env []string) string {
	home := ""
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, "HOME="); ok {
			home = v
		}
	}
	return home
}

// TestKilledTry kills an iteration at random moments: the next command
// completes or undoes it, every edit has one outcome, and nothing of the
// user's has changed. AUTORESEARCH_KILLS sets how many points are tried.
func TestKilledTry(t *testing.T) {
	points := 100
	if n, err := strconv.Atoi(os.Getenv("AUTORESEARCH_KILLS")); err == nil {
		points = n
	}
	v := newVictim(t)
	before := v.mine()
	v.write("value.txt", "2\n")
	began := time.Now()
	v.run(Name, "try", "-m", "the first")
	typical := time.Since(began)
	v.best = 2
	rng := rand.New(rand.NewPCG(1, uint64(points)))
	killed, recovered := 0, 0
	for i := range points {
		value, want := 0, decide.Discard
		if i%2 == 0 {
			value, want = v.best+1, decide.Keep
		}
		v.write("value.txt", fmt.Sprintf("%d\n", value))
		// The later half of an iteration is where it writes.
		delay := time.Duration(float64(typical) * (0.3 + 0.8*rng.Float64()))
		if v.killTry(delay, i%4 < 2) {
			killed++
		}
		v.next()
		if want == decide.Keep {
			v.best = value
		}
		recovered += v.check(i, want, before)
	}
	if killed < points/4 {
		t.Errorf("only %d of %d were killed: the test proves little", killed, points)
	}
	t.Logf("%d points, %d killed, %d intents completed by the next command", points, killed, recovered)
}

// killTry starts an iteration and kills it after a while: the process alone,
// or its whole group as a closing terminal would.
func (v *victim) killTry(after time.Duration, group bool) bool {
	cmd, _ := v.command(Name, "try", "-m", "to be killed")
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	time.Sleep(after)
	pid := cmd.Process.Pid
	if group {
		pid = -pid
	}
	err := syscall.Kill(pid, syscall.SIGKILL)
	var exit *exec.ExitError
	return errors.As(cmd.Wait(), &exit) && err == nil && exit.ExitCode() == -1
}

// next is the command that comes after a kill. A git that died with its group
// may have left its lock: the error names it, and the user removes it.
func (v *victim) next() {
	v.t.Helper()
	for range 3 {
		cmd, out := v.command(Name, "try", "-m", "to be killed")
		err := cmd.Run()
		var exit *exec.ExitError
		switch {
		case err == nil, errors.As(err, &exit) && exit.ExitCode() == 4 && strings.Contains(out.String(), "nothing to try"):
			return
		case strings.Contains(out.String(), "lock"):
			if !strings.Contains(out.String(), "hint: ") {
				v.t.Fatalf("a lock without a hint:\n%s", out)
			}
			for _, l := range []string{"index.lock", "HEAD.lock", "refs/heads/autoresearch/numbers.lock"} {
				os.Remove(filepath.Join(v.dir, ".git", l))
			}
		default:
			v.t.Fatalf("the command after a kill: %v\n%s", err, out)
		}
	}
	v.t.Fatal("the command after a kill never came through")
}

// check holds the state after an edit against what must be; it returns how
// many outcomes a later command wrote for it.
func (v *victim) check(i int, want decide.Verdict, before string) int {
	v.t.Helper()
	outcomes := v.outcomes()
	if len(outcomes) != i+2 {
		v.t.Fatalf("edit %d: %d outcomes, want %d: one was lost or doubled", i, len(outcomes), i+2)
	}
	last := outcomes[len(outcomes)-1]
	if last.Outcome.Verdict != want || last.N != i+2 {
		v.t.Fatalf("edit %d: iteration %d is %s (%s), want %s", i, last.N, last.Outcome.Verdict, last.Outcome.Reason, want)
	}
	data, err := os.ReadFile(filepath.Join(v.dir, "value.txt"))
	if err != nil || strings.TrimSpace(string(data)) != fmt.Sprint(v.best) {
		v.t.Fatalf("edit %d: the target holds %q, want %d (%v)", i, data, v.best, err)
	}
	if got := v.run("git", "show", "HEAD:value.txt"); strings.TrimSpace(got) != fmt.Sprint(v.best) {
		v.t.Fatalf("edit %d: HEAD holds %q, want %d", i, got, v.best)
	}
	if now := v.mine(); now != before {
		v.t.Fatalf("edit %d: something of the user's changed\nwas:\n%s\nis:\n%s", i, before, now)
	}
	if last.Outcome.Recovered {
		return 1
	}
	return 0
}
