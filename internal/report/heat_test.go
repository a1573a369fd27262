package report

import (
	"strings"
	"testing"
)

// TestHeatColumns: every column has its attempt's number where there is room,
// else every tenth, or fewer; none runs into the next.
func TestHeatColumns(t *testing.T) {
	for _, c := range []struct {
		attempts int
		want     string // the first of them, wide
	}{
		{5, "1 2 3 4 5"}, {24, "1 2 3 4 5"}, {80, "1 10 20 30 40"}, {300, "1 20 40 60 80"}, {1000, "1 50 100 150 200"},
	} {
		m := build(t, world{attempts: c.attempts, cases: 20, direction: "maximize", seed: 2}.records(), Options{})
		for _, h := range []*heat{m.heat(760, 120), m.heat(370, 60)} {
			var got []string
			for i, k := range h.Columns {
				got = append(got, k.Label)
				if i > 0 && k.At-h.Columns[i-1].At < 7*float64(len(k.Label)) {
					t.Errorf("%d attempts, %.0f wide: %s and %s overlap", c.attempts, h.W, h.Columns[i-1].Label, k.Label)
				}
			}
			if first := strings.Join(got[:min(5, len(got))], " "); !h.Small && first != c.want {
				t.Errorf("%d attempts: columns %s, want %s", c.attempts, first, c.want)
			}
			if h.Small && len(got) < 3 {
				t.Errorf("%d attempts on a narrow page: columns %v", c.attempts, got)
			}
		}
	}
}

// TestMovedBy names attempts, by direction.
func TestMovedBy(t *testing.T) {
	m := &Map{sign: -1, Points: []Attempt{{Label: "1"}, {Label: "2"}, {Label: "4"}}}
	if up, down := m.movedBy(Row{Moves: []float64{-.1, .2, -.3}}); up != "#1, #4" || down != "#2" {
		t.Errorf("raised by %q, lowered by %q", up, down)
	}
}
