package metric

import (
	"fmt"

	"autoresearch-skill/internal/formula"
)

// score fills the score and the cases in.
func (e *evaluation) score(expr *formula.Expr, r *Result) error {
	r.Cases = make([]CaseValues, len(e.sample.items))
	for i, it := range e.sample.items {
		own := map[string]float64{}
		for name, q := range e.quantities {
			if q.cases != nil {
				own[name] = q.cases[i]
			}
		}
		r.Cases[i] = CaseValues{ID: it.ID, Stratum: it.Stratum, Metrics: own}
	}
	if expr == nil {
		return nil
	}
	var err error
	if r.Score, err = e.eval(expr, func(q *quantity) (float64, error) { return q.overall, nil }); err != nil {
		return err
	}
	r.Pseudo = !e.perCase(expr)
	for i := range r.Cases {
		if r.Cases[i].Score, err = e.caseScore(expr, i, r); err != nil {
			return err
		}
	}
	return nil
}

func (e *evaluation) caseScore(expr *formula.Expr, i int, r *Result) (float64, error) {
	if !r.Pseudo {
		return e.eval(expr, func(q *quantity) (float64, error) {
			if q.cases == nil {
				return q.overall, nil
			}
			return q.cases[i], nil
		})
	}
	n := float64(len(r.Cases))
	if n == 1 {
		return r.Score, nil
	}
	rest, err := e.eval(expr, func(q *quantity) (float64, error) { return q.without(i) })
	if err != nil {
		return 0, fmt.Errorf("score without case %q (each case's share in the score is found by leaving it out): %w", r.Cases[i].ID, err)
	}
	return n*r.Score - (n-1)*rest, nil
}

func (e *evaluation) eval(expr *formula.Expr, of func(*quantity) (float64, error)) (float64, error) {
	return expr.Eval(func(ref formula.Ref) (float64, error) {
		if ref.Baseline {
			return 0, fmt.Errorf("baseline stands in guards, not in the score")
		}
		q, err := e.quantity(ref.Metric())
		if err != nil {
			return 0, err
		}
		v, err := of(q)
		if err != nil {
			return 0, fmt.Errorf("metric %s: %w", q.name, err)
		}
		return v, nil
	})
}

// perCase says whether the formula can be computed case by case: a weighted
// sum of metrics that are means over all cases, or constants.
func (e *evaluation) perCase(expr *formula.Expr) bool {
	return expr.AffineIn(func(ref formula.Ref) bool {
		sp, err := parseName(ref.Metric())
		if err != nil {
			return ref.Stratum == "" // the user's own
		}
		return !sp.restricted && (sp.metric().Mean || sp.family.Supplied)
	})
}
