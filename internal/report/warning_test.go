package report

import (
	"strings"
	"testing"

	"autoresearch-skill/internal/journal"
)

// TestLuck: where the interval of the gain lies above zero, the keeps are not
// all called luck.
func TestLuck(t *testing.T) {
	for _, c := range []struct {
		kept       int
		false, low float64
		want       string
	}{
		{3, 1.2, .01, "up to 1.2 of 3 keeps may be luck"},
		{3, 3.9, -.01, "any of the 3 keeps may be luck: 44 attempts without any effect would give 3.9"},
		{3, 3.9, .01, "by its interval the gain as a whole is no luck, but which of the 3 keeps brought it can't be told: 44 attempts without any effect would give 3.9"},
		{1, 1.5, .01, "by its interval the keep is no luck, though 44 attempts without any effect would give 1.5"},
		{0, 1.5, 0, "up to 1.5 of 0 keeps may be luck"},
	} {
		m := &Map{sign: 1, Iterations: 44, Finish: &journal.Finish{Kept: c.kept, FalseKeeps: c.false, Low: &c.low}}
		if got := m.luck(); got != c.want {
			t.Errorf("%d kept, %.1f, from %.2f: got %q, want %q", c.kept, c.false, c.low, got, c.want)
		}
	}
}

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
