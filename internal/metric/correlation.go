package metric

import (
	"math"
	"slices"
)

const constantSide = "a correlation needs at least two different values on both sides"

func pearson(pairs []pair) (float64, error) {
	x, y := each(pairs, func(p pair) float64 { return p.truth }), each(pairs, func(p pair) float64 { return p.output })
	return correlate(x, y)
}

func correlate(x, y []float64) (float64, error) {
	if len(x) < 2 || constant(x) || constant(y) {
		return 0, undefined(constantSide)
	}
	mx, my := mean(x), mean(y)
	var sx, sy float64
	for i := range x {
		sx, sy = math.Hypot(sx, x[i]-mx), math.Hypot(sy, y[i]-my)
	}
	if sx == 0 || sy == 0 {
		return 0, undefined(constantSide)
	}
	products := make([]float64, len(x))
	for i := range x {
		products[i] = (x[i] - mx) / sx * ((y[i] - my) / sy)
	}
	return math.Max(-1, math.Min(1, sum(products))), nil
}

func constant(v []float64) bool {
	for _, x := range v {
		if x != v[0] {
			return false
		}
	}
	return true
}

// spearman correlates the ranks, equal values sharing the average of theirs.
func spearman(pairs []pair) (float64, error) {
	x, y := each(pairs, func(p pair) float64 { return p.truth }), each(pairs, func(p pair) float64 { return p.output })
	return correlate(ranks(x), ranks(y))
}

func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case v[a] < v[b]:
			return -1
		case v[a] > v[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(v))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return out
}

// kendall is tau-b: (concordant − discordant) ÷ √((all − ties in x)(all − ties
// in y)), counted in n log n by Knight's method. The pairs come sorted by
// output, then truth.
func kendall(pairs []pair) (float64, error) {
	n := len(pairs)
	truth := make([]float64, n)
	var tiedOutput, tiedBoth int
	for from := 0; from < n; {
		to := from + 1
		for to < n && pairs[to].output == pairs[from].output {
			to++
		}
		tiedOutput += couples(to - from)
		tiedBoth += tiedRuns(pairs[from:to])
		from = to
	}
	for i, p := range pairs {
		truth[i] = p.truth
	}
	all := couples(n)
	discordant := inversions(truth)
	tiedTruth := 0
	for from := 0; from < n; { // truth is sorted now
		to := from + 1
		for to < n && truth[to] == truth[from] {
			to++
		}
		tiedTruth += couples(to - from)
		from = to
	}
	if all == tiedTruth || all == tiedOutput {
		return 0, undefined(constantSide)
	}
	difference := float64(all - tiedOutput - tiedTruth + tiedBoth - 2*discordant)
	tau := difference / math.Sqrt(float64(all-tiedTruth)) / math.Sqrt(float64(all-tiedOutput))
	return math.Max(-1, math.Min(1, tau)), nil
}

func couples(n int) int { return n * (n - 1) / 2 }

// tiedRuns counts the couples that are equal in truth among pairs of one
// output, sorted by truth.
func tiedRuns(pairs []pair) int {
	tied := 0
	for from := 0; from < len(pairs); {
		to := from + 1
		for to < len(pairs) && pairs[to].truth == pairs[from].truth {
			to++
		}
		tied += couples(to - from)
		from = to
	}
	return tied
}

// inversions sorts v and counts the couples that stood the wrong way round.
func inversions(v []float64) int {
	return mergeCount(v, make([]float64, len(v)))
}

func mergeCount(v, buffer []float64) int {
	if len(v) < 2 {
		return 0
	}
	half := len(v) / 2
	count := mergeCount(v[:half], buffer[:half]) + mergeCount(v[half:], buffer[half:])
	copy(buffer, v)
	left, right := buffer[:half], buffer[half:len(v)]
	for i := range v {
		if len(right) == 0 || len(left) > 0 && left[0] <= right[0] {
			v[i], left = left[0], left[1:]
		} else {
			v[i], right = right[0], right[1:]
			count += len(left)
		}
	}
	return count
}
