//go:build unix

package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/decide"
)

// contract is an experiment on value.txt whose evaluation is eval.sh.
const contract = `version: 1
name: numbers
root: .
target: [value.txt]
evaluation: {command: [sh, eval.sh], read: {format: metric}}
score: {formula: %s, direction: %s}
class: %s
%sdecision: {c: 1, min_delta: 0}
budget: {iterations: 1000000, iteration: 60s, total: 24h}
`

// newNumbers is a repository with a running experiment of a class.
func newNumbers(t *testing.T, value, eval, contract string) *victim {
	t.Helper()
	v := numbersRepo(t, value, eval, contract)
	v.run(Name, "start", "--i-am-the-user")
	return v
}

// numbersRepo is the same before start.
func numbersRepo(t testing.TB, value, eval, contract string) *victim {
	t.Helper()
	v := &victim{t: t, dir: filepath.Join(t.TempDir(), "repo")}
	home := t.TempDir()
	v.env = append(os.Environ(), "HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=u", "GIT_AUTHOR_EMAIL=u@example.invalid", "GIT_COMMITTER_NAME=u", "GIT_COMMITTER_EMAIL=u@example.invalid")
	v.write("value.txt", value)
	v.write("eval.sh", eval)
	v.write("autoresearch/numbers/experiment.yaml", contract)
	v.write("autoresearch/numbers/instructions.md", "none\n")
	v.write("autoresearch/numbers/launch_prompt.md", "none\n")
	v.run("git", "init", "-q", "-b", "main")
	v.run("git", "add", "-A")
	v.run("git", "commit", "-q", "-m", "first")
	// The user is in the middle of something.
	v.write("mine.txt", "staged\n")
	v.run("git", "add", "mine.txt")
	v.write("mine.txt", "and edited\n")
	v.write("untracked.md", "untracked\n")
	return v
}

// noise prints value.txt plus a number between 0 and 1 from the system.
const noise = "r=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')\necho METRIC score=$(cat value.txt).$(printf %05d $r)\n"

// TestScalarNoisy plays thirty iterations on a number with noise of about .3:
// steps of five are real either way, and nothing else is kept.
func TestScalarNoisy(t *testing.T) {
	t.Parallel()
	v := newNumbers(t, "10\n", noise, fmt.Sprintf(contract, "score", "maximize", "scalar-noisy", ""))
	best := 10
	for i := range 30 {
		value, want := best-5, decide.Discard
		if i%3 == 0 {
			value, want = best+5, decide.Keep
			best = value
		}
		v.write("value.txt", fmt.Sprintf("%d\n", value))
		v.run(Name, "try", "-m", fmt.Sprintf("step %d", i))
		outcomes := v.outcomes()
		last := outcomes[len(outcomes)-1]
		if last.Outcome.Verdict != want {
			t.Fatalf("step %d: %s (%s), want %s", i, last.Outcome.Verdict, last.Outcome.Reason, want)
		}
	}
	out := v.run(Name, "finish", "--i-am-the-user", "--json")
	if !strings.Contains(out, `"kept": 10`) {
		t.Errorf("finish: want 10 kept, got %s", out)
	}
}

// TestSeeded: the referee varies the seed that the contract names; an edit
// that only suits one seed is not kept.
func TestSeeded(t *testing.T) {
	eval := "s=$((SEED % 7))\necho METRIC score=$(( $(cat value.txt) * 10 + s ))\necho $SEED >>\"$SEEDS\"\n"
	seeds := filepath.Join(t.TempDir(), "seeds")
	t.Setenv("SEEDS", seeds)
	v := newNumbers(t, "1\n", eval, fmt.Sprintf(contract, "score", "maximize", "seeded", "seed: SEED\n"))
	v.write("value.txt", "3\n")
	if out := v.run(Name, "try", "-m", "a real step"); !strings.Contains(out, ": keep") {
		t.Errorf("a step of 20 with a spread of 6: got %s", out)
	}
	v.write("value.txt", "2\n")
	if out := v.run(Name, "try", "-m", "a step back"); !strings.Contains(out, ": discard") {
		t.Errorf("a step back: got %s", out)
	}
	data, err := os.ReadFile(seeds)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range strings.Fields(string(data)) {
		used[s] = true
	}
	if len(used) < 5 {
		t.Errorf("%d different seeds in %d runs: the referee must vary them", len(used), len(strings.Fields(string(data))))
	}
}

// TestTime: what is faster by half is kept after interleaved pairs, what is
// slower is dropped, and what is the same is no keep.
func TestTime(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time: some seconds")
	}
	v := newNumbers(t, "0.20\n", "sleep $(cat value.txt)\necho METRIC done=1\n", fmt.Sprintf(contract, "seconds", "minimize", "time", ""))
	for _, step := range []struct {
		value string
		want  []decide.Verdict
	}{
		{"0.05", []decide.Verdict{decide.Keep}},
		{"0.30", []decide.Verdict{decide.Discard}},
		{"0.050", []decide.Verdict{decide.Discard, decide.Inconclusive}},
	} {
		v.write("value.txt", step.value+"\n")
		v.run(Name, "try", "-m", "sleep "+step.value)
		outcomes := v.outcomes()
		got := outcomes[len(outcomes)-1].Outcome
		ok := false
		for _, w := range step.want {
			ok = ok || got.Verdict == w
		}
		if !ok {
			t.Errorf("sleep %s: %s (%s), want one of %v", step.value, got.Verdict, got.Reason, step.want)
		}
	}
}
