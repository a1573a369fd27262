package metric

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"autoresearch-skill/internal/formula"
)

// Unnamed is the key of a number that its reader could not name, such as that
// of a JSON pointer: it has any name that the formula gives it.
const Unnamed = ""

// EvaluateWhole computes the formula of a whole evaluation from the metrics
// that it printed. Names are taken as they are, catalogue or not; Metrics
// holds all values and every name that formula and extra use.
func EvaluateWhole(expr *formula.Expr, extra []string, values map[string]float64) (Result, error) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if v := values[name]; math.IsNaN(v) || math.IsInf(v, 0) {
			return Result{}, fmt.Errorf("metric %q: want a finite value, got %v", name, v)
		}
	}
	r := Result{Metrics: map[string]float64{}}
	for name, v := range values {
		if name != Unnamed {
			r.Metrics[name] = v
		}
	}
	for _, name := range extra {
		v, err := wholeValue(name, values)
		if err != nil {
			return Result{}, err
		}
		r.Metrics[canonical(name)] = v
	}
	if expr == nil {
		return r, nil
	}
	score, err := expr.Eval(func(ref formula.Ref) (float64, error) {
		if ref.Baseline {
			return 0, fmt.Errorf("baseline stands in guards, not in the score")
		}
		name := ref.Metric()
		v, err := wholeValue(name, values)
		if err == nil {
			r.Metrics[canonical(name)] = v
		}
		return v, err
	})
	r.Score = score
	if err != nil {
		return Result{}, err
	}
	return r, nil
}

// wholeValue looks a name up as it is, then in its canonical spelling, then
// takes the number without a name.
func wholeValue(name string, values map[string]float64) (float64, error) {
	for _, key := range []string{name, canonical(name), Unnamed} {
		if v, ok := values[key]; ok {
			return v, nil
		}
	}
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(values)), func(s string) bool { return s == Unnamed })
	if near := formula.Nearest(name, known); near != "" {
		return 0, fmt.Errorf("the evaluation gave no %q; the nearest is %q", name, near)
	}
	if len(known) == 0 {
		return 0, fmt.Errorf("the evaluation gave no %q, nor anything else", name)
	}
	return 0, fmt.Errorf("the evaluation gave no %q, only %s", name, shortList(known))
}
