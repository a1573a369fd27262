package report

import (
	"math"

	"autoresearch-skill/internal/journal"
)

// Grid is the score per case: cases × attempts.
type Grid struct {
	Rows     []Row
	Additive bool // the score is the mean of its cases
	Metrics  []string
	Strata   []Stratum
	Columns  int

	ids  []string // of the rows, as the records have them
	sign float64
}

// Row is one case.
type Row struct {
	ID      string
	Stratum string
	Hidden  bool
	Base    float64
	Final   float64   // the incumbent's at the end
	Top     float64   // the best that any version reached
	Moves   []float64 // per attempt: change against the incumbent; NaN where nothing was measured
	Helped  int       // attempts that raised it above the incumbent
	Hurt    int
}

// Stratum is a kind of case, with the incumbent's metrics over the run.
type Stratum struct {
	Name  string
	key   string
	Lines map[string][]float64 // metric → the baseline, then the incumbent after each attempt
}

func newGrid(base journal.Score, s *journal.Start, m *Map, strata map[string]string) *Grid {
	g := &Grid{Metrics: sortedKeys(base.Metrics), sign: m.sign}
	hidden := map[string]bool{}
	ids := sortedKeys(base.Cases)
	if m.Whole {
		for _, id := range s.Private.Hidden {
			hidden[id] = true
		}
		if len(s.Private.Cases) == len(ids) {
			ids = s.Private.Cases
		}
	}
	mean := 0.0
	for _, id := range ids {
		v, ok := base.Cases[id]
		if !ok {
			continue
		}
		mean += v
		g.ids = append(g.ids, id)
		g.Rows = append(g.Rows, Row{ID: clean(id), Stratum: clean(strata[id]), Hidden: hidden[id], Base: v, Final: v, Top: v})
	}
	if n := len(g.Rows); n > 0 {
		mean /= float64(n)
		g.Additive = math.Abs(mean-base.Score) <= 1e-9*max(1, math.Abs(base.Score))
	}
	for _, key := range sortedKeys(base.Strata) {
		st := Stratum{Name: clean(key), key: key, Lines: map[string][]float64{}}
		for metric, v := range base.Strata[key] {
			st.Lines[metric] = []float64{v}
		}
		g.Strata = append(g.Strata, st)
	}
	return g
}

// add appends an attempt's column: what each case changed against before, and
// what the incumbent is after it. score is nil where nothing was measured.
func (g *Grid) add(before, after journal.Score, score *journal.Score) {
	g.Columns++
	for i, id := range g.ids {
		r := &g.Rows[i]
		move := math.NaN()
		if score != nil {
			now, ok := score.Cases[id]
			was, had := before.Cases[id]
			if ok && had {
				move = now - was
			}
			if ok && g.sign*(now-r.Top) > 0 {
				r.Top = now
			}
		}
		switch {
		case g.sign*move > 1e-12:
			r.Helped++
		case g.sign*move < -1e-12:
			r.Hurt++
		}
		r.Moves = append(r.Moves, move)
		if now, ok := after.Cases[id]; ok {
			r.Final = now
		}
	}
	for _, s := range g.Strata {
		for metric, line := range s.Lines {
			v, ok := after.Strata[s.key][metric]
			if !ok {
				v = line[len(line)-1]
			}
			s.Lines[metric] = append(line, v)
		}
	}
}

// end takes what was measured once more of the final version.
func (g *Grid) end(final journal.Score) {
	for i, id := range g.ids {
		now, ok := final.Cases[id]
		if !ok {
			continue
		}
		r := &g.Rows[i]
		r.Final = now
		if g.sign*(now-r.Top) > 0 {
			r.Top = now
		}
	}
}
