//go:build unix

package command

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	// A model that says how often it heard "kind" in its prompt, and the target
	// with the prompt.
	trapModel  = "def model(prompt, text):\n    return 'yes' if ('good' in text) == ('kind' in prompt) else 'no'\n"
	trapTarget = "from cached import ask\n\nPROMPT = 'is it kind?'\n\ndef answer(text):\n    return ask(text, PROMPT)\n"
	fileCache  = "import json, os\nfrom model import model\nFILE = %q\n\ndef ask(text, prompt):\n    known = json.load(open(FILE)) if os.path.exists(FILE) else {}\n    if text not in known:\n        known[text] = model(prompt, text)\n%s    return known[text]\n"
)

// The trap: the prompt changes, and a cache that is keyed by the query alone
// stands in between. Either the harness is immune, and the answers change, or
// check names the cache. Every kind of cache is tried in scaffold's test.
func TestTrap(t *testing.T) {
	const immune = ""
	plain := "        json.dump(known, open(FILE, 'w'))\n"
	for _, c := range []struct {
		name, cached, want string
	}{
		{"lru_cache", "import functools\nfrom model import model\nPROMPTS = []\n\n@functools.lru_cache\ndef by_text(text):\n    return model(PROMPTS[-1], text)\n\ndef ask(text, prompt):\n    PROMPTS.append(prompt)\n    return by_text(text)\n", immune},
		{"a file called a cache", fmt.Sprintf(fileCache, "answers.cache", plain), "a file that the target writes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"app.py": trapTarget, "model.py": trapModel, "cached.py": c.cached,
				"data.csv": "id,text,expected\na,good 1,yes\nb,good 2,yes\nc,bad 1,no\nd,bad 2,yes\n"}
			j := newJourney(t, files)
			trapped(t, j, c.want)
		})
	}
}

// trapped walks into the trap: new, another prompt, check.
func trapped(t *testing.T, j journey, want string) {
	t.Helper()
	if out := j.run(0, "new", "--yes", "--name", "tone", "--target", "app.py", "--call", "app:answer", "--argument", "text={text}", "--cases", "data.csv",
		"--score", "accuracy", "--check", "none"); !strings.Contains(out, "SCORE 0.7500") {
		t.Fatalf("the first prompt: %s", out)
	}
	app := filepath.Join(j.dir, "app.py")
	if err := os.WriteFile(app, bytes.Replace([]byte(trapTarget), []byte("kind"), []byte("rude"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if changed := strings.Contains(j.run(0, "eval"), "SCORE: 0.2500"); changed != (want == "") {
		t.Fatalf("the answers are the new prompt's: %v, want %v", changed, want == "")
	}
	if want == "" {
		return
	}
	j.git("add", "autoresearch", "app.py")
	j.git("commit", "-q", "-m", "experiment")
	var out bytes.Buffer
	Main([]string{Name, "-C", j.dir, "check"}, &Env{In: strings.NewReader(""), Out: &out, Err: &out, Dir: "."}) // red or not
	if !strings.Contains(out.String(), want+" outlives") && !strings.Contains(out.String(), want+", or that is called a cache, in ") {
		t.Errorf("check doesn't name the cache, want %q:\n%s", want, out.String())
	}
}

// Django's cache, on disk and keyed by the question alone, is one in memory
// for the evaluation; without the harness the project walks into the trap.
func TestTrapInDjango(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.CommandContext(t.Context(), python, "-c", "import django").Run() != nil {
		t.Skip("Django is not installed for /usr/bin/python3 (apt-get install python3-django)")
	}
	v := newExample(t, "django-faq")
	v.run(Name, "new", "--yes", "--score", "MRR", "--interpreter", python, "--check", "none")
	ask := func() string {
		return v.run(python, "manage.py", "shell", "-c", "from faq.search import search; print([a['slug'] for a in search('how do I reset my password')])")
	}
	before := ask()
	file := filepath.Join(v.dir, "faq", "search.py")
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reversed := bytes.Replace(source, []byte("(-relevance("), []byte("(relevance("), 1)
	if bytes.Equal(reversed, source) {
		t.Fatal("the example's ranking is not where it was")
	}
	v.write("faq/search.py", string(reversed))
	if ask() != before {
		t.Fatal("the project's cache is no trap: the test shows nothing")
	}
	if out := v.run(Name, "eval"); !strings.Contains(out, "SCORE: ") || strings.Contains(out, "SCORE: 0.5776") {
		t.Errorf("the ranking upside down scores as before:\n%s", out)
	}
}
