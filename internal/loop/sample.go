package loop

import (
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/metric"
)

// direction is the contract's direction as metric has it.
func direction(e *experiment.Experiment) metric.Direction {
	if e.Score.Direction == experiment.Minimize {
		return metric.Minimize
	}
	return metric.Maximize
}

// runOf is a measurement as a decision sees it: oriented, in the table's order.
func (p *Place) runOf(m *Measurement) decide.Run {
	d := direction(p.Experiment)
	r := decide.Run{Score: metric.Oriented(m.All.Score, d), Output: m.Hash}
	for _, c := range m.All.Cases {
		r.Cases = append(r.Cases, metric.Oriented(c.Score, d))
	}
	return r
}

// scoreOf is a result as the journal keeps it: in the metric's own unit.
func scoreOf(r metric.Result) journal.Score {
	s := journal.Score{Score: r.Score, Metrics: r.Metrics, Strata: r.Strata()}
	if len(r.Cases) > 0 {
		s.Cases = make(map[string]float64, len(r.Cases))
		for _, c := range r.Cases {
			s.Cases[c.ID] = c.Score
		}
	}
	return s
}

// resultOf is the part of a journalled score that guards look at.
func resultOf(s journal.Score) metric.Result {
	return metric.Result{Score: s.Score, Metrics: s.Metrics}
}

// guards names the guards that fail, with what they looked at.
func (p *Place) guards(now metric.Result, baseline journal.Score) ([]string, error) {
	exprs, err := p.Experiment.GuardExprs()
	if err != nil {
		return nil, err
	}
	var failed []string
	for _, g := range exprs {
		ok, detail, err := metric.Guard(g, now, resultOf(baseline))
		if err != nil {
			return nil, err
		}
		if !ok {
			failed = append(failed, g.String()+" ("+detail+")")
		}
	}
	return failed, nil
}

// rule is the decision's rule for a class that is known by now.
func (p *Place) rule(class decide.Class) decide.Rule {
	return decide.Rule{Class: class, C: p.Experiment.Decision.C, MinDelta: p.Experiment.Decision.MinDelta}
}
