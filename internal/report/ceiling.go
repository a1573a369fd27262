package report

import (
	"fmt"
	"math"
	"slices"
)

// Ceiling is how far the score can go, as far as the records tell.
type Ceiling struct {
	Current float64
	// Router is the score of a system that picks for every case the best of
	// all versions that were tried: what choosing between them could win.
	Router *float64
	Metric *float64 // of perfect outputs
	Pool   *float64 // of the best order of what was returned
	// Recall is the share of what is missing that no re-ranking can win.
	Recall  *float64
	Never   []Stuck  // cases that no attempt ever helped
	Fell    []string // cases that end lower than they began: what the keeps cost
	Perfect int      // of the cases, those that stand at the best value seen in any case
	Weakest string   // the stratum that holds the most of what is missing
	Needs   []string // what would have to be known for the rest
}

// Stuck is a case below the best that no attempt raised, from whatever
// version it started.
type Stuck struct {
	ID      string
	Stratum string
	Score   float64 // at the end
}

func ceilingOf(m *Map, o Options) Ceiling {
	c := Ceiling{Current: m.Final.Score}
	if b := o.Bounds; b.Cases == m.Cases {
		c.Metric, c.Pool = b.Metric, b.Pool
	}
	if c.Metric == nil {
		c.Needs = append(c.Needs, "metric ceiling (what perfect outputs would score): needs the labels; a journal holds none")
	}
	if c.Pool == nil {
		c.Needs = append(c.Needs, "pool ceiling (what the returned results would score in their best order) and the share of what is missing that ranking cannot win: need the final version's outputs beside the labels; finish keeps them on the machine of the run, report --outputs FILE takes others")
	}
	if c.Metric != nil && c.Pool != nil {
		if missing := m.sign * (*c.Metric - c.Current); missing > 1e-12 {
			share := min(max(m.sign*(*c.Metric-*c.Pool)/missing, 0), 1)
			c.Recall = &share
		}
	}
	g := m.Grid
	if g == nil || len(g.Rows) == 0 {
		c.Needs = append(c.Needs, "router ceiling (what picking the best version for each case would score) and stuck cases: need scores per case")
		return c
	}
	if !g.Additive {
		c.Needs = append(c.Needs, "router ceiling (what picking the best version for each case would score): needs a score that is the mean of its cases; this one is not")
	} else {
		router := 0.0
		for _, r := range g.Rows {
			router += r.Top / float64(len(g.Rows))
		}
		c.Router = &router
	}
	c.stuck(m, g)
	return c
}

func (c *Ceiling) stuck(m *Map, g *Grid) {
	top := math.Inf(-1)
	for _, r := range g.Rows {
		top = max(top, m.sign*r.Top)
	}
	missing := map[string]float64{}
	for _, r := range g.Rows {
		if m.sign*r.Final >= top-1e-9 {
			c.Perfect++
		}
		missing[r.Stratum] += top - m.sign*r.Final
		if r.Helped == 0 && m.sign*(r.Top-r.Base) <= 1e-12 && m.sign*r.Base < top-1e-9 {
			c.Never = append(c.Never, Stuck{r.ID, r.Stratum, r.Final})
		}
		if m.sign*(r.Final-r.Base) < -1e-12 {
			c.Fell = append(c.Fell, r.ID)
		}
	}
	slices.SortStableFunc(c.Never, func(a, b Stuck) int {
		switch d := m.sign * (a.Score - b.Score); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	if len(missing) > 1 {
		for _, s := range sortedKeys(missing) {
			if s != "" && (c.Weakest == "" || missing[s] > missing[c.Weakest]) {
				c.Weakest = s
			}
		}
	}
}

// sentences are the ceilings in words, the most telling first.
func (m *Map) ceilings() []string {
	c := m.Ceiling
	var out []string
	if c.Metric != nil {
		out = append(out, fmt.Sprintf("Metric ceiling %s, what perfect outputs would score: no system can score more on these labels; %s of it is missing.", figure(*c.Metric), figure(math.Abs(*c.Metric-c.Current))))
	}
	if c.Pool != nil {
		out = append(out, fmt.Sprintf("Pool ceiling %s, what the returned results would score in their best order: no ranking of them can score more.", figure(*c.Pool)))
	}
	if c.Recall != nil {
		out = append(out, fmt.Sprintf("%.0f %% of what is missing cannot be won by ranking: the right answers were not returned at all.", 100**c.Recall))
	}
	switch {
	case c.Router == nil:
	case math.Abs(*c.Router-c.Current) < 1e-9:
		out = append(out, fmt.Sprintf("Router ceiling %s, what picking the best of all tried versions for each case would score: none does better than the final one on any case.", figure(*c.Router)))
	default:
		out = append(out, fmt.Sprintf("Router ceiling %s, what picking the best of all tried versions for each case would score: at most %s better than the final version, and less than that, for luck in single cases is in it.",
			figure(*c.Router), figure(math.Abs(*c.Router-c.Current))))
	}
	if m.Grid != nil && len(m.Grid.Rows) > 0 {
		if c.Perfect > 1 {
			out = append(out, fmt.Sprintf("%d of %d cases stand at the best value that any case has reached.", c.Perfect, len(m.Grid.Rows)))
		}
		if n := len(c.Never); n > 0 {
			var ids []string
			for _, s := range c.Never {
				ids = append(ids, s.ID)
			}
			out = append(out, fmt.Sprintf("%s no attempt ever helped: %s.", count(n, "case that", "cases that"), list(ids, 12)))
		} else if m.Iterations > 0 {
			out = append(out, "Every case that is not there yet was helped by some attempt.")
		}
	}
	return out
}
