package command

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// model is an upstream that answers yes to what holds "good", and echoes the
// key that it is given.
func model(t *testing.T) (base string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"answer": %q, "for": %q}`, kind(t, r), r.Header.Get("Authorization"))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1", asked
}

// kind is yes where a request's body holds "good".
func kind(t *testing.T, r *http.Request) string {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	if bytes.Contains(body, []byte("good")) {
		return "yes"
	}
	return "no"
}

const modelClient = `import json, os, urllib.request

PROMPT = "is it kind?"

def answer(text):
    request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + "/chat", json.dumps({"prompt": PROMPT, "text": text}).encode(),
                                     {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]})
    return json.load(urllib.request.urlopen(request))["answer"]
`

// journey is a repository with a state folder of its own.
type journey struct {
	dir string
	t   *testing.T
}

func newJourney(t *testing.T, files map[string]string) journey {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed: nothing is evaluated")
	}
	home := t.TempDir()
	for name, value := range map[string]string{"HOME": home, "XDG_STATE_HOME": filepath.Join(home, "state"), "XDG_CONFIG_HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1",
		"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.invalid", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.invalid"} {
		t.Setenv(name, value)
	}
	j := journey{t.TempDir(), t}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(j.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	j.git("init", "-q", "-b", "main")
	j.commit()
	return j
}

func (j journey) git(args ...string) {
	j.t.Helper()
	if out, err := exec.CommandContext(j.t.Context(), "git", append([]string{"-C", j.dir}, args...)...).CombinedOutput(); err != nil {
		j.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (j journey) commit() {
	j.t.Helper()
	j.git("add", "-A")
	j.git("commit", "-q", "-m", "more")
}

// run runs a command line, which must end with this code.
func (j journey) run(code int, args ...string) (out string) {
	j.t.Helper()
	var both bytes.Buffer
	if got := Main(append([]string{Name, "-C", j.dir}, args...), &Env{In: strings.NewReader(""), Out: &both, Err: &both, Dir: "."}); got != code {
		j.t.Fatalf("%v: exit code %d, want %d\n%s", args, got, code, both.String())
	}
	return both.String()
}

func asks(t *testing.T, what string, asked *atomic.Int64, want int64) {
	t.Helper()
	if got := asked.Swap(0); got != want {
		t.Errorf("%s: the upstream was asked %d times, want %d", what, got, want)
	}
}

// Requests behind a base URL are made once for a prompt, whatever holds the
// prompt, and the records hold no key.
func TestRecordedRequests(t *testing.T) {
	const key = "sk-planted-8c1d4e2f"
	base, asked := model(t)
	j := newJourney(t, map[string]string{"app.py": modelClient, "data.csv": "id,text,expected\na,good 1,yes\nb,good 2,yes\nc,bad 1,no\nd,bad 2,yes\n"})
	t.Setenv("OPENAI_BASE_URL", base)
	t.Setenv("OPENAI_API_KEY", key)
	j.run(0, "new", "--yes", "--name", "tone", "--target", "app.py", "--call", "app:answer", "--argument", "text={text}", "--cases", "data.csv",
		"--score", "accuracy", "--check", "none", "--cache-http", "base-url", "--env", "OPENAI_API_KEY")
	asks(t, "new", asked, 4)
	j.run(0, "eval")
	asks(t, "a second evaluation", asked, 0)
	app := filepath.Join(j.dir, "app.py")
	if err := os.WriteFile(app, []byte(strings.Replace(modelClient, "is it kind?", "is it good?", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AUTORESEARCH_HTTP_MISS", "fail")
	if out := j.run(1, "eval"); !strings.Contains(out, "4 of 4 cases raised") {
		t.Errorf("without a record: %s", out)
	}
	t.Setenv("AUTORESEARCH_HTTP_MISS", "sometimes")
	if out := j.run(1, "eval"); !strings.Contains(out, `AUTORESEARCH_HTTP_MISS: want record, fail or pass, got "sometimes"`) {
		t.Errorf("a mode that there isn't: %s", out)
	}
	asks(t, "misses that fail", asked, 0)
	t.Setenv("AUTORESEARCH_HTTP_MISS", "")
	if out := j.run(0, "eval"); !strings.Contains(out, "SCORE: 0.7500") && !strings.Contains(out, "SCORE: 0.5000") {
		t.Errorf("another prompt: %s", out)
	}
	asks(t, "another prompt", asked, 4)
	if out := j.run(0, "cache", "stats", "--json"); !strings.Contains(out, `"records": 8`) {
		t.Errorf("cache stats: %s", out)
	}
	j.commit()
	if out := j.run(0, "start"); !strings.Contains(out, "class cases") {
		t.Errorf("start: %s", out)
	}
	asks(t, "two live baselines", asked, 8)
	if err := os.WriteFile(app, []byte(strings.Replace(modelClient, "is it kind?", "is it nice?", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := j.run(0, "try", "-m", "another word"); !strings.Contains(out, "calls: 0 replayed, 4 made\n") {
		t.Errorf("try: %s", out)
	}
	asks(t, "a third prompt", asked, 4)
	if out := j.run(0, "status"); !strings.Contains(out, "0 replayed, 4 made") {
		t.Errorf("status: %s", out)
	}
	holdsNot(t, os.Getenv("XDG_STATE_HOME"), key)
	holdsNot(t, j.dir, key)
}

// holdsNot greps a folder.
func holdsNot(t *testing.T, dir, text string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(p)
		if bytes.Contains(data, []byte(text)) {
			t.Errorf("%s holds %q", p, text)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files read in %s: %v", files, dir, err)
	}
}

// A noisy class is measured anew each time, and leaves no slot behind.
func TestNoisyClassIsNotReplayed(t *testing.T) {
	base, asked := model(t)
	j := newJourney(t, map[string]string{"app.py": modelClient, "bench.py": "import app\nprint('score:', sum(app.answer(q) == 'yes' for q in ('good', 'bad')))\n"})
	t.Setenv("OPENAI_BASE_URL", base)
	t.Setenv("OPENAI_API_KEY", "sk-planted-8c1d4e2f")
	j.run(0, "new", "--yes", "--name", "tone", "--target", "app.py", "--evaluation", "python3 bench.py", "--read", "line:score: (.*)", "--score", "score", "--check", "none", "--cache-http", "base-url")
	asks(t, "new", asked, 2)
	j.run(0, "eval")
	asks(t, "class auto, again", asked, 0)
	contract := filepath.Join(j.dir, "autoresearch", "tone", "experiment.yaml")
	data, err := os.ReadFile(contract)
	if err != nil {
		t.Fatal(err)
	}
	noisy := strings.Replace(string(data), "class: auto", "class: scalar-noisy", 1)
	if noisy == string(data) {
		t.Fatalf("the contract has no class: auto:\n%s", data)
	}
	if err := os.WriteFile(contract, []byte(noisy), 0o644); err != nil {
		t.Fatal(err)
	}
	j.run(0, "eval")
	j.run(0, "eval")
	asks(t, "class scalar-noisy, twice", asked, 4)
	if out := j.run(0, "cache", "ls", "--json"); strings.Contains(out, `"run-`) || strings.Count(out, `"shared"`) != 2 {
		t.Errorf("cache ls: %s", out)
	}
}
