package protocol

import (
	"fmt"

	"autoresearch-skill/internal/metric"
)

// CheckOwn demands that a score gives each metric of the user's own for every
// case: nobody can compute what is missing.
func (s *Score) CheckOwn(names []string) error {
	for _, name := range names {
		if _, ok := s.Metrics[name]; !ok {
			return &Error{File: "score", Want: fmt.Sprintf("metric %q, which is in score.custom", name), Got: "none"}
		}
		for _, c := range s.Cases {
			if _, ok := c.Metrics[name]; !ok {
				return &Error{File: "score", Case: c.ID, Want: fmt.Sprintf("a value of %q for each case", name), Got: "none"}
			}
		}
	}
	return nil
}

// Repeats compares two scores of the same outputs: a metric of the user's own
// that gives another number the second time measures nothing.
func (s *Score) Repeats(again *Score, names []string) error {
	second := map[string]CaseScore{}
	for _, c := range again.Cases {
		second[c.ID] = c
	}
	for _, name := range names {
		for _, c := range s.Cases {
			a, b := c.Metrics[name], second[c.ID].Metrics[name]
			if !metric.Same(a, b) {
				return fmt.Errorf("metric %s gave %v, then %v for the same output of case %q: a metric of your own must give the same number twice (seed it, sort what has no order, record its calls)", name, a, b, c.ID)
			}
		}
	}
	return nil
}
