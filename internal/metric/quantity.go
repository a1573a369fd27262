package metric

import (
	"fmt"
)

// quantity is a metric's value on this evaluation, and with one case left out.
type quantity struct {
	name    string
	overall float64
	cases   []float64 // the cases' own values; nil where there are none
	without func(i int) (float64, error)
}

// averaged is the mean of the cases' values.
func (e *evaluation) averaged(sp spec) (*quantity, error) {
	if sp.restricted {
		return e.averagedIn(sp)
	}
	values := make([]float64, len(e.sample.items))
	for i := range values {
		v, err := sp.family.one(sp, &e.sample, i)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return meanOf(values), nil
}

func meanOf(values []float64) *quantity {
	total, n := sum(values), float64(len(values))
	return &quantity{overall: total / n, cases: values, without: func(i int) (float64, error) {
		if n == 1 {
			return 0, undefined("no cases")
		}
		return (total - values[i]) / (n - 1), nil
	}}
}

// averagedIn is the mean over a stratum.
func (e *evaluation) averagedIn(sp spec) (*quantity, error) {
	all, err := e.quantity(sp.base().name())
	if err != nil {
		return nil, err
	}
	return e.meanIn(all, sp)
}

// meanIn is the mean of a quantity's cases over a stratum.
func (e *evaluation) meanIn(all *quantity, sp spec) (*quantity, error) {
	idx, err := e.stratum(sp)
	if err != nil {
		return nil, err
	}
	values, at := make([]float64, len(idx)), make(map[int]int, len(idx))
	for n, i := range idx {
		values[n], at[i] = all.cases[i], n
	}
	q := meanOf(values)
	return &quantity{overall: q.overall, without: within(at, q)}, nil
}

// within leaves a case out of a stratum, if it is in it.
func within(at map[int]int, q *quantity) func(int) (float64, error) {
	return func(i int) (float64, error) {
		n, in := at[i]
		if !in {
			return q.overall, nil
		}
		return q.without(n)
	}
}

func (e *evaluation) stratum(sp spec) ([]int, error) {
	if idx := e.sample.in(sp.stratum); len(idx) > 0 {
		return idx, nil
	}
	known := map[string]bool{}
	for _, it := range e.sample.items {
		known[it.Stratum] = true
	}
	if len(known) == 1 && known[""] {
		return nil, fmt.Errorf("there is no case of stratum %q: the cases have no strata", sp.stratum)
	}
	return nil, fmt.Errorf("there is no case of stratum %q, only of %s", sp.stratum, shortList(sortedClasses(setKeys(known))))
}

func setKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

// whole is a metric of all cases together.
func (e *evaluation) whole(sp spec) (*quantity, error) {
	idx := e.sample.everyCase()
	if sp.restricted {
		var err error
		if idx, err = e.stratum(sp); err != nil {
			return nil, err
		}
	}
	value, err := sp.family.all(sp, &e.sample, idx)
	if err != nil {
		return nil, err
	}
	overall, err := value(-1)
	if err != nil {
		return nil, err
	}
	at := make(map[int]int, len(idx))
	for n, i := range idx {
		at[i] = n
	}
	return &quantity{overall: overall, without: within(at, &quantity{overall: overall, without: value})}, nil
}

// supplied is a cost that was measured outside.
func (e *evaluation) supplied(sp spec) (*quantity, error) {
	v, ok := e.values.Overall[sp.family.base]
	switch {
	case sp.restricted:
		return nil, fmt.Errorf("it has no value per stratum")
	case !ok:
		return nil, fmt.Errorf("it was not measured")
	}
	return constantOf(v), nil
}

func constantOf(v float64) *quantity {
	return &quantity{overall: v, without: func(int) (float64, error) { return v, nil }}
}
