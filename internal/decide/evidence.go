package decide

import (
	"math"
	"slices"

	"autoresearch-skill/internal/stat"
)

// relativeZero: a difference below this share of the values it is taken from
// is rounding, not change. Pseudo-values of n cases carry n roundings, which
// leaves room for thousands of cases.
const relativeZero = 1e-12

// sumZero: a sum below this share of its terms' magnitudes is zero. +0.1 and
// −0.1 computed as 0.8−0.7 and 0.6−0.7 add up to 1e-16, which is no evidence.
const sumZero = 1e-9

// deltas are the per-case differences, trial − incumbent, each version
// averaged over its runs and rounding set to exactly zero.
func deltas(ev Evidence) []float64 {
	a, b := caseMeans(ev.Incumbent), caseMeans(ev.Trial)
	scale := 0.0 // of a typical case: a case at 0 may be the difference of large numbers
	for i := range a {
		scale += math.Abs(a[i]) + math.Abs(b[i])
	}
	scale /= 2 * float64(len(a))
	d := make([]float64, len(a))
	for i := range a {
		if v := b[i] - a[i]; math.Abs(v) > relativeZero*max(math.Abs(a[i]), math.Abs(b[i]), scale) {
			d[i] = v
		}
	}
	return d
}

func caseMeans(s Sample) []float64 {
	if len(s.Runs) == 1 {
		return s.Runs[0].Cases
	}
	m := slices.Clone(s.Runs[0].Cases)
	for i := range m {
		for _, r := range s.Runs[1:] {
			m[i] += r.Cases[i]
		}
		m[i] /= float64(len(s.Runs))
	}
	return m
}

func scores(s Sample) []float64 {
	x := make([]float64, len(s.Runs))
	for i, r := range s.Runs {
		x[i] = r.Score
	}
	return x
}

func meanScore(s Sample) float64 { return stat.Mean(scores(s)) }

// scoreDelta is b − a, with rounding set to zero and whole numbers exact.
func scoreDelta(a, b float64) float64 {
	whole := a == math.Trunc(a) && b == math.Trunc(b)
	if d := b - a; whole || math.Abs(d) > relativeZero*max(math.Abs(a), math.Abs(b)) {
		return d
	}
	return 0
}

// identical says that all runs of both versions put out the same, byte for byte.
func identical(ev Evidence) bool {
	want := ev.Trial.Runs[0].Output
	if want == "" {
		return false
	}
	for _, s := range []Sample{ev.Incumbent, ev.Trial} {
		for _, r := range s.Runs {
			if r.Output != want {
				return false
			}
		}
	}
	return true
}

// part is what a gate needs to know of the visible or the hidden deltas.
type part struct {
	n, improved int
	sum, size   float64 // Σδ and Σ|δ|
	mean, se    float64
	best        [2]float64 // the two largest, not below 0
}

// partOf sums up the deltas whose hidden mark is the wanted one.
func partOf(d []float64, hidden []bool, want bool) part {
	var p part
	for i, v := range d {
		if hidden != nil && hidden[i] != want {
			continue
		}
		p.n++
		p.sum += v
		p.size += math.Abs(v)
		if v > 0 {
			p.improved++
			if v > p.best[0] {
				p.best[0], p.best[1] = v, p.best[0]
			} else if v > p.best[1] {
				p.best[1] = v
			}
		}
	}
	if p.n == 0 {
		return p
	}
	p.mean = p.sum / float64(p.n)
	squares := 0.0
	for i, v := range d {
		if hidden == nil || hidden[i] == want {
			squares += (v - p.mean) * (v - p.mean)
		}
	}
	if p.n > 1 {
		p.se = math.Sqrt(squares / float64(p.n-1) / float64(p.n))
	}
	return p
}

func (p part) positive() bool { return p.sum > sumZero*p.size }

func (p part) zero() bool { return math.Abs(p.sum) <= sumZero*p.size }
