package scaffold

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
)

// debian is the Python that sees Debian's packages.
const debian = "/usr/bin/python3"

// faq is the contract of examples/django-faq.
func faq() *experiment.Experiment {
	e := search()
	e.Name, e.Target, e.Frozen, e.Guards, e.Checks = "faq", []string{"faq/ranking.py"}, nil, nil, nil
	e.System = &experiment.System{Kind: experiment.Django, Call: "faq.search:search", Result: "slug", Interpreter: debian,
		Arguments: experiment.Arguments{argument("question", "{question}"), argument("limit", 20)}}
	e.Cases.Stratum, e.Score.Formula = "", "MRR"
	return e
}

func inDjango(t *testing.T, dir string, e *experiment.Experiment) result {
	t.Helper()
	if exec.CommandContext(t.Context(), debian, "-c", "import django").Run() != nil {
		t.Skip("Django is not installed for " + debian + " (apt-get install python3-django): its evaluation is not run")
	}
	cmd := exec.CommandContext(t.Context(), debian, filepath.Join(harnessOf(e), "eval.py"))
	cmd.Dir = dir
	var out, problems strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{out.String(), problems.String(), cmd.ProcessState.ExitCode()}
}

// The example caches its answers in files and counts what it finds: neither
// may outlive an evaluation, or reach into the next.
func TestDjangoLeavesNothingBehind(t *testing.T) {
	dir, e := t.TempDir(), faq()
	from := filepath.Join(repository(t), "examples", "django-faq")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	apply(t, dir, e, read(t, filepath.Join(from, "data", "questions.csv")), Facts{})
	target := filepath.Join(dir, "faq", "ranking.py")
	for _, step := range []struct{ edit, want string }{{"TITLE = 1.0", "SCORE: 0.5776"}, {"TITLE = 3.0", "SCORE: 0.5414"}} {
		put(t, target, strings.Replace(string(read(t, target)), "TITLE = 1.0", step.edit, 1))
		got := inDjango(t, dir, e)
		if got.exit != 0 || lastLine(got.stdout) != step.want {
			t.Errorf("%s: exit %d, want %s\n%s%s", step.edit, got.exit, step.want, got.stdout, got.stderr)
		}
	}
	if !bytes.Equal(read(t, filepath.Join(dir, "db.sqlite3")), read(t, filepath.Join(from, "db.sqlite3"))) {
		t.Error("the evaluation changed the database")
	}
	if _, err := os.Stat(filepath.Join(dir, "cache")); err == nil {
		t.Error("the evaluation wrote to the project's cache")
	}
	put(t, target, "raise ValueError('broken')\n")
	if got := inDjango(t, dir, e); got.exit != 1 || got.stdout != "" || !strings.Contains(got.stderr, "broken") {
		t.Errorf("a broken target: exit %d\n%s%s", got.exit, got.stdout, got.stderr)
	}
}

func TestWhereTheDjangoCommandLies(t *testing.T) {
	for _, c := range []struct{ root, call, frozen, want, experiments string }{
		{".", "faq.search:search", "", "faq/management/commands/run_autoresearch_eval.py", `"../../../autoresearch"`},
		{"web", "apps.faq.search:search", "apps/faq/management/commands/run_autoresearch_eval.py",
			"web/apps/faq/management/commands/run_autoresearch_eval.py", `"../../../../../autoresearch"`},
	} {
		e := faq()
		e.Root, e.System.Call = c.root, c.call
		if c.frozen != "" {
			e.Frozen = []experiment.Frozen{{Path: c.frozen}}
		}
		f, err := djangoFile(e, harnessOf(e))
		if err != nil || f.Path != c.want || !strings.Contains(string(f.Data), c.experiments) {
			t.Errorf("%s: %s, %v, want %s with %s\n%s", c.call, f.Path, err, c.want, c.experiments, f.Data)
		}
	}
}
