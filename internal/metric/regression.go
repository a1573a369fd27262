package metric

import (
	"fmt"
	"math"
	"slices"
)

// pair is a regression case.
type pair struct{ truth, output float64 }

func (s *sample) numbers() ([]pair, error) {
	if s.pairs != nil {
		return s.pairs, nil
	}
	pairs := make([]pair, len(s.items))
	for n, it := range s.items {
		cell, err := s.expected(n)
		if err != nil {
			return nil, err
		}
		if pairs[n].truth, err = realNumber(cell); err != nil {
			return nil, s.at(n, "expected", err)
		}
		v, err := decode(it.Output)
		if err == nil {
			pairs[n].output, err = numberOf(v)
		} else {
			err = fmt.Errorf("want a number: %w", err)
		}
		if err != nil {
			return nil, s.at(n, "output", err)
		}
	}
	s.pairs = pairs
	return pairs, nil
}

// perPair makes a family's function of an error of one case.
func perPair(f func(p pair) float64) func(spec, *sample, int) (float64, error) {
	return func(_ spec, s *sample, i int) (float64, error) {
		pairs, err := s.numbers()
		if err != nil {
			return 0, err
		}
		return f(pairs[i]), nil
	}
}

// overPairs makes a family's function of a statistic of all cases. The pairs
// come sorted by output, then truth, and stay so when one is left out.
func overPairs(f func(pairs []pair) (float64, error)) func(spec, *sample, []int) (func(int) (float64, error), error) {
	return func(_ spec, s *sample, idx []int) (func(int) (float64, error), error) {
		all, err := s.numbers()
		if err != nil {
			return nil, err
		}
		order := slices.Clone(idx)
		position := make([]int, len(idx)) // of a case of idx among the sorted
		slices.SortStableFunc(order, func(a, b int) int { return comparePairs(all[a], all[b]) })
		at := make(map[int]int, len(idx))
		sorted := make([]pair, len(idx))
		for n, i := range order {
			sorted[n], at[i] = all[i], n
		}
		for n, i := range idx {
			position[n] = at[i]
		}
		return func(skip int) (float64, error) {
			if skip >= 0 {
				skip = position[skip]
			}
			return f(without(sorted, skip))
		}, nil
	}
}

func comparePairs(a, b pair) int {
	switch {
	case a.output < b.output || a.output == b.output && a.truth < b.truth:
		return -1
	case a == b:
		return 0
	}
	return 1
}

func absoluteError(p pair) float64 { return math.Abs(p.truth - p.output) }

func squaredError(p pair) float64 { return (p.truth - p.output) * (p.truth - p.output) }

// percentageError divides by the machine epsilon where the truth is 0, as
// scikit-learn does: a huge number, not infinity.
func percentageError(p pair) float64 {
	return math.Abs(p.truth-p.output) / math.Max(math.Abs(p.truth), epsilon)
}

const epsilon = 0x1p-52

func each(pairs []pair, f func(pair) float64) []float64 {
	out := make([]float64, len(pairs))
	for i, p := range pairs {
		out[i] = f(p)
	}
	return out
}

func rootMeanSquare(pairs []pair) (float64, error) {
	if len(pairs) == 0 {
		return 0, undefined("no cases")
	}
	return math.Sqrt(mean(each(pairs, squaredError))), nil
}

func medianAbsolute(pairs []pair) (float64, error) { return quantile(each(pairs, absoluteError), 0.5) }

func maxAbsolute(pairs []pair) (float64, error) {
	if len(pairs) == 0 {
		return 0, undefined("no cases")
	}
	return slices.Max(each(pairs, absoluteError)), nil
}

// determination is R²: 0 where the truth is constant, 1 if it is met exactly.
func determination(pairs []pair) (float64, error) {
	if len(pairs) < 2 {
		return 0, undefined("R2 needs two cases")
	}
	m := mean(each(pairs, func(p pair) float64 { return p.truth }))
	rest := sum(each(pairs, squaredError))
	total := sum(each(pairs, func(p pair) float64 { return (p.truth - m) * (p.truth - m) }))
	return explained(rest, total), nil
}

func explained(rest, total float64) float64 {
	switch {
	case total != 0:
		return 1 - rest/total
	case rest == 0:
		return 1
	}
	return 0
}

// explainedVariance is determination without the mean error.
func explainedVariance(pairs []pair) (float64, error) {
	if len(pairs) == 0 {
		return 0, undefined("no cases")
	}
	truth := func(p pair) float64 { return p.truth }
	residual := func(p pair) float64 { return p.truth - p.output }
	return explained(squaresAround(each(pairs, residual)), squaresAround(each(pairs, truth))), nil
}

func squaresAround(v []float64) float64 {
	m := mean(v)
	sq := make([]float64, len(v))
	for i, x := range v {
		sq[i] = (x - m) * (x - m)
	}
	return sum(sq)
}

// quantile interpolates linearly between the order statistics (definition 7
// of Hyndman and Fan, numpy's default).
func quantile(v []float64, q float64) (float64, error) {
	if len(v) == 0 {
		return 0, undefined("no cases")
	}
	v = slices.Clone(v)
	slices.Sort(v)
	h := q * float64(len(v)-1)
	low := int(h)
	if low+1 >= len(v) {
		return v[len(v)-1], nil
	}
	return v[low] + (h-float64(low))*(v[low+1]-v[low]), nil
}
