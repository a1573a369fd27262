package metric

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// ranking is one case: the grade of each result in order (0 where not judged
// or not relevant) and the positive grades, best first.
type ranking struct {
	grades []float64
	ideal  []float64
}

func newRanking(ids []string, labels Labels) ranking {
	of := make(map[string]float64, len(labels))
	var r ranking
	for _, l := range labels {
		if l.Grade > 0 {
			of[l.ID] = l.Grade
			r.ideal = append(r.ideal, l.Grade)
		}
	}
	slices.SortFunc(r.ideal, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
	r.grades = make([]float64, len(ids))
	for n, id := range ids {
		r.grades[n] = of[id]
	}
	return r
}

func (s *sample) ranking(i int) (ranking, error) {
	if !s.sorted {
		ranked := make([]ranking, len(s.items))
		for n, it := range s.items {
			cell, err := s.expected(n)
			if err != nil {
				return ranking{}, err
			}
			labels, err := ParseLabels(cell)
			if err != nil {
				return ranking{}, s.at(n, "expected", err)
			}
			ids, err := rankedIDs(it.Output)
			if err != nil {
				return ranking{}, s.at(n, "output", err)
			}
			ranked[n] = newRanking(ids, labels)
		}
		s.ranked, s.sorted = ranked, true
	}
	return s.ranked[i], nil
}

// level is the least grade that counts as relevant; every positive grade does
// where the name has no rel=N.
func (sp spec) level() float64 {
	n, err := strconv.Atoi(strings.TrimPrefix(sp.part, "rel="))
	if err != nil {
		return math.SmallestNonzeroFloat64
	}
	return float64(n)
}

// hits counts the relevant ones of the first k grades; k 0 is all.
func hits(grades []float64, k int, level float64) int {
	n := 0
	for _, g := range top(grades, k) {
		if g >= level {
			n++
		}
	}
	return n
}

func top(grades []float64, k int) []float64 {
	if k > 0 && k < len(grades) {
		return grades[:k]
	}
	return grades
}

func precisionAt(r ranking, k int, level float64) float64 {
	return float64(hits(r.grades, k, level)) / float64(k)
}

func recallAt(r ranking, k int, level float64) float64 {
	relevant := hits(r.ideal, 0, level)
	if relevant == 0 {
		return 0
	}
	return float64(hits(r.grades, k, level)) / float64(relevant)
}

func hitAt(r ranking, k int, level float64) float64 {
	return math.Min(1, float64(hits(r.grades, k, level)))
}

func reciprocalRank(r ranking, k int, level float64) float64 {
	for n, g := range top(r.grades, k) {
		if g >= level {
			return 1 / float64(n+1)
		}
	}
	return 0
}

func averagePrecision(r ranking, k int, level float64) float64 {
	relevant := hits(r.ideal, 0, level)
	if relevant == 0 {
		return 0
	}
	found, total := 0, 0.0
	for n, g := range top(r.grades, k) {
		if g >= level {
			found++
			total += float64(found) / float64(n+1)
		}
	}
	return total / float64(relevant)
}

func rPrecision(r ranking, _ int, level float64) float64 {
	relevant := hits(r.ideal, 0, level)
	if relevant == 0 {
		return 0
	}
	return precisionAt(r, relevant, level)
}

func gain(linear bool) func(ranking, int, float64) float64 {
	of := math.Exp2
	return func(r ranking, k int, _ float64) float64 {
		total := func(grades []float64) (dcg float64) {
			for n, g := range top(grades, k) {
				if linear {
					dcg += g / math.Log2(float64(n+2))
				} else {
					dcg += (of(g) - 1) / math.Log2(float64(n+2))
				}
			}
			return dcg
		}
		ideal := total(r.ideal)
		if ideal == 0 {
			return 0
		}
		return total(r.grades) / ideal
	}
}

// perRanking makes a family's function of a measure on one ranking.
func perRanking(f func(r ranking, k int, level float64) float64) func(spec, *sample, int) (float64, error) {
	return func(sp spec, s *sample, i int) (float64, error) {
		r, err := s.ranking(i)
		if err != nil {
			return 0, err
		}
		return f(r, sp.k, sp.level()), nil
	}
}
