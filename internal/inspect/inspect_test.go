package inspect

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// write makes a tree of files; a name that ends in a slash is a folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		p := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// git runs git in a tree with a fixed identity and no user's configuration.
func git(t *testing.T, root string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", root, "-c", "user.name=A", "-c", "user.email=a@example.com"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v: %s", args, err, out)
	}
}

func inspect(t *testing.T, root string, o Options) *Report {
	t.Helper()
	r, err := Inspect(t.Context(), root, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func paths(cs []Candidate) []string {
	var all []string
	for _, c := range cs {
		all = append(all, c.Path)
	}
	return all
}

// searchProject is a small search in the manner of a real one.
var searchProject = map[string]string{
	"search.py": `"""Search."""
from ranking import score
from corpus import load


def search(query, limit=50):
    """Return the ids that answer a query."""
    return sorted(load(), key=lambda d: -score(d, query))[:limit]
`,
	"ranking.py": `import math
from functools import lru_cache

TITLE_WEIGHT = 2.0
BODY_WEIGHT = 0.7
K1 = 1.2


@lru_cache(maxsize=128)
def terms(query):
    return query.lower().split()


def score(doc, query):
    total = 0.0
    for t in terms(query):
        total += TITLE_WEIGHT * doc.title.count(t) + BODY_WEIGHT * math.log1p(doc.body.count(t))
    return total / (K1 + 0.25 * doc.length)
`,
	"corpus.py": `import json
import requests


def load(path="corpus.json"):
    return json.loads(requests.get("http://localhost:8080/" + path).text)
`,
	"queries.csv":    "id,query,kind,expected\nq1,hikes,location,a1|a2\nq2,\"x, y\",activity,\n",
	"test_search.py": "import search\n\ndef test_search():\n    assert search.search('a', 3) == [0.5, 0.7]\n",
}

func TestInspectPython(t *testing.T) {
	r := inspect(t, write(t, searchProject), Options{Goal: "more relevant results in the top 12"})
	if got := paths(r.Candidates); len(got) == 0 || got[0] != "ranking.py" {
		t.Errorf("candidates %v, want ranking.py first", got)
	}
	if slices.Contains(paths(r.Candidates), "test_search.py") {
		t.Error("a test is a candidate")
	}
	systems := r.SystemsFor("ranking.py")
	if len(systems) == 0 || systems[0].Call != "search:search" {
		t.Fatalf("systems %+v, want search:search first", systems)
	}
	if s := systems[0]; len(s.Params) != 2 || s.Params[0].Name != "query" || s.Params[1].Default != "50" {
		t.Errorf("params %+v, want query and limit=50", s.Params)
	}
	if len(r.Data) != 1 {
		t.Fatalf("data %+v, want queries.csv", r.Data)
	}
	d := r.Data[0]
	if d.ID != "id" || d.Expected != "expected" || d.Stratum != "kind" || !slices.Equal(d.Inputs, []string{"query"}) || d.Rows != 2 || d.Labelled != 1 {
		t.Errorf("data %+v", d)
	}
	for _, want := range []Threat{{Kind: ThreatCache, What: "lru_cache", File: "ranking.py", Line: 2}, {Kind: ThreatOutside, What: "HTTP (requests)", File: "corpus.py", Line: 2}} {
		if !slices.ContainsFunc(r.Threats, func(g Threat) bool {
			return g.Kind == want.Kind && g.What == want.What && g.File == want.File && g.Line == want.Line
		}) {
			t.Errorf("threats %+v, want %+v", r.Threats, want)
		}
	}
	if r.Tooling.Python != "python3" {
		t.Errorf("python %q, want python3", r.Tooling.Python)
	}
}
