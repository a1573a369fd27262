package scaffold

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/experiment"
)

// kinds are the contracts of the examples, one of each kind but Python, with
// the file of their cases.
func kinds() map[string]*experiment.Experiment {
	one := func(name, target, formula string, s experiment.System) *experiment.Experiment {
		e := search()
		e.Name, e.Target, e.Goal, e.Frozen, e.Guards, e.Checks = name, []string{target}, "", nil, nil, nil
		e.System, e.Cases.Stratum, e.Score.Formula = &s, "", formula
		return e
	}
	faq := faq()
	faq.Name, faq.Goal = "django-faq", ""
	places := one("node-places", "lib/score.js", "MRR", experiment.System{Kind: experiment.Node, Call: "./lib/search.js:search", Result: "id",
		Arguments: experiment.Arguments{argument("query", "{query}"), argument("limit", 50)}})
	places.Cases.Stratum = "kind"
	syllables := one("go-syllables", "syllable/count.go", "MAE", experiment.System{Kind: experiment.Go, Call: "./syllable:Count",
		Arguments: experiment.Arguments{argument("word", "{word}")}})
	syllables.Score.Direction = experiment.Minimize
	return map[string]*experiment.Experiment{
		"data/sentences.csv": one("language", "detect.awk", "accuracy", experiment.System{Kind: experiment.Program, Call: "awk -f detect.awk",
			Arguments: experiment.Arguments{argument("stdin", "{text}")}}),
		"data/queries.csv":   places,
		"data/words.csv":     syllables,
		"data/questions.csv": faq,
		"data/messages.csv": one("http-spam", "rules.js", "accuracy", experiment.System{Kind: experiment.HTTP, Call: "POST http://127.0.0.1:18431/classify",
			Arguments: experiment.Arguments{argument("text", "{text}")},
			Server:    &experiment.Server{Command: []string{"node", "server.js"}, Ready: "http://127.0.0.1:18431/health", Restart: "each"}}),
	}
}

// TestGoldenKinds holds what differs between kinds, byte by byte: the
// evaluation, and its half in the project.
func TestGoldenKinds(t *testing.T) {
	golden := filepath.Join("testdata", "golden", "kinds")
	got := t.TempDir()
	for file, e := range kinds() {
		example := filepath.Join(repository(t), "examples", e.Name)
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
			t.Fatal(err)
		}
		p := apply(t, dir, e, read(t, filepath.Join(example, filepath.FromSlash(file))), Facts{})
		for _, f := range p.Files {
			name := filepath.Base(f.Path)
			if strings.HasPrefix(name, "eval.") || strings.Contains(name, "autoresearch_eval") {
				put(t, filepath.Join(got, e.Name, name+".golden"), string(read(t, filepath.Join(dir, filepath.FromSlash(f.Path)))))
			}
		}
	}
	if *update {
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(golden, os.DirFS(got)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(tree(t, golden), tree(t, got)); diff != "" {
		t.Errorf("rendered evaluations (-golden +got; go test -update rewrites them):\n%s", diff)
	}
}

func TestKindsRenderTwiceTheSame(t *testing.T) {
	for _, e := range kinds() {
		first, err := Render(e, harnessOf(e), nil, Facts{})
		if err != nil {
			t.Fatal(err)
		}
		again, err := Render(e, harnessOf(e), nil, Facts{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%s: second rendering differs:\n%s", e.Name, diff)
		}
		for _, f := range first.Files {
			for _, word := range []string{"TODO", "FIXME", "<no value>", "{{", "\n\n\n\n"} {
				if strings.Contains(string(f.Data), word) {
					t.Errorf("%s holds %q", f.Path, word)
				}
			}
		}
	}
}
