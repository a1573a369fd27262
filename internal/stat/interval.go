package stat

import (
	"math"
	"slices"
)

// Interval is a two-sided confidence interval.
type Interval struct {
	Low, High float64
	Level     float64 // the level that it has, at least the one asked for
}

// unbounded is the honest interval of a sample that is too small.
func unbounded() Interval { return Interval{math.Inf(-1), math.Inf(1), 1} }

// MeanInterval is the Student interval of the mean; unbounded below two values.
func MeanInterval(x []float64, level float64) Interval {
	if len(x) < 2 {
		return unbounded()
	}
	m, half := Mean(x), 0.0
	if se := StdErr(x); se > 0 {
		half = se * StudentQuantile((1+level)/2, float64(len(x)-1))
	}
	return Interval{m - half, m + half, level}
}

// Wilson is Wilson's score interval of a share, k of n.
func Wilson(k, n int, level float64) Interval {
	if n == 0 {
		return Interval{0, 1, 1}
	}
	z := NormalQuantile((1 + level) / 2)
	p, N := float64(k)/float64(n), float64(n)
	denominator := 1 + z*z/N
	centre := (p + z*z/(2*N)) / denominator
	half := z * math.Sqrt(p*(1-p)/N+z*z/(4*N*N)) / denominator
	w := Interval{centre - half, centre + half, level}
	if k == 0 {
		w.Low = 0 // exactly, not 1e-17
	}
	if k == n {
		w.High = 1
	}
	return w
}

// MedianInterval is the order-statistic interval of the median: no assumption
// on the distribution. Binomial probabilities are gathered from the mode
// outwards, the left one first where two are equal, as benchstat does. It is
// unbounded on a side where the sample is too small for the level.
func MedianInterval(x []float64, level float64) Interval {
	n := len(x)
	if n == 0 {
		return unbounded()
	}
	pmf := func(k int) float64 {
		if k < 0 || k > n {
			return 0
		}
		return math.Exp(LogChoose(n, k) - float64(n)*math.Ln2)
	}
	l := (n+2)/2 - 1 // ⌈(n+1)/2⌉ − 1, the lower mode
	r := l + 1       // [l, r) is what has been gathered
	got := pmf(l)
	for got < level-1e-12 && (l > 0 || r <= n) {
		left, right := pmf(l-1), pmf(r)
		if left >= right*(1-1e-9) { // equal by symmetry, whatever rounding says
			got, l = got+left, l-1
		} else {
			got, r = got+right, r+1
		}
	}
	s := slices.Sorted(slices.Values(x))
	ci := Interval{math.Inf(-1), math.Inf(1), min(got, 1)}
	if l >= 1 {
		ci.Low = s[l-1]
	}
	if r <= n {
		ci.High = s[r-1]
	}
	return ci
}

// Bootstrap is the percentile interval of a statistic over draws resamples of
// x with replacement.
func Bootstrap(x []float64, statistic func([]float64) float64, level float64, o Resampling) Interval {
	if len(x) < 2 {
		return unbounded()
	}
	rng := NewRand(o.Seed, streamBootstrap)
	values, draw := make([]float64, o.draws()), make([]float64, len(x))
	for b := range values {
		for i := range draw {
			draw[i] = x[rng.IntN(len(x))]
		}
		values[b] = statistic(draw)
	}
	slices.Sort(values)
	tail := (1 - level) / 2
	return Interval{quantileSorted(values, tail, Linear), quantileSorted(values, 1-tail, Linear), level}
}

// Resampling says how often to resample, and from which seed.
type Resampling struct {
	Seed  uint64
	Draws int // 0: 10,000
}

func (r Resampling) draws() int {
	if r.Draws > 0 {
		return r.Draws
	}
	return 10000
}

// Streams keep uses that share a seed independent.
const (
	streamBootstrap = 1 + iota
	streamSignFlip
)
