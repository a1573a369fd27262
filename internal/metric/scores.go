package metric

import (
	"fmt"
	"slices"
)

// mark is a case as a one-against-rest metric sees it.
type mark struct {
	score    float64
	positive bool
}

// oneAgainstRest gives each case's score of a class. A bare number is the
// positive class's score; the other class of two has its complement.
func (s *sample) oneAgainstRest(sp spec, class string) ([]mark, error) {
	c, err := s.classification()
	if err != nil {
		return nil, err
	}
	marks := make([]mark, len(s.items))
	for i, a := range c.answers {
		marks[i].positive = c.names[c.truth[i]] == class
		if marks[i].score, err = c.scoreOf(sp, a, class); err != nil {
			return nil, s.at(i, "output", err)
		}
	}
	return marks, nil
}

func (c *classes) scoreOf(sp spec, a answer, class string) (float64, error) {
	if a.scores != nil {
		if v, ok := a.scores[class]; ok {
			return v, nil
		}
		return 0, fmt.Errorf("scores: class %q is missing", class)
	}
	if !a.bare {
		return 0, fmt.Errorf(`%s needs a score: a number, or {"scores": {class: number}}`, sp.family.base)
	}
	positive, err := c.positive(sp.family.base)
	if err != nil {
		return 0, fmt.Errorf(`a bare number is the score of the positive class of two, but %w`, err)
	}
	if class == positive {
		return a.number, nil
	}
	return 1 - a.number, nil
}

// ranked sorts by score, best first, and keeps where each case of idx went.
func rankMarks(marks []mark, idx []int) (sorted []mark, position []int) {
	order := make([]int, len(idx))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := marks[idx[a]].score, marks[idx[b]].score
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	sorted, position = make([]mark, len(idx)), make([]int, len(idx))
	for at, n := range order {
		sorted[at], position[n] = marks[idx[n]], at
	}
	return sorted, position
}

// walk calls f for each group of equal scores, best first, with the numbers of
// positive and negative cases in it.
func walk(sorted []mark, skip int, f func(positive, negative float64)) {
	for from := 0; from < len(sorted); {
		var positive, negative float64
		to := from
		for ; to < len(sorted) && sorted[to].score == sorted[from].score; to++ {
			if to == skip {
				continue
			}
			if sorted[to].positive {
				positive++
			} else {
				negative++
			}
		}
		f(positive, negative)
		from = to
	}
}

// rocArea is the chance that a positive case scores above a negative one, ties
// counting half.
func rocArea(sorted []mark, skip int) (float64, error) {
	var positives, negatives, won float64
	walk(sorted, skip, func(p, n float64) {
		won += n * (positives + p/2)
		positives, negatives = positives+p, negatives+n
	})
	if positives == 0 || negatives == 0 {
		return 0, undefined("ROC-AUC needs cases of the class and cases of another")
	}
	return won / (positives * negatives), nil
}

// stepwise is average precision: Σ (recall − recall before) · precision over
// the distinct scores, without interpolation; 0 without a positive case.
func stepwise(sorted []mark, skip int) (float64, error) {
	var hits, seen, total float64
	walk(sorted, skip, func(p, n float64) {
		hits, seen = hits+p, seen+p+n
		if p > 0 {
			total += p * hits / seen
		}
	})
	if seen == 0 {
		return 0, undefined("no cases")
	}
	return ratio(total, hits), nil
}

// ofScores makes a family's function of a one-against-rest measure.
func ofScores(measure func([]mark, int) (float64, error)) func(spec, *sample, []int) (func(int) (float64, error), error) {
	return func(sp spec, s *sample, idx []int) (func(int) (float64, error), error) {
		c, err := s.classification()
		if err != nil {
			return nil, err
		}
		if sp.part == "ovo" && !sp.class {
			return oneAgainstOne(sp, s, idx)
		}
		names := []string{sp.part}
		if !sp.class && sp.part != "" {
			names = c.labelled
		} else if name, err := c.ofSelector(sp); err != nil {
			return nil, err
		} else {
			names[0] = name
		}
		parts := make([]func(int) (float64, error), len(names))
		for k, name := range names {
			marks, err := s.oneAgainstRest(sp, name)
			if err != nil {
				return nil, err
			}
			sorted, position := rankMarks(marks, idx)
			parts[k] = func(skip int) (float64, error) {
				if skip >= 0 {
					skip = position[skip]
				}
				return measure(sorted, skip)
			}
		}
		weights := func(skip int) []float64 { return c.support(sp, idx, skip) }
		return weighted(parts, weights), nil
	}
}

func (c *classes) ofSelector(sp spec) (string, error) {
	if sp.class {
		if !slices.Contains(c.labelled, sp.part) {
			return "", fmt.Errorf("no label has the class %q, there are %s", sp.part, shortList(c.labelled))
		}
		return sp.part, nil
	}
	return c.positive(sp.family.base)
}

// support is each labelled class's weight in an average.
func (c *classes) support(sp spec, idx []int, skip int) []float64 {
	w := make([]float64, len(c.labelled))
	for k := range w {
		w[k] = isTrue(sp.part != "weighted")
	}
	if sp.part != "weighted" {
		return w
	}
	for n, i := range idx {
		if n != skip {
			w[slices.Index(c.labelled, c.names[c.truth[i]])]++
		}
	}
	return w
}

func weighted(parts []func(int) (float64, error), weights func(skip int) []float64) func(int) (float64, error) {
	return func(skip int) (float64, error) {
		if len(parts) == 1 {
			return parts[0](skip)
		}
		var total, all float64
		w := weights(skip)
		for k, part := range parts {
			v, err := part(skip)
			if err != nil {
				return 0, err
			}
			total, all = total+w[k]*v, all+w[k]
		}
		return total / all, nil
	}
}

// oneAgainstOne averages ROC-AUC over all couples of classes (Hand and Till).
func oneAgainstOne(sp spec, s *sample, idx []int) (func(int) (float64, error), error) {
	c, err := s.classification()
	if err != nil {
		return nil, err
	}
	marks := make([][]mark, len(c.labelled))
	for k, name := range c.labelled {
		if marks[k], err = s.oneAgainstRest(sp, name); err != nil {
			return nil, err
		}
	}
	of := make([]int, len(s.items))
	for i := range of {
		of[i] = slices.Index(c.labelled, c.names[c.truth[i]])
	}
	return func(skip int) (float64, error) {
		rest := without(idx, skip)
		var total, couples float64
		for a := range marks {
			for b := range marks {
				if a == b {
					continue
				}
				two := slices.DeleteFunc(slices.Clone(rest), func(i int) bool { return of[i] != a && of[i] != b })
				sorted, _ := rankMarks(marks[a], two)
				v, err := rocArea(sorted, -1)
				if err != nil {
					return 0, err
				}
				total, couples = total+v, couples+1
			}
		}
		if couples == 0 {
			return 0, undefined("ROC-AUC needs two classes")
		}
		return total / couples, nil
	}, nil
}
