package metric

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
