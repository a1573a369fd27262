package metric

import (
	"fmt"
	"math"
	"slices"
)

// counts is all that the label metrics need of a confusion matrix: its
// diagonal and its margins, by class.
type counts struct {
	right, truth, predicted []float64
	n                       float64
}

func (c *classes) count(idx []int, skip int) counts {
	k := len(c.names)
	m := counts{right: make([]float64, k), truth: make([]float64, k), predicted: make([]float64, k)}
	for n, i := range idx {
		if n == skip {
			continue
		}
		m.n++
		m.truth[c.truth[i]]++
		m.predicted[c.predicted[i]]++
		if c.truth[i] == c.predicted[i] {
			m.right[c.truth[i]]++
		}
	}
	return m
}

// overCounts makes a family's function of a confusion matrix. Leaving out a
// case gives one of few matrices, so each is computed once.
func overCounts(f func(sp spec, c *classes, m counts) (float64, error)) func(spec, *sample, []int) (func(int) (float64, error), error) {
	return func(sp spec, s *sample, idx []int) (func(int) (float64, error), error) {
		c, err := s.classification()
		if err != nil {
			return nil, err
		}
		if c.noLabel != nil {
			return nil, c.noLabel
		}
		known := map[[2]int]float64{}
		return func(skip int) (float64, error) {
			key := [2]int{-1, -1}
			if skip >= 0 {
				key = [2]int{c.truth[idx[skip]], c.predicted[idx[skip]]}
			}
			if v, ok := known[key]; ok {
				return v, nil
			}
			v, err := f(sp, c, c.count(idx, skip))
			if err == nil {
				known[key] = v
			}
			return v, err
		}, nil
	}
}

func correct(_ spec, s *sample, i int) (float64, error) {
	c, err := s.classification()
	if err != nil {
		return 0, err
	}
	if c.noLabel != nil {
		return 0, c.noLabel
	}
	return isTrue(c.truth[i] == c.predicted[i]), nil
}

// ratio is 0 where nothing was counted (scikit-learn's zero_division=0).
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func precisionOf(m counts, k int) float64 { return ratio(m.right[k], m.predicted[k]) }
func recallOf(m counts, k int) float64    { return ratio(m.right[k], m.truth[k]) }
func f1Of(m counts, k int) float64        { return ratio(2*m.right[k], m.truth[k]+m.predicted[k]) }

// averaged makes precision, recall or F1 of its value for one class.
func averaged(of func(m counts, k int) float64) func(spec, *classes, counts) (float64, error) {
	return func(sp spec, c *classes, m counts) (float64, error) {
		if sp.class || sp.part == "" {
			k, err := c.chosen(sp)
			if err != nil || k < 0 {
				return 0, err
			}
			return of(m, k), nil
		}
		var total, weights float64
		for k := range c.names {
			w := m.truth[k]
			if sp.part == "macro" {
				w = isTrue(m.truth[k]+m.predicted[k] > 0)
			}
			total, weights = total+w*of(m, k), weights+w
		}
		if sp.part == "micro" { // every case has one label: all three are the accuracy
			total, weights = added(m.right), m.n
		}
		if weights == 0 {
			return 0, undefined("no cases")
		}
		return total / weights, nil
	}
}

func added(v []float64) float64 {
	t := 0.0
	for _, x := range v {
		t += x
	}
	return t
}

// chosen is the class that a selector names, or the positive one; -1 for a
// positive class that no case has.
func (c *classes) chosen(sp spec) (int, error) {
	if sp.class {
		k := slices.Index(c.names, sp.part)
		if k < 0 {
			return 0, fmt.Errorf("no case has the class %q, there are %s; a stratum stands in a second pair of brackets, as in %s[macro]%s",
				sp.part, shortList(c.names), sp.family.base, bracketed(sp.part))
		}
		return k, nil
	}
	name, err := c.positive(sp.family.base)
	if err != nil {
		return 0, err
	}
	return slices.Index(c.names, name), nil
}

// balanced averages recall over the classes that the labels have.
func balanced(_ spec, c *classes, m counts) (float64, error) {
	var total, k float64
	for i := range c.names {
		if m.truth[i] > 0 {
			total, k = total+m.right[i]/m.truth[i], k+1
		}
	}
	if k == 0 {
		return 0, undefined("no cases")
	}
	return total / k, nil
}

// matthews is the correlation coefficient for any number of classes, 0 where
// labels or outputs are all of one class.
func matthews(_ spec, _ *classes, m counts) (float64, error) {
	if m.n == 0 {
		return 0, undefined("no cases")
	}
	right, n := added(m.right), m.n
	var tp, tt, pp float64
	for k := range m.truth {
		tp += m.truth[k] * m.predicted[k]
		tt += m.truth[k] * m.truth[k]
		pp += m.predicted[k] * m.predicted[k]
	}
	spread := (n*n - pp) * (n*n - tt)
	if spread == 0 {
		return 0, nil
	}
	return (right*n - tp) / math.Sqrt(spread), nil
}

// kappa is Cohen's, undefined where labels and outputs are all of one class.
func kappa(_ spec, _ *classes, m counts) (float64, error) {
	if m.n == 0 {
		return 0, undefined("no cases")
	}
	var chance float64
	for k := range m.truth {
		chance += m.truth[k] * m.predicted[k]
	}
	if chance == m.n*m.n {
		return 0, undefined("labels and outputs are all of one class")
	}
	return (added(m.right)*m.n - chance) / (m.n*m.n - chance), nil
}
