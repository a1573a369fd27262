package metric

import (
	"fmt"
	"strconv"
	"strings"

	"autoresearch-skill/internal/formula"
)

// Guard evaluates a condition on a result. The detail names what the condition
// looked at: "MRR = 0.93, baseline MRR = 0.95". The metrics must have been
// asked for when the results were evaluated; see Names.
func Guard(expr *formula.Expr, r Result, baseline Result) (ok bool, detail string, err error) {
	if !expr.Bool() {
		return false, "", fmt.Errorf("guard %q: want a comparison", expr)
	}
	var seen []string
	known := map[string]bool{}
	v, err := expr.Eval(func(ref formula.Ref) (float64, error) {
		name := canonical(ref.Metric())
		from, label := r, name
		if ref.Baseline {
			from, label = baseline, "baseline "+name
		}
		v, ok := from.Metrics[name]
		if !ok {
			return 0, fmt.Errorf("the result has no %s", label)
		}
		if !known[label] {
			known[label], seen = true, append(seen, label+" = "+strconv.FormatFloat(v, 'g', 6, 64))
		}
		return v, nil
	})
	if err != nil {
		return false, "", fmt.Errorf("guard %q: %w", expr, err)
	}
	return v != 0, strings.Join(seen, ", "), nil
}

// canonical is the name under which Evaluate puts a metric in a result.
func canonical(name string) string {
	if m, err := Lookup(name); err == nil {
		return m.Name
	}
	return name
}

// Names lists the metrics that formulas refer to, canonical, each once: what
// Evaluate needs as extra so that guards can be evaluated.
func Names(exprs ...*formula.Expr) []string {
	var names []string
	seen := map[string]bool{}
	for _, e := range exprs {
		for _, ref := range e.Refs() {
			if name := canonical(ref.Metric()); !seen[name] {
				seen[name], names = true, append(names, name)
			}
		}
	}
	return names
}

// Oriented makes a score larger-is-better.
func Oriented(score float64, d Direction) float64 {
	if d == Minimize {
		return -score
	}
	return score
}
