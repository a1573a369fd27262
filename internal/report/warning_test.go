package report

import (
	"strings"
	"testing"

	"autoresearch-skill/internal/journal"
)

// TestWarnsOfOverfit: a gain that only visible cases have is named, a gap that
// noise explains is not.
func TestWarnsOfOverfit(t *testing.T) {
	rows := func(seen, unseen []float64) []Row {
		var out []Row
		for _, d := range seen {
			out = append(out, Row{Final: d})
		}
		for _, d := range unseen {
			out = append(out, Row{Final: d, Hidden: true})
		}
		return out
	}
	for _, c := range []struct {
		name         string
		seen, unseen []float64
		want         bool
	}{
		{"only visible cases gained", []float64{.1, .12, .09, .11}, []float64{0, .01, -.01}, true},
		{"both gained", []float64{.1, .12, .09, .11}, []float64{.1, .08, .12}, false},
		{"noise explains the gap", []float64{.5, -.3, .4, -.2}, []float64{.2, -.3, .1}, false},
	} {
		m := &Map{sign: 1, Hidden: len(c.unseen), Finish: &journal.Finish{Kept: 1}, Grid: &Grid{sign: 1, Rows: rows(c.seen, c.unseen)}}
		got := strings.Contains(strings.Join(m.warnings(nil), "\n"), "only the cases that the agent saw")
		if got != c.want {
			t.Errorf("%s: warned %v, want %v", c.name, got, c.want)
		}
	}
}
