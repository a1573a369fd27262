package scaffold

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden harnesses, strays removed")

func TestGoldenHarness(t *testing.T) {
	golden := filepath.Join("testdata", "golden", "search")
	cases := read(t, filepath.Join(repository(t), "examples", "search", "data", "queries.csv"))
	dir := t.TempDir()
	apply(t, dir, search(), cases, searchFacts())
	got := filepath.Join(dir, harnessOf(search()))
	if *update {
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(golden, os.DirFS(got)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(tree(t, golden), tree(t, got)); diff != "" {
		t.Errorf("rendered harness (-golden +got; go test -update rewrites it):\n%s", diff)
	}
}

func TestRenderTwiceGivesTheSameBytes(t *testing.T) {
	cases := read(t, filepath.Join(repository(t), "examples", "search", "data", "queries.csv"))
	first, err := Render(search(), "autoresearch/search", cases, searchFacts())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := Render(search(), "autoresearch/search", cases, searchFacts())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("second rendering differs:\n%s", diff)
		}
	}
}

func TestNothingIsLeftToDo(t *testing.T) {
	p, err := Render(search(), "autoresearch/search", nil, searchFacts())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Files {
		text := string(f.Data)
		for _, word := range []string{"TODO", "FIXME", "XXX", "<no value>", "{{", "PLACEHOLDER"} {
			if strings.Contains(text, word) {
				t.Errorf("%s holds %q", f.Path, word)
			}
		}
		if n := strings.Count(text, "\n"); f.Path == "autoresearch/search/instructions.md" && n > 150 {
			t.Errorf("%s has %d lines, want at most 150", f.Path, n)
		}
		if strings.Contains(text, "\n\n\n\n") || strings.HasPrefix(text, "\n") || !strings.HasSuffix(text, "\n") {
			t.Errorf("%s has stray or missing line ends", f.Path)
		}
	}
}

func TestRenderedEvaluationRuns(t *testing.T) {
	dir, e := inExample(t)
	got := evaluate(t, dir, e, "")
	if got.exit != 0 {
		t.Fatalf("eval.py: exit %d\n%s", got.exit, got.stderr)
	}
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	if last := lines[len(lines)-1]; last != "SCORE: 0.6588" {
		t.Errorf("last line %q, want SCORE: 0.6588 in\n%s", last, got.stdout)
	}
	for _, want := range []string{"activity", "general", "location", "P@12", "MRR", "all"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the table lacks %q:\n%s", want, got.stdout)
		}
	}
}
