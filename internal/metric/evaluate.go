package metric

import (
	"errors"
	"fmt"
	"math"

	"autoresearch-skill/internal/formula"
)

// Values are metrics that were measured or computed elsewhere: the user's own
// function, peak memory, bytes, lines.
type Values struct {
	Overall map[string]float64            // by name
	Cases   map[string]map[string]float64 // by case, then name
}

// For keeps what concerns some of the cases: their own values, and of the
// overall values those that no case has, as the mean over fewer cases is
// another.
func (v Values) For(items []Item) Values {
	out := Values{Overall: map[string]float64{}, Cases: map[string]map[string]float64{}}
	perCase := map[string]bool{}
	for _, own := range v.Cases {
		for name := range own {
			perCase[name] = true
		}
	}
	for name, x := range v.Overall {
		if !perCase[name] {
			out.Overall[name] = x
		}
	}
	for _, it := range items {
		if own, ok := v.Cases[it.ID]; ok {
			out.Cases[it.ID] = own
		}
	}
	return out
}

// Option adds to an evaluation.
type Option func(*evaluation)

// WithValues gives the metrics that cannot be computed from outputs and
// labels. Names of the catalogue that can be are ignored: the referee
// computes them itself. A metric that has values per case is their mean; one
// that has none counts the same for each case.
func WithValues(v Values) Option {
	return func(e *evaluation) { e.values = v }
}

// quantity is a metric's value on this evaluation, and with one case left out.
type quantity struct {
	name    string
	overall float64
	cases   []float64 // the cases' own values; nil where there are none
	without func(i int) (float64, error)
}

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
