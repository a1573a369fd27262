//go:build unix

package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/loop"
)

// spread is a target of four numbers that are far enough apart for changes of
// one to be taken back without the others.
func spread(a, b, c, d int) string {
	gap := strings.Repeat("0\n", 5)
	return fmt.Sprintf("%d\n%s%d\n%s%d\n%s%d\n", a, gap, b, gap, c, gap, d)
}

// sumUp scores the sum of the target's lines, is broken without its third
// number once the fourth is there, and kills the command that evaluates it,
// once, when the sum is in the file $KILL.
const sumUp = `s=0; i=0
while read v; do
  i=$((i+1)); s=$((s+v))
  [ $i = 13 ] && third=$v
  [ $i = 19 ] && fourth=$v
done <value.txt
[ "$fourth" = 0 ] || [ "$third" != 0 ] || exit 1
if [ -e "$KILL" ] && [ "$(cat "$KILL")" = $s ]; then rm "$KILL"; kill -9 $PPID; fi
echo METRIC score=$s
`

// ended reads what finish --json printed.
func ended(t *testing.T, out string) *loop.Ended {
	t.Helper()
	var e loop.Ended
	_, data, ok := strings.Cut(out, "\n{")
	if !ok {
		t.Fatalf("no JSON in %s", out)
	}
	if err := json.Unmarshal([]byte("{"+data), &e); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return &e
}

// fiveKeeps is a run that kept five changes: the first number twice, then the
// other three.
func fiveKeeps(t *testing.T) *victim {
	t.Helper()
	v := newNumbers(t, spread(1, 0, 0, 0), sumUp, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	for i, s := range []string{spread(2, 0, 0, 0), spread(4, 0, 0, 0), spread(4, 8, 0, 0), spread(4, 8, 16, 0), spread(4, 8, 16, 32)} {
		v.write("value.txt", s)
		if out := v.run(Name, "try", "-m", fmt.Sprintf("change %d", i+1)); !strings.Contains(out, ": keep") {
			t.Fatalf("change %d: %s", i+1, out)
		}
	}
	return v
}

// TestAblation: finish says what the final version owes to each kept commit,
// is killed in the middle of that, and leaves everything as it was.
func TestAblation(t *testing.T) {
	kill := filepath.Join(t.TempDir(), "kill")
	t.Setenv("KILL", kill)
	v := fiveKeeps(t)
	before := v.mine()
	// 52 is what is left without the second number.
	if err := os.WriteFile(kill, []byte("52\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, out := v.command(Name, "finish", "--i-am-the-user")
	if err := cmd.Run(); err == nil {
		t.Fatalf("finish was to be killed:\n%s", out)
	}
	if got, err := os.ReadFile(filepath.Join(v.dir, "value.txt")); err != nil || string(got) != spread(4, 0, 16, 32) {
		t.Fatalf("the kill was to leave the version that was being measured, got %q, %v", got, err)
	}
	v.run(Name, "pause", "--i-am-the-user") // any command puts it back
	if got, err := os.ReadFile(filepath.Join(v.dir, "value.txt")); err != nil || string(got) != spread(4, 8, 16, 32) {
		t.Fatalf("after the next command the target holds %q, %v", got, err)
	}
	if now := v.mine(); now != before {
		t.Errorf("something of the user's changed\nwas:\n%s\nis:\n%s", before, now)
	}

	e := ended(t, v.run(Name, "finish", "--i-am-the-user", "--json", "--squash"))
	losses := map[int]float64{5: 32, 3: 8, 2: 2}
	why := map[int]string{4: "entangled: without it the rest does not run", 1: "entangled: later commits changed the same lines, or those beside them"}
	var order []int
	for _, a := range e.Finish.Ablation {
		order = append(order, a.N)
		want, measured := losses[a.N]
		if measured != (a.Loss != nil) || measured && (*a.Loss != want || *a.Low != want || *a.High != want) || a.Why != why[a.N] {
			t.Errorf("without iteration %d: got %+v, want a loss of %g, %q", a.N, a, want, why[a.N])
		}
	}
	if got := fmt.Sprint(order); got != "[5 4 3 2 1]" {
		t.Errorf("order %s, want the largest gain first", got)
	}
	if now := v.mine(); !strings.HasPrefix(now, strings.SplitN(before, "100644", 2)[0]) {
		t.Errorf("something of the user's changed\nwas:\n%s\nis:\n%s", before, now)
	}
	v.squashed(e)
}

// squashed checks the branch beside the run's own.
func (v *victim) squashed(e *loop.Ended) {
	v.t.Helper()
	branch := e.Finish.Squashed
	if branch != "autoresearch/numbers-squashed" {
		v.t.Fatalf("squashed on %q", branch)
	}
	if got := v.run("git", "rev-list", "--count", "main.."+branch); strings.TrimSpace(got) != "1" {
		v.t.Errorf("%s commits on %s, want 1", got, branch)
	}
	if got := v.run("git", "diff", e.Branch, branch, "--"); got != "" {
		v.t.Errorf("the squashed branch differs from the run's:\n%s", got)
	}
	if got := v.run("git", "symbolic-ref", "--short", "HEAD"); strings.TrimSpace(got) != e.Branch {
		v.t.Errorf("finish left the work tree on %s", got)
	}
	message := v.run("git", "log", "-1", "--format=%B", branch)
	for _, want := range []string{"5 kept changes of 5 tried", "Score 1 -> 60", "change 5 (+32 on visible cases when kept; without it -32)", "Autoresearch-Squashed: autoresearch/numbers"} {
		if !strings.Contains(message, want) {
			v.t.Errorf("the squashed commit's message lacks %q:\n%s", want, message)
		}
	}
}

// TestAblationTime: what there is no time for is named, and --no-ablation
// measures nothing.
func TestAblationTime(t *testing.T) {
	t.Parallel()
	v := newNumbers(t, "1\n", "echo METRIC score=$(cat value.txt)\n", fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	v.write("value.txt", "2\n")
	v.run(Name, "try", "-m", "up")
	cmd, out := v.command(Name, "finish", "--i-am-the-user", "--ablation-time", "0s")
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 2 || !strings.Contains(out.String(), "above zero") {
		t.Errorf("--ablation-time 0s: %v\n%s", err, out)
	}
	e := ended(t, v.run(Name, "finish", "--i-am-the-user", "--json", "--ablation-time", "1ns"))
	if a := e.Finish.Ablation; len(a) != 1 || a[0].Loss != nil || !strings.HasPrefix(a[0].Why, "left out") {
		t.Errorf("without the time for it: got %+v", a)
	}
	report, err := os.ReadFile(filepath.Join(v.dir, "autoresearch/numbers/report.md"))
	if err != nil || strings.Count(string(report), "left out: the time for it was up") != 1 {
		t.Errorf("the report does not name what was left out: %v\n%s", err, report)
	}

	v.run(Name, "start", "--i-am-the-user")
	v.write("value.txt", "3\n")
	v.run(Name, "try", "-m", "up")
	if e := ended(t, v.run(Name, "finish", "--i-am-the-user", "--json", "--no-ablation")); len(e.Finish.Ablation) != 0 {
		t.Errorf("--no-ablation: got %+v", e.Finish.Ablation)
	}
}
