package metric

import (
	"fmt"
	"math"
)

// probabilities are the shares of the classes of a case, clipped to
// [2.2e-16, 1 − 2.2e-16] and then divided by their sum, as scikit-learn does.
func (s *sample) probabilities(sp spec, i int) (ofTruth float64, err error) {
	c, err := s.classification()
	if err != nil {
		return 0, err
	}
	a, truth := c.answers[i], c.names[c.truth[i]]
	if a.scores == nil || len(a.scores) == 1 {
		p, err := s.positiveShare(sp, i)
		if err != nil {
			return 0, err
		}
		if !p.positive {
			p.score = 1 - clip(p.score)
		}
		return clip(p.score), nil
	}
	var before, total float64
	for _, name := range sortedClasses(keys(a.scores)) {
		v := a.scores[name]
		if v < 0 || v > 1 {
			return 0, s.at(i, "output", fmt.Errorf("scores: class %q: want a probability from 0 to 1, got %v", name, v))
		}
		before, total = before+v, total+clip(v)
	}
	if math.Abs(before-1) > 0.01 {
		return 0, s.at(i, "output", fmt.Errorf("scores: want probabilities that add up to 1, got %v", before))
	}
	p, ok := a.scores[truth]
	if !ok {
		return 0, s.at(i, "output", fmt.Errorf("scores: the label's class %q is missing", truth))
	}
	return clip(p) / total, nil
}

func keys(m map[string]float64) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

func clip(p float64) float64 { return math.Min(1-epsilon, math.Max(epsilon, p)) }

// positiveShare is the probability of the positive class of two.
func (s *sample) positiveShare(sp spec, i int) (mark, error) {
	c, err := s.classification()
	if err != nil {
		return mark{}, err
	}
	class, err := c.ofSelector(sp)
	if err != nil {
		return mark{}, err
	}
	p, err := c.scoreOf(sp, c.answers[i], class)
	if err == nil && (p < 0 || p > 1) {
		err = fmt.Errorf("want a probability from 0 to 1, got %v", p)
	}
	if err != nil {
		return mark{}, s.at(i, "output", err)
	}
	return mark{p, c.names[c.truth[i]] == class}, nil
}

func logLoss(sp spec, s *sample, i int) (float64, error) {
	p, err := s.probabilities(sp, i)
	return -math.Log(p), err
}

func brier(sp spec, s *sample, i int) (float64, error) {
	p, err := s.positiveShare(sp, i)
	d := p.score - isTrue(p.positive)
	return d * d, err
}
