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

// A frozen call is made once, inside Django as outside, also where the module
// was imported before the evaluation began; a change of what it depends on
// makes it anew.
func TestDjangoReplaysCalls(t *testing.T) {
	dir, e := t.TempDir(), faq()
	from := filepath.Join(repository(t), "examples", "django-faq")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "faq", "outside.py"), "from faq.prompt import PROMPT\n\ndef expand(question):\n    return question + PROMPT\n")
	put(t, filepath.Join(dir, "faq", "prompt.py"), "PROMPT = ''\n")
	put(t, filepath.Join(dir, "faq", "apps.py"), "from django.apps import AppConfig\nfrom faq import outside\n\nclass FaqConfig(AppConfig):\n    name = 'faq'\n")
	search := filepath.Join(dir, "faq", "search.py")
	text := string(read(t, search))
	edited := strings.Replace(text, "    key = ", "    from faq.outside import expand\n    question = expand(question)\n    key = ", 1)
	if edited == text {
		t.Fatalf("the example's search is another one than this test knows:\n%s", text)
	}
	put(t, search, edited)
	e.Cache.Calls = []string{"faq.outside:expand"}
	t.Setenv("AUTORESEARCH_CASSETTE", filepath.Join(t.TempDir(), "cassettes"))
	apply(t, dir, e, read(t, filepath.Join(from, "data", "questions.csv")), Facts{})
	for _, step := range []struct{ file, from, to, want string }{
		{"ranking.py", "TITLE = 1.0", "TITLE = 1.0", "calls: 0 replayed, 28 made"},
		{"ranking.py", "TITLE = 1.0", "TITLE = 3.0", "calls: 28 replayed, 0 made"},
		{"prompt.py", "''", "' '", "calls: 0 replayed, 28 made"},
	} {
		file := filepath.Join(dir, "faq", step.file)
		put(t, file, strings.Replace(string(read(t, file)), step.from, step.to, 1))
		got := inDjango(t, dir, e)
		if got.exit != 0 || !strings.Contains(got.stderr, step.want+"\n") {
			t.Errorf("%s → %s: exit %d, want %s\n%s%s", step.from, step.to, got.exit, step.want, got.stdout, got.stderr)
		}
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
