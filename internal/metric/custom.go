package metric

import (
	"cmp"
	"fmt"
	"math"
)

// custom is the user's own metric; unknown is the catalogue's answer to the
// name.
func (e *evaluation) custom(name string, unknown error) (*quantity, error) {
	if q, ok := e.quantities[name]; ok {
		return q, nil
	}
	base, brackets, err := splitName(name)
	if err != nil {
		return nil, unknown
	}
	q, err := e.ownValues(base)
	if err == nil && q != nil && len(brackets) == 1 {
		q, err = e.ownIn(q, spec{stratum: brackets[0].text})
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("metric %s: %w", name, err)
	case q == nil || len(brackets) > 1:
		return nil, unknown
	}
	q.name = name
	e.quantities[name] = q
	return q, nil
}

// ownValues is nil where nobody gave the metric.
func (e *evaluation) ownValues(name string) (*quantity, error) {
	overall, hasOverall := e.values.Overall[name]
	values := make([]float64, 0, len(e.sample.items))
	missing := ""
	for _, it := range e.sample.items {
		v, ok := e.values.Cases[it.ID][name]
		if !ok {
			missing = cmp.Or(missing, it.ID)
			continue
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("case %q: want a finite value, got %v", it.ID, v)
		}
		values = append(values, v)
	}
	switch {
	case len(values) == 0 && !hasOverall:
		return nil, nil
	case len(values) == 0 && (math.IsNaN(overall) || math.IsInf(overall, 0)):
		return nil, fmt.Errorf("want a finite value, got %v", overall)
	case len(values) == 0:
		return constantOf(overall), nil
	case missing != "":
		return nil, fmt.Errorf("case %q has no value, others have", missing)
	}
	q := meanOf(values)
	if hasOverall && !Same(overall, q.overall) {
		return nil, fmt.Errorf("its value %v is not the mean of the cases' values, %v", overall, q.overall)
	}
	q.cases = values
	return q, nil
}

func (e *evaluation) ownIn(all *quantity, sp spec) (*quantity, error) {
	if all.cases == nil {
		return nil, fmt.Errorf("it has no values per case")
	}
	return e.meanIn(all, sp)
}

// Same compares two computations of one number: equal to 1e-9 relative, or to
// 1e-12 near zero.
func Same(a, b float64) bool {
	return math.Abs(a-b) <= math.Max(1e-12, 1e-9*math.Max(math.Abs(a), math.Abs(b)))
}
