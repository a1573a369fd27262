package metric

import (
	"errors"
	"slices"
)

// Strata holds the metrics of the result by stratum, then name. A metric that
// is undefined in a stratum is left out; so are metrics that only exist for
// all cases, and cases without a stratum.
func (r Result) Strata() map[string]map[string]float64 {
	if r.strata != nil {
		return r.strata
	}
	values := map[string]map[string][]float64{}
	for _, c := range r.Cases {
		if c.Stratum == "" {
			continue
		}
		if values[c.Stratum] == nil {
			values[c.Stratum] = map[string][]float64{}
		}
		for name, v := range c.Metrics {
			values[c.Stratum][name] = append(values[c.Stratum][name], v)
		}
	}
	out := map[string]map[string]float64{}
	for stratum, metrics := range values {
		out[stratum] = map[string]float64{}
		for name, v := range metrics {
			out[stratum][name] = mean(v)
		}
	}
	return out
}

func (e *evaluation) strata() map[string]map[string]float64 {
	var names []string
	for name := range e.quantities {
		names = append(names, name)
	}
	slices.Sort(names)
	out := map[string]map[string]float64{}
	for _, it := range e.sample.items {
		if _, done := out[it.Stratum]; done || it.Stratum == "" {
			continue
		}
		out[it.Stratum] = map[string]float64{}
		for _, name := range names {
			if v, err := e.inStratum(name, it.Stratum); err == nil {
				out[it.Stratum][name] = v
			}
		}
	}
	return out
}

var errNotByStratum = errors.New("not by stratum")

func (e *evaluation) inStratum(name, stratum string) (float64, error) {
	sp, err := parseName(name)
	if err != nil {
		q := e.quantities[name]
		if q.cases == nil {
			return 0, errNotByStratum
		}
		own, err := e.ownIn(q, spec{stratum: stratum})
		if err != nil {
			return 0, err
		}
		return own.overall, nil
	}
	if sp.restricted || sp.family.Supplied {
		return 0, errNotByStratum
	}
	sp.restricted, sp.stratum = true, stratum
	q, err := e.quantity(sp.name())
	if err != nil {
		return 0, err
	}
	return q.overall, nil
}
