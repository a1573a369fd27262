package experiment

import (
	"time"

	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
)

// Defaults is what a contract without any key means. Its direction is left
// open: AutoDirection fills it once the formula is known.
func Defaults() *Experiment {
	return &Experiment{
		Version:  Version,
		Root:     ".",
		Class:    ClassAuto,
		Decision: Decision{C: 1},
		Budget:   Budget{Iterations: 30, Iteration: Duration{5 * time.Minute}, Total: Duration{6 * time.Hour}},
	}
}

// DefaultCases is what a system without the key cases means.
func DefaultCases() *Cases {
	return &Cases{File: "cases.csv", ID: "id", Expected: "expected", Hidden: 0.3}
}

// AutoDirection is the direction of a formula whose contract names none: that
// of the metric if the formula is one metric alone, else maximize.
func AutoDirection(f *formula.Expr) Direction {
	name, ok := f.Root().(formula.Name)
	if !ok || name.Ref.Baseline {
		return Maximize
	}
	if m, err := lookup(name.Ref); err == nil && m.Direction == metric.Minimize {
		return Minimize
	}
	return Maximize
}

// impliedDirection is none where a function of the user's own is in the score:
// nothing but the user knows which way that one is better.
func (e *Experiment) impliedDirection() Direction {
	f, err := e.ScoreExpr()
	if err != nil {
		return Maximize
	}
	for _, r := range f.Refs() {
		if _, own := e.CustomMetric(r.Name); own {
			return ""
		}
	}
	return AutoDirection(f)
}

func lookup(r formula.Ref) (metric.Metric, error) { return metric.Lookup(r.Metric()) }
