//go:build unix

package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestKilledWhileScoring: the evaluation ends its own referee in the middle of
// scoring. The labels, hidden ones too, lie in no place for temporary files;
// and before the target runs again neither they nor what it returned are left.
func TestKilledWhileScoring(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"run", "score"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			tmp := t.TempDir()
			left := filepath.Join(t.TempDir(), "left")
			deadly := verb + `) [ -e "$HOME/kill" ] && rm "$HOME/kill" && kill -9 $PPID && sleep 60`
			// What the target could read of an evaluation before is noted as it runs.
			eval := "[ $1 = run ] && ls -d \"$TMPDIR\"/*/* \"$XDG_STATE_HOME\"/*/*/*/.tmp* 2>/dev/null | grep -v \"${AUTORESEARCH_CASES%/*}\" >" + left + "\n" +
				"case $1 in " + deadly + " ;; esac\n" + evalAnswers
			a := newAnsweringOf(t, eval, "TMPDIR="+tmp)
			a.write("value.txt", target(a.visible[:5], a.notes))
			if err := os.WriteFile(filepath.Join(homeOf(a.env), "kill"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd, out := a.command(Name, "try", "-m", "killed")
			if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != -1 {
				t.Fatalf("it was not killed: %v\n%s", err, out)
			}
			if found, _ := exec.Command("grep", "-rl", ",yes", tmp).Output(); len(found) > 0 {
				t.Errorf("labels lie in %s", found)
			}
			labels, err := filepath.Glob(a.state(".tmp-*"))
			if err != nil || (len(labels) == 1) != (verb == "score") {
				t.Errorf("labels in the state folder: %v, %v", labels, err)
			}
			if got := a.run(Name, "try", "-m", "again"); !strings.Contains(got, "iteration 1: ") {
				t.Errorf("the next try: %s", got)
			}
			if seen, err := os.ReadFile(left); err != nil || len(seen) > 0 {
				t.Errorf("as the target ran again there were (%v):\n%s", err, seen)
			}
			if entries, err := os.ReadDir(tmp); err != nil || len(entries) > 0 {
				t.Errorf("left over: %v, %v", entries, err)
			}
		})
	}
}
