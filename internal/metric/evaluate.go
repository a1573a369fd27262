package metric

import (
	"errors"
	"fmt"
	"math"

	"autoresearch-skill/internal/formula"
)

// evaluation computes each metric once.
type evaluation struct {
	sample     sample
	values     Values
	quantities map[string]*quantity // by canonical name
}

// Evaluate computes every metric that the formula names, the extra ones, and
// the formula, over all cases, per stratum and per case. Without a formula
// (nil) there are only the extra metrics.
//
// A case's score is the formula of its own values where the formula is a
// weighted sum of means, so that the score is the mean of the cases' scores.
// Otherwise it is the jackknife pseudo-value n·F − (n−1)·F₋ᵢ, F₋ᵢ being the
// formula without the case, and Pseudo is set.
func Evaluate(expr *formula.Expr, extra []string, items []Item, options ...Option) (Result, error) {
	if len(items) == 0 {
		return Result{}, errors.New("evaluate: there are no cases")
	}
	e := &evaluation{sample: sample{items: items}, quantities: map[string]*quantity{}}
	for _, o := range options {
		o(e)
	}
	if err := e.checkIDs(); err != nil {
		return Result{}, err
	}
	r := Result{Metrics: map[string]float64{}}
	var names []string
	if expr != nil {
		for _, ref := range expr.Refs() {
			names = append(names, ref.Metric())
		}
	}
	for _, name := range append(names, extra...) {
		q, err := e.quantity(name)
		if err != nil {
			return Result{}, err
		}
		r.Metrics[q.name] = q.overall
	}
	if err := e.score(expr, &r); err != nil {
		return Result{}, err
	}
	r.strata = e.strata()
	return r, nil
}

func (e *evaluation) checkIDs() error {
	seen := make(map[string]bool, len(e.sample.items))
	for _, it := range e.sample.items {
		if seen[it.ID] {
			return fmt.Errorf("evaluate: case %q is there twice", it.ID)
		}
		seen[it.ID] = true
	}
	for id := range e.values.Cases {
		if !seen[id] {
			return fmt.Errorf("evaluate: values are given for case %q, which is not there", id)
		}
	}
	return nil
}

// quantity computes a metric by any of its names.
func (e *evaluation) quantity(name string) (*quantity, error) {
	sp, err := parseName(name)
	if err != nil {
		return e.custom(name, err)
	}
	canonical := sp.name()
	if q, ok := e.quantities[canonical]; ok {
		return q, nil
	}
	var q *quantity
	switch f := sp.family; {
	case f.Supplied:
		q, err = e.supplied(sp)
	case f.one != nil && (f.all == nil || sp.part == ""):
		q, err = e.averaged(sp)
	default:
		q, err = e.whole(sp)
	}
	if err != nil {
		return nil, fmt.Errorf("metric %s: %w", canonical, err)
	}
	if math.IsNaN(q.overall) || math.IsInf(q.overall, 0) {
		return nil, fmt.Errorf("metric %s: want a finite value, got %v", canonical, q.overall)
	}
	q.name = canonical
	e.quantities[canonical] = q
	return q, nil
}
