package command

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
)

// TestCeilings by hand. q1 has three relevant ids, of which two were returned,
// below a wrong one; q2 has one, returned first. P@2 of perfect outputs is
// (1 + .5)/2, and re-ranking what came gives the same; with one id lost for
// q1 it gives (.5 + .5)/2.
func TestCeilings(t *testing.T) {
	spec := experiment.Cases{ID: "id", Expected: "expected"}
	table, err := cases.Read("cases.csv", []byte("id,query,expected\nq1,a,x:1|y:2|z:1\nq2,b,w\n"), spec)
	if err != nil {
		t.Fatal(err)
	}
	e := &experiment.Experiment{Score: experiment.Score{Formula: "P@2", Direction: "maximize"}}
	for name, c := range map[string]struct {
		outputs string
		pool    float64
	}{
		"two came":  {`{"id":"q1","output":["bad","x","y"]}` + "\n" + `{"id":"q2","output":["w"]}` + "\n", 0.75},
		"one came":  {`{"id":"q2","output":["w","v"]}` + "\n" + `{"id":"q1","output":["bad","y"]}` + "\n", 0.5},
		"none came": {`{"id":"q2","output":[]}` + "\n" + `{"id":"q1","output":["bad"]}` + "\n", 0},
	} {
		file := filepath.Join(t.TempDir(), "outputs.jsonl")
		if err := os.WriteFile(file, []byte(c.outputs), 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := ceilings(e, table, file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if b.Cases != 2 || b.Metric == nil || math.Abs(*b.Metric-0.75) > 1e-12 {
			t.Errorf("%s: metric ceiling: got %v over %d cases, want .75 over 2", name, b.Metric, b.Cases)
		}
		if b.Pool == nil || math.Abs(*b.Pool-c.pool) > 1e-12 {
			t.Errorf("%s: pool ceiling: got %v, want %v", name, b.Pool, c.pool)
		}
	}
	e.Score.Formula = "seconds"
	if b, err := ceilings(e, table, ""); err != nil || b.Metric != nil {
		t.Errorf("seconds have no ceiling in the labels: got %v, %v", b.Metric, err)
	}
}
