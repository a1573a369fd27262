package command

import (
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/scaffold"
)

// A harness that fails at once says what its log said, which variable nobody
// set, and every file that takes it away again; check names the variable too.
func TestNewTellsWhyNothingWasMeasured(t *testing.T) {
	j := newJourney(t, map[string]string{"value.txt": "1\n"})
	said := j.run(1, "new", "--yes", "--name", "numbers", "--target", "value.txt", "--score", "score", "--format", "metric", "--check", "none",
		"--env", "NOBODY_SETS_THIS", "--evaluation", `printf 'first line\n\033[31mthe cause\n'; exit 3`)
	for _, want := range []string{"  | first line\n", "  | the cause\n", "not set here: NOBODY_SETS_THIS)", "(or: rm -r autoresearch/numbers)"} {
		if !strings.Contains(said, want) {
			t.Errorf("new doesn't say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "\x1b") {
		t.Errorf("the log's escapes are printed: %q", said)
	}
	j.commit()
	if said := j.run(1, "check"); !strings.Contains(said, "yellow  env          not set: NOBODY_SETS_THIS\n") {
		t.Errorf("check doesn't name the variable:\n%s", said)
	}
}

func TestWhatTakesAHarnessAway(t *testing.T) {
	n := &creation{base: ".", result: &interview.Result{Experiment: &experiment.Experiment{Name: "a"}}, changes: []scaffold.Change{
		{Path: "autoresearch/a/experiment.yaml", Action: scaffold.Created}, {Path: "faq/management/__init__.py", Action: scaffold.Unchanged},
		{Path: "faq/management/commands/run_autoresearch_eval.py", Action: scaffold.Created}, {Path: "-r/it's_test.go", Action: scaffold.Updated},
	}}
	if got, want := n.written(), `autoresearch/a faq/management/commands/run_autoresearch_eval.py './-r/it'\''s_test.go'`; got != want {
		t.Errorf("rm -r %s, want %s", got, want)
	}
}
