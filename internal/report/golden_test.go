package report

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/journal"
)

var update = flag.Bool("update", false, "write the golden reports anew")

// TestGolden holds whole reports. search.jsonl is the journal of a real run:
// 46 edits of examples/search that went through the referee (its intents are
// left out); the other is made up, minimizes, and is not finished.
func TestGolden(t *testing.T) {
	real, err := journal.Load(filepath.Join("testdata", "search.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	half := world{attempts: 24, cases: 21, direction: "minimize", seed: 5}
	for name, m := range map[string]*Map{
		"search":  build(t, real, Options{Levers: []string{"POOL", "TYPICAL_LENGTH", "TYPICAL_LENGTH"}, Diffs: map[int]string{5: "--- a/guide/ranking.py\n+++ b/guide/ranking.py\n@@ -18 +18 @@\n-POOL = 120\n+POOL = 60\n"}}),
		"made-up": build(t, public(half.records()), Options{}),
	} {
		page, err := m.HTML()
		if err != nil {
			t.Fatal(err)
		}
		for ext, got := range map[string][]byte{".md": m.Markdown(), ".html": page} {
			file := filepath.Join("testdata", name+ext)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got), -update writes it anew:\n%.2000s", file, diff)
			}
		}
	}
}

func build(t testing.TB, records []journal.Record, o Options) *Map {
	t.Helper()
	m, err := Build(records, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// public is what reaches a report while the run goes on.
func public(records []journal.Record) []journal.Record {
	hidden := map[string]bool{}
	for _, id := range records[0].Start.Private.Hidden {
		hidden[id] = true
	}
	var out []journal.Record
	for _, r := range records {
		if p, ok := journal.Public(r, hidden); ok {
			out = append(out, p)
		}
	}
	return out
}
