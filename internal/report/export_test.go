package report

import (
	"math"
	"strings"
	"testing"

	"autoresearch-skill/internal/journal"
)

// TestExportImports: what is exported imports again. The baseline is a row of
// its own there, so iterations are one more.
func TestExportImports(t *testing.T) {
	for _, w := range []world{
		{attempts: 40, cases: 30, direction: "maximize", finish: true, seed: 2},
		{attempts: 40, cases: 30, direction: "minimize", seed: 3},
		{attempts: 0, cases: 30, direction: "minimize", seed: 3},
	} {
		records := w.records()
		for i := range records {
			if o := records[i].Outcome; o != nil {
				o.Message = "keep the \"discard\"\tof\n#" + o.Message + ", crash | 12 ms"
			}
		}
		m := build(t, records, Options{})
		for _, format := range Formats {
			data, err := m.Export(format)
			if err != nil {
				t.Fatal(err)
			}
			l, err := journal.Import("run."+format, data)
			if err != nil {
				t.Errorf("%s: %v", format, err)
				continue
			}
			if l.Iterations != m.Iterations+1 || l.Kept != m.Kept || l.Direction != m.Direction || len(l.Unread) > 0 {
				t.Errorf("%s of %+v: got %d, %d, %s, unread %v; want %d, %d, %s", format, w, l.Iterations, l.Kept, l.Direction, l.Unread, m.Iterations+1, m.Kept, m.Direction)
			}
			if l.Baseline == nil || math.Abs(*l.Baseline-m.Baseline.Score) > 1e-9 {
				t.Errorf("%s: baseline: got %v, want %v", format, l.Baseline, m.Baseline.Score)
			}
			if l.Best == nil || math.Abs(*l.Best-m.Final.Score) > 1e-9 {
				t.Errorf("%s: best: got %v, want %v", format, *l.Best, m.Final.Score)
			}
		}
	}
	if _, err := new(Map).Export("xml"); err == nil || !strings.Contains(err.Error(), "pjhoberman") {
		t.Errorf("an unknown format: got %v", err)
	}
}
