//go:build unix

package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamples takes the example of each kind of system from nothing to its
// number, with at most target, entry and metric given. The scores were computed
// apart from this program.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		example, needs string
		flags          []string
		contract       string // a part of it
		score          string // as the evaluation prints it, "" where it is a time
		alone          []string
	}{
		{"language", "awk", []string{"--target", "detect.awk", "--call", "awk -f detect.awk", "--score", "accuracy"},
			`arguments: {stdin: "{text}"}`, "0.8438", []string{"python3", "autoresearch/detect/eval.py"}},
		{"node-places", "node", []string{"--score", "MRR"}, "call: ./lib/search.js:search", "0.8659", []string{"node", "autoresearch/score/eval.mjs"}},
		{"django-faq", "/usr/bin/python3", []string{"--score", "MRR", "--interpreter", "/usr/bin/python3"},
			"checks: [/usr/bin/python3 manage.py test]", "0.5776", []string{"/usr/bin/python3", "autoresearch/ranking/eval.py"}},
		{"http-spam", "node", []string{"--call", "POST http://127.0.0.1:18431/classify", "--server", "node server.js", "--score", "accuracy"},
			`ready: "http://127.0.0.1:18431/health"`, "0.5625", []string{"python3", "autoresearch/rules/eval.py"}},
		{"go-syllables", "go", []string{"--score", "MAE"}, "call: ./syllable:Count", "0.4630", []string{"python3", "autoresearch/count/eval.py"}},
		{"go-syllables", "go", []string{"--target", "syllable/count.go", "--format", "go-bench",
			"--evaluation", "go test -run ^$ -bench . -benchtime 20x -count 2 ./syllable"}, "format: go-bench", "", nil},
	} {
		t.Run(c.example, func(t *testing.T) {
			t.Parallel()
			for _, tool := range []string{"python3", c.needs} {
				if _, err := exec.LookPath(tool); err != nil {
					t.Skipf("%s is not installed: the example %s is not run", tool, c.example)
				}
			}
			if c.example == "django-faq" && exec.CommandContext(t.Context(), c.needs, "-c", "import django").Run() != nil {
				t.Skip("Django is not installed for /usr/bin/python3 (apt-get install python3-django): its example is not run")
			}
			v := newExample(t, c.example)
			out := v.run(Name, append([]string{"new", "--yes"}, c.flags...)...)
			if want := "baseline: SCORE " + c.score; !strings.Contains(out, want) {
				t.Errorf("new: want %q in:\n%s", want, out)
			}
			contracts, err := filepath.Glob(filepath.Join(v.dir, "autoresearch", "*", "experiment.yaml"))
			if err != nil || len(contracts) != 1 {
				t.Fatalf("contracts %v, %v, want one", contracts, err)
			}
			data, err := os.ReadFile(contracts[0])
			if err != nil || !strings.Contains(string(data), c.contract) {
				t.Errorf("the contract lacks %q (%v):\n%s", c.contract, err, data)
			}
			if c.alone == nil {
				return
			}
			out = v.run(c.alone[0], c.alone[1:]...)
			if lines := strings.Split(strings.TrimSpace(out), "\n"); lines[len(lines)-1] != "SCORE: "+c.score {
				t.Errorf("the evaluation alone: want SCORE: %s at the end of:\n%s", c.score, out)
			}
		})
	}
}

// newExample is an example as a repository of its own.
func newExample(t *testing.T, name string) *victim {
	t.Helper()
	v := &victim{t: t, dir: filepath.Join(t.TempDir(), name)}
	home := t.TempDir()
	v.env = append(os.Environ(), "HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=u", "GIT_AUTHOR_EMAIL=u@example.invalid", "GIT_COMMITTER_NAME=u", "GIT_COMMITTER_EMAIL=u@example.invalid")
	// With another home Go would compile its library anew.
	if cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output(); err == nil {
		v.env = append(v.env, "GOCACHE="+strings.TrimSpace(string(cache)))
	}
	if err := os.CopyFS(v.dir, os.DirFS(filepath.Join("..", "..", "examples", name))); err != nil {
		t.Fatal(err)
	}
	v.run("git", "init", "-q", "-b", "main")
	v.run("git", "add", "-A")
	v.run("git", "commit", "-q", "-m", "first")
	return v
}
